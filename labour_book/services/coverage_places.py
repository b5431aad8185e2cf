"""Which places an official may see numbers of: the own unit's, and what lies in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from labour_book.database import Db
from labour_book.queries import units
from labour_book.queries.coverage_counts import COUNTRY
from labour_book.queries.units import UnitRow
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import NotFoundForCaller, Refusal

__all__ = [
    "COUNTRY",
    "Place",
    "codes_in",
    "lies_in",
    "place_by_code",
    "place_of_unit",
    "seen_place",
    "seen_places",
]

PlaceKind = Literal["country", "province", "commune"]
NAME_OF_COUNTRY = "Việt Nam"


@dataclass(frozen=True, slots=True)
class Place:
    """The country, a province or a commune."""

    kind: PlaceKind
    code: str
    name: str


def seen_place(
    db: Db, inst: Installation, caller: Caller, code: str, *, action: Action, now: datetime
) -> Place:
    """Return a place by its code, if the caller may see its numbers; without a code the own one.

    Raises:
        NotFoundForCaller: there is no such place, or it is not the caller's to see.
    """
    (place,) = seen_places(db, inst, caller, [code], action=action, now=now)
    return place


def seen_places(
    db: Db,
    inst: Installation,
    caller: Caller,
    codes: Sequence[str],
    *,
    action: Action,
    now: datetime,
) -> list[Place]:
    """Return places by their codes, if the caller may see the numbers of all of them.

    Raises:
        NotFoundForCaller: there is no such place, or one is not the caller's to see.
    """
    own = _own_place(db, inst, caller)
    known = {"", COUNTRY} | inst.places.provinces.keys() | inst.places.communes.keys()
    if own is not None and known.issuperset(codes):
        found = [place_by_code(inst, each) if each else own for each in codes]
        if all(lies_in(inst, each, own) and _may(caller, each) for each in found):
            return found
    raise NotFoundForCaller(Refusal(caller, action, None, "statistics", now, "NOT_THEIRS"))


def _may(caller: Caller, place: Place) -> bool:
    return not (caller.kind == "machine" and place.kind == "commune")


def place_of_unit(inst: Installation, unit: UnitRow) -> Place:
    """Return the place that a unit serves."""
    return place_by_code(inst, unit.place_code or COUNTRY)


def lies_in(inst: Installation, place: Place, other: Place) -> bool:
    """Say whether a place is another one or lies in it."""
    if other.kind == "country" or place.code == other.code:
        return True
    commune = inst.places.communes.get(place.code)
    return commune is not None and commune.province_code == other.code


def codes_in(inst: Installation, place: Place) -> list[Place]:
    """Return the places right inside one, in order of code."""
    if place.kind == "country":
        return [place_by_code(inst, each) for each in sorted(inst.places.provinces)]
    communes = sorted(inst.places.communes.values(), key=lambda each: each.code)
    return [
        Place("commune", each.code, each.full_name)
        for each in communes
        if place.kind == "province" and each.province_code == place.code
    ]


def place_by_code(inst: Installation, code: str) -> Place:
    """Return the place with a code; one that no list knows is a commune with nothing in it."""
    if code == COUNTRY:
        return Place("country", COUNTRY, NAME_OF_COUNTRY)
    if code in inst.places.provinces:
        return Place("province", code, inst.places.provinces[code])
    commune = inst.places.communes.get(code)
    if commune is None:
        return Place("commune", code, code)
    province = inst.places.provinces[commune.province_code]
    return Place("commune", code, f"{commune.full_name}, {province}")


def _own_place(db: Db, inst: Installation, caller: Caller) -> Place | None:
    """Return the place whose numbers a caller may see; None for officials without a unit."""
    if caller.kind != "official":
        return place_by_code(inst, COUNTRY)
    unit = units.unit(db, caller.unit_code or "")
    return None if unit is None else place_of_unit(inst, unit)
