"""Checks that compare across everybody: wages of one occupation, shared phones, officials' deeds.

Each says how far a number is from its usual range, and what the range is made of; nobody is
judged by it. Below ``FEWEST_PEERS`` nothing is said: there is no usual range yet.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from math import log

from labour_book.database import Db
from labour_book.domain.check_rules import TENTHS, Found, rules, shown_tenths
from labour_book.domain.evidence import STALE_AFTER_MONTHS, vietnam_day
from labour_book.domain.firm_checks import decimal
from labour_book.domain.months import Month
from labour_book.domain.robust import (
    counted_deviation,
    counted_median,
    median,
    median_deviation,
    robust_z,
)
from labour_book.queries import conduct, quality_marks
from labour_book.services.noting_findings import note

RULES = (
    "WAGE_OUTLIER",
    "ONE_PHONE_MANY_PEOPLE",
    "APPROVALS_UNUSUAL",
    "DECISIONS_TOO_QUICK",
    "LOOKUPS_WITHOUT_CASE",
)
FEWEST_PEERS = 5
DECISIONS_SPAN = timedelta(days=90)
LOOKUPS_SPAN = timedelta(days=30)
CASE_SPAN = timedelta(days=120)
"""A case that ended longer ago is no reason to open a book."""
QUICK_SECONDS = 60
LEAST_WAGE_DEVIATION = 0.05
"""On the logarithm: 5 per cent, where nearly all wages are the same."""
LEAST_POINTS = 2.0
"""Per cent of approvals that colleagues differ by anyway."""
LEAST_LOOKUPS = 3.0
_PER_CENT = 100
Thresholds = Mapping[str, int]
Group = tuple[str, str]
"""An occupation and a province."""


def check_rest(db: Db, thresholds: Thresholds, reported: Month, *, now: datetime) -> int:
    """Keep what these rules find now; return how many findings that is."""
    found = [
        *_wages(db, thresholds["WAGE_OUTLIER"], reported, now),
        *_phones(db, thresholds["ONE_PHONE_MANY_PEOPLE"]),
        *_decisions(db, thresholds, now),
        *_lookups(db, thresholds["LOOKUPS_WITHOUT_CASE"], now),
    ]
    return note(db, RULES, None, found, now=now)


def _wages(db: Db, limit: int, reported: Month, now: datetime) -> Iterator[Found]:
    """Compare each wage with those of its occupation and province: first counted, then one by one.

    Of people, one is in memory at a time; of a group, how many there are and what is usual.
    """
    oldest, on = str(reported.plus(-STALE_AFTER_MONTHS)), vietnam_day(now)
    usual = dict(_usual_wages(conduct.wage_counts(db, oldest, on)))
    for key, wage in conduct.wages(db, oldest, on):
        if key not in usual:
            continue
        people, middle, deviation = usual[key]
        z = robust_z(log(wage.vnd), middle, deviation)
        if abs(z) * TENTHS < limit:
            continue
        occupation, province = key
        detail: dict[str, str | int] = {
            "side": "high" if z > 0 else "low",
            "people": people,
            "occupation": occupation,
            "province": province,
            "z": decimal(abs(z)),
            "threshold": shown_tenths(limit),
        }
        yield Found("WAGE_OUTLIER", str(wage.person_id), detail, "", wage.commune_code)


def _usual_wages(
    groups: Iterable[tuple[Group, Sequence[tuple[int, int]]]],
) -> Iterator[tuple[Group, tuple[int, float, float]]]:
    """Yield of each group that is large enough its people, the median, and the deviation."""
    minimum = rules()["WAGE_OUTLIER"].minimum
    for key, counted in groups:
        people = sum(count for _, count in counted)
        if people >= minimum:
            ordered = [(log(vnd), count) for vnd, count in counted]
            middle = counted_median(ordered)
            deviation = max(counted_deviation(ordered, middle), LEAST_WAGE_DEVIATION)
            yield key, (people, middle, deviation)


def _phones(db: Db, limit: int) -> Iterator[Found]:
    rows = quality_marks.sharing_a_phone(db, limit // TENTHS)
    for index, people in groupby(rows, key=lambda row: row[0]):
        communes = Counter(commune for _, _, commune in people)
        ((most, _),) = communes.most_common(1)
        detail: dict[str, str | int] = {
            "people": communes.total(),
            "communes": len(communes),
            "threshold": shown_tenths(limit),
        }
        yield Found("ONE_PHONE_MANY_PEOPLE", index.hex(), detail, "", most)


def _decisions(db: Db, thresholds: Thresholds, now: datetime) -> Iterator[Found]:
    minimum = rules()["APPROVALS_UNUSUAL"].minimum
    made = conduct.decisions(db, now - DECISIONS_SPAN, seconds=QUICK_SECONDS)
    busy = [each for each in made if each.decided >= minimum]
    shares = sorted(_PER_CENT * each.approved / each.decided for each in busy)
    for each in busy:
        yield from _approvals(each, shares, thresholds["APPROVALS_UNUSUAL"])
        limit = thresholds["DECISIONS_TOO_QUICK"]
        if _PER_CENT * TENTHS * each.quick >= limit * each.decided:
            detail: dict[str, str | int] = {
                "quick": each.quick,
                "decided": each.decided,
                "seconds": QUICK_SECONDS,
                "share": round(_PER_CENT * each.quick / each.decided),
                "threshold": shown_tenths(limit),
            }
            yield Found("DECISIONS_TOO_QUICK", each.account, detail, "", unit_code=each.unit_code)


def _approvals(each: conduct.Decisions, shares: list[float], limit: int) -> Iterator[Found]:
    if len(shares) <= FEWEST_PEERS:
        return
    share, middle = _PER_CENT * each.approved / each.decided, median(shares)
    deviation = max(median_deviation(shares, middle), LEAST_POINTS)
    z = robust_z(share, middle, deviation)
    if z * TENTHS < limit:
        return
    detail: dict[str, str | int] = {
        "approved": each.approved,
        "decided": each.decided,
        "share": round(share),
        "peers": len(shares) - 1,
        "median": decimal(middle),
        "mad": decimal(deviation),
        "z": decimal(z),
        "threshold": shown_tenths(limit),
    }
    yield Found("APPROVALS_UNUSUAL", each.account, detail, "", unit_code=each.unit_code)


def _lookups(db: Db, limit: int, now: datetime) -> Iterator[Found]:
    minimum = rules()["LOOKUPS_WITHOUT_CASE"].minimum
    found = conduct.lookups(db, now - LOOKUPS_SPAN, now - CASE_SPAN)
    for _, same in groupby(sorted(found, key=_by_role), key=lambda each: each.role):
        peers = list(same)
        counts = sorted(float(each.without) for each in peers)
        middle = median(counts)
        deviation = max(median_deviation(counts, middle), LEAST_LOOKUPS)
        for each in peers:
            z = robust_z(each.without, middle, deviation)
            if len(peers) <= FEWEST_PEERS or each.without < minimum or z * TENTHS < limit:
                continue
            detail: dict[str, str | int] = {
                "days": LOOKUPS_SPAN.days,
                "opened": each.opened,
                "without": each.without,
                "peers": len(peers) - 1,
                "median": decimal(middle),
                "z": decimal(z),
                "threshold": shown_tenths(limit),
            }
            yield Found("LOOKUPS_WITHOUT_CASE", each.account, detail, "", unit_code=each.unit_code)


def _by_role(each: conduct.Lookups) -> tuple[str, str]:
    return each.role, each.account
