"""Putting notifications of registers into the inbox: each once, whatever else comes of it.

Nothing is decided here but whether a message is one, is the register's, and is new. So a register
that sends gets its answer at once, and may send everything again when it did not hear it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from labour_book.database import Db, transaction
from labour_book.errors import Denied, Invalid, NotFound
from labour_book.queries import register_events
from labour_book.queries.vault import Vault
from labour_book.registers.notifications import (
    REGISTERS,
    Notification,
    Unreadable,
    read_lines,
    read_notification,
    read_notifications,
)
from labour_book.services.asking_registers import Register
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, operator
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from labour_book.services.recording import new_id
from signing import BlindIndex, canonical_json

__all__ = ["MOST", "NotThatRegister", "Received", "import_events", "receive", "take"]

MOST = 500
"""Notifications that one call may bring."""
BATCH = 2_000
"""Notifications of a file that are put into the inbox together."""
PURPOSE = "register-events"
_TWICE = "MESSAGE_REUSED"


class NotThatRegister(Denied):
    """Nothing of what was sent is signed by the register it was sent for."""

    slug = "register-unknown"
    title = "This is not signed by that register"
    title_vi = "Thông điệp không mang chữ ký của cơ sở dữ liệu này"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of notifications on their way into the inbox."""

    taken: tuple[str, ...] = ()
    """Message ids that are new."""
    known: tuple[str, ...] = ()
    """Message ids that were in the inbox already."""
    refused: tuple[Unreadable, ...] = ()

    def __add__(self, other: "Received") -> "Received":
        return Received(
            self.taken + other.taken, self.known + other.known, self.refused + other.refused
        )


@dataclass(frozen=True, slots=True)
class ImportedEvents:
    """What became of the lines of a file of notifications."""

    taken: int = 0
    known: int = 0
    refused: tuple[tuple[int, str], ...] = ()
    """Line number and cause, of the first thousand."""
    refused_count: int = 0


def receive(inst: Installation, register: str, content: bytes, *, now: datetime) -> Received:
    """Take what a register sends: one signed notification, or a list of them.

    Raises:
        NotFound: there is no such register, or it is not connected.
        Invalid: it is no JSON, or more at once than is taken.
        NotThatRegister: no part of it is signed by that register.
        Unavailable: the database does not answer: send it again.
    """
    secret = secret_of(inst, register)
    if secret is None:
        raise NotFound("no such register is connected")
    given = read_notifications(content)
    if len(given) > MOST:
        raise Invalid("send fewer at once", cause="TOO_MANY", most=MOST)
    read = [
        _of_register(read_notification(each, secret=secret, signed=True, now=now), register)
        for each in given
    ]
    causes = [each.cause if isinstance(each, Unreadable) else None for each in read]
    if causes and all(each == "NOT_SIGNED" for each in causes):
        raise NotThatRegister("the messages are not signed by whom they say")
    with transaction(inst.engine) as db:
        return take(db, inst.vault, read, by=f"register:{register}", now=now)


def take(
    db: Db, vault: Vault, read: Sequence[Notification | Unreadable], *, by: str, now: datetime
) -> Received:
    """Put what could be read into the inbox, and leave in the trace that it came."""
    refused = [each for each in read if isinstance(each, Unreadable)]
    told = [each for each in read if isinstance(each, Notification)]
    taken: list[str] = []
    known: list[str] = []
    rows: list[dict[str, Any]] = []
    before = {name: _digests(db, told, name) for name in {each.register for each in told}}
    for each in told:
        digest = _digest(vault, each)
        found = before[each.register].setdefault(each.message_id, digest)
        if found is digest:
            taken.append(each.message_id)
            rows.append(_row(vault, each, digest, by, now))
        elif found == digest:
            known.append(each.message_id)
        else:
            refused.append(Unreadable(each.message_id, _TWICE))
    register_events.add_events(db, rows)
    detail = {"taken": len(taken), "known": len(known), "refused": len(refused)}
    trace(db, operator(by), Action.EVENT_TAKE, at=now, purpose=PURPOSE, detail=detail)
    return Received(tuple(taken), tuple(known), tuple(refused))


