"""The lists of who does not match the population register, and of what passes proposed.

Counts name nobody. A list of people shows names and years, never a number, and is traced with its
length; proposals show no person at all until they are opened.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from labour_book import data
from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.findings import Finding
from labour_book.errors import Invalid, NotFound
from labour_book.queries import identity_checks, linking, plans, units
from labour_book.queries.identity_checks import Doubtful
from labour_book.queries.linking import ProposalOnFile, RunOnFile
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.held_rows import row_of
from labour_book.services.identity_checks import WayOut, way_out
from labour_book.services.link_runs import HELD, TWICE
from labour_book.services.permission import check_role
from labour_book.services.receipts import Told, told

__all__ = ["Doubtful", "RunOnFile"]

PAGE = 50
PURPOSE = "Đối soát với dữ liệu dân cư"
STATES = ("MISMATCH", "NOT_FOUND", "DECEASED", "UNCHECKED")
KINDS = (HELD, TWICE)
PER_PERCENT = 10_000
"""Parts in a million."""
_AGREES = frozenset({"same", "commune", "insurance"})
_SAYS_NOTHING = frozenset({"unsaid", "unknown"})


@dataclass(frozen=True, slots=True)
class Room:
    """How many people are in a state for a cause, and who puts that right."""

    state: str
    cause: str | None
    people: int
    way_out: WayOut | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """That one may be another, how likely, and why."""

    id: UUID
    kind: str
    subject: str
    person_id: UUID
    is_strong: bool
    """What would be linked by itself where nobody had held the row back."""
    percent: str
    """How likely, to two digits behind the point; never 100."""
    agree: tuple[str, ...]
    """Fields in which both agree."""
    differ: tuple[tuple[str, str], ...]
    """Fields in which they do not, and how."""
    millionths: int
    """Where to go on behind it."""
    waits: Told | None = None
    """Why a row waits, in a list of them."""


def rooms(db: Db, caller: Caller, *, now: datetime) -> list[Room]:
    """Return how many people of the caller's unit do not match, by state and cause.

    Raises:
        DeniedToRole: the role has no business there.
    """
    check_role(caller, Action.MATCH_LIST, now)
    return [
        Room(each.match_state, each.match_cause, each.people, _way_out(each.match_cause))
        for each in identity_checks.doubt_counts(db, _communes(db, caller, now))
    ]


def people_in(
    db: Db, caller: Caller, state: str, cause: str, *, after: UUID | None, now: datetime
) -> list[Doubtful]:
    """Return a page of the people in a state for a cause, traced with its length.

    Raises:
        Invalid: there is no such state or cause.
        DeniedToRole: the role has no business there.
    """
    check_role(caller, Action.MATCH_LIST, now)
    if state not in STATES or (cause and cause not in data.match_causes()):
        raise Invalid("there is no such list")
    communes = _communes(db, caller, now)
    found = identity_checks.doubtful(db, communes, state, cause or None, after=after, limit=PAGE)
    trace(
        db,
        caller,
        Action.MATCH_LIST,
        at=now,
        purpose=PURPOSE,
        person_id=found[0].id if len(found) == 1 else None,
        detail={"state": state, "cause": cause, "found": len(found)},
    )
    return found


def proposals(
    db: Db, caller: Caller, kind: str, *, after: tuple[int, UUID] | None, now: datetime
) -> list[Proposal]:
    """Return a page of what was proposed, the likeliest first; no person in it.

    Raises:
        Invalid: there is no such list.
        DeniedToRole: the role has no business there.
    """
    check_role(caller, Action.MATCH_LIST, now)
    if kind not in KINDS:
        raise Invalid("there is no such list")
    communes = _communes(db, caller, now)
    found = linking.open_proposals(db, kind, communes, after=after, limit=PAGE)
    rows = {each.id: row_of(each.subject) for each in found if kind == HELD}
    causes = linking.causes_of(db, set(rows.values()))
    return [
        replace(proposal(each), waits=told(Finding(causes[rows[each.id]])) if rows else None)
        for each in found
    ]


def proposed_of(db: Db, subject: str) -> Mapping[UUID, Proposal]:
    """Return whom a held row may mean, by person; whoever asks may open the row."""
    return {each.person_id: proposal(each) for each in linking.proposals_of(db, subject)}


def last_runs(db: Db, caller: Caller, *, now: datetime) -> Sequence[RunOnFile]:
    """Return the last passes.

    Raises:
        DeniedToRole: the role has no business there.
    """
    check_role(caller, Action.MATCH_LIST, now)
    return linking.runs(db, limit=5)


def proposal(found: ProposalOnFile) -> Proposal:
    """Return a proposal with its reasons."""
    levels: dict[str, str] = json.loads(found.levels)
    said = {field: level for field, level in levels.items() if level not in _SAYS_NOTHING}
    return Proposal(
        id=found.id,
        kind=found.kind,
        subject=found.subject,
        person_id=found.person_id,
        is_strong=found.decision == "link",
        percent=f"{min(found.probability, 999_900) / PER_PERCENT:.2f}",
        agree=tuple(field for field, level in said.items() if level in _AGREES),
        differ=tuple((field, level) for field, level in said.items() if level not in _AGREES),
        millionths=found.probability,
    )


def _way_out(cause: str | None) -> WayOut | None:
    return None if cause is None else way_out(cause)


def _communes(db: Db, caller: Caller, now: datetime) -> list[str] | None:
    unit = units.unit(db, caller.unit_code or "")
    if unit is None:
        raise NotFound("your unit does not exist")
    return plans.communes_served(db, unit.place_code, unit.kind, vietnam_day(now))
