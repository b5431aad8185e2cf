from datetime import datetime
from uuid import UUID

import pytest

from labour_book.errors import Invalid, NotFound
from labour_book.services import access, entering, reviewing
from labour_book.services.access import NotFoundForCaller, Role
from labour_book.services.installation import Installation
from labour_book.services.likeness import OwnRecord
from labour_book.services.receipts import Outcome, Receipt
from labour_book.services.reviewing import DecidedAlready, Decision, Ruled, StillOpen
from tests.services.desk import Desk, official, opened_desk
from tests.services.test_entering import answers, form

STRANGER = {"personal_id": "", "full_name": "Hoàng Văn Lạ"}
SAME_NAME = {"personal_id": "001190777777", "full_name": "Nguyễn Thị Một"}
Place = tuple[UUID, int]


@pytest.fixture
def desk(inst: Installation, now: datetime) -> Desk:
    return opened_desk(inst, now, people=2)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Desk:
    return opened_desk(sqlite_inst, now, people=2)


def waiting(desk: Desk, now: datetime, **texts: str) -> Place:
    """Let a form go to review and return where it waits."""
    with access.deed(desk.inst.engine) as db:
        done = entering.enter_form(db, desk.inst, desk.collector, form(**texts), now=now)
    assert done.receipt.outcome is Outcome.NEEDS_REVIEW
    return done.run_id, 1


def decided(desk: Desk, place: Place, ruled: Ruled, now: datetime) -> Receipt | None:
    with access.deed(desk.inst.engine) as db:
        return reviewing.decide(db, desk.inst, desk.colleague, place, ruled, now=now)


class TestRooms:
    def test_count_what_waits_by_cause_where_the_unit_serves(
        self, desk: Desk, now: datetime
    ) -> None:
        waiting(desk, now, **STRANGER)
        waiting(desk, now, unemployed_history="WORKED")
        with access.deed(desk.inst.engine) as db:
            for caller in (desk.collector, desk.approver, desk.ministry):
                found = {
                    each.told.cause: each.rows for each in reviewing.rooms(db, caller, now=now)
                }
                assert found == {"PERSON_UNKNOWN": 1, "CONTRADICTORY_BRANCHES": 1}
            assert reviewing.rooms(db, desk.elsewhere, now=now) == []

    def test_are_paged_in_the_order_in_which_the_rows_came(self, desk: Desk, now: datetime) -> None:
        places = {waiting(desk, now, full_name=f"Hoàng Lạ {each}", personal_id="") for each in "AB"}
        with access.deed(desk.inst.engine) as db:
            rows = reviewing.waiting(db, desk.collector, "PERSON_UNKNOWN", now=now)
            first, second = rows
            after = (first.run_id, first.ordinal)
            rest = reviewing.waiting(db, desk.collector, "PERSON_UNKNOWN", after=after, now=now)
        assert {(each.run_id, each.ordinal) for each in rows} == places
        assert rest == [second]


class TestOpenRow:
    def test_shows_the_row_and_who_may_be_meant(self, desk: Desk, now: datetime) -> None:
        place = waiting(desk, now, birth_date="17/05/1990", **SAME_NAME)
        with access.deed(desk.inst.engine) as db:
            row = reviewing.open_row(db, desk.inst, desk.colleague, place, now=now)

        assert row.receipt.raw is not None
        assert row.receipt.raw["Họ, chữ đệm và tên"] == "Nguyễn Thị Một"
        assert [each.person_id for each in row.likeness.people] == [desk.people[0]]
        assert row.decisions == (
            Decision.LINK,
            Decision.NEW,
            Decision.ACCEPT,
            Decision.REFUSE,
        )

    def test_finds_somebody_by_a_number_that_is_asked_for(self, small: Desk, now: datetime) -> None:
        place = waiting(small, now, **STRANGER)
        with access.deed(small.inst.engine) as db:
            row = reviewing.open_row(
                db, small.inst, small.colleague, place, number="001190 000002", now=now
            )

        assert [each.person_id for each in row.likeness.people] == [small.people[1]]

    def test_is_not_for_units_elsewhere(self, small: Desk, now: datetime) -> None:
        place = waiting(small, now, **STRANGER)
        with pytest.raises(NotFound), access.deed(small.inst.engine) as db:
            reviewing.open_row(db, small.inst, small.elsewhere, place, now=now)


