"""Months that were worked and not insured, as the worker reads them: what is known, done, and left.

A month that stands in a step (a question, a complaint, a bridge) is not told of in another one of
that way: asked again, the gap is only what is new.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assembly import IN_INSURANCE
from labour_book.domain.book import LabourBook
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.gap_advice import (
    Answer,
    GapAdvice,
    Way,
    firm_of,
    gap_advice,
    not_yet_told,
    ranges_in,
    wire_of,
)
from labour_book.domain.insured_months import InsuredMonths
from labour_book.domain.months import MonthRange
from labour_book.errors import Conflict, NotFound
from labour_book.law.missing_months import Bridge, TimeLimit, bridge_over, time_limits
from labour_book.queries import gap_steps
from labour_book.queries.gap_steps import StoredStep
from labour_book.queries.vault import Vault
from labour_book.services.installation import Installation
from labour_book.services.recording import new_id

__all__ = ["Answer", "Bridge", "Missing", "StepTold", "Way", "gaps_in", "missing_in"]


class ToldBefore(Conflict):
    """All of these months stand in a question, complaint or bridge that was begun before."""

    slug = "months-told-before"
    title = "These months were told before; see how that stands"
    title_vi = "Các tháng này đã được nêu trước đó; hãy xem kết quả"


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step about missing months, as its person reads it."""

    id: UUID
    way: Way
    months: tuple[MonthRange, ...]
    begun_at: datetime
    words: str
    due_on: date | None
    is_late: bool
    """The employer has not answered by that day."""
    answer: Answer | None
    answer_words: str
    answered_at: datetime | None
    pay_by: date | None
    cases: tuple[str, ...]
    """Numbers of the corrections that the employer handed in."""
    dossier: str | None
    dossier_state: str | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A job with missing months, with everything that can be told of it."""

    gap: GapAdvice
    limits: tuple[TimeLimit, ...]
    bridge: Bridge | None
    steps: tuple[StepTold, ...]
    left: Mapping[Way, tuple[MonthRange, ...]]
    """By way: the months that nobody was told of yet."""


def gaps_in(book: LabourBook) -> tuple[GapAdvice, ...]:
    """Return the jobs of a book with missing months."""
    insured_now = book.registration_group == IN_INSURANCE
    return gap_advice(
        book.employments, reported=book.insurance.as_of_month, insured_now=insured_now
    )


def missing_in(
    db: Db,
    inst: Installation,
    person_id: UUID,
    book: LabourBook,
    insured: InsuredMonths,
    *,
    now: datetime,
) -> tuple[Missing, ...]:
    """Return the gaps of a book with the steps that were taken about each."""
    steps = gap_steps.steps_of(db, person_id)
    today, supported = vietnam_day(now), insured.paid["VOL"].bit_count()
    found = []
    for gap in gaps_in(book):
        own = steps_about(gap, steps)
        bridge = None
        if Way.BRIDGE in gap.ways:
            bridge = bridge_over(gap.missing, today, months_supported=supported)
        found.append(
            Missing(
                gap=gap,
                limits=time_limits(gap.newest.last_day),
                bridge=bridge,
                steps=tuple(_told(inst.vault, each, today) for each in own),
                left={way: left_of(gap, way, own) for way in gap.ways},
            )
        )
    return tuple(found)


def gap_of(book: LabourBook, entry_number: int) -> GapAdvice:
    """Return the gap of one job.

    Raises:
        NotFound: the job has no missing months.
    """
    for each in gaps_in(book):
        if each.entry_number == entry_number:
            return each
    raise NotFound("no months of this job are missing")


def steps_about(gap: GapAdvice, steps: list[StoredStep]) -> list[StoredStep]:
    """Return the steps that were taken at the firm of a gap."""
    firm = firm_of(gap.enterprise_code, gap.employer)
    return [each for each in steps if each.firm == firm]


def left_of(gap: GapAdvice, way: Way, own: list[StoredStep]) -> tuple[MonthRange, ...]:
    """Return the missing months of which nobody was told in that way."""
    return not_yet_told(gap, (ranges_in(each.months) for each in own if each.way is way))


def open_months(db: Db, person_id: UUID, gap: GapAdvice, way: Way) -> tuple[MonthRange, ...]:
    """Return the months of a gap of which nobody was told in that way.

    Raises:
        ToldBefore: there is none.
    """
    months = left_of(gap, way, steps_about(gap, gap_steps.steps_of(db, person_id)))
    if not months:
        raise ToldBefore
    return months


def begin_step(
    db: Db,
    vault: Vault,
    person_id: UUID,
    gap: GapAdvice,
    way: Way,
    *,
    words: str = "",
    due_on: date | None = None,
    dossier_id: UUID | None = None,
    now: datetime,
) -> StoredStep:
    """Store a step about the months of a gap that are left, and return it.

    Raises:
        ToldBefore: none is left, or another step was begun just now.
    """
    own = steps_about(gap, gap_steps.steps_of(db, person_id))
    months = left_of(gap, way, own)
    if not months:
        raise ToldBefore
    step_id = new_id(now)
    row = {
        "id": step_id,
        "person_id": person_id,
        "firm": firm_of(gap.enterprise_code, gap.employer),
        "way": str(way),
        "number": 1 + sum(each.way is way for each in own),
        "enterprise_code": gap.enterprise_code,
        "employer_name": gap.employer,
        "months": wire_of(months),
        "words": sealed(vault, "words", step_id, words),
        "begun_at": now,
        "due_on": due_on,
        "dossier_id": dossier_id,
        "case_numbers": "",
    }
    if not gap_steps.add_step(db, row):
        raise ToldBefore
    found = gap_steps.step(db, step_id)
    assert found is not None
    return found


def sealed(vault: Vault, column: str, step_id: UUID, words: str) -> bytes | None:
    """Return words sealed for their column and row; None for none."""
    place = f"gap_step.{column}:".encode() + step_id.bytes
    return vault.sealer.seal(words.encode(), bound_to=place) if words else None


def opened(vault: Vault, column: str, step_id: UUID, words: bytes | None) -> str:
    """Return the words of a row."""
    place = f"gap_step.{column}:".encode() + step_id.bytes
    return "" if words is None else vault.sealer.open(words, bound_to=place).decode()


def _told(vault: Vault, each: StoredStep, today: date) -> StepTold:
    waits = each.way is Way.ASK_EMPLOYER and each.answer is None
    return StepTold(
        id=each.id,
        way=each.way,
        months=ranges_in(each.months),
        begun_at=each.begun_at,
        words=opened(vault, "words", each.id, each.words),
        due_on=each.due_on,
        is_late=waits and each.due_on is not None and each.due_on < today,
        answer=each.answer,
        answer_words=opened(vault, "answer_words", each.id, each.answer_words),
        answered_at=each.answered_at,
        pay_by=each.pay_by,
        cases=tuple(each.case_numbers.split()),
        dossier=each.dossier_code,
        dossier_state=each.dossier_state,
    )
