"""Issuing the books of a few people in the transaction in which something of them was recorded."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.queries import versions
from labour_book.services import numbering
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.drafting import drafts, open_signing, signed_row, take_entries
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from labour_book.services.superseding import tell_recent_viewers


def lock_books(db: Db, inst: Installation, people: Collection[UUID], now: datetime) -> None:
    """Lock the books of some people until the transaction ends; whoever has none gets one.

    All at once and in one order, so that two transactions never wait for each other.
    """
    wanted = sorted(people)
    while missing := set(wanted) - versions.standings(db, wanted).keys():
        numbers = {each: numbering.new_book_no(inst.entropy) for each in missing}
        versions.begin_books(db, numbers, now)
    versions.lock_books(db, wanted)


def reissue(
    db: Db,
    inst: Installation,
    people: Collection[UUID],
    *,
    by: Caller,
    now: datetime,
    purpose: str,
) -> dict[UUID, int]:
    """Sign a new version of each locked book whose content changed; return their numbers.

    Raises:
        DeniedToRole: the caller issues no books.
        Unavailable: there is no key to sign with, or it has been withdrawn.
    """
    check_role(by, Action.BOOK_ISSUE, now)
    signing = open_signing(db, inst, by=by, now=now)
    made = drafts(db, inst, sorted(people), signing)
    if not made:
        return {}
    entries = take_entries(db, inst, len(made), now)
    rows = [
        signed_row(inst, draft, entry, signing) for draft, entry in zip(made, entries, strict=True)
    ]
    versions.add_versions(db, rows, now)
    tell_recent_viewers(db, [each.person_id for each in made], now=now)
    for each in made:
        detail = {"version": each.after + 1}
        trace(
            db,
            by,
            Action.BOOK_ISSUE,
            at=now,
            purpose=purpose,
            person_id=each.person_id,
            detail=detail,
        )
    return {each.person_id: each.after + 1 for each in made}
