"""Which registers can be asked, over what, and how each of them has answered lately."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

import httpx

from labour_book.registers.client import RegisterClient, Tls, opened_http
from labour_book.registers.envelope import Enquiry, Reply, unusable
from labour_book.registers.online import Answer, Register, answer_of
from labour_book.services.breaking import Breaker, BreakerRules, Circuit, Standing
from labour_book.services.derived_keys import key_for
from signing import BlindIndex

__all__ = [
    "OWN_ORG",
    "BreakerRules",
    "Circuit",
    "Connections",
    "Standing",
    "Tls",
    "connections",
    "sandbox_secret",
    "secret_for",
]

OWN_ORG = "Z00.LABOURBOOK"
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Connections:
    """The connections of an installation, by register; what is not in it is not connected."""

    clients: Mapping[Register, RegisterClient] = field(default_factory=dict, repr=False)
    own_org: str = OWN_ORG
    """What we are called in messages."""
    rules: BreakerRules = field(default_factory=BreakerRules)
    is_mutual: bool = False
    """We show a certificate of our own."""
    _breakers: dict[Register, Breaker] = field(default_factory=dict, repr=False, compare=False)
    _elsewhere: dict[Register, RegisterClient] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self._breakers.update({each: Breaker(self.rules) for each in self.clients})

    def __contains__(self, register: Register) -> bool:
        return register in self.clients

    def answer(self, register: Register, enquiry: Enquiry) -> Answer:
        """Ask a register.

        Raises:
            Unavailable: as ``asked``.
        """
        return self.asked(register, enquiry, partial(answer_of, register))

    def asked(self, register: Register, enquiry: Enquiry, read: Callable[[Reply], Read]) -> Read:
        """Ask a register anything; to answer so that it cannot be read is to fail.

        Raises:
            Unavailable: ``cause`` is NOT_CONNECTED, PAUSED, one of ``RegisterClient.ask``, or what
                reading raises.
        """
        client = self._elsewhere.get(register) or self.clients.get(register)
        if client is None:
            raise unusable("NOT_CONNECTED")
        with self._breakers[register].around(enquiry.requested_at):
            return read(client.ask(enquiry))

    def standing(self, register: Register, now: datetime) -> Standing | None:
        """Return how a register has answered this process; None if it is not connected."""
        return self._breakers[register].standing(now) if register in self else None

    def move(self, register: Register, client: RegisterClient | None) -> None:
        """Ask a register elsewhere from now on; None: where it was set. For the sandbox alone.

        Whatever it did before is forgotten: it may behave otherwise now.
        """
        if register in self:
            self._breakers[register].begin_anew()
        if client is None:
            self._elsewhere.pop(register, None)
        else:
            self._elsewhere[register] = client


def connections(
    addresses: Mapping[Register, str],
    *,
    secret: bytes,
    own_org: str,
    total_seconds: float,
    closing: ExitStack,
    http: httpx.Client | None = None,
    seconds_of: Mapping[Register, float] | None = None,
    rules: BreakerRules | None = None,
    tls: Tls | None = None,
) -> Connections:
    """Return the connections to the registers whose addresses are known.

    They are open until ``closing`` is closed, unless they are made over ``http``. A register is
    given up after its own ``seconds_of``, or after ``total_seconds``.

    Raises:
        Invalid: a file with certificates or keys cannot be read, or they do not fit.
    """
    rules, tls = rules or BreakerRules(), tls or Tls()
    if not addresses:
        return Connections(own_org=own_org, rules=rules)
    if http is None:
        http = closing.enter_context(opened_http(tls))
    patience = dict.fromkeys(Register, total_seconds) | dict(seconds_of or {})
    clients = {
        register: RegisterClient(
            address.rstrip("/"), secret_for(secret, register), http, patience[register]
        )
        for register, address in addresses.items()
    }
    return Connections(clients, own_org, rules, is_mutual=tls.certificate is not None)


def secret_for(secret: bytes, register: Register) -> BlindIndex:
    """Return what we and one register sign with: not the same for any two."""
    return BlindIndex(key_for(secret, f"register/{register}"))


def sandbox_secret(lookup_key: bytes) -> bytes:
    """Return the secret of the demonstration's own registers, on both sides."""
    return key_for(lookup_key, "sandbox-registers")
