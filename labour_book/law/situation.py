"""What is known of somebody's situation, out of the book, for the conditions of programmes.

What a book cannot tell stays out: how somebody left by themselves, what groups a household is in,
what is drawn elsewhere, in which region the workplace lies.
"""

from datetime import date
from typing import Any

from labour_book.domain.assembly import IN_INSURANCE
from labour_book.domain.insured_months import InsuredMonths
from labour_book.domain.job_loss import Loss, Signal, firm_of
from labour_book.domain.lines import EmploymentEntry, LabourBook
from labour_book.domain.months import Month, month_set
from labour_book.domain.partial_dates import PartialDate
from labour_book.law.programmes import Facts
from labour_book.law.provisions import LawNotModelled
from labour_book.law.retirement import retirement_of
from labour_book.law.unemployment_benefit import lookback_months, wage_months

_BY_THE_WORKER = 9
"""Clause of Labour Code, art. 34: ended by the worker alone, lawfully or not."""
_INSURED_LATELY = 12
"""Months since the last compulsory contribution: who draws a pension pays none."""
_PER_YEAR = 12


def situation(
    book: LabourBook,
    insured: InsuredMonths,
    loss: Loss | None,
    on: date,
    *,
    draws_benefit: bool | None = None,
) -> Facts:
    """Return the facts of a person on a day; without a loss those that need none."""
    retires = retires_on(book)
    eligible = None if retires is None else retires <= on
    facts: dict[str, Any] = {
        "insured_now": book.registration_group == IN_INSURANCE,
        "voluntary_months": insured.paid["VOL"].bit_count(),
        "ui_months_unused": insured.paid["UI"].bit_count(),
        "pension_eligible": False if eligible is False else None,
        "draws_pension": False if eligible is False and _insured_lately(insured, on) else None,
        "draws_unemployment_benefit": draws_benefit,
        "age_years": _age(book.identity.birth_date, on),
    }
    if loss is not None:
        facts |= _of_loss(book, insured, loss, on)
    return facts


def retires_on(book: LabourBook) -> date | None:
    """Return the last day before somebody's pension; None where sex or birthday is not known."""
    sex, born = book.identity.sex, book.identity.birth_date
    if sex is None or born is None:
        return None
    try:
        return retirement_of(sex, PartialDate.parse(born)).last_day
    except LawNotModelled:
        return date.min  # the age was reached before the first year that is modelled


def _of_loss(book: LabourBook, insured: InsuredMonths, loss: Loss, on: date) -> dict[str, Any]:
    ended = loss.ended_on or loss.month.last_day
    facts: dict[str, Any] = {
        "ended_on": ended,
        "ended_unlawfully": _unlawfully(loss),
        "clause": loss.clause,
        "months_since_end": _months_begun(ended, on),
    }
    try:
        first = loss.month.plus(1 - lookback_months(ended))
        wages = insured.last_wages(wage_months(ended))
    except LawNotModelled:
        return facts  # ended before the act that is modelled
    facts["ui_months_in_lookback"] = insured.paid_within("UI", first, loss.month)
    if wages:
        facts["average_wage"] = round(sum(wage for _, wage in wages) / len(wages))
        facts["last_month"] = wages[-1][0]
    for entry in book.employments:
        if firm_of(entry) == loss.firm and not entry.running:
            facts |= _worked(entry, insured)
    return facts


def _worked(entry: EmploymentEntry, insured: InsuredMonths) -> dict[str, int]:
    months = (
        month_set(entry.months_paid)
        | month_set(entry.months_arrears)
        | month_set(entry.months_unknown)
    )
    uninsured = months & ~insured.paid["UI"]
    return {
        "worked_months": months.bit_count(),
        "uninsured_worked_months": uninsured.bit_count(),
    }


def _unlawfully(loss: Loss) -> bool | None:
    """Say whether the worker ended the work unlawfully; None where that may be."""
    if Signal.FIRM_CLOSED in loss.signals:
        return False
    return None if loss.clause in (None, _BY_THE_WORKER) else False


def _months_begun(ended: date, on: date) -> int:
    """Return how many months have begun since the end: within three, three or fewer have."""
    whole = Month.of_day(on) - Month.of_day(ended)
    return max(0, whole + (on.day > ended.day))


def _insured_lately(insured: InsuredMonths, on: date) -> bool:
    last = insured.last_paid("SI")
    return last is not None and Month.of_day(on) - last <= _INSURED_LATELY


def _age(born: str | None, on: date) -> int | None:
    if born is None:
        return None
    birthday = PartialDate.parse(born).last_possible
    return on.year - birthday.year - ((on.month, on.day) < (birthday.month, birthday.day))
