"""Counting the statistics of months: what is counted, twice the same, and in any portions."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.domain.statistics import COUNTRY, UNKNOWN, Dimension, Kind, Move, StatisticsRules
from labour_book.queries import statistics
from labour_book.queries.rows import table_of
from labour_book.services import counting
from labour_book.services.access import Caller, Role, operator
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole
from labour_book.tables import Employer, EmploymentFact, InsuranceFact, Person, ProfileFact
from tests.conftest import NOW
from tests.services import people
from tests.services.people import uid
from tests.support.installations import installed

BY = operator("test")
PARK, PLAIN = "0200000002", "0300000003"
ELSEWHERE = "27163"
"""A commune of province 79."""
COUNT = 9
BEFORE, LAST = "2026-09", "2026-10"
RULES = StatisticsRules(kept_months=2, settling_months=1, fewest=3)


def change(engine: sa.Engine, model: Any, kind: int, number: int, **values: Any) -> None:
    table = table_of(model)
    with transaction(engine) as db:
        db.execute(sa.update(table).where(table.c.id == uid(kind, number)).values(values))


@pytest.fixture
def inst(engine: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Nine people of one commune who work at one firm; then some of them are told apart."""
    made = installed(engine, tmp_path_factory.mktemp("counting"), NOW)
    people.add_units(engine)
    people.add_people(engine, COUNT)
    firm = {"registered": True, "fingerprint": bytes(16), "recorded_at": people.RECORDED}
    with transaction(engine) as db:
        for number, (code, zone) in enumerate(((PARK, "KCN"), (PLAIN, None)), start=2):
            row = {"id": uid(9, number), "code": code, "vsic_code": "14", "zone_kind": zone}
            place = {"commune_code": ELSEWHERE, "zone": zone and f"{zone} Số 1"}
            db.execute(sa.insert(table_of(Employer)), firm | row | place)
    for number in range(1, COUNT + 1):
        change(engine, EmploymentFact, 4, number, occupation_code="7")
    # 1 goes from the park to another firm in the last month, on file as two ranges
    moved = {"employer_code": PARK, "first_month": "2021-01", "last_month": "2026-09"}
    change(engine, InsuranceFact, 5, 1, **moved)
    change(engine, EmploymentFact, 4, 1, employer_code=PLAIN, first_day="2026-10-01")
    # 2 has ended both but says to work, 3 is dead, 5 is fourteen
    with transaction(engine) as db:
        form = '{"economic_activity": "EMPLOYED", "technical_qualification": "UNIVERSITY"}'
        stated = {"stated_at": people.STATED - timedelta(days=60)}
        fact = people._fact(7, 2, "FORM03") | stated | {"kind": "form03", "body": form}
        db.execute(sa.insert(table_of(ProfileFact)), fact)
    change(engine, InsuranceFact, 5, 2, last_month="2026-09")
    change(engine, EmploymentFact, 4, 2, last_day="2026-09-30", running=False)
    change(engine, Person, 1, 3, life_status="DECEASED", life_status_on=date(2026, 1, 5))
    change(engine, Person, 1, 5, birth_year=2012, sex=None)
    return replace(made, statistics=RULES)


def count(inst: Installation, portion: int = 100) -> list[counting.Counted]:
    return list(counting.count(inst, by=BY, now=NOW, portion=portion))


def cells(inst: Installation, basis: str, place: str = COUNTRY) -> dict[tuple[str, ...], int]:
    with reading(inst.engine) as db:
        found = statistics.cells(db, LAST, basis, place)
    return {(each.dimension, each.code, each.sex): each.people for each in found}


def moves(inst: Installation) -> list[Move]:
    with reading(inst.engine) as db:
        return [each for kind in Kind for each in statistics.moves(db, [LAST], kind, None)]


class TestCount:
    def test_counts_each_person_once_where_they_live_and_where_they_work(
        self, inst: Installation
    ) -> None:
        count(inst)

        assert cells(inst, "residents") == {
            ("age", "35-39", "F"): 7,
            ("qualification", "INTERMEDIATE", "F"): 6,
            ("qualification", "UNIVERSITY", "F"): 1,
            ("standing", "FORMAL", "F"): 6,
            ("standing", "INFORMAL", "F"): 1,
        }
        workers = cells(inst, "workers", "01")
        assert workers["zone", "NONE", "F"] == 6
        assert workers["age", UNKNOWN, UNKNOWN] == 1
        assert workers["occupation", "7", "F"] == 6
        assert workers["industry", "C", "F"] == 1
        assert workers == cells(inst, "workers")

    def test_tells_who_went_where_since_the_month_before(self, inst: Installation) -> None:
        count(inst)

        assert moves(inst) == [
            Move("zone", "KCN", "NONE", "79", "01", 1),
            Move("zone", "NONE", "OUT", "01", UNKNOWN, 1),
            Move("firm", "79", "01", "79", "01", 1),
            Move("province", "79", "01", "79", "01", 1),
        ]

    def test_gives_the_same_in_any_portions_and_changes_no_month_that_is_final(
        self, inst: Installation, engine: sa.Engine
    ) -> None:
        first = count(inst)
        again = count(inst, portion=2)
        change(engine, InsuranceFact, 5, 1, employer_code=PLAIN)
        late = count(inst)

        assert [each.month for each in first] == [BEFORE, LAST]
        assert again == [replace(first[1], is_changed=False)]
        assert [(each.month, each.is_changed) for each in late] == [(LAST, True)]
        with reading(engine) as db:
            known = {each.month: each.revision for each in statistics.months(db)}
        assert known == {BEFORE: 1, LAST: 2}

    def test_goes_on_where_it_was_stopped(self, inst: Installation) -> None:
        started = counting.count(inst, by=BY, now=NOW)
        next(started)
        started.close()

        assert [each.month for each in count(inst)] == [LAST]

    def test_is_refused_to_everybody_but_the_installation(self, inst: Installation) -> None:
        clerk = Caller("official", "clerk", "Cán bộ", Role.STATISTICIAN, unit_code="BNV")

        with pytest.raises(DeniedToRole):
            next(counting.count(inst, by=clerk, now=NOW))


class TestMembers:
    def test_finds_who_is_counted_under_a_code(self, inst: Installation) -> None:
        count(inst)

        with reading(inst.engine) as db:
            month = statistics.months(db)[0]
            group = (Dimension.STANDING, "INFORMAL", "F")
            found = counting.members(db, inst, month, people.COMMUNE, group)

        assert [UUID(each) for each in found] == [people.person_id(2)]
