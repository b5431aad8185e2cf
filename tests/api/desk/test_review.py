"""The review rooms and merges, without script."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from api.pages.texts import catalogue
from labour_book.database import transaction
from labour_book.domain.people import PartialDate
from labour_book.queries.people import identity_key
from labour_book.queries.rows import table_of
from labour_book.services.access import Role
from labour_book.tables import Person
from tests.api.conftest import Office
from tests.api.desk.conftest import Seat, Seating, words
from tests.api.desk.test_collection import filled

COMMUNE = "UB-00070"
STRANGER = {"personal_id": "", "full_name": "Hoàng Văn Lạ"}


@pytest.fixture
def collector(seat: Seating) -> Seat:
    return seat(Role.COLLECTOR, COMMUNE)


@pytest.fixture
def small(small_seat: Seating) -> Seat:
    return small_seat(Role.COLLECTOR, COMMUNE)


def waiting(seat: Seat) -> str:
    """Let a form go to review and return the page of its row."""
    seat.send("/collection/form", **filled(**STRANGER), sure="yes")
    rows = seat.see("/review/rows?cause=PERSON_UNKNOWN")
    found = re.search(r'href="/desk(/review/rows/[0-9a-f-]+/1)"', rows)
    assert found is not None
    return found[1]


def twice(office: Office) -> tuple[UUID, UUID]:
    """Let the second person seem to be the first, whom alone the register knows."""
    table, key = table_of(Person), identity_key("Nguyễn Thị Một", PartialDate(1990, 5, 17))
    with transaction(office.inst.engine) as db:
        for person, state in zip(office.people[:2], ("MATCHED", "NOT_FOUND"), strict=True):
            db.execute(
                sa.update(table)
                .where(table.c.id == person)
                .values(identity_key=key, match_state=state)
            )
    for person in office.people[:2]:
        office.issue(person)
    return office.people[0], office.people[1]


class TestReview:
    def test_leads_from_the_room_to_the_row_to_the_decision(self, collector: Seat) -> None:
        place = waiting(collector)
        room = words(collector.see("/review"))
        assert "Không tìm thấy người lao động theo thông tin trong dòng." in room
        assert "Hoàng Văn Lạ" in collector.see(place)

        found = collector.send(place, number="001190000002")
        person = re.search(r'value="link:([0-9a-f-]+)"', found.text)
        assert person is not None
        assert "001190000002" not in found.text
        answer = collector.send(f"{place}/decide", decision=f"link:{person[1]}")

        assert answer.headers["location"] == "/desk/review?done=row-recorded"
        assert "Không có dòng nào chờ." in words(collector.see("/review"))
        assert collector.get(place).status_code == 409

    def test_says_that_nobody_has_the_number(self, small: Seat) -> None:
        place = waiting(small)

        assert "Không ai trong hồ sơ có số này." in small.send(place, number="1").text

    def test_refuses_with_a_reason(self, small: Seat) -> None:
        place = waiting(small)

        assert small.send(f"{place}/decide", decision="refuse").status_code == 422
        done = small.send(f"{place}/decide", decision="refuse", reason="Không có người này")
        assert done.headers["location"] == "/desk/review?done=row-refused"

    @pytest.mark.parametrize("decision", ["burn", "link:x"])
    def test_refuses_other_words(self, small: Seat, decision: str) -> None:
        assert small.send(f"{waiting(small)}/decide", decision=decision).status_code == 422

    def test_is_not_for_units_elsewhere_or_auditors(self, small: Seat, small_seat: Seating) -> None:
        place = waiting(small)

        assert small_seat(Role.COLLECTOR, "UB-26734").get(place).status_code == 404
        assert small_seat(Role.AUDITOR, COMMUNE).get("/review").status_code == 403


class TestMerges:
    def test_take_two_officials_and_can_be_undone(self, collector: Seat, seat: Seating) -> None:
        kept, merged = twice(collector.office)
        listed = collector.see("/review/twice")
        assert f"a={kept}&amp;b={merged}" in listed or f"a={kept}&b={merged}" in listed

        compared = collector.see(f"/review/compare?a={kept}&b={merged}")
        assert compared.count('name="pair"') == 2
        proposed = collector.client.post(
            "/desk/review/merges",
            data={
                "csrf": collector.client.get("/session").json()["form_token"],
                "kept": str(kept),
                "pair": [str(kept), str(merged)],
                "reason": "Cùng một người",
            },
        )
        place = proposed.headers["location"].partition("?")[0].removeprefix("/desk")
        assert collector.send(f"{place}/confirm").status_code == 403

        approver = seat(Role.APPROVER, "SNV-01")
        confirmed = approver.send(f"{place}/confirm")
        assert confirmed.headers["location"].endswith("?done=merged")
        assert "Đã gộp" in words(approver.see(place))
        assert f"b={merged}" not in collector.see("/review/twice")

        undone = approver.send(f"{place}/undo", reason="Là hai chị em")
        assert undone.headers["location"].endswith("?done=unmerged")
        assert "Đã tách lại" in words(approver.see("/review/merges"))

    def test_are_not_offered_for_two_whom_the_register_knows(self, small: Seat) -> None:
        first, second, _third = small.office.people

        text = small.see(f"/review/compare?a={first}&b={second}")

        assert "Cơ sở dữ liệu dân cư xác nhận đây là hai người" in text
        assert 'name="kept"' not in text

    def test_never_show_a_whole_number(self, small: Seat) -> None:
        kept, merged = twice(small.office)
        for page in ("/review/twice", f"/review/compare?a={kept}&b={merged}"):
            assert re.search(r"\b001190\d{6}\b", small.see(page)) is None


class TestTexts:
    def test_name_each_state(self) -> None:
        merges = ("proposed", "declined", "done", "undone")
        matches = ("MATCHED", "MISMATCH", "NOT_FOUND", "DECEASED", "UNCHECKED")
        keys = {
            *(f"desk.merge.state.{state}" for state in merges),
            *(f"desk.match.{state}" for state in matches),
        }

        assert keys <= set(catalogue())