class TestDecide:
    def test_records_the_row_of_the_person_it_is_linked_to(self, desk: Desk, now: datetime) -> None:
        place = waiting(desk, now, **STRANGER)

        receipt = decided(desk, place, Ruled(Decision.LINK, person_id=desk.people[1]), now)

        assert receipt is not None
        assert receipt.outcome is Outcome.CREATED
        assert receipt.person_id == desk.people[1]
        assert receipt.matched_by == "DECIDED"
        assert len(answers(desk)) == 1

    def test_enters_somebody_new(self, desk: Desk, now: datetime) -> None:
        place = waiting(desk, now, birth_date="17/05/1990", **SAME_NAME)

        receipt = decided(desk, place, Ruled(Decision.NEW), now)

        assert receipt is not None
        assert receipt.outcome is Outcome.CREATED
        assert receipt.person_id not in desk.people

    def test_enters_nobody_without_a_number_of_their_own(self, small: Desk, now: datetime) -> None:
        place = waiting(small, now, **STRANGER)

        with pytest.raises(Invalid):
            decided(small, place, Ruled(Decision.NEW), now)

    def test_is_not_a_refusal_of_what_is_said_of_oneself(self, small: Desk, now: datetime) -> None:
        known = {
            "full_name": "Nguyễn Thị Một",
            "birth_date": "17/05/1990",
            "personal_id": "001190000001",
        }
        place = waiting(small, now, unemployed_history="WORKED", **known)
        own = official(small.inst, Role.COLLECTOR, "UB-00070", now, person_id=small.people[0])

        with pytest.raises(OwnRecord), access.deed(small.inst.engine) as db:
            reviewing.decide(db, small.inst, own, place, Ruled(Decision.REFUSE, "Sai"), now=now)

    def test_accepts_what_was_held_back(self, desk: Desk, now: datetime) -> None:
        known = {
            "full_name": "Nguyễn Thị Một",
            "birth_date": "17/05/1990",
            "personal_id": "001190000001",
        }
        place = waiting(desk, now, unemployed_history="WORKED", **known)

        receipt = decided(desk, place, Ruled(Decision.ACCEPT), now)

        assert receipt is not None
        assert receipt.person_id == desk.people[0]
        assert receipt.outcome is Outcome.CREATED

    def test_cannot_accept_a_row_of_nobody(self, small: Desk, now: datetime) -> None:
        place = waiting(small, now, **STRANGER)

        with pytest.raises(Invalid):
            decided(small, place, Ruled(Decision.ACCEPT), now)

    def test_refuses_with_a_reason_only(self, desk: Desk, now: datetime) -> None:
        place = waiting(desk, now, **STRANGER)
        with pytest.raises(Invalid):
            decided(desk, place, Ruled(Decision.REFUSE, " "), now)

        assert decided(desk, place, Ruled(Decision.REFUSE, "Không có người này"), now) is None
        assert answers(desk) == []
        with access.deed(desk.inst.engine) as db:
            assert reviewing.rooms(db, desk.collector, now=now) == []

    def test_happens_once(self, desk: Desk, now: datetime) -> None:
        place = waiting(desk, now, **STRANGER)
        ruled = Ruled(Decision.LINK, person_id=desk.people[1])
        decided(desk, place, ruled, now)

        with pytest.raises(DecidedAlready):
            decided(desk, place, ruled, now)
        with pytest.raises(DecidedAlready), access.deed(desk.inst.engine) as db:
            reviewing.open_row(db, desk.inst, desk.colleague, place, now=now)

    def test_leaves_nothing_behind_when_the_row_still_does_not_fit(
        self, small: Desk, now: datetime
    ) -> None:
        place = waiting(small, now, birth_date="17/05/1990", **SAME_NAME)
        decided(small, place, Ruled(Decision.NEW), now)
        other = waiting(
            small, now, unemployed_history="NEVER", birth_date="17/05/1990", **SAME_NAME
        )

        with pytest.raises(StillOpen):
            decided(small, other, Ruled(Decision.NEW), now)
        with access.deed(small.inst.engine) as db:
            assert len(reviewing.rooms(db, small.collector, now=now)) == 1

    def test_is_not_about_people_elsewhere_or_oneself(self, small: Desk, now: datetime) -> None:
        place = waiting(small, now, **STRANGER)
        own = official(small.inst, Role.COLLECTOR, "UB-00070", now, person_id=small.people[1])
        ruled = Ruled(Decision.LINK, person_id=small.people[1])
        with pytest.raises(OwnRecord), access.deed(small.inst.engine) as db:
            reviewing.decide(db, small.inst, own, place, ruled, now=now)
        nobody = Ruled(Decision.LINK, person_id=UUID(int=5))
        with pytest.raises(NotFoundForCaller):
            decided(small, place, nobody, now)
