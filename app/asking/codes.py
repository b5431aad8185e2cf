"""Codes looked up by name, and names looked up by code."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.answers import Occupation, Place
from app.client import Client
from app.reading import read_all

WORKPLACE, OCCUPATION = "workplace", "occupation_code"
AT_ONCE = 12
"""Results on a screen."""
ALL = 60
"""More than the list of occupations has."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A code with its name, and what helps to tell it from others."""

    code: str
    name: str
    about: str = ""


async def find(client: Client, field: str, typed: str, limit: int = AT_ONCE) -> tuple[Coded, ...]:
    """Return what a field could hold, the nearest to what was typed first."""
    params = {"q": typed, "limit": limit}
    if field == WORKPLACE:
        told = await client.told("GET", "/places", params=params)
        places = read_all(Place, told["places"])
        return tuple(Coded(each.code, each.name, each.formerly) for each in places)
    told = await client.told("GET", "/occupations", params=params)
    occupations = read_all(Occupation, told["occupations"])
    return tuple(Coded(each.code, each.name, each.group) for each in occupations)


async def names(client: Client, held: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the names of codes, each under its field and itself; without those not found."""
    found: dict[tuple[str, str], str] = {}
    for field, code in sorted(set(held)):
        for each in await find(client, field, code, 1) if code else ():
            if each.code == code:
                found[field, code] = each.name
    return found
