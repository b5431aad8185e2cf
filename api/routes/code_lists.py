"""Looking up codes by name: communes and occupations, with since when their list is in force."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.problems import problems
from labour_book.domain.finding_codes import find_occupations, find_places
from labour_book.errors import Invalid
from labour_book.services.code_lists import COMMUNES, OCCUPATIONS, code_list

router = APIRouter(tags=["code lists"])

LONGEST = 120
"""Characters of what is looked for."""
MOST = 60
"""Results at once; the whole list of occupations is shorter."""

Typed = Annotated[
    str,
    Query(
        max_length=LONGEST,
        description="A name or the beginning of its words, or a code; tones may be left out.",
        examples=["hong ha"],
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST)]


class PlaceOut(BaseModel):
    """A commune of today."""

    code: str = Field(examples=["00097"])
    name: str = Field(examples=["Phường Hồng Hà, Thành phố Hà Nội"])
    formerly: str = Field(
        description="The unit that was looked for and went into this one; else empty.",
        examples=["Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội"],
    )


class OccupationOut(BaseModel):
    """An occupation of the national list."""

    code: str = Field(examples=["83"])
    name: str = Field(examples=["Lái xe và thợ vận hành thiết bị chuyên dụng"])
    group: str = Field(
        description="What it belongs to; empty for a group itself.",
        examples=["Thợ lắp ráp và vận hành máy móc, thiết bị"],
    )


class InForceOut(BaseModel):
    """Since when, and until when, the codes of a list mean what they mean."""

    valid_from: date = Field(examples=["2025-07-01"])
    valid_to: date | None = Field(description="Inclusive; none while it is in force.")
    source: str = Field(examples=["QĐ 19/2025/QĐ-TTg"])


class PlacesOut(BaseModel):
    """Communes, the nearest to what was typed first."""

    in_force: InForceOut
    places: list[PlaceOut]


class OccupationsOut(BaseModel):
    """Occupations, the nearest to what was typed first."""

    in_force: InForceOut
    occupations: list[OccupationOut]


@router.get("/places", responses=problems(Invalid))
def places(q: Typed = "", limit: Limit = 20) -> PlacesOut:
    """Find communes of today, also by what they were called until 2025-06-30."""
    found = [
        PlaceOut(code=each.code, name=each.name, formerly=each.formerly)
        for each in find_places(q, limit)
    ]
    return PlacesOut(in_force=_in_force(COMMUNES), places=found)


@router.get("/occupations", responses=problems(Invalid))
def occupations(q: Typed = "", limit: Limit = 20) -> OccupationsOut:
    """Find occupations; with nothing typed, return the list from its beginning."""
    found = [
        OccupationOut(code=each.code, name=each.name, group=each.group)
        for each in find_occupations(q, limit)
    ]
    return OccupationsOut(in_force=_in_force(OCCUPATIONS), occupations=found)


def _in_force(name: str) -> InForceOut:
    known, _ = code_list(name, 1)
    return InForceOut(valid_from=known.first_day, valid_to=known.last_day, source=known.source)
