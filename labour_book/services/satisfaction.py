"""How it was: asked once of each request that is over, and shown as numbers that name nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_claims import read_words
from labour_book.domain.disclosure import suppressed, with_totals
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.domain.satisfaction import (
    ASKED_FOR,
    CHANGEABLE,
    SCORES,
    RequestKind,
    Scores,
    may_change,
)
from labour_book.errors import Conflict, Invalid
from labour_book.queries import satisfaction as stored
from labour_book.queries import units
from labour_book.queries.satisfaction import Finished, StoredAnswer, UnitScores
from labour_book.services import correcting
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.noting_satisfaction import note_answer, opened, sealed
from labour_book.services.ownership import owner, trace_own
from labour_book.services.permission import (
    NotFoundForCaller,
    Refusal,
    check_role,
)

__all__ = [
    "AnswerKept",
    "Asked",
    "RequestKind",
    "Row",
    "Said",
    "Scores",
    "Told",
    "asked",
    "say",
    "told",
]

MONTHS = 12
NO_OFFICE = "-"
"""In place of the code of an office where none dealt with it."""
MOST_WORDS = 50
PURPOSE = "satisfaction"


class AnswerKept(Conflict):
    """The time to change the answer is over, or somebody changed it just now."""

    slug = "satisfaction-kept"
    title = "This answer cannot be changed any more"
    title_vi = "Không còn sửa được câu trả lời này"


@dataclass(frozen=True, slots=True)
class Asked:
    """A finished request, and what its person has said of it."""

    about_id: UUID
    kind: RequestKind
    what: str
    finished_at: datetime
    score: int | None
    words: str
    may_change: bool
    changeable_until: datetime | None
    """None where nothing was said yet."""


@dataclass(frozen=True, slots=True)
class Row:
    """The answers about one kind of requests, or of one unit; None where they are too few."""

    code: str
    name: str
    answers: int | None
    index: float | None


@dataclass(frozen=True, slots=True)
class Said:
    """Words that somebody wrote; of whom, is nowhere."""

    kind: RequestKind
    score: int
    words: str
    month: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the people who were served by a unit, and by those below it, have answered."""

    unit_code: str
    unit_name: str
    first: Month
    last: Month
    scores: Scores | None
    """None where there are too few."""
    kinds: Sequence[Row]
    units: Sequence[Row]
    months: Sequence[Row]
    words: Sequence[Said]
    fewest: int
    """Below so many answers nothing is told."""


def asked(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> list[Asked]:
    """Return the caller's requests that are over, the newest first, with what was said of them.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.SATISFACTION_OWN, now=now)
    finished = stored.finished_of(db, person_id, since=now - ASKED_FOR)
    answers = stored.answers_of(db, {each.about_id for each in finished})
    trace_own(db, caller, Action.SATISFACTION_OWN, person_id, now=now, listed=len(finished))
    return [_asked(inst, each, answers.get(each.about_id), now) for each in finished]


def say(
    db: Db,
    inst: Installation,
    caller: Caller,
    about_id: UUID,
    *,
    score: int,
    words: str,
    now: datetime,
) -> Asked:
    """Say how satisfied the caller is with a finished request, or change it for a while.

    Raises:
        Invalid: not 1 to 5, or words that are none.
        AnswerKept: the time to change it is over.
        NotFoundForCaller: the caller has no such request that is over.
        DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.SATISFACTION_SAY, now=now)
    said = read_words(words)
    if score not in SCORES:
        raise Invalid("from 1 to 5", cause="STARS")
    found = stored.finished_of(db, person_id, since=now - ASKED_FOR, about_id=about_id)
    if not found:
        refusal = Refusal(caller, Action.SATISFACTION_SAY, person_id, PURPOSE, now, "NOT_THEIRS")
        raise NotFoundForCaller(refusal)
    before = stored.answers_of(db, {about_id}).get(about_id)
    if before is not None:
        words_kept = sealed(inst.vault, about_id, said)
        _change(db, before, score=score, words=words_kept, now=now)
    elif found[0].kind is RequestKind.CORRECTION:  # it is a step of the case as well
        correcting.rate(db, inst, caller, about_id, stars=score, words=words, now=now)
    elif not note_answer(db, inst, found[0], person_id, score=score, words=said, now=now):
        raise AnswerKept
    trace_own(db, caller, Action.SATISFACTION_SAY, person_id, now=now, about=str(about_id))
    answers = stored.answers_of(db, {about_id})
    return _asked(inst, found[0], answers[about_id], now)


