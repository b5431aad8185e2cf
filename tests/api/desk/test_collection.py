"""Plans, worklists and Form 03 on the screen, without script."""

import re
from uuid import uuid4

import pytest

from api.pages.texts import catalogue
from labour_book.domain.findings import severity_of
from labour_book.domain.visits import VisitState
from labour_book.services.access import Role
from labour_book.services.form_questions import BRANCHES, SECTIONS, asked
from labour_book.services.receipts import Outcome
from tests.api.desk.conftest import Seat, Seating, words
from tests.services.test_entering import TEXTS

COMMUNE = "UB-00070"
PLAN = {
    "commune_code": "00070",
    "first_day": "2026-11-01",
    "last_day": "2026-11-25",
    "collector": "Chị Hoa",
    "round_number": "1",
}


@pytest.fixture
def collector(seat: Seating) -> Seat:
    return seat(Role.COLLECTOR, COMMUNE)


@pytest.fixture
def small(small_seat: Seating) -> Seat:
    return small_seat(Role.COLLECTOR, COMMUNE)


def planned(seat: Seat) -> str:
    answer = seat.send("/collection/plans", **PLAN)
    assert answer.status_code == 303
    return str(answer.headers["location"]).partition("?")[0].removeprefix("/desk")


def filled(**texts: str) -> dict[str, str]:
    return {
        **TEXTS,
        "priority_groups": "POOR",
        "key": str(uuid4()),
        "commune_code": "00070",
        "collected_on": "2026-11-18",
        **texts,
    }


class TestCollection:
    def test_goes_from_a_plan_to_a_form_and_shows_how_far_it_is(self, collector: Seat) -> None:
        plan = planned(collector)
        text = collector.see(plan)
        visit = re.search(r"form\?visit=([0-9a-f-]+)", text)
        assert visit is not None
        begun = collector.see(f"/collection/form?visit={visit[1]}")
        assert re.search(r"\*{8}000\d", begun) is not None
        assert re.search(r"00\d{10}", words(begun)) is None

        noted = collector.send(f"/collection/visits/{visit[1]}", state="refused")
        totals = words(collector.see("/collection"))

        assert noted.headers["location"].endswith("?done=noted")
        assert "Từ chối 1" in totals
        assert "Phải đến 3" in totals
        assert "30/11/2026" in totals

    def test_adds_households_and_closes(self, small: Seat) -> None:
        plan = planned(small)
        small.send(f"{plan}/households", household_code="H-77")
        assert "H-77" in small.see(plan)

        small.send(f"{plan}/close")

        assert small.send(f"{plan}/fill").status_code == 409
        assert "Đã đóng" in small.see(plan)

    def test_keeps_the_state_that_was_chosen(self, small: Seat) -> None:
        plan = planned(small)

        assert '<option value="refused" selected>' in small.see(f"{plan}?state=refused")

    def test_shows_a_statistician_numbers_and_no_names(
        self, small: Seat, small_seat: Seating
    ) -> None:
        plan = planned(small)
        counter = small_seat(Role.STATISTICIAN, "BNV")

        assert "Phải đến 3" in words(counter.see("/collection"))
        assert counter.get(plan).status_code == 403
        assert counter.send("/collection/plans", **PLAN).status_code == 403

    def test_is_not_for_units_elsewhere(self, small: Seat, small_seat: Seating) -> None:
        plan = planned(small)
        elsewhere = small_seat(Role.COLLECTOR, "UB-26734")

        assert elsewhere.get(plan).status_code == 404
        assert "Phải đến 0" in words(elsewhere.see("/collection"))


class TestForm:
    def test_is_recorded_and_gives_a_receipt(self, collector: Seat) -> None:
        answer = collector.send("/collection/form", **filled())

        assert answer.status_code == 303
        place = answer.headers["location"].removeprefix("/desk")
        assert "Ghi mới" in words(collector.see(place))
        assert "001191000111" not in answer.headers["location"]

    def test_shows_what_is_wrong_and_keeps_what_was_entered(self, small: Seat) -> None:
        answer = small.send("/collection/form", **filled(birth_date="31/02/1991"))

        assert answer.status_code == 422
        assert 'value="31/02/1991"' in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert 'value="Trần Thị Mai"' in answer.text

    def test_shows_who_is_like_it_before_it_is_recorded(self, collector: Seat) -> None:
        collector.send("/collection/form", **filled())
        near = filled(personal_id="001191000112")

        asked_first = collector.send("/collection/form", **near)
        recorded = collector.send("/collection/form", **near, sure="yes")

        assert asked_first.status_code == 409
        assert "********0111" in asked_first.text
        assert recorded.status_code == 303

    def test_opens_both_branches_where_both_have_answers(self, small: Seat) -> None:
        answer = small.send("/collection/form", **filled(unemployed_history="WORKED"))

        assert answer.status_code == 409
        assert "branch-UNEMPLOYED filled" in answer.text
        kept = small.send("/collection/form", **filled(unemployed_history="WORKED"), sure="yes")
        assert kept.headers["location"].endswith("?done=kept")

    def test_counts_once_when_it_is_sent_twice(self, small: Seat) -> None:
        form = filled()

        first = small.send("/collection/form", **form)
        again = small.send("/collection/form", **form, sure="yes")

        assert first.headers["location"] == again.headers["location"]

    def test_ends_the_visit_it_came_of(self, small: Seat) -> None:
        plan = planned(small)
        visit = re.search(r"form\?visit=([0-9a-f-]+)", small.see(plan))
        assert visit is not None
        begun = small.see(f"/collection/form?visit={visit[1]}")
        name = re.search(r'name="full_name" value="([^"]+)"', begun)
        assert name is not None

        small.send(
            "/collection/form",
            **filled(
                visit=visit[1],
                full_name="Trần Thị Mới",
                personal_id="001191555111",
            ),
            sure="yes",
        )

        assert "Đã có phiếu 1" in words(small.see("/collection"))

    @pytest.mark.parametrize("changed", [{"key": "x"}, {"collected_on": "gestern"}])
    def test_refuses_what_no_form_of_ours_sends(self, small: Seat, changed: dict[str, str]) -> None:
        assert small.send("/collection/form", **filled(**changed)).status_code == 422

    def test_speaks_english_too(self, small: Seat) -> None:
        text = small.see("/collection/form?lang=en")

        assert "FORM FOR COLLECTING" in text
        assert "Wage employee" in text
        assert 'lang="en"' in text


class TestTexts:
    def test_name_each_state_outcome_and_part(self) -> None:
        keys = {
            *(f"desk.visit.{state}" for state in VisitState),
            *(f"desk.row.{outcome}" for outcome in Outcome),
            *(f"desk.form.outcome.{outcome}" for outcome in Outcome),
            *(f"desk.form.part.{name}" for name in SECTIONS),
            *(f"desk.form.branch.{name}" for name in BRANCHES),
            *(f"desk.field03.{field}" for field in asked()),
            *(f"desk.form.by.{how}" for how in ("number", "name", "receipt")),
        }

        assert keys <= set(catalogue())
        assert severity_of("COMMUNE_NOT_YOURS")
