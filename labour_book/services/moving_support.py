"""Losses of work, support and steps about missing months, when two people on file are made one.

Of the same loss of work only the one on file of who stays goes on, and what was proposed for the
other is about it. Of two proposals of the same support the one that is further on stays in force;
the other one is set aside: nobody has two, and none is proposed anew. Undoing leads all of that
back, as far as nothing has taken its place since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.support import OPEN, TRANSITIONS, State, Step, further_on
from labour_book.queries import dealings, gap_steps, job_losses, support
from labour_book.queries.support import StoredProposal
from labour_book.services.moving_facts import Moving

MERGED = "merged"
"""Why a proposal was withdrawn: the same was proposed to the same human being twice."""
_WAITING = TRANSITIONS[Step.WITHDRAW][0]


def move_support(db: Db, moving: Moving) -> dict[str, Any]:
    """Move all that the one who goes has of support; return what became of it."""
    merged, kept = moving.merged_id, moving.kept_id
    have = job_losses.losses_of_people(db, [merged, kept])
    theirs = {(each.firm, each.month): each.id for each in have[kept]}
    same = {
        each.id: theirs[each.firm, each.month]
        for each in have[merged]
        if (each.firm, each.month) in theirs
    }
    losses = [each.id for each in have[merged] if each.id not in same]
    dealings.move(db, dealings.LOSSES, losses, holder=merged, to=kept)
    return {
        "losses": [str(each) for each in losses],
        "proposals": _move_proposals(db, moving, same),
        "gap_steps": _move_steps(db, moving),
    }


def give_support_back(db: Db, moving: Moving, moved: Mapping[str, Any]) -> None:
    """Undo it; merges of before this was moved have nothing to give back."""
    merged, kept = moving.merged_id, moving.kept_id
    losses = [UUID(each) for each in moved.get("losses", ())]
    dealings.move(db, dealings.LOSSES, losses, holder=kept, to=merged)
    _give_proposals_back(db, moving, moved.get("proposals", ()))
    for each in moved.get("gap_steps", ()):
        gap_steps.lead(db, UUID(each["id"]), holder=kept, to=merged, number=each["number"])


def _move_proposals(
    db: Db, moving: Moving, same: Mapping[UUID, UUID]
) -> list[dict[str, str | None]]:
    """Lead each proposal to who stays, or set it, or the other one of the same support, aside."""
    have = support.proposals_of_people(db, [moving.merged_id, moving.kept_id])
    here = {each.id: each for each in have[moving.kept_id]}
    written: list[dict[str, str | None]] = []
    for one in have[moving.merged_id]:
        anew = _about(one, same)
        rivals = [each for each in here.values() if _are_rivals(each, anew)]
        if any(not further_on(State(anew.state), State(each.state)) for each in rivals):
            written.append(_entry(one, MERGED))
            _set_aside(db, one, moving)
            continue
        for each in rivals:
            written.append(_entry(each, "kept"))
            _set_aside(db, each, moving)
            del here[each.id]
        values = {
            "person_id": moving.kept_id,
            "about": anew.about,
            "job_loss_id": anew.job_loss_id,
            "changed_at": moving.at,
        }
        written.append(_entry(one, MERGED))
        support.lead(db, one.id, values, holder=moving.merged_id, state=one.state)
        here[one.id] = anew
    return written


def _about(one: StoredProposal, same: Mapping[UUID, UUID]) -> StoredProposal:
    """Return a proposal as it is of who stays: about the loss of work that goes on."""
    about = {str(before): str(after) for before, after in same.items()}
    loss = one.job_loss_id
    return replace(
        one,
        about=about.get(one.about, one.about),
        job_loss_id=None if loss is None else same.get(loss, loss),
    )


def _are_rivals(one: StoredProposal, other: StoredProposal) -> bool:
    if one.policy != other.policy:
        return False
    return one.about == other.about or (one.state in OPEN and other.state in OPEN)


def _set_aside(db: Db, one: StoredProposal, moving: Moving) -> None:
    """Let a proposal be about nothing but itself; one that nobody has started is withdrawn."""
    values: dict[str, Any] = {"about": str(one.id), "changed_at": moving.at}
    if one.state in _WAITING:
        values |= {"state": State.WITHDRAWN, "reason": MERGED, "closed_at": moving.at}
    support.lead(db, one.id, values, holder=one.person_id, state=one.state)


def _give_proposals_back(
    db: Db, moving: Moving, written: Sequence[Mapping[str, str | None]]
) -> None:
    """Lead back what was led over, and only then let what was set aside go on."""
    merged, kept = moving.merged_id, moving.kept_id
    before = {UUID(str(each["id"])): each for each in written}
    on_file = support.proposals_of_people(db, [merged, kept])
    for one in on_file[kept]:
        entry = before.get(one.id)
        if entry is not None and entry["of"] == MERGED:
            values = {"person_id": merged, "changed_at": moving.at} | _loss_of(entry)
            support.lead(db, one.id, values, holder=kept, state=one.state)
    for others in support.proposals_of_people(db, [merged, kept]).values():
        for one in others:
            if one.id in before and one.about == str(one.id):
                rest = [each for each in others if each.id != one.id]
                _let_go_on(db, one, before[one.id], rest, moving)


def _let_go_on(
    db: Db,
    one: StoredProposal,
    entry: Mapping[str, str | None],
    others: Sequence[StoredProposal],
    moving: Moving,
) -> None:
    """Let a proposal that was set aside be as it was, unless another has taken its place."""
    was_waiting = one.state == State.WITHDRAWN and one.reason == MERGED
    state = str(entry["state"]) if was_waiting else one.state
    as_it_was = replace(one, about=str(entry["about"]), state=state)
    if any(_are_rivals(each, as_it_was) for each in others):
        return
    values: dict[str, Any] = _loss_of(entry) | {"changed_at": moving.at}
    if was_waiting:
        values |= {"state": state, "reason": None, "closed_at": None}
    support.lead(db, one.id, values, holder=one.person_id, state=one.state)


def _entry(one: StoredProposal, of: str) -> dict[str, str | None]:
    """Return what has to be known of a proposal to lead it back."""
    loss = None if one.job_loss_id is None else str(one.job_loss_id)
    return {"id": str(one.id), "of": of, "about": one.about, "loss": loss, "state": one.state}


def _loss_of(entry: Mapping[str, str | None]) -> dict[str, Any]:
    loss = entry["loss"]
    return {"about": entry["about"], "job_loss_id": None if loss is None else UUID(loss)}


def _move_steps(db: Db, moving: Moving) -> list[dict[str, str | int]]:
    """Lead the steps over, each with the next number of its way at its firm."""
    taken: dict[tuple[str, str], int] = {}
    for _id, firm, way, number in gap_steps.numbers_of(db, moving.kept_id):
        taken[firm, way] = number
    written: list[dict[str, str | int]] = []
    for step_id, firm, way, number in gap_steps.numbers_of(db, moving.merged_id):
        taken[firm, way] = taken.get((firm, way), 0) + 1
        gap_steps.lead(
            *(db, step_id),
            holder=moving.merged_id,
            to=moving.kept_id,
            number=taken[firm, way],
        )
        written.append({"id": str(step_id), "number": number})
    return written
