"""What each kind of file does to the record, on small files."""

import json
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import imports
from labour_book.queries import trace as stored
from labour_book.queries.people import numbers_of
from labour_book.services.auditing import verify_chain
from labour_book.services.collection import (
    cancel_run,
    import_file,
    receipts_of,
    refused_rows,
    run_of,
)
from labour_book.services.receipts import Outcome
from labour_book.tables import (
    Employer,
    EmployerName,
    EmployerStatus,
    EmploymentFact,
    InsuranceFact,
    Person,
    PersonIdentifier,
    ProfileFact,
    QualificationFact,
)
from tests.services.collecting import (
    CERTIFICATE,
    ENTERPRISE,
    EVENT,
    NOW,
    PAPER_LINE,
    PERIOD,
    PERSON,
    VAULT,
    Importer,
    csv_file,
    outcomes,
)

OTHER = PERSON | {
    "personal_id": "001185123457",
    "full_name": "TRẦN THỊ MAI",
    "birth_date": "1985-01-02",
    "sex": "Nữ",
}


BORN_LATE = {"personal_id": "001185123458", "birth_date": "1985-01-02", "sex": "Nữ"}
MENDED = {
    "population": {"full_name": "TRẦN THỊ MAI", "ethnic_code": "03"},
    "enterprises": {"expected_headcount": "35"},
    "insurance": {"full_name": "Nguyễn Văn Hòa", "wage_base_vnd": "8100000"},
}


@pytest.fixture
def imported(engine: sa.Engine, tmp_path: Path) -> Importer:
    return Importer(engine, tmp_path)


@pytest.fixture
def lite(sqlite_engine: sa.Engine, tmp_path: Path) -> Importer:
    return Importer(sqlite_engine, tmp_path)


class TestPopulation:
    def test_makes_people_with_their_numbers(self, imported: Importer) -> None:
        done = imported("population", PERSON | {"old_ids": "012345678;001090999999"})

        (person,) = imported.every(Person)
        with reading(imported.engine) as db:
            numbers = numbers_of(db, VAULT, [person["id"]])[person["id"]]
        assert done.rows == {"created": 1}
        assert person["search_key"] == "nguyen van hoa"
        assert person["match_state"] == "MATCHED"
        assert sorted(numbers) == [
            ("CANCELLED_PIN", "001090999999"),
            ("CMND9", "012345678"),
            ("PIN", "001090123456"),
        ]

    def test_voids_and_replaces_what_changed(self, imported: Importer) -> None:
        imported("population", PERSON)
        done = imported("population", PERSON | {"status": "DECEASED", "status_date": "2026-10-01"})

        (person,) = imported.every(Person)
        before, after = sorted(
            imported.every(ProfileFact), key=lambda row: row["voided_at"] is None
        )
        assert done.rows == {"updated": 1}
        assert (person["life_status"], person["match_state"]) == ("DECEASED", "DECEASED")
        assert before["replaced_by"] == after["id"]
        assert str(done.run_id) in before["void_reason"]

    def test_keeps_the_person_whose_number_was_replaced(self, lite: Importer) -> None:
        lite("population", PERSON)
        lite("population", PERSON | {"personal_id": "001090777777", "old_ids": "001090123456"})

        kinds = sorted(row["kind"] for row in lite.every(PersonIdentifier))
        assert len(lite.every(Person)) == 1
        assert len(lite.live(ProfileFact)) == 1
        assert kinds == ["CANCELLED_PIN", "PIN"]

    def test_never_merges_two_people_on_file(self, lite: Importer) -> None:
        lite("population", PERSON, OTHER)
        done = lite("population", PERSON | {"old_ids": OTHER["personal_id"]})

        assert outcomes(done)["needs_review"] == {"IDENTIFIERS_OF_TWO_PEOPLE": 1}
        assert len(lite.every(Person)) == 2

    def test_gives_a_shared_old_number_to_both(self, lite: Importer) -> None:
        done = lite(
            "population", PERSON | {"old_ids": "012345678"}, OTHER | {"old_ids": "012345678"}
        )
        linked = lite("qualifications", CERTIFICATE | {"personal_id": "012345678"})

        assert done.causes == {"created": {"NUMBER_SHARED": 1}}
        assert outcomes(linked)["needs_review"] == {"SEVERAL_CANDIDATES": 1}


