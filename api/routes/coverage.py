"""Coverage against NQ 125/NQ-CP, and the calendar of reports: never about one person."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Inst, Now
from api.problems import problems
from labour_book.domain.coverage import Indicator, Measure
from labour_book.domain.reports import ReportState
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.law.report_calendar import ReportKind
from labour_book.services import coverage, coverage_telling, report_due
from labour_book.services.access import NotSignedIn

router = APIRouter(tags=["statistics"])

ShareOf = Annotated[
    int | None, Field(description="Hundredths of a per cent: 4137 is 41.37 %.", examples=[4137])
]


class At(BaseModel):
    """An indicator on a day."""

    as_of: date
    numerator: int | None = Field(description="None: nobody has told, or too few to tell.")
    denominator: int | None
    share: ShareOf


class SuppliedFigure(BaseModel):
    """A figure that an official supplied."""

    value: int
    day: date
    source: str
    published_on: date


class Target(BaseModel):
    """A target for the end of a year."""

    by: date
    share: int
    source: str
    provenance: str = Field(description="seen, secondary, unverified; assigned to the place.")


class Projected(BaseModel):
    """Where the last quarters lead to if they go on as they went; no forecast."""

    by: date
    share: int
    first: date
    last: date
    points: int
    method: str = Field(examples=["linear"])


class IndicatorTold(At):
    """An indicator of the place: its share, what it is made of, its targets and its trend."""

    indicator: Indicator
    numerator_from: SuppliedFigure | None
    denominator_from: SuppliedFigure | None
    lacks: Measure | None = Field(description="The figure without which there is no share.")
    line: ShareOf = Field(description="Of the target line on the day.")
    ahead: int | None = Field(description="Share less target line; negative if below.")
    goals: list[Target]
    trend: list[At]
    projection: Projected | None


class PlaceCell(At):
    """An indicator of a place inside another one."""

    line: ShareOf
    hidden: bool = Field(description="Left out, as it would tell of few people.")


class PlaceTold(BaseModel):
    """A place."""

    code: str
    name: str


class ChosenPlace(PlaceTold):
    """The place that was asked for."""

    kind: str = Field(description="country, province or commune")


class PlaceInside(PlaceTold):
    """A place inside the one that was asked for."""

    cells: dict[Indicator, PlaceCell]


class Count(BaseModel):
    """The count that the numbers are from; the same hash means the same counts."""

    id: str
    number: int
    known_at: datetime
    sha256: str


class CoverageTold(BaseModel):
    """The five indicators of a place, and those of the places in it."""

    place: ChosenPlace
    as_of: date
    definitions: str
    round: Count
    in_arrears: int
    indicators: list[IndicatorTold]
    below: list[PlaceInside]


class DueReport(BaseModel):
    """A report, when it is due, and how far it is."""

    unit_code: str
    unit_name: str
    kind: ReportKind
    as_of: date
    before: date | None = Field(description="The day before which it is there; none if asked for.")
    state: ReportState
    days_late: int
    number: int | None


@router.get("/coverage", responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable))
def coverage_against_targets(
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    *,
    code: Annotated[str, Query(max_length=5, examples=["VN"])] = "",
    as_of: Annotated[date | None, Query(examples=["2026-09-30"])] = None,
) -> CoverageTold:
    """Tell how far social insurance reaches in a place, against NQ 125/NQ-CP, I.4."""
    found = coverage.told(db, inst, calling, code=code, as_of=as_of, now=now)
    return CoverageTold.model_validate(coverage_telling.plain(found, found.below))


@router.get("/reports", responses=problems(NotSignedIn, Denied, Invalid, Unavailable))
def report_calendar(calling: Calling, db: Db, now: Now) -> list[DueReport]:
    """List the reports of the caller's unit and of those it sees, the latest deadline first."""
    found = report_due.calendar(db, calling, now=now)
    return [_due(each) for each in (*found.own, *found.others)]


def _due(entry: report_due.Entry) -> DueReport:
    return DueReport(
        unit_code=entry.unit.code,
        unit_name=entry.unit.name,
        kind=entry.kind,
        as_of=entry.as_of,
        before=None if entry.due is None else entry.due.before,
        state=entry.state,
        days_late=entry.days_late,
        number=None if entry.report is None else entry.report.serial,
    )
