"""Whoever deals with what is their own: may they, who are they, what does their book say now."""

from collections.abc import Mapping
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import LabourBook
from labour_book.errors import NotFound
from labour_book.queries import versions
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import OWN_USE, check_own
from labour_book.services.records import book_in


def owner(db: Db, caller: Caller, action: Action, *, now: datetime) -> UUID:
    """Return the person whose own things a caller deals with.

    Raises:
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    return check_own(db, caller, action, now)


def newest_record(db: Db, person_id: UUID) -> Mapping[str, Any]:
    """Return the claims of a person's newest version, whatever its state; the ID is masked.

    Raises:
        NotFound: no book has been issued yet.
    """
    found = versions.stored_version(db, person_id, None)
    if found is None or found.book is None:
        raise NotFound("no such version has been issued")
    record: Mapping[str, Any] = loads(found.book.document)
    return record


def newest_book(db: Db, person_id: UUID, *, now: datetime) -> LabourBook:
    """Return the same as a book.

    Raises:
        NotFound: no book has been issued yet.
    """
    return book_in(newest_record(db, person_id), known_at=now)


def trace_own(
    db: Db, caller: Caller, action: Action, person_id: UUID, *, now: datetime, **detail: str | int
) -> None:
    """Leave the trace of a deed about the own things."""
    trace(db, caller, action, at=now, purpose=OWN_USE, person_id=person_id, detail=detail)
