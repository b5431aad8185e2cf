"""The one door to a person's data: permitted? traced? then the book."""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import LabourBook
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import NotFound
from labour_book.queries import books, versions
from labour_book.queries.versions import SignedVersion, StoredBook
from labour_book.services.accounts import (
    NotSignedIn,
    caller_of,
    grant_token,
    open_account,
    revoke_tokens,
)
from labour_book.services.auditing import Entry, trace
from labour_book.services.books import book_as_of
from labour_book.services.callers import ANYBODY, Action, Caller, Role, operator
from labour_book.services.drafting import stored_credential
from labour_book.services.installation import Installation
from labour_book.services.permission import (
    DeniedToRole,
    NotFoundForCaller,
    check_may,
    check_role,
    deed,
)

__all__ = [
    "ANYBODY",
    "Action",
    "Caller",
    "DeniedToRole",
    "NotFoundForCaller",
    "NotSignedIn",
    "Role",
    "StoredBook",
    "caller_of",
    "check_may",
    "check_may_open",
    "check_role",
    "deed",
    "grant_token",
    "open_account",
    "open_book",
    "open_credential",
    "open_signed",
    "open_version",
    "operator",
    "revoke_tokens",
]


def check_may_open(db: Db, caller: Caller, person_id: UUID, *, purpose: str, now: datetime) -> str:
    """Refuse a caller who may not open this person's book; return the purpose to trace.

    Raises:
        Invalid, DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    subject = books.subject(db, person_id)
    return check_may(db, caller, Action.BOOK_OPEN, person_id, subject, purpose=purpose, now=now)


def open_book(
    db: Db, inst: Installation, caller: Caller, person_id: UUID, *, purpose: str, now: datetime
) -> LabourBook:
    """Return a person's book as of today, assembled from the facts, whole.

    What of it is shown to whom is the caller's next question: the reason for leaving, for one, is
    for the worker alone, and the personal ID is masked unless asked for.

    Raises:
        Invalid, DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    stated = check_may_open(db, caller, person_id, purpose=purpose, now=now)
    book = book_as_of(
        db, inst.vault, person_id, as_of=vietnam_day(now), known_at=now, places=inst.places
    )
    trace(db, caller, Action.BOOK_OPEN, at=now, purpose=stated, person_id=person_id)
    return book


def open_version(
    db: Db,
    caller: Caller,
    person_id: UUID,
    *,
    purpose: str,
    now: datetime,
    version: int | None = None,
) -> tuple[StoredBook, Entry]:
    """Return a signed version as stored: the newest, or the one with that number.

    With it comes the entry of the trace, which has to be on record before anybody is shown it.

    Raises:
        NotFound: the person has no such version.
        Invalid, DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    found = versions.stored_version(db, person_id, version)
    subject = None if found is None else found.subject
    stated = check_may(db, caller, Action.BOOK_OPEN, person_id, subject, purpose=purpose, now=now)
    assert found is not None
    if found.book is None:
        raise NotFound("no such version has been issued")
    detail = {"version": found.book.version}
    return found.book, Entry(caller, Action.BOOK_OPEN, now, stated, person_id, detail=detail)


def open_credential(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    *,
    purpose: str,
    now: datetime,
    version: int | None = None,
) -> str:
    """Return a version as SD-JWT VC with everything disclosed: the newest, or that number.

    Raises:
        NotFound: the person has no such version.
        Conflict: the stored credential was altered.
        Invalid, DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    stated, signed = open_signed(
        db, caller, Action.BOOK_OPEN, person_id, version=version, purpose=purpose, now=now
    )
    token = stored_credential(inst, signed.id, signed.credential)
    trace(
        db,
        caller,
        Action.BOOK_OPEN,
        at=now,
        purpose=stated,
        person_id=person_id,
        detail={"version": signed.version, "as": "credential"},
    )
    return token


def open_signed(
    db: Db,
    caller: Caller,
    action: Action,
    person_id: UUID,
    *,
    version: int | None,
    purpose: str,
    now: datetime,
) -> tuple[str, SignedVersion]:
    """Return the purpose to trace and a version as signed; whoever asks for it leaves the trace.

    Raises:
        NotFound: the person has no such version.
        Invalid, DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    subject = books.subject(db, person_id)
    stated = check_may(db, caller, action, person_id, subject, purpose=purpose, now=now)
    signed = versions.signed_version(db, person_id, version)
    if signed is None:
        raise NotFound("no such version has been issued")
    return stated, signed
