"""What an enterprise reads of its own: its declarations, and the workers they are about."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.errors import NotFound
from labour_book.queries import filings, people, workforce
from labour_book.queries.filings import StoredFiling
from labour_book.queries.people import PersonOnFile
from labour_book.queries.workforce import OwnWorker
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.filers import PURPOSE, filer_of
from labour_book.services.permission import check_role

PAGE = 50
"""Declarations on one page."""


def filed_by_enterprise(
    db: Db,
    caller: Caller,
    *,
    now: datetime,
    before: UUID | None = None,
    run_id: UUID | None = None,
    limit: int = PAGE,
) -> list[StoredFiling]:
    """Return a page of what the caller's enterprise has filed, the latest first.

    Each worker finds in the own trace that the list was looked at.

    Raises:
        EnterpriseRefused: the enterprise is gone, or not at its address.
        DeniedToRole: the caller acts for no enterprise.
    """
    filer = filer_of(db, caller, now=now, action=Action.FILING_LIST)
    listed = filings.filings_by(
        db, filer.code, before=before, run_id=run_id, limit=min(limit, PAGE)
    )
    for person_id in dict.fromkeys(each.person_id for each in listed):
        trace(db, caller, Action.FILING_LIST, at=now, purpose=PURPOSE, person_id=person_id)
    return listed


def filed(db: Db, caller: Caller, filing_id: UUID, *, now: datetime) -> StoredFiling:
    """Return one declaration of the caller's enterprise: its receipt.

    Raises:
        NotFound: the enterprise has filed no such thing.
        EnterpriseRefused: the enterprise is gone, or not at its address.
        DeniedToRole: the caller acts for no enterprise.
    """
    filer = filer_of(db, caller, now=now, action=Action.FILING_LIST)
    found = filings.filing_of(db, filer.code, filing_id)
    if found is None:
        raise NotFound("you have filed no such declaration")
    trace(db, caller, Action.FILING_LIST, at=now, purpose=PURPOSE, person_id=found.person_id)
    return found


def newest_of(
    db: Db, caller: Caller, people: Collection[UUID], *, now: datetime
) -> dict[UUID, StoredFiling]:
    """Return the enterprise's latest declaration of each worker; whoever lists them has traced it.

    Raises:
        EnterpriseRefused: the enterprise is gone, or not at its address.
        DeniedToRole: the caller acts for no enterprise.
    """
    filer = filer_of(db, caller, now=now, action=Action.FILING_LIST)
    return filings.newest_about(db, filer.code, people)


def worker_of(db: Db, caller: Caller, person_id: UUID, *, now: datetime) -> OwnWorker:
    """Return one of the enterprise's own workers, to declare something of them.

    Raises:
        NotFound: the enterprise has no such worker.
        EnterpriseRefused: the enterprise is gone, or not at its address.
        DeniedToRole: the caller acts for no enterprise.
    """
    filer = filer_of(db, caller, now=now, action=Action.FILING_MAKE)
    person = own_or_none(db, filer.code, person_id)
    if person is None:
        raise NotFound("you have no such worker")
    work = workforce.reported_work(db, filer.code, person_id)
    trace(db, caller, Action.FILING_LIST, at=now, purpose=PURPOSE, person_id=person_id)
    position, since = ("", "") if work is None else (work.position, work.since)
    return OwnWorker(person_id, person.full_name, position, since)


def own_or_none(db: Db, code: str, person_id: UUID) -> PersonOnFile | None:
    """Return a worker by id if an enterprise has reported them; None for anybody else."""
    known = workforce.reported_work(db, code, person_id) is not None
    if not known and not filings.filings_about(db, code, person_id):
        return None
    return people.people_by_ids(db, [person_id]).get(person_id)


def worker_name(db: Db, caller: Caller, person_id: UUID, *, now: datetime) -> str:
    """Return the name of a worker whose case the enterprise is asked about; who opened it traced.

    Raises:
        DeniedToRole: the caller answers no cases.
        NotFound: there is no such person.
    """
    check_role(caller, Action.CASE_EMPLOYER_ANSWER, now)
    found = people.people_by_ids(db, [person_id]).get(person_id)
    if found is None:
        raise NotFound("you have no such worker")
    return found.full_name
