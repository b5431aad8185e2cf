"""Find a person: a purpose first, a list that gives no number away, and a trace of every look."""

import json
import re
from uuid import UUID

import pytest

from labour_book.services import correcting
from labour_book.services.access import Role, deed
from tests.api.desk import cases
from tests.api.desk.conftest import Seat, Seating, words
from tests.services import people, shares

NAME = "Nguyễn Thị Số 1"
PURPOSE = {"purpose": "benefit", "purpose_words": "HS 12/2026"}
STATED = "Giải quyết chế độ, chính sách: HS 12/2026"
BY_NAME = PURPOSE | {"name": "nguyen thi so 1", "birth_year": "1990"}


@pytest.fixture
def commune(small_seat: Seating) -> Seat:
    return small_seat(Role.COLLECTOR, "UB-00070")


def found(seat: Seat, **form: str) -> str:
    answer = seat.send("/people", **form)
    assert answer.status_code == 200, answer.text
    return answer.text


class TestFind:
    def test_by_number_shows_who_it_is_and_no_number(self, seat: Seating) -> None:
        desk = seat(Role.COLLECTOR, "UB-00070")

        text = found(desk, **PURPOSE, number=f" {people.personal_id(1)} ")

        assert NAME in text
        assert "Tìm thấy 1 người" in text
        assert people.personal_id(1) not in text
        (row,) = shares.traces(desk.office.inst, "person.find")
        assert row["purpose"] == STATED
        assert json.loads(row["detail"]) == {"by": "number", "found": 1}

    def test_by_name_without_its_marks_and_year(self, seat: Seating) -> None:
        desk = seat(Role.COLLECTOR, "UB-00070")

        text = found(desk, **BY_NAME)

        assert NAME in text
        assert "Hoàn Kiếm" in text
        assert 'value="nguyen thi so 1"' in text

    def test_offers_names_that_are_nearly_it_in_one_commune(self, commune: Seat) -> None:
        text = found(commune, **BY_NAME | {"name": "Nguyễn Thị Số 4", "commune": "00070"})

        assert "Tên gần giống" in text
        assert NAME in text

    def test_finds_nobody_of_another_unit(self, small_seat: Seating) -> None:
        elsewhere = small_seat(Role.COLLECTOR, "UB-26734")

        for form in (BY_NAME, PURPOSE | {"number": people.personal_id(1)}):
            text = found(elsewhere, **form)
            assert NAME not in text
            assert "Tìm thấy 0 người" in text
        assert elsewhere.send("/people", **BY_NAME, commune="00070").status_code == 404

    @pytest.mark.parametrize("unit", ["BNV", "SNV-01"])
    def test_finds_people_of_the_units_below(self, small_seat: Seating, unit: str) -> None:
        assert NAME in found(small_seat(Role.APPROVER, unit), **BY_NAME)

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"number": "001190000001"}, "Hãy nêu mục đích"),
            (PURPOSE | {"number": "12"}, "Số không đúng dạng"),
            (PURPOSE | {"name": "An", "birth_year": "90"}, "Năm sinh gồm 4 chữ số"),
            (PURPOSE | {"name": "", "birth_year": "1990"}, "Hãy nhập họ tên"),
        ],
    )
    def test_says_what_is_missing_and_traces_nothing(
        self, commune: Seat, form: dict[str, str], said: str
    ) -> None:
        answer = commune.send("/people", **form)

        assert answer.status_code == 422
        assert said in words(answer.text)
        assert shares.traces(commune.office.inst, "person.find") == []

    @pytest.mark.parametrize("role", [Role.STATISTICIAN, Role.ADMIN])
    def test_is_not_for_those_who_deal_with_nobody(self, small_seat: Seating, role: Role) -> None:
        answer = small_seat(role).send("/people", **BY_NAME)

        assert answer.status_code == 403
        assert NAME not in answer.text


