"""Counts the statistics of months and keeps them (thống kê theo tháng).

The people are read in portions and counted in memory; each month is then kept in a transaction of
its own. Stopped at any moment, the next run counts the months that are still due. A month whose
numbers are the same keeps its revision and its hash.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from operator import attrgetter

from labour_book.database import Db, reading_replica
from labour_book.domain.evidence import STALE_AFTER_MONTHS
from labour_book.domain.months import Month
from labour_book.domain.statistics import (
    COUNTRY,
    Basis,
    Cell,
    Dimension,
    Move,
    due_months,
    is_final,
)
from labour_book.errors import Conflict
from labour_book.queries import books, statistics, statistics_rows
from labour_book.queries.statistics import MonthOnFile
from labour_book.queries.statistics_rows import Some
from labour_book.registers import counting
from labour_book.registers.linking import Engine
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role, deed

PORTION = 200_000
"""People who are read at a time."""
MONTHS_AT_ONCE = 6
"""Months that are counted in one reading of all people."""
_CELL = attrgetter(*Cell.__slots__)
_MOVE = attrgetter(*Move.__slots__)


class CountedElsewhere(Conflict):
    """Another process has counted the same month and was quicker."""

    slug = "counted-elsewhere"
    title = "Another process has counted this month"
    title_vi = "Một tiến trình khác vừa đếm tháng này"


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting a month gave."""

    month: str
    cells: int
    moves: int
    content_hash: bytes
    is_changed: bool


def count(
    inst: Installation, *, by: Caller, now: datetime, portion: int = PORTION
) -> Iterator[Counted]:
    """Count the months that are due, oldest first; tell of each when it is kept.

    Raises:
        DeniedToRole: the caller is not the installation itself.
        CountedElsewhere: another process is at it.
    """
    with deed(inst.engine) as db:
        check_role(by, Action.STATISTICS_COUNT, now)
        reported = books.insurance_reported_through(db, now)
        on_file = {Month.parse(each.month): each for each in statistics.months(db)}
    if reported is None:
        return
    rules = inst.statistics
    finals = {month: each.is_final for month, each in on_file.items()}
    due = due_months(reported, finals, kept=rules.kept_months)
    for start in range(0, len(due), MONTHS_AT_ONCE):
        some = due[start : start + MONTHS_AT_ONCE]
        with _counted(inst, some, reported, portion) as engine:
            for month in some:
                yield _keep(inst, engine, month, reported, on_file.get(month), by=by, now=now)


def members(
    db: Db, inst: Installation, of: MonthOnFile, commune: str, group: tuple[Dimension, str, str]
) -> list[str]:
    """Return who of the residents of a commune is counted under a code of a dimension, and a sex.

    Without a sex, of either.
    """
    dimension, code, sex = group
    month, reported = Month.parse(of.month), Month.parse(of.reported_through)
    with _opened(db, inst, [month], reported) as engine:
        _look(db, engine, Some(commune=commune), month, month)
        return counting.members(engine, Basis.RESIDENTS, dimension, code, sex or None)


@contextmanager
def _counted(
    inst: Installation, months: Sequence[Month], reported: Month, portion: int
) -> Iterator[Engine]:
    """Open a database in memory in which everybody has been counted for some months."""
    with (
        reading_replica(inst.replica, inst.engine) as db,
        _opened(db, inst, months, reported) as engine,
    ):
        some = statistics_rows.next_people(db, None, limit=portion)
        while some is not None:
            _look(db, engine, some, months[0], months[-1])
            counting.count(engine)
            some = statistics_rows.next_people(db, some.until, limit=portion)
        yield engine


def _opened(
    db: Db, inst: Installation, months: Sequence[Month], reported: Month
) -> AbstractContextManager[Engine]:
    return counting.open_counting(
        inst.places,
        statistics_rows.firms(db),
        months,
        reported=reported,
        stale=STALE_AFTER_MONTHS,
    )


def _look(db: Db, engine: Engine, some: Some, first: Month, last: Month) -> None:
    """Read some people, with what they were in the month before the first."""
    span = (first.plus(-1), last)
    tables = counting.TABLES
    counting.look(engine, {each: statistics_rows.rows(db, each, some, *span) for each in tables})


def _keep(
    inst: Installation,
    engine: Engine,
    month: Month,
    reported: Month,
    before: MonthOnFile | None,
    *,
    by: Caller,
    now: datetime,
) -> Counted:
    cells, moves = counting.cells(engine, month), counting.moves(engine, month)
    digest = hash_of(month, cells, moves)
    is_changed = before is None or before.content_hash != digest
    row = {
        "is_final": is_final(month, reported, settling=inst.statistics.settling_months),
        "residents": _people(cells, Basis.RESIDENTS),
        "workers": _people(cells, Basis.WORKERS),
        "content_hash": digest,
        "reported_through": str(reported),
        "revision": 1 if before is None else before.revision + is_changed,
        "prepared_at": now,
    }
    with deed(inst.engine) as db:
        _note(db, str(month), before, row)
        if is_changed:
            statistics.replace_numbers(db, str(month), cells, moves)
        detail: dict[str, str | int] = {"month": str(month), "hash": digest.hex()}
        trace(db, by, Action.STATISTICS_COUNT, at=now, purpose="statistics", detail=detail)
    return Counted(str(month), len(cells), len(moves), digest, is_changed)


def _note(db: Db, month: str, before: MonthOnFile | None, row: dict[str, object]) -> None:
    if before is None:
        was_first = statistics.add_month(db, {"month": month} | row)
    else:
        was_first = statistics.change_month(db, month, before.revision, row)
    if not was_first:
        raise CountedElsewhere


def hash_of(month: Month, cells: Sequence[Cell], moves: Sequence[Move]) -> bytes:
    """Return the hash by which the numbers of a month are known: of their lines, in order."""
    digest = sha256(f"{month}\n".encode())
    for cell in sorted(cells):
        digest.update(f"{_CELL(cell)}\n".encode())
    for move in sorted(moves):
        digest.update(f"{_MOVE(move)}\n".encode())
    return digest.digest()


def _people(cells: Sequence[Cell], basis: Basis) -> int:
    return sum(
        each.people
        for each in cells
        if (each.basis, each.place_code, each.dimension) == (basis, COUNTRY, Dimension.AGE)
    )
