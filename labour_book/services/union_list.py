"""The union's list: firms that are bankrupt, cannot be found or owe insurance, and their workers.

The unit in charge of a firm (the union of the province it lies in) sees numbers of each firm, and
the names for a stated purpose; every name is traced. Elsewhere small numbers are left out, with
what would betray them.

Source: TB 368/TB-VPCP of 17/10/2019, III.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from labour_book import data
from labour_book.database import Db
from labour_book.domain.disclosure import TOTAL, is_small, suppressed, with_totals
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.errors import Invalid
from labour_book.law.owed_contributions import ARTICLES
from labour_book.queries import books, union_figures, union_list, units
from labour_book.queries.employers import EmployerOnFile, employers_by_code
from labour_book.queries.union_list import FirmAtStake
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import NotFoundForCaller, Refusal, check_role
from labour_book.services.union_rows import (
    FirmNumbers,
    FirmTold,
    WorkerTold,
    closed_in,
    firm_told,
    name_of,
    numbers_by_firm,
    numbers_on_file,
    worker_told,
)

__all__ = [
    "ARTICLES",
    "Elsewhere",
    "FirmTold",
    "Page",
    "WorkerTold",
    "firms",
    "told_firms",
    "workers",
]

PER_PAGE = 50
PURPOSE = "union-list"
NOWHERE = "-"
"""In place of a province that is not known."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How many firms of a province that another unit is in charge of are on the list."""

    province: str
    firms: int
    workers: int | None
    """For whom months are owed; None where they are too few, or would betray others."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some firms of the caller's area, and what there is elsewhere."""

    unit_name: str
    reported: Month
    firms: Sequence[FirmTold]
    """Without those at which nothing is at stake."""
    next_code: str | None
    elsewhere: Sequence[Elsewhere]
    fewest: int
    counted_at: datetime
    """The numbers of each firm are of then or later."""


@dataclass(frozen=True, slots=True)
class Area:
    """What a unit is in charge of: a province, a commune, or the firms that lie nowhere."""

    kind: str
    place: str | None

    def holds(self, firm: FirmAtStake) -> bool:
        if self.place is None:
            return firm.province_code is None
        here = firm.commune_code if self.kind == "commune" else firm.province_code
        return here == self.place


def firms(db: Db, inst: Installation, caller: Caller, *, after: str = "", now: datetime) -> Page:
    """Return some firms on the list: of the caller's area, for a whole country's unit of all.

    Raises:
        DeniedToRole: the caller is not of the union.
        NotFoundForCaller: the caller's unit does not exist today.
    """
    check_role(caller, Action.UNION_FIRMS, now)
    area, name = area_of(db, caller, Action.UNION_FIRMS, now)
    listed = union_list.firms_at_stake(db, vietnam_day(now))
    own = [each for each in listed if area.place is None or area.holds(each)]
    ahead = [each for each in own if each.code > after]
    page = ahead[:PER_PAGE]
    found = told_firms(db, inst, area, listed, page, now=now)
    detail: dict[str, str | int] = {"unit": caller.unit_code or "", "listed": len(page)}
    trace(db, caller, Action.UNION_FIRMS, at=now, purpose=PURPOSE, detail=detail)
    return Page(
        unit_name=name,
        reported=books.insurance_counted_through(db, now),
        firms=[each for each in found if each.workers != 0],
        next_code=page[-1].code if len(ahead) > PER_PAGE else None,
        elsewhere=_elsewhere(area, listed, inst.statistics.fewest),
        fewest=inst.statistics.fewest,
        counted_at=min((each.counted_at for each in found if each.counted_at), default=now),
    )


def workers(
    db: Db, caller: Caller, code: str, *, purpose: str, now: datetime
) -> tuple[str, list[WorkerTold]]:
    """Return a firm's name and its workers by name; each of them can read who looked, and why.

    Raises:
        Invalid: no purpose is stated.
        NotFoundForCaller: there is no such firm on the list, or another unit is in charge of it.
        DeniedToRole: the caller is not of the union.
    """
    check_role(caller, Action.UNION_WORKERS, now)
    stated = stated_purpose(purpose)
    area, _ = area_of(db, caller, Action.UNION_WORKERS, now)
    listed = union_list.firms_at_stake(db, vietnam_day(now))
    firm = next((each for each in listed if each.code == code), None)
    if firm is None or not area.holds(firm):
        raise not_theirs(caller, Action.UNION_WORKERS, now)
    today = vietnam_day(now)
    heads = employers_by_code(db, [code])
    at_stake = list(
        union_list.workers_of(
            db, [code], books.insurance_counted_through(db, now), closed_in(heads, today)
        )
    )
    people = union_list.names_of(db, {each.person_id for each in at_stake})
    for person_id in people:
        trace(
            *(db, caller, Action.UNION_WORKERS),
            at=now,
            purpose=stated,
            person_id=person_id,
            detail={"enterprise": code},
        )
    told = [worker_told(each, people[each.person_id]) for each in at_stake]
    return name_of(heads.get(code), today) or code, told


