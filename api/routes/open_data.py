"""Open data: tables of statistics for everybody, without a sign-in. Rounded, and about nobody."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from api.dependencies import Inst, ReplicaDb
from api.problems import problems
from api.routes.media import JSON, answers
from api.routes.trust import Publish
from labour_book.domain.open_data import DATASETS
from labour_book.errors import Invalid, NotFound, Unavailable
from labour_book.services import open_data
from labour_book.services.open_data import Published
from labour_book.services.statistic_words import Words, definition

router = APIRouter(tags=["open data"], default_response_class=Response)

CSV = "text/csv; charset=utf-8"
LICENCE = {"vi": "Được sử dụng tự do ...", "en": "Free to use ..."}
UNIT = {"vi": "người", "en": "people"}
CATALOGUE = {
    "k": 5,
    "licence": LICENCE,
    "unit": UNIT,
    "months": ["2026-07"],
    "datasets": [{"name": "workers-by-age", "definitions": [{"vi": "...", "en": "..."}]}],
}
TABLE = {
    "name": "workers-by-age",
    "month": "2026-07",
    "k": 5,
    "unit": UNIT,
    "licence": LICENCE,
    "definitions": [{"vi": "...", "en": "..."}],
    "content_hash": "5f2c...",
    "rows": [
        {
            "first": "79",
            "first_name": {"vi": "Hồ Chí Minh", "en": "Ho Chi Minh"},
            "second": "25-29",
            "second_name": {"vi": "25-29", "en": "25-29"},
            "people": 1250,
        }
    ],
}
ROWS = (
    "month,place,place_name,code,code_name,people,unit,rounded_to\n2026-07,79,...,1250,people,5\n"
)
MonthPath = Annotated[str, Path(pattern="^[0-9]{4}-[0-9]{2}$", examples=["2026-07"])]
Name = Annotated[str, Path(pattern="^[a-z-]{1,40}$", examples=["workers-by-age"])]


class InBothLanguages(BaseModel):
    """The same in both languages."""

    vi: str
    en: str


class Offered(BaseModel):
    """A table that there is for each month."""

    name: str
    definitions: list[InBothLanguages]


class Catalogue(BaseModel):
    """What is published."""

    k: int = Field(description="No number is of fewer people; all are multiples of it.")
    licence: InBothLanguages
    unit: InBothLanguages
    months: list[str] = Field(description="Final ones, the newest first.")
    datasets: list[Offered]


class PublishedRow(BaseModel):
    """How many people there are of a place and a code, or between two codes."""

    first: str = Field(description="Province, or where people came from; TOTAL, OTHERS, UNKNOWN.")
    first_name: InBothLanguages
    second: str = Field(description="Code, or where they went.")
    second_name: InBothLanguages
    people: int | None = Field(description="Null where it would tell of too few.")


class PublishedTable(BaseModel):
    """One table of a month."""

    name: str
    month: str
    k: int
    unit: InBothLanguages
    licence: InBothLanguages
    definitions: list[InBothLanguages]
    content_hash: str = Field(description="SHA-256 of codes and numbers, as JSON without names.")
    rows: list[PublishedRow]


def _answer(model: type[BaseModel], example: object) -> dict[int | str, dict[str, Any]]:
    """Declare an answer that the route writes itself."""
    return {200: {"model": model, "content": {JSON: {"example": example}}}}


@router.get(
    "/open-data",
    responses=_answer(Catalogue, CATALOGUE) | problems(Unavailable),
)
def catalogue(db: ReplicaDb, inst: Inst, publish: Publish) -> Response:
    """Say which tables are published, of which months, how they are defined and may be used."""
    told = Catalogue(
        k=inst.statistics.fewest,
        licence=_said(definition("licence")),
        unit=_said(definition("unit")),
        months=[each.month for each in open_data.months(db)],
        datasets=[
            Offered(
                name=each.name,
                definitions=[_said(one) for one in open_data.definitions_of(each)],
            )
            for each in DATASETS.values()
        ],
    )
    return publish(orjson.dumps(told.model_dump()), JSON)


@router.get(
    "/open-data/{month}/{name}.csv",
    responses=answers("text/csv", ROWS) | problems(NotFound, Invalid, Unavailable),
)
def as_csv(month: MonthPath, name: Name, db: ReplicaDb, inst: Inst, publish: Publish) -> Response:
    """Return one table of a month as CSV."""
    return publish(open_data.csv_of(open_data.table(db, inst, name, month)), CSV)


@router.get(
    "/open-data/{month}/{name}.json",
    responses=_answer(PublishedTable, TABLE) | problems(NotFound, Invalid, Unavailable),
)
def as_json(month: MonthPath, name: Name, db: ReplicaDb, inst: Inst, publish: Publish) -> Response:
    """Return one table of a month as JSON, with its definitions."""
    found = open_data.table(db, inst, name, month)
    return publish(orjson.dumps(_table(found).model_dump()), JSON)


def _table(found: Published) -> PublishedTable:
    first, second = open_data.lists_of(found.dataset)
    return PublishedTable(
        name=found.dataset.name,
        month=found.month,
        k=found.k,
        unit=_said(definition("unit")),
        licence=_said(definition("licence")),
        definitions=[_said(each) for each in open_data.definitions_of(found.dataset)],
        content_hash=found.content_hash,
        rows=[
            PublishedRow(
                first=one,
                first_name=_said(open_data.named(first, one)),
                second=other,
                second_name=_said(open_data.named(second, other)),
                people=people,
            )
            for one, other, people in found.rows
        ],
    )


def _said(words: Words) -> InBothLanguages:
    return InBothLanguages(vi=words.vi, en=words.en or words.vi)
