"""People who are on file twice: who may be, what was merged, and what that moved."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.facts import FACTS, FactKind, fact_rows
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.portions import among
from labour_book.queries.rows import table_of
from labour_book.tables import Account, Person, PersonIdentifier, PersonMerge

_MERGE = table_of(PersonMerge)
_PERSON = table_of(Person)
_NUMBER = table_of(PersonIdentifier)
_ACCOUNT = table_of(Account)

_IN_DOUBT = (
    sa.func.sum(sa.case((_PERSON.c.match_state.in_(("MATCHED", "DECEASED")), 0), else_=1)) > 0
)
"""Not every one of them is known to the population register: it knows those as different people."""
PROPOSED, DECLINED, DONE, UNDONE = "proposed", "declined", "done", "undone"


@dataclass(frozen=True, slots=True)
class MergeOnFile:
    """That two people are one, and how far that has come."""

    id: UUID
    kept_id: UUID
    merged_id: UUID
    state: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decided_reason: str | None
    undone_by: str | None
    undone_at: datetime | None
    undone_reason: str | None
    moved: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Alike:
    """People who share a name and birth date, or a number; ``key`` is where to go on."""

    key: bytes
    people: Sequence[UUID]


def same_identity(
    db: Db, communes: Collection[str] | None, *, after: bytes | None, limit: int
) -> list[Alike]:
    """Return people with the same folded name and birth date who all live in some communes.

    Those whom the population register knows as different people are left out.
    """
    key = _PERSON.c.identity_key
    query = (
        sa.select(key)
        .where(key.is_not(None))
        .group_by(key)
        .having(sa.func.count() > 1, _IN_DOUBT, *_all_within(communes))
        .order_by(key)
        .limit(limit)
    )
    if after is not None:
        query = query.where(key > after)
    keys = list(db.execute(query).scalars())
    return _alike(db, keys, key, _PERSON.c.id, sa.select(key, _PERSON.c.id))


def same_number(
    db: Db, communes: Collection[str] | None, *, after: bytes | None, limit: int
) -> list[Alike]:
    """Return people whom one number names, who all live in some communes."""
    key = _NUMBER.c.blind_index
    joined = sa.select(key).join(_PERSON, _PERSON.c.id == _NUMBER.c.person_id)
    query = (
        joined.group_by(key)
        .having(sa.func.count() > 1, _IN_DOUBT, *_all_within(communes))
        .order_by(key)
        .limit(limit)
    )
    if after is not None:
        query = query.where(key > after)
    keys = list(db.execute(query).scalars())
    return _alike(db, keys, key, _NUMBER.c.person_id, sa.select(key, _NUMBER.c.person_id))


def add_merge(db: Db, row: Mapping[str, Any]) -> bool:
    """Propose a merge; False if one of this person is open or done."""
    return insert_once(db, _MERGE, row)


def merge_by_id(db: Db, merge_id: UUID) -> MergeOnFile | None:
    row = db.execute(sa.select(_MERGE).where(_MERGE.c.id == merge_id)).one_or_none()
    return None if row is None else _merge(row)


def merges_in(
    db: Db, communes: Collection[str] | None, states: Collection[str], *, limit: int
) -> list[MergeOnFile]:
    """Return merges in some states of people in some communes, the newest first."""
    query = (
        sa.select(_MERGE)
        .join(_PERSON, _PERSON.c.id == _MERGE.c.kept_id)
        .where(_MERGE.c.state.in_(states))
        .order_by(_MERGE.c.proposed_at.desc(), _MERGE.c.id)
        .limit(limit)
    )
    if communes is not None:
        query = query.where(_PERSON.c.residence_commune.in_(communes))
    return [_merge(row) for row in db.execute(query)]


def merges_of(db: Db, people: Collection[UUID], states: Collection[str]) -> list[MergeOnFile]:
    """Return the merges in some states that concern any of the people, the oldest first."""
    query = (
        sa.select(_MERGE)
        .where(
            sa.or_(_MERGE.c.kept_id.in_(people), _MERGE.c.merged_id.in_(people)),
            _MERGE.c.state.in_(states),
        )
        .order_by(_MERGE.c.proposed_at, _MERGE.c.id)
    )
    return [_merge(row) for row in db.execute(query)]


def merged_among(db: Db, people: Collection[UUID]) -> frozenset[UUID]:
    """Return those of the people who were merged into somebody else."""
    query = (
        sa.select(_MERGE.c.merged_id)
        .where(among(db, _MERGE.c.merged_id, people), _MERGE.c.state == DONE)
        .order_by(_MERGE.c.merged_id)
    )
    return frozenset(db.execute(query).scalars())


def pairs_among(db: Db, people: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Return which of the people are made one with whom: (kept, merged)."""
    ours = sa.or_(among(db, _MERGE.c.kept_id, people), among(db, _MERGE.c.merged_id, people))
    query = (
        sa.select(_MERGE.c.kept_id, _MERGE.c.merged_id)
        .where(ours, _MERGE.c.state == DONE)
        .order_by(_MERGE.c.kept_id, _MERGE.c.merged_id)
    )
    return frozenset((row.kept_id, row.merged_id) for row in db.execute(query))


def change_merge(db: Db, merge: MergeOnFile, state: str, values: Mapping[str, Any]) -> bool:
    """Lead a merge from the state it was found in to another; False if it stands otherwise."""
    return one_changed(
        db,
        sa.update(_MERGE)
        .where(_MERGE.c.id == merge.id, _MERGE.c.state == merge.state)
        .values({"state": state, **values}),
    )


