"""The inbox of notifications, and what was on record of employers before them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import inserting, one_changed
from labour_book.queries.portions import among, insert_many, portions
from labour_book.queries.rows import table_of
from labour_book.tables import (
    Employer,
    EmployerBefore,
    EmployerName,
    EmployerStatus,
    ImportRun,
    RegisterEvent,
)

_EVENT = table_of(RegisterEvent)
_BEFORE = table_of(EmployerBefore)
_EMPLOYER = table_of(Employer)
_RUN = table_of(ImportRun)
_NAME = table_of(EmployerName)
_STATUS = table_of(EmployerStatus)

WAITING, SPREAD, DONE, HELD, REFUSED = "waiting", "spread", "done", "held", "refused"
_IS_OPEN = _EVENT.c.state != sa.literal_column(f"'{DONE}'")


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A notification as it lies in the inbox; ``body`` is sealed."""

    id: UUID
    register_name: str
    message_id: str
    subject: bytes
    digest: bytes
    body: bytes | None
    data_as_of: datetime
    received_at: datetime
    state: str
    outcome: str | None
    cause: str | None
    attempts: int
    tried_at: datetime | None
    reached: UUID | None


@dataclass(frozen=True, slots=True)
class EmployerOnRecord:
    """An employer's row as it is stored, and whether a notification was the last to write it."""

    id: UUID
    recorded_at: datetime
    notified: bool
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredBefore:
    """What was on record of an employer before its register's first notification."""

    code: str
    base_at: datetime | None
    body: str
    newest_at: datetime


_STORED = tuple(_EVENT.c[name] for name in StoredEvent.__slots__)
_BEFORE_COLUMNS = tuple(_BEFORE.c[name] for name in StoredBefore.__slots__)
EMPLOYER_VALUES = (
    *("registered", "legal_form", "vsic_code", "commune_code", "zone", "zone_kind"),
    *("expected_headcount", "registered_on", "fingerprint", "recorded_at", "run_id"),
)


def digests(db: Db, register: str, message_ids: Collection[str]) -> dict[str, bytes]:
    """Return what the messages of a register say that are in the inbox, by their ids."""
    found: dict[str, bytes] = {}
    for some in portions(message_ids):
        query = (
            sa.select(_EVENT.c.message_id, _EVENT.c.digest)
            .where(_EVENT.c.register_name == register, among(db, _EVENT.c.message_id, some))
            .order_by(_EVENT.c.message_id)
        )
        found.update((row.message_id, row.digest) for row in db.execute(query))
    return found


def add_events(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put notifications into the inbox; one that another process has just put there is left."""
    if rows:
        db.execute(inserting(db, _EVENT).on_conflict_do_nothing(), list(rows))


def waiting(db: Db, register: str, limit: int) -> list[StoredEvent]:
    """Return notifications that wait, those first that the register knew first."""
    query = (
        sa.select(*_STORED)
        .where(_EVENT.c.register_name == register, _EVENT.c.state == WAITING)
        .order_by(_EVENT.c.data_as_of, _EVENT.c.message_id)
        .limit(limit)
    )
    return [StoredEvent(*row) for row in db.execute(query)]


def is_idle(db: Db) -> bool:
    """Say whether nothing waits, and nothing is on its way to books."""
    for state in (WAITING, SPREAD):
        query = sa.select(_EVENT.c.id).where(_EVENT.c.state == sa.literal_column(f"'{state}'"))
        if db.execute(query.limit(1)).first() is not None:
            return False
    return True


def told_of(db: Db, register: str, subjects: Collection[bytes]) -> dict[bytes, list[StoredEvent]]:
    """Return the notifications about some subjects that are recorded, in the register's order."""
    found: dict[bytes, list[StoredEvent]] = {}
    for some in portions(subjects):
        query = (
            sa.select(*_STORED)
            .where(
                _EVENT.c.register_name == register,
                among(db, _EVENT.c.subject, some),
                _EVENT.c.body.is_not(None),
                _EVENT.c.state.in_([DONE, SPREAD]),
            )
            .order_by(_EVENT.c.subject, _EVENT.c.data_as_of, _EVENT.c.message_id)
        )
        for row in db.execute(query):
            found.setdefault(row.subject, []).append(StoredEvent(*row))
    return found


def settle(db: Db, rows: Sequence[Mapping[str, Any]], *, forget: bool) -> int:
    """Note what became of notifications that waited; return of how many it could be noted.

    Each row has ``event_id``, ``to``, ``how``, ``why`` and ``at``. With ``forget``, what they said
    is not kept any longer.
    """
    if not rows:
        return 0
    values: dict[str, Any] = {
        "state": sa.bindparam("to"),
        "outcome": sa.bindparam("how"),
        "cause": sa.bindparam("why"),
        "attempts": _EVENT.c.attempts + 1,
        "tried_at": sa.bindparam("at", type_=_EVENT.c.tried_at.type),
    }
    statement = (
        sa.update(_EVENT)
        .where(_EVENT.c.id == sa.bindparam("event_id"), _EVENT.c.state == WAITING)
        .values(values | ({"body": None} if forget else {}))
    )
    return int(db.connection().execute(statement, list(rows)).rowcount)


def count_into_run(db: Db, row: Mapping[str, Any], *, rows: int, counts: str) -> None:
    """Add to the run that all notifications of a register on one day belong to."""
    statement = inserting(db, _RUN).values(dict(row) | {"rows_done": rows, "counts": counts})
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={
                "rows_done": _RUN.c.rows_done + rows,
                "counts": counts,
                "finished_at": row["finished_at"],
            },
        )
    )


