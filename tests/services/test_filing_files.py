from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from labour_book.domain.limits import Limit
from labour_book.errors import Invalid, NotFound
from labour_book.queries import accounts
from labour_book.services import filing, filing_files, importing
from labour_book.services.callers import Caller, Role
from labour_book.services.collecting import employer_filings
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, deed
from labour_book.services.receipts import Receipt
from labour_book.services.uploading import Delivery
from tests.registers.test_employer_filings import HIRED, workbook
from tests.services import filings, people, shares
from tests.services.filings import begun, facts_of
from tests.services.shares import EMPLOYER, RIVAL, WORKER, traces

Row = Mapping[str, object]


def row(number: int = 1, **other: object) -> Row:
    whom = {"personal_id": people.personal_id(number), "full_name": f"Nguyễn Thị Số {number}"}
    return {**HIRED, **whom, **other}


def ended(number: int = 1, **other: object) -> Row:
    return {
        **row(number),
        "kind": "Chấm dứt",
        "last_day": "18/11/2026",
        "end_reason_clause": 9,
    } | other


def sent(
    inst: Installation, now: datetime, path: Path, *rows: Row, caller: Caller = RIVAL
) -> tuple[Delivery, list[Receipt]]:
    """Send a workbook, let it be recorded, and return what became of it."""
    content = workbook(path / "f.xlsx", *rows).read_bytes()
    with deed(inst.engine) as db:
        file_id = filing_files.send(
            db, inst, caller, file_name="khai báo 001190000001.xlsx", content=content, now=now
        )
    assert importing.import_next(inst, clock=lambda: now, is_stopping=lambda: False)
    with deed(inst.engine) as db:
        delivery = filing_files.sent_file(db, caller, file_id, now=now)
        return delivery, filing_files.rows_of(db, inst, caller, file_id, now=now)


def outcomes(receipts: list[Receipt]) -> list[tuple[str, str | None]]:
    return [(each.outcome.value, each.cause) for each in receipts]


