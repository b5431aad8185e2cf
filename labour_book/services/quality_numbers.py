"""How well corrections are handled, unit by unit. Numbers only; nobody is named."""

from datetime import date, datetime, timedelta

from labour_book.database import Db
from labour_book.domain.evidence import start_of, vietnam_day
from labour_book.errors import Invalid
from labour_book.queries import oversight, units
from labour_book.queries.oversight import UnitNumbers
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role

__all__ = ["UnitNumbers", "by_unit", "span_of"]

LONGEST_SPAN = timedelta(days=366)


def by_unit(
    db: Db, caller: Caller, *, first_day: date, last_day: date, now: datetime
) -> list[UnitNumbers]:
    """Return how the caller's unit and those below it decided in a span of days, both included.

    Raises:
        Invalid: the span is longer than a year, or ends before it begins.
        DeniedToRole: the caller oversees nothing.
    """
    check_role(caller, Action.CASE_OVERSEE, now)
    first, end = span_of(first_day, last_day)
    below = units.codes_below(db, caller.unit_code or "", vietnam_day(now))
    found = oversight.numbers_by_unit(db, below, first, end)
    trace(
        db,
        caller,
        Action.CASE_OVERSEE,
        at=now,
        purpose="quality",
        detail={"units": len(found), "first_day": str(first_day), "last_day": str(last_day)},
    )
    return found


def span_of(first_day: date, last_day: date) -> tuple[datetime, datetime]:
    """Return the instants at which a span of days in Viet Nam begins and is over.

    Raises:
        Invalid: the span is longer than a year, or ends before it begins.
    """
    if not timedelta() <= last_day - first_day <= LONGEST_SPAN:
        raise Invalid("a span of days is at most a year long", cause="SPAN")
    return start_of(first_day), start_of(last_day) + timedelta(days=1)
