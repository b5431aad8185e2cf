"""Proposes the support that the law gives to those whose loss of work is confirmed.

Of one policy nobody has two open proposals. What nobody has started follows the facts: it changes
with them, and is withdrawn when they no longer allow it. What was started stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json import dumps
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import LabourBook
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.insured_months import InsuredMonths
from labour_book.domain.job_loss import Loss
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.support import OPEN, TRANSITIONS, Level, Overlap, State, Step
from labour_book.law.programmes import (
    Eligibility,
    OncePer,
    Programme,
    Proposed,
    eligibility,
    programmes,
)
from labour_book.law.situation import situation
from labour_book.queries import support
from labour_book.queries.job_losses import StoredLoss
from labour_book.queries.support import StoredProposal
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, operator
from labour_book.services.notifying import notify_all
from labour_book.services.recording import new_id

__all__ = [
    "Known",
    "Planned",
    "Why",
    "expire",
    "plan",
    "propose",
    "propose_after_grant",
    "written",
]

AT_ONCE = 500
PROPOSER = operator("support")
PURPOSE = "Đề xuất hỗ trợ"
NO_LONGER = "no-longer"
"""Why a proposal was withdrawn: what it rested on is not so any more."""
_WAITING = TRANSITIONS[Step.WITHDRAW][0]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody that proposals rest on."""

    book: LabourBook
    insured: InsuredMonths
    commune: str | None
    losses: Sequence[Loss]


