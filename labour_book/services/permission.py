"""May this caller do that, and to whom? What is refused is traced."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, transaction
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Denied, Invalid, LabourBookError, NotFound, Unavailable
from labour_book.queries import accounts, books, units
from labour_book.queries.books import Subject
from labour_book.services.auditing import Entry, check_purpose, trace_all
from labour_book.services.callers import (
    FULL_LEVEL,
    PERMITTED,
    STATES_ITS_PURPOSE,
    Action,
    Caller,
)

T = TypeVar("T")

OWN_USE = "own"
"""The purpose of a worker who looks at the own book and states none."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a caller was refused; it is traced although the deed leaves nothing else behind."""

    caller: Caller
    action: Action
    person_id: UUID | None
    purpose: str
    at: datetime
    cause: str


class NotFoundForCaller(NotFound):
    """There is no such person, or this caller may not know: nobody is told which."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("there is no such book, or it is not open to you")
        self.refusal = refusal


class DeniedToRole(Denied):
    """The caller's role does not include the deed, whoever it is about."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("this is not among what your role may do")
        self.refusal = refusal


class LevelTooLow(Denied):
    """The deed is among what the role may do, but not after a sign-in of this level."""

    slug = "level-2-needed"
    title = "This needs a national e-ID of level 2"
    title_vi = "Việc này cần tài khoản định danh điện tử mức độ 2"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(
            "sign in with an e-ID account of level 2; the commune police raise a level 1 account",
            level=refusal.caller.level,
            level_needed=FULL_LEVEL,
        )
        self.refusal = refusal


REFUSED = (NotFoundForCaller, DeniedToRole, LevelTooLow)
"""What is traced although nothing else is left behind."""


@contextmanager
def deed(engine: sa.Engine) -> Iterator[Db]:
    """Open the one transaction of a deed; a refusal in it is traced in a transaction of its own.

    Every deed that asks ``check_may`` runs in here, else refusals would roll back with the rest.
    """
    try:
        with transaction(engine) as db:
            yield db
    except REFUSED as error:
        with transaction(engine) as db:
            trace_all(db, [_refused(error)])
        raise


Looked = tuple[T, Entry | None]
"""What somebody is to be shown, and the trace of it; None where there is nobody to trace."""


def looks(engine: sa.Engine, several: Sequence[Callable[[Db], Looked[T]]]) -> list[T | Exception]:
    """Let several callers look at what is theirs to see, in one transaction; return what each sees.

    A look only reads. The traces of all, refusals among them, are written together and are durable
    before this returns: one wait for the disk instead of as many as there are callers. What one of
    them cannot be shown keeps nobody else from it.

    Raises:
        Unavailable: the database does not answer; nobody is shown anything.
    """
    try:
        with transaction(engine) as db:
            found = [_looked(db, each) for each in several]
            entries = [entry for _, entry in found if entry is not None]
            if entries:
                trace_all(db, entries)
        return [each for each, _ in found]
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - whatever one of them ran into, the others did not
        if len(several) == 1:
            return [error]
        return [alone for each in several for alone in looks(engine, [each])]


def _looked(db: Db, look: Callable[[Db], Looked[T]]) -> tuple[T | Exception, Entry | None]:
    try:
        return look(db)
    except REFUSED as error:
        return error, _refused(error)
    except LabourBookError as error:
        return error, None


def _refused(error: "NotFoundForCaller | DeniedToRole | LevelTooLow") -> Entry:
    refused = error.refusal
    return Entry(
        refused.caller,
        refused.action,
        refused.at,
        refused.purpose,
        refused.person_id,
        "refused",
        {"cause": refused.cause},
    )


def check_may(
    db: Db,
    caller: Caller,
    action: Action,
    person_id: UUID | None,
    subject: Subject | None,
    *,
    purpose: str,
    now: datetime,
) -> str:
    """Refuse what the caller may not do to or see of a person; return the purpose to trace.

    ``subject`` is the person as found, None if there is none. The refusal is the same either way.

    Raises:
        Invalid: an official or a machine states no purpose.
        DeniedToRole: the role never includes the action.
        LevelTooLow: the caller has to sign in with level 2 for that.
        NotFoundForCaller: no such person, or not one of this caller's.
    """
    stated = _stated_purpose(caller, purpose)
    if not caller.may(action):
        raise DeniedToRole(Refusal(caller, action, person_id, stated, now, _cause(caller, action)))
    if not caller.is_sure_enough_for(action):
        raise LevelTooLow(Refusal(caller, action, person_id, stated, now, "LEVEL"))
    if subject is None:
        raise NotFoundForCaller(Refusal(caller, action, person_id, stated, now, "UNKNOWN"))
    if not _is_theirs(db, caller, subject, now):
        raise NotFoundForCaller(Refusal(caller, action, person_id, stated, now, "NOT_THEIRS"))
    return stated


def check_own(db: Db, caller: Caller, action: Action, now: datetime) -> UUID:
    """Refuse what the caller may not do with the own data; return whose they are.

    They are the worker's own, also where a representative acts under the worker's mandate.

    Raises:
        DeniedToRole: the role, or the mandate, does not include the action.
        LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    person_id = caller.person_id if caller.kind in ("worker", "proxy") else None
    subject = None if person_id is None else books.subject(db, person_id)
    check_may(db, caller, action, person_id, subject, purpose=OWN_USE, now=now)
    assert person_id is not None
    return person_id


def check_role(caller: Caller, action: Action, now: datetime) -> None:
    """Refuse a caller whose role does not include a deed that is about nobody in particular.

    Raises:
        DeniedToRole: it does not.
        LevelTooLow: the caller has to sign in with level 2 for that.
    """
    if not caller.may(action):
        raise DeniedToRole(Refusal(caller, action, None, "", now, _cause(caller, action)))
    if not caller.is_sure_enough_for(action):
        raise LevelTooLow(Refusal(caller, action, None, "", now, "LEVEL"))


def check_administers(
    db: Db, by: Caller, action: Action, unit_code: str | None, now: datetime
) -> None:
    """Refuse an administrator whom a unit is not under; None stands for the whole country.

    Raises:
        DeniedToRole: the role administers nothing, or not this.
        LevelTooLow: the caller has to sign in with level 2 for that.
    """
    check_role(by, action, now)
    if by.kind != "official":
        return
    own, today = by.unit_code or "", vietnam_day(now)
    if unit_code is None:
        is_under = accounts.unit_serves(db, own, None, today)
    else:
        is_under = units.is_below(db, unit_code, own, today) or (
            accounts.unit_serves(db, own, None, today)
        )
    if not is_under:
        raise DeniedToRole(Refusal(by, action, None, "", now, "UNIT"))


def _stated_purpose(caller: Caller, purpose: str) -> str:
    check_purpose(purpose)
    stated = purpose.strip()
    if not stated and caller.kind in STATES_ITS_PURPOSE:
        raise Invalid("say for what purpose")
    return stated or OWN_USE


def _is_theirs(db: Db, caller: Caller, subject: Subject, now: datetime) -> bool:
    """Say whether a person is among those whom the caller deals with."""
    match caller.kind:
        case "worker" | "proxy":
            return caller.person_id == subject.person_id
        case "official":
            unit, commune = caller.unit_code, subject.residence_commune
            return unit is not None and accounts.unit_serves(db, unit, commune, vietnam_day(now))
        case "employer":
            return False  # an employer sees what was shared with it, through another door
        case _:
            return True


def _cause(caller: Caller, action: Action) -> str:
    """Return why a caller may not: the role never may, or the mandate does not say so."""
    return "SCOPE" if caller.role in PERMITTED[action] else "ROLE"
