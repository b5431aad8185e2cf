"""What an installation looks like from outside: its address, and the systems it depends on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import signing
from labour_book.database import reading
from labour_book.errors import Unavailable
from labour_book.registers.reaching import Reached, reach
from labour_book.services.examining import Health, Sign, sign
from labour_book.services.installation import Installation
from labour_book.services.keys import trust_bundle
from signing import SigningError

SECONDS = 5.0
CERTIFICATE_WARNING_DAYS = 14
STALE_MINUTES = 120
"""Older than any cache may hand it out."""
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Place:
    """An address that somebody has to answer at."""

    what: str
    """A row of ``data/doctor.csv``."""
    address: str
    name: str = ""
    roots: Path | None = None


def examined_outside(inst: Installation, places: Iterable[Place], now: datetime) -> Iterator[Sign]:
    """Yield whether our own address answers, and each place that is depended on."""
    own = Place("public", f"{inst.public_url}/readyz")
    found = _asked(own, now, is_wanted=not inst.demo)
    yield found
    if found.health is not Health.FAULT and found.detail.startswith("200"):
        yield _published_list(inst, now)
    for place in places:
        yield _asked(place, now, is_wanted=True)


def _asked(place: Place, now: datetime, *, is_wanted: bool) -> Sign:
    try:
        found = reach(place.address, seconds=SECONDS, roots=place.roots)
    except Unavailable as error:
        detail = f"{place.name} {error.facts['cause']}".strip()
        return sign(place.what, fault=is_wanted, warning=True, detail=detail)
    days = _days_left(found, now)
    told = [place.name, str(found.status), "" if days is None else f"TLS {days} d"]
    return sign(
        place.what,
        fault=found.status >= SERVER_ERROR,
        warning=days is not None and days < CERTIFICATE_WARNING_DAYS,
        detail=" ".join(each for each in told if each),
    )


def _days_left(found: Reached, now: datetime) -> int | None:
    return None if found.certificate_ends is None else (found.certificate_ends - now).days


def _published_list(inst: Installation, now: datetime) -> Sign:
    """Fetch the first status list as a verifier does, through whatever caches stand in between."""
    try:
        found = reach(inst.status_uri(1), seconds=SECONDS)
        if found.status == 404:  # noqa: PLR2004 - nothing has been issued yet
            return Sign("status-list-age", Health.OK, "0")
        with reading(inst.engine) as db:
            trust = trust_bundle(db, inst, now)
        token = found.body.decode("ascii")
        read = signing.read_status_list(token, trust, now, uri=inst.status_uri(1))
    except (Unavailable, SigningError, UnicodeDecodeError) as error:
        return Sign("status-list-age", Health.FAULT, type(error).__name__)
    minutes = (now - read.issued_at).total_seconds() / 60
    return sign(
        "status-list-age",
        fault=read.expires_at <= now,
        warning=minutes > STALE_MINUTES,
        detail=f"{max(minutes, 0):.0f} min",
    )
