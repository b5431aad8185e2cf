"""Reports: drafts, how far they are, and the files that were kept of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import Report, ReportFile, Unit

_REPORT = table_of(Report)
_FILE = table_of(ReportFile)
_UNIT = table_of(Unit)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """How far a report is; nothing of its numbers."""

    id: UUID
    kind: str
    unit_code: str
    as_of: date
    state: str
    revision: int
    drafted_by: str
    drafted_at: datetime
    sent_at: datetime | None
    decided_at: datetime | None
    archived_at: datetime | None
    year: int | None
    serial: int | None


@dataclass(frozen=True, slots=True)
class ReportOnFile:
    """A report with everything in it."""

    id: UUID
    kind: str
    unit_code: str
    as_of: date
    state: str
    revision: int
    round_id: UUID
    body: str = field(repr=False)
    body_sha256: str
    words: str
    drafted_by: str
    drafted_at: datetime
    sent_at: datetime | None
    reason: str
    decided_by: str | None
    decided_at: datetime | None
    approver: str | None
    year: int | None
    serial: int | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a report, as it is handed out."""

    form: str
    content: bytes = field(repr=False)
    sha256: str
    made_sha256: str


_LINE = tuple(_REPORT.c[name] for name in ReportLine.__slots__)
_WHOLE = tuple(_REPORT.c[name] for name in ReportOnFile.__slots__)


def add_report(db: Db, row: Mapping[str, Any]) -> bool:
    """Store a report; tell whether the unit had none of that kind and day."""
    return insert_once(db, _REPORT, row)


def report_by_id(db: Db, report_id: UUID) -> ReportOnFile | None:
    row = db.execute(sa.select(*_WHOLE).where(_REPORT.c.id == report_id)).one_or_none()
    return None if row is None else ReportOnFile(*row)


def lines_of(db: Db, unit_codes: Collection[str] | None, *, since: date) -> list[ReportLine]:
    """Return the reports of some units, or of all, from a day of numbers on; newest day first."""
    query = (
        sa.select(*_LINE)
        .where(_REPORT.c.as_of >= since)
        .order_by(_REPORT.c.as_of.desc(), _REPORT.c.unit_code, _REPORT.c.id)
    )
    if unit_codes is not None:
        query = query.where(_REPORT.c.unit_code.in_(sorted(unit_codes)))
    return [ReportLine(*row) for row in db.execute(query)]


def step(
    db: Db, report_id: UUID, revision: int, states: Collection[str], values: Mapping[str, Any]
) -> bool:
    """Take a report one step on, if it stands where it was seen; tell whether it did."""
    return one_changed(
        db,
        sa.update(_REPORT)
        .where(
            _REPORT.c.id == report_id,
            _REPORT.c.revision == revision,
            _REPORT.c.state.in_(sorted(states)),
        )
        .values(revision=revision + 1, **values),
    )


def next_serial(db: Db, unit_code: str, year: int) -> int:
    """Return the number that the next report of a unit in a year gets; others wait for it."""
    db.execute(sa.select(_UNIT.c.code).where(_UNIT.c.code == unit_code).with_for_update())
    query = sa.select(sa.func.coalesce(sa.func.max(_REPORT.c.serial), 0) + 1).where(
        _REPORT.c.unit_code == unit_code, _REPORT.c.year == year
    )
    return int(db.execute(query).scalar_one())


def approved(db: Db, *, limit: int) -> list[UUID]:
    """Return reports that were approved and not archived, the oldest first."""
    query = (
        sa.select(_REPORT.c.id)
        .where(_REPORT.c.state == "approved")
        .order_by(_REPORT.c.decided_at, _REPORT.c.id)
        .limit(limit)
    )
    return list(db.execute(query).scalars())


def add_files(db: Db, rows: Collection[Mapping[str, Any]]) -> None:
    """Keep the files of a report."""
    db.execute(sa.insert(_FILE), list(rows))


def file_of(db: Db, report_id: UUID, form: str) -> KeptFile | None:
    names = tuple(_FILE.c[name] for name in KeptFile.__slots__)
    query = sa.select(*names).where(_FILE.c.report_id == report_id, _FILE.c.form == form)
    row = db.execute(query).one_or_none()
    return None if row is None else KeptFile(*row)


def hashes_of(db: Db, report_id: UUID) -> dict[str, str]:
    """Return the hash of each kept file of a report, by form."""
    query = sa.select(_FILE.c.form, _FILE.c.sha256).where(_FILE.c.report_id == report_id)
    return {row.form: row.sha256 for row in db.execute(query.order_by(_FILE.c.form))}
