"""The structure of the labour force, and who moved: numbers about many, never about one."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Inst, Now
from api.problems import problems
from labour_book.domain.disclosure import TOTAL
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import statistics
from labour_book.services.access import NotSignedIn
from labour_book.services.statistics import Basis, Dimension, Kind, MonthOnFile

router = APIRouter(tags=["statistics"])

ASKED = problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable)
Unit = Annotated[str, Query(max_length=24, examples=["BNV"], description="Empty: the own one.")]
MonthText = Annotated[str, Query(max_length=7, description="YYYY-MM; empty: the newest.")]


class CountedMonth(BaseModel):
    """The month that the numbers are of."""

    month: str
    is_final: bool = Field(description="It is not counted again, whatever is filed late.")
    content_hash: str = Field(description="SHA-256 of all numbers of the month.")
    revision: int


class Group(BaseModel):
    """How many people share a code. Null where that would tell of too few."""

    code: str
    sex: str = Field(description="F, M, - (not known), or * for all.")
    people: int | None


class Breakdown(BaseModel):
    """A population by one dimension."""

    dimension: Dimension
    groups: list[Group]


class Below(BaseModel):
    """A place right below."""

    unit_code: str
    name: str
    people: int | None


class StructureAnswer(BaseModel):
    """Who lives, or works, in a place."""

    unit_code: str
    name: str
    basis: Basis
    month: CountedMonth
    fewest: int | None = Field(description="Below which nothing is told; null: everything is.")
    tables: list[Breakdown]
    below: list[Below]


class Flow(BaseModel):
    """How many people went from one code to another; * stands for all."""

    origin: str
    destination: str
    people: int | None


class MovesAnswer(BaseModel):
    """Who moved in or out of a place."""

    unit_code: str
    name: str
    kind: Kind
    month: CountedMonth
    span: int = Field(description="Months, up to and with this one.")
    counted: int = Field(description="Of these, how many were counted.")
    fewest: int | None
    flows: list[Flow]


@router.get("/statistics/structure", responses=ASKED)
def labour_structure(
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    *,
    unit: Unit = "",
    month: MonthText = "",
    basis: Annotated[str, Query(max_length=12, examples=["residents"])] = Basis.RESIDENTS,
) -> StructureAnswer:
    """Say who lives, or works, in a place: by age, qualification, occupation and more."""
    found = statistics.structure(db, inst, calling, unit=unit, month=month, basis=basis, now=now)
    return StructureAnswer(
        unit_code=found.place.unit_code,
        name=found.place.name,
        basis=found.basis,
        month=_month(found.month),
        fewest=found.fewest,
        tables=[_breakdown(each) for each in found.tables],
        below=[
            Below(unit_code=place.unit_code, name=place.name, people=people)
            for place, people in found.below
        ],
    )


@router.get("/statistics/moves", responses=ASKED)
def labour_moves(
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    *,
    unit: Unit = "",
    month: MonthText = "",
    kind: Annotated[str, Query(max_length=12, examples=["zone"])] = Kind.ZONE,
    span: Annotated[int, Query(ge=1, le=12, examples=[12])] = 12,
) -> MovesAnswer:
    """Say who moved between zones, firms, provinces, occupations or industries."""
    found = statistics.moved(
        db, inst, calling, unit=unit, month=month, kind=kind, span=span, now=now
    )
    return MovesAnswer(
        unit_code=found.place.unit_code,
        name=found.place.name,
        kind=found.kind,
        month=_month(found.month),
        span=found.span,
        counted=found.counted,
        fewest=found.fewest,
        flows=[
            Flow(origin=key[0], destination=key[1], people=people)
            for key, people in sorted(found.matrix.cells.items())
        ],
    )


def _month(month: MonthOnFile) -> CountedMonth:
    return CountedMonth(
        month=month.month,
        is_final=month.is_final,
        content_hash=month.content_hash.hex(),
        revision=month.revision,
    )


def _breakdown(table: statistics.Table) -> Breakdown:
    order = {code: place for place, code in enumerate((*table.codes, TOTAL))}
    cells = sorted(table.cells.items(), key=lambda each: (order[each[0][0]], each[0][1]))
    return Breakdown(
        dimension=table.dimension,
        groups=[Group(code=key[0], sex=key[1], people=people) for key, people in cells],
    )
