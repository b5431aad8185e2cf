"""What one fact says about when somebody worked: months as ordinals, clipped to the book's day."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from labour_book.domain.assurance import Source
from labour_book.domain.facts import EmploymentFact, InsuranceFact
from labour_book.domain.months import Month, MonthSet, ordinal_set
from labour_book.errors import Invalid

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Việt Nam has one time zone and no summer time."""
_FIRST_YEAR, _LAST_YEAR = 1900, 9998
"""Within which every day has a beginning and an end in any time zone."""

_RANKS = {
    Source.DECISION: 6,
    Source.CONTRACT_PLATFORM: 5,
    Source.INSURANCE: 4,
    Source.EMPLOYER: 3,
    Source.PAPER_BOOK: 2,
    Source.FORM03: 1,
    Source.WORKER: 0,
}
_INSURANCE_RANK = _RANKS[Source.INSURANCE]
_DATES = True
STALE_AFTER_MONTHS = 2
"""Months an open insurance range may go without a word while the register goes on reporting.

So much silence may be a late report; more is a range that nobody closed.
"""
_WEAKEST_RANK_THAT_DATES = _RANKS[Source.EMPLOYER]


class Evidence(NamedTuple):
    """One fact, and the first and last month (ordinals, inclusive) it says somebody worked."""

    fact: EmploymentFact | InsuranceFact
    source: Source
    rank: int
    dates: bool
    """Whether the source is good enough to say when a spell began and ended."""
    first: int
    last: int
    running: bool
    """Still so on the book's day, as far as this fact knows."""
    reported: MonthSet = 0
    """Of an insurance range, the months that the register has reported."""
    stale: bool = False
    """Of an insurance range, whether it is open only because nobody has closed it."""
    ended: bool = False
    """Whether it is open, and ends only because the employer has declared the end since."""


@lru_cache(maxsize=8192)
def vietnam_day(instant: datetime) -> date:
    """Return the calendar day of an instant in Việt Nam; one without a zone is taken as UTC."""
    aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    return aware.astimezone(VIETNAM).date()


def start_of(day: date) -> datetime:
    """Return the instant at which a calendar day begins in Việt Nam.

    Raises:
        Invalid: no clock counts so far back or ahead.
    """
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Invalid("that day is too far away", cause="SPAN")
    return datetime.combine(day, time.min, VIETNAM)


def reported_through(insurance: Iterable[InsuranceFact], as_of: date, given: Month | None) -> int:
    """Return the ordinal of the last month the insurance register has reported by a day.

    ``given`` is what the register's latest extract says of itself. Without it a running range
    tells (the month before it was stated); without one, the month before the book's day counts.
    """
    this_month = Month.of_day(as_of).ordinal
    through = this_month - 1
    closed = 0
    stated = 0
    for fact in insurance:
        if fact.last_month is None:
            stated = max(stated, _stated_through(fact))
        elif closed < fact.last_month.ordinal <= this_month:
            closed = fact.last_month.ordinal
    told = given.ordinal if given is not None else stated or through
    return max(min(told, through), closed)


def is_stale(fact: InsuranceFact, reported: int) -> bool:
    """Say whether an open range has not been restated while the register went on reporting.

    ``reported`` is the ordinal of the register's last month.
    """
    return fact.last_month is None and reported - _stated_in(fact) > STALE_AFTER_MONTHS


def covered(fact: InsuranceFact, reported: int) -> MonthSet:
    """Return the months of an insurance range that the register has reported."""
    last = _stated_through(fact) if fact.last_month is None else fact.last_month.ordinal
    return ordinal_set(fact.first_month.ordinal, min(last, reported))


def of_insurance(
    fact: InsuranceFact, reported: MonthSet, this_month: int, *, stale: bool = False
) -> Evidence | None:
    """Return what an insurance range says of work; None for voluntary or not yet begun ones.

    A stale range ends with the last month it is known of: nobody says that it still runs.
    """
    first = fact.first_month.ordinal
    if "VOL" in fact.funds or first > this_month:
        return None
    if fact.last_month is not None:
        last = fact.last_month.ordinal
    else:
        last = _stated_through(fact) if stale else this_month
    running = last > this_month or (fact.last_month is None and not stale)
    until = this_month if running else max(first, last)
    return Evidence(
        fact, Source.INSURANCE, _INSURANCE_RANK, _DATES, first, until, running, reported, stale
    )


def of_employment(fact: EmploymentFact, as_of: date) -> Evidence | None:
    """Return what an employment fact says; None if it begins after the book's day.

    A planned end that has passed without a stated one counts as the end: if the work went on,
    other facts say so.
    """
    begins = fact.first_day.first_possible
    if begins > as_of:
        return None
    first = Month.of_day(begins).ordinal
    ends = None if fact.last_day is None else fact.last_day.last_possible
    running = fact.running if ends is None else ends > as_of
    last = first if ends is None else Month.of_day(ends).ordinal
    if running:
        last = Month.of_day(as_of).ordinal
    rank = _RANKS.get(fact.source, 0)
    dates = rank >= _WEAKEST_RANK_THAT_DATES
    return Evidence(fact, fact.source, rank, dates, first, max(first, last), running)


def _stated_through(fact: InsuranceFact) -> int:
    return _stated_in(fact) - 1


def _stated_in(fact: InsuranceFact) -> int:
    return Month.of_day(vietnam_day(fact.stated_at)).ordinal
