"""Numbers of the union's list as they were counted, firm by firm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.months import Month
from labour_book.queries.guards import inserting
from labour_book.queries.portions import among
from labour_book.queries.rows import table_of
from labour_book.tables import UnionFigure

_FIGURE = table_of(UnionFigure)
_COUNTED = ("workers", "owed", "undeclared", "vnd", "months", "wage_unknown", "law_unknown")


@dataclass(frozen=True, slots=True)
class FigureOnFile:
    """What is at stake at a firm, over all workers; ``months`` are those that ``vnd`` is of."""

    firm: str
    workers: int
    owed: int
    undeclared: int
    vnd: int
    months: int
    wage_unknown: int
    law_unknown: int
    prepared_at: datetime


_COLUMNS = tuple(_FIGURE.c[name] for name in FigureOnFile.__slots__)


def figures_of(db: Db, codes: Sequence[str], reported: Month) -> dict[str, FigureOnFile]:
    """Return the numbers of some firms, as far as they were counted through that month."""
    query = (
        sa.select(*_COLUMNS)
        .where(among(db, _FIGURE.c.firm, codes), _FIGURE.c.reported == str(reported))
        .order_by(_FIGURE.c.firm)
    )
    return {row.firm: FigureOnFile(*row) for row in db.execute(query)}


def keep(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the numbers of some firms, in place of what was counted before."""
    if not rows:
        return
    statement = inserting(db, _FIGURE).values([dict(each) for each in rows])
    names = (*_COUNTED, "reported", "prepared_at")
    anew = {name: statement.excluded[name] for name in names}
    db.execute(statement.on_conflict_do_update(index_elements=[_FIGURE.c.firm], set_=anew))


def forget_before(db: Db, at: datetime) -> int:
    """Forget firms that were not counted any more; return how many."""
    done = db.execute(sa.delete(_FIGURE).where(_FIGURE.c.prepared_at < at))
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
