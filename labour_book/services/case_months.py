"""Months of insurance stated anew: what a decision says of some months, and the rest as it was."""

from collections.abc import Mapping, Sequence
from typing import Any

from labour_book.domain.months import Month

Row = dict[str, Any]
_ALL_FUNDS = {"fund_si": True, "fund_ui": True, "fund_hi": True, "fund_vol": False}
_NONE = "none"


def months_stated_anew(
    insured: Sequence[Row], accepted: Mapping[str, str], employer: Mapping[str, Any]
) -> tuple[list[Row], list[Row]]:
    """Return the ranges to void and those to state instead.

    Every range that touches the months is voided; what of it lies before and after them is stated
    again as it was. Of the months themselves it is said what was accepted, or nothing at all where
    there was no insurance.
    """
    first, last = Month.parse(accepted["first_month"]), Month.parse(accepted["last_month"])
    touched = [row for row in insured if _touches(row, first, last)]
    stated = [part for row in touched for part in _outside(row, first, last)]
    if accepted["status"] != _NONE:
        like = touched or list(insured)
        stated.append(_decided(like, accepted, employer))
    return touched, stated


def _touches(row: Row, first: Month, last: Month) -> bool:
    ends = row["last_month"]
    return Month.parse(row["first_month"]) <= last and (ends is None or first <= Month.parse(ends))


def _outside(row: Row, first: Month, last: Month) -> list[Row]:
    """Return what of a range lies before and after the months."""
    parts = []
    if Month.parse(row["first_month"]) < first:
        parts.append({**row, "last_month": str(first.plus(-1))})
    if row["last_month"] is None or last < Month.parse(row["last_month"]):
        parts.append({**row, "first_month": str(last.plus(1))})
    return parts


def _decided(like: Sequence[Row], accepted: Mapping[str, str], employer: Mapping[str, Any]) -> Row:
    before: Row = dict(like[-1]) if like else {"wage_base_vnd": 0, "position": "", **_ALL_FUNDS}
    before.pop("stated_at", None)  # the decision says it now
    return {
        **before,
        **employer,
        "first_month": accepted["first_month"],
        "last_month": accepted["last_month"],
        "status": accepted["status"],
    }
