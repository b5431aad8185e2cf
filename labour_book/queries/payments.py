"""Lists of what is to be paid, their lines, and who may stand on one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries.guards import inserting, one_changed
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import PaymentLine, PaymentList, Person, PersonMerge, SupportProposal

_LIST = table_of(PaymentList)
_LINE = table_of(PaymentLine)
_PROPOSAL = table_of(SupportProposal)
_PERSON = table_of(Person)
_MERGE = table_of(PersonMerge)


@dataclass(frozen=True, slots=True)
class StoredList:
    """A list of payments on file."""

    id: UUID
    number: str
    policy: str
    unit_code: str
    month: str
    state: str
    people: int
    total_vnd: int
    content_hash: bytes
    drafted_by: str
    drafted_at: datetime
    settled_by: str | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredLine:
    """One person on a list."""

    number: int
    person_id: UUID
    full_name: str
    birth_year: int | None
    commune_code: str | None
    proposal_id: UUID
    amount_vnd: int


@dataclass(frozen=True, slots=True)
class Payable:
    """A support that was granted, and stands on no list of a month."""

    proposal_id: UUID
    person_id: UUID
    amount_vnd: int


_LIST_COLUMNS = tuple(_LIST.c[name] for name in StoredList.__slots__)


def payable(
    db: Db, policy: str, month: str, units: Collection[str], communes: Collection[str] | None
) -> list[Payable]:
    """Return what was granted of a policy in some communes and is on no list of a month.

    ``units`` are the units of sums that are paid in money. Whoever was merged into somebody was
    that one already when a list was drafted.
    """
    merged = sa.select(_MERGE.c.merged_id).where(
        _MERGE.c.kept_id == _PROPOSAL.c.person_id, _MERGE.c.state == "done"
    )
    listed = sa.exists().where(
        sa.or_(_LINE.c.person_id == _PROPOSAL.c.person_id, _LINE.c.person_id.in_(merged)),
        _LINE.c.policy == policy,
        _LINE.c.month == month,
        _LINE.c.voided_at.is_(None),
    )
    gone = sa.exists().where(_MERGE.c.merged_id == _PROPOSAL.c.person_id, _MERGE.c.state == "done")
    query = (
        sa.select(_PROPOSAL.c.id, _PROPOSAL.c.person_id, _PROPOSAL.c.sum_value)
        .where(
            _PROPOSAL.c.policy == policy,
            _PROPOSAL.c.state == "granted",
            _PROPOSAL.c.sum_value.is_not(None),
            _PROPOSAL.c.sum_most.is_(None),
            _PROPOSAL.c.sum_unit.in_(sorted(units)),
            ~listed,
            ~gone,
        )
        .order_by(_PROPOSAL.c.person_id, _PROPOSAL.c.id)
    )
    if communes is not None:
        query = query.where(among(db, _PROPOSAL.c.commune_code, sorted(communes)))
    return [Payable(row.id, row.person_id, int(row.sum_value)) for row in db.execute(query)]


def add_list(db: Db, row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> bool:
    """Store a list with its lines; False where somebody stands on another one already."""
    insert_rows(db, _LIST, [row])
    added = 0
    for some in portions(lines):
        statement = (
            inserting(db, _LINE).values(some).on_conflict_do_nothing().returning(_LINE.c.number)
        )
        added += len(db.execute(statement).all())
    return added == len(lines)


def list_by_id(db: Db, list_id: UUID) -> StoredList | None:
    row = db.execute(sa.select(*_LIST_COLUMNS).where(_LIST.c.id == list_id)).one_or_none()
    return None if row is None else StoredList(*row)


def lists_of(db: Db, units: Collection[str], *, limit: int) -> list[StoredList]:
    """Return the newest lists of some units."""
    query = (
        sa.select(*_LIST_COLUMNS)
        .where(_LIST.c.unit_code.in_(sorted(units)))
        .order_by(_LIST.c.drafted_at.desc(), _LIST.c.id)
        .limit(limit)
    )
    return [StoredList(*row) for row in db.execute(query)]


def lines_of(db: Db, list_id: UUID) -> list[StoredLine]:
    """Return the lines of a list, by number."""
    query = (
        sa.select(
            *(_LINE.c.number, _LINE.c.person_id, _PERSON.c.full_name, _PERSON.c.birth_year),
            *(_PERSON.c.residence_commune, _LINE.c.proposal_id, _LINE.c.amount_vnd),
        )
        .join(_PERSON, _PERSON.c.id == _LINE.c.person_id)
        .where(_LINE.c.list_id == list_id)
        .order_by(_LINE.c.number)
    )
    return [StoredLine(*row) for row in db.execute(query)]


def settle(db: Db, list_id: UUID, state: str, *, by: str, now: datetime) -> bool:
    """Approve or drop a list that is drafted; tell whether it still was.

    Nobody approves what the same person drafted.
    """
    statement = sa.update(_LIST).where(_LIST.c.id == list_id, _LIST.c.state == "drafted")
    if state == "approved":
        statement = statement.where(_LIST.c.drafted_by != by)
    return one_changed(db, statement.values(state=state, settled_by=by, settled_at=now))


def void_lines(db: Db, list_id: UUID, now: datetime) -> None:
    """Let the people of a list that was dropped stand on another."""
    db.execute(
        sa.update(_LINE)
        .where(_LINE.c.list_id == list_id, _LINE.c.voided_at.is_(None))
        .values(voided_at=now)
    )
