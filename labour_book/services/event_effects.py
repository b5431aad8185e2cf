"""What a recorded notification does beyond its fact, in the transaction that records it.

Lines are flagged anew, doubtful ones are put before a unit, books that have been issued get a new
signed version where their content changed, and worker and recent viewers are told. Of somebody who
has died the shares end, and whoever acted in their name does not any more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.queries import register_lines
from labour_book.services.callers import Caller
from labour_book.services.closing_books import close_books
from labour_book.services.installation import Installation
from labour_book.services.line_alerts import look_over
from labour_book.services.notifying import notify_all
from labour_book.services.recording import Run
from labour_book.services.refitting import known_of, refit
from labour_book.services.reissuing import lock_books, reissue

PURPOSE = "register-events"


@dataclass(frozen=True, slots=True)
class Effects:
    """What came of recorded notifications for books."""

    issued: int = 0
    """New signed versions."""
    alerts: int = 0
    """Lines that were put before a unit."""
    closed: int = 0
    """Shares that ended with the death of the worker."""

    def __add__(self, other: "Effects") -> "Effects":
        return Effects(
            self.issued + other.issued, self.alerts + other.alerts, self.closed + other.closed
        )


def take_effect(
    db: Db,
    inst: Installation,
    run: Run,
    people: Collection[UUID],
    *,
    register: str,
    by: Caller,
    now: datetime,
) -> Effects:
    """Let what was recorded of some people take effect on their books.

    Raises:
        Unavailable: there is no key to sign with.
    """
    if not people:
        return Effects()
    lines = register_lines.lines_of(db, people)
    known = known_of(db, lines)
    refit(db, run, [each for some in lines.values() for each in some], known)
    alerts = look_over(db, lines, known, now=now)
    dead = [each for each, found in known.people.items() if found.life_status == "DECEASED"]
    closed = close_books(db, sorted(dead), by=by, now=now)
    issued = _issue(db, inst, people, register=register, by=by, now=now)
    return Effects(issued, alerts, closed)


def _issue(
    db: Db,
    inst: Installation,
    people: Collection[UUID],
    *,
    register: str,
    by: Caller,
    now: datetime,
) -> int:
    held = register_lines.people_with_versions(db, people)
    if not held:
        return 0
    lock_books(db, inst, held, now)
    issued = reissue(db, inst, held, by=by, now=now, purpose=PURPOSE)
    told = [
        (Recipient("worker", str(person)), f"version:{version}", {"register": register})
        for person, version in sorted(issued.items())
    ]
    notify_all(db, NoticeKind.BOOK_UPDATED, told, now=now)
    return len(issued)
