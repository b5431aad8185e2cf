"""Measures the four numbers of the day: right, complete, clean, alive (đúng, đủ, sạch, sống).

Right: matched by the population register, of all living people on file. Complete: no field that
the law asks for is missing. Clean: no open finding that makes a record unclean. Alive: how long
ago, in the median, somebody last said something of a person's work.
"""

from datetime import datetime, timedelta
from itertools import pairwise

from labour_book.database import Db
from labour_book.domain.check_rules import unclean_codes
from labour_book.domain.completeness import fields_on
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import quality_snapshots
from labour_book.queries.quality_snapshots import Measure

KINDS = ("country", "province", "commune", "register", "employer")
FEWEST = 5
"""People of an employer below which no numbers of it are kept."""
KEPT_DAILY = timedelta(days=400)
"""Then only the first day of each month is kept; of the country every day."""


def next_kind(before: str) -> str | None:
    """Return the kind of scope that is measured after another; None after the last one."""
    return KINDS[0] if not before else dict(pairwise(KINDS)).get(before)


def measure(db: Db, kind: str, *, now: datetime) -> None:
    """Measure one kind of scope for today."""
    day = vietnam_day(now)
    if kind == KINDS[-1]:
        quality_snapshots.forget_days(db, day - KEPT_DAILY)
    fields = [name for name, _ in fields_on(day)]
    quality_snapshots.measure(db, kind, Measure(day, unclean_codes(), fields, FEWEST, now))
