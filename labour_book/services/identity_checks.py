"""Comparing one person with the population register, and noting how it came out.

Everything that learns how somebody compares notes it through ``note_check``: an answer at sign-in,
at issue or on an official's request, a message of the register, a register's file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from labour_book import data
from labour_book.database import Db, reading, transaction
from labour_book.domain.findings import Finding
from labour_book.domain.reconciliation import DECEASED
from labour_book.errors import NotFound
from labour_book.queries import books, identity_checks
from labour_book.queries.identity_checks import CheckOnFile
from labour_book.services.asking_registers import (
    Fetched,
    PopulationAnswer,
    Register,
    ask_alone,
    is_connected,
)
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, operator
from labour_book.services.installation import Installation
from labour_book.services.permission import OWN_USE, check_may, check_own
from labour_book.services.receipts import Told, told

__all__ = ["CheckOnFile"]

SYSTEM = operator("identity-checks")
NUMBER_MISSING = "NUMBER_MISSING"
REGISTER_DIFFERS = "REGISTER_DIFFERS"
"""The cause of a mismatch for which the register gives none that is known here."""
GOOD_FOR = timedelta(hours=24)
"""For so long an answer of the register is not asked for again at sign-in and at issue."""
AGAIN_AFTER = timedelta(minutes=10)
"""For so long a register that did not answer is not asked again about somebody by itself."""
PURPOSES = {
    "sign-in": "Xác thực danh tính khi đăng nhập",
    "issue": "Xác thực danh tính khi cấp sổ",
    "decision": "Xác thực danh tính khi giải quyết đề nghị điều chỉnh",
}
"""What the register is told, and the worker reads, about why it was asked."""


class Occasion(StrEnum):
    """On what occasion somebody was compared; the word stands in the record."""

    SIGN_IN = "sign-in"
    ISSUE = "issue"
    DECISION = "decision"
    EVENT = "event"
    REQUEST = "request"
    FILE = "file"


class Result(StrEnum):
    """How somebody compares with the population register."""

    MATCHED = "MATCHED"
    MISMATCH = "MISMATCH"
    NOT_FOUND = "NOT_FOUND"
    DECEASED = "DECEASED"
    UNAVAILABLE = "UNAVAILABLE"
    """The register could not be asked; the state stays as it was."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one comparison."""

    result: Result
    causes: tuple[str, ...] = ()
    """Cause codes of a mismatch, as ``domain.reconciliation.compare`` returns them."""
    data_as_of: datetime | None = None
    """How old the register's answer is; an older one never replaces a newer one."""
    failure: str | None = None
    """Why it is UNAVAILABLE: TIMEOUT, PAUSED, NOT_CONNECTED ..."""


