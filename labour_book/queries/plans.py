"""Plans of collection and the visits under them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.portions import AT_ONCE
from labour_book.queries.rows import insert_ignoring, table_of
from labour_book.tables import CollectionPlan, CollectionVisit, Person, Place, ProfileFact

_PLAN = table_of(CollectionPlan)
_VISIT = table_of(CollectionVisit)
_PERSON = table_of(Person)
_PLACE = table_of(Place)
_PROFILE = table_of(ProfileFact)


@dataclass(frozen=True, slots=True)
class PlanOnFile:
    """Who visits a hamlet in a round, from when to when; days are inclusive."""

    id: UUID
    commune_code: str
    hamlet: str
    year: int
    round: int
    first_day: date
    last_day: date
    collector: str
    unit_code: str
    created_by: str
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class VisitOnFile:
    """A person or household to be visited."""

    id: UUID
    plan_id: UUID
    household_code: str
    person_id: UUID | None
    state: str
    changed_at: datetime
    full_name: str | None
    birth_year: int | None


_PLAN_COLUMNS = tuple(_PLAN.c[name] for name in PlanOnFile.__slots__)
_VISIT_COLUMNS = (
    *(_VISIT.c[name] for name in VisitOnFile.__slots__[:6]),
    _PERSON.c.full_name,
    _PERSON.c.birth_year,
)


def communes_served(db: Db, unit_place: str | None, unit_kind: str, on: date) -> list[str] | None:
    """Return the communes of a unit's place; None for a unit that serves the whole country."""
    if unit_kind == "commune":
        return [unit_place or ""]
    if unit_place is None:
        return None
    query = (
        sa.select(_PLACE.c.code)
        .where(
            _PLACE.c.level == "commune",
            _PLACE.c.parent_code == unit_place,
            _PLACE.c.valid_from <= on,
            sa.or_(_PLACE.c.valid_to.is_(None), _PLACE.c.valid_to >= on),
        )
        .order_by(_PLACE.c.code)
    )
    return list(db.execute(query).scalars())


def add_plan(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_PLAN), row)


def plan_exists(db: Db, commune_code: str, year: int, number: int, hamlet: str) -> bool:
    query = sa.select(
        sa.exists().where(
            _PLAN.c.commune_code == commune_code,
            _PLAN.c.year == year,
            _PLAN.c.round == number,
            _PLAN.c.hamlet == hamlet,
        )
    )
    return bool(db.execute(query).scalar_one())


def plan_by_id(db: Db, plan_id: UUID) -> PlanOnFile | None:
    row = db.execute(sa.select(*_PLAN_COLUMNS).where(_PLAN.c.id == plan_id)).one_or_none()
    return None if row is None else PlanOnFile(*row)


def plans_in(
    db: Db, communes: Collection[str] | None, *, year: int, limit: int
) -> list[PlanOnFile]:
    """Return the plans of a year in some communes, or in all; by commune, round and hamlet."""
    query = (
        sa.select(*_PLAN_COLUMNS)
        .where(_PLAN.c.year == year)
        .order_by(_PLAN.c.commune_code, _PLAN.c.round.desc(), _PLAN.c.hamlet, _PLAN.c.id)
        .limit(limit)
    )
    if communes is not None:
        query = query.where(_PLAN.c.commune_code.in_(communes))
    return [PlanOnFile(*row) for row in db.execute(query)]


def close_plan(db: Db, plan_id: UUID, now: datetime) -> bool:
    """Close a plan that is open; tell whether it was."""
    return one_changed(
        db,
        sa.update(_PLAN)
        .where(_PLAN.c.id == plan_id, _PLAN.c.closed_at.is_(None))
        .values(closed_at=now),
    )


def people_and_answers(
    db: Db, commune_code: str, *, after: UUID | None
) -> list[tuple[UUID, str | None]]:
    """Return the living of a commune with what they answered last as JSON, in order of id.

    At most some thousands at a time.
    """
    newest = (
        sa.select(_PROFILE.c.body)
        .where(
            _PROFILE.c.person_id == _PERSON.c.id,
            _PROFILE.c.kind == "form03",
            _PROFILE.c.voided_at.is_(None),
        )
        .order_by(_PROFILE.c.stated_at.desc(), _PROFILE.c.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(_PERSON.c.id, newest)
        .where(_PERSON.c.residence_commune == commune_code, _PERSON.c.life_status != "DECEASED")
        .order_by(_PERSON.c.id)
        .limit(AT_ONCE)
    )
    if after is not None:
        query = query.where(_PERSON.c.id > after)
    return [(row[0], row[1]) for row in db.execute(query)]


def add_visits(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add visits; a person whom the plan has already is not added again."""
    insert_ignoring(db, _VISIT, rows)


def add_visit(db: Db, row: Mapping[str, Any]) -> bool:
    return insert_once(db, _VISIT, row)


def visits_of(
    db: Db, plan_id: UUID, states: Collection[str], *, after: UUID | None, limit: int
) -> list[VisitOnFile]:
    """Return visits in some states, in the order in which they were added."""
    query = (
        sa.select(*_VISIT_COLUMNS)
        .outerjoin(_PERSON, _PERSON.c.id == _VISIT.c.person_id)
        .where(_VISIT.c.plan_id == plan_id, _VISIT.c.state.in_(states))
        .order_by(_VISIT.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(_VISIT.c.id > after)
    return [VisitOnFile(*row) for row in db.execute(query)]


def visit_by_id(db: Db, visit_id: UUID) -> VisitOnFile | None:
    query = (
        sa.select(*_VISIT_COLUMNS)
        .outerjoin(_PERSON, _PERSON.c.id == _VISIT.c.person_id)
        .where(_VISIT.c.id == visit_id)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else VisitOnFile(*row)


def change_visit(
    db: Db, visit: VisitOnFile, state: str, *, by: str, person_id: UUID | None, now: datetime
) -> bool:
    """Note how a visit went; False when it stands otherwise by now."""
    return one_changed(
        db,
        sa.update(_VISIT)
        .where(_VISIT.c.id == visit.id, _VISIT.c.state == visit.state)
        .values(
            state=state,
            changed_by=by,
            changed_at=now,
            person_id=visit.person_id if person_id is None else person_id,
        ),
    )


def is_on_plan(db: Db, plan_id: UUID, person_id: UUID) -> bool:
    query = sa.select(
        sa.exists().where(_VISIT.c.plan_id == plan_id, _VISIT.c.person_id == person_id)
    )
    return bool(db.execute(query).scalar_one())


def visits_counted(
    db: Db, communes: Collection[str] | None, *, year: int
) -> list[tuple[str, UUID, str, int]]:
    """Return commune, plan, state and number of visits of a year."""
    query = (
        sa.select(_PLAN.c.commune_code, _VISIT.c.plan_id, _VISIT.c.state, sa.func.count())
        .join(_VISIT, _VISIT.c.plan_id == _PLAN.c.id)
        .where(_PLAN.c.year == year)
        .group_by(_PLAN.c.commune_code, _VISIT.c.plan_id, _VISIT.c.state)
        .order_by(_PLAN.c.commune_code, _VISIT.c.plan_id, _VISIT.c.state)
    )
    if communes is not None:
        query = query.where(_PLAN.c.commune_code.in_(communes))
    return [(row[0], row[1], row[2], row[3]) for row in db.execute(query)]