class TestSend:
    def test_ends_each_row_in_one_of_five_ways(
        self, inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        ids = begun(inst, now, 4)
        filings.filed(inst, now, filings.hire(3))

        delivery, receipts = sent(
            inst,
            now,
            tmp_path,
            row(1),
            row(2),
            row(2),
            row(3),
            row(1, kind="Thay đổi", changed_on="10/11/2026", position="Kế toán trưởng"),
            row(4, birth_date="18/05/1990"),
            row(4, kind="?"),
        )

        assert outcomes(receipts) == [
            ("created", None),
            ("created", None),
            ("duplicate", None),
            ("unchanged", None),
            ("updated", None),
            ("refused", "FILING_NOBODY"),
            ("refused", "FILING_KIND_UNKNOWN"),
        ]
        assert delivery.run is not None
        assert (delivery.state, delivery.run.rows["refused"]) == ("done", 2)
        assert facts_of(inst, ids[0])[0]["position"] == "Kế toán trưởng"
        assert facts_of(inst, ids[3]) == []

    def test_looks_nobody_up_any_more_after_too_many_guesses(
        self, inst: Installation, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(employer_filings, "NOBODY_ROWS", Limit("filing.nobody-rows", 2, 86_400))
        begun(inst, now, 4)
        guesses = [row(number, birth_date="18/05/1990") for number in (1, 2, 3)]

        _, first = sent(inst, now, tmp_path, row(4), *guesses, row(1, kind="Thay đổi"))
        _, again = sent(inst, now + timedelta(hours=1), tmp_path, row(2))
        _, next_day = sent(inst, now + timedelta(days=1, hours=1), tmp_path, row(2))

        over = ("refused", "FILING_TOO_MANY_UNKNOWN")
        nobody = ("refused", "FILING_NOBODY")
        assert outcomes(first) == [("created", None), nobody, nobody, over, over]
        assert outcomes(again) == [over]
        assert outcomes(next_day) == [("created", None)]

    def test_issues_each_book_and_asks_each_worker(
        self, inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        ids = begun(inst, now, 2)

        sent(inst, now, tmp_path, row(1), row(2))

        later = now + timedelta(minutes=1)  # the import took a moment
        assert [filings.version_of(inst, each, later) for each in ids] == [2, 2]
        assert len(shares.notices(inst, "filing.made")) == 2

    def test_names_the_row_in_each_receipt_and_the_agent(
        self, sqlite_inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        begun(sqlite_inst, now, 2)
        agent = replace(RIVAL, id=str(UUID(int=3)), role=Role.DELEGATE, name="Kế toán thuê ngoài")
        filings.opened(sqlite_inst, agent, now)

        delivery, _ = sent(
            sqlite_inst, now, tmp_path, row(1, kind="?"), row(2), row(1), caller=agent
        )

        with deed(sqlite_inst.engine) as db:
            assert delivery.run is not None
            run_id = delivery.run.run_id
            made = filing.filed_by_enterprise(db, RIVAL, run_id=run_id, now=now)
        assert [(each.full_name[-1], each.row_ordinal) for each in made] == [("1", 3), ("2", 2)]
        assert {each.filed_by_name for each in made} == {"Kế toán thuê ngoài"}
        assert {row["actor"] for row in traces(sqlite_inst, "filing.make")} == {agent.id}

    def test_again_changes_nothing(self, inst: Installation, now: datetime, tmp_path: Path) -> None:
        begun(inst, now, 2)
        change = row(2, kind="Thay đổi", changed_on="10/11/2026", position="Kế toán trưởng")
        rows = (row(1), row(2), change, ended(1))
        sent(inst, now, tmp_path, *rows)

        _, receipts = sent(inst, now + timedelta(days=1), tmp_path, *rows)

        assert outcomes(receipts) == [("unchanged", None)] * 4

    def test_again_with_other_values_corrects(
        self, inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        (person,) = begun(inst, now)
        sent(inst, now, tmp_path, row(1), ended(1))

        _, receipts = sent(
            inst,
            now + timedelta(days=1),
            tmp_path,
            row(1, position="Thủ quỹ"),
            ended(1, last_day="17/11/2026"),
        )

        assert outcomes(receipts) == [("updated", None)] * 2
        (fact,) = facts_of(inst, person)
        assert (fact["position"], fact["last_day"]) == ("Thủ quỹ", "2026-11-17")

    def test_of_another_enterprise_is_another_file(
        self, sqlite_inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        (person,) = begun(sqlite_inst, now)

        other = filings.opened(sqlite_inst, replace(EMPLOYER, id=str(UUID(int=1))), now)

        for caller in (RIVAL, other):
            _, receipts = sent(sqlite_inst, now, tmp_path, row(1), caller=caller)
            assert outcomes(receipts) == [("created", None)]

        assert len(facts_of(sqlite_inst, person)) == 2

    def test_refuses_every_row_once_the_enterprise_is_gone(
        self, sqlite_inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        begun(sqlite_inst, now)
        content = workbook(tmp_path / "f.xlsx", row(1)).read_bytes()
        with deed(sqlite_inst.engine) as db:
            file_id = filing_files.send(
                db, sqlite_inst, RIVAL, file_name="f", content=content, now=now
            )
        with sqlite_inst.engine.begin() as connection:
            connection.execute(sa.text("UPDATE employer_status SET status = 'CLOSED'"))

        importing.import_next(sqlite_inst, clock=lambda: now, is_stopping=lambda: False)

        with deed(sqlite_inst.engine) as db:
            receipts = filing_files.rows_of(db, sqlite_inst, RIVAL, file_id, now=now)
        assert outcomes(receipts) == [("refused", "ENTERPRISE_CANNOT_FILE")]

    def test_records_nothing_once_the_mandate_is_over(
        self, sqlite_inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        begun(sqlite_inst, now)
        content = workbook(tmp_path / "f.xlsx", row(1)).read_bytes()
        with deed(sqlite_inst.engine) as db:
            file_id = filing_files.send(
                db, sqlite_inst, RIVAL, file_name="f", content=content, now=now
            )
            accounts.close_account(db, UUID(RIVAL.id), now)

        importing.import_next(sqlite_inst, clock=lambda: now, is_stopping=lambda: False)

        with deed(sqlite_inst.engine) as db:
            found = filing_files.sent_file(db, RIVAL, file_id, now=now)
        assert found.failure is not None
        assert (found.failure.cause, found.run) == ("SENDER_MAY_NOT", None)

    def test_of_another_workbook_fails_as_a_whole(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        begun(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            file_id = filing_files.send(
                db, sqlite_inst, RIVAL, file_name="f", content=b"not a workbook", now=now
            )

        importing.import_next(sqlite_inst, clock=lambda: now, is_stopping=lambda: False)

        with deed(sqlite_inst.engine) as db:
            found = filing_files.sent_file(db, RIVAL, file_id, now=now)
        assert found.state == "failed"
        assert found.failure is not None

    def test_keeps_no_number_in_the_name_of_the_file(
        self, sqlite_inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        begun(sqlite_inst, now)

        delivery, _ = sent(sqlite_inst, now, tmp_path, row(1))

        assert "001190000001" not in delivery.file_name

    def test_is_for_agents_alone(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now)

        with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
            filing_files.send(db, sqlite_inst, WORKER, file_name="f", content=b"x", now=now)
        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            filing_files.send(db, sqlite_inst, RIVAL, file_name="f", content=b"", now=now)


class TestSentFile:
    def test_is_not_shown_to_another_enterprise(
        self, sqlite_inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        begun(sqlite_inst, now)
        delivery, _ = sent(sqlite_inst, now, tmp_path, row(1))

        assert files(sqlite_inst, EMPLOYER, now) == []
        assert files(sqlite_inst, RIVAL, now) == [delivery.id]
        with pytest.raises(NotFound), deed(sqlite_inst.engine) as db:
            filing_files.rows_of(db, sqlite_inst, EMPLOYER, delivery.id, now=now)


class TestRefusedFile:
    def test_goes_in_again_once_it_is_mended(
        self, inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        (person,) = begun(inst, now)
        delivery, _ = sent(inst, now, tmp_path, row(1, first_day="31/02/2026"), row(1, kind="?"))
        with deed(inst.engine) as db:
            content = filing_files.refused_file(db, inst, RIVAL, delivery.id, now=now)
        book = load_workbook(BytesIO(content))
        sheet = book.worksheets[0]
        assert [each.value for each in sheet[1]][4] == "Ngày bắt đầu làm việc"
        sheet.cell(2, 5, "03/11/2026")
        sheet.delete_rows(3)
        mended = tmp_path / "mended.xlsx"
        book.save(mended)

        with deed(inst.engine) as db:
            filing_files.send(db, inst, RIVAL, file_name="m", content=mended.read_bytes(), now=now)
        importing.import_next(inst, clock=lambda: now, is_stopping=lambda: False)

        assert facts_of(inst, person)[0]["first_day"] == "2026-11-03"


def files(inst: Installation, caller: Caller, now: datetime) -> list[UUID]:
    with deed(inst.engine) as db:
        return [each.id for each in filing_files.sent_files(db, caller, now=now)]