class TestRowsOfOneFile:
    def test_count_once_when_repeated(self, imported: Importer) -> None:
        done = imported("population", PERSON, PERSON, OTHER, PERSON, batch=2)

        assert done.rows == {"created": 2, "duplicate": 2}

    def test_that_contradict_one_another_go_to_review(self, imported: Importer) -> None:
        rows = (PERSON, PERSON | {"ethnic_code": "02"})
        done = [imported("population", *rows, batch=1) for _ in range(2)]

        assert done[0].rows == {"created": 1, "needs_review": 1}
        assert done[1].rows == {"unchanged": 1, "needs_review": 1}
        assert done[1].causes["needs_review"] == {"CONTRADICTS_EARLIER_ROW": 1}

    @pytest.mark.parametrize("kind", ["population", "enterprises", "insurance"])
    def test_that_contradict_do_not_win_by_being_sent_again(
        self, imported: Importer, kind: str
    ) -> None:
        imported("population", PERSON)
        first, field, other = {
            "population": (OTHER, "ethnic_code", "02"),
            "enterprises": (ENTERPRISE, "expected_headcount", "34"),
            "insurance": (PERIOD, "wage_base_vnd", "8000000"),
        }[kind]
        done = imported(kind, first, first | {field: other})
        again = [imported(kind, first | {field: other}) for _ in range(2)]
        mended = imported(kind, first | {field: other, "full_name": "X"} | MENDED[kind])

        assert done.causes["needs_review"] == {"CONTRADICTS_EARLIER_ROW": 1}
        assert [each.causes["needs_review"] for each in again] == [{"STILL_CONTRADICTS": 1}] * 2
        assert mended.rows == {"updated": 1}

    def test_that_are_newer_replace_the_ones_above(self, imported: Importer) -> None:
        imported("population", PERSON)
        newer = PERIOD | {"to_month": "2022-03", "last_updated": "2022-04-01", "funds": "SI"}
        older = PERIOD | {"to_month": "2021-01", "last_updated": "2021-02-01"}
        done = imported("insurance", PERIOD, newer, newer, older)
        again = imported("insurance", PERIOD, newer, newer, older)
        alone = imported("insurance", older)

        (fact,) = imported.live(InsuranceFact)
        assert done.rows == {"created": 1, "updated": 1, "duplicate": 1, "needs_review": 1}
        assert again.rows == {"unchanged": 2, "duplicate": 1, "needs_review": 1}
        assert alone.causes == {"needs_review": {"STILL_CONTRADICTS": 1}}
        assert (fact["last_month"], fact["fund_ui"]) == ("2022-03", False)

    def test_that_are_held_win_once_their_source_says_so_anew(self, lite: Importer) -> None:
        lite("population", PERSON)
        other = PERIOD | {"wage_base_vnd": "8000000"}
        lite("insurance", PERIOD, other)
        done = lite("insurance", other | {"last_updated": "2022-02-15"})

        assert done.rows == {"updated": 1}


class TestCutOffFiles:
    def test_create_nothing_from_their_last_line(self, lite: Importer, tmp_path: Path) -> None:
        path = csv_file(tmp_path / "p.csv", [PERSON, OTHER])
        path.write_bytes(path.read_bytes().removesuffix(b"\n"))
        done = import_file(lite.engine, VAULT, "population", path, by="t", now=NOW)

        assert done.state == "done"
        assert done.rows == {"created": 1, "refused": 1}
        assert done.causes == {"refused": {"TRUNCATED": 1}}
        assert [each.cause for each in done.remarks] == ["LAST_LINE_OPEN"]

    def test_teach_no_number(self, lite: Importer, tmp_path: Path) -> None:
        lite("population", PERSON)
        path = csv_file(tmp_path / "i.csv", [PERIOD])
        path.write_bytes(path.read_bytes().removesuffix(b"\n"))
        import_file(lite.engine, VAULT, "insurance", path, by="t", now=NOW)

        assert {row["kind"] for row in lite.every(PersonIdentifier)} == {"PIN"}

    def test_of_a_header_only_are_done_with_a_remark(self, lite: Importer, tmp_path: Path) -> None:
        path = tmp_path / "p.csv"
        path.write_text(",".join(PERSON) + "\n", encoding="utf-8")
        done = import_file(lite.engine, VAULT, "population", path, by="t", now=NOW)

        assert (done.state, done.rows) == ("done", {})
        assert [each.cause for each in done.remarks] == ["NO_ROWS"]


