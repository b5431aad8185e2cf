"""What somebody has going beside the facts: mandates, consents, shares, filings, requests.

Only merging people asks here: each row is led from one person to another, or ended and begun again.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import (
    DataRequest,
    Filing,
    JobLoss,
    JobSeeking,
    LineAlert,
    Mandate,
    NoticeChannel,
    OfficialRelation,
    PaperPage,
    PortalDossier,
    Share,
    ShareCopy,
    SharingSwitch,
)

_MANDATE = table_of(Mandate)
_SEEKING = table_of(JobSeeking)
_SHARE = table_of(Share)
_COPY = table_of(ShareCopy)
_SWITCH = table_of(SharingSwitch)
_FILING = table_of(Filing)
_CHANNEL = table_of(NoticeChannel)
_RELATION = table_of(OfficialRelation)
_LOSS = table_of(JobLoss)
MOVED = {
    "mandates": _MANDATE,
    "shares": _SHARE,
    "filings": _FILING,
    "dossiers": table_of(PortalDossier),
    "paper_pages": table_of(PaperPage),
}
"""What moves whole, by the name it is written down under."""
_REQUEST, _ALERT = table_of(DataRequest), table_of(LineAlert)
ONE_OPEN = {
    "data_requests": (_REQUEST, _REQUEST.c.answered_at, (_REQUEST.c.kind,)),
    "line_alerts": (_ALERT, _ALERT.c.closed_at, (_ALERT.c.employer_code, _ALERT.c.cause)),
}
"""What moves but where that would make two open ones of a kind: table, when it ended, its kind."""
LOSSES = "losses"
_TABLES = MOVED | {name: each[0] for name, each in ONE_OPEN.items()} | {LOSSES: _LOSS}


def of_person(db: Db, what: str, person_id: UUID) -> list[UUID]:
    """Return the ids of all of one kind that a person has."""
    table = MOVED[what]
    query = sa.select(table.c.id).where(table.c.person_id == person_id).order_by(table.c.id)
    return list(db.execute(query).scalars())


def move(db: Db, what: str, ids: Collection[UUID], *, holder: UUID, to: UUID) -> None:
    """Let those of some ids that are a person's be another's."""
    table = _TABLES[what]
    for each in ids:
        one_changed(
            db,
            sa.update(table)
            .where(table.c.id == each, table.c.person_id == holder)
            .values(person_id=to),
        )


def may_move(db: Db, what: str, *, holder: UUID, to: UUID) -> list[UUID]:
    """Return the ids of a person's that make no second open one of their kind with another's."""
    table, ended, kind = ONE_OPEN[what]
    query = sa.select(table.c.id, table.c.person_id, ended.is_(None), *kind).where(
        table.c.person_id.in_((holder, to))
    )
    rows = db.execute(query.order_by(table.c.id)).all()
    taken = {tuple(row[3:]) for row in rows if row[1] == to and row[2]}
    return [row[0] for row in rows if row[1] == holder and not (row[2] and tuple(row[3:]) in taken)]


def copy_relations(db: Db, *, holder: UUID, to: UUID) -> None:
    """Let whoever declared to be related to a person be related to another as well."""
    query = sa.select(_RELATION).where(_RELATION.c.person_id == holder)
    for row in db.execute(query.order_by(_RELATION.c.account_id)).mappings().all():
        insert_once(db, _RELATION, dict(row) | {"person_id": to})


def jobs_filed(db: Db, filing_ids: Collection[UUID]) -> list[UUID]:
    """Return the stretches of work that some filings are about."""
    query = sa.select(_FILING.c.job_id).where(_FILING.c.id.in_(list(filing_ids))).distinct()
    return list(db.execute(query.order_by(_FILING.c.job_id)).scalars())


def filed_of_jobs(db: Db, jobs: Collection[UUID]) -> list[UUID]:
    """Return all filings about some stretches of work, the oldest first."""
    query = sa.select(_FILING.c.id).where(_FILING.c.job_id.in_(list(jobs))).order_by(_FILING.c.id)
    return list(db.execute(query).scalars())


def move_copies(db: Db, shares: Collection[UUID], *, holder: UUID, to: UUID, now: datetime) -> None:
    """Let what recipients hold of some shares be another's data; that one has a switch then."""
    switch = {"person_id": to, "frozen_at": None, "changed_at": now}
    insert_once(db, _SWITCH, switch)
    db.execute(
        sa.update(_COPY)
        .where(_COPY.c.share_id.in_(list(shares)), _COPY.c.person_id == holder)
        .values(person_id=to)
    )


def end_shares(db: Db, person_id: UUID, at: datetime) -> list[UUID]:
    """Withdraw a person's shares that have not ended; return which they were."""
    query = sa.select(_SHARE.c.id).where(
        _SHARE.c.person_id == person_id,
        _SHARE.c.withdrawn_at.is_(None),
        _SHARE.c.expires_at > at,
    )
    found = list(db.execute(query.order_by(_SHARE.c.id)).scalars())
    return [each for each in found if _end(db, _SHARE, each, at)]


def end_seeking(db: Db, person_id: UUID, at: datetime) -> list[UUID]:
    """End a person's consent to be found by employment services; return which it was."""
    query = sa.select(_SEEKING.c.id).where(
        _SEEKING.c.person_id == person_id,
        _SEEKING.c.withdrawn_at.is_(None),
        _SEEKING.c.expires_at > at,
    )
    found = list(db.execute(query.order_by(_SEEKING.c.id)).scalars())
    return [each for each in found if _end(db, _SEEKING, each, at)]


def begin_shares(db: Db, ids: Collection[UUID], *, ended_at: datetime, now: datetime) -> None:
    """Let shares that were ended at an instant go on, as far as their time is not over."""
    for each in ids:
        _begin(db, _SHARE, each, ended_at, now)


def begin_seeking(
    db: Db, person_id: UUID, ids: Collection[UUID], *, ended_at: datetime, now: datetime
) -> None:
    """Let a consent that was ended at an instant go on, unless a later one was given."""
    live = sa.select(_SEEKING.c.id).where(
        _SEEKING.c.person_id == person_id, _SEEKING.c.withdrawn_at.is_(None)
    )
    if db.execute(live.order_by(_SEEKING.c.id).limit(1)).first() is None:
        for each in ids:
            _begin(db, _SEEKING, each, ended_at, now)


def move_channel(db: Db, *, holder: UUID, to: UUID) -> bool:
    """Let a person's channel of notices be another's who has chosen none; tell whether it was."""
    taken = sa.select(_CHANNEL.c.id).where(
        _CHANNEL.c.recipient_kind == "worker", _CHANNEL.c.recipient == str(to)
    )
    if db.execute(taken).one_or_none() is not None:
        return False
    return one_changed(
        db,
        sa.update(_CHANNEL)
        .where(_CHANNEL.c.recipient_kind == "worker", _CHANNEL.c.recipient == str(holder))
        .values(recipient=str(to)),
    )


def _end(db: Db, table: sa.Table, row_id: UUID, at: datetime) -> bool:
    return one_changed(
        db,
        sa.update(table)
        .where(table.c.id == row_id, table.c.withdrawn_at.is_(None))
        .values(withdrawn_at=at),
    )


def _begin(db: Db, table: sa.Table, row_id: UUID, ended_at: datetime, now: datetime) -> bool:
    return one_changed(
        db,
        sa.update(table)
        .where(table.c.id == row_id, table.c.withdrawn_at == ended_at, table.c.expires_at > now)
        .values(withdrawn_at=None),
    )
