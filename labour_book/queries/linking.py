"""Passes over many rows, what they propose, and the rows and people they compare."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, inserting, one_changed
from labour_book.queries.people import numbers_of
from labour_book.queries.rows import table_of
from labour_book.queries.vault import Vault
from labour_book.tables import (
    ImportRun,
    LinkProposal,
    LinkRun,
    Person,
    PersonMerge,
    ReviewDecision,
    RowReceipt,
)

_RUN = table_of(LinkRun)
_PROPOSAL = table_of(LinkProposal)
_PERSON = table_of(Person)
_MERGE = table_of(PersonMerge)
_RECEIPT = table_of(RowReceipt)
_IMPORT = table_of(ImportRun)
_DECISION = table_of(ReviewDecision)

RUNNING, DONE = "running", "done"
OPEN, TAKEN, DISMISSED = "open", "taken", "dismissed"
AT_ONCE = 2_000
_STAYS = ~sa.exists().where(_MERGE.c.merged_id == _PERSON.c.id, _MERGE.c.state == "done")
_OTHER = _PERSON.alias("other")


@dataclass(frozen=True, slots=True)
class RunOnFile:
    """One pass."""

    id: UUID
    kind: str
    source: str
    model: str
    state: str
    position: int
    rows: int
    counts: str
    started_at: datetime
    finished_at: datetime | None
    recorded_by: str


@dataclass(frozen=True, slots=True)
class ProposalOnFile:
    """That one may be another."""

    id: UUID
    kind: str
    subject: str
    person_id: UUID
    commune_code: str | None
    decision: str
    probability: int
    rule: str
    levels: str
    state: str
    proposed_at: datetime


@dataclass(frozen=True, slots=True)
class Comparable:
    """A person on file with every number, to be compared in memory; never to be written down."""

    id: UUID
    full_name: str
    birth_date: str | None
    sex: str | None
    commune: str | None
    match_state: str
    match_cause: str | None
    numbers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that waits in the review rooms."""

    run_id: UUID
    ordinal: int
    kind: str
    commune_code: str | None


_PROPOSED = tuple(_PROPOSAL.c[name] for name in ProposalOnFile.__slots__)


def running(db: Db, kind: str, source: str) -> RunOnFile | None:
    """Return the pass of a kind over a source that has not ended; None if there is none."""
    query = sa.select(_RUN).where(
        _RUN.c.kind == kind, _RUN.c.source == source, _RUN.c.state == RUNNING
    )
    row = db.execute(query).one_or_none()
    return None if row is None else RunOnFile(*row)


def begin_run(db: Db, row: Mapping[str, Any]) -> bool:
    """Begin a pass; False if one like it is running."""
    return insert_once(db, _RUN, row)


def advance(db: Db, run: UUID, *, before: int, position: int, counts: str) -> bool:
    """Note how far a pass has come; False if it stood elsewhere, as another process is at it."""
    return one_changed(
        db,
        sa.update(_RUN)
        .where(_RUN.c.id == run, _RUN.c.position == before, _RUN.c.state == RUNNING)
        .values(position=position, counts=counts),
    )


def end_run(db: Db, run: UUID, at: datetime) -> bool:
    """End a pass."""
    return one_changed(
        db,
        sa.update(_RUN)
        .where(_RUN.c.id == run, _RUN.c.state == RUNNING)
        .values(state=DONE, finished_at=at),
    )


def run_by_id(db: Db, run: UUID) -> RunOnFile:
    return RunOnFile(*db.execute(sa.select(_RUN).where(_RUN.c.id == run)).one())


def runs(db: Db, *, limit: int) -> list[RunOnFile]:
    """Return the passes, the newest first."""
    query = sa.select(_RUN).order_by(_RUN.c.started_at.desc(), _RUN.c.id).limit(limit)
    return [RunOnFile(*row) for row in db.execute(query)]


def done_since(db: Db, kind: str, since: datetime) -> bool:
    """Say whether a pass of a kind was begun since an instant, and is done."""
    query = sa.select(_RUN.c.id).where(
        _RUN.c.kind == kind, _RUN.c.state == DONE, _RUN.c.started_at >= since
    )
    return db.execute(query.limit(1)).first() is not None