class TestPeriodsBeforeBirth:
    @pytest.mark.parametrize("birth_date", [PERIOD["birth_date"], ""])
    def test_go_to_review(self, lite: Importer, birth_date: str) -> None:
        lite("population", PERSON)
        done = lite("insurance", PERIOD | {"from_month": "1990-02", "birth_date": birth_date})

        assert done.causes == {"needs_review": {"WORK_BEFORE_BIRTH": 1}}
        assert lite.every(InsuranceFact) == []

    def test_go_to_review_as_contracts_and_paper_lines(self, lite: Importer) -> None:
        lite("population", PERSON, PERSON | {"full_name": "TRẦN THỊ BÉ"} | BORN_LATE)
        contract = lite("contracts", EVENT | {"first_day": "1989-01-05"})
        line = lite("paper_books", PAPER_LINE | {"personal_id": BORN_LATE["personal_id"]})

        assert contract.causes["needs_review"] == {"WORK_BEFORE_BIRTH": 1}
        assert line.causes["needs_review"] == {"WORK_BEFORE_BIRTH": 1}
        assert lite.every(EmploymentFact) == []


class TestEnterprises:
    def test_keep_names_and_states(self, imported: Importer) -> None:
        imported("enterprises", ENTERPRISE)
        renamed = ENTERPRISE | {
            "name": "Công ty TNHH Sao Hôm",
            "name_before": ENTERPRISE["name"],
            "renamed_on": "2026-05-01",
            "status": "CLOSED",
            "status_date": "2026-10-01",
        }
        done = imported("enterprises", renamed)

        names = {
            row["name"]: (str(row["valid_from"]), str(row["valid_to"]))
            for row in imported.every(EmployerName)
        }
        states = {row["status"]: str(row["since"]) for row in imported.every(EmployerStatus)}
        assert done.rows == {"updated": 1}
        assert names == {
            ENTERPRISE["name"]: ("None", "2026-04-30"),
            "Công ty TNHH Sao Hôm": ("2026-05-01", "None"),
        }
        assert states == {"ACTIVE": "None", "CLOSED": "2026-10-01"}

    def test_replace_what_others_said_of_a_unit(self, lite: Importer) -> None:
        lite("population", PERSON)
        lite("insurance", PERIOD | {"unit_name": "CTY SAO MAI"})
        done = lite("enterprises", ENTERPRISE)

        (employer,) = lite.every(Employer)
        assert done.rows == {"updated": 1}
        assert employer["registered"]
        assert [row["name"] for row in lite.every(EmployerName)] == [ENTERPRISE["name"]]


