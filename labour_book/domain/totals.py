"""Adds up insurance over all employers: each month once per fund."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from labour_book.domain.evidence import is_stale
from labour_book.domain.facts import InsuranceFact
from labour_book.domain.lines import InsuranceTotals
from labour_book.domain.months import Month, MonthSet, first_of, last_of

FUNDS = ("SI", "UI", "HI", "VOL")


def totals_of(
    facts: Iterable[InsuranceFact], months_of: Iterable[MonthSet], reported: int
) -> InsuranceTotals:
    """Return the months paid, owed and credited.

    ``months_of`` are the reported months of each fact, ``reported`` is the register's last month
    (ordinal). A month paid through one employer is not owed through another: the fund has it.
    """
    alike: defaultdict[tuple[str, frozenset[str]], MonthSet] = defaultdict(int)
    for fact, months in zip(facts, months_of, strict=True):
        alike[fact.status, fact.funds] |= months
    paid = dict.fromkeys(FUNDS, 0)
    owed = dict.fromkeys(FUNDS, 0)
    credited: MonthSet = 0
    for (status, funds), months in alike.items():
        if status == "credited_duration_only":
            credited |= months
            continue
        into = paid if status == "contributed" else owed
        for fund in funds:
            into[fund] |= months
    for fund in FUNDS:
        owed[fund] &= ~paid[fund]
    any_paid = paid["SI"] | paid["UI"] | paid["HI"] | paid["VOL"]
    any_owed = owed["SI"] | owed["UI"] | owed["HI"] | owed["VOL"]
    return InsuranceTotals(
        by_fund={fund: months.bit_count() for fund, months in paid.items()},
        arrears={fund: months.bit_count() for fund, months in owed.items()},
        arrears_months=any_owed.bit_count(),
        credited_months=(credited & ~paid["SI"]).bit_count(),
        first_month=first_of(any_paid),
        last_month=last_of(any_paid),
        as_of_month=Month(reported),
    )


def is_insured(facts: Iterable[InsuranceFact], as_of: date, reported: int) -> bool:
    """Say whether the person is in compulsory social insurance on a day, paid or owed.

    ``reported`` is the register's last month (ordinal): a range gone stale by then does not tell.
    """
    this_month = Month.of_day(as_of)
    for fact in facts:
        if "SI" not in fact.funds or fact.status == "credited_duration_only":
            continue
        ended = fact.last_month is not None and fact.last_month < this_month
        if not ended and fact.first_month <= this_month and not is_stale(fact, reported):
            return True
    return False
