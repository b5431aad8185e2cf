"""Coverage as the desk, the interface, the command line and reports tell it: the same everywhere.

Numbers come from the newest round of a day, figures and targets as they stood when it is asked. An
official sees the place of the own unit and what lies in it; a machine the country and its
provinces, without what would tell of few people.
"""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.coverage import Counts, Indicator, Point, Standing
from labour_book.errors import NotFound
from labour_book.queries import coverage_counts
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.coverage_numbers import (
    Below,
    Cell,
    Coverage,
    NotCounted,
    coverage_of,
    days_counted,
    hidden_in,
    without_few,
)
from labour_book.services.coverage_places import COUNTRY, place_by_code, seen_place
from labour_book.services.coverage_rounds import moment
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role

__all__ = [
    "COLUMNS",
    "PAGE",
    "Below",
    "Cell",
    "Coverage",
    "NotCounted",
    "days_counted",
    "people_of",
    "told",
]

PAGE = 50
PURPOSE = "NQ 125/NQ-CP"
COLUMNS = {
    Indicator.SOCIAL: "insured",
    Indicator.VOLUNTARY: "voluntary",
    Indicator.UNEMPLOYMENT: "unemployment",
}
"""Under which name an indicator's people are found."""


def told(
    db: Db,
    inst: Installation,
    caller: Caller,
    *,
    code: str,
    as_of: date | None,
    now: datetime,
) -> Coverage:
    """Return the coverage of a place on a day, the newest one if none is said; it is traced.

    Without a code the place is that of the caller's own unit.

    Raises:
        DeniedToRole: the role sees no coverage.
        NotFoundForCaller: there is no such place, or it is not the caller's to see.
        NotCounted: nobody has counted the day.
    """
    check_role(caller, Action.COVERAGE_READ, now)
    place = seen_place(db, inst, caller, code, action=Action.COVERAGE_READ, now=now)
    found = coverage_of(db, inst, place, as_of=as_of, now=now)
    if caller.kind == "machine":
        found = _for_machines(db, inst, found, now)
    detail: dict[str, str | int] = {"place": place.code, "as_of": found.round.as_of.isoformat()}
    trace(db, caller, Action.COVERAGE_READ, at=now, purpose=PURPOSE, detail=detail)
    return found


def people_of(
    db: Db,
    inst: Installation,
    caller: Caller,
    indicator: Indicator,
    code: str,
    *,
    round_id: UUID,
    after: UUID | None,
    now: datetime,
) -> list[UUID]:
    """Return some of those whom a number of a commune counts; nobody is named, the look is traced.

    They are those whom the facts give today for what was known then.

    Raises:
        DeniedToRole: the role sees no records.
        NotFoundForCaller: there is no such place, or it is not the caller's.
        NotFound: it is no commune, there is no such round, or the indicator counts no records.
    """
    check_role(caller, Action.COVERAGE_ROWS, now)
    place = seen_place(db, inst, caller, code, action=Action.COVERAGE_ROWS, now=now)
    found, column = coverage_counts.round_by_id(db, round_id), COLUMNS.get(indicator)
    if found is None or column is None or place.kind != "commune":
        raise NotFound("there are no records to show for this")
    at = moment(found.as_of, found.known_at)
    people = coverage_counts.people_counted(db, at, column, place.code, after=after, limit=PAGE)
    detail: dict[str, str | int] = {"place": place.code, "indicator": str(indicator)}
    trace(db, caller, Action.COVERAGE_ROWS, at=now, purpose=PURPOSE, detail=detail)
    return people


def _for_machines(db: Db, inst: Installation, found: Coverage, now: datetime) -> Coverage:
    """Return coverage as machines get it: what would tell of few people is left out everywhere."""
    fewest = inst.statistics.fewest
    shown = replace(found, counts=Counts(), below=without_few(found, fewest))
    if found.place.kind == "country":
        return shown
    country = place_by_code(inst, COUNTRY)
    whole = coverage_of(db, inst, country, as_of=found.round.as_of, now=now)
    hidden = {each: hidden_in(whole, each, fewest) for each in Indicator}
    standings = tuple(
        _without_numbers(each) if found.place.code in hidden[each.indicator] else each
        for each in found.standings
    )
    return replace(shown, standings=standings)


def _without_numbers(standing: Standing) -> Standing:
    now = Point(standing.now.as_of, None, None)
    return replace(standing, now=now, trend=(), projection=None)
