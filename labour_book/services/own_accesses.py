"""What a worker may know of who looked: every row of the trace about them, with names told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.queries import actors, books, employers, trace
from labour_book.queries.actors import Actor
from labour_book.queries.trace import TraceRow
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import OWN_USE, check_may
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


def own_accesses(db: Db, caller: Caller, *, now: datetime) -> list[OwnAccess]:
    """Return the newest deeds about the caller, newest first: by people, offices and machines.

    It leaves no trace: who looks up who looked would find nothing but that.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = caller.person_id
    subject = None if person_id is None else books.subject(db, person_id)
    check_may(db, caller, Action.TRACE_OWN, person_id, subject, purpose=OWN_USE, now=now)
    assert person_id is not None
    rows = trace.rows_about(db, person_id, limit=MOST)
    names = _names(db, rows)
    return [
        OwnAccess(
            number=row.seq,
            at=row.at,
            who_kind=row.actor_kind,
            who_name=names.get(row.actor, ""),
            deed=row.action,
            purpose=row.purpose,
            refused=row.outcome != "ok",
        )
        for row in rows
    ]


def _names(db: Db, rows: Sequence[TraceRow]) -> Mapping[str, str]:
    """Return what the actors with an account are called, by how the trace names them."""
    ids = {found for row in rows if (found := _account_id(row.actor)) is not None}
    known = actors.actors_by_id(db, ids)
    codes = {each.enterprise_code for each in known.values() if each.enterprise_code is not None}
    firms = {code: name_of(found) for code, found in employers.employers_by_code(db, codes).items()}
    return {str(each): _called(actor, firms) for each, actor in known.items()}


def _called(actor: Actor, firms: Mapping[str, str]) -> str:
    return firms.get(actor.enterprise_code or "") or actor.unit_name or actor.name


def _account_id(actor: str) -> UUID | None:
    try:
        return UUID(actor)
    except ValueError:
        return None  # the operator of the machine, or anybody
