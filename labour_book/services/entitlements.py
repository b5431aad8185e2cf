"""What the law gives a worker, told to the worker: for information, never a decision."""

from dataclasses import dataclass
from datetime import date, datetime

from labour_book.database import Db
from labour_book.domain.assembly import IN_INSURANCE
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.insured_months import insured_months
from labour_book.domain.months import Month
from labour_book.law.guidance import Basis, Entitlement, Right
from labour_book.law.pension_guidance import pension_guidance
from labour_book.law.unemployment_guidance import unemployment_guidance
from labour_book.law.voluntary_guidance import voluntary_guidance
from labour_book.queries import books, support
from labour_book.services.books import book_as_of
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.missing_months import Missing, missing_in
from labour_book.services.ownership import owner, trace_own
from labour_book.services.support_views import ProposalView, views_of

__all__ = ["Basis", "Entitlement", "Right", "Rights", "rights"]


@dataclass(frozen=True, slots=True)
class Rights:
    """Everything that can be told on a day, out of what the registers have reported until then."""

    as_of: date
    reported_through: Month
    entitlements: tuple[Entitlement, ...]
    gaps: tuple[Missing, ...]
    proposals: tuple[ProposalView, ...]
    """Support that was proposed and is not over."""


def rights(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> Rights:
    """Return what the caller may be entitled to, and which months of insurance are missing.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.RIGHTS_READ, now=now)
    stored = support.proposals_of_people(db, [person_id])[person_id]
    today = vietnam_day(now)
    facts = books.facts_of(db, inst.vault, [person_id], now).people[person_id].insurance
    book = book_as_of(db, inst.vault, person_id, as_of=today, known_at=now, places=inst.places)
    reported = book.insurance.as_of_month
    insured = insured_months(facts, today, reported)
    insured_now = book.registration_group == IN_INSURANCE
    told = Rights(
        as_of=today,
        reported_through=reported,
        entitlements=(
            pension_guidance(book.identity, insured, today),
            unemployment_guidance(book.employments, insured, today),
            voluntary_guidance(insured, today, insured_now=insured_now),
        ),
        gaps=missing_in(db, inst, person_id, book, insured, now=now),
        proposals=tuple(views_of(db, [each for each in stored if each.closed_at is None])),
    )
    trace_own(db, caller, Action.RIGHTS_READ, person_id, now=now)
    return told
