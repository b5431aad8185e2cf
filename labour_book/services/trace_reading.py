"""Reading the trace as an auditor: who looked at what, and why. Each page read is traced itself."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.personal_ids import identifier_kind
from labour_book.errors import Invalid
from labour_book.queries import actors, books, finding, oversight, units
from labour_book.queries.actors import Actor
from labour_book.queries.oversight import TraceFilter
from labour_book.queries.trace import TraceRow
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_may, check_role
from labour_book.services.quality_numbers import span_of

__all__ = ["Asked", "TraceTold", "TracedPage", "read_trace"]

PAGE = 100
MOST = 5_000
"""Rows of one export."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of the trace are wanted, as somebody writes it."""

    first_day: date
    last_day: date
    number: str = field(default="", repr=False)
    """Personal ID, or another number that names a person; empty for everybody."""
    person_id: UUID | None = None
    """The same person, on the pages that follow."""
    actor: str = ""
    """Account id; empty for everybody."""
    action: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class TraceTold:
    """A row of the trace, with who it was."""

    number: int
    at: datetime
    actor_kind: str
    actor: str
    name: str
    """Of the account, with its office; empty where none stands behind it."""
    action: str
    person_id: UUID | None
    purpose: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TracedPage:
    """Some rows, newest first."""

    rows: tuple[TraceTold, ...]
    person_id: UUID | None
    """Of the person that was asked about."""
    before: int | None
    """Say it to get the ones before; None at the end."""


def read_trace(
    db: Db,
    inst: Installation,
    caller: Caller,
    asked: Asked,
    *,
    purpose: str,
    before: int | None = None,
    limit: int = PAGE,
    now: datetime,
) -> TracedPage:
    """Return rows of the trace: of the people and officials that the caller's unit deals with.

    Raises:
        Invalid: no purpose, not such a number, or a span longer than a year.
        DeniedToRole: the caller may not read the trace.
        NotFoundForCaller: nobody has that number, or not in the caller's unit.
    """
    check_purpose(purpose)
    check_role(caller, Action.TRACE_READ, now)
    if not purpose.strip():
        raise Invalid("say for what purpose", cause="PURPOSE")
    first, end = span_of(asked.first_day, asked.last_day)
    person_id = asked.person_id
    if asked.number:
        person_id = _person_with(db, inst, asked.number)
    if asked.number or person_id is not None:
        subject = None if person_id is None else books.subject(db, person_id)
        check_may(db, caller, Action.TRACE_READ, person_id, subject, purpose=purpose, now=now)
    wanted = TraceFilter(
        first,
        end,
        person_id,
        asked.actor,
        asked.action,
        asked.outcome,
        None if person_id is not None else _seen_by(db, caller, now),
    )
    rows = oversight.traced(db, wanted, before=before, limit=limit)
    told = _told(db, rows)
    trace(
        db,
        caller,
        Action.TRACE_READ,
        at=now,
        purpose=purpose.strip(),
        person_id=person_id,
        detail={"rows": len(rows), "before": before or 0},
    )
    return TracedPage(told, person_id, rows[-1].seq if len(rows) == limit else None)


def _person_with(db: Db, inst: Installation, number: str) -> UUID | None:
    """Return whom a number names; None for nobody."""
    written = "".join(number.split()).upper()
    if identifier_kind(written) is None:
        raise Invalid("this is no number that names a person", cause="NUMBER_FORM")
    found = finding.found_by_number(db, inst.vault.index.of(written), None)
    return found[0].id if found else None


def _seen_by(db: Db, caller: Caller, now: datetime) -> frozenset[str] | None:
    """Return whose deeds the caller may see; None where the unit serves the whole country."""
    unit, today = caller.unit_code or "", vietnam_day(now)
    if finding.communes_of(db, unit, today) is None:
        return None
    return oversight.accounts_of(db, units.codes_below(db, unit, today))


def _told(db: Db, rows: list[TraceRow]) -> tuple[TraceTold, ...]:
    ids = {each for each in map(_account, rows) if each is not None}
    known = actors.actors_by_id(db, ids)
    return tuple(
        TraceTold(
            number=row.seq,
            at=row.at,
            actor_kind=row.actor_kind,
            actor=row.actor,
            name=_named(known.get(account) if (account := _account(row)) else None),
            action=row.action,
            person_id=row.person_id,
            purpose=row.purpose,
            outcome=row.outcome,
        )
        for row in rows
    )


def _account(row: TraceRow) -> UUID | None:
    try:
        return UUID(row.actor)
    except ValueError:
        return None


def _named(actor: Actor | None) -> str:
    if actor is None:
        return ""
    office = actor.unit_name or actor.enterprise_code
    return f"{actor.name} ({office})" if office else actor.name
