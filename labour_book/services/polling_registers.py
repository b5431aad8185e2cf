"""Asking registers for their changes since the last time, where they offer that.

What a register could not tell while it was down it tells when it is up again: the place up to which
it has told is moved in the transaction that takes what it told, so nothing is left out and what
comes twice is known.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from labour_book.database import reading, transaction
from labour_book.errors import Unavailable
from labour_book.queries import register_feeds
from labour_book.registers.envelope import Enquiry, Reply, Status, unusable
from labour_book.registers.notifications import REGISTERS, read_notification
from labour_book.services.asking_registers import Register
from labour_book.services.installation import Installation
from labour_book.services.receiving_events import secret_of, take

__all__ = ["PAGE", "Polled", "poll"]

PAGE = 500
"""Changes that are asked for at once."""
CHANGES = ".changes"
"""A register's service that tells what has changed since a place in its own order."""
LEGAL_BASIS = "ND 47/2020/ND-CP, art. 24"
PURPOSE = "Đồng bộ thay đổi vào sổ lao động điện tử"
_LONGEST_CURSOR = 80


@dataclass(frozen=True, slots=True)
class Polled:
    """What asking one register brought."""

    register: str
    taken: int = 0
    failure: str | None = None
    """Why it could not be asked to the end; what it told before that is kept."""


def poll(inst: Installation, *, clock: Callable[[], datetime]) -> Iterator[Polled]:
    """Ask each connected register for what is new, to its end, and tell how that went."""
    for register in REGISTERS:
        if secret_of(inst, register) is not None:
            yield _poll(inst, register, clock)


def _poll(inst: Installation, register: str, clock: Callable[[], datetime]) -> Polled:
    taken = 0
    while True:
        now = clock()
        with reading(inst.engine) as db:
            cursor = register_feeds.cursor_of(db, register)
        try:
            told, following = _asked(inst, register, cursor, now)
        except Unavailable as error:
            cause = str(error.facts.get("cause", "UNAVAILABLE"))
            with transaction(inst.engine) as db:
                register_feeds.note_failure(db, register, cursor, cause[:40], now)
            return Polled(register, taken, cause)
        secret = secret_of(inst, register)
        read = [read_notification(each, secret=secret, signed=True, now=now) for each in told]
        with transaction(inst.engine) as db:
            if not register_feeds.advance(db, register, cursor, following, now):
                return Polled(register, taken)  # another process is at it
            taken += len(take(db, inst.vault, read, by=f"register:{register}", now=now).taken)
        if following == cursor or len(told) < PAGE:
            return Polled(register, taken)


def _asked(
    inst: Installation, register: str, cursor: str, now: datetime
) -> tuple[list[object], str]:
    """Return the next changes of a register, and the place after them.

    Raises:
        Unavailable: it does not answer, or not in the agreed form.
    """
    enquiry = Enquiry(
        message_id=uuid4(),
        correlation_id=uuid4(),
        sender_org=inst.connections.own_org,
        receiver_org=f"Z00.{register.upper()}",
        service=register + CHANGES,
        purpose=PURPOSE,
        legal_basis=LEGAL_BASIS,
        requested_at=now,
        body={"after": cursor, "limit": PAGE},
    )
    return inst.connections.asked(Register(register), enquiry, lambda reply: _read(reply, cursor))


def _read(reply: Reply, cursor: str) -> tuple[list[object], str]:
    if reply.status is Status.NOT_FOUND:
        return [], cursor
    if reply.status is not Status.OK:
        raise unusable("SAYS_UNAVAILABLE")
    told, following = reply.body.get("events"), reply.body.get("cursor")
    if not isinstance(told, list) or not isinstance(following, str):
        raise unusable("SCHEMA")
    if len(told) > PAGE or len(following) > _LONGEST_CURSOR:
        raise unusable("SCHEMA")
    return told, following
