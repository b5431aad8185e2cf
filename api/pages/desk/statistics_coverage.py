"""Coverage against NQ 125/NQ-CP: the five indicators of a place, what each is, who it counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import File, Form, Query, UploadFile
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse

from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from labour_book.documents import Chart, Line, drawn
from labour_book.documents import report_words as words
from labour_book.domain.coverage import Indicator, Measure, Standing, next_goal, target_line
from labour_book.errors import Invalid
from labour_book.services import coverage, coverage_figures
from labour_book.services.callers import Action
from labour_book.services.coverage import Coverage, NotCounted
from labour_book.services.coverage_figures import NewFigures, NewTarget
from labour_book.services.coverage_rounds import definitions

router = desk_router()

ADDRESS = "/desk/statistics/coverage"
FIGURES = "/desk/statistics/figures"
DAYS_OFFERED = 24
_HUNDRED = 100
Text = Annotated[str, Query(max_length=40)]
Said = Annotated[str, Form(max_length=400)]
Day = Annotated[str, Form(max_length=10)]


@router.get("/statistics/coverage", responses=ASKED)
def show(desk: Asking, code: Text = "", as_of: Text = "") -> HTMLResponse:
    """Show the five indicators of a place on a day, and those of the places in it."""
    try:
        found, days = _told(desk, code, as_of)
    except NotCounted:
        return desk.page("coverage_none.html")
    return desk.page(
        "coverage.html",
        found=found,
        days=days,
        charts={each.indicator: _chart(desk, each) for each in found.standings},
        **_wording(desk),
    )


@router.get("/statistics/coverage/{indicator}", responses=ASKED)
def define(desk: Asking, indicator: Indicator, code: Text = "", as_of: Text = "") -> HTMLResponse:
    """Show what an indicator counts, of how many, out of which sources, and how it went."""
    found, _ = _told(desk, code, as_of)
    standing = found.standing(indicator)
    may_rows = desk.caller.may(Action.COVERAGE_ROWS) and found.place.kind == "commune"
    return desk.page(
        "coverage_indicator.html",
        found=found,
        standing=standing,
        chart=_chart(desk, standing),
        years=range(desk.today.year, desk.today.year + 10),
        may_rows=may_rows and indicator in coverage.COLUMNS,
        may_assign=desk.caller.may(Action.TARGET_ASSIGN),
        **_wording(desk),
    )


@router.get("/statistics/coverage/{indicator}/people", responses=ASKED)
def rows(
    desk: Asking,
    indicator: Indicator,
    code: Text = "",
    as_of: Text = "",
    after: UUID | None = None,
) -> HTMLResponse:
    """List the records that a number of a commune counts; nobody is named before a purpose."""
    found, _ = _told(desk, code, as_of)
    with desk.deed() as db:
        people = coverage.people_of(
            *(db, desk.inst, desk.caller, indicator, found.place.code),
            round_id=found.round.id,
            after=after,
            now=desk.now,
        )
    return desk.page(
        "coverage_people.html",
        found=found,
        indicator=indicator,
        people=people,
        page_size=coverage.PAGE,
        **_wording(desk),
    )


@router.get("/statistics/figures", responses=ASKED)
def figures(desk: Asking, code: Text = "") -> HTMLResponse:
    """Show the figures of a place with their sources, and ask for more of whoever may supply."""
    with desk.deed() as db:
        place, given = coverage_figures.history(db, desk.inst, desk.caller, code, now=desk.now)
    return desk.page(
        "coverage_figures.html",
        place=place,
        given=given,
        measures=tuple(Measure),
        **_wording(desk),
    )


@router.post("/statistics/figures", responses=SENT)
def supply(
    desk: Sending,
    *,
    code: Said = "",
    value: Said = "",
    measure: Said = "",
    day: Day = "",
    source: Said = "",
    published_on: Day = "",
) -> RedirectResponse:
    """Take in one figure of one place."""
    new = _figures(desk, measure, day, source, published_on)
    line = f"{code},{value.replace(',', '')}"
    with desk.deed() as db:
        coverage_figures.supply_lines(db, desk.inst, desk.caller, line, new, now=desk.now)
    return desk.go(FIGURES, done="figure-supplied", code=code)


@router.post("/statistics/figures/file", responses=SENT)
def upload(
    desk: Sending,
    file: Annotated[UploadFile, File()],
    *,
    measure: Said = "",
    day: Day = "",
    source: Said = "",
    published_on: Day = "",
) -> RedirectResponse:
    """Take in a file of figures, one line for each place."""
    text = file.file.read().decode("utf-8-sig", errors="replace")
    new = _figures(desk, measure, day, source, published_on)
    with desk.deed() as db:
        coverage_figures.supply_lines(db, desk.inst, desk.caller, text, new, now=desk.now)
    return desk.go(FIGURES, done="figures-supplied")


@router.post("/statistics/targets", responses=SENT)
def assign(
    desk: Sending,
    *,
    code: Said = "",
    indicator: Said = "",
    year: Annotated[int, Form(ge=2018, le=2100)] = 2030,
    share: Said = "",
    document: Said = "",
) -> RedirectResponse:
    """Give a place under the own one a target for the end of a year."""
    new = NewTarget(indicator, code.strip(), year, _hundredths(share), document)
    with desk.deed() as db:
        place = coverage_figures.assign(db, desk.inst, desk.caller, new, now=desk.now)
    return desk.go(f"{ADDRESS}/{indicator}", done="target-assigned", code=place.code)


def _told(desk: Desk, code: str, as_of: str) -> tuple[Coverage, Sequence[date]]:
    day = _day(as_of) if as_of else None
    with desk.deed() as db:
        found = coverage.told(db, desk.inst, desk.caller, code=code, as_of=day, now=desk.now)
        days = coverage.days_counted(db, now=desk.now)[:DAYS_OFFERED]
    return found, [each.as_of for each in days]


def _figures(desk: Desk, measure: str, day: str, source: str, published_on: str) -> NewFigures:
    """Return what figures of a form have in common.

    Raises:
        Invalid: a day cannot be read.
    """
    published = _day(published_on) if published_on else desk.today
    return NewFigures(measure, _day(day), source, published)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("a day is written YYYY-MM-DD", cause="COVERAGE_DAY") from error


def _hundredths(text: str) -> int:
    """Read ``41,5`` or ``41.5`` per cent.

    Raises:
        Invalid: it is no number with at most two decimals.
    """
    whole, _, rest = text.strip().removesuffix("%").strip().replace(",", ".").partition(".")
    if not (whole.isdecimal() and (rest or "0").isdecimal() and len(rest) <= len("00")):
        raise Invalid("a target is a share of 0,01 to 100 per cent", cause="COVERAGE_SHARE")
    return int(whole) * _HUNDRED + int(rest.ljust(2, "0"))


def _chart(desk: Desk, standing: Standing) -> str:
    """Return the shares and the target line as SVG; nothing where there are no two shares."""
    known = [(each.as_of, each.share) for each in standing.trend if each.share is not None]
    if len(known) < len(("from", "to")):
        return ""
    done = tuple((day, share / _HUNDRED) for day, share in known)
    lines = [Line(desk.say("desk.coverage.share"), done)]
    should = [(day, target_line(standing.goals, day)) for day, _ in known]
    line = tuple((day, at / _HUNDRED) for day, at in should if at is not None)
    if line:
        lines.append(Line(desk.say("desk.coverage.line"), line))
    label = definitions()[standing.indicator][f"label_{desk.language}"]
    return drawn(Chart(label, "%", tuple(lines)))


@dataclass(frozen=True, slots=True)
class Spoken:
    """Numbers as the page's language writes them."""

    vietnamese: bool

    def share(self, hundredths: int | None) -> str:
        return self._in_language(words.share(hundredths))

    def count(self, number: int | None) -> str:
        return self._in_language(words.count(number))

    def points(self, hundredths: int | None) -> str:
        return self._in_language(words.points(hundredths))

    def _in_language(self, text: str) -> str:
        return text if self.vietnamese else text.translate(str.maketrans(",.", ".,"))


def _wording(desk: Desk) -> dict[str, Any]:
    """Return what templates say coverage with."""
    said = {
        name: {
            kind: each[f"{kind}_{desk.language}"] for kind in ("label", "numerator", "denominator")
        }
        | {"article": each["article"]}
        for name, each in definitions().items()
    }
    return {
        "say": Spoken(vietnamese=desk.language == "vi"),
        "in_words": said,
        "indicators": tuple(Indicator),
        "next_goal": next_goal,
        "may_supply": desk.caller.may(Action.FIGURE_SUPPLY),
    }
