"""Further copies of a signed version: one for each recipient and each wallet key.

Two copies say the same and have nothing else in common: salts, digests, signature and the entry on
a status list are their own, so two recipients who compare what they hold learn from it only what
they were shown. A copy stands as its version stands: superseded or revoked with it at the same
instant, because the status lists look at the version. It also ends by itself: by `revoke_copies`,
or when the share that it was made for is withdrawn.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import signing
from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.sharing import ENVELOPE
from labour_book.errors import Conflict, Unavailable
from labour_book.queries import credential_copies, keys
from labour_book.queries.versions import CURRENT, SignedVersion
from labour_book.services.drafting import (
    Entry,
    open_sealed,
    seal_token,
    sign_record,
    stored_credential,
    take_entries,
)
from labour_book.services.installation import Installation
from signing import Use

__all__ = ["Copy", "NoCurrentVersion", "copies_for", "copy_for", "revoke_copies", "shared_copy"]


class NoCurrentVersion(Conflict):
    """There is no signed version that could be shown."""

    slug = "no-current-version"
    title = "The book has no current signed version"
    title_vi = "Sổ chưa có phiên bản đang hiệu lực"


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy as its holder gets it: the whole version, every part of it disclosable."""

    id: UUID
    """For `revoke_copies`."""
    credential: str
    """SD-JWT VC, ends in ``~``."""


def copy_for(
    db: Db,
    inst: Installation,
    version: SignedVersion | None,
    *,
    holder: Mapping[str, str] | None = None,
    now: datetime,
) -> Copy:
    """Issue a further copy of a version, bound to a wallet's public key (JWK) if one is given.

    Raises:
        NoCurrentVersion, Conflict, Unavailable, SigningError: as ``copies_for``.
    """
    (copy,) = copies_for(db, inst, version, [holder], now=now)
    return copy


def copies_for(
    db: Db,
    inst: Installation,
    version: SignedVersion | None,
    holders: Sequence[Mapping[str, str] | None],
    *,
    now: datetime,
) -> list[Copy]:
    """Issue a further copy of a version for each holder's key, in the order of the keys.

    The copies are not kept, only their entries on the status list. Whether the caller may have
    them, and the trace of it, is for the caller of this function.

    Raises:
        NoCurrentVersion: there is no version, or it is superseded, revoked or expired.
        Conflict: the stored credential was altered.
        Unavailable: there is no key to sign with, or it has been withdrawn.
        SigningError: a holder's key is no public P-256 key.
    """
    record = _record_to_copy(db, inst, version, now)
    assert version is not None
    entries = take_entries(db, inst, len(holders), now)
    made = [
        _made(inst, version, record, entry, holder=holder, now=now)
        for entry, holder in zip(entries, holders, strict=True)
    ]
    rows = [
        _row(inst, version, copy, entry, now=now) for copy, entry in zip(made, entries, strict=True)
    ]
    credential_copies.add_copies(db, rows)
    return made


def shared_copy(
    db: Db, inst: Installation, version: SignedVersion | None, share_id: UUID, *, now: datetime
) -> str:
    """Return the copy of a version made for a share; the first time, make it.

    It stays the same however often the share is opened, until the version or the signing key is
    replaced. Call it with the share's row locked, as counting a view does: one copy is made then,
    however many open the share at once.

    Raises:
        NoCurrentVersion, Conflict, Unavailable: as ``copies_for``.
    """
    if version is None or not _may_be_copied(version, now):
        raise NoCurrentVersion
    stored = credential_copies.copy_of_share(
        db, share_id, version.id, without=keys.withdrawn_kids(db, now)
    )
    if stored is not None:
        return open_sealed(inst, _place_of(stored.id), stored.credential)
    record = _record_to_copy(db, inst, version, now)
    (entry,) = take_entries(db, inst, 1, now)
    copy = _made(inst, version, record, entry, holder=None, now=now)
    kept = {
        "share_id": share_id,
        "credential": seal_token(inst, _place_of(copy.id), copy.credential),
    }
    credential_copies.add_copies(db, [_row(inst, version, copy, entry, now=now) | kept])
    return copy.credential


def revoke_copies(db: Db, copy_ids: Collection[UUID], *, now: datetime) -> int:
    """Revoke copies alone, as when a wallet is lost; return how many were not revoked before."""
    return credential_copies.revoke_copies(db, copy_ids, at=now)


def _may_be_copied(version: SignedVersion, now: datetime) -> bool:
    return version.state == CURRENT and version.expires_on > vietnam_day(now)


def _record_to_copy(
    db: Db, inst: Installation, version: SignedVersion | None, now: datetime
) -> dict[str, Any]:
    """Return what a version says, held against the hash by which its successor will name it."""
    if version is None or not _may_be_copied(version, now):
        raise NoCurrentVersion
    if inst.key_ring.signer(Use.CREDENTIAL).kid in keys.withdrawn_kids(db, now):
        raise Unavailable("the key to sign with has been withdrawn: rotate it, then start again")
    claims = signing.read_disclosed(stored_credential(inst, version.id, version.credential))
    record = {name: value for name, value in claims.items() if name not in ENVELOPE}
    if sha256(signing.canonical_json(record)).digest() != version.record_hash:
        raise Conflict("the stored credential was altered")
    return record


def _made(
    inst: Installation,
    version: SignedVersion,
    record: Mapping[str, Any],
    entry: Entry,
    *,
    holder: Mapping[str, str] | None,
    now: datetime,
) -> Copy:
    token = sign_record(
        inst,
        record,
        entry,
        issued_on=vietnam_day(now),
        expires_on=version.expires_on,
        holder=holder,
    )
    return Copy(UUID(bytes=inst.entropy(16), version=4), token)


def _row(
    inst: Installation, version: SignedVersion, copy: Copy, entry: Entry, *, now: datetime
) -> dict[str, Any]:
    return {
        "id": copy.id,
        "version_id": version.id,
        "share_id": None,
        "issued_at": now,
        "kid": inst.key_ring.signer(Use.CREDENTIAL).kid,
        "credential": None,
        "status_list_id": entry.list_id,
        "status_index": entry.index,
        "revoked_at": None,
    }


def _place_of(copy_id: UUID) -> bytes:
    return b"credential_copy.credential:" + copy_id.bytes
