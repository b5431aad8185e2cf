"""A small country with coverage to count, and officials who supply, draft and approve."""

from datetime import date, datetime
from typing import Any

from labour_book.database import transaction
from labour_book.queries.rows import table_of
from labour_book.services import coverage_figures, coverage_rounds
from labour_book.services.access import Caller, Role, operator
from labour_book.services.coverage_figures import NewFigures
from labour_book.services.installation import Installation
from labour_book.tables import CoverageCount, InsuranceFact, Person
from tests.services import checks, people

CLOCK = operator("test")
QUARTER = date(2026, 9, 30)
ELSEWHERE = "26734"
COUNTING = Caller("official", "s1", "Đỗ Văn Khang", Role.STATISTICIAN, "BNV")
APPROVING = Caller("official", "a1", "Trịnh Thị Bích", Role.APPROVER, "BNV")
PROVINCE = Caller("official", "s2", "Lý Văn Tài", Role.STATISTICIAN, "SNV-01")
COMMUNE = Caller("official", "c1", "Lê Văn Minh", Role.APPROVER, "UB-00070")
MACHINE = Caller("machine", "m1", "Cục Thống kê", Role.READER)


def add_country(inst: Installation) -> None:
    """Twelve people: two elsewhere, one too old, one too young, one dead, one who pays alone.

    So nine living ones of working age are left; one of them is in arrears, one not insured.
    """
    people.add_units(inst.engine)
    people.add_people(inst.engine, 12)
    for number in (1, 2):
        checks.change(inst, Person, number, 1, residence_commune=ELSEWHERE)
    checks.change(inst, Person, 3, 1, birth_date="1969", birth_year=1969)
    checks.change(inst, Person, 4, 1, birth_date="2011-10-01", birth_year=2011)
    checks.change(inst, Person, 5, 1, life_status="DECEASED")
    alone = {"fund_si": False, "fund_ui": False, "fund_vol": True}
    checks.change(inst, InsuranceFact, 6, 5, **alone)
    checks.change(inst, InsuranceFact, 7, 5, status="arrears")
    checks.change(inst, InsuranceFact, 8, 5, last_month="2026-08")


def count(inst: Installation, now: datetime, *days: date) -> None:
    for day in days or (QUARTER,):
        with transaction(inst.engine) as db:
            coverage_rounds.count(db, CLOCK, day, now=now)


def supply(
    inst: Installation,
    now: datetime,
    *values: tuple[str, int],
    by: Caller = COUNTING,
    **changes: Any,
) -> None:
    told = {"measure": "labour_force", "day": date(2026, 1, 1), "source": "Niên giám"}
    new = NewFigures(**(told | {"published_on": date(2026, 2, 1), "values": values} | changes))
    with transaction(inst.engine) as db:
        coverage_figures.supply(db, inst, by, new, now=now)


def counts(inst: Installation) -> list[dict[str, Any]]:
    """Return everything that was counted, in order of place."""
    found = [dict(each) for each in checks.rows(inst, CoverageCount)]
    return sorted(found, key=lambda each: (each["place_kind"], each["place_code"]))


def late_insurance(inst: Installation, number: int, at: datetime) -> None:
    """Let the register end what it said of somebody, and say something else."""
    row = checks.rows(inst, InsuranceFact, table_of(InsuranceFact).c.id == people.uid(5, number))
    new = dict(row[0]) | {
        "id": people.uid(77, number),
        "recorded_at": at,
        "source_ref": f"late-{number}",
        "last_month": None,
        "status": "contributed",
    }
    ended = {"voided_at": at, "voided_by": "test", "void_reason": "replaced"}
    checks.change(inst, InsuranceFact, number, 5, **ended)
    with transaction(inst.engine) as db:
        people._insert(db, InsuranceFact, [new])