def lock_people(db: Db, people: Collection[UUID]) -> None:
    """Lock people in one order until the transaction ends."""
    query = sa.select(_PERSON.c.id).where(_PERSON.c.id.in_(people)).order_by(_PERSON.c.id)
    db.execute(query.with_for_update()).all()


def live_facts_of(db: Db, kind: FactKind, person_id: UUID) -> list[dict[str, Any]]:
    """Return all live facts of a kind about a person, whole, the oldest first."""
    table = FACTS[kind]
    query = (
        sa.select(table)
        .where(table.c.person_id == person_id, table.c.voided_at.is_(None))
        .order_by(table.c.recorded_at, table.c.id)
    )
    return [dict(row) for row in db.execute(query).mappings()]


def live_fact(db: Db, kind: FactKind, source: str, ref: str) -> dict[str, Any] | None:
    """Return the live fact that a statement of a source makes; None if there is none."""
    table = FACTS[kind]
    query = sa.select(table).where(
        table.c.source == source, table.c.source_ref == ref, table.c.voided_at.is_(None)
    )
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def fact_of(db: Db, kind: FactKind, fact_id: UUID) -> dict[str, Any]:
    """Return one fact, whole, live or not."""
    return fact_rows(db, kind, [fact_id])[fact_id]


def numbers_of_person(db: Db, person_id: UUID) -> list[tuple[UUID, str, bytes]]:
    """Return id, kind and blind index of the numbers that name a person."""
    query = (
        sa.select(_NUMBER.c.id, _NUMBER.c.kind, _NUMBER.c.blind_index)
        .where(_NUMBER.c.person_id == person_id)
        .order_by(_NUMBER.c.kind, _NUMBER.c.id)
    )
    return [(row.id, row.kind, row.blind_index) for row in db.execute(query)]


def move_number(db: Db, number_id: UUID, *, holder: UUID, to: UUID, kind: str) -> bool:
    """Let a number name somebody else from now on; False if it does not name who is expected."""
    return one_changed(
        db,
        sa.update(_NUMBER)
        .where(_NUMBER.c.id == number_id, _NUMBER.c.person_id == holder)
        .values(person_id=to, kind=kind),
    )


def move_accounts(db: Db, *, holder: UUID, to: UUID, only: Collection[UUID] | None) -> list[UUID]:
    """Let the accounts of a person be another's; return which they were."""
    query = sa.select(_ACCOUNT.c.id).where(_ACCOUNT.c.person_id == holder).order_by(_ACCOUNT.c.id)
    if only is not None:
        query = query.where(_ACCOUNT.c.id.in_(only))
    found = list(db.execute(query).scalars())
    for account in found:
        one_changed(
            db,
            sa.update(_ACCOUNT)
            .where(_ACCOUNT.c.id == account, _ACCOUNT.c.person_id == holder)
            .values(person_id=to),
        )
    return found


def set_keys(db: Db, person_id: UUID, *, search_key: str, identity_key: bytes | None) -> None:
    """Set what a person is found by; nothing for one who was merged."""
    changed = one_changed(
        db,
        sa.update(_PERSON)
        .where(_PERSON.c.id == person_id)
        .values(search_key=search_key, identity_key=identity_key),
    )
    assert changed, "the person is on file"


def personal_ids_then(
    db: Db, people: Collection[UUID], known_at: datetime
) -> dict[UUID, tuple[UUID | None, str]]:
    """Return, for numbers that a merge has moved since, whom they named at an instant, and how.

    By id of the number: the person and the kind; merges and their undoing are taken back in turn.
    """
    found: dict[UUID, tuple[UUID | None, str]] = {}
    query = (
        sa.select(_MERGE)
        .where(
            sa.or_(among(db, _MERGE.c.kept_id, people), among(db, _MERGE.c.merged_id, people)),
            _MERGE.c.state.in_((DONE, UNDONE)),
            sa.or_(_MERGE.c.decided_at > known_at, _MERGE.c.undone_at > known_at),
        )
        .order_by(_MERGE.c.decided_at.desc(), _MERGE.c.id)
    )
    for merge in map(_merge, db.execute(query)):
        for each in merge.moved.get("numbers", ()):
            was_merged = merge.decided_at is not None and merge.decided_at <= known_at
            if was_merged:  # and undone since
                found[UUID(each["id"])] = (merge.kept_id, each["after"])
            else:
                found[UUID(each["id"])] = (merge.merged_id, each["before"])
    return found


def _alike(
    db: Db,
    keys: Sequence[bytes],
    key: sa.ColumnElement[Any],
    person: sa.ColumnElement[Any],
    query: sa.Select[Any],
) -> list[Alike]:
    found: defaultdict[bytes, list[UUID]] = defaultdict(list)
    for each, person_id in db.execute(query.where(key.in_(keys)).order_by(key, person)):
        found[each].append(person_id)
    return [Alike(each, found[each]) for each in keys]


def _all_within(communes: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    if communes is None:
        return []
    inside = sa.case((_PERSON.c.residence_commune.in_(communes), 1), else_=0)
    return [sa.func.sum(inside) == sa.func.count()]


def _merge(row: sa.Row[Any]) -> MergeOnFile:
    columns = dict(zip(MergeOnFile.__slots__, row, strict=True))
    return MergeOnFile(**columns | {"moved": loads(row.moved)})
