"""Statistics of a month as the desk, the interface and the command line tell them: the same.

An official sees the own unit and what stands below it. Exact numbers are for those who may see
the people behind them; everybody else gets them without what would tell of few people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from labour_book import data
from labour_book.database import Db
from labour_book.domain.disclosure import TOTAL, Key, is_small, suppressed
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.domain.statistic_tables import Matrix, Table, codes_of, matrix, tables
from labour_book.domain.statistics import (
    COUNTRY,
    DIMENSIONS,
    NO_ZONE,
    OUT,
    UNKNOWN,
    ZONES,
    Basis,
    Dimension,
    Kind,
)
from labour_book.errors import Invalid, NotFound
from labour_book.queries import statistics, units
from labour_book.queries.statistics import MonthOnFile
from labour_book.queries.units import UnitRow
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import NotFoundForCaller, Refusal, check_role

__all__ = ["Basis", "Dimension", "Kind", "Matrix", "MonthOnFile", "Moved", "Structure", "Table"]

SPANS = (1, 3, 12)
"""Months over which moves are added up."""
HISTORY = 24


class NotCounted(NotFound):
    """No month has been counted, or not this one."""

    slug = "statistics-not-counted"
    title = "This month has not been counted"
    title_vi = "Tháng này chưa được thống kê"


@dataclass(frozen=True, slots=True)
class Place:
    """What the numbers are of: a unit and the place that it serves."""

    unit_code: str
    name: str
    kind: str
    """country, province or commune."""
    code: str
    """``VN``, or of the province or commune."""


@dataclass(frozen=True, slots=True)
class Structure:
    """Who lives, or works, in a place in a month."""

    place: Place
    month: MonthOnFile
    months: Sequence[str]
    """All that were counted, the newest first."""
    basis: Basis
    tables: Sequence[Table]
    history: Sequence[tuple[str, int | None]]
    """People by month, oldest first."""
    below: Sequence[tuple[Place, int | None]]
    fewest: int | None
    """Below which nothing is told; None where everything is."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Who moved in or out of a place in some months."""

    place: Place
    month: MonthOnFile
    months: Sequence[str]
    kind: Kind
    span: int
    """Months, up to and with this one."""
    counted: int
    """Of these, how many were counted."""
    matrix: Matrix
    fewest: int | None


def structure(
    db: Db,
    inst: Installation,
    caller: Caller,
    *,
    unit: str = "",
    month: str = "",
    basis: str = Basis.RESIDENTS,
    now: datetime,
) -> Structure:
    """Return the structure of a place; this look is traced.

    Raises:
        DeniedToRole: the role sees no numbers.
        NotFoundForCaller: there is no such unit, or it is not under the caller's.
        NotCounted: the month was not counted.
        Invalid: there is no such population.
    """
    check_role(caller, Action.STATISTICS_READ, now)
    if basis not in set(Basis):
        raise Invalid("there is no such population", cause="BASIS")
    chosen, place = Basis(basis), place_of(db, caller, unit, now)
    on_file, counted = month_of(db, month)
    fewest = _fewest(inst, caller)
    dimensions = [
        each
        for each in DIMENSIONS[chosen]
        if place.kind != "commune" or each is not Dimension.OCCUPATION_2
    ]
    months = [each.month for each in counted]
    found = Structure(
        place=place,
        month=on_file,
        months=months,
        basis=chosen,
        tables=tables(
            statistics.cells(db, on_file.month, chosen, place.code), dimensions, fewest=fewest
        ),
        history=_history(db, months, chosen, place.code, fewest),
        below=_below(db, on_file.month, chosen, place, fewest=fewest, now=now),
        fewest=fewest,
    )
    _trace(db, caller, now, what="structure", unit=place.unit_code, month=on_file.month)
    return found


def moved(
    db: Db,
    inst: Installation,
    caller: Caller,
    *,
    unit: str = "",
    month: str = "",
    kind: str = Kind.ZONE,
    span: int = 12,
    now: datetime,
) -> Moved:
    """Return who moved in or out of a place; this look is traced.

    Raises:
        DeniedToRole: the role sees no numbers.
        NotFoundForCaller: there is no such unit, or it is not under the caller's.
        NotCounted: the month was not counted.
        Invalid: there is no such kind of moves or span, or moves are not counted of the place.
    """
    check_role(caller, Action.STATISTICS_READ, now)
    if kind not in set(Kind) or span not in SPANS:
        raise Invalid("there is no such kind of moves, or no such span", cause="KIND")
    asked = place_of(db, caller, unit, now)
    place = _of_moves(db, asked, now)
    on_file, counted = month_of(db, month)
    first = Month.parse(on_file.month).plus(1 - span)
    some = [each.month for each in counted if str(first) <= each.month <= on_file.month]
    province = None if place.kind == "country" else place.code
    fewest = _fewest(inst, caller) if place == asked else inst.statistics.fewest
    chosen = Kind(kind)
    found = Moved(
        place=place,
        month=on_file,
        months=[each.month for each in counted],
        kind=chosen,
        span=span,
        counted=len(some),
        matrix=matrix(
            statistics.moves(db, some, chosen, province), order_of(chosen), fewest=fewest
        ),
        fewest=fewest,
    )
    _trace(db, caller, now, what="moves", unit=place.unit_code, month=on_file.month)
    return found


