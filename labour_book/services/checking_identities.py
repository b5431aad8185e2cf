"""Comparing many people with the population register, before their books are issued.

The database is asked in bulk, the register by several at a time with no transaction open. One that
does not answer stops nothing: that is noted once, and the rest of the people wait for another day.
"""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import reading
from labour_book.queries import identity_checks as stored
from labour_book.services.asking_registers import (
    Fetched,
    Question,
    Register,
    about_many,
    fetch,
    is_connected,
    note,
)
from labour_book.services.auditing import trace
from labour_book.services.breaking import Circuit
from labour_book.services.callers import Action
from labour_book.services.identity_checks import (
    PURPOSES,
    SYSTEM,
    Checked,
    Occasion,
    Result,
    checked_by,
    is_due,
    is_other,
    note_checks,
)
from labour_book.services.installation import Installation
from labour_book.services.permission import deed

AT_ONCE = 8
"""Questions that are under way at a time."""


@dataclass(frozen=True, slots=True)
class _Stands:
    """Somebody as they compared before."""

    id: UUID
    match_state: str
    match_cause: str | None


def check_many_if_due(
    inst: Installation, people: Collection[UUID], *, occasion: Occasion, now: datetime
) -> frozenset[UUID]:
    """Compare those people who were not compared lately; return whose state has changed by it.

    It is our own doing, and traced of each person as such.

    Raises:
        Unavailable: the database does not answer.
    """
    if not people or not is_connected(inst, Register.POPULATION):
        return frozenset()
    with reading(inst.engine) as db:
        known = stored.checks_of(db, people)
        due = [each for each, last in known.items() if is_due(last, now)]
        asked = about_many(
            db, inst, SYSTEM, due, Register.POPULATION, purpose=PURPOSES[occasion], now=now
        )
    answered = list(_answers(inst, asked, now)) if asked else []
    checks = [
        (_Stands(each, known[each].match_state, known[each].match_cause), checked_by(fetched))
        for question, fetched in answered
        if (each := question.person_id) is not None
    ]
    _note(inst, answered, checks, len(asked) - len(answered), occasion=occasion, now=now)
    return frozenset(stands.id for stands, checked in checks if is_other(stands, checked))


def _answers(
    inst: Installation, asked: Sequence[Question], now: datetime
) -> Iterator[tuple[Question, Fetched]]:
    """Ask until the register does not answer any more; what was under way then still comes."""
    standing = inst.connections.standing(Register.POPULATION, now)
    if standing is not None and standing.circuit is Circuit.OPEN:
        return
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="identity") as threads:
        for start in range(0, len(asked), AT_ONCE):
            some = asked[start : start + AT_ONCE]
            fetched = list(threads.map(lambda each: fetch(inst, each), some))
            yield from zip(some, fetched, strict=True)
            if any(checked_by(each).result is Result.UNAVAILABLE for each in fetched):
                return


def _note(
    inst: Installation,
    answered: Sequence[tuple[Question, Fetched]],
    checks: Sequence[tuple[_Stands, Checked]],
    unasked: int,
    *,
    occasion: Occasion,
    now: datetime,
) -> None:
    if not answered and not unasked:
        return
    with deed(inst.engine) as db:
        note_checks(db, checks, occasion=occasion, now=now)
        for question, fetched in answered:
            note(db, question, fetched, now=now)
        if unasked:
            purpose, register = PURPOSES[occasion], str(Register.POPULATION)
            detail: dict[str, str | int] = {"register": register, "unasked": unasked}
            trace(
                *(db, SYSTEM, Action.REGISTER_ASK),
                at=now,
                purpose=purpose,
                outcome="failed",
                detail=detail,
            )