class TestInsurance:
    def test_enters_a_unit_that_no_register_knows(self, imported: Importer) -> None:
        imported("population", PERSON)
        done = imported("insurance", PERIOD)

        (employer,) = imported.every(Employer)
        (fact,) = imported.live(InsuranceFact)
        assert done.rows == {"created": 1}
        assert not employer["registered"]
        assert fact["employer_id"] == employer["id"]
        assert (fact["fund_si"], fact["fund_vol"]) == (True, False)
        assert PERSON["personal_id"] not in str(fact)

    def test_replaces_a_running_period_that_has_ended(self, imported: Importer) -> None:
        imported("population", PERSON)
        imported("insurance", PERIOD | {"to_month": ""})
        done = imported("insurance", PERIOD)
        late = imported("insurance", PERIOD | {"to_month": "", "last_updated": "2021-01-01"})

        (fact,) = imported.live(InsuranceFact)
        assert done.rows == {"updated": 1}
        assert late.rows == {"unchanged": 1}
        assert late.causes == {"unchanged": {"OLDER_STATEMENT": 1}}
        assert fact["last_month"] == "2021-12"

    def test_learns_old_numbers_wherever_they_stand_in_the_file(self, imported: Importer) -> None:
        nameless = PERIOD | {"personal_id": "", "from_month": "2010-01", "to_month": "2010-12"}
        rows = (nameless | {"full_name": "NGUYEN VAN HOA"}, PERIOD)
        imported("population", PERSON, PERSON | {"personal_id": "001090888888"})
        done = [imported("insurance", *rows, batch=1) for _ in range(2)]

        assert [each.rows for each in done] == [{"created": 2}, {"unchanged": 2}]

    def test_learns_nothing_from_a_guess(self, lite: Importer) -> None:
        lite("population", PERSON)
        done = lite("insurance", PERIOD | {"personal_id": ""})

        assert done.causes == {"created": {"MATCHED_BY_NAME": 1}}
        assert {row["kind"] for row in lite.every(PersonIdentifier)} == {"PIN"}

    def test_takes_the_same_period_under_two_numbers_once(self, lite: Importer) -> None:
        lite("population", PERSON)
        done = lite("insurance", PERIOD, PERIOD | {"si_number": "0199999999"})

        assert done.rows == {"created": 1, "duplicate": 1}
        assert done.causes["duplicate"] == {"SECOND_SI_NUMBER": 1}

    @pytest.mark.parametrize(
        ("change", "flag"),
        [
            ({"from_month": "2026-01", "to_month": "", "wage_base_vnd": "60000000",
              "last_updated": "2026-11-06"}, "WAGE_ABOVE_CEILING"),
            ({"wage_base_vnd": "1489999"}, "WAGE_IMPLAUSIBLE"),
            ({"from_month": "2003-01"}, "WORK_BEFORE_15"),
            ({"from_month": "2003-01", "birth_date": ""}, "WORK_BEFORE_15"),
            ({"enterprise_code": "0100109105"}, "ENTERPRISE_CODE_CHECK"),
        ],
    )  # fmt: skip
    def test_flags_what_is_remarkable(
        self, lite: Importer, change: dict[str, str], flag: str
    ) -> None:
        lite("population", PERSON)
        done = lite("insurance", PERIOD | change)

        (fact,) = lite.live(InsuranceFact)
        assert done.rows == {"created": 1}
        assert flag in fact["flags"].split()

    @pytest.mark.parametrize(
        "change",
        [{"wage_base_vnd": "1490000"}, {"wage_base_vnd": "700000", "funds": "VOL"}],
    )
    def test_leaves_low_wages_that_were_lawful(
        self, lite: Importer, change: dict[str, str]
    ) -> None:
        lite("population", PERSON)

        assert lite("insurance", PERIOD | change).causes == {}

    def test_flags_months_after_death_and_after_closure(self, lite: Importer) -> None:
        lite("population", PERSON | {"status": "DECEASED", "status_date": "2021-10-31"})
        lite("enterprises", ENTERPRISE | {"status": "CLOSED", "status_date": "2021-11-02"})
        done = lite(
            "insurance",
            PERIOD,
            PERIOD | {"from_month": "2019-01", "to_month": "2021-10"},
            PERIOD | {"from_month": "2018-01", "to_month": "2021-11"},
        )

        assert done.causes["created"] == {
            "CONTRIBUTIONS_AFTER_CLOSURE": 1,
            "CONTRIBUTIONS_AFTER_DEATH": 2,
        }

    def test_refuses_what_the_record_cannot_hold(self, imported: Importer) -> None:
        imported("population", PERSON)
        done = imported("insurance", PERIOD | {"position_text": "x" * 301}, PERIOD)

        assert outcomes(done)["refused"] == {"FIELD_TOO_LONG": 1}
        assert done.rows == {"refused": 1, "created": 1}


