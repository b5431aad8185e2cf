"""The months somebody was insured, fund by fund, with the wage of each; for what the law counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from labour_book.domain.evidence import covered, reported_through
from labour_book.domain.facts import InsuranceFact
from labour_book.domain.months import Month, MonthSet, last_of, ordinal_set
from labour_book.domain.totals import FUNDS


@dataclass(frozen=True, slots=True)
class InsuredMonths:
    """Months paid per fund, those that count for duration only, and the wages paid on."""

    paid: Mapping[str, MonthSet]
    credited: MonthSet
    wages: Mapping[Month, int]
    """VND per month, of the months paid for unemployment insurance; of two jobs, the first's."""
    reported: Month
    """The last month the insurance register has reported."""

    @property
    def for_pension(self) -> MonthSet:
        """Months that count for the pension: compulsory, voluntary, and recognised ones."""
        return self.paid["SI"] | self.paid["VOL"] | self.credited

    def last_wages(self, count: int) -> list[tuple[Month, int]]:
        """Return the wages of the last months paid for unemployment insurance, oldest first."""
        return [(month, self.wages[month]) for month in sorted(self.wages)[-count:]]

    def paid_within(self, fund: str, first: Month, last: Month) -> int:
        """Count the months paid to a fund from one month to another, both included."""
        return (self.paid[fund] & ordinal_set(first.ordinal, last.ordinal)).bit_count()

    def last_paid(self, fund: str) -> Month | None:
        return last_of(self.paid[fund])


def insured_months(
    facts: Sequence[InsuranceFact], as_of: date, insurance_as_of: Month | None = None
) -> InsuredMonths:
    """Return the insured months out of what the register states, each month once."""
    reported = reported_through(facts, as_of, insurance_as_of)
    paid: dict[str, MonthSet] = dict.fromkeys(FUNDS, 0)
    credited: MonthSet = 0
    wages: dict[Month, int] = {}
    for fact in sorted(facts, key=lambda each: (each.first_month, each.fact_id)):
        months = covered(fact, reported)
        if fact.status == "credited_duration_only":
            credited |= months
        if fact.status != "contributed":
            continue
        for fund in fact.funds:
            paid[fund] |= months
        if "UI" in fact.funds:
            for month in _each(fact, months):
                wages.setdefault(month, fact.wage_base_vnd)
    return InsuredMonths(paid, credited, wages, Month(reported))


def _each(fact: InsuranceFact, months: MonthSet) -> list[Month]:
    first = fact.first_month.ordinal
    return [Month(first + n) for n in range(months.bit_count())]
