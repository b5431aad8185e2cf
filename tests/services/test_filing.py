from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.domain.filings import FilingKind, Said
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid, NotFound
from labour_book.queries import share_copies
from labour_book.services import deletion_duties, filing
from labour_book.services.books import book_as_of
from labour_book.services.callers import Role
from labour_book.services.filing import FilingFaulty, FilingRefused, NewFiling
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.permission import DeniedToRole, LevelTooLow, deed
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.scopes import allowed_by
from tests.services import filings, people, shares
from tests.services.filings import (
    CHANGED,
    ENDED,
    HIRED,
    begun,
    facts_of,
    filed,
    filings_of,
    hire,
    new,
)
from tests.services.shares import EMPLOYER, RIVAL, WORKER, traces
from tests.services.test_deciding_broken import refuse_versions

HIRE, CHANGE, END, CANCEL = FilingKind


def causes(work: Callable[[], object]) -> set[str]:
    """Return why something is refused."""
    with pytest.raises((FilingFaulty, FilingRefused)) as error:
        work()
    assert isinstance(error.value, FilingFaulty | FilingRefused)
    return {each.cause for each in error.value.findings}


def entry(
    inst: Installation, person: UUID, now: datetime, *, of: str = shares.RIVAL_CODE
) -> dict[str, Any]:
    """Return the line of the enterprise in the worker's book."""
    with deed(inst.engine) as db:
        book = book_as_of(
            db, inst.vault, person, as_of=now.date(), known_at=now, places=inst.places
        )
    found = next(each for each in book.employments if each.enterprise_code == of)
    return {name: getattr(found, name) for name in found.__slots__}


