"""Where a correction goes: the kind of owner by the matrix, the unit by the person's place."""

from datetime import date, datetime

from labour_book.database import Db
from labour_book.domain.assurance import Assurance
from labour_book.domain.correction_routing import Matter, Route, route_of
from labour_book.domain.corrections import Owner
from labour_book.domain.employers import root_of, status_on
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Unavailable
from labour_book.queries import books, units
from labour_book.queries.corrections import StoredCase
from labour_book.queries.employers import employers_by_code

OwnerAt = tuple[Owner, str]
_UP = (Owner.COMMUNE, Owner.INSURANCE, Owner.PROVINCE, Owner.MINISTRY)
"""Where a unit is missing for a place, the next one of these that is there has its cases."""
_OF_UNIT = {
    "commune": Owner.COMMUNE,
    "province": Owner.PROVINCE,
    "insurance": Owner.INSURANCE,
    "ministry": Owner.MINISTRY,
}
POPULATION_REGISTER = "C06"
"""What the population register's side is called, as an owner (Cục C06, Bộ Công an)."""


class NoOwner(Unavailable):
    """No agency on file is responsible: the units of the place have to be entered first."""

    slug = "no-owner"
    title = "No agency is on file that could decide this"
    title_vi = "Chưa có cơ quan nào trong hệ thống để giải quyết việc này"


def owner_of(db: Db, case: StoredCase, *, now: datetime) -> tuple[OwnerAt, Route]:
    """Return who has to deal with a case that is handed in, and why there.

    Raises:
        NoOwner: no unit is on file.
    """
    today = vietnam_day(now)
    route = route_of(matter_of(db, case, today))
    if route.owner is Owner.POPULATION:
        return (Owner.POPULATION, POPULATION_REGISTER), route
    if route.owner is Owner.EMPLOYER:
        assert case.employer_code is not None
        return (Owner.EMPLOYER, root_of(case.employer_code)), route
    return unit_for(db, case, route.owner, today), route


def matter_of(db: Db, case: StoredCase, today: date) -> Matter:
    """Return what the owner of a case depends on."""
    status = None
    if case.employer_code is not None:
        employer = employers_by_code(db, [case.employer_code]).get(case.employer_code)
        status = None if employer is None else status_on(employer.statuses, today)
    return Matter(
        kind=case.kind,
        ask=case.ask,
        changes=case.changes,
        assurance=Assurance[case.assurance] if case.assurance else None,
        declared_by=case.declared_kind,
        employer_code=case.employer_code,
        employer_status=status,
    )


def unit_for(db: Db, case: StoredCase, owner: Owner, today: date) -> OwnerAt:
    """Return the unit of a kind that is responsible for the person, or the next one above.

    Raises:
        NoOwner: none is on file.
    """
    subject = books.subject(db, case.person_id)
    commune = None if subject is None else subject.residence_commune
    for kind in _UP[_UP.index(owner) :]:
        code = units.unit_of(db, str(kind), commune, today)
        if code is not None:
            return kind, code
    raise NoOwner


def next_up(db: Db, case: StoredCase, today: date) -> OwnerAt | None:
    """Return who gets a case after its owner: the unit above; after an employer the commune.

    None where nobody stands above.
    """
    assert case.owner_kind is not None
    if case.owner_kind is Owner.EMPLOYER:
        return unit_for(db, case, Owner.COMMUNE, today)
    above = units.parent_of(db, case.owner_code or "", today)
    found = None if above is None else units.unit(db, above)
    kind = None if found is None else owner_kind_of(found.kind)
    return None if found is None or kind is None else (kind, found.code)


def owner_kind_of(unit_kind: str) -> Owner | None:
    """Return as what a unit of some kind owns cases; None if units of that kind do not."""
    return _OF_UNIT.get(unit_kind)
