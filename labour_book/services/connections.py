"""Which registers can be asked, and leaving alone for a while one that has not answered."""

import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from labour_book.errors import Unavailable
from labour_book.registers.client import RegisterClient
from labour_book.registers.envelope import Enquiry, unusable
from labour_book.registers.online import Answer, Register, answer_of
from labour_book.services.freshness import Pause
from signing import BlindIndex, derive_key

OWN_ORG = "Z00.LABOURBOOK"
SANDBOX_SECRET = "sandbox-registers"  # noqa: S105 - the name of a derived key
"""What the key of the demonstration's own registers is derived under, on both sides."""
FAILURES = 3
"""In a row; then the register is left alone."""
PAUSE_SECONDS = 30
"""For so long nobody waits for a register that has just failed again and again."""


@dataclass(slots=True)
class _Standing:
    """How a register has answered lately. One process, any number of threads."""

    failures: int = 0
    pause: Pause = field(default_factory=Pause)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self) -> None:
        with self.lock:
            self.failures = 0

    def failed(self, now: datetime) -> None:
        with self.lock:
            self.failures += 1
            if self.failures >= FAILURES:
                self.failures = FAILURES - 1  # after the pause, one more failure begins another
                self.pause.begin(now, seconds=PAUSE_SECONDS)


@dataclass(frozen=True, slots=True)
class Connections:
    """The connections of an installation, by register; what is not in it is not connected."""

    clients: Mapping[Register, RegisterClient] = field(default_factory=dict, repr=False)
    own_org: str = OWN_ORG
    """What we are called in messages."""
    _standings: dict[Register, _Standing] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._standings.update({each: _Standing() for each in self.clients})

    def __contains__(self, register: Register) -> bool:
        return register in self.clients

    def answer(self, register: Register, enquiry: Enquiry) -> Answer:
        """Ask a register.

        Raises:
            Unavailable: ``cause`` is NOT_CONNECTED, PAUSED, or one of ``RegisterClient.ask``.
        """
        client = self.clients.get(register)
        if client is None:
            raise unusable("NOT_CONNECTED")
        standing = self._standings[register]
        if standing.pause.is_on(enquiry.requested_at):
            raise unusable("PAUSED")
        try:
            answer = answer_of(register, client.ask(enquiry))
        except Unavailable:
            standing.failed(enquiry.requested_at)
            raise
        standing.answered()
        return answer


def connections(
    addresses: Mapping[Register, str],
    *,
    secret: bytes,
    own_org: str,
    total_seconds: float,
    closing: ExitStack,
    http: httpx.Client | None = None,
) -> Connections:
    """Return the connections to the registers whose addresses are known.

    They are open until ``closing`` is closed, unless they are made over ``http``.
    """
    if not addresses:
        return Connections(own_org=own_org)
    if http is None:
        http = closing.enter_context(httpx.Client(trust_env=False))
    clients = {
        register: RegisterClient(
            address.rstrip("/"), secret_for(secret, register), http, total_seconds
        )
        for register, address in addresses.items()
    }
    return Connections(clients, own_org)


def secret_for(secret: bytes, register: Register) -> BlindIndex:
    """Return what we and one register sign with: not the same for any two."""
    return BlindIndex(derive_key(secret, f"register/{register}"))
