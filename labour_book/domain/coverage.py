"""Coverage of social insurance: shares of a place, how they went, and where they are going.

Shares are whole hundredths of a per cent, rounded half up: the same counts give the same number on
every machine, on paper and on the screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

WHOLE = 10_000
"""A share of all, in hundredths of a per cent."""
FEWEST_POINTS = 4
MOST_POINTS = 8
"""Quarters that a projection is made of: fewer say nothing, older ones too little."""
LINEAR = "linear"
"""The method of projections: least squares through the last quarters, drawn on."""


class Indicator(StrEnum):
    """What NQ 125/NQ-CP of 08/10/2018, I.4 sets targets for."""

    SOCIAL = "social_insurance"
    """Of the labour force at working age: in compulsory or voluntary social insurance."""
    VOLUNTARY = "voluntary"
    """Of the labour force at working age: farmers and informal workers in voluntary insurance."""
    UNEMPLOYMENT = "unemployment"
    """Of the labour force at working age: in unemployment insurance."""
    RETIRED = "retired"
    """Of those past the retirement age: with a pension or another monthly benefit."""
    SATISFACTION = "satisfaction"
    """Of those asked after a finished request: satisfied."""


class Measure(StrEnum):
    """A figure that an official supplies, because no fact on file tells it."""

    LABOUR_FORCE = "labour_force"
    """Lực lượng lao động trong độ tuổi."""
    PAST_AGE = "past_age"
    """Số người sau độ tuổi nghỉ hưu."""
    BENEFICIARIES = "beneficiaries"
    """Of those, who get a pension or another monthly benefit."""


DENOMINATORS: dict[Indicator, Measure | None] = {
    Indicator.SOCIAL: Measure.LABOUR_FORCE,
    Indicator.VOLUNTARY: Measure.LABOUR_FORCE,
    Indicator.UNEMPLOYMENT: Measure.LABOUR_FORCE,
    Indicator.RETIRED: Measure.PAST_AGE,
    Indicator.SATISFACTION: None,
}
"""What each is a share of; None where facts on file count that, too."""
NUMERATORS: dict[Indicator, Measure | None] = {
    each: Measure.BENEFICIARIES if each is Indicator.RETIRED else None for each in Indicator
}
"""What is counted; None where facts on file tell."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What facts on file count of a place on a day; people each once."""

    people: int = 0
    """Living, on file."""
    working_age: int = 0
    insured: int = 0
    """At working age, in compulsory or voluntary social insurance."""
    in_arrears: int = 0
    """Of the insured: for whom the employer owes the month."""
    voluntary: int = 0
    unemployment: int = 0
    answers: int = 0
    """Finished requests about which somebody said how satisfied they were, in three months."""
    satisfied: int = 0

    def counted_in(self, indicator: Indicator) -> int | None:
        """Return whom an indicator counts; None where no fact tells."""
        return {
            Indicator.SOCIAL: self.insured,
            Indicator.VOLUNTARY: self.voluntary,
            Indicator.UNEMPLOYMENT: self.unemployment,
            Indicator.SATISFACTION: self.satisfied,
        }.get(indicator)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as an official supplied it."""

    value: int
    day: date
    """Of which it is."""
    source: str
    published_on: date


@dataclass(frozen=True, slots=True)
class Goal:
    """A target for the end of a year."""

    by: date
    share: int
    """In hundredths of a per cent."""
    source: str
    provenance: str
    """``seen``, ``secondary`` or ``unverified``; ``assigned`` for the place itself."""


@dataclass(frozen=True, slots=True)
class Point:
    """An indicator on a day: what is counted, of how many; None for what nobody has told."""

    as_of: date
    numerator: int | None
    denominator: int | None
    numerator_from: Figure | None = None
    denominator_from: Figure | None = None

    @property
    def share(self) -> int | None:
        """Return the share in hundredths of a per cent."""
        if self.numerator is None or not self.denominator:
            return None
        return share_of(self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class Projection:
    """Where the last quarters lead to if they go on as they went; no forecast."""

    by: date
    share: int
    first: date
    last: date
    points: int
    method: str = LINEAR


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator of one place: where it stands, how it went, where it should and will go."""

    indicator: Indicator
    now: Point
    line: int | None
    """Of the target line on the day, in hundredths of a per cent; None before the first target."""
    goals: tuple[Goal, ...]
    trend: tuple[Point, ...]
    projection: Projection | None

    @property
    def lacks(self) -> Measure | None:
        """Return which figure is missing, so that there is no share; None if none is."""
        if self.now.denominator is None:
            return DENOMINATORS[self.indicator]
        return NUMERATORS[self.indicator] if self.now.numerator is None else None

    @property
    def ahead(self) -> int | None:
        """Return by how much the share is above the target line; negative if below."""
        share = self.now.share
        return None if share is None or self.line is None else share - self.line


def share_of(part: int, whole: int) -> int:
    """Return a share in hundredths of a per cent, rounded half up."""
    return (2 * WHOLE * part + whole) // (2 * whole)


def target_line(goals: Sequence[Goal], on: date) -> int | None:
    """Return where a place should stand on a day: straight from each target to the next.

    The line is ours; the act names the ends only. Before the first target there is none, after the
    last one it stays.
    """
    ordered = sorted(goals, key=lambda each: each.by)
    before = [each for each in ordered if each.by <= on]
    after = [each for each in ordered if each.by > on]
    if not before:
        return None
    if not after:
        return before[-1].share
    first, last = before[-1], after[0]
    gone = Fraction((on - first.by).days, (last.by - first.by).days)
    return _rounded(first.share + (last.share - first.share) * gone)


def next_goal(goals: Sequence[Goal], on: date) -> Goal | None:
    """Return the target that comes next, or is due on the day; None after the last one."""
    return min((each for each in goals if each.by >= on), key=lambda each: each.by, default=None)


def projection(trend: Sequence[Point], by: date) -> Projection | None:
    """Draw the last quarters on to a day: least squares through the shares that there are.

    None where fewer than ``FEWEST_POINTS`` quarters have a share, or the day is not after them.
    """
    known = sorted(
        ((each.as_of, each.share) for each in trend if each.share is not None),
    )[-MOST_POINTS:]
    if len(known) < FEWEST_POINTS or by <= known[-1][0]:
        return None
    count = len(known)
    mean_day = Fraction(sum(day.toordinal() for day, _ in known), count)
    mean_share = Fraction(sum(share for _, share in known), count)
    away = [day.toordinal() - mean_day for day, _ in known]
    spread = sum((each * each for each in away), Fraction(0))
    rise = sum(
        (one * (share - mean_share) for one, (_, share) in zip(away, known, strict=True)),
        Fraction(0),
    )
    drawn = mean_share + rise / spread * (by.toordinal() - mean_day)
    kept = min(max(_rounded(drawn), 0), WHOLE)
    return Projection(by, kept, known[0][0], known[-1][0], count)


def is_quarter_end(day: date) -> bool:
    """Say whether a quarter ends with a day."""
    return (day.month, day.day) in {(3, 31), (6, 30), (9, 30), (12, 31)}


def _rounded(value: Fraction) -> int:
    return int((2 * value + 1) // 2)
