"""Looks for losses of work in everybody's books, and proposes the support that the law gives.

What is found is compared with what is on file by person, firm and month, so that running again, or
hearing the same news in another order, changes nothing; later news that contradict a loss withdraw
it, with what was proposed for it. How a round survives a stop: see ``rounds``.

Source: ND 224/2026/ND-CP, art. 16 (proactive service).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from labour_book.database import Db, reading, transaction
from labour_book.domain.book import LabourBook
from labour_book.domain.insured_months import insured_months
from labour_book.domain.job_loss import INTERRUPTION_MONTHS, Loss, LossState, losses_of
from labour_book.domain.months import Month
from labour_book.errors import Conflict
from labour_book.law.situation import retires_on
from labour_book.queries import books, check_runs, job_losses, merges
from labour_book.queries.books import PersonFacts
from labour_book.queries.job_losses import StoredLoss, StoredRun
from labour_book.services.books import NO_NUMBER, assembled
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.proposing import Known, Planned, plan, propose
from labour_book.services.recording import new_id
from labour_book.services.rounds import COMING_IN, Kind, Round, ended, moved, steps

__all__ = ["BATCH", "Progress", "StoredLoss", "detect"]

BATCH = 500
"""People of one step."""
ALIVE = "ALIVE"


class LookedElsewhere(Conflict):
    """Another process is at the same round and was quicker."""

    slug = "losses-looked-for-elsewhere"
    title = "Another process is looking for losses of work"
    title_vi = "Một tiến trình khác đang rà soát mất việc làm"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is."""

    people: int
    found: int
    """Losses of work that are new, or other than they were."""
    proposed: int
    is_done: bool


_KIND = Kind(
    Action.JOB_LOSS_DETECT,
    "job-loss",
    job_losses.running,
    job_losses.begin,
    job_losses.move_run,
    LookedElsewhere,
)


def detect(
    inst: Installation, *, by: Caller, now: datetime, everybody: bool, batch: int = BATCH
) -> Iterator[Progress]:
    """Run a round, or end the one that was stopped; tell of each batch when it is done.

    Without ``everybody`` only those are looked at of whom, or of whose firm, something was recorded
    since the last round, and those whose waiting time goes on; everybody all the same where the
    insurance register has reported a further month.

    Raises:
        DeniedToRole: the caller is not the installation itself.
        LookedElsewhere: another process took the next batch.
    """

    def step(one: Round, run: StoredRun) -> StoredRun:
        return _next(one, run, batch)

    for run in steps(inst, _KIND, partial(_first, everybody=everybody), step, by=by, now=now):
        yield Progress(run.people, run.found, run.proposed, is_done=run.state == "done")


def _first(db: Db, one: Round, *, everybody: bool) -> dict[str, Any]:
    last = job_losses.last_begun(db)
    is_new = last is None or last[1] != str(one.at.counted_through)
    return {
        "cursor": None,
        "changed_since": None if everybody or is_new or last is None else last[0] - COMING_IN,
        "reported": str(one.at.counted_through),
        "on_day": one.at.as_of,
        "people": 0,
        "found": 0,
        "proposed": 0,
    }


def _next(one: Round, run: StoredRun, batch: int) -> StoredRun:
    """Look at the next people, and only then write; after the last ones the round is done."""
    with reading(one.inst.engine) as db:
        ids = books.person_ids_after(db, run.cursor, limit=batch)
        chosen = _chosen(db, run, ids)
        looked = _look(db, one, chosen)
    with transaction(one.inst.engine) as db:
        if not ids:
            return ended(db, _KIND, one, run, {"people": run.people, "found": run.found})
        taken = moved(db, _KIND, run, cursor=ids[-1], people=run.people + len(chosen))
        found, proposed = _write(db, looked, now=one.now)
        return moved(db, _KIND, taken, found=run.found + found, proposed=run.proposed + proposed)


def _chosen(db: Db, run: StoredRun, ids: Sequence[UUID]) -> Sequence[UUID]:
    if run.changed_since is None:
        return ids
    chosen = set(check_runs.changed_among(db, ids, run.changed_since))
    chosen |= job_losses.unsettled_among(db, ids)
    chosen |= job_losses.at_changed_firms(db, ids, run.changed_since)
    return sorted(chosen)


