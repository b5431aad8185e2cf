"""How people on file compare with the population register, and the lists of who does not match."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import Inserting, inserting, one_changed
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import IdentityCheck, Person, PersonMerge

_CHECK = table_of(IdentityCheck)
_PERSON = table_of(Person)
_MERGE = table_of(PersonMerge)

_ANSWERED = ("causes", "occasion", "checked_at", "data_as_of", "tried_at", "failure")
_IN_DOUBT = _PERSON.c.match_state != "MATCHED"
_STAYS = ~sa.exists().where(_MERGE.c.merged_id == _PERSON.c.id, _MERGE.c.state == "done")
"""Whoever was merged into somebody else is on no list any more."""


@dataclass(frozen=True, slots=True)
class CheckOnFile:
    """The last comparison of a person."""

    match_state: str
    match_cause: str | None
    causes: tuple[str, ...] = ()
    occasion: str | None = None
    checked_at: datetime | None = None
    data_as_of: datetime | None = None
    tried_at: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Somebody who does not match the register; no number."""

    id: UUID
    full_name: str
    birth_year: int | None
    residence_commune: str | None
    match_state: str
    match_cause: str | None
    checked_at: datetime | None
    tried_at: datetime | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class DoubtCount:
    """How many people are in a state for a cause."""

    match_state: str
    match_cause: str | None
    people: int


def check_of(db: Db, person_id: UUID) -> CheckOnFile | None:
    """Return how a person compared last; None if there is no such person."""
    return checks_of(db, [person_id]).get(person_id)


def checks_of(db: Db, people: Collection[UUID]) -> dict[UUID, CheckOnFile]:
    """Return how each of some people compared last; who is not on file is left out."""
    found: dict[UUID, CheckOnFile] = {}
    for some in portions(people):
        query = (
            sa.select(
                _PERSON.c.id,
                _PERSON.c.match_state,
                _PERSON.c.match_cause,
                sa.func.coalesce(_CHECK.c.causes, ""),
                _CHECK.c.occasion,
                _CHECK.c.checked_at,
                _CHECK.c.data_as_of,
                _CHECK.c.tried_at,
                _CHECK.c.failure,
            )
            .join_from(_PERSON, _CHECK, _CHECK.c.person_id == _PERSON.c.id, isouter=True)
            .where(among(db, _PERSON.c.id, some))
            .order_by(_PERSON.c.id)
        )
        for person_id, state, cause, causes, *rest in db.execute(query):
            found[person_id] = CheckOnFile(state, cause, tuple(causes.split()), *rest)
    return found


def note_answer(db: Db, row: Mapping[str, Any]) -> bool:
    """Keep what the register answered; False if a newer answer of it is kept already."""
    kept = _keeping(db).values(dict(row)).returning(_CHECK.c.person_id)
    return db.execute(kept).one_or_none() is not None


def note_answers(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what the register says of many people, each as ``note_answer`` does."""
    if rows:
        db.connection().execute(_keeping(db), [dict(row) for row in rows])


def note_failure(db: Db, row: Mapping[str, Any]) -> None:
    """Keep that the register was asked in vain; what it answered before stays."""
    statement = inserting(db, _CHECK).values(dict(row))
    new = statement.excluded
    db.execute(
        statement.on_conflict_do_update(
            index_elements=[_CHECK.c.person_id],
            set_={"tried_at": new.tried_at, "failure": new.failure},
            where=_CHECK.c.tried_at <= new.tried_at,
        )
    )


def set_match(db: Db, person_id: UUID, state: str, cause: str | None, at: datetime) -> bool:
    """Set how a person compares; False if that is how it stood."""
    other = sa.or_(_PERSON.c.match_state != state, _PERSON.c.match_cause.is_distinct_from(cause))
    return one_changed(
        db,
        sa.update(_PERSON)
        .where(_PERSON.c.id == person_id, other)
        .values(match_state=state, match_cause=cause, changed_at=at),
    )


def doubt_counts(db: Db, communes: Collection[str] | None) -> list[DoubtCount]:
    """Return how many people of some communes, or of all, do not match, by state and cause."""
    query = (
        sa.select(_PERSON.c.match_state, _PERSON.c.match_cause, sa.func.count())
        .where(_IN_DOUBT, _STAYS, *_within(communes))
        .group_by(_PERSON.c.match_state, _PERSON.c.match_cause)
        .order_by(_PERSON.c.match_state, _PERSON.c.match_cause)
    )
    return [DoubtCount(*row) for row in db.execute(query)]


def doubtful(
    db: Db,
    communes: Collection[str] | None,
    state: str,
    cause: str | None,
    *,
    after: UUID | None,
    limit: int,
) -> list[Doubtful]:
    """Return people of some communes, or of all, who are in a state for a cause, by id."""
    query = (
        sa.select(
            _PERSON.c.id,
            _PERSON.c.full_name,
            _PERSON.c.birth_year,
            _PERSON.c.residence_commune,
            _PERSON.c.match_state,
            _PERSON.c.match_cause,
            _CHECK.c.checked_at,
            _CHECK.c.tried_at,
            _CHECK.c.failure,
        )
        .join_from(_PERSON, _CHECK, _CHECK.c.person_id == _PERSON.c.id, isouter=True)
        .where(
            _IN_DOUBT,
            _STAYS,
            _PERSON.c.match_state == state,
            _PERSON.c.match_cause.is_not_distinct_from(cause),
            *_within(communes),
        )
        .order_by(_PERSON.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(_PERSON.c.id > after)
    return [Doubtful(*row) for row in db.execute(query)]


def _keeping(db: Db) -> Inserting:
    """Return the statement that keeps an answer unless a newer one is there."""
    statement = inserting(db, _CHECK)
    new = statement.excluded
    newer = sa.or_(
        _CHECK.c.data_as_of.is_(None),
        new.data_as_of.is_(None),
        _CHECK.c.data_as_of <= new.data_as_of,
    )
    return statement.on_conflict_do_update(
        index_elements=[_CHECK.c.person_id],
        set_={name: new[name] for name in _ANSWERED},
        where=newer,
    )


def _within(communes: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    return [] if communes is None else [_PERSON.c.residence_commune.in_(communes)]