def add_proposals(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add proposals; one of the same two says anew how likely it is, while nobody has decided."""
    if not rows:
        return
    statement = inserting(db, _PROPOSAL)
    new = statement.excluded
    said = ("run_id", "decision", "probability", "rule", "levels", "commune_code", "proposed_at")
    db.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["subject", "person_id"],
            set_={name: new[name] for name in said},
            where=_PROPOSAL.c.state == OPEN,
        ),
        [dict(row) for row in rows],
    )


def proposals_of(db: Db, subject: str) -> list[ProposalOnFile]:
    """Return whom something may mean, the likeliest first."""
    query = (
        sa.select(*_PROPOSED)
        .where(_PROPOSAL.c.subject == subject, _PROPOSAL.c.state == OPEN)
        .order_by(_PROPOSAL.c.probability.desc(), _PROPOSAL.c.id)
    )
    return [ProposalOnFile(*row) for row in db.execute(query)]


def open_proposals(
    db: Db,
    kind: str,
    communes: Collection[str] | None,
    *,
    after: tuple[int, UUID] | None,
    limit: int,
) -> list[ProposalOnFile]:
    """Return what is proposed in some communes, or in all, the likeliest first.

    Both sides are of these communes; of a row in the review rooms, only the row has to be.
    """
    query = (
        sa.select(*_PROPOSED)
        .join(_OTHER, _OTHER.c.id == _PROPOSAL.c.person_id)
        .where(_PROPOSAL.c.kind == kind, _PROPOSAL.c.state == OPEN)
        .order_by(_PROPOSAL.c.probability.desc(), _PROPOSAL.c.id)
        .limit(limit)
    )
    if communes is not None:
        query = query.where(_PROPOSAL.c.commune_code.in_(communes))
        if kind == "twice":
            query = query.where(_OTHER.c.residence_commune.in_(communes))
    if after is not None:
        probability, last = after
        query = query.where(
            sa.or_(
                _PROPOSAL.c.probability < probability,
                sa.and_(_PROPOSAL.c.probability == probability, _PROPOSAL.c.id > last),
            )
        )
    return [ProposalOnFile(*row) for row in db.execute(query)]


def causes_of(db: Db, rows: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
    """Return why some rows wait, by run and number."""
    if not rows:
        return {}
    where = sa.or_(
        *(sa.and_(_RECEIPT.c.run_id == run, _RECEIPT.c.ordinal == ordinal) for run, ordinal in rows)
    )
    query = (
        sa.select(_RECEIPT.c.run_id, _RECEIPT.c.ordinal, _RECEIPT.c.cause)
        .where(where)
        .order_by(_RECEIPT.c.run_id, _RECEIPT.c.ordinal)
    )
    return {(run, ordinal): cause for run, ordinal, cause in db.execute(query)}


def settle(db: Db, subject: str, person_id: UUID | None, *, by: str, at: datetime) -> None:
    """Close what was proposed of a subject: taken for the person it was decided to mean."""
    state = sa.case((_PROPOSAL.c.person_id == person_id, TAKEN), else_=DISMISSED)
    db.execute(
        sa.update(_PROPOSAL)
        .where(_PROPOSAL.c.subject == subject, _PROPOSAL.c.state == OPEN)
        .values(state=state, decided_at=at, decided_by=by)
    )


def settle_pair(db: Db, one: UUID, other: UUID, state: str, *, by: str, at: datetime) -> None:
    """Close what was proposed of two people, whichever way round."""
    pair = sa.or_(
        sa.and_(_PROPOSAL.c.subject == str(one), _PROPOSAL.c.person_id == other),
        sa.and_(_PROPOSAL.c.subject == str(other), _PROPOSAL.c.person_id == one),
    )
    db.execute(
        sa.update(_PROPOSAL)
        .where(pair, _PROPOSAL.c.state == OPEN)
        .values(state=state, decided_at=at, decided_by=by)
    )


def count_comparable(db: Db) -> int:
    """Return how many people there are to compare."""
    query = sa.select(sa.func.count()).select_from(_PERSON).where(_STAYS)
    counted: int = db.execute(query).scalar_one()
    return counted


def comparable(db: Db, vault: Vault) -> Iterator[Comparable]:
    """Yield the people on file with their numbers, by id."""
    last: UUID | None = None
    while True:
        query = (
            sa.select(
                _PERSON.c.id,
                _PERSON.c.full_name,
                _PERSON.c.birth_date,
                _PERSON.c.sex,
                _PERSON.c.residence_commune.label("commune"),
                _PERSON.c.match_state,
                _PERSON.c.match_cause,
            )
            .where(_STAYS)
            .order_by(_PERSON.c.id)
            .limit(AT_ONCE)
        )
        if last is not None:
            query = query.where(_PERSON.c.id > last)
        page = db.execute(query).mappings().all()
        numbers = numbers_of(db, vault, [row["id"] for row in page])
        for row in page:
            yield Comparable(**row, numbers=numbers.get(row["id"], ()))
        if len(page) < AT_ONCE:
            return
        last = page[-1]["id"]


def held_rows(db: Db) -> list[HeldRow]:
    """Return the rows that wait in the review rooms, in the order in which they came."""
    decided = sa.exists().where(
        _DECISION.c.run_id == _RECEIPT.c.run_id, _DECISION.c.ordinal == _RECEIPT.c.ordinal
    )
    query = (
        sa.select(_RECEIPT.c.run_id, _RECEIPT.c.ordinal, _IMPORT.c.kind, _RECEIPT.c.commune_code)
        .join(_IMPORT, _IMPORT.c.id == _RECEIPT.c.run_id)
        .where(_RECEIPT.c.outcome == "needs_review", ~decided)
        .order_by(_RECEIPT.c.run_id, _RECEIPT.c.ordinal)
    )
    return [HeldRow(*row) for row in db.execute(query)]