@dataclass(frozen=True, slots=True)
class _Changed:
    """What the book of a person shows other than what is on file of the same loss."""

    stored: StoredLoss
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a look at some people gave; nothing is written yet."""

    merged: frozenset[tuple[UUID, UUID]]
    """Who of them was made one with whom then."""
    new: Sequence[Mapping[str, Any]]
    changed: Sequence[_Changed]
    planned: Sequence[Planned]


def _look(db: Db, one: Round, people: Sequence[UUID]) -> _Looked:
    """Return what is new of some people, what is other than on file, and what to propose."""
    facts = books.facts_of(db, one.inst.vault, people, one.at.known_at)
    before = job_losses.losses_of_people(db, list(facts.people))
    codes = {each.code: UUID(each.employer_id) for each in facts.employers.values() if each.code}
    known: dict[UUID, Known] = {}
    confirmed: dict[UUID, list[StoredLoss]] = {}
    new: list[dict[str, Any]] = []
    changed: list[_Changed] = []
    for person_id, person in facts.people.items():
        book = assembled(person, facts.employers, NO_NUMBER, at=one.at, places=None)
        commune = person.identity.residence_commune
        losses = losses_of(book, not_after=_left_on(person, book), waits=one.inst.waits)
        told = _Told(person_id, commune, codes, losses, before[person_id])
        rows, others = [_row(told, each, one.now) for each in told.new], list(_changes(told, one))
        new += rows
        changed += others
        insured = insured_months(person.insurance, one.at.as_of, one.at.insurance_as_of)
        known[person_id] = Known(book, insured, commune, losses)
        confirmed[person_id] = _confirmed(before[person_id], others, rows)
    planned = plan(db, known, confirmed, now=one.now)
    return _Looked(merges.pairs_among(db, people), new, changed, planned)


def _write(db: Db, looked: _Looked, *, now: datetime) -> tuple[int, int]:
    """Bring what is on file up to date; return how much was new or other, and what was proposed.

    Who was made one with another, or two again, since the look is left to the next round.
    """
    people = {each["person_id"] for each in looked.new}
    people |= {each.stored.person_id for each in looked.changed}
    people |= {each.person_id for each in looked.planned}
    merges.lock_people(db, people)  # nobody is merged meanwhile
    apart = {each for pair in looked.merged ^ merges.pairs_among(db, people) for each in pair}
    new = [each for each in looked.new if each["person_id"] not in apart]
    job_losses.add(db, new)
    changed = sum(
        job_losses.change(db, each.stored.id, each.stored.state, each.values)
        for each in looked.changed
        if each.stored.person_id not in apart
    )
    planned = [each for each in looked.planned if each.person_id not in apart]
    return len(new) + changed, propose(db, planned, now=now)


def _confirmed(
    before: Sequence[StoredLoss], changed: Iterable[_Changed], new: Iterable[Mapping[str, Any]]
) -> list[StoredLoss]:
    """Return a person's confirmed losses as they will be on file, the newest month first."""
    after = {each.id: each for each in before}
    after |= {each.stored.id: replace(each.stored, **each.values) for each in changed}
    every = [*after.values(), *(StoredLoss(**each) for each in new)]
    found = [each for each in every if each.state == LossState.CONFIRMED]
    found.sort(key=attrgetter("firm"))
    return sorted(found, key=attrgetter("month"), reverse=True)


def _left_on(person: PersonFacts, book: LabourBook) -> date | None:
    """Return when somebody has left working life: retired, died or gone missing."""
    days = [retires_on(book)]
    if person.identity.life_status != ALIVE:
        days.append(person.identity.life_status_on or date.min)
    return min(filter(None, days), default=None)


class _Told:
    """What the book of a person shows, beside what is on file: which is which."""

    def __init__(
        self,
        person_id: UUID,
        commune: str | None,
        codes: Mapping[str, UUID],
        losses: Sequence[Loss],
        stored: Sequence[StoredLoss],
    ) -> None:
        self.person_id = person_id
        self.commune = commune
        self.codes = codes
        rest = {(each.firm, each.month): each for each in stored}
        same = {each: rest.pop((each.firm, str(each.month)), None) for each in losses}
        self.pairs: list[tuple[StoredLoss, Loss]] = []
        self.new: list[Loss] = []
        for loss, exact in same.items():
            found = exact or _shifted(rest, loss)
            if found is not None:
                self.pairs.append((found, loss))
            elif loss.state is not LossState.OTHER_WORK:
                self.new.append(loss)
        self.gone = list(rest.values())


def _shifted(rest: dict[tuple[str, str], StoredLoss], loss: Loss) -> StoredLoss | None:
    """Take out a loss on file that late news of the same firm have moved by some months."""
    near = [
        (abs(Month.parse(month) - loss.month), month)
        for firm, month in rest
        if firm == loss.firm and abs(Month.parse(month) - loss.month) <= INTERRUPTION_MONTHS
    ]
    return rest.pop((loss.firm, min(near)[1])) if near else None


def _changes(told: _Told, one: Round) -> Iterator[_Changed]:
    """Yield what is other than on file; a loss that nothing points to any more is withdrawn."""
    for stored, loss in told.pairs:
        values = _values(told, loss)
        if any(getattr(stored, name) != value for name, value in values.items()):
            if loss.state is LossState.CONFIRMED and stored.confirmed_at is None:
                values["confirmed_at"] = one.now
            yield _Changed(stored, values | {"changed_at": one.now})
    oldest = str(one.at.counted_through.plus(-one.inst.waits.lookback_months))
    for stored in told.gone:
        if stored.state != LossState.WITHDRAWN and stored.month >= oldest:
            yield _Changed(stored, {"state": str(LossState.WITHDRAWN), "changed_at": one.now})


def _row(told: _Told, loss: Loss, now: datetime) -> dict[str, Any]:
    confirmed = now if loss.state is LossState.CONFIRMED else None
    times = {"found_at": now, "changed_at": now, "confirmed_at": confirmed}
    return {"id": new_id(now), "person_id": told.person_id} | _values(told, loss) | times


def _values(told: _Told, loss: Loss) -> dict[str, Any]:
    code = loss.enterprise_code
    return {
        "firm": loss.firm,
        "month": str(loss.month),
        "employer_id": None if code is None else told.codes.get(code),
        "employer_name": loss.employer,
        "ended_on": loss.ended_on,
        "clause": loss.clause,
        "signals": f" {' '.join(loss.signals)} ",
        "firm_status": loss.firm_status,
        "state": str(loss.state),
        "commune_code": told.commune,
    }
