"""Printing: the sealed PDF of a signed version.

The pages and the files inside say the same, and both are the signed claims: what is not printed
(pay, and the personal ID unless it is asked for) is not in the files either, because a printed
book is handed on. The whole credential is for its holder (``access.open_credential``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import signing
from labour_book.database import Db
from labour_book.documents import Issuer, render_book_pdf
from labour_book.domain.book import LabourBook, claims
from labour_book.domain.evidence import vietnam_day
from labour_book.queries.versions import SignedVersion
from labour_book.services import time_stamping
from labour_book.services.access import open_signed
from labour_book.services.auditing import trace
from labour_book.services.books import book_as_of
from labour_book.services.callers import Action, Caller
from labour_book.services.drafting import stored_credential
from labour_book.services.installation import Installation
from labour_book.services.issuing import printed_code, verify_url
from labour_book.services.records import book_in
from labour_book.services.verifying import BOOK_CREDENTIAL, BOOK_JSON, record_in

SEAL_REASON = "Sổ lao động điện tử"
_NEVER_ON_PAPER = frozenset({"wage_base_vnd"})
_ADDED_BY_ISSUING = frozenset({"version", "prev_sha256"})


@dataclass(frozen=True, slots=True)
class Printable:
    """A signed version, ready to be printed without the database."""

    version: SignedVersion
    book: LabourBook
    credential: str


def printable_of(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    *,
    purpose: str,
    now: datetime,
    version: int | None = None,
) -> Printable:
    """Return what it takes to print a version: the newest, or the one with that number; traced.

    Printing takes a third of a second: do it after the transaction, with ``print_book``.

    Raises:
        NotFound: the person has no such version.
        Conflict: the stored credential was altered.
        Invalid, DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    stated, signed = open_signed(
        db, caller, Action.BOOK_PRINT, person_id, version=version, purpose=purpose, now=now
    )
    credential = stored_credential(inst, signed.id, signed.credential)
    record = record_in(signing.read_disclosed(credential))
    book = rebuilt(db, inst, signed, record) or book_in(record, known_at=signed.known_at)
    detail = {"version": signed.version}
    trace(
        db,
        caller,
        Action.BOOK_PRINT,
        at=now,
        purpose=stated,
        person_id=person_id,
        detail=detail,
    )
    return Printable(signed, book, credential)


def print_book(
    inst: Installation, printable: Printable, *, now: datetime, whole_personal_id: bool = False
) -> bytes:
    """Return the PDF of a version, sealed, with its data and its credential inside.

    Raises:
        Unavailable: there is no key to seal with.
    """
    version = printable.version
    hidden = _NEVER_ON_PAPER if whole_personal_id else _NEVER_ON_PAPER | {"personal_id"}
    credential = signing.disclose(printable.credential, lambda path: path[-1] not in hidden)
    record = record_in(signing.read_disclosed(credential))
    pages = render_book_pdf(
        printable.book,
        issuer=Issuer(inst.issuer.name_vi, inst.issuer.name_en, inst.issuer.place),
        version=version.version,
        issued_on=vietnam_day(version.issued_at),
        verify_url=verify_url(inst, version.id),
        lookup_code=printed_code(inst, version.id),
        attachments={
            BOOK_JSON: signing.canonical_json(record),
            BOOK_CREDENTIAL: credential.encode("ascii"),
        },
        whole_personal_id=whole_personal_id,
    )
    return time_stamping.sealed(inst, pages, reason=SEAL_REASON, now=now)


def pdf_of(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    *,
    purpose: str,
    now: datetime,
    version: int | None = None,
    whole_personal_id: bool = False,
) -> bytes:
    """Return the sealed PDF of a version in one go: ``printable_of``, then ``print_book``.

    Raises:
        NotFound, Conflict, Invalid, DeniedToRole, NotFoundForCaller: as ``printable_of``.
        Unavailable: there is no key to seal with.
    """
    found = printable_of(db, inst, caller, person_id, purpose=purpose, now=now, version=version)
    return print_book(inst, found, now=now, whole_personal_id=whole_personal_id)


def rebuilt(
    db: Db, inst: Installation, version: SignedVersion, record: Mapping[str, Any]
) -> LabourBook | None:
    """Return the book a version was made from, out of the facts of that time; None if it differs.

    Then a fact was changed that ought not to be, or the words of a code list were: what was signed
    is still what is printed, only without its sources.
    """
    book = book_as_of(
        db,
        inst.vault,
        version.person_id,
        as_of=version.as_of,
        known_at=version.known_at,
        places=inst.places,
    )
    signed = {name: value for name, value in record.items() if name not in _ADDED_BY_ISSUING}
    return book if claims(book) == signed else None
