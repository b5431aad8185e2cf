"""What an employer files of its workers: a hire, a change, an end, or taking one of them back.

A declaration that fits makes a fact of the employer's word; the worker's book is issued anew and
the worker asked whether it is right, all in one transaction. Nobody is created by an employer's
word: who is not on file registers first. A hire out of a share keeps the copy of it as well.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from labour_book.database import Db, transaction
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.filings import FilingKind, faults_of, relevant
from labour_book.domain.findings import Finding
from labour_book.domain.limits import Limit
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.partial_dates import PartialDate
from labour_book.domain.people import identifier_kind
from labour_book.errors import NotFound
from labour_book.queries import filings, people, share_copies
from labour_book.queries.filings import StoredFiling
from labour_book.queries.people import PersonOnFile
from labour_book.services import deletion_duties, limiting
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, operator
from labour_book.services.declaring import Recorded, Sent, declare, known_codes
from labour_book.services.directory import Directory
from labour_book.services.filers import (
    PURPOSE,
    Filer,
    FilingFaulty,
    FilingRefused,
    KeyReused,
    NamedWorker,
    NewFiling,
    filer_of,
)
from labour_book.services.installation import Installation
from labour_book.services.matching import MERELY_WRITTEN, Match, Wanted
from labour_book.services.notifying import inbox_of, notify
from labour_book.services.own_filings import (
    PAGE,
    filed,
    filed_by_enterprise,
    newest_of,
    own_or_none,
    worker_of,
)
from labour_book.services.permission import deed
from labour_book.services.receipts import Outcome
from labour_book.services.reissuing import lock_books, reissue

__all__ = [
    "PAGE",
    "PURPOSE",
    "FilingFaulty",
    "FilingRefused",
    "KeyReused",
    "NamedWorker",
    "NewFiling",
    "Noted",
    "StoredFiling",
    "check",
    "faults_in",
    "file",
    "filed",
    "filed_by_enterprise",
    "newest_of",
    "worker_of",
]

ISSUER = operator("khai-bao")
"""By whom the book is issued that a declaration has changed."""
NOBODY = Limit("filing.nobody", 30, 3600)
"""Declarations about nobody on file, by enterprise: whoever guesses at people learns little."""
_BY_PERSONAL_ID = "PERSONAL_ID"
"""The rule of ``matching`` by which an employer names a worker; none of the others."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A declaration that was filed, and what there is to remark of it."""

    filing: StoredFiling
    notes: tuple[Finding, ...] = ()


class _Enough(Exception):
    """A declaration was tried; nothing of it stays."""

    def __init__(self, notes: tuple[Finding, ...]) -> None:
        super().__init__()
        self.notes = notes


def file(
    inst: Installation, caller: Caller, new: NewFiling, *, now: datetime, key: str | None = None
) -> Noted:
    """File one declaration and return its receipt; sent again under its key, the same receipt.

    Raises:
        FilingFaulty: it cannot be right.
        FilingRefused: it contradicts the record, or no worker on file is meant.
        KeyReused: something else was filed under the key.
        NotFound: the worker, or what is to be corrected, is not the enterprise's own.
        EnterpriseRefused: the enterprise is gone, or not at its address.
        TooMany: the enterprise has named too many people who are not on file.
        DeniedToRole, LevelTooLow: the caller may not file.
    """
    with _filing(inst, caller, now) as (db, filer):
        return _filed_once(db, inst, filer, new, key)


def check(
    inst: Installation, caller: Caller, new: NewFiling, *, now: datetime
) -> tuple[Finding, ...]:
    """Return what there is to remark of a declaration, filing nothing yet.

    Raises:
        FilingFaulty, FilingRefused, NotFound, EnterpriseRefused, TooMany, DeniedToRole,
        LevelTooLow: as ``file``.
    """
    try:
        with _filing(inst, caller, now) as (db, filer):
            _try(db, inst, filer, new)
    except _Enough as tried:
        return tried.notes


def faults_in(new: NewFiling, *, now: datetime) -> list[Finding]:
    """Return what is wrong with a declaration by itself, whomever it is about."""
    if new.kind is FilingKind.CANCEL:
        return []
    said = relevant(new.kind, new.said)
    return faults_of(new.kind, said, today=vietnam_day(now), known=known_codes())


def named(db: Db, inst: Installation, workers: Sequence[NamedWorker]) -> list[PersonOnFile | None]:
    """Return who is meant by number, name and birth date together; None for nobody on file.

    Nearly right is not right: else names and birthdays could be found out by trying.
    """
    wanted = [_wanted(each) for each in workers]
    directory = Directory(db, inst.vault)
    directory.look_up_numbers(each.numbers[0] for each in wanted)
    return [
        _sure(directory.find(each)) if directory.knows_number_of(each) else None for each in wanted
    ]


def tell(db: Db, inst: Installation, filer: Filer, made: Sequence[tuple[UUID, UUID]]) -> None:
    """Issue the books that declarations have changed, and tell and trace each of them.

    ``made`` has the declaration and the person of each.
    """
    changed = {person_id for _, person_id in made}
    reissue(db, inst, changed, by=ISSUER, now=filer.now, purpose=PURPOSE)
    for filing_id, person_id in made:
        found = filings.filing_of(db, filer.code, filing_id)
        assert found is not None
        facts: dict[str, str | int] = {
            "filing": str(filing_id),
            "kind": found.kind.value,
            "enterprise_code": filer.code,
        }
        to = Recipient("worker", str(person_id))
        notify(db, to, NoticeKind.FILING_MADE, about=str(filing_id), facts=facts, now=filer.now)
        trace(
            db,
            filer.caller,
            Action.FILING_MAKE,
            at=filer.now,
            purpose=PURPOSE,
            person_id=person_id,
            detail={"filing": str(filing_id), "kind": found.kind.value},
        )