class TestFile:
    def test_makes_a_line_that_the_employer_declares(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = begun(inst, now)

        receipt = filed(inst, now, hire())

        line = entry(inst, person, now)
        assert receipt.receipt_no.startswith("KB-")
        assert (line["assurance"].name, line["running"]) == ("EMPLOYER_DECLARED", True)
        assert (line["position"], line["first_day"]) == ("Kế toán viên", "2026-11-02")

    def test_issues_the_book_in_the_same_transaction(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = begun(inst, now)

        filed(inst, now, hire())

        assert filings.version_of(inst, person, now) == 2

    def test_asks_the_worker_whether_it_is_right(self, inst: Installation, now: datetime) -> None:
        (person,) = begun(inst, now)

        receipt = filed(inst, now, hire())

        (notice,) = shares.notices(inst, "filing.made")
        assert (notice["recipient_kind"], notice["recipient"]) == ("worker", str(person))
        assert str(receipt.id) in notice["facts"]
        assert "Kế toán" not in notice["facts"]

    def test_is_traced_with_the_agent(self, inst: Installation, now: datetime) -> None:
        (person,) = begun(inst, now)

        filed(inst, now, hire())

        (row,) = traces(inst, "filing.make")
        assert (row["actor"], row["person_id"], row["outcome"]) == (RIVAL.id, person, "ok")

    def test_replaces_the_former_word_and_touches_no_contract(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = shares.issued(inst, now)
        first = filed(inst, now, hire(), EMPLOYER)

        filed(inst, now + timedelta(hours=1), new(CHANGE, CHANGED), EMPLOYER)

        (live,) = facts_of(inst, person)
        old, _ = facts_of(inst, person, live=False)
        assert (live["position"], live["first_day"]) == ("Kế toán trưởng", "2026-11-02")
        assert (old["replaced_by"], old["voided_by"]) == (live["id"], EMPLOYER.id)
        with inst.engine.connect() as connection:
            contracts = sa.text(
                "SELECT count(*) FROM employment_fact"
                " WHERE source = 'CONTRACT_PLATFORM' AND voided_at IS NULL"
            )
            assert connection.execute(contracts).scalar_one() == 1
        assert first.job_id == filings_of(inst, now, EMPLOYER)[0].job_id

    def test_ends_the_work_with_the_reason_kept_for_the_worker(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = begun(inst, now)
        filed(inst, now, hire())

        filed(inst, now, new(END, ENDED))

        (fact,) = facts_of(inst, person)
        assert (fact["last_day"], fact["running"], fact["end_reason_clause"]) == (
            "2026-11-18",
            False,
            9,
        )
        assert entry(inst, person, now)["last_day"] == "2026-11-18"

    def test_ends_work_that_only_the_registers_report(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = shares.issued(inst, now)

        filed(inst, now, new(END, ENDED, person), EMPLOYER)

        (fact,) = facts_of(inst, person)
        assert (fact["first_day"], fact["position"]) == ("2021-03", "Thợ hàn")
        line = entry(inst, person, now, of=people.EMPLOYER_CODE)
        assert (line["running"], line["last_day"]) == (False, "2026-11-18")

    @pytest.mark.parametrize(
        "other",
        [
            {"personal_id": "001190999999"},
            {"full_name": "TRẦN VĂN A"},
            {"full_name": "NGUYỄN THỊ SỐ 11"},
            {"birth_date": date(1990, 5, 18)},
        ],
    )
    def test_creates_nobody_and_tells_no_part_that_is_right(
        self, inst: Installation, now: datetime, other: dict[str, Any]
    ) -> None:
        begun(inst, now)
        whom = filings.named(**other)

        assert causes(lambda: filed(inst, now, NewFiling(HIRE, whom, HIRED))) == {"FILING_NOBODY"}

        with inst.engine.connect() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM person")).scalar_one() == 1

    def test_of_people_not_on_file_is_limited_by_enterprise(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        begun(sqlite_inst, now)
        nobody = NewFiling(HIRE, filings.named(personal_id="001190999999"), HIRED)
        for _ in range(filing.NOBODY.most):
            assert causes(lambda: filed(sqlite_inst, now, nobody)) == {"FILING_NOBODY"}
        colleague = replace(RIVAL, id="e3")

        with pytest.raises(TooMany):
            filed(sqlite_inst, now, hire(), colleague)

    @pytest.mark.parametrize("status", ["CLOSED", "NOT_AT_ADDRESS", "REVOKED_TAX"])
    def test_needs_an_enterprise_that_is_there(
        self, sqlite_inst: Installation, now: datetime, status: str
    ) -> None:
        shares.issued(sqlite_inst, now)
        shares.add_enterprise(sqlite_inst.engine, shares.RIVAL_CODE, status)

        with pytest.raises(EnterpriseRefused):
            filed(sqlite_inst, now, hire())

    def test_is_for_agents_alone(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now)

        with pytest.raises(DeniedToRole):
            filed(sqlite_inst, now, hire(), WORKER)
        with pytest.raises(LevelTooLow):
            filed(sqlite_inst, now, hire(), replace(RIVAL, level=1))

    def test_is_within_a_delegates_mandate(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now)
        delegate = replace(RIVAL, role=Role.DELEGATE, name="Kế toán thuê ngoài")
        filing_agent = replace(delegate, scope=allowed_by("employer", "file"))
        receiving = replace(delegate, scope=allowed_by("employer", "receive"))

        receipt = filed(sqlite_inst, now, hire(), filing_agent)

        assert receipt.filed_by_name == "Kế toán thuê ngoài"
        with pytest.raises(DeniedToRole):
            filed(sqlite_inst, now, new(CHANGE, CHANGED), receiving)

    @pytest.mark.parametrize(
        ("said", "cause"),
        [
            ({"position": None}, "MISSING_VALUE"),
            ({"contract_kind": "FIXED_TERM"}, "MISSING_VALUE"),
            ({"contract_kind": "PROBATION"}, "UNKNOWN_CODE"),
            ({"occupation_code": "99999"}, "UNKNOWN_CODE"),
            ({"workplace_commune": "99999"}, "UNKNOWN_CODE"),
            ({"first_day": PartialDate(2026, 11, 21)}, "FUTURE_DATE"),
            ({"first_day": PartialDate(1989, 1, 1)}, "FILING_BEFORE_BIRTH"),
            ({"contract_ends_on": date(2026, 1, 1)}, "REVERSED_PERIOD"),
            ({"position": "x" * 301}, "FIELD_TOO_LONG"),
        ],
    )
    def test_refuses_values_that_cannot_be(
        self, sqlite_inst: Installation, now: datetime, said: dict[str, Any], cause: str
    ) -> None:
        (person,) = begun(sqlite_inst, now)

        assert cause in causes(lambda: filed(sqlite_inst, now, hire(**said)))

        assert facts_of(sqlite_inst, person) == []

    @pytest.mark.parametrize(
        ("kind", "said", "cause"),
        [
            (HIRE, HIRED, "FILING_JOB_RUNNING"),
            (CHANGE, Said(changed_on=date(2026, 11, 10)), "FILING_NOTHING_CHANGED"),
            (CHANGE, Said(changed_on=date(2026, 11, 1), position="x"), "REVERSED_PERIOD"),
            (CHANGE, replace(CHANGED, position=HIRED.position), "FILING_ALREADY"),
            (END, replace(ENDED, last_day=date(2026, 11, 1)), "REVERSED_PERIOD"),
            (END, replace(ENDED, end_reason_clause=None), "MISSING_VALUE"),
            (END, replace(ENDED, end_reason_clause=14), "UNKNOWN_CODE"),
            (END, replace(ENDED, last_day=date(2026, 11, 21)), "FUTURE_DATE"),
        ],
    )
    def test_refuses_what_does_not_follow_a_hire(
        self,
        sqlite_inst: Installation,
        now: datetime,
        kind: FilingKind,
        said: Said,
        cause: str,
    ) -> None:
        begun(sqlite_inst, now)
        filed(sqlite_inst, now, hire())

        assert cause in causes(lambda: filed(sqlite_inst, now, new(kind, said)))

    def test_refuses_what_nobody_hired(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now)

        assert causes(lambda: filed(sqlite_inst, now, new(END, ENDED))) == {"FILING_NO_JOB"}

    def test_does_not_say_whether_another_ones_worker_exists(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = begun(sqlite_inst, now)

        for whom in (person, people.person_id(77)):
            with pytest.raises(NotFound):
                filed(sqlite_inst, now, new(END, ENDED, whom))

    def test_hires_again_after_the_end(self, inst: Installation, now: datetime) -> None:
        (person,) = begun(inst, now)
        filed(inst, now, hire())
        filed(inst, now, new(END, replace(ENDED, last_day=date(2026, 11, 5))))
        too_early = PartialDate(2026, 11, 5)

        assert causes(lambda: filed(inst, now, hire(first_day=too_early))) == {"FILING_BEFORE_END"}
        filed(inst, now, hire(first_day=PartialDate(2026, 11, 9)))

        assert [each["first_day"] for each in facts_of(inst, person)] == [
            "2026-11-02",
            "2026-11-09",
        ]

    def test_keeps_the_contract_id_once_given(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = begun(sqlite_inst, now)
        noted = filing.file(sqlite_inst, RIVAL, hire(contract_id="HD-NEW"), now=now)
        changed = new(CHANGE, replace(CHANGED, contract_id="HD-OTHER"))

        assert causes(lambda: filed(sqlite_inst, now, changed)) == {"FILING_CONTRACT_ID"}
        assert [each.cause for each in noted.notes] == ["CONTRACT_NOT_SEEN"]
        assert facts_of(sqlite_inst, person)[0]["contract_id"] == "HD-NEW"
        assert facts_of(sqlite_inst, person)[0]["flags"] == ""

    def test_refuses_the_contract_of_other_parties(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        begun(sqlite_inst, now)
        with sqlite_inst.engine.begin() as connection:
            connection.execute(sa.text("UPDATE employment_fact SET event_sequence = 1"))

        stolen = hire(contract_id="HD-00000001")

        assert causes(lambda: filed(sqlite_inst, now, stolen)) == {"CONTRACT_OTHER_PARTY"}


class TestErrors:
    def test_name_nobody(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now)
        whom = filings.named(personal_id="001190999999")

        with pytest.raises(FilingRefused) as error:
            filed(sqlite_inst, now, NewFiling(HIRE, whom, HIRED))

        told = f"{error.value} {error.value.facts} {whom}"
        assert "001190999999" not in told
        assert "NGUYỄN" not in told
        assert issubclass(FilingFaulty, Invalid)


class TestHireFromAShare:
    """The copy of the share is kept in the transaction of the hire, or neither happens."""

    def shared(self, inst: Installation, now: datetime) -> UUID:
        begun(inst, now)
        created = shares.share(
            inst, now, replace(shares.TO_EMPLOYER, enterprise_code=shares.RIVAL_CODE)
        )
        shares.look(inst, created.code, now, RIVAL)
        return created.share_id

    def test_keeps_its_copy(self, inst: Installation, now: datetime) -> None:
        share_id = self.shared(inst, now)

        filed(inst, now, replace(hire(), share_id=share_id))

        assert copy_of(inst, share_id) == "kept"
        assert len(traces(inst, "copy.decide")) == 1

    def test_leaves_what_was_decided_before(self, sqlite_inst: Installation, now: datetime) -> None:
        share_id = self.shared(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            deletion_duties.mark_not_hired(db, RIVAL, share_id, now=now)

        filed(sqlite_inst, now, replace(hire(), share_id=share_id))

        assert copy_of(sqlite_inst, share_id) == "due"

    def test_is_not_kept_where_the_hire_fails(self, inst: Installation, now: datetime) -> None:
        share_id = self.shared(inst, now)
        refuse_versions(inst.engine)

        with pytest.raises((sa.exc.DBAPIError, psycopg.Error), match="refused"):
            filed(inst, now, replace(hire(), share_id=share_id))

        assert copy_of(inst, share_id) == "held"
        assert filings_of(inst, now, RIVAL) == []

    def test_is_not_kept_under_a_mandate_to_file_alone(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        share_id = self.shared(sqlite_inst, now)
        delegate = replace(RIVAL, role=Role.DELEGATE, scope=allowed_by("employer", "file"))

        filed(sqlite_inst, now, replace(hire(), share_id=share_id), delegate)

        assert copy_of(sqlite_inst, share_id) == "held"


def copy_of(inst: Installation, share_id: UUID) -> str:
    with reading(inst.engine) as db:
        (copy,) = share_copies.copies_of(db, [share_id])[share_id]
    return copy.state
