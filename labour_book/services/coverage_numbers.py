"""What coverage is made of: counts of rounds, figures and targets, of a place and those in it.

Exact, for whoever may see it; ``without_few`` is what may leave the unit in charge.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from labour_book.database import Db
from labour_book.domain.coverage import (
    DENOMINATORS,
    NUMERATORS,
    Counts,
    Figure,
    Goal,
    Indicator,
    Measure,
    Point,
    Standing,
    is_quarter_end,
    next_goal,
    projection,
    target_line,
)
from labour_book.domain.disclosure import TOTAL, Key, suppressed
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import NotFound
from labour_book.law.coverage import goals_of
from labour_book.queries import coverage_counts, coverage_figures
from labour_book.queries.coverage_counts import RoundOnFile
from labour_book.services.coverage_places import Place, codes_in
from labour_book.services.installation import Installation

MOST_POINTS = 12
"""Quarters of a trend."""
_INSIDE = {"country": "province", "province": "commune"}
_REST = "-"
"""People of whom is not known where in the place they live."""


class NotCounted(NotFound):
    """Nobody has counted that day yet."""

    slug = "coverage-not-counted"
    title = "This day has not been counted"
    title_vi = "Ngày này chưa được chốt số"


@dataclass(frozen=True, slots=True)
class Cell:
    """An indicator of a place inside another one."""

    point: Point
    line: int | None
    hidden: bool = False
    """Left out, as it would tell of few people."""


@dataclass(frozen=True, slots=True)
class Below:
    """A place inside another one."""

    place: Place
    cells: Mapping[Indicator, Cell]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The five indicators of a place on a day, and those of the places in it."""

    place: Place
    round: RoundOnFile
    known_at: datetime
    """Figures and targets are those that stood then."""
    counts: Counts
    standings: tuple[Standing, ...]
    below: tuple[Below, ...]

    def standing(self, indicator: Indicator) -> Standing:
        return next(each for each in self.standings if each.indicator is indicator)


def coverage_of(
    db: Db, inst: Installation, place: Place, *, as_of: date | None, now: datetime
) -> Coverage:
    """Return the coverage of a place out of what stands now, with everything exact.

    Raises:
        NotCounted: nobody has counted the day.
    """
    known = coverage_counts.rounds(db, until=as_of or vietnam_day(now), known_at=now)
    if not known or as_of not in {None, known[0].as_of}:
        raise NotCounted
    newest = known[0]
    shown = [newest, *(each for each in known[1:] if is_quarter_end(each.as_of))][:MOST_POINTS]
    counts = coverage_counts.counts_over_time(
        db, [each.id for each in shown], place.kind, place.code
    )
    figures = coverage_figures.figures_of(db, place.kind, place.code, known_at=now)
    given = coverage_figures.targets_of(db, place.kind, [place.code], known_at=now)
    points = [(each.as_of, counts.get(each.id, Counts())) for each in reversed(shown)]
    standings = tuple(
        _standing(each, points, figures, given.get((place.code, each), ())) for each in Indicator
    )
    below = _below(db, inst, place, newest, now)
    return Coverage(place, newest, now, counts.get(newest.id, Counts()), standings, below)


def days_counted(db: Db, *, now: datetime) -> list[RoundOnFile]:
    """Return the newest round of each day that was counted, newest first."""
    return coverage_counts.rounds(db, until=vietnam_day(now), known_at=now)


def without_few(found: Coverage, fewest: int) -> tuple[Below, ...]:
    """Return the places inside one as they may leave the unit in charge: small numbers left out.

    And as many others as it takes that none can be recomputed from the sum.
    """
    hidden = {each: hidden_in(found, each, fewest) for each in Indicator}
    return tuple(
        Below(
            each.place,
            {
                indicator: _left_out(cell) if each.place.code in hidden[indicator] else cell
                for indicator, cell in each.cells.items()
            },
        )
        for each in found.below
    )