def import_events(
    inst: Installation,
    path: Path,
    *,
    by: Caller,
    now: datetime,
    on_progress: Callable[[int], None] | None = None,
    batch: int = BATCH,
) -> ImportedEvents:
    """Put the notifications of a file into the inbox, one on each line; again changes nothing.

    Raises:
        NotFound: there is no such file.
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.EVENT_TAKE, now)
    if not path.is_file():
        raise NotFound("there is no such file")
    done, lines = ImportedEvents(), read_lines(path)
    while some := list(islice(lines, batch)):
        read = [(number, _read(inst, given, now)) for number, given in some]
        with transaction(inst.engine) as db:
            received = take(db, inst.vault, [each for _, each in read], by=by.id, now=now)
        done = _counted(done, received, read)
        if on_progress is not None:
            on_progress(some[-1][0])
    return done


def secret_of(inst: Installation, register: str) -> BlindIndex | None:
    """Return what a register and we sign with; None if it is not connected or tells nothing."""
    if register not in REGISTERS:
        return None
    client = inst.connections.clients.get(Register(register))
    return None if client is None else client.secret


def place_of(event_id: UUID) -> bytes:
    """Return what the body of a notification is sealed for."""
    return b"register_event.body:" + event_id.bytes


def subject_of(vault: Vault, number: str) -> bytes:
    """Return the keyed hash of a number that names a person or an enterprise."""
    return vault.index.of(number)[:16]


def _read(inst: Installation, given: object, now: datetime) -> Notification | Unreadable:
    service = given.get("service") if isinstance(given, dict) else None
    register = service.partition(".")[0] if isinstance(service, str) else ""
    return read_notification(given, secret=secret_of(inst, register), signed=False, now=now)


def _of_register(read: Notification | Unreadable, register: str) -> Notification | Unreadable:
    if isinstance(read, Notification) and read.register != register:
        return Unreadable(read.message_id, "UNKNOWN_SERVICE")
    return read


def _counted(
    done: ImportedEvents,
    received: Received,
    read: Iterable[tuple[int, Notification | Unreadable]],
) -> ImportedEvents:
    unreadable = [(number, each.cause) for number, each in read if isinstance(each, Unreadable)]
    reused = {each.message_id for each in received.refused if each.cause == _TWICE}
    unreadable += [(number, _TWICE) for number, each in read if each.message_id in reused]
    kept = (*done.refused, *sorted(unreadable))[:1_000]
    return ImportedEvents(
        done.taken + len(received.taken),
        done.known + len(received.known),
        kept,
        done.refused_count + len(received.refused),
    )


def _digests(db: Db, told: Sequence[Notification], register: str) -> dict[str, bytes]:
    ids = {each.message_id for each in told if each.register == register}
    return register_events.digests(db, register, ids)


def _digest(vault: Vault, told: Notification) -> bytes:
    content = canonical_json([told.data_as_of.astimezone(UTC).isoformat(), dict(told.values)])
    return vault.index.of(content.decode())[:16]


def _row(vault: Vault, told: Notification, digest: bytes, by: str, now: datetime) -> dict[str, Any]:
    event_id = new_id(now)
    number = next(
        (told.values[name] for name in _NAMING[told.register] if told.values[name].strip()),
        told.message_id,
    )
    body = canonical_json(dict(told.values))
    return {
        "id": event_id,
        "register_name": told.register,
        "message_id": told.message_id,
        "subject": subject_of(vault, number.strip()),
        "digest": digest,
        "body": vault.sealer.seal(body, bound_to=place_of(event_id)),
        "data_as_of": told.data_as_of,
        "received_at": now,
        "received_by": by[:80],
        "state": register_events.WAITING,
        "outcome": None,
        "cause": None,
        "attempts": 0,
        "tried_at": None,
        "reached": None,
    }


_NAMING = {
    "population": ("personal_id",),
    "enterprises": ("enterprise_code",),
    "insurance": ("personal_id", "si_number"),
    "contracts": ("personal_id",),
}
"""The column whose number names whom a row is about: the first that is filled."""