class Standing(Protocol):
    """Somebody with how they compare by now."""

    @property
    def id(self) -> UUID: ...
    @property
    def match_state(self) -> str: ...
    @property
    def match_cause(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class WayOut:
    """A cause in words, who has to put it right, and how."""

    cause: str
    told: Told
    owner: str
    """population (commune police), insurance, commune or province."""


@dataclass(frozen=True, slots=True)
class OwnCheck:
    """How a worker compares with the population register, in words."""

    state: str
    """MATCHED, MISMATCH, NOT_FOUND, DECEASED or UNCHECKED."""
    ways_out: tuple[WayOut, ...]
    checked_at: datetime | None
    """When the register last answered; None if it was never asked online."""
    tried_at: datetime | None
    is_answered: bool
    """Whether the last try was answered; if not, the state is that of before."""


def note_check(
    db: Db, person_id: UUID, checked: Checked, *, occasion: Occasion, now: datetime
) -> bool:
    """Note how a person compares with the register; return whether that changed their state.

    UNAVAILABLE keeps the state and notes the try. An answer older than the one noted before
    changes nothing, in whatever order they come.
    """
    row = {"person_id": person_id, "occasion": str(occasion), "tried_at": now}
    if checked.result is Result.UNAVAILABLE:
        identity_checks.note_failure(db, row | {"failure": (checked.failure or "UNKNOWN")[:40]})
        return False
    answered = _answered(person_id, checked, occasion, now)
    if not identity_checks.note_answer(db, answered):
        return False
    cause = next(iter(worst_first(checked.causes)), None)
    return identity_checks.set_match(db, person_id, str(checked.result), cause, now)


def note_checks(
    db: Db,
    checks: Sequence[tuple[Standing, Checked]],
    *,
    occasion: Occasion,
    now: datetime,
) -> int:
    """Note how many people compare, each as ``note_check`` does; return how many states changed.

    Whose state stays is noted in bulk.
    """
    changed, same = 0, []
    for person, checked in checks:
        if not is_other(person, checked) and checked.result is not Result.UNAVAILABLE:
            same.append(_answered(person.id, checked, occasion, now))
        else:
            changed += note_check(db, person.id, checked, occasion=occasion, now=now)
    identity_checks.note_answers(db, same)
    return changed


def check(
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    *,
    occasion: Occasion,
    purpose: str,
    now: datetime,
) -> Checked:
    """Ask the population register about a person and note the answer; traced as every question.

    No transaction is open while it is waited for.

    Raises:
        Invalid, DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    fetched = ask_alone(inst, caller, person_id, Register.POPULATION, purpose=purpose, now=now)
    checked = checked_by(fetched)
    with transaction(inst.engine) as db:
        note_check(db, person_id, checked, occasion=occasion, now=now)
    return checked


def check_if_due(
    inst: Installation, person_id: UUID, *, occasion: Occasion, now: datetime
) -> Checked | None:
    """Compare a person unless that was done lately; None if it was, or there is no register.

    It is our own doing, at sign-in and at issue, and traced as such. Nothing waits for it and
    nothing hangs on it: a register that does not answer keeps nobody out.
    """
    if not is_connected(inst, Register.POPULATION):
        return None
    with reading(inst.engine) as db:
        last = identity_checks.check_of(db, person_id)
    if last is None or not is_due(last, now):
        return None
    purpose = PURPOSES[occasion]
    return check(inst, SYSTEM, person_id, occasion=occasion, purpose=purpose, now=now)


def last_check(
    db: Db, caller: Caller, person_id: UUID, *, purpose: str, now: datetime
) -> CheckOnFile:
    """Return how a person compared last, for who may open the book.

    It is shown beside the book, and the look is traced where that is opened.

    Raises:
        Invalid, DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    subject = books.subject(db, person_id)
    check_may(db, caller, Action.BOOK_OPEN, person_id, subject, purpose=purpose, now=now)
    found = identity_checks.check_of(db, person_id)
    if found is None:
        raise NotFound("there is no such person")
    return found


def own_check(db: Db, caller: Caller, *, now: datetime) -> OwnCheck:
    """Tell a worker how they compare, why, who puts that right, and how; traced.

    Raises:
        DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_own``.
    """
    person_id = check_own(db, caller, Action.BOOK_OPEN, now)
    found = identity_checks.check_of(db, person_id)
    if found is None:
        raise NotFound("there is no such person")
    trace(
        db,
        caller,
        Action.BOOK_OPEN,
        at=now,
        purpose=OWN_USE,
        person_id=person_id,
        detail={"shown": "identity-check"},
    )
    return OwnCheck(
        found.match_state,
        tuple(ways_out(found)),
        found.checked_at,
        found.tried_at,
        is_answered=found.failure is None,
    )


def may_compare(inst: Installation, caller: Caller) -> bool:
    """Say whether the caller can have somebody compared online."""
    return is_connected(inst, Register.POPULATION) and caller.may(Action.REGISTER_ASK)


def ways_out(check: CheckOnFile) -> list[WayOut]:
    """Return the causes of a mismatch in words, with who puts each right and how."""
    return [way_out(each) for each in _causes(check)]


def way_out(cause: str) -> WayOut:
    """Return one cause of a mismatch in words, with who puts it right and how."""
    return WayOut(cause, told(Finding(cause)), data.match_causes()[cause]["owner"])


def worst_first(causes: Iterable[str]) -> tuple[str, ...]:
    """Return the causes that have words, the worst first.

    One that is not known here still says that the register differs.
    """
    known = list(data.match_causes())
    meant = {each if each in known else REGISTER_DIFFERS for each in causes}
    return tuple(sorted(meant, key=known.index))


def checked_by(fetched: Fetched) -> Checked:
    """Return what an answer of the population register says of somebody."""
    body = fetched.body
    if isinstance(body, PopulationAnswer):
        result = Result(body.result)
        causes = (DECEASED,) if result is Result.DECEASED else body.causes
        return Checked(result, causes, fetched.data_as_of)
    if fetched.cause == "NO_PERSONAL_ID":
        return Checked(Result.NOT_FOUND, (NUMBER_MISSING,))
    return Checked(Result.UNAVAILABLE, failure=fetched.cause or str(fetched.status))


def _answered(
    person_id: UUID, checked: Checked, occasion: Occasion, now: datetime
) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "causes": " ".join(worst_first(checked.causes)),
        "occasion": str(occasion),
        "checked_at": now,
        "data_as_of": checked.data_as_of,
        "tried_at": now,
        "failure": None,
    }


def _causes(check: CheckOnFile) -> tuple[str, ...]:
    """Return why somebody does not match; a register's file may have changed the state since."""
    if check.match_state == Result.DECEASED:
        return (DECEASED,)
    if check.match_cause is None or check.match_cause in check.causes:
        return check.causes if check.match_cause is not None else ()
    return (check.match_cause,)


def is_other(person: Standing, checked: Checked) -> bool:
    """Say whether an answer sets another state than the person is in."""
    if checked.result is Result.UNAVAILABLE:
        return False
    cause = next(iter(worst_first(checked.causes)), None)
    return (person.match_state, person.match_cause) != (str(checked.result), cause)


def is_due(last: CheckOnFile, now: datetime) -> bool:
    """Say whether the register is to be asked anew: nobody was answered, or tried it, lately."""
    asked = last.tried_at is not None and now - last.tried_at < AGAIN_AFTER
    answered = last.checked_at is not None and now - last.checked_at < GOOD_FOR
    return not asked and not answered
