"""From the facts to a signed row: what is drafted, which entry it takes, how it is signed.

The steps of issuing, for one book or for hundreds; when they happen, and in which transactions,
is said by ``issuing`` and ``bulk_issuing``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import LabourBook, claims, content_of
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.people import mask
from labour_book.errors import Conflict, Unavailable
from labour_book.queries import keys, merges, versions
from labour_book.queries.versions import CURRENT, REVOKED, Standing
from labour_book.services import numbering
from labour_book.services.books import Standpoint, books_as_of, standpoint
from labour_book.services.callers import Caller
from labour_book.services.installation import Installation
from signing import Checked, SigningError, Use, checked, issue_book_credential


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a version to be, not signed yet."""

    person_id: UUID
    book_no: str
    after: int
    """The version it follows; 0 for the first."""
    record: Checked
    """The claims, complete: with version and the hash of the record before it."""
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A place on a status list."""

    list_id: int
    index: int


@dataclass(frozen=True, slots=True)
class Signing:
    """What all versions of one run have in common."""

    by: str
    at: datetime
    standpoint: Standpoint
    withdrawn: frozenset[str]
    """Keys that are not believed any more: what they signed is issued anew."""
    run_id: UUID | None = None


def open_signing(
    db: Db, inst: Installation, *, by: Caller, now: datetime, run_id: UUID | None = None
) -> Signing:
    """Return what the versions of a run have in common.

    Raises:
        Unavailable: there is no key to sign with, or it has been withdrawn.
    """
    withdrawn = keys.withdrawn_kids(db, now)
    if inst.key_ring.signer(Use.CREDENTIAL).kid in withdrawn:
        raise Unavailable("the key to sign with has been withdrawn: rotate it, then start again")
    at = standpoint(db, as_of=vietnam_day(now), known_at=now)
    return Signing(by.id, now, at, withdrawn, run_id)


def drafts(db: Db, inst: Installation, person_ids: Sequence[UUID], signing: Signing) -> list[Draft]:
    """Return what is to be signed of the books of some persons; unchanged ones are left out.

    So are persons who were merged into others: it is the others' books that go on.
    """
    merged = merges.merged_among(db, person_ids)
    person_ids = [each for each in person_ids if each not in merged]
    standing = versions.standings(db, person_ids)
    numbers = {
        each: standing[each].book_no if each in standing else numbering.new_book_no(inst.entropy)
        for each in person_ids
    }
    found = books_as_of(
        db, inst.vault, person_ids, numbers, at=signing.standpoint, places=inst.places
    )
    made = (
        draft_of(person_id, book, standing.get(person_id), signing) for person_id, book in found
    )
    return [each for each in made if each is not None]


def signed_row(inst: Installation, draft: Draft, entry: Entry, signing: Signing) -> dict[str, Any]:
    """Sign a draft and return the row that keeps it."""
    version_id = UUID(bytes=inst.entropy(16), version=4)
    day = signing.standpoint.as_of
    expires_on = day + timedelta(days=inst.book_life_days)
    record = draft.record.json()
    credential = sign_record(inst, draft.record, entry, issued_on=day, expires_on=expires_on)
    code = numbering.lookup_code(inst.lookup_key, version_id)
    return {
        "id": version_id,
        "person_id": draft.person_id,
        "version": draft.after + 1,
        "as_of": signing.standpoint.as_of,
        "known_at": signing.standpoint.known_at,
        "issued_at": signing.at,
        "issued_by": signing.by,
        "run_id": signing.run_id,
        "expires_on": expires_on,
        "content_hash": draft.content_hash,
        "record_hash": sha256(record).digest(),
        "document": _masked(record.decode(), draft.record.value["worker"].get("personal_id")),
        "credential": seal_token(inst, _place_of(version_id), credential),
        "kid": inst.key_ring.signer(Use.CREDENTIAL).kid,
        "status_list_id": entry.list_id,
        "status_index": entry.index,
        "lookup_hash": numbering.lookup_hash(code),
        "state": CURRENT,
        "state_since": signing.at,
        "state_reason": None,
    }


def sign_record(
    inst: Installation,
    record: Mapping[str, Any] | Checked,
    entry: Entry,
    *,
    issued_on: date,
    expires_on: date,
    holder: Mapping[str, str] | None = None,
) -> str:
    """Sign the record of a book for an entry; ``holder`` is the public JWK of a wallet."""
    return issue_book_credential(
        record,
        signer=inst.key_ring.signer(Use.CREDENTIAL),
        issuer=inst.issuer.uri,
        vct=inst.vct,
        issued_on=issued_on,
        expires_on=expires_on,
        status_uri=inst.status_uri(entry.list_id),
        status_index=entry.index,
        holder=holder,
        salt=inst.entropy,
    )


def take_entries(db: Db, inst: Installation, count: int, now: datetime) -> list[Entry]:
    """Take so many free entries of the newest status lists, beginning a new one when full."""
    taken: list[Entry] = []
    while len(taken) < count:
        list_id, capacity, allocated = versions.newest_list(db) or (0, 0, 0)
        if allocated >= capacity:
            versions.add_list(db, list_id + 1, capacity=numbering.LIST_CAPACITY, at=now)
            continue
        some = min(count - len(taken), capacity - allocated)
        taken += (
            Entry(
                list_id,
                numbering.status_index(inst.lookup_key, list_id, ordinal, capacity=capacity),
            )
            for ordinal in range(allocated, allocated + some)
        )
        versions.take_entries(db, list_id, some)
    return taken


def stored_credential(inst: Installation, version_id: UUID, sealed: bytes) -> str:
    """Return the credential of a version's row.

    Raises:
        Conflict: the row was altered.
    """
    return open_sealed(inst, _place_of(version_id), sealed)


def seal_token(inst: Installation, place: bytes, token: str) -> bytes:
    """Seal a credential for the one place where it is kept."""
    return inst.vault.sealer.seal(token.encode("ascii"), bound_to=place)


def open_sealed(inst: Installation, place: bytes, sealed: bytes) -> str:
    """Return the credential that is kept at a place.

    Raises:
        Conflict: it was altered.
    """
    try:
        return inst.vault.sealer.open(sealed, bound_to=place).decode("ascii")
    except SigningError as error:
        raise Conflict("the stored credential was altered") from error


def draft_of(
    person_id: UUID, book: LabourBook, standing: Standing | None, signing: Signing
) -> Draft | None:
    """Return what is to be signed of a book; None if its newest version still says it."""
    after = 0 if standing is None else standing.version
    record = claims(book) | {"version": after + 1}
    if standing is not None and standing.record_hash is not None:
        record["prev_sha256"] = standing.record_hash.hex()
    whole = checked(record)
    content_hash = sha256(whole.json_of_part(content_of(record))).digest()
    if (
        standing is not None
        and content_hash == standing.content_hash
        and _still_serves(standing, signing)
    ):
        return None
    return Draft(person_id, record["book_no"], after, whole, content_hash)


def _still_serves(standing: Standing, signing: Signing) -> bool:
    """Say whether a version with the right content can also still be shown."""
    assert standing.expires_on is not None
    return (
        standing.state != REVOKED
        and standing.expires_on > signing.standpoint.as_of
        and standing.kid not in signing.withdrawn
    )


def _masked(record: str, personal_id: str | None) -> str:
    """Return the record as it is kept for reading: the personal ID by its last digits.

    In JSON a quote inside a text is escaped, so what is replaced can only be the member itself.
    """
    if personal_id is None:
        return record
    return record.replace(
        f'"personal_id":"{personal_id}"', f'"personal_id":"{mask(personal_id)}"', 1
    )


def _place_of(version_id: UUID) -> bytes:
    return b"book_version.credential:" + version_id.bytes
