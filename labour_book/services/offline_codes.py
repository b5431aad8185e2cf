"""Offline codes: the compact, signed QR code of a worker's own book, for where there is no network.

Whoever photographs it has a copy, so it says little, lives a few days, and is compared with the ID
card by name and last four digits. It stands on the status list in the place of the version it was
made of: a newer version or a revocation ends it with that version.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import signing
from labour_book.database import Db
from labour_book.documents import qr_svg
from labour_book.domain.sharing import Audience, Lines, Selection
from labour_book.errors import Invalid, Unavailable
from labour_book.queries import shares
from labour_book.queries.versions import SignedVersion
from labour_book.services.access import open_signed
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.disclosing import part_of
from labour_book.services.drafting import stored_credential
from labour_book.services.installation import Installation
from labour_book.services.permission import OWN_USE
from labour_book.services.sharing import SharingFrozen
from signing import SigningError, Use

LONGEST_LIFE = 7
"""Days."""
MOST_LINES = 12
LONGEST_TEXT = 970
"""Letters: what a QR code of version 20 holds at level M (ISO/IEC 18004, table 7)."""

_CLAIMS = frozenset(
    {
        *("book_no", "version", "as_of", "worker.full_name", "worker.birth_date"),
        *("insurance.SI", "insurance.UI", "insurance.as_of_month"),
    }
)


@dataclass(frozen=True, slots=True)
class OfflineCode:
    """A code to show, until when, and how many of the chosen jobs did not fit into it."""

    text: str
    svg: str
    version: int
    issued_at: datetime
    expires_at: datetime
    lines: int
    left_out: int


def offline_code(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    *,
    days: int,
    lines: int,
    now: datetime,
) -> OfflineCode:
    """Return a code of the newest version with at most so many jobs, the latest first; traced.

    What does not fit, or cannot be told in a code, is left out and counted: a job whose first day
    nobody states, or a text that holds a number as long as a personal ID.

    Raises:
        Invalid: days or lines out of range.
        SharingFrozen: the worker has frozen all sharing.
        NotFound: the person has no version yet.
        NoCurrentVersion: the newest one was revoked.
        Conflict: the stored credential was altered.
        Unavailable: there is no key to sign it with, or it has ended.
        DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    stated, version = open_signed(
        db, caller, Action.SHARE_CREATE, person_id, version=None, purpose=OWN_USE, now=now
    )
    if not 1 <= days <= LONGEST_LIFE or not 0 <= lines <= MOST_LINES:
        raise Invalid(f"a code lives 1 to {LONGEST_LIFE} days and has up to {MOST_LINES} jobs")
    if shares.lock_switch(db, person_id) is not None:
        raise SharingFrozen
    record = _record(inst, version, lines)
    expires_at = now + timedelta(days=days)
    text, told = _fitted(inst, version, record, now, expires_at)
    trace(
        db,
        caller,
        Action.SHARE_CREATE,
        at=now,
        purpose=stated,
        person_id=person_id,
        detail={"version": version.version, "as": "offline-code", "days": days, "lines": told},
    )
    left_out = len(record["employments"]) - told
    return OfflineCode(text, qr_svg(text), version.version, now, expires_at, told, left_out)


def _record(inst: Installation, version: SignedVersion, lines: int) -> dict[str, Any]:
    """Return the part of the book that a code may tell: the latest jobs, the newest first."""
    selection = Selection(_CLAIMS, employments=Lines("latest", lines))
    shown = part_of(inst, version, selection, Audience.ANYONE).claims
    whole = signing.read_disclosed(stored_credential(inst, version.id, version.credential))
    jobs: Sequence[Mapping[str, Any]] = shown.get("employments", ()) if lines else ()
    worker = {**shown["worker"], "personal_id": whole["worker"].get("personal_id")}
    numbered = [{**job, "no": no} for no, job in enumerate(reversed(jobs), start=1)]
    return {**shown, "worker": worker, "employments": numbered}


def _fitted(
    inst: Installation,
    version: SignedVersion,
    record: Mapping[str, Any],
    now: datetime,
    expires_at: datetime,
) -> tuple[str, int]:
    """Return the text of a code and how many jobs it tells."""

    def signed(jobs: Sequence[int]) -> str:
        return signing.compact_sign(
            signing.compact_book(record, jobs=jobs),
            signer=inst.key_ring.signer(Use.QR),
            issuer=inst.issuer.uri,
            issued_at=now,
            expires_at=expires_at,
            status_uri=inst.status_uri(version.status_list_id),
            status_index=version.status_index,
        )

    told: list[int] = []
    try:
        text = signed(told)
    except SigningError as error:
        raise Unavailable("the code cannot be signed") from error
    for job in record["employments"]:
        with suppress(SigningError):  # this job cannot be told in a code
            longer = signed([*told, job["no"]])
            if len(longer) <= LONGEST_TEXT:
                text, told = longer, [*told, job["no"]]
    return text, len(told)