def order_of(kind: Kind) -> list[str]:
    """Return the codes between which people move, in the order in which they are shown."""
    match kind:
        case Kind.ZONE:
            return [*ZONES, NO_ZONE, UNKNOWN, OUT]
        case Kind.FIRM | Kind.PROVINCE:
            return [*(each["code"] for each in data.provinces()), UNKNOWN]
        case Kind.OCCUPATION:
            return codes_of(Dimension.OCCUPATION)
        case Kind.INDUSTRY:
            return codes_of(Dimension.INDUSTRY)


def _fewest(inst: Installation, caller: Caller) -> int | None:
    return None if caller.may(Action.STATISTICS_PEOPLE) else inst.statistics.fewest


def month_of(db: Db, wanted: str) -> tuple[MonthOnFile, Sequence[MonthOnFile]]:
    """Return a month, the newest without a word, and all that were counted.

    Raises:
        NotCounted: there is no such month.
    """
    counted = statistics.months(db)
    found = next((each for each in counted if wanted in {"", each.month}), None)
    if found is None:
        raise NotCounted
    return found, counted


def place_of(db: Db, caller: Caller, code: str, now: datetime) -> Place:
    """Return the place of a unit: the caller's own, without a code, or the one at the top.

    Raises:
        NotFoundForCaller: there is no such unit, or it is not under the caller's.
    """
    today = vietnam_day(now)
    tops = [each.code for each in units.children_of(db, None) if each.kind == "ministry"]
    wanted = code or caller.unit_code or (tops[0] if tops else "")
    unit = units.unit(db, wanted)
    is_theirs = caller.kind != "official" or units.is_below(
        db, wanted, caller.unit_code or "", today
    )
    if unit is None or not is_theirs:
        refusal = Refusal(caller, Action.STATISTICS_READ, None, "statistics", now, "NOT_THEIRS")
        raise NotFoundForCaller(refusal)
    return _served(unit)


def _served(unit: UnitRow) -> Place:
    if unit.place_code is None:
        return Place(unit.code, unit.name, "country", COUNTRY)
    kind = "commune" if unit.kind == "commune" else "province"
    return Place(unit.code, unit.name, kind, unit.place_code)


def _of_moves(db: Db, place: Place, now: datetime) -> Place:
    """Return the place that moves are told of: of a commune its province, since few move in it.

    Raises:
        Invalid: the commune's unit stands under none of a province.
    """
    if place.kind != "commune":
        return place
    above = units.parent_of(db, place.unit_code, vietnam_day(now))
    unit = None if above is None else units.unit(db, above)
    if unit is None or unit.place_code is None:
        raise Invalid("moves are counted of provinces", cause="PLACE")
    return _served(unit)


def _history(
    db: Db, months: Sequence[str], basis: Basis, place: str, fewest: int | None
) -> list[tuple[str, int | None]]:
    some = sorted(months[:HISTORY])
    found = statistics.people_of(db, some, basis, [place])
    return [(each, _told(found.get((each, place), 0), fewest)) for each in some]


def _below(
    db: Db, month: str, basis: Basis, place: Place, *, fewest: int | None, now: datetime
) -> list[tuple[Place, int | None]]:
    """Return the places right below; none can be recomputed from its neighbours and the whole."""
    today = vietnam_day(now)
    under = [
        _served(each)
        for each in units.children_of(db, place.unit_code)
        if each.kind in {"province", "commune"}
        and each.place_code is not None
        and each.valid_from <= today
        and (each.valid_to is None or each.valid_to >= today)
    ]
    codes = [each.code for each in under]
    found = statistics.people_of(db, [month], basis, [place.code, *codes])
    counts: dict[Key, int] = {(each,): found.get((month, each), 0) for each in codes}
    whole = found.get((month, place.code), 0)
    cells = counts | {(UNKNOWN,): whole - sum(counts.values()), (TOTAL,): whole}
    shown = cells if fewest is None else suppressed(cells, fewest)
    return [(each, shown[each.code,]) for each in under]


def _told(people: int, fewest: int | None) -> int | None:
    return None if fewest is not None and is_small(people, fewest) else people


def _trace(db: Db, caller: Caller, now: datetime, **detail: str | int) -> None:
    trace(db, caller, Action.STATISTICS_READ, at=now, purpose="statistics", detail=detail)
