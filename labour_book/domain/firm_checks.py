"""Checks sums over the people of an enterprise: how many, since when, and how that changed. Pure.

Nothing here knows a person. Months are ordinals, as in ``domain.months``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from labour_book.domain.check_rules import TENTHS, Detail, Found, rules, shown_tenths
from labour_book.domain.employers import is_gone
from labour_book.domain.months import Month
from labour_book.domain.robust import deviation_of, median, robust_z

YEARS_BACK = 3
RECENT_MONTHS = 12
"""Only what happened in the last year is told of; older months say what is usual."""
FEWEST_MONTHS = 12
"""Below so many months nobody knows what is usual at a firm."""
ONE_PERSON = 1.0
"""The least deviation that means anything: a firm whose number never changed may still hire one."""
_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """How many people an enterprise has now, by whom."""

    code: str
    """Of the enterprise itself; its branches count with it."""
    commune_code: str | None
    expected: int | None
    """As stated at its registration."""
    status: str | None
    since: date | None
    insured: int
    """With contributions or arrears running and reported lately."""
    arrears: int
    """Of those, how many are owed."""
    ours: int
    """With a running contract or the employer's own filing."""
    uninsured: int
    """Of those, how many have no running contributions here although two months have passed."""


@dataclass(frozen=True, slots=True)
class Headcounts:
    """Insured people of a firm, month by month."""

    first: int
    counts: tuple[int, ...]

    def change(self, index: int) -> int:
        return self.counts[index] - self.counts[index - 1]


Thresholds = Mapping[str, int]
"""In tenths, by rule."""


def headcounts(begun: Mapping[int, int], ended: Mapping[int, int], reported: int) -> Headcounts:
    """Return the insured people per month, from ranges that began in and ended with a month.

    A range that ends in a month still counts in it. Months after the last reported one are left
    out, and so is what began earlier than all others say.
    """
    if not begun:
        return Headcounts(reported + 1, ())
    first = min(begun)
    net = [begun.get(m, 0) - ended.get(m - 1, 0) for m in range(first, reported + 1)]
    return Headcounts(first, tuple(accumulate(net)))


def checked_firm(firm: Standing, counts: Headcounts, thresholds: Thresholds) -> Iterator[Found]:
    """Yield what the rules find in the numbers of an enterprise."""
    yield from _of_standing(firm, thresholds)
    vanished = _vanished(counts, thresholds["FIRM_WORKERS_VANISH"])
    if vanished is not None:
        yield _found(firm, "FIRM_WORKERS_VANISH", vanished)
    jump = _jump(counts, thresholds["HEADCOUNT_JUMP"])
    if jump is not None and (vanished is None or jump["month"] != vanished["month"]):
        yield _found(firm, "HEADCOUNT_JUMP", jump)


def _of_standing(firm: Standing, thresholds: Thresholds) -> Iterator[Found]:
    numbers: dict[str, str | int] = {"insured": firm.insured, "ours": firm.ours}
    if is_gone(firm.status):
        if firm.insured + firm.ours >= rules()["FIRM_GONE_WITH_INSURED"].minimum:
            closed = "…" if firm.since is None else str(Month.of_day(firm.since))
            yield _found(firm, "FIRM_GONE_WITH_INSURED", numbers | {"closed": closed})
        return
    expected, limit = firm.expected or 0, thresholds["FIRM_HEADCOUNT_GAP"]
    if expected >= rules()["FIRM_HEADCOUNT_GAP"].minimum and _share(firm.insured, expected) < limit:
        detail: Detail = numbers | {"expected": expected, "threshold": shown_tenths(limit)}
        yield _found(firm, "FIRM_HEADCOUNT_GAP", detail)
    for rule, part, whole, name in (
        ("FIRM_CONTRACTS_UNINSURED", firm.uninsured, firm.ours, "uninsured"),
        ("FIRM_ARREARS", firm.arrears, firm.insured, "arrears"),
    ):
        limit = thresholds[rule]
        if part >= rules()[rule].minimum and _share(part, whole) >= limit:
            share = round(_PER_CENT * part / whole)
            detail = numbers | {name: part, "share": share, "threshold": shown_tenths(limit)}
            yield _found(firm, rule, detail)


def _vanished(counts: Headcounts, limit: int) -> dict[str, str | int] | None:
    """Return the month of the last year in which the largest share stopped, if it is large."""
    minimum = rules()["FIRM_WORKERS_VANISH"].minimum
    falls = [
        (_share(-counts.change(each), counts.counts[each - 1]), each)
        for each in _recent(counts)
        if -counts.change(each) >= minimum
    ]
    if not falls or max(falls)[0] < limit:
        return None
    share, index = max(falls)
    return _month(counts, index) | {
        "share": round(share / TENTHS),
        "threshold": shown_tenths(limit),
    }


def _jump(counts: Headcounts, limit: int) -> dict[str, str | int] | None:
    """Return the month of the last year that is farthest from a usual one, if it is far."""
    usual = range(max(1, len(counts.counts) - 12 * YEARS_BACK), len(counts.counts))
    changes = [counts.change(each) for each in usual]
    if len(changes) < FEWEST_MONTHS:
        return None
    middle = median(sorted(changes))
    deviation = max(deviation_of(changes, middle), ONE_PERSON)
    minimum = rules()["HEADCOUNT_JUMP"].minimum
    far = [
        (abs(robust_z(counts.change(each), middle, deviation)), each)
        for each in _recent(counts)
        if abs(counts.change(each)) >= minimum
    ]
    if not far or max(far)[0] * TENTHS < limit:
        return None
    z, index = max(far)
    return _month(counts, index) | {
        "change": f"{counts.change(index):+d}",
        "median": decimal(middle),
        "mad": decimal(deviation),
        "months": len(changes),
        "z": decimal(z),
        "threshold": shown_tenths(limit),
    }


def _recent(counts: Headcounts) -> range:
    return range(max(1, len(counts.counts) - RECENT_MONTHS), len(counts.counts))


def _month(counts: Headcounts, index: int) -> dict[str, str | int]:
    return {
        "month": str(Month(counts.first + index)),
        "before": counts.counts[index - 1],
        "after": counts.counts[index],
    }


def _share(part: int, whole: int) -> float:
    """Return a share in tenths of a per cent; of nothing, none."""
    return TENTHS * _PER_CENT * part / whole if whole > 0 else 0.0


def _found(firm: Standing, rule: str, detail: Mapping[str, str | int]) -> Found:
    return Found(rule, firm.code, detail, "", firm.commune_code)


def decimal(value: float) -> str:
    """Return a number with at most one decimal, as Vietnamese writes it."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")
