"""Losses of work in lives whose truth is known: all of them with their month, and no other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

import pytest

from labour_book.domain.facts import EmployerRecord, EmploymentFact, InsuranceFact
from labour_book.domain.job_loss import STANDING, losses_of
from labour_book.domain.months import Month
from tests.domain.factories import ACME, OTHER, book, employer, insured, job

REPORTED = Month.parse("2026-10")
TODAY = date(2026, 11, 20)
EACH = 25
"""Lives of a kind: enough to have every month and length."""
Facts = list[EmploymentFact | InsuranceFact]


@dataclass
class Life:
    """What the registers say of somebody, and what is true."""

    facts: Facts
    truth: list[tuple[str, str]] = field(default_factory=list)
    """Firm and last month of the work, of each loss."""
    employers: dict[str, EmployerRecord] = field(default_factory=dict)


def _paid(first: Month, last: Month | None, firm: str = ACME, **more: object) -> InsuranceFact:
    until = None if last is None else str(last)
    return insured(f"i{firm}{first}", str(first), until, employer_code=firm, **more)


def _contract(first: Month, last: date | None, firm: str = ACME, **more: object) -> EmploymentFact:
    until = None if last is None else last.isoformat()
    return job(f"j{firm}{first}", f"{first}-01", until, employer_code=firm, **more)


def steady(_draw: Random, first: Month, _last: Month) -> Life:
    return Life([_paid(first, None), _contract(first, None)])


def dismissed(draw: Random, first: Month, last: Month) -> Life:
    """Most of the last month may be too little for a contribution."""
    day = draw.randint(1, 28)
    ended = date(last.year, last.month, day)
    end = _contract(first, ended, end_reason_clause=draw.choice([1, 3, 7, 10, 11]))
    return Life([_paid(first, last if day > 14 else last.plus(-1)), end], [(ACME, str(last))])


def dropped_without_contract(_draw: Random, first: Month, last: Month) -> Life:
    return Life([_paid(first, last)], [(ACME, str(last))])


def changed(draw: Random, first: Month, last: Month) -> Life:
    ended = _contract(first, last.last_day, end_reason_clause=draw.choice([3, 9]))
    begun = _contract(last.plus(1), None, OTHER)
    return Life([_paid(first, last), _paid(last.plus(1), None, OTHER), ended, begun])


def changed_without_contracts(_draw: Random, first: Month, last: Month) -> Life:
    return Life([_paid(first, last), _paid(last.plus(1), None, OTHER)])


def changed_with_late_filing(_draw: Random, first: Month, last: Month) -> Life:
    """The new employer insures from the second month; its contract says since when it was work."""
    begun = _contract(last.plus(1), None, OTHER)
    return Life([_paid(first, last), _paid(last.plus(2), None, OTHER), begun])


def lost_then_found(draw: Random, first: Month, last: Month) -> Life:
    later = last.plus(draw.randint(3, 6))
    again = [] if later > REPORTED else [_paid(later, None, OTHER)]
    return Life([_paid(first, last), *again], [(ACME, str(last))])


def on_maternity_leave_and_back(_draw: Random, first: Month, last: Month) -> Life:
    back = last.plus(7)
    if back > REPORTED:
        return Life([_paid(first, last), _contract(first, None)])
    return Life([_paid(first, last), _paid(back, None)])


def with_one_month_missing(_draw: Random, first: Month, last: Month) -> Life:
    return Life([_paid(first, last), _paid(last.plus(2), None)])


def at_a_firm_that_closed(draw: Random, first: Month, last: Month) -> Life:
    """The register may go on reporting months of a firm that is gone; the contract knows better."""
    day = date(last.year, last.month, draw.randint(15, 28))
    closed = {ACME: employer(statuses=(("ACTIVE", None), ("CLOSED", day)))}
    paid = _paid(first, None if draw.random() < 0.5 else last)
    end = _contract(first, day, end_reason_clause=7)
    return Life([paid, end], [(ACME, str(last))], closed)


def at_a_firm_in_arrears(_draw: Random, first: Month, last: Month) -> Life:
    return Life([_paid(first, last), _paid(last.plus(1), None, status="arrears")])


def with_two_jobs(_draw: Random, first: Month, last: Month) -> Life:
    return Life([_paid(first, last), _paid(first, None, OTHER)])


def moved_to_a_branch(_draw: Random, first: Month, last: Month) -> Life:
    return Life([_paid(first, last), _paid(last.plus(1), None, f"{ACME}-001")])


def renewed(_draw: Random, first: Month, last: Month) -> Life:
    one = _contract(first, last.last_day, end_reason_clause=1, contract_kind="FIXED_TERM")
    return Life([_paid(first, None), one, _contract(last.plus(1), None)])


def suspended(_draw: Random, first: Month, last: Month) -> Life:
    return Life([_paid(first, last), _contract(first, None, suspended=True)])


KINDS: tuple[Callable[[Random, Month, Month], Life], ...] = (
    *(steady, dismissed, dropped_without_contract, changed, changed_without_contracts),
    *(changed_with_late_filing, lost_then_found, on_maternity_leave_and_back),
    *(with_one_month_missing, at_a_firm_that_closed, at_a_firm_in_arrears, with_two_jobs),
    *(moved_to_a_branch, renewed, suspended),
)


def lives(kind: Callable[[Random, Month, Month], Life]) -> Iterator[Life]:
    draw = Random(kind.__name__)  # noqa: S311 - lives, not secrets
    for _ in range(EACH):
        last = REPORTED.plus(-draw.randint(2, 20))
        yield kind(draw, last.plus(-draw.randint(3, 30)), last)


@pytest.mark.parametrize("kind", KINDS, ids=[each.__name__ for each in KINDS])
def test_finds_each_loss_with_its_month_and_no_other(
    kind: Callable[[Random, Month, Month], Life],
) -> None:
    wrong = []
    for life in lives(kind):
        seen = book(*life.facts, as_of=TODAY, insurance_as_of=REPORTED, employers=life.employers)
        found = losses_of(seen, not_after=None)
        told = [(each.firm, str(each.month)) for each in found if each.state in STANDING]
        if told != life.truth:
            wrong.append((life.truth, [(e.firm, str(e.month), str(e.state)) for e in found]))

    assert wrong == []