def told_firms(
    db: Db,
    inst: Installation,
    area: Area,
    listed: Sequence[FirmAtStake],
    page: Sequence[FirmAtStake],
    *,
    now: datetime,
) -> list[FirmTold]:
    """Return some firms with their numbers, as far as a unit may see them."""
    today = vietnam_day(now)
    codes = [each.code for each in page]
    heads = employers_by_code(db, codes)
    found = _numbers(db, codes, heads, now=now)
    hidden = _hidden(listed, inst.statistics.fewest)
    return [
        firm_told(
            each,
            heads.get(each.code),
            found[each.code],
            today,
            shown=area.holds(each)
            or (
                each.code not in hidden
                and not is_small(found[each.code].workers, inst.statistics.fewest)
            ),
            in_charge=area.holds(each),
        )
        for each in page
    ]


def _numbers(
    db: Db, codes: Sequence[str], heads: Mapping[str, EmployerOnFile], *, now: datetime
) -> dict[str, FirmNumbers]:
    """Return the numbers of some firms: as counted before, and of the others counted now."""
    reported = books.insurance_counted_through(db, now)
    on_file = union_figures.figures_of(db, codes, reported)
    found = {code: numbers_on_file(each) for code, each in on_file.items()}
    missing = [code for code in codes if code not in found]
    if missing:
        closed = closed_in(heads, vietnam_day(now))
        now_counted = numbers_by_firm(union_list.workers_of(db, missing, reported, closed))
        found |= dict.fromkeys(missing, FirmNumbers()) | now_counted
    return found


def stated_purpose(purpose: str) -> str:
    """Return what for somebody wants names.

    Raises:
        Invalid: nothing is said, or too much.
    """
    check_purpose(purpose)
    stated = purpose.strip()
    if not stated:
        raise Invalid("say for what purpose", cause="PURPOSE")
    return stated


def area_of(db: Db, caller: Caller, action: Action, now: datetime) -> tuple[Area, str]:
    """Return what the caller's unit is in charge of, and its name.

    Raises:
        NotFoundForCaller: the unit does not exist today.
    """
    unit = units.unit(db, caller.unit_code or "")
    today = vietnam_day(now)
    if unit is None or unit.valid_from > today or (unit.valid_to and unit.valid_to < today):
        raise not_theirs(caller, action, now)
    return Area(unit.kind, unit.place_code), unit.name


def not_theirs(caller: Caller, action: Action, now: datetime) -> NotFoundForCaller:
    """Return the refusal of what another unit is in charge of."""
    return NotFoundForCaller(Refusal(caller, action, None, PURPOSE, now, "NOT_THEIRS"))


def _elsewhere(area: Area, listed: Sequence[FirmAtStake], fewest: int) -> list[Elsewhere]:
    """Return the numbers of other provinces; the unit of the whole country sees the firms."""
    if area.place is None:
        return []
    others = [each for each in listed if not area.holds(each)]
    provinces = sorted({each.province_code or "" for each in others})
    counts: dict[tuple[str, ...], int] = {
        (code or NOWHERE,): sum(e.in_arrears for e in others if (e.province_code or "") == code)
        for code in provinces
    }
    shown = suppressed(with_totals(counts), fewest) if counts else {}
    names = {each["code"]: each["full_name"] for each in data.provinces()}
    return [
        Elsewhere(
            names.get(code, ""),
            sum((each.province_code or "") == code for each in others),
            shown[code or NOWHERE,],
        )
        for code in provinces
    ]


def _hidden(listed: Sequence[FirmAtStake], fewest: int) -> frozenset[str]:
    """Return the firms whose numbers would tell of too few people, or betray such ones."""
    nested = {each.code: f"p{each.province_code or NOWHERE}" for each in listed}
    cells: dict[tuple[str, ...], int] = {}
    for each in listed:
        for key in (each.code, nested[each.code], TOTAL):
            cells[key,] = cells.get((key,), 0) + each.in_arrears
    shown = suppressed(cells, fewest, [nested]) if cells else {}
    return frozenset(each.code for each in listed if shown[each.code,] is None)
