"""In which capacity (tư cách) somebody goes on: as a worker, an official, or under a mandate.

One e-ID may open several accounts. Which one is meant shows by where the person was going; they
may choose another, and the session is then replaced by a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.names import display_name
from labour_book.queries import employers, holders, sessions
from labour_book.queries.holders import Held, Known
from labour_book.services.accounts import caller_from
from labour_book.services.callers import FULL_LEVEL, Caller
from labour_book.services.recipients import name_of

_KIND_AT = {"/desk": "official", "/employer": "employer"}
"""Whom pages below a path are for; all others are for workers."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """One account that an e-ID opens."""

    caller: Caller
    name: str
    """Of the unit, enterprise or worker that is acted for; of the person for themselves."""
    last_day: date | None = None

    @property
    def account_id(self) -> UUID:
        return UUID(self.caller.id)


def capacities(db: Db, known: Known, level: int, now: datetime) -> list[Capacity]:
    """Return the accounts that an e-ID opens now: the own one first, then those held for others.

    To act for others takes an e-ID of level 2.
    """
    today = vietnam_day(now)
    found = []
    own_id = holders.own_account(db, known, today)
    own = None if own_id is None else sessions.open_holder(db, own_id, level, now)
    if own is not None:
        found.append(Capacity(caller_from(own), own.name))
    if level < FULL_LEVEL:
        return found
    held = holders.accounts_held(db, known, level, today)
    codes = {each.holder.enterprise_code or "" for each in held} - {""}
    firms = {code: name_of(each) for code, each in employers.employers_by_code(db, codes).items()}
    return found + [
        Capacity(
            caller_from(each.holder),
            firms.get(each.holder.enterprise_code or "") or _acted_for(each),
            each.last_day,
        )
        for each in held
    ]


def holds_any(db: Db, known: Known, now: datetime) -> bool:
    """Say whether an e-ID opens an account of somebody else, would it be sure enough."""
    return bool(holders.accounts_held(db, known, FULL_LEVEL, vietnam_day(now)))


def kind_meant(path: str) -> str:
    """Return the kind of caller that a page is for."""
    first = "/" + path.lstrip("/").partition("?")[0].partition("/")[0]
    return _KIND_AT.get(first, "worker")


def meant(open_to: Sequence[Capacity], path: str) -> tuple[Capacity, bool]:
    """Return the capacity in which somebody goes to a page, and whether that is beyond doubt."""
    fitting = [each for each in open_to if each.caller.kind == kind_meant(path)]
    is_certain = len(fitting) == 1 or len(open_to) == 1
    return (fitting or list(open_to))[0], is_certain


def _acted_for(held: Held) -> str:
    if held.worker_name is not None:
        return display_name(held.worker_name)
    return held.unit_name or held.holder.name
