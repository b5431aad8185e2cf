"""Who keeps a field, by the routing matrix; and what is of high impact. The matrix is data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from labour_book import data
from labour_book.domain.assurance import Assurance
from labour_book.domain.correction_fields import Ask, CaseKind, FieldChange
from labour_book.domain.corrections import Owner
from labour_book.domain.employers import EmployerStatus, can_confirm
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate

_ANYTHING = "*"
_WEIGHT = {
    Owner.EMPLOYER: 0,
    Owner.COMMUNE: 1,
    Owner.INSURANCE: 2,
    Owner.PROVINCE: 3,
    Owner.MINISTRY: 4,
    Owner.POPULATION: 5,
}
"""Of a case with several fields the heaviest owner has it: nobody decides on another's field."""
HIGH_IMPACT_MONTHS = 12
"""A first day that moves by more needs two officials."""
EMPLOYER_WAS_ASKED: Mapping[Owner, Owner] = {Owner.EMPLOYER: Owner.COMMUNE}
"""To whom a case goes once its owner has answered, where the owner does not decide."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What the owner of a case depends on."""

    kind: CaseKind
    ask: Ask
    changes: tuple[FieldChange, ...]
    assurance: Assurance | None
    """Of the line; None for a missing one."""
    declared_by: str
    """worker, representative, employer or official."""
    employer_code: str | None
    employer_status: str | None
    """Legal state of the employer; None where no register knows it."""


@dataclass(frozen=True, slots=True)
class Route:
    """Who has the case, and whether other evidence counts since the employer cannot be asked."""

    owner: Owner
    alternative: bool


def route_of(matter: Matter) -> Route:
    """Return who has to deal with a case."""
    fields = [each.field for each in matter.changes] or [_ANYTHING]
    owner = max((_owner_of(matter, each) for each in fields), key=_WEIGHT.__getitem__)
    silent = is_silent(matter)
    if owner is Owner.EMPLOYER and matter.employer_code is None:
        owner = Owner.COMMUNE
    if silent and owner in {Owner.EMPLOYER, Owner.COMMUNE}:
        owner = Owner.PROVINCE
    return Route(owner, silent)


def is_silent(matter: Matter) -> bool:
    """Say whether an employer that should confirm a job cannot do so any more.

    Dissolved, bankrupt or in such proceedings, without its licence, or not at its address. Source:
    ND 168/2025, art. 35 (states); then Sở Nội vụ confirms, as it does the end of a contract.
    """
    of_a_job = matter.kind in {CaseKind.EMPLOYMENT, CaseKind.INSURANCE}
    status = matter.employer_status
    return of_a_job and (not can_confirm(status) or status == EmployerStatus.BANKRUPTCY)


def is_high_impact(kind: CaseKind, ask: Ask, changes: Iterable[FieldChange]) -> bool:
    """Say whether two officials are needed: months, first days far off, lines that come or go.

    A missing line that a register confirms never gets so far: it is decided by that.
    """
    if kind is CaseKind.INSURANCE or ask is Ask.REMOVE:
        return True
    if ask is Ask.ADD:
        return kind is CaseKind.EMPLOYMENT
    return any(_moves_far(each) for each in changes if each.field == "first_day")


@cache
def routes() -> tuple[Mapping[str, str], ...]:
    """Return the routing matrix; of the rows that fit, the first one counts."""
    return data.rows("correction_routes")


def _owner_of(matter: Matter, field: str) -> Owner:
    assurance = "" if matter.assurance is None else matter.assurance.name
    about = {
        "kind": str(matter.kind),
        "ask": str(matter.ask),
        "field": field,
        "assurance": assurance,
        "declared_by": matter.declared_by,
    }
    for row in routes():
        if all(row[name] in {_ANYTHING, value} for name, value in about.items()):
            return Owner(row["owner"])
    raise AssertionError("the routing matrix ends with a row for everything of each kind")


def _moves_far(change: FieldChange) -> bool:
    if not change.before or not change.after:
        return True
    before, after = (
        Month.of_day(PartialDate.parse(each).first_possible)
        for each in (change.before, change.after)
    )
    return abs(after - before) > HIGH_IMPACT_MONTHS