def hidden_in(found: Coverage, indicator: Indicator, fewest: int) -> Collection[str]:
    """Return the places of which an indicator is left out; supplied figures never are."""
    total = found.counts.counted_in(indicator)
    if total is None:
        return ()
    cells: dict[Key, int] = {
        (each.place.code,): each.cells[indicator].point.numerator or 0 for each in found.below
    }
    rest = total - sum(cells.values())
    counted = cells | {(_REST,): rest, (TOTAL,): total}
    return {key[0] for key, count in suppressed(counted, fewest).items() if count is None}


def _left_out(cell: Cell) -> Cell:
    point = Point(cell.point.as_of, None, None)
    return Cell(point, cell.line, hidden=True)


def _standing(
    indicator: Indicator,
    counted: Sequence[tuple[date, Counts]],
    figures: Mapping[Measure, Sequence[Figure]],
    given: Sequence[Goal],
) -> Standing:
    """Return an indicator; ``counted`` by day, the newest one last, and figures newest first."""
    trend = tuple(point_of(indicator, day, counts, figures) for day, counts in counted)
    now = trend[-1]
    goals = goals_for(indicator, given, now.as_of)
    goal = next_goal(goals, now.as_of)
    quarters = [each for each in trend if is_quarter_end(each.as_of)]
    return Standing(
        indicator,
        now,
        target_line(goals, now.as_of),
        goals,
        trend,
        None if goal is None else projection(quarters, goal.by),
    )


def goals_for(indicator: Indicator, given: Sequence[Goal], on: date) -> tuple[Goal, ...]:
    """Return the targets of a place: those it was given, of other years those of the country."""
    own = {each.by: each for each in given}
    law = {each.by: each for each in goals_of(indicator, on=on)}
    return tuple(each for _, each in sorted((law | own).items()))


def point_of(
    indicator: Indicator,
    day: date,
    counts: Counts,
    figures: Mapping[Measure, Sequence[Figure]],
) -> Point:
    """Return an indicator on a day, with the newest figures of that day or before."""
    numerator_from = _figure(NUMERATORS[indicator], day, figures)
    denominator_from = _figure(DENOMINATORS[indicator], day, figures)
    if NUMERATORS[indicator] is None:
        numerator = counts.counted_in(indicator)
    else:
        numerator = None if numerator_from is None else numerator_from.value
    if DENOMINATORS[indicator] is None:
        denominator: int | None = counts.answers
    else:
        denominator = None if denominator_from is None else denominator_from.value
    return Point(day, numerator, denominator, numerator_from, denominator_from)


def _figure(
    measure: Measure | None, day: date, figures: Mapping[Measure, Sequence[Figure]]
) -> Figure | None:
    if measure is None:
        return None
    return next((each for each in figures.get(measure, ()) if each.day <= day), None)


def _below(
    db: Db, inst: Installation, place: Place, newest: RoundOnFile, now: datetime
) -> tuple[Below, ...]:
    """Return the places right inside one, in order of code: three statements, however many."""
    kind = _INSIDE.get(place.kind)
    if kind is None:
        return ()
    inside = codes_in(inst, place)
    some = None if place.kind == "country" else [each.code for each in inside]
    counts = coverage_counts.counts_of(db, newest.id, kind, some)
    figures = coverage_figures.newest_figures(db, kind, some, until=newest.as_of, known_at=now)
    given = coverage_figures.targets_of(db, kind, some, known_at=now)

    def cell(indicator: Indicator, code: str) -> Cell:
        own = {each: [said] for each in Measure if (said := figures.get((code, each))) is not None}
        point = point_of(indicator, newest.as_of, counts.get(code, Counts()), own)
        goals = goals_for(indicator, given.get((code, indicator), ()), newest.as_of)
        return Cell(point, target_line(goals, newest.as_of))

    return tuple(
        Below(each, {indicator: cell(indicator, each.code) for indicator in Indicator})
        for each in inside
    )