class TestOpen:
    def person(self, seat: Seat) -> UUID:
        return seat.office.people[0]

    def test_asks_for_the_purpose_first_and_shows_nothing(self, commune: Seat) -> None:
        address = f"/people/{self.person(commune)}"

        text = commune.see(address)
        empty = commune.send(address)

        assert "Mục đích xem" in text
        assert NAME not in text + empty.text
        assert empty.status_code == 422
        assert shares.traces(commune.office.inst, "book.open") == []

    def test_shows_the_book_with_the_number_masked(self, seat: Seating) -> None:
        desk = seat(Role.COLLECTOR, "UB-00070")
        desk.office.issue(self.person(desk))

        answer = desk.send(f"/people/{self.person(desk)}", **PURPOSE)

        assert answer.status_code == 200
        assert "Công ty Cổ phần Thép Hồng Hà" in answer.text
        assert people.personal_id(1) not in answer.text
        assert "********0001" in answer.text
        assert "Hiện hành" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        (row,) = shares.traces(desk.office.inst, "book.open")
        assert row["purpose"] == STATED

    def test_shows_the_number_when_asked_and_traces_that_apart(self, commune: Seat) -> None:
        answer = commune.send(f"/people/{self.person(commune)}", stated=STATED, whole_id="yes")

        assert "001 190 000001" in answer.text
        (row,) = shares.traces(commune.office.inst, "person.show-id")
        assert row["purpose"] == STATED

    def test_never_shows_why_somebody_left_or_what_they_earn(self, commune: Seat) -> None:
        text = commune.send(f"/people/{self.person(commune)}", **PURPOSE).text

        assert "7654321" not in text
        assert "7.654.321" not in text

    def test_is_not_for_another_unit(self, small_seat: Seating) -> None:
        elsewhere = small_seat(Role.COLLECTOR, "UB-26734")

        answer = elsewhere.send(f"/people/{self.person(elsewhere)}", **PURPOSE)

        assert answer.status_code == 404
        assert NAME not in answer.text
        (row,) = shares.traces(elsewhere.office.inst, "book.open")
        assert row["outcome"] == "refused"

    def test_needs_a_form_of_ours(self, commune: Seat) -> None:
        commune.get("")
        answer = commune.client.post(f"/desk/people/{self.person(commune)}", data=PURPOSE)

        assert answer.status_code == 403
        assert NAME not in answer.text

    def test_prints_a_version_under_a_name_that_names_nobody(self, commune: Seat) -> None:
        commune.office.issue(self.person(commune))

        answer = commune.send(f"/people/{self.person(commune)}/print", stated=STATED, version="1")

        assert answer.content.startswith(b"%PDF")
        assert "so-lao-dong.pdf" in answer.headers["content-disposition"]
        (row,) = shares.traces(commune.office.inst, "book.print")
        assert row["purpose"] == STATED

    def test_tells_on_a_page_of_the_desk_that_there_is_no_such_version(self, commune: Seat) -> None:
        answer = commune.send(f"/people/{self.person(commune)}/print", stated=STATED, version="9")

        assert answer.status_code == 404
        assert 'href="/desk/people"' in answer.text

    def test_lists_the_cases_of_the_person_and_leads_to_them(self, seat: Seating) -> None:
        desk = seat(Role.COLLECTOR, "UB-00070")
        desk.office.issue(self.person(desk))
        line = cases.handed_in(desk.office).line

        text = desk.send(f"/people/{self.person(desk)}", **PURPOSE).text

        assert f'<a href="/desk/cases/{line.case_id}">{line.number}</a>' in text
        assert desk.get(f"/cases/{line.case_id}").status_code == 200
        (row,) = shares.traces(desk.office.inst, "case.queue")
        assert (row["purpose"], json.loads(row["detail"])) == (STATED, {"listed": 1})

    def test_lists_no_draft_and_nobody_elses_case(self, commune: Seat) -> None:
        for person in commune.office.people[:2]:
            commune.office.issue(person)
        cases.handed_in(commune.office, 1)
        with deed(commune.office.inst.engine) as db:
            correcting.draft(
                db,
                commune.office.inst,
                cases.worker_of(self.person(commune)),
                correcting.Request(**cases.CHANGE),
                now=commune.office.clock.now,
            )

        text = commune.send(f"/people/{self.person(commune)}", **PURPOSE).text

        assert "Không có yêu cầu chỉnh sửa nào" in text
        assert re.search(r"\bYC-", text) is None