class TestContracts:
    ENDED = EVENT | {
        "message_id": "m-2",
        "event": "ENDED",
        "sequence": 2,
        "last_day": "2026-09-30",
        "reason_clause": 3,
    }

    def test_are_live_in_the_state_after_the_highest_sequence(self, imported: Importer) -> None:
        imported("population", PERSON)
        done = imported("contracts", self.ENDED, EVENT, EVENT)

        (fact,) = imported.live(EmploymentFact)
        assert done.rows == {"created": 1, "unchanged": 1, "duplicate": 1}
        assert (fact["running"], fact["end_reason_clause"]) == (False, 3)
        assert fact["flags"] == ""
        assert len(imported.every(EmploymentFact)) == 2

    def test_end_although_nobody_knows_the_reason(self, imported: Importer) -> None:
        imported("population", PERSON)
        done = imported("contracts", EVENT, self.ENDED | {"reason_clause": 14})

        (fact,) = imported.live(EmploymentFact)
        assert done.rows == {"created": 1, "updated": 1}
        assert (fact["running"], fact["last_day"]) == (False, "2026-09-30")
        assert fact["end_reason_clause"] is None
        assert fact["flags"] == "REASON_CLAUSE_UNKNOWN"

    def test_lose_the_flag_of_a_hole_when_it_is_filled_a_day_late(self, imported: Importer) -> None:
        imported("population", PERSON)
        imported("contracts", self.ENDED)
        (early,) = imported.live(EmploymentFact)
        imported("contracts", EVENT)
        again = imported("contracts", self.ENDED, EVENT, self.ENDED)

        (fact,) = imported.live(EmploymentFact)
        assert early["flags"] == "SEQUENCE_HOLE"
        assert fact["flags"] == ""
        assert not fact["running"]
        assert again.rows == {"unchanged": 2, "duplicate": 1}

    @pytest.mark.parametrize(
        ("change", "outcome", "cause"),
        [
            ({"position": "Tổ trưởng"}, "refused", "MESSAGE_REUSED"),
            (
                {"message_id": "m-9", "sequence": 2, "personal_id": OTHER["personal_id"]},
                "refused",
                "CONTRACT_OTHER_PARTY",
            ),
            (
                {"message_id": "m-9", "sequence": 2, "enterprise_code": "0100109106-001"},
                "refused",
                "CONTRACT_OTHER_PARTY",
            ),
            ({"message_id": "m-9", "position": "Tổ trưởng"}, "needs_review", "SEQUENCE_TWICE"),
            ({"message_id": "m-9"}, "duplicate", None),
            ({"message_id": "m-9", "contract_id": "HDDT26-B"}, "created", None),
            (
                {"message_id": "m-9", "contract_id": "HDDT26-B", "personal_id": "001090555555"},
                "needs_review",
                "PERSON_UNKNOWN",
            ),
        ],
    )
    def test_keep_what_is_recorded_of_them(
        self, lite: Importer, change: dict[str, str], outcome: str, cause: str | None
    ) -> None:
        lite("population", PERSON, OTHER)
        lite("contracts", EVENT)
        done = lite("contracts", EVENT | change)

        assert done.rows == {outcome: 1}
        assert done.causes.get(outcome, {}) == ({} if cause is None else {cause: 1})


class TestQualifications:
    def test_of_another_person_under_the_same_number_go_to_review(self, imported: Importer) -> None:
        imported("population", PERSON, OTHER)
        stolen = CERTIFICATE | {"personal_id": OTHER["personal_id"]}
        done = imported("qualifications", CERTIFICATE, CERTIFICATE, stolen)
        later = imported("qualifications", stolen)

        assert done.rows == {"created": 1, "duplicate": 1, "needs_review": 1}
        assert later.causes["needs_review"] == {"OTHER_PERSON_ON_RECORD": 1}
        assert len(imported.live(QualificationFact)) == 1


class TestPaperBooks:
    def test_name_the_two_people_who_vouch(self, imported: Importer) -> None:
        imported(
            "population",
            PERSON
            | {"personal_id": "001160123456", "full_name": "TRẦN THỊ BÉ", "sex": "Nữ"}
            | {"birth_date": "1960-01-01", "old_ids": "012345678"},
        )
        line = PAPER_LINE | {"personal_id": "012345678"}
        swapped = line | {"transcribed_by": "cb.hai", "checked_by": "cb.mot"}
        done = imported("paper_books", line, swapped, line | {"checked_by": "cb.mot"})

        (fact,) = imported.live(EmploymentFact)
        assert done.rows == {"created": 1, "duplicate": 1, "refused": 1}
        assert done.causes["refused"] == {"CHECKED_BY_TRANSCRIBER": 1}
        assert fact["recorded_by"] == "cb.mot / cb.hai"
        assert (fact["first_day"], fact["last_day"], fact["running"]) == (
            "1984-03",
            "1986-03",
            False,
        )

    def test_without_a_number_go_to_review(self, lite: Importer) -> None:
        lite("population", PERSON | {"full_name": "TRẦN THỊ BÉ"})
        done = lite("paper_books", PAPER_LINE | {"personal_id": ""})

        assert outcomes(done)["needs_review"] == {"PERSON_UNKNOWN": 1}


