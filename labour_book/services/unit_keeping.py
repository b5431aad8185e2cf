"""The tree of agencies (cây đơn vị), as an administrator keeps it: units begin and end on days.

A unit is never renamed nor moved: it ends, and another one begins, as the law does it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from re import fullmatch

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import accounts, units
from labour_book.queries.units import UnitRow
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_administers, check_role

__all__ = ["NewUnit", "UnitPage", "UnitRow", "end_unit", "open_unit", "units_under"]

PURPOSE = "units"
_CODE = r"[A-Z]{1,6}[0-9]{0,8}(-[0-9]{1,8})?"
_NAME_LENGTH = 200
BELOW = {
    "ministry": ("province",),
    "province": ("commune", "employment"),
    "insurance": ("insurance",),
    "union": ("union",),
    "commune": (),
    "employment": (),
}
"""Which kinds stand right under which."""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit, and those right under it, past ones too; at the top there is no unit."""

    unit: UnitRow | None
    children: list[UnitRow]


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that begins; it stands right under another one."""

    code: str
    name: str
    kind: str
    parent_code: str
    place_code: str | None
    first_day: date


def units_under(db: Db, by: Caller, code: str | None, *, now: datetime) -> UnitPage:
    """Return a unit with those right under it; without a code those at the top.

    Raises:
        NotFound: there never was such a unit.
        DeniedToRole: the caller keeps no units.
    """
    check_role(by, Action.UNIT_CHANGE, now)
    unit = None if code is None else units.unit(db, code)
    if code is not None and unit is None:
        raise NotFound("there is no such unit")
    return UnitPage(unit, units.children_of(db, code))


def open_unit(db: Db, by: Caller, new: NewUnit, *, now: datetime) -> None:
    """Let a unit begin.

    Raises:
        Invalid: code, name or kind do not fit, or the day is before the unit above it; or the place
            is not one that the unit above it serves.
        Conflict: the code was given out before; a code means one unit for ever.
        NotFound: there is no unit above it on that day.
        DeniedToRole: the unit above it is not the caller's.
    """
    check_administers(db, by, Action.UNIT_CHANGE, new.parent_code, now)
    above = units.unit(db, new.parent_code)
    if above is None or (above.valid_to is not None and above.valid_to < new.first_day):
        raise NotFound("there is no such unit above it")
    if not fullmatch(_CODE, new.code) or not 0 < len(new.name.strip()) <= _NAME_LENGTH:
        raise Invalid("a unit has a code of letters and digits, and a name")
    if new.kind not in BELOW[above.kind] or new.first_day < above.valid_from:
        raise Invalid("a unit of this kind does not stand under that one on that day")
    if not _is_within(db, new, above):
        raise Invalid("a unit serves a place of the unit above it")
    if units.unit(db, new.code) is not None:
        raise Conflict("the code was given out before")
    row = {
        "code": new.code,
        "name": new.name.strip(),
        "kind": new.kind,
        "parent_code": new.parent_code,
        "place_code": new.place_code,
        "valid_from": new.first_day,
    }
    units.add_units(db, [row])
    _trace(db, by, {"unit": new.code, "deed": "open"}, now)


def end_unit(db: Db, by: Caller, code: str, last_day: date, *, now: datetime) -> None:
    """Let a unit end with a day; its officials were moved, and the units under it ended, before.

    Raises:
        NotFound: there is no such unit.
        Conflict: it has an end, or officials, or units under it that go on.
        Invalid: the day is over, or before its first.
        DeniedToRole: it is not the caller's.
    """
    check_administers(db, by, Action.UNIT_CHANGE, code, now)
    today = vietnam_day(now)
    found = units.unit(db, code)
    if found is None:
        raise NotFound("there is no such unit")
    if last_day < max(today, found.valid_from):
        raise Invalid("a unit ends today or later")
    if accounts.has_open_accounts(db, code, today):
        raise Conflict("officials have their accounts in it")
    if any(_goes_on(each, last_day) for each in units.children_of(db, code)):
        raise Conflict("units under it go on")
    if not units.close_unit(db, code, last_day):
        raise Conflict("it has an end already")
    _trace(db, by, {"unit": code, "deed": "end", "last_day": last_day.isoformat()}, now)


def _is_within(db: Db, new: NewUnit, above: UnitRow) -> bool:
    """Say whether a unit serves nobody but people whom the unit above it serves."""
    if new.kind == "commune":
        place = new.place_code
        return place is not None and not units.lies_elsewhere(
            db, place, above.place_code, new.first_day
        )
    return above.place_code is None or new.place_code == above.place_code


def _goes_on(unit: UnitRow, day: date) -> bool:
    return unit.valid_to is None or unit.valid_to > day


def _trace(db: Db, by: Caller, facts: Mapping[str, str | int], now: datetime) -> None:
    trace(db, by, Action.UNIT_CHANGE, at=now, purpose=PURPOSE, detail=dict(facts))
