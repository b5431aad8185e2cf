"""Rows of the union's list: a firm, and a worker, with what is at stake. Reads nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from labour_book.domain.employers import gone_since, name_on, status_on
from labour_book.domain.months import Month, MonthRange, unique_months
from labour_book.domain.names import display_name
from labour_book.domain.union_list import BANKRUPT, EVADING, AtStake, each_month
from labour_book.law.owed_contributions import Owed, owed_for
from labour_book.queries.employers import EmployerOnFile
from labour_book.queries.union_figures import FigureOnFile
from labour_book.queries.union_list import FirmAtStake, WorkerAtStake

NOTHING = Owed()


@dataclass(frozen=True, slots=True)
class FirmTold:
    """A firm on the list; numbers are None where they are about too few people to tell."""

    code: str
    name: str
    status: str | None
    since: date | None
    reasons: tuple[str, ...]
    """bankrupt, evading, arrears: why it is on the list."""
    in_charge: bool
    workers: int | None
    owed: int | None
    """Months that were declared and not paid, over all workers."""
    undeclared: int | None
    """Months that nobody declared, over all workers."""
    amount: Owed | None
    counted_at: datetime | None
    """None: just now."""


@dataclass(frozen=True, slots=True)
class WorkerTold:
    """One worker of a firm, by name: for the unit in charge."""

    full_name: str
    birth_date: str
    owed: tuple[MonthRange, ...]
    undeclared: tuple[MonthRange, ...]
    wage_vnd: int | None
    """Latest declared wage; None where it is unknown."""
    amount: Owed


@dataclass(frozen=True, slots=True)
class FirmNumbers:
    """What is at stake at a firm, over all of its workers."""

    workers: int = 0
    owed: int = 0
    undeclared: int = 0
    amount: Owed = NOTHING
    counted_at: datetime | None = None
    """None: just now."""


def numbers_by_firm(at_stake: Iterable[WorkerAtStake]) -> dict[str, FirmNumbers]:
    """Return the numbers of firms out of those of their workers; none of a firm without any."""
    found: dict[str, FirmNumbers] = {}
    for each in at_stake:
        before = found.get(each.firm, FirmNumbers())
        found[each.firm] = FirmNumbers(
            before.workers + 1,
            before.owed + unique_months(each.stake.owed),
            before.undeclared + unique_months(each.stake.undeclared),
            before.amount.plus(_amount(each.stake)),
        )
    return found


def numbers_on_file(figure: FigureOnFile) -> FirmNumbers:
    """Return numbers as they were counted before."""
    return FirmNumbers(
        figure.workers,
        figure.owed,
        figure.undeclared,
        Owed(figure.vnd, figure.months, figure.wage_unknown, figure.law_unknown),
        figure.prepared_at,
    )


def firm_told(
    firm: FirmAtStake,
    head: EmployerOnFile | None,
    numbers: FirmNumbers,
    today: date,
    *,
    shown: bool,
    in_charge: bool,
) -> FirmTold:
    """Return a firm with what is at stake for its workers; without numbers unless ``shown``."""
    statuses = () if head is None else head.statuses
    status = status_on(statuses, today)
    begun = [since for each, since in statuses if each == status and since and since <= today]
    return FirmTold(
        code=firm.code,
        name=name_of(head, today) or firm.code,
        status=status,
        since=max(begun, default=None),
        reasons=tuple(_reasons(firm, status, numbers)),
        in_charge=in_charge,
        workers=numbers.workers if shown else None,
        owed=numbers.owed if shown else None,
        undeclared=numbers.undeclared if shown else None,
        amount=numbers.amount if shown else None,
        counted_at=numbers.counted_at,
    )


def worker_told(each: WorkerAtStake, who: tuple[str, str]) -> WorkerTold:
    """Return one worker by name, with what is at stake."""
    stake = each.stake
    newest = max(stake.wages, default=None)
    return WorkerTold(
        full_name=display_name(who[0]),
        birth_date=who[1],
        owed=stake.owed,
        undeclared=stake.undeclared,
        wage_vnd=None if newest is None else stake.wages[newest],
        amount=_amount(stake),
    )


def closed_in(heads: Mapping[str, EmployerOnFile], today: date) -> dict[str, Month]:
    """Return the last month of the firms that are gone."""
    ended = {code: gone_since(head.statuses, today) for code, head in heads.items()}
    return {code: Month.of_day(day) for code, day in ended.items() if day is not None}


def name_of(head: EmployerOnFile | None, today: date) -> str:
    """Return what a firm is called on a day; empty where nobody has said."""
    if head is None:
        return ""
    spans = [(each.name, each.valid_from, each.valid_to) for each in head.names]
    return name_on(spans, today) or (spans[-1][0] if spans else "")


def _reasons(firm: FirmAtStake, status: str | None, numbers: FirmNumbers) -> Iterator[str]:
    if status in BANKRUPT:
        yield "bankrupt"
    if status in EVADING or numbers.undeclared:
        yield "evading"
    if firm.in_arrears:
        yield "arrears"


def _amount(stake: AtStake) -> Owed:
    return owed_for(each_month((*stake.owed, *stake.undeclared)), stake.wages)