class TestReceipts:
    def test_tell_the_cause_and_give_the_row_back(self, imported: Importer) -> None:
        imported("population", PERSON)
        unknown = PERIOD | {
            "personal_id": "",
            "full_name": "Lê Thị Không",
            "si_number": "0122222222",
        }
        done = imported("insurance", PERIOD, unknown, PERIOD | {"to_month": "2019-01"})

        with reading(imported.engine) as db:
            created, review, refused = receipts_of(db, VAULT, done.run_id)
            mendable = list(refused_rows(db, VAULT, done.run_id))
            stored = imports.receipts(db, done.run_id, ["needs_review"], after=0, limit=9)
        assert (created.row_number, created.raw) == (2, None)
        assert review.cause == "PERSON_UNKNOWN"
        assert review.told[0].message_vi.startswith("Không tìm thấy")
        assert refused.cause == "REVERSED_PERIOD"
        assert [row.raw for row in mendable] == [unknown, PERIOD | {"to_month": "2019-01"}]
        assert stored[0].raw is not None
        assert "Lê Thị Không".encode() not in stored[0].raw

    def test_come_page_by_page(self, lite: Importer) -> None:
        done = lite("population", PERSON, OTHER, PERSON)

        with reading(lite.engine) as db:
            page = receipts_of(db, VAULT, done.run_id, after=1, limit=1)
            duplicates = receipts_of(db, VAULT, done.run_id, [Outcome.DUPLICATE])
        assert [each.ordinal for each in page] == [2]
        assert [each.ordinal for each in duplicates] == [3]

    def test_of_no_run_are_not_found(self, lite: Importer) -> None:
        with reading(lite.engine) as db, pytest.raises(NotFound):
            run_of(db, UUID(int=1))


class TestImportFile:
    def test_refuses_an_unknown_kind(self, lite: Importer, tmp_path: Path) -> None:
        with pytest.raises(Invalid, match="no kind"):
            import_file(lite.engine, VAULT, "payslips", tmp_path, by="t", now=NOW)

    @pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00\x01", b"PK\x03\x04x"])
    def test_leaves_nothing_behind_of_a_wrong_file(
        self, lite: Importer, tmp_path: Path, content: bytes
    ) -> None:
        path = tmp_path / "wrong.csv"
        path.write_bytes(content)

        with pytest.raises(Invalid):
            import_file(lite.engine, VAULT, "population", path, by="t", now=NOW)
        with reading(lite.engine) as db:
            assert imports.newest_runs(db, 1) == []

    def test_tells_how_far_it_is(self, lite: Importer, tmp_path: Path) -> None:
        path = csv_file(tmp_path / "p.csv", [PERSON, OTHER, PERSON])
        told: list[tuple[int, int | None]] = []

        import_file(
            lite.engine,
            VAULT,
            "population",
            path,
            by="t",
            now=NOW,
            batch=2,
            on_progress=lambda at: told.append((at.rows_done, at.rows_total)),
        )

        assert told == [(2, 4), (3, 4)]

    def test_leaves_a_trace_of_its_end(self, imported: Importer) -> None:
        done = imported("population", PERSON, PERSON, OTHER | {"sex": "?"})

        with reading(imported.engine) as db:
            (row,) = stored.rows_from(db, 1)
            report = verify_chain(db)
        assert (row.action, row.actor_kind, row.actor) == ("import.run", "system", "tester")
        assert json.loads(row.detail) == {
            "run_id": str(done.run_id),
            "kind": "population",
            "created": 1,
            "duplicate": 1,
            "refused": 1,
        }
        assert report.is_whole

    def test_wants_the_mapping_it_began_with(self, lite: Importer, tmp_path: Path) -> None:
        path = csv_file(tmp_path / "p.csv", [PERSON, OTHER])
        mapping = tmp_path / "mapping.yaml"
        mapping.write_text("columns: {}\n")

        def stop(_at: object) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            import_file(
                lite.engine, VAULT, "population", path, by="t", now=NOW, batch=1, on_progress=stop
            )
        with pytest.raises(Conflict, match="mapping"):
            import_file(lite.engine, VAULT, "population", path, by="t", now=NOW, mapping=mapping)
        with reading(lite.engine) as db:
            (run,) = imports.newest_runs(db, 9)
        cancel_run(lite.engine, run.id, by="t", now=NOW)

        done = import_file(lite.engine, VAULT, "population", path, by="t", now=NOW, mapping=mapping)

        assert done.rows == {"unchanged": 1, "created": 1}
        with pytest.raises(Conflict):
            cancel_run(lite.engine, run.id, by="t", now=NOW)
