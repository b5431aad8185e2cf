"""How right, complete, clean and alive the data are: numbers about many, never about one."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Inst, Now
from api.problems import problems
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import quality
from labour_book.services.access import NotSignedIn

router = APIRouter(tags=["quality"])


class Number(BaseModel):
    """One of the four numbers, with what it is made of."""

    word: quality.Word
    numerator: int = Field(description="Of alive: people of whom something was said in a year.")
    denominator: int = Field(description="Living people on file.")
    value: float | None = Field(
        description="Per cent with one decimal; of alive the median age in days.", examples=[97.4]
    )
    shown: str = Field(description="As the desk shows it.", examples=["97,4 % (974/1000)"])


class Measured(BaseModel):
    """The four numbers of a scope on a day."""

    code: str
    name: str
    day: date
    measured_at: datetime
    people: int
    numbers: list[Number]
    missing_fields: Mapping[str, int] = Field(description="Field to people who lack it.")


class Quality(BaseModel):
    """The newest numbers of a scope, what they were, and those of what stands right below."""

    scope: quality.Scope
    now: Measured
    history: list[Measured]
    below: list[Measured]


@router.get("/quality", responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable))
def data_quality(
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    *,
    scope: Annotated[str, Query(max_length=12, examples=["unit"])] = "unit",
    code: Annotated[str, Query(max_length=40, examples=["BNV"])] = "",
) -> Quality:
    """Say how right, complete, clean and alive the data of a scope are: đúng, đủ, sạch, sống."""
    found = quality.told(db, inst, calling, scope, code, now=now)
    return Quality(
        scope=found.scope,
        now=_measured(found.name, found.numbers),
        history=[_measured(found.name, each) for each in found.history],
        below=[_measured(name, each) for name, each in found.below],
    )


def _measured(name: str, numbers: quality.Numbers) -> Measured:
    return Measured(
        code=numbers.scope_code,
        name=name,
        day=numbers.day,
        measured_at=numbers.measured_at,
        people=numbers.people,
        numbers=[
            Number(
                word=each.word,
                numerator=each.numerator,
                denominator=each.denominator,
                value=each.value,
                shown=each.shown,
            )
            for each in quality.four(numbers)
        ],
        missing_fields=numbers.fields,
    )
