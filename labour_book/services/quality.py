"""The four numbers as the desk, the interface and the command line tell them: the same everywhere.

They are read from what the last round of checks measured. An official sees the own unit and what
stands below it, a machine what is about at least ``FEWEST_FOR_MACHINES`` people, and everybody who
may see numbers those of the registers: they are about the whole country.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from labour_book import data
from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Invalid, NotFound
from labour_book.queries import accounts, firm_numbers, plans, quality_snapshots, units
from labour_book.queries.quality_snapshots import COUNTRY, Numbers
from labour_book.queries.units import UnitRow
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import NotFoundForCaller, Refusal, check_role

__all__ = ["Four", "Numbers", "Scope", "Told", "Word", "four", "told"]

Scope = Literal["unit", "commune", "employer", "register"]
Word = Literal["right", "complete", "clean", "alive"]
WORDS: tuple[Word, ...] = get_args(Word)
SCOPES: tuple[Scope, ...] = get_args(Scope)
FEWEST_FOR_MACHINES = 5
HISTORY = timedelta(days=400)
_PER_CENT = 100


class NotMeasured(NotFound):
    """No round of checks has measured this yet, or it is about too few people to tell."""

    slug = "quality-not-measured"
    title = "This has not been measured"
    title_vi = "Chưa có số đo cho phạm vi này"


@dataclass(frozen=True, slots=True)
class Four:
    """One of the four numbers with what it is made of."""

    word: Word
    numerator: int
    denominator: int
    value: float | None
    """Per cent; of alive the median age in days. None where there is nothing to divide."""

    @property
    def shown(self) -> str:
        """Return it as it is shown everywhere: numerator, denominator, and the number."""
        value = "–" if self.value is None else f"{self.value:.1f}".replace(".", ",")
        unit = " ngày" if self.word == "alive" else " %"
        return f"{value}{unit} ({self.numerator}/{self.denominator})"


@dataclass(frozen=True, slots=True)
class Told:
    """The numbers of a scope, what they were before, and those of what stands below it."""

    scope: Scope
    code: str
    name: str
    numbers: Numbers
    history: Sequence[Numbers]
    below: Sequence[tuple[str, Numbers]]


def four(numbers: Numbers) -> tuple[Four, ...]:
    """Return the four numbers out of the counts.

    Of alive the fraction is the people of whom something was said within a year.
    """
    shares = {
        "right": numbers.matched,
        "complete": numbers.complete,
        "clean": numbers.clean,
        "alive": numbers.within_year,
    }
    return tuple(
        Four(
            word,
            shares[word],
            numbers.people,
            numbers.median_age_days if word == "alive" else share_of(shares[word], numbers.people),
        )
        for word in WORDS
    )


def share_of(part: int, whole: int) -> float | None:
    """Return a share in per cent with one decimal; None of nothing."""
    return round(_PER_CENT * part / whole, 1) if whole else None


def told(
    db: Db, inst: Installation, caller: Caller, scope: str, code: str, *, now: datetime
) -> Told:
    """Return the numbers of a unit, commune, employer or register; this look is traced.

    Without a code a unit is the caller's own, and otherwise the one at the top.

    Raises:
        DeniedToRole: the role sees no numbers.
        Invalid: there is no such scope, or it needs a code.
        NotFoundForCaller: there is no such unit or employer, or it is not under the caller's.
        NotMeasured: nothing was measured there yet.
    """
    check_role(caller, Action.QUALITY_READ, now)
    kind = next((each for each in SCOPES if each == scope), None)
    if kind is None or not (code or kind == "unit"):
        raise Invalid("say which unit, commune, employer or register", cause="SCOPE")
    if kind == "unit":
        found = _of_unit(db, inst, caller, code, now)
    else:
        name, commune = _named(db, inst, kind, code, now)
        if name is None or not (kind == "register" or serves(db, caller, commune, now)):
            raise not_for(caller, Action.QUALITY_READ, now)
        numbers, history = _measured(db, caller, kind, code)
        found = Told(kind, code, name, numbers, history, ())
    detail: dict[str, str | int] = {"scope": kind, "code": found.code}
    trace(db, caller, Action.QUALITY_READ, at=now, purpose="quality", detail=detail)
    return found


def serves(db: Db, caller: Caller, commune_code: str | None, now: datetime) -> bool:
    """Say whether what lies in a commune is the caller's business; where it lies nowhere, too."""
    if caller.kind != "official":
        return True
    return accounts.unit_serves(db, caller.unit_code or "", commune_code, vietnam_day(now))


def not_for(caller: Caller, action: Action, now: datetime) -> NotFoundForCaller:
    """Return the refusal of what there is not, or is not the caller's."""
    return NotFoundForCaller(Refusal(caller, action, None, "quality", now, "NOT_THEIRS"))


def _of_unit(db: Db, inst: Installation, caller: Caller, code: str, now: datetime) -> Told:
    today = vietnam_day(now)
    tops = [each.code for each in units.children_of(db, None) if each.kind == "ministry"]
    wanted = code or caller.unit_code or (tops[0] if tops else "")
    unit = units.unit(db, wanted)
    is_theirs = caller.kind != "official" or units.is_below(
        db, wanted, caller.unit_code or "", today
    )
    if unit is None or not is_theirs:
        raise not_for(caller, Action.QUALITY_READ, now)
    kind = "commune" if unit.kind == "commune" else "province"
    stored = ("country", COUNTRY) if unit.place_code is None else (kind, unit.place_code)
    numbers, history = _measured(db, caller, *stored)
    below = [each for each in _below(db, inst, unit, now) if _may_be_told(caller, each[1])]
    return Told("unit", unit.code, unit.name, numbers, history, below)


def _named(
    db: Db, inst: Installation, kind: Scope, code: str, now: datetime
) -> tuple[str | None, str | None]:
    """Return the name of a commune, employer or register, and the commune that it lies in."""
    if kind == "commune":
        return _commune_name(inst, code, now), code
    if kind == "employer":
        return firm_numbers.named(db, code, now)
    return (code if code in set(Source) else None), None


def _measured(db: Db, caller: Caller, kind: str, code: str) -> tuple[Numbers, Sequence[Numbers]]:
    latest = quality_snapshots.latest(db, kind, [code])
    if not latest or not _may_be_told(caller, latest[0]):
        raise NotMeasured
    since = latest[0].day - HISTORY
    return latest[0], quality_snapshots.history(db, kind, code, since=since)


def _may_be_told(caller: Caller, numbers: Numbers) -> bool:
    return caller.kind != "machine" or numbers.people >= FEWEST_FOR_MACHINES


def _below(db: Db, inst: Installation, unit: UnitRow, now: datetime) -> list[tuple[str, Numbers]]:
    """Return the numbers of the places right under a unit's, in order of code."""
    if unit.kind == "commune":
        return []
    if unit.place_code is None:
        names = {each["code"]: each["full_name"] for each in data.provinces()}
        provinces = quality_snapshots.latest(db, "province")
        return [(names.get(each.scope_code, each.scope_code), each) for each in provinces]
    codes = plans.communes_served(db, unit.place_code, unit.kind, vietnam_day(now)) or []
    communes = quality_snapshots.latest(db, "commune", codes)
    return [
        (_commune_name(inst, each.scope_code, now) or each.scope_code, each) for each in communes
    ]


def _commune_name(inst: Installation, code: str, now: datetime) -> str | None:
    return inst.places.commune_name(code, vietnam_day(now))