def told(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> Told:
    """Return what people answered in the last months about the caller's unit and those below.

    What is about too few people (a setting) is left out, and so is what would betray it. The words
    are for the unit itself and those above; who wrote them is not stored with them.

    Raises:
        DeniedToRole: the role sees no numbers.
    """
    check_role(caller, Action.SATISFACTION_READ, now)
    fewest = inst.statistics.fewest
    today = vietnam_day(now)
    last = Month.of_day(today)
    first = last.plus(1 - MONTHS)
    own = caller.unit_code or ""
    top = units.unit(db, own)
    within = _served(db, own, now)
    found = stored.satisfaction_by_unit(db, first, last, units=within)
    names = units.names_of(db, {each.unit_code for each in found} - {""})
    whole = Scores.together(each.scores for each in found)
    words = stored.words_about(db, first, last, within, limit=MOST_WORDS)
    trace(db, caller, Action.SATISFACTION_READ, at=now, purpose=PURPOSE, detail={"unit": own})
    return Told(
        unit_code=own,
        unit_name=own if top is None else top.name,
        first=first,
        last=last,
        scores=whole if whole.answers >= fewest else None,
        kinds=_rows({each: _by_kind(found, each) for each in RequestKind}, {}, fewest),
        units=_rows(_by_unit(found), names, fewest),
        months=_rows(_by_month(found, first), {}, fewest),
        words=[
            Said(each.kind, each.score, opened(inst.vault, each.about_id, each.words), each.month)
            for each in words
        ]
        if whole.answers >= fewest
        else [],
        fewest=fewest,
    )


def _asked(
    inst: Installation, finished: Finished, answer: StoredAnswer | None, now: datetime
) -> Asked:
    return Asked(
        about_id=finished.about_id,
        kind=finished.kind,
        what=finished.what,
        finished_at=finished.finished_at,
        score=None if answer is None else answer.score,
        words="" if answer is None else opened(inst.vault, answer.about_id, answer.words),
        may_change=may_change(None if answer is None else answer.given_at, now),
        changeable_until=None if answer is None else answer.given_at + CHANGEABLE,
    )


def _change(
    db: Db, before: StoredAnswer, *, score: int, words: bytes | None, now: datetime
) -> None:
    changed = stored.change_answer(
        db,
        before.about_id,
        score=score,
        words=words,
        given_after=now - CHANGEABLE,
        seen=before.changed_at,
        now=now,
    )
    if not changed:
        raise AnswerKept
    if before.kind is RequestKind.CORRECTION:
        stored.rate_case(db, before.about_id, before=before.score, score=score)


def _served(db: Db, own: str, now: datetime) -> frozenset[str]:
    """Return the caller's unit and those below it; of the ministry also what no office dealt with.

    The insurance offices stand beside the ministry's tree, and are its to see.
    """
    today = vietnam_day(now)
    below = units.codes_below(db, own, today)
    unit = units.unit(db, own)
    if unit is None or unit.kind != "ministry":
        return below
    beside = (each for each in units.children_of(db, None) if each.code != own)
    return below.union([""], *(units.codes_below(db, each.code, today) for each in beside))


def _by_kind(found: Sequence[UnitScores], kind: RequestKind) -> Scores:
    return Scores.together(each.scores for each in found if each.kind is kind)


def _by_unit(found: Sequence[UnitScores]) -> Mapping[str, Scores]:
    codes = sorted({each.unit_code for each in found})
    return {
        code: Scores.together(each.scores for each in found if each.unit_code == code)
        for code in codes
    }


def _by_month(found: Sequence[UnitScores], first: Month) -> Mapping[str, Scores]:
    months = [first.plus(n) for n in range(MONTHS)]
    return {
        str(month): Scores.together(each.scores for each in found if each.month == month)
        for month in months
    }


def _rows(groups: Mapping[str, Scores], names: Mapping[str, str], fewest: int) -> list[Row]:
    """Return one row for each group with answers; small ones, and what betrays them, are empty."""
    given = {code: each for code, each in groups.items() if each.answers}
    cells = with_totals({(code or NO_OFFICE,): each.answers for code, each in given.items()})
    shown = suppressed(cells, fewest) if cells else {}
    rows = []
    for code, each in given.items():
        answers = shown[code or NO_OFFICE,]
        rows.append(
            Row(code, names.get(code, code), answers, None if answers is None else each.index)
        )
    return rows