@contextmanager
def _filing(inst: Installation, caller: Caller, now: datetime) -> Iterator[tuple[Db, Filer]]:
    """Open the transaction of a declaration; that nobody on file is meant is counted outside it."""
    try:
        with deed(inst.engine) as db:
            filer = filer_of(db, caller, now=now, action=Action.FILING_MAKE)
            limiting.check_allowed(db, inst, NOBODY, filer.code, now)
            yield db, filer
    except FilingRefused as error:
        if error.facts["cause"] == "FILING_NOBODY":
            with transaction(inst.engine) as db:
                limiting.count(db, inst, NOBODY, caller.enterprise_code or "", now)
        raise


def _try(db: Db, inst: Installation, filer: Filer, new: NewFiling) -> NoReturn:
    person = _person(db, inst, filer, new)
    lock_books(db, inst, [person.id], filer.now)
    raise _Enough(declare(db, inst, filer, new, person=person).notes)


def _filed_once(db: Db, inst: Installation, filer: Filer, new: NewFiling, key: str | None) -> Noted:
    request_hash = None if key is None else inst.vault.index.of(repr(_plain(new)))
    person = _person(db, inst, filer, new)
    lock_books(db, inst, [person.id], filer.now)
    if key is not None:
        before = filings.filing_named(db, filer.code, key)
        if before is not None:
            if before.request_hash != request_hash:
                raise KeyReused
            return Noted(before)
    recorded = declare(db, inst, filer, new, person=person, sent=Sent(key, request_hash))
    _keep_copy(db, filer, new)
    return _noted(db, inst, filer, recorded, person.id)


def _keep_copy(db: Db, filer: Filer, new: NewFiling) -> None:
    """Keep the copy of a share from which somebody is hired, where nothing was decided of it yet.

    A mandate to file alone does not decide on copies: the enterprise does that itself.
    """
    if (
        new.kind is FilingKind.HIRE
        and new.share_id is not None
        and filer.caller.may(Action.COPY_DECIDE)
    ):
        deletion_duties.keep_copy(db, filer.caller, new.share_id, now=filer.now)


def _noted(db: Db, inst: Installation, filer: Filer, recorded: Recorded, person_id: UUID) -> Noted:
    assert recorded.filing_id is not None
    assert recorded.outcome is not Outcome.UNCHANGED
    tell(db, inst, filer, [(recorded.filing_id, person_id)])
    found = filings.filing_of(db, filer.code, recorded.filing_id)
    assert found is not None
    return Noted(found, recorded.notes)


def _person(db: Db, inst: Installation, filer: Filer, new: NewFiling) -> PersonOnFile:
    """Return whom a declaration is about; filled in from a share, it is about whoever shared it."""
    person = _meant(db, inst, filer, new)
    if new.share_id is not None:
        copy = share_copies.copy_of(db, new.share_id, inbox_of(filer.caller))
        if copy is None or copy.person_id != person.id:
            raise FilingRefused(Finding("FILING_NOT_OF_SHARE", "personal_id"))
    return person


def _meant(db: Db, inst: Installation, filer: Filer, new: NewFiling) -> PersonOnFile:
    if new.corrects is not None:
        old = filings.filing_of(db, filer.code, new.corrects)
        found = (
            None if old is None else people.people_by_ids(db, [old.person_id]).get(old.person_id)
        )
    elif isinstance(new.worker, NamedWorker):
        _check_named(new.worker)
        (found,) = named(db, inst, [new.worker])
        if found is None:
            raise FilingRefused(Finding("FILING_NOBODY", "personal_id"))
    elif new.worker is not None:
        found = own_or_none(db, filer.code, new.worker)
    else:
        raise FilingFaulty([Finding("MISSING_VALUE", "personal_id")])
    if found is None:
        raise NotFound("there is no such worker or declaration of yours")
    return found


def _check_named(worker: NamedWorker) -> None:
    if identifier_kind(worker.personal_id) != "PIN":
        raise FilingFaulty([Finding("PERSONAL_ID_FORM", "personal_id")])


def _wanted(worker: NamedWorker) -> Wanted:
    birth_date = PartialDate.of_day(worker.birth_date)
    return Wanted((worker.personal_id,), worker.full_name, birth_date, None)


def _sure(match: Match) -> PersonOnFile | None:
    doubts = {each.cause for each in match.flags} - MERELY_WRITTEN
    is_sure = match.matched_by == _BY_PERSONAL_ID and not doubts
    return match.person if is_sure else None


def _plain(new: NewFiling) -> tuple[object, ...]:
    """Return what is sent, in values whose written form never changes."""
    worker = new.worker
    whom = (
        (worker.personal_id, worker.full_name, worker.birth_date.isoformat())
        if isinstance(worker, NamedWorker)
        else str(worker)
    )
    said = sorted(new.said.as_body().items())
    return new.kind.value, whom, said, str(new.corrects), str(new.share_id)
