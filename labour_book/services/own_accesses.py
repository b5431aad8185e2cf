"""What a worker may know of who looked: every row of the trace about them, with names told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from uuid import UUID

from labour_book.database import Db
from labour_book.queries import actors, employers, trace
from labour_book.queries.actors import Actor
from labour_book.queries.trace import TraceRow
from labour_book.services import asking_reasons
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_own
from labour_book.services.recipients import name_of

MOST = 200


@dataclass(frozen=True, slots=True)
class OwnAccess:
    """One deed that was about the worker, as it is told to them."""

    number: int
    at: datetime
    who_kind: str
    who_name: str
    """Of the office, enterprise or organisation; of the person where there is none of these."""
    deed: str
    purpose: str
    refused: bool
    reason: str
    """Whether its reason was asked for: none (nobody answers), possible, asked, answered."""
    answer: str | None
    """The reason, in the words of whoever looked."""


def own_accesses(db: Db, caller: Caller, *, now: datetime) -> list[OwnAccess]:
    """Return the newest deeds about the caller, newest first: by people, offices and machines.

    It leaves no trace: who looks up who looked would find nothing but that.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = check_own(db, caller, Action.TRACE_OWN, now)
    rows = trace.rows_about(db, person_id, limit=MOST)
    known = _actors(db, rows)
    names = _names(db, known)
    asked = asking_reasons.asked_by(db, person_id, set(_numbers_asked(rows)))
    return [_told(row, names.get(row.actor, ""), known.get(row.actor), asked) for row in rows]


def _told(
    row: TraceRow, name: str, actor: Actor | None, asked: Mapping[int, asking_reasons.Asked]
) -> OwnAccess:
    about = asked.get(row.seq)
    if about is not None:
        reason = "asked" if about.answer is None else "answered"
    else:
        reason = "possible" if asking_reasons.answerable_by(row.actor_kind, actor) else "none"
    return OwnAccess(
        number=row.seq,
        at=row.at,
        who_kind=row.actor_kind,
        who_name=name,
        deed=row.action,
        purpose=row.purpose,
        refused=row.outcome != "ok",
        reason=reason,
        answer=None if about is None else about.answer,
    )


def _numbers_asked(rows: Sequence[TraceRow]) -> Iterator[int]:
    for row in rows:
        if row.action == Action.REASON_ASK and row.outcome == "ok":
            yield int(loads(row.detail)["access"])


def _actors(db: Db, rows: Sequence[TraceRow]) -> Mapping[str, Actor]:
    """Return the accounts that acted, by how the trace names them."""
    ids = {found for row in rows if (found := _account_id(row.actor)) is not None}
    return {str(each): actor for each, actor in actors.actors_by_id(db, ids).items()}


def _names(db: Db, known: Mapping[str, Actor]) -> Mapping[str, str]:
    """Return what the actors with an account are called, by how the trace names them."""
    codes = {each.enterprise_code for each in known.values() if each.enterprise_code is not None}
    firms = {code: name_of(found) for code, found in employers.employers_by_code(db, codes).items()}
    return {each: _called(actor, firms) for each, actor in known.items()}


def _called(actor: Actor, firms: Mapping[str, str]) -> str:
    return firms.get(actor.enterprise_code or "") or actor.unit_name or actor.name


def _account_id(actor: str) -> UUID | None:
    try:
        return UUID(actor)
    except ValueError:
        return None  # the operator of the machine, or anybody
