"""Issuing the labour book: a new signed version when, and only when, its content changed.

A deceased person's book is issued like any other: heirs and the insurance need it. Its content
says nothing of the death, which is the population register's to state.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.errors import Conflict, Invalid
from labour_book.queries import books, versions
from labour_book.services import numbering
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.bulk_issuing import Progress, Summary, issue_all
from labour_book.services.callers import Action, Caller
from labour_book.services.drafting import drafts, open_signing, signed_row, take_entries
from labour_book.services.installation import Installation
from labour_book.services.permission import check_may
from labour_book.services.superseding import tell_recent_viewers

__all__ = [
    "Issued",
    "Progress",
    "Summary",
    "Unchanged",
    "issue_all",
    "issue_book",
    "printed_code",
    "revoke",
    "verify_url",
]

PURPOSE = "issue"


@dataclass(frozen=True, slots=True)
class Issued:
    """A new version was signed."""

    version_id: UUID
    version: int
    lookup_code: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The content is what the newest version says; nothing was issued."""

    version: int


def issue_book(
    db: Db,
    inst: Installation,
    person_id: UUID,
    *,
    by: Caller,
    now: datetime,
    purpose: str = PURPOSE,
) -> Issued | Unchanged:
    """Sign a new version of a person's book if its content changed; the old one is superseded.

    Also issued anew, with the same content: a version that was revoked, has expired, or was
    signed with a key that has been withdrawn since.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
        Unavailable: there is no key to sign with, or it has been withdrawn.
    """
    subject = books.subject(db, person_id)
    stated = check_may(db, by, Action.BOOK_ISSUE, person_id, subject, purpose=purpose, now=now)
    _begin(db, inst, person_id, now)
    versions.lock_books(db, [person_id])
    signing = open_signing(db, inst, by=by, now=now)
    (draft,) = drafts(db, inst, [person_id], signing) or (None,)
    if draft is None:
        newest = versions.standings(db, [person_id])[person_id].version
        trace(
            db,
            by,
            Action.BOOK_ISSUE,
            at=now,
            purpose=stated,
            person_id=person_id,
            outcome="unchanged",
        )
        return Unchanged(newest)
    (entry,) = take_entries(db, inst, 1, now)
    row = signed_row(inst, draft, entry, signing)
    versions.add_versions(db, [row], now)
    tell_recent_viewers(db, [person_id], now=now)
    detail = {"version": draft.after + 1}
    trace(db, by, Action.BOOK_ISSUE, at=now, purpose=stated, person_id=person_id, detail=detail)
    code = numbering.lookup_code(inst.lookup_key, row["id"])
    return Issued(row["id"], draft.after + 1, code)


def revoke(db: Db, version_id: UUID, reason: str, *, by: Caller, now: datetime) -> None:
    """Declare a version void, such as one issued in error. It cannot be taken back.

    Raises:
        Invalid: no reason is given.
        NotFound: there is no such version.
        Conflict: it is revoked already.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    check_purpose(reason)
    if not reason.strip():
        raise Invalid("say why it is revoked")
    version = versions.signed_by_id(db, version_id)
    person_id = None if version is None else version.person_id
    subject = None if version is None else version.subject
    check_may(db, by, Action.VERSION_REVOKE, person_id, subject, purpose=reason, now=now)
    if not versions.end_version(db, version_id, reason=reason, at=now):
        raise Conflict("it is revoked already")
    assert version is not None
    trace(
        db,
        by,
        Action.VERSION_REVOKE,
        at=now,
        purpose=reason,
        person_id=person_id,
        detail={"version": version.version},
    )


def newest_version(db: Db, person_id: UUID) -> UUID | None:
    """Return a person's newest version; None if there is none, or it is revoked already."""
    signed = versions.signed_version(db, person_id, None)
    return None if signed is None or signed.state == versions.REVOKED else signed.id


def verify_url(inst: Installation, version_id: UUID) -> str:
    """Return the address printed into a version's QR."""
    return f"{inst.public_url}/v/{numbering.lookup_code(inst.lookup_key, version_id)}"


def printed_code(inst: Installation, version_id: UUID) -> str:
    """Return the code of that address in groups, to be read and typed."""
    return numbering.grouped(numbering.lookup_code(inst.lookup_key, version_id))


def _begin(db: Db, inst: Installation, person_id: UUID, now: datetime) -> None:
    """See to it that the person has a book; a book number that is taken is drawn again."""
    while not versions.standings(db, [person_id]):
        versions.begin_books(db, {person_id: numbering.new_book_no(inst.entropy)}, now)
