"""Workbooks of declarations: the template, what an enterprise sent, and what became of the rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from labour_book import data
from labour_book.database import Db
from labour_book.documents import Sheet, sheets_xlsx
from labour_book.domain.places import places
from labour_book.errors import Invalid, NotFound
from labour_book.queries import received_files
from labour_book.queries.received_files import FileOnRecord
from labour_book.registers import employer_filings
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.collecting.employer_filings import FilingCollector
from labour_book.services.collection import SentByEnterprise
from labour_book.services.filers import filer_of
from labour_book.services.filing import PURPOSE
from labour_book.services.installation import Installation
from labour_book.services.mending import mendable_file
from labour_book.services.permission import check_role
from labour_book.services.receipts import Outcome, Receipt, receipts_of
from labour_book.services.recording import new_id
from labour_book.services.uploading import Delivery, delivery_told, harmless, keep

KIND, SUFFIX = "employer_filings", ".xlsx"
BATCH = 200
"""Rows that are recorded together: their books are locked for so long."""
PAGE = 50
EMPTY_ROWS = 300
"""Rows of the template whose cells are text, so that no leading zero of a number is lost."""


def template() -> bytes:
    """Return the workbook to fill in: one header row, and the codes on a second sheet."""
    headings = list(employer_filings.headings().values())
    empty = ([""] * len(headings) for _ in range(EMPTY_ROWS))
    codes = Sheet("Danh mục", [], ["Cột", "Mã hoặc giá trị", "Nghĩa"], _codes())
    return sheets_xlsx([Sheet("Khai báo", [], headings, empty), codes])


def send(
    db: Db, inst: Installation, caller: Caller, *, file_name: str, content: bytes, now: datetime
) -> UUID:
    """Take in a workbook to be recorded soon and return its id.

    Raises:
        Invalid: it is empty.
        EnterpriseRefused: the enterprise is gone, or not at its address.
        DeniedToRole, LevelTooLow: the caller may not file.
    """
    filer = filer_of(db, caller, now=now, action=Action.FILING_MAKE)
    if not content:
        raise Invalid("the file is empty", cause="EMPTY_FILE")
    file_id = new_id(now)
    row = {
        "id": file_id,
        "kind": KIND,
        "file_name": harmless(file_name, SUFFIX),
        "file_bytes": len(content),
        "unit_code": filer.code,
        "sent_by": caller.id,
        "sent_at": now,
        "state": received_files.WAITING,
        "detail": "{}",
    }
    received_files.add_file(db, row)
    keep(inst, file_id, content)
    detail: dict[str, str | int] = {"file": str(file_id), "kind": KIND}
    trace(db, caller, Action.FILING_MAKE, at=now, purpose=PURPOSE, detail=detail)
    return file_id


def in_the_name_of(inst: Installation, caller: Caller) -> SentByEnterprise:
    """Return as whom a workbook is recorded: the agent who sent it."""
    return SentByEnterprise(caller, partial(FilingCollector, inst=inst, caller=caller))


def sent_files(db: Db, caller: Caller, *, now: datetime) -> list[Delivery]:
    """Return the workbooks of the caller's enterprise, the newest first.

    Raises:
        DeniedToRole: the caller acts for no enterprise.
    """
    check_role(caller, Action.FILING_LIST, now)
    code = caller.enterprise_code or ""
    found = received_files.files_of(db, [code], before=None, limit=PAGE)
    return [delivery_told(db, each) for each in found]


def sent_file(db: Db, caller: Caller, file_id: UUID, *, now: datetime) -> Delivery:
    """Return one of them.

    Raises:
        NotFound: the enterprise sent no such workbook.
        DeniedToRole: the caller acts for no enterprise.
    """
    return delivery_told(db, _own(db, caller, file_id, now))


def rows_of(
    db: Db,
    inst: Installation,
    caller: Caller,
    file_id: UUID,
    outcomes: Sequence[Outcome] = tuple(Outcome),
    *,
    after: int = 0,
    now: datetime,
) -> list[Receipt]:
    """Return what became of rows of a workbook and why, in reading order.

    Raises:
        NotFound, DeniedToRole: as ``sent_file``.
    """
    run_id = _own(db, caller, file_id, now).run_id
    if run_id is None:
        return []
    return receipts_of(db, inst.vault, run_id, outcomes, after=after, limit=PAGE)


def refused_file(
    db: Db, inst: Installation, caller: Caller, file_id: UUID, *, now: datetime
) -> bytes:
    """Return the refused rows as a workbook to mend and send again.

    Raises:
        NotFound: the enterprise sent no such workbook, or nothing of it was read.
        DeniedToRole: the caller acts for no enterprise.
    """
    run_id = _own(db, caller, file_id, now).run_id
    if run_id is None:
        raise NotFound("nothing of this file has been read")
    content, rows = mendable_file(db, inst.vault, run_id, SUFFIX)
    detail: dict[str, str | int] = {"file": str(file_id), "rows": rows}
    trace(db, caller, Action.FILING_LIST, at=now, purpose=PURPOSE, detail=detail)
    return content


def _own(db: Db, caller: Caller, file_id: UUID, now: datetime) -> FileOnRecord:
    check_role(caller, Action.FILING_LIST, now)
    file = received_files.file_by_id(db, file_id)
    if file is None or file.kind != KIND or file.unit_code != caller.enterprise_code:
        raise NotFound("you have sent no such file")
    return file


def _codes() -> Iterable[list[str]]:
    """Yield the codes that the cells of each column may hold, and what they mean."""
    headings = employer_filings.headings()
    for field in ("kind", "contract_kind"):
        for label in employer_filings.words(field).values():
            yield [headings[field], label, ""]
    for clause, row in data.termination_reasons().items():
        yield [headings["end_reason_clause"], clause, row["label_vi"]]
    for code, row in data.occupations().items():
        yield [headings["occupation_code"], code, row["name_vi"]]
    for code, commune in places().communes.items():
        yield [headings["workplace_commune"], code, commune.full_name]