def wake(db: Db, subjects: Collection[bytes]) -> int:
    """Let what is held about some subjects wait once more; return how many there were."""
    woken = 0
    for some in portions(subjects):
        statement = (
            sa.update(_EVENT)
            # that it is open is said for SQLite, which else does not see that the index will do
            .where(among(db, _EVENT.c.subject, some), _EVENT.c.state == HELD, _IS_OPEN)
            .values(state=WAITING)
        )
        woken += int(db.execute(statement).rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
    return woken


def try_again(db: Db, event_id: UUID) -> bool:
    """Let one that is held or refused wait once more; tell whether it was."""
    return one_changed(
        db,
        sa.update(_EVENT)
        .where(
            _EVENT.c.id == event_id,
            _EVENT.c.state.in_([HELD, REFUSED]),
            _EVENT.c.body.is_not(None),
        )
        .values(state=WAITING),
    )


def give_up(db: Db, event_id: UUID, cause: str, at: datetime) -> bool:
    """Close one that is held for good, forgetting what it said; tell whether it was held."""
    return one_changed(
        db,
        sa.update(_EVENT)
        .where(_EVENT.c.id == event_id, _EVENT.c.state == HELD)
        .values(state=REFUSED, cause=cause, body=None, tried_at=at),
    )


def next_spreading(db: Db) -> StoredEvent | None:
    """Return a recorded notification that has not reached every book yet."""
    query = (
        sa.select(*_STORED)
        .where(_EVENT.c.state == SPREAD)
        .order_by(_EVENT.c.received_at, _EVENT.c.id)
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else StoredEvent(*row)


def advance_spreading(db: Db, event: StoredEvent, to: UUID | None) -> bool:
    """Note how far a notification has reached; None: every book. False if another did already."""
    changed = one_changed(
        db,
        sa.update(_EVENT)
        .where(
            _EVENT.c.id == event.id,
            _EVENT.c.state == SPREAD,
            _EVENT.c.reached.is_(None)
            if event.reached is None
            else _EVENT.c.reached == event.reached,
        )
        .values({"state": DONE} if to is None else {"reached": to}),
    )
    if changed and event.reached is None:  # what waits behind it about the same goes with it
        db.execute(
            sa.update(_EVENT)
            .where(
                _EVENT.c.subject == event.subject,
                _EVENT.c.state == SPREAD,
                _EVENT.c.reached.is_(None),
                _EVENT.c.id != event.id,
            )
            .values(state=DONE)
        )
    return changed


def counts(db: Db) -> list[tuple[str, str, int]]:
    """Return how many notifications there are by register and state."""
    query = (
        sa.select(_EVENT.c.register_name, _EVENT.c.state, sa.func.count())
        .group_by(_EVENT.c.register_name, _EVENT.c.state)
        .order_by(_EVENT.c.register_name, _EVENT.c.state)
    )
    return [(name, state, count) for name, state, count in db.execute(query)]


def not_done(db: Db, states: Collection[str], limit: int) -> list[StoredEvent]:
    """Return notifications in some states, those first that were tried last."""
    query = (
        sa.select(*_STORED)
        .where(_EVENT.c.state.in_(sorted(states)), _IS_OPEN)
        .order_by(_EVENT.c.tried_at.desc(), _EVENT.c.id)
        .limit(limit)
    )
    return [StoredEvent(*row) for row in db.execute(query)]


def held_after(db: Db, after: UUID | None, limit: int) -> list[StoredEvent]:
    """Return notifications that are held, the oldest first: those that came behind one."""
    query = (
        sa.select(*_STORED)
        .where(_EVENT.c.state == HELD, _IS_OPEN)
        .order_by(_EVENT.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(_EVENT.c.id > after)
    return [StoredEvent(*row) for row in db.execute(query)]


def event_by_id(db: Db, event_id: UUID) -> StoredEvent | None:
    """Return one notification; None if there is none."""
    row = db.execute(sa.select(*_STORED).where(_EVENT.c.id == event_id)).one_or_none()
    return None if row is None else StoredEvent(*row)


def befores(db: Db, codes: Collection[str]) -> dict[str, StoredBefore]:
    """Return what was on record of employers before their first notification."""
    found: dict[str, StoredBefore] = {}
    for some in portions(codes):
        query = (
            sa.select(*_BEFORE_COLUMNS)
            .where(among(db, _BEFORE.c.code, some))
            .order_by(_BEFORE.c.code)
        )
        found.update((row.code, StoredBefore(*row)) for row in db.execute(query))
    return found


def restore_employer(
    db: Db,
    employer_id: UUID,
    values: Mapping[str, Any],
    names: Sequence[Mapping[str, Any]],
    statuses: Sequence[Mapping[str, Any]],
) -> None:
    """Put an employer back to what was on record of it once."""
    for table, rows in ((_NAME, names), (_STATUS, statuses)):
        db.execute(sa.delete(table).where(table.c.employer_id == employer_id))
        insert_many(db, table, rows)
    db.execute(sa.update(_EMPLOYER).where(_EMPLOYER.c.id == employer_id).values(**values))


def history_rows(db: Db, employer_id: UUID) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the names and the legal states of an employer as they are stored."""
    names, statuses = (
        [
            dict(row)
            for row in db.execute(
                sa.select(table)
                .where(table.c.employer_id == employer_id)
                .order_by(table.c.recorded_at, table.c.id)
            ).mappings()
        ]
        for table in (_NAME, _STATUS)
    )
    return names, statuses


def date_back(db: Db, employer_id: UUID, known: Mapping[tuple[str, Any, Any], datetime]) -> None:
    """Say since when names and states are known: by what they are, their text and first day."""
    of_names = ("name", _NAME, _NAME.c.name, _NAME.c.valid_from)
    of_statuses = ("status", _STATUS, _STATUS.c.status, _STATUS.c.since)
    for what, table, column, first_day in (of_names, of_statuses):
        query = sa.select(table.c.id, column, first_day).where(table.c.employer_id == employer_id)
        for row_id, text, first in db.execute(query.order_by(table.c.id)).all():
            at = known.get((what, text, first))
            if at is not None:
                db.execute(sa.update(table).where(table.c.id == row_id).values(recorded_at=at))


def put_before(db: Db, row: Mapping[str, Any]) -> None:
    """Keep what was on record of an employer, or how far it has been told of."""
    statement = inserting(db, _BEFORE).values(dict(row))
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["code"],
            set_={name: row[name] for name in ("base_at", "body", "newest_at")},
        )
    )


def employers_on_record(db: Db, codes: Collection[str]) -> dict[str, EmployerOnRecord]:
    """Return the rows of employers by their code."""
    found: dict[str, EmployerOnRecord] = {}
    columns = [_EMPLOYER.c[name] for name in EMPLOYER_VALUES]
    for some in portions(codes):
        query = (
            sa.select(_EMPLOYER.c.id, _EMPLOYER.c.code, _RUN.c.file_sha256, *columns)
            .outerjoin(_RUN, _RUN.c.id == _EMPLOYER.c.run_id)
            .where(among(db, _EMPLOYER.c.code, some))
            .order_by(_EMPLOYER.c.code)
        )
        for row in db.execute(query).mappings():
            values = {name: row[name] for name in EMPLOYER_VALUES}
            found[row["code"]] = EmployerOnRecord(
                row["id"], row["recorded_at"], row["file_sha256"] == "", values
            )
    return found
