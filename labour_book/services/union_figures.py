"""Counts what the union's list says of each firm, so that the page need not.

A firm of ten thousands of workers takes seconds to count. Each batch of firms is read first and
kept after in a transaction of its own; counting again, or in two processes at once, comes to the
same. What is shown says when it was counted.
"""

from datetime import datetime
from typing import Any

from labour_book.database import reading
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import books, union_figures, union_list
from labour_book.queries.employers import employers_by_code
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role, deed
from labour_book.services.union_rows import FirmNumbers, closed_in, numbers_by_firm

__all__ = ["AT_ONCE", "count"]

AT_ONCE = 50
"""Firms."""


def count(inst: Installation, *, by: Caller, now: datetime, batch: int = AT_ONCE) -> int:
    """Count all firms on the list; return how many there are.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    with deed(inst.engine) as db:
        check_role(by, Action.STATISTICS_COUNT, now)
        listed = [each.code for each in union_list.firms_at_stake(db, vietnam_day(now))]
    for start in range(0, len(listed), batch):
        rows = _counted(inst, listed[start : start + batch], now)
        with deed(inst.engine) as db:
            union_figures.keep(db, rows)
    with deed(inst.engine) as db:
        union_figures.forget_before(db, now)
        detail: dict[str, str | int] = {"firms": len(listed)}
        trace(db, by, Action.STATISTICS_COUNT, at=now, purpose="union", detail=detail)
    return len(listed)


def _counted(inst: Installation, codes: list[str], now: datetime) -> list[dict[str, Any]]:
    with reading(inst.engine) as db:
        reported = books.insurance_counted_through(db, now)
        closed = closed_in(employers_by_code(db, codes), vietnam_day(now))
        numbers = numbers_by_firm(union_list.workers_of(db, codes, reported, closed))
    none = FirmNumbers()
    return [
        {
            "firm": code,
            "reported": str(reported),
            "workers": (found := numbers.get(code, none)).workers,
            "owed": found.owed,
            "undeclared": found.undeclared,
            "vnd": found.amount.vnd,
            "months": found.amount.months,
            "wage_unknown": found.amount.wage_unknown,
            "law_unknown": found.amount.law_unknown,
            "prepared_at": now,
        }
        for code in codes
    ]
