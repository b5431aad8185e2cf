"""How often something may be tried; and what of an address is kept and counted."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

UNKNOWN_PLACE = "?"
"""Where the address is not known: all such callers share one count."""

_SHOWN = {4: 24, 6: 48}
"""Bits of an address that are shown: a network of a provider, not a household."""
_COUNTED = {4: 32, 6: 64}
"""Bits that are counted: in IPv6 one household has all of the rest."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so often within so many seconds, counted from the first time."""

    kind: str
    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class SharingLimits:
    """The limits on opening shares; settings of the installation."""

    misses: Limit = Limit("share.miss", 20, 60)
    """Codes that open nothing, by address."""
    opens_of_share: Limit = Limit("share.opened", 30, 60)
    opens_by_recipient: Limit = Limit("share.recipient", 300, 3600)
    """By enterprise or account; by address for those without."""
    live_code_seconds: int = 90


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a sign-in lasts, and how often it may be begun; settings of the installation."""

    starts: Limit = Limit("sign-in.start", 30, 60)
    """By address."""
    start_minutes: int = 10
    """To come back from the provider."""
    idle_minutes: int = 30
    hours: int = 12
    token_minutes: int = 15
    """Life of a bearer token that a session asks for."""
    app_codes: Limit = Limit("sign-in.app", 10, 60)
    """Codes that sign an app in, by account."""
    app_misses: Limit = Limit("sign-in.app-miss", 20, 60)
    """Codes that sign no app in, by address."""
    app_code_minutes: int = 5


def roughly(address: str | None) -> str:
    """Return from where somebody calls, as the worker is told it: a network, never an address."""
    return _network(address, _SHOWN)


def counted_as(address: str | None) -> str:
    """Return what of an address is counted."""
    return _network(address, _COUNTED)


def _network(address: str | None, bits: dict[int, int]) -> str:
    read = _read(address)
    if read is None:
        return UNKNOWN_PLACE
    return str(ip_network((read, bits[read.version]), strict=False))


def _read(address: str | None) -> IPv4Address | IPv6Address | None:
    try:
        read = ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    mapped = read.ipv4_mapped if isinstance(read, IPv6Address) else None
    return mapped or read
