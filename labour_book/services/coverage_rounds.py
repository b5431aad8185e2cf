"""Counts coverage for the days that reports tell of, and proves that what was counted still stands.

A round is never changed. When much has arrived since, the day is counted anew as a further round;
reports that were made of the former one stay as they are.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from labour_book import data
from labour_book.database import Db
from labour_book.domain.coverage import Counts
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.errors import Invalid, NotFound
from labour_book.law.coverage import born_from, born_until
from labour_book.law.report_calendar import cut_offs
from labour_book.queries import coverage_counts
from labour_book.queries.coverage_counts import Ages, Moment, RoundOnFile
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role
from labour_book.services.recording import new_id
from signing import canonical_json

__all__ = ["DEFINITIONS", "RoundOnFile", "count", "count_due", "differences", "is_whole", "moment"]

DEFINITIONS = "2026-1"
"""Version of ``data/coverage_definitions.csv``: another word there is another version."""
MONTHS_BACK = 36
"""Before today, of which an installation that begins counts the ends of quarters."""
SETTLING, COUNTED_ANEW = timedelta(days=100), timedelta(days=7)
"""For so long after a day filings are late; until then it is counted anew after so long."""
PURPOSE = "NQ 125/NQ-CP"


def definitions() -> dict[str, dict[str, str]]:
    """Return what is counted in words, by indicator."""
    return {row["indicator"]: dict(row) for row in data.rows("coverage_definitions")}


def count(db: Db, caller: Caller, as_of: date, *, now: datetime) -> UUID:
    """Count the country of a day out of what is known now, and return the round; it is traced.

    Raises:
        DeniedToRole: the role does not count.
        Invalid: the day is no end of a month, or not over.
        LawNotModelled: the working age of that time is not known.
    """
    check_role(caller, Action.COVERAGE_COUNT, now)
    if as_of != Month.of_day(as_of).last_day or as_of >= vietnam_day(now):
        raise Invalid("only the last day of a month that is over is counted", cause="COVERAGE_DAY")
    round_id = new_id(now)
    row = {
        "id": round_id,
        "as_of": as_of,
        "number": coverage_counts.next_number(db, as_of),
        "known_at": now,
        "definitions": DEFINITIONS,
        "sha256": "",
        "by": caller.id,
    }
    coverage_counts.add_round(db, row)
    coverage_counts.count(db, round_id, moment(as_of, now))
    coverage_counts.put_hash(db, round_id, _hash_of(db, round_id))
    detail: dict[str, str | int] = {"as_of": as_of.isoformat(), "number": int(row["number"])}  # type: ignore[call-overload]  # put in just above
    trace(db, caller, Action.COVERAGE_COUNT, at=now, purpose=PURPOSE, detail=detail)
    return round_id


def count_due(db: Db, by: Caller, *, now: datetime) -> int:
    """Count the oldest day of which reports tell that is not counted yet; return how many.

    As long as late filings are likely, a day is counted anew each week. The clock calls it until
    it returns 0.

    Raises:
        DeniedToRole: the role does not count.
    """
    check_role(by, Action.COVERAGE_COUNT, now)
    today = vietnam_day(now)
    known = {each.as_of: each for each in coverage_counts.rounds(db, until=today, known_at=now)}
    first = Month.of_day(today).plus(-MONTHS_BACK).first_day
    for day in cut_offs(first, today - timedelta(days=1)):
        newest = known.get(day)
        settles = today - day <= SETTLING
        if newest is None or (settles and now - newest.known_at >= COUNTED_ANEW):
            count(db, by, day, now=now)
            return 1
    return 0


def is_whole(db: Db, round_id: UUID) -> bool:
    """Say whether the counts of a round still add up to its hash.

    Raises:
        NotFound: there is no such round.
    """
    return _found(db, round_id).sha256 == _hash_of(db, round_id)


def differences(db: Db, round_id: UUID) -> dict[str, tuple[Counts, Counts]]:
    """Count a round's moment anew; return communes that differ, with what stands and what is found.

    Facts of insurance that arrived or ended since change nothing, as they carry when they were
    known. Who has moved, or whose birth or death was put right since, does: that is not kept by
    time here, so the round as stored is what holds.

    Raises:
        NotFound: there is no such round.
    """
    found = _found(db, round_id)
    stored = coverage_counts.counts_of(db, round_id, "commune", None)
    anew = coverage_counts.counted_anew(db, moment(found.as_of, found.known_at))
    codes = sorted(stored.keys() | anew.keys())
    pairs = {code: (stored.get(code, Counts()), anew.get(code, Counts())) for code in codes}
    return {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}


def moment(as_of: date, known_at: datetime) -> Moment:
    """Return what is counted of a day out of what was known at an instant.

    Raises:
        LawNotModelled: the working age of that time is not known.
    """
    men, women = (_as_birth(born_from(sex, as_of)) for sex in ("M", "F"))
    return Moment(as_of, known_at, Ages(men, women, born_until(as_of).isoformat()))


def _as_birth(first: Month) -> str:
    """Return a month as the least birth date in it: of a year alone, its January counts."""
    return f"{first.year:04d}" if first.month == 1 else str(first)


def _found(db: Db, round_id: UUID) -> RoundOnFile:
    found = coverage_counts.round_by_id(db, round_id)
    if found is None:
        raise NotFound("there is no such count")
    return found


def _hash_of(db: Db, round_id: UUID) -> str:
    counted = [
        [kind, code, *(getattr(counts, name) for name in Counts.__slots__)]
        for kind, code, counts in coverage_counts.all_counts(db, round_id)
    ]
    return sha256(canonical_json(counted)).hexdigest()
