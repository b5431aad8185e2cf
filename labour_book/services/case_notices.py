"""Telling the worker, the declaring and the owning side what became of a correction.

A notice names the case, never what it is about.
"""

from datetime import datetime

from labour_book.database import Db
from labour_book.domain.corrections import Owner
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.queries.corrections import StoredCase
from labour_book.services.notifying import notify

Facts = dict[str, str | int]


def tell_askers(db: Db, case: StoredCase, kind: NoticeKind, *, now: datetime) -> None:
    """Tell the worker, and the enterprise that declared the case if one did."""
    _tell(db, Recipient("worker", str(case.person_id)), case, kind, now)
    if case.declared_kind == "employer":
        _tell(db, Recipient("employer", case.declared_by), case, kind, now)


def tell_owner(db: Db, case: StoredCase, kind: NoticeKind, *, now: datetime) -> None:
    """Tell whoever has the case on the desk."""
    if case.owner_kind is None or case.owner_kind is Owner.POPULATION:
        return
    _tell(db, owner_inbox(case.owner_kind, case.owner_code or ""), case, kind, now)


def tell_decided(db: Db, case: StoredCase, *, now: datetime) -> None:
    """Tell the asking side that it is decided, and an employer that was asked about it."""
    is_reversed = str(case.outcome) == "reversed"
    kind = NoticeKind.CASE_REVERSED if is_reversed else NoticeKind.CASE_DECIDED
    tell_askers(db, case, kind, now=now)
    if case.employer_answer is not None and case.employer_code is not None:
        code = case.employer_code.partition("-")[0]
        _tell(db, Recipient("employer", code), case, kind, now)


def owner_inbox(kind: Owner, code: str) -> Recipient:
    """Return the inbox of an owner: the enterprise's or the unit's."""
    return Recipient("employer" if kind is Owner.EMPLOYER else "official", code)


def _tell(db: Db, recipient: Recipient, case: StoredCase, kind: NoticeKind, now: datetime) -> None:
    facts: Facts = {"case": str(case.id), "number": case.number, "state": str(case.state)}
    if case.owner_kind is not None:
        facts |= {"owner_kind": str(case.owner_kind), "owner": case.owner_code or ""}
    if case.due_on is not None:
        facts["due_on"] = case.due_on.isoformat()
    if case.outcome is not None:
        facts["outcome"] = str(case.outcome)
    about = f"{case.id}:{case.revision}"
    notify(db, recipient, kind, about=about, facts=facts, now=now)
