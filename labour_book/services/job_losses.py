"""Looks for losses of work in everybody's books, and proposes the support that the law gives.

A round goes in batches of people. Each batch is one transaction that also notes how far the round
is: killed at any moment it goes on where it stopped. What is found is compared with what is on file
by person, firm and month, so that running again, or hearing the same news in another order, changes
nothing; later news that contradict a loss withdraw it, with what was proposed for it.

Source: ND 224/2026/ND-CP, art. 16 (proactive service).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db, transaction
from labour_book.domain.book import LabourBook
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.insured_months import insured_months
from labour_book.domain.job_loss import INTERRUPTION_MONTHS, Loss, LossState, losses_of
from labour_book.domain.months import Month
from labour_book.errors import Conflict
from labour_book.law.situation import retires_on
from labour_book.queries import books, check_runs, job_losses
from labour_book.queries.books import PersonFacts
from labour_book.queries.job_losses import StoredLoss, StoredRun
from labour_book.services.auditing import trace
from labour_book.services.books import NO_NUMBER, Standpoint, assembled, standpoint
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role, deed
from labour_book.services.proposing import Known, propose
from labour_book.services.recording import new_id

__all__ = ["BATCH", "Progress", "StoredLoss", "detect"]

BATCH = 500
"""People of one step."""
PURPOSE = "job-loss"
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


@dataclass(frozen=True, slots=True)
class _Round:
    inst: Installation
    now: datetime
    at: Standpoint
    by: Caller


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
    with deed(inst.engine) as db:
        check_role(by, Action.JOB_LOSS_DETECT, now)
        at = standpoint(db, as_of=vietnam_day(now), known_at=now)
        one = _Round(inst, now, at, by)
        run = job_losses.running(db) or _begun(db, one, everybody=everybody)
    while run.state == "running":
        run = _next(one, run, batch)
        yield Progress(run.people, run.found, run.proposed, is_done=run.state == "done")


def _begun(db: Db, one: _Round, *, everybody: bool) -> StoredRun:
    last = job_losses.last_begun(db)
    is_new = last is None or last[1] != str(one.at.counted_through)
    row = {
        "id": new_id(one.now),
        "state": "running",
        "cursor": None,
        "changed_since": None if everybody or is_new or last is None else last[0],
        "reported": str(one.at.counted_through),
        "on_day": one.at.as_of,
        "people": 0,
        "found": 0,
        "proposed": 0,
        "revision": 0,
        "started_at": one.now,
    }
    job_losses.begin(db, row)
    run = job_losses.running(db)
    assert run is not None
    return run


def _next(one: _Round, run: StoredRun, batch: int) -> StoredRun:
    """Look at the next people; after the last ones the round is done."""
    with transaction(one.inst.engine) as db:
        ids = books.person_ids_after(db, run.cursor, limit=batch)
        if not ids:
            return _done(db, one, run)
        chosen = _chosen(db, run, ids)
        run = _moved(db, run, cursor=ids[-1], people=run.people + len(chosen))
        found, proposed = _look(db, one, chosen)
        return _moved(db, run, found=run.found + found, proposed=run.proposed + proposed)


def _chosen(db: Db, run: StoredRun, ids: Sequence[UUID]) -> Sequence[UUID]:
    if run.changed_since is None:
        return ids
    chosen = set(check_runs.changed_among(db, ids, run.changed_since))
    chosen |= job_losses.unsettled_among(db, ids)
    chosen |= job_losses.at_changed_firms(db, ids, run.changed_since)
    return sorted(chosen)


def _done(db: Db, one: _Round, run: StoredRun) -> StoredRun:
    done = _moved(db, run, state="done", finished_at=one.now)
    detail: dict[str, str | int] = {"people": run.people, "found": run.found}
    trace(db, one.by, Action.JOB_LOSS_DETECT, at=one.now, purpose=PURPOSE, detail=detail)
    return done


def _moved(db: Db, run: StoredRun, **values: Any) -> StoredRun:  # noqa: ANN401 - fields of a run
    """Take the next step of a round.

    Raises:
        LookedElsewhere: another process has taken it.
    """
    if not job_losses.move_run(db, run.id, run.revision, values):
        raise LookedElsewhere
    known = {name: value for name, value in values.items() if name in StoredRun.__slots__}
    return replace(run, revision=run.revision + 1, **known)


def _look(db: Db, one: _Round, people: Sequence[UUID]) -> tuple[int, int]:
    """Bring what is on file of some people up to date; return what is new, and what is proposed."""
    facts = books.facts_of(db, one.inst.vault, people, one.at.known_at)
    before = job_losses.losses_of_people(db, list(facts.people))
    codes = {each.code: UUID(each.employer_id) for each in facts.employers.values() if each.code}
    known: dict[UUID, Known] = {}
    rows: list[dict[str, Any]] = []
    changed = 0
    for person_id, person in facts.people.items():
        book = assembled(person, facts.employers, NO_NUMBER, at=one.at, places=None)
        commune = person.identity.residence_commune
        losses = losses_of(book, not_after=_left_on(person, book), waits=one.inst.waits)
        told = _Told(person_id, commune, codes, losses, before[person_id])
        rows += [_row(told, each, one.now) for each in told.new]
        changed += _update(db, told, one)
        insured = insured_months(person.insurance, one.at.as_of, one.at.insurance_as_of)
        known[person_id] = Known(book, insured, commune, losses)
    job_losses.add(db, rows)
    after = job_losses.losses_of_people(db, list(known), [LossState.CONFIRMED])
    return len(rows) + changed, propose(db, known, after, now=one.now)


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


def _update(db: Db, told: _Told, one: _Round) -> int:
    """Bring the losses on file up to date; return how many are other than they were."""
    changed = 0
    for stored, loss in told.pairs:
        values = _values(told, loss)
        if any(getattr(stored, name) != value for name, value in values.items()):
            if loss.state is LossState.CONFIRMED and stored.confirmed_at is None:
                values["confirmed_at"] = one.now
            changed += job_losses.change(
                db, stored.id, stored.state, values | {"changed_at": one.now}
            )
    oldest = str(one.at.counted_through.plus(-one.inst.waits.lookback_months))
    for stored in told.gone:
        if stored.state != LossState.WITHDRAWN and stored.month >= oldest:
            values = {"state": str(LossState.WITHDRAWN), "changed_at": one.now}
            changed += job_losses.change(db, stored.id, stored.state, values)
    return changed


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
