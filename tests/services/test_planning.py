from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest

from labour_book.domain.visits import BY_HAND, TRANSITIONS, VisitState
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.services import access, entering, home_visits, planning
from labour_book.services.access import DeniedToRole, Role
from labour_book.services.installation import Installation
from labour_book.services.planning import NewPlan
from tests.services.desk import Desk, official, opened_desk
from tests.services.test_entering import form

PLAN = NewPlan("00070", "Thôn 2", 1, date(2026, 11, 1), date(2026, 11, 25), "Chị Hoa")
WHOLE = replace(PLAN, hamlet="", round=2)


@pytest.fixture
def desk(inst: Installation, now: datetime) -> Desk:
    return opened_desk(inst, now, people=3)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Desk:
    return opened_desk(sqlite_inst, now, people=3)


def planned(desk: Desk, now: datetime, plan: NewPlan = WHOLE) -> UUID:
    with access.deed(desk.inst.engine) as db:
        plan_id = planning.make_plan(db, desk.collector, plan, now=now)
        planning.fill(db, desk.collector, plan_id, now=now)
    return plan_id


class TestMakePlan:
    @pytest.mark.parametrize(
        "changed",
        [
            {"last_day": date(2026, 10, 31)},
            {"round": 0},
            {"collector": ""},
            {"commune_code": "26734"},
            {"hamlet": "x" * 121},
        ],
    )
    def test_refuses_what_cannot_be(
        self, small: Desk, now: datetime, changed: dict[str, object]
    ) -> None:
        with pytest.raises(Invalid), access.deed(small.inst.engine) as db:
            planning.make_plan(db, small.collector, replace(PLAN, **changed), now=now)  # type: ignore[arg-type]  # values of several types

    def test_is_once_for_a_hamlet_and_round(self, desk: Desk, now: datetime) -> None:
        planned(desk, now)

        with pytest.raises(Conflict):
            planned(desk, now)

    def test_is_for_those_who_collect(self, small: Desk, now: datetime) -> None:
        counter = official(small.inst, Role.STATISTICIAN, "UB-00070", now)
        with pytest.raises(DeniedToRole), access.deed(small.inst.engine) as db:
            planning.make_plan(db, counter, PLAN, now=now)


class TestFill:
    def test_takes_everybody_of_the_commune_once(self, desk: Desk, now: datetime) -> None:
        plan = planned(desk, now)
        with access.deed(desk.inst.engine) as db:
            planning.fill(db, desk.collector, plan, now=now)
            visits = home_visits.worklist(db, desk.collector, plan, now=now)

        assert {each.person_id for each in visits} == set(desk.people)
        assert {each.state for each in visits} == {"not_visited"}

    def test_takes_those_of_a_hamlet_by_their_last_form(self, desk: Desk, now: datetime) -> None:
        with access.deed(desk.inst.engine) as db:
            done = entering.enter_form(db, desk.inst, desk.collector, form(), now=now)

        plan = planned(desk, now, PLAN)

        with access.deed(desk.inst.engine) as db:
            (visit,) = home_visits.worklist(db, desk.collector, plan, now=now)
        assert visit.person_id == done.receipt.person_id
        assert visit.household_code == "H-17"
        assert visit.full_name == "Trần Thị Mai"

    def test_ends_with_the_plan(self, small: Desk, now: datetime) -> None:
        plan = planned(small, now)
        with access.deed(small.inst.engine) as db:
            planning.close_plan(db, small.collector, plan, now=now)

        with pytest.raises(Conflict), access.deed(small.inst.engine) as db:
            planning.fill(db, small.collector, plan, now=now)
        with pytest.raises(Conflict), access.deed(small.inst.engine) as db:
            planning.add_household(db, small.collector, plan, "H-1", now=now)

    def test_is_not_for_units_elsewhere(self, small: Desk, now: datetime) -> None:
        plan = planned(small, now)
        with pytest.raises(NotFound), access.deed(small.inst.engine) as db:
            planning.fill(db, small.elsewhere, plan, now=now)


class TestNoteVisit:
    def test_follows_the_table(self, desk: Desk, now: datetime) -> None:
        plan = planned(desk, now)
        with access.deed(desk.inst.engine) as db:
            visit, *_rest = home_visits.worklist(db, desk.collector, plan, now=now)
            for state in (VisitState.VISITED, VisitState.REFUSED, VisitState.MOVED):
                home_visits.note_visit(db, desk.collector, visit.id, state, now=now)
            (moved,) = home_visits.worklist(db, desk.collector, plan, [VisitState.MOVED], now=now)
        assert moved.id == visit.id
        with pytest.raises(Conflict), access.deed(desk.inst.engine) as db:
            home_visits.note_visit(db, desk.collector, visit.id, VisitState.MOVED, now=now)
        with pytest.raises(Invalid), access.deed(desk.inst.engine) as db:
            home_visits.note_visit(db, desk.collector, visit.id, VisitState.DONE, now=now)

    def test_ends_with_the_form(self, desk: Desk, now: datetime) -> None:
        plan = planned(desk, now)
        with access.deed(desk.inst.engine) as db:
            household = planning.add_household(db, desk.collector, plan, "H-99", now=now)
            person = entering.enter_form(
                db, desk.inst, desk.collector, form(), now=now
            ).receipt.person_id
            for _twice in range(2):
                home_visits.finish_visit(db, desk.collector, household, person, now=now)
            _plan, visit = home_visits.visit_of(db, desk.collector, household, now=now)

        assert visit.state == "done"
        assert visit.person_id == person

    def test_has_a_way_on_from_each_state_but_the_last(self) -> None:
        assert set(TRANSITIONS) == set(VisitState)
        assert [state for state, to in TRANSITIONS.items() if not to] == [VisitState.DONE]
        assert VisitState.DONE not in BY_HAND


class TestRoundOf:
    def test_rolls_up_from_hamlet_to_ministry(self, desk: Desk, now: datetime) -> None:
        plan = planned(desk, now)
        with access.deed(desk.inst.engine) as db:
            visit, *_rest = home_visits.worklist(db, desk.collector, plan, now=now)
            home_visits.finish_visit(db, desk.collector, visit.id, None, now=now)
            seen = {
                caller.unit_code: planning.round_of(db, desk.inst, caller, year=2026, now=now)
                for caller in (desk.collector, desk.approver, desk.ministry, desk.elsewhere)
            }

        for unit in ("UB-00070", "SNV-01", "BNV"):
            assert (seen[unit].total.done, seen[unit].total.total) == (1, 3)
            assert seen[unit].total.percent == 33
        assert [each.code for each in seen["SNV-01"].below] == ["00070"]
        assert [each.code for each in seen["BNV"].below] == ["01"]
        assert seen["UB-26734"].plans == []
        assert seen["UB-26734"].total.total == 0

    def test_names_the_next_deadlines_with_their_source(self, small: Desk, now: datetime) -> None:
        with access.deed(small.inst.engine) as db:
            found = planning.round_of(db, small.inst, small.collector, year=2026, now=now)

        assert [each.last_day for each in found.deadlines] == [
            date(2026, 11, 30),
            date(2026, 12, 15),
            date(2027, 1, 5),
            date(2027, 4, 5),
        ]
        assert all(each.source for each in found.deadlines)
