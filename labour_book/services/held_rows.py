"""The rows that wait in the review rooms, opened and read again to be compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from labour_book.database import Db, reading
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.people import identifier_kind
from labour_book.queries.linking import HeldRow
from labour_book.registers import Parsed
from labour_book.registers.rows import PaperBookRow, Row
from labour_book.services.collecting import whom
from labour_book.services.installation import Installation
from labour_book.services.matching import Wanted
from labour_book.services.mending import read_again, read_rows
from labour_book.services.receipts import MendableRow, Receipt, receipt_of

AT_ONCE = 500
"""Rows that are read again at a time."""


@dataclass(frozen=True, slots=True)
class Work:
    """Who worked where from which month to which, as somebody wrote it down."""

    full_name: str
    employer_name: str
    first: str
    last: str
    page_ref: str
    """Number of the book and page, as it was written down."""


@dataclass(frozen=True, slots=True)
class Held:
    """A row that waits, and whom it names, in the columns that rows are compared in."""

    subject: str
    commune_code: str | None
    columns: tuple[str | None, ...]
    work: Work | None = None
    """Of a line of a paper book, which tells no birth date."""


def subject_of(run_id: object, ordinal: int) -> str:
    """Return what a held row is called where something is proposed of it."""
    return f"{run_id}:{ordinal}"


def row_of(subject: str) -> tuple[UUID, int]:
    """Return run and number of the row that is called so."""
    run, _, ordinal = subject.partition(":")
    return UUID(run), int(ordinal)


def held_rows(inst: Installation, waiting: Sequence[HeldRow], *, now: datetime) -> list[Held]:
    """Open rows that wait, and return those that name somebody.

    The file that a row is read again from stands below the data folder while it is read.
    """
    on = vietnam_day(now)
    folder = inst.data_dir / "received"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found: list[Held] = []
    with TemporaryDirectory(dir=folder) as inner, reading(inst.engine) as db:
        for kind, some in groupby(waiting, lambda each: each.kind):
            rows = iter(some)
            while portion := list(islice(rows, AT_ONCE)):
                parsed = _parsed(db, inst, kind, portion, folder=Path(inner), on=on)
                found += list(_naming(zip(portion, parsed, strict=True)))
    return found


def _parsed(
    db: Db, inst: Installation, kind: str, rows: Sequence[HeldRow], *, folder: Path, on: date
) -> list[Parsed]:
    receipts = [receipt_of(db, inst.vault, each.run_id, each.ordinal) for each in rows]
    if kind == "form03":
        return [read_again(kind, _mendable(each), folder, as_of=on) for each in receipts]
    return read_rows(kind, [each.raw or {} for each in receipts], folder, as_of=on)


def _mendable(receipt: Receipt) -> MendableRow:
    raw = receipt.raw or {}
    return MendableRow(receipt.sheet, receipt.row_number, receipt.outcome, raw, receipt.told)


def _naming(rows: Iterator[tuple[HeldRow, Parsed]]) -> Iterator[Held]:
    for row, parsed in rows:
        wanted = whom(parsed.row)
        if wanted is not None:
            subject = subject_of(row.run_id, row.ordinal)
            columns = (*_columns(wanted), row.commune_code, None)
            yield Held(subject, row.commune_code, columns, _work(parsed.row))


def _work(row: Row | None) -> Work | None:
    if not isinstance(row, PaperBookRow):
        return None
    months = str(row.first_month), str(row.last_month)
    return Work(row.full_name, row.employer_name, *months, row.page_ref)


def _columns(wanted: Wanted) -> tuple[str | None, ...]:
    """Return whom a row names; the numbers by their form, the one that is believed first."""
    by_kind: dict[str, list[str]] = {}
    for number in wanted.numbers:
        by_kind.setdefault(identifier_kind(number) or "", []).append(number)
    ids = by_kind.get("PIN", [])
    old = [*ids[1:], *by_kind.get("CMND9", ())]
    return (
        ids[0] if ids else None,
        old[0] if old else None,
        ";".join(by_kind.get("BHXH10", ())) or None,
        wanted.full_name,
        None if wanted.birth_date is None else str(wanted.birth_date),
        wanted.sex,
    )
