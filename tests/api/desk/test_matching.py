"""Who does not match the population register, at the desk, without script."""

import json
from uuid import UUID

import pytest

from labour_book.database import reading, transaction
from labour_book.queries import linking
from labour_book.queries.trace import rows_from
from labour_book.services import match_lists
from labour_book.services.access import Role
from labour_book.services.identity_checks import Checked, Occasion, Result, note_check
from labour_book.tables import Person
from tests.api.desk.conftest import Seat, Seating, words
from tests.services import checks

COMMUNE = "UB-00070"


@pytest.fixture
def collector(small_seat: Seating) -> Seat:
    return small_seat(Role.COLLECTOR, COMMUNE)


def mismatched(seat: Seat, *causes: str) -> UUID:
    person = seat.office.people[0]
    with transaction(seat.office.inst.engine) as db:
        found = Checked(Result.MISMATCH, causes, seat.office.clock.now)
        note_check(db, person, found, occasion=Occasion.EVENT, now=seat.office.clock.now)
    return person


class TestMatching:
    def test_counts_by_cause_with_owner_and_way_out(self, collector: Seat) -> None:
        mismatched(collector, "OLD_NUMBER")

        shown = words(collector.see("/matching"))

        assert "CMND 9 số cũ" in shown
        assert "Cơ quan BHXH" in shown
        assert "OLD_NUMBER" not in shown

    @pytest.mark.parametrize("state", match_lists.STATES)
    def test_has_words_for_each_state_without_a_cause(self, collector: Seat, state: str) -> None:
        checks.change(collector.office.inst, Person, 1, 1, match_state=state)

        counted = words(collector.see("/matching"))

        assert "CSDL quốc gia về dân cư" in counted
        assert state not in counted
        assert str(collector.office.people[0]) in collector.see(f"/matching/people?state={state}")

    def test_lists_the_people_and_traces_the_list(self, collector: Seat) -> None:
        person = mismatched(collector, "OLD_NUMBER")

        shown = collector.see("/matching/people?state=MISMATCH&cause=OLD_NUMBER")

        assert f"/desk/people/{person}" in shown
        with reading(collector.office.inst.engine) as db:
            last = list(rows_from(db, 1))[-1]
        assert (last.action, json.loads(last.detail)["found"]) == ("match.list", 1)

    def test_knows_only_its_own_lists(self, collector: Seat) -> None:
        assert collector.get("/matching/people?state=MISMATCH&cause=X").status_code == 422
        assert collector.get("/matching/proposals?kind=x").status_code == 422

    def test_is_not_for_units_elsewhere_or_auditors(
        self, collector: Seat, small_seat: Seating
    ) -> None:
        person = mismatched(collector, "OLD_NUMBER")
        elsewhere = small_seat(Role.COLLECTOR, "UB-26734")
        listed = elsewhere.see("/matching/people?state=MISMATCH&cause=OLD_NUMBER")

        assert str(person) not in listed
        assert small_seat(Role.AUDITOR, COMMUNE).get("/matching").status_code == 403

    def test_proposes_two_who_may_be_one(self, collector: Seat) -> None:
        one, other = collector.office.people[:2]
        _proposed(collector, one, other)

        shown = collector.see("/matching/proposals?kind=twice")

        assert f"a={one}&b={other}" in shown.replace("&amp;", "&")
        assert "97,50 %" in shown
        assert "ngày và tháng sinh bị đảo" in shown


class TestPersonPage:
    def test_tells_why_somebody_does_not_match_and_who_mends_it(self, collector: Seat) -> None:
        person = mismatched(collector, "NAME_TONE_MARKS", "BIRTH_DATE_SWAPPED")

        shown = words(collector.send(f"/people/{person}", stated="Đối soát").text)

        assert "Ngày và tháng sinh bị đảo" in shown
        assert "chỉ khác dấu" in shown
        assert "Công an (CSDL dân cư)" in shown


def _proposed(seat: Seat, one: UUID, other: UUID) -> None:
    now = seat.office.clock.now
    run = UUID(int=77)
    row = {
        "id": run,
        "kind": "twice",
        "source": "",
        "model": "1",
        "state": "running",
        "position": 0,
        "rows": 2,
        "counts": "{}",
        "started_at": now,
        "finished_at": None,
        "recorded_by": "tester",
    }
    proposal = {
        "id": UUID(int=78),
        "run_id": run,
        "kind": "twice",
        "subject": str(one),
        "person_id": other,
        "commune_code": "00070",
        "decision": "review",
        "probability": 975_000,
        "rule": "MODEL",
        "levels": json.dumps({"birth": "swapped", "name": "same", "number": "unsaid"}),
        "state": "open",
        "proposed_at": now,
    }
    with transaction(seat.office.inst.engine) as db:
        linking.begin_run(db, row)
        linking.add_proposals(db, [proposal])
