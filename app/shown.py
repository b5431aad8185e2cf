"""How dates, months, spans and amounts are written: the Vietnamese way, in both languages."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone

from app.texts import Say

VIETNAM = timezone(timedelta(hours=7))
YEAR = 12
"""Months."""


def day(value: date) -> str:
    """Return ``dd/mm/yyyy``."""
    return f"{value.day:02}/{value.month:02}/{value.year}"


def moment(value: datetime) -> str:
    """Return the time and day in Viet Nam."""
    local = value.astimezone(VIETNAM)
    return f"{local:%H:%M}, {day(local.date())}"


def partial(value: str) -> str:
    """Return a wire date, which may lack its day or month, the other way round."""
    return "/".join(reversed(value.split("-")))


def amount(value: int) -> str:
    """Return an amount with its thousands apart: 1.234.567."""
    return f"{value:,}".replace(",", ".")


def span(say: Say, months: int) -> str:
    """Return a number of months as years and months."""
    years, rest = divmod(months, YEAR)
    if not years:
        return say("span.months", months=rest)
    if not rest:
        return say("span.years", years=years)
    return say("span.both", years=years, months=rest)


def number_of(month: str) -> int:
    """Return the number of a wire month (or day), counted from the year 0."""
    year, _, rest = month.partition("-")
    return int(year) * YEAR + int(rest[:2] or 1) - 1


def name_of(number: int) -> str:
    """Return ``mm/yyyy`` for such a number."""
    year, month = divmod(number, YEAR)
    return f"{month + 1:02}/{year}"


def bounds(spread: str) -> tuple[int, int]:
    """Return the first and last number of a wire range, such as ``2021-03/2026-10``."""
    first, _, last = spread.partition("/")
    return number_of(first), number_of(last or first)


def months_in(ranges: Iterable[str]) -> set[int]:
    """Return the number of every month in wire ranges."""
    return {number for first, last in map(bounds, ranges) for number in range(first, last + 1)}


def range_shown(spread: str) -> str:
    """Return a wire range as ``mm/yyyy - mm/yyyy``."""
    first, last = bounds(spread)
    return name_of(first) if first == last else f"{name_of(first)} - {name_of(last)}"
