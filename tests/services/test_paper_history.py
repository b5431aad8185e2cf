"""Lines of paper books are proposed to who worked there then; what has too little says so."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from labour_book.database import reading
from labour_book.queries import linking
from labour_book.services import reviewing
from labour_book.services.access import Role, deed, operator
from labour_book.services.collection import import_file
from labour_book.services.installation import Installation
from labour_book.services.reconciling import propose_for_held
from labour_book.services.reviewing import NoneProposed, ReviewRow
from tests.services.collecting import CERTIFICATE, PAPER_LINE, csv_file
from tests.services.desk import official, opened_desk
from tests.services.events import BEFORE, registers_at_first

SPRING = {"first_month": "2026-02", "last_month": "2026-04"}
LINE = PAPER_LINE | {"personal_id": "", "full_name": "Nguyễn Văn Hoà"} | SPRING
THERE = LINE | {"employer_name": "Cty TNHH Sao Mai", "page_ref": "7"}
ELSEWHERE = LINE | {"employer_name": "Nhà máy gạch", "page_ref": "8"}
BEFOREHAND = THERE | {"first_month": "1999-02", "last_month": "1999-05", "page_ref": "9"}
OF_THE_PROVINCE = ELSEWHERE | {"page_ref": "01-123456/tr.6"}
AS_A_CHILD = BEFOREHAND | {"page_ref": "01-123456/tr.7"}
UNKNOWN = CERTIFICATE | {"personal_id": "001190123450"}
MISREAD = CERTIFICATE | {"personal_id": "001090123457", "number": "M"}


def rows(
    inst: Installation, folder: Path, now: datetime, kind: str, *lines: dict[str, str]
) -> None:
    path = csv_file(folder / f"{kind}.csv", lines)
    import_file(inst.engine, inst.vault, kind, path, by="tester", now=now)


def opened(inst: Installation, now: datetime) -> dict[str, ReviewRow]:
    """Return what waits, by page of the book or number of the diploma."""
    by = official(inst, Role.COLLECTOR, "BNV", now)
    with reading(inst.engine) as db:
        waiting = linking.held_rows(db)
    found: dict[str, ReviewRow] = {}
    for each in waiting:
        with deed(inst.engine) as db:
            row = reviewing.open_row(db, inst, by, (each.run_id, each.ordinal), now=now)
        assert row.receipt.raw is not None
        found[row.receipt.raw.get("page_ref") or row.receipt.raw["number"]] = row
    return found


def proposed(row: ReviewRow) -> dict[UUID, tuple[str, ...]]:
    return {person: each.agree for person, each in row.proposed.items()}


class TestLinesOfPaperBooks:
    def test_are_proposed_to_who_worked_there_then_and_all_else_says_why_not(
        self, inst: Installation, tmp_path: Path, now: datetime
    ) -> None:
        registers_at_first(inst, tmp_path)
        opened_desk(inst, now)
        lines = (THERE, ELSEWHERE, BEFOREHAND, OF_THE_PROVINCE, AS_A_CHILD)
        rows(inst, tmp_path, BEFORE, "paper_books", *lines)
        rows(inst, tmp_path, BEFORE, "qualifications", UNKNOWN, MISREAD)
        later = BEFORE + timedelta(hours=1)

        propose_for_held(inst, operator("x"), now=later, on_progress=lambda *_: None)

        found = opened(inst, now)
        (agree,) = proposed(found["7"]).values()
        assert agree == ("employer", "months", "name")
        assert not next(iter(found["7"].proposed.values())).is_strong
        assert found["7"].none_proposed is None
        assert found["8"].none_proposed is NoneProposed.NAME_ALONE
        assert found["9"].none_proposed is NoneProposed.NAME_ALONE
        (agree,) = proposed(found[OF_THE_PROVINCE["page_ref"]]).values()
        assert agree == ("book", "name")
        assert found[AS_A_CHILD["page_ref"]].none_proposed is NoneProposed.NAME_ALONE
        (digit,) = found["M"].proposed.values()
        assert (digit.agree, digit.differ, digit.is_strong) == (
            (),
            (("number", "one_digit"),),
            False,
        )
        assert found[UNKNOWN["number"]].none_proposed is NoneProposed.NUMBER_ALONE

    def test_that_came_since_say_that_no_pass_was_made(
        self, sqlite_inst: Installation, tmp_path: Path, now: datetime
    ) -> None:
        registers_at_first(sqlite_inst, tmp_path)
        opened_desk(sqlite_inst, now)
        propose_for_held(sqlite_inst, operator("x"), now=BEFORE, on_progress=lambda *_: None)
        rows(sqlite_inst, tmp_path, now, "paper_books", ELSEWHERE)

        assert opened(sqlite_inst, now)["8"].none_proposed is NoneProposed.NOT_YET
