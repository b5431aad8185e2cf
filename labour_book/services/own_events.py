"""What has become of books, told to registered systems: that, when, and of which; never of whom.

A system fetches from the last number that it has. A book is named by a pseudonym of its own for
each system, so that two of them cannot put together what they hold.

Source: ND 47/2020/ND-CP, art. 24 (synchronisation through data-sharing services).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from labour_book.database import Db, reading, transaction
from labour_book.errors import Invalid
from labour_book.queries import imports, own_events
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.derived_keys import key_for
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from signing import BlindIndex, Use, sign_data_answer

__all__ = ["MOST", "OwnEvents", "fetch", "number_events", "pseudonym"]

MOST = 500
SERVICE = "books.events"
_AT_ONCE = 5_000
_LETTERS = 32


@dataclass(frozen=True, slots=True)
class OwnEvents:
    """Some of what has become of books, to be read, and the same signed, to be kept."""

    envelope: Mapping[str, Any]
    signed: str


def fetch(
    db: Db, inst: Installation, caller: Caller, *, after: int, purpose: str, now: datetime
) -> OwnEvents:
    """Return what has become of books after a number, some at a time.

    Raises:
        Invalid: no purpose is stated, or the number is none.
        DeniedToRole: the registration does not include this.
        Unavailable: there is no key to sign with.
    """
    check_role(caller, Action.EVENT_FETCH, now)
    if not purpose.strip():
        raise Invalid("say what for")
    if after < 0:
        raise Invalid("numbers begin with 1")
    found = own_events.events_after(db, after, MOST)
    told = [
        {
            "number": each.number,
            "kind": each.kind,
            "at": each.at.isoformat(timespec="seconds"),
            "book": pseudonym(inst, caller, each.book_no),
        }
        for each in found
    ]
    last = found[-1].number if found else after
    envelope = {
        "sender_org": inst.connections.own_org,
        "receiver_org": caller.name,
        "service": SERVICE,
        "version": "1",
        "purpose": purpose,
        "requested_at": now.isoformat(timespec="seconds"),
        "body": {"events": told, "after": after, "next": last, "more": len(found) == MOST},
    }
    detail: dict[str, str | int] = {"service": SERVICE, "after": after, "events": len(found)}
    trace(db, caller, Action.EVENT_FETCH, at=now, purpose=purpose, detail=detail)
    signer = inst.key_ring.signer(Use.REQUEST)
    return OwnEvents(envelope, sign_data_answer(envelope, signer=signer))


def number_events(inst: Installation) -> int:
    """Number what has become of books since the last time; return how many there were."""
    numbered = 0
    with reading(inst.engine) as db:
        if not own_events.has_unnumbered(db):
            return 0
    while True:
        with transaction(inst.engine) as db:
            imports.take_turn(db)
            some = own_events.number(db, _AT_ONCE)
        numbered += some
        if some < _AT_ONCE:
            return numbered


def pseudonym(inst: Installation, caller: Caller, book_no: str) -> str:
    """Return what a book is called to one system."""
    index = BlindIndex(key_for(inst.lookup_key, f"own-events/{caller.id}"))
    return index.of(book_no).hex()[:_LETTERS]
