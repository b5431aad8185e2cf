"""How the connections to registers stand, for whoever looks after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from labour_book.database import Db
from labour_book.registers.online import ORGANISATIONS, SERVICES, Register
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.connections import Standing
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role

PURPOSE = "registers"


@dataclass(frozen=True, slots=True)
class RegisterStanding:
    """One register: where it is asked, and how it has answered this process."""

    register: str
    service: str
    organisation: str
    host: str
    """Without path, user and password; empty where it is not connected."""
    is_encrypted: bool
    seconds: float
    """After so long a question is given up."""
    standing: Standing | None
    """None where it is not connected."""


@dataclass(frozen=True, slots=True)
class AllStandings:
    """All of them, and what they have in common."""

    own_org: str
    is_mutual: bool
    """We show a certificate of our own."""
    failures: int
    window_seconds: float
    pause_seconds: float
    registers: Sequence[RegisterStanding]


def standings(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> AllStandings:
    """Return how every register has answered the process that is asked.

    Raises:
        DeniedToRole: the caller does not look after registers.
    """
    check_role(caller, Action.REGISTER_OVERSEE, now)
    trace(db, caller, Action.REGISTER_OVERSEE, at=now, purpose=PURPOSE)
    known = inst.connections
    return AllStandings(
        own_org=known.own_org,
        is_mutual=known.is_mutual,
        failures=known.rules.failures,
        window_seconds=known.rules.window_seconds,
        pause_seconds=known.rules.pause_seconds,
        registers=[_standing(inst, each, now) for each in Register],
    )


def _standing(inst: Installation, register: Register, now: datetime) -> RegisterStanding:
    client = inst.connections.clients.get(register)
    address = urlsplit("" if client is None else client.address)
    return RegisterStanding(
        register=str(register),
        service=SERVICES[register],
        organisation=ORGANISATIONS[register],
        host=address.hostname or "",
        is_encrypted=address.scheme == "https",
        seconds=0.0 if client is None else client.total_seconds,
        standing=inst.connections.standing(register, now),
    )