@dataclass(frozen=True, slots=True)
class Why:
    """The loss of work that a proposal rests on, as stored and as the book shows it."""

    stored: StoredLoss
    loss: Loss


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to become of a policy for one person; nothing is written yet."""

    person_id: UUID
    over: tuple[StoredProposal, ...] = ()
    """Proposals that end."""
    same: StoredProposal | None = None
    """The one that is to say ``values`` from now on."""
    values: Mapping[str, Any] | None = None
    """Of that one; without it, of a new one."""


def plan(
    db: Db,
    known: Mapping[UUID, Known],
    confirmed: Mapping[UUID, Sequence[StoredLoss]],
    *,
    now: datetime,
) -> list[Planned]:
    """Return what is to change of the proposals of some people.

    ``confirmed`` are their confirmed losses of work, the newest first: that one counts.
    """
    before = support.proposals_of_people(db, list(known))
    live = list(_proposed(Proposed.JOB_LOSS, vietnam_day(now)))
    return [
        planned
        for person_id, of_person in known.items()
        for programme in live
        if (
            planned := _planned(
                programme,
                of_person,
                _newest(of_person, confirmed.get(person_id, ())),
                before[person_id],
                person_id=person_id,
                now=now,
            )
        )
        is not None
    ]


def propose(db: Db, planned: Iterable[Planned], *, now: datetime) -> int:
    """Bring proposals up to date as planned; return how many are new or proposed again.

    What somebody has started since stays as it is, and nothing takes its place.
    """
    rows: list[dict[str, Any]] = []
    again: list[StoredProposal] = []
    for each in planned:
        is_over = [
            support.take_step(db, old.id, Step.WITHDRAW, {"reason": NO_LONGER}, now=now)
            for old in each.over
        ]
        if each.values is None:
            continue
        if each.same is not None:
            again += _follow(db, each.same, each.values, now=now)
        elif all(is_over):
            rows.append(_row(each.person_id, each.values, now))
    support.add(db, rows)
    _tell(db, [(each["id"], each["person_id"], each["policy"]) for each in rows], now)
    _tell(db, [(each.id, each.person_id, each.policy) for each in again], now)
    return len(rows) + len(again)


def propose_after_grant(db: Db, granted: StoredProposal, *, now: datetime) -> None:
    """Do what follows from an unemployment benefit by itself; the person can undo it (level 4)."""
    facts = {"draws_unemployment_benefit": True}
    on = vietnam_day(now)
    for programme in _proposed(Proposed.BENEFIT, on):
        told = eligibility(programme, facts, on)
        have = support.proposals_of_people(db, [granted.person_id])[granted.person_id]
        known = {(each.policy, each.about) for each in have}
        if not told.holds or (programme.code, granted.about) in known:
            continue
        row = written(told, None) | {
            "id": new_id(now),
            "person_id": granted.person_id,
            "about": granted.about,
            "job_loss_id": granted.job_loss_id,
            "state": State.DONE,
            "overlap": Overlap.UNASKED,
            "commune_code": granted.commune_code,
            "created_at": now,
            "changed_at": now,
            "closed_at": now,
        }
        support.add(db, [row])
        worker = Recipient("worker", str(granted.person_id))
        facts_told = {"policy": programme.code}
        notify_all(db, NoticeKind.SUPPORT_DONE, [(worker, str(row["id"]), facts_told)], now=now)
        trace(
            db,
            PROPOSER,
            Action.SUPPORT_PROPOSE,
            at=now,
            purpose=PURPOSE,
            person_id=granted.person_id,
            detail={"policy": programme.code, "step": str(Step.DO)},
        )


def expire(db: Db, _by: Caller, *, now: datetime) -> int:
    """End some proposals whose last day has passed; return how many."""
    late = support.overdue(db, vietnam_day(now), AT_ONCE)
    ended = [each for each in late if support.take_step(db, each.id, Step.EXPIRE, {}, now=now)]
    return len(ended)


def written(told: Eligibility, due_on: date | None) -> dict[str, Any]:
    """Return what a proposal says, as it is stored."""
    findings = [
        {"name": each.name, "holds": each.holds, "article": each.article}
        for each in told.conditions
    ]
    return {
        "policy": told.programme.code,
        "level": told.programme.service_level,
        "holds": told.holds,
        "sum_value": None if told.sum is None else str(told.sum.value),
        "sum_unit": None if told.sum is None else told.sum.unit,
        "sum_most": None if told.sum is None or told.sum.most is None else str(told.sum.most),
        "due_on": due_on,
        "findings": dumps(findings, ensure_ascii=False),
    }


def _proposed(how: Proposed, on: date) -> Iterator[Programme]:
    for each in programmes().values():
        if each.proposed is how and each.is_live(on):
            yield each


def _newest(known: Known, stored: Sequence[StoredLoss]) -> Why | None:
    by_key = {(each.firm, str(each.month)): each for each in known.losses}
    for each in stored:
        loss = by_key.get((each.firm, each.month))
        if loss is not None:
            return Why(each, loss)
    return None


def _eligible(programme: Programme, known: Known, loss: Loss, on: date) -> Eligibility | None:
    """Say what somebody may get; None where some condition does not hold.

    Nobody is only reminded of what is not certain: then there is nothing to look through.
    """
    facts = situation(known.book, known.insured, loss, on)
    told = eligibility(programme, facts, on)
    is_certain = told.holds or (told.holds is None and programme.service_level > Level.REMIND)
    return told if is_certain else None


def _due(programme: Programme, known: Known, loss: Loss, on: date) -> date | None:
    return programme.deadline(situation(known.book, known.insured, loss, on))


def _about(programme: Programme, why: Why) -> str:
    return str(why.stored.id) if programme.once_per is OncePer.EVENT else ""


def _same(
    programme: Programme, why: Why | None, stored: Iterable[StoredProposal]
) -> StoredProposal | None:
    if why is None:
        return None
    key = programme.code, _about(programme, why)
    return next((each for each in stored if (each.policy, each.about) == key), None)


def _is_free(programme: Programme, stored: Iterable[StoredProposal]) -> bool:
    """Say whether nothing of a policy is under way; what only waits makes room for what is new."""
    under_way = OPEN - _WAITING
    return not any(each.policy == programme.code and each.state in under_way for each in stored)


def _planned(
    programme: Programme,
    known: Known,
    why: Why | None,
    stored: Sequence[StoredProposal],
    *,
    person_id: UUID,
    now: datetime,
) -> Planned | None:
    """Return what is to become of one policy; None where all stays as it is."""
    told = None if why is None else _eligible(programme, known, why.loss, vietnam_day(now))
    over = tuple(
        each for each in stored if each.policy == programme.code and each.state in _WAITING
    )
    if told is None or why is None:
        return Planned(person_id, over) if over else None
    values = _values(told, known, why, _about(programme, why), now)
    same = _same(programme, why, stored)
    if same is not None:
        changes = _may_follow(same, values)
        return Planned(person_id, same=same, values=values) if changes else None
    return Planned(person_id, over, values=values) if _is_free(programme, stored) else None


def _may_follow(same: StoredProposal, values: Mapping[str, Any]) -> bool:
    """Say whether a proposal on file is to say what is so now."""
    if same.state in _WAITING:
        return any(getattr(same, name) != value for name, value in values.items())
    is_new = same.state == State.WITHDRAWN or same.job_loss_id != values["job_loss_id"]
    return is_new and same.state in TRANSITIONS[Step.PROPOSE_AGAIN][0]


def _follow(
    db: Db, same: StoredProposal, values: Mapping[str, Any], *, now: datetime
) -> list[StoredProposal]:
    """Let a proposal on file say what is so now; return it where it is proposed again."""
    if same.state in _WAITING:
        support.revise(db, same, values, now=now)
        return []
    anew = dict(values) | {"reason": None}
    return [same] if support.take_step(db, same.id, Step.PROPOSE_AGAIN, anew, now=now) else []


def _values(told: Eligibility, known: Known, why: Why, about: str, now: datetime) -> dict[str, Any]:
    due_on = _due(told.programme, known, why.loss, vietnam_day(now))
    of_loss = {"job_loss_id": why.stored.id, "commune_code": known.commune, "about": about}
    return written(told, due_on) | of_loss


def _row(person_id: UUID, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return dict(values) | {
        "id": new_id(now),
        "person_id": person_id,
        "state": str(State.PROPOSED),
        "overlap": str(Overlap.UNASKED),
        "created_at": now,
        "changed_at": now,
    }


def _tell(db: Db, proposed: Iterable[tuple[UUID, UUID, str]], now: datetime) -> None:
    """Tell people what was proposed; of the loss of work nothing."""
    told = [
        (Recipient("worker", str(person)), f"{proposal}/{vietnam_day(now)}", {"policy": policy})
        for proposal, person, policy in proposed
    ]
    notify_all(db, NoticeKind.SUPPORT_PROPOSED, told, now=now)
