"""The commune's pages of support and payment lists: seen, narrowed, acted on, taken away."""

import pytest

from labour_book.services.access import Role
from tests.api.desk.conftest import Seat, Seating, words
from tests.services import losses
from tests.services.people import person_id

PEOPLE = f"/support/people/{person_id(1)}"


@pytest.fixture
def approver(small_seat: Seating) -> Seat:
    seat = small_seat(Role.APPROVER)
    losses.loses_work(seat.office.inst, 1)
    losses.detect(seat.office.inst)
    return seat


class TestLists:
    def test_show_losses_and_proposals_of_the_commune(self, approver: Seat) -> None:
        lost = words(approver.see("/support?which=lost"))
        proposed = words(approver.see("/support?which=proposed&policy=unemployment-benefit"))

        assert "Thép Hồng Hà" in lost
        assert "09/2026" in lost
        assert "hợp đồng chấm dứt" in lost
        assert "20/12/2026" in proposed
        assert "tự nguyện" not in proposed.split("Hạn nộp")[-1]

    def test_are_nobody_elses(self, approver: Seat, small_seat: Seating) -> None:
        elsewhere = small_seat(Role.COLLECTOR, "UB-26734")

        assert "Không có ai" in words(elsewhere.see("/support?which=lost"))
        assert elsewhere.get(PEOPLE).status_code == 404
        assert approver.get(PEOPLE).status_code == 200

    def test_leave_as_a_file_for_a_purpose(self, approver: Seat) -> None:
        answer = approver.send("/support/export", which="lost", form="csv", purpose="Rà soát")

        assert answer.headers["content-disposition"].startswith(
            'attachment; filename="support-lost'
        )
        assert "Thép Hồng Hà" not in answer.headers["content-disposition"]
        assert "09" in answer.text


class TestPerson:
    def test_is_explained_step_by_step_and_reminded(self, approver: Seat) -> None:
        page = approver.see(PEOPLE)
        shown = words(page)
        benefit = page.split("Trợ cấp thất nghiệp</h3>")[1]
        remind = benefit.split('action="/desk')[1].split('"')[0]

        assert "không phải quyết định" in shown
        assert "Số tháng đóng tối thiểu" in shown
        assert remind.endswith("/remind")
        assert approver.send(remind).headers["location"].endswith("done=support-reminded")


class TestPayments:
    def test_say_when_there_is_nobody_to_pay(self, approver: Seat) -> None:
        assert "không chi tiền" in words(approver.see("/support/payments"))

        answer = approver.send(
            "/support/payments", policy="voluntary-insurance-support", month="2026-11"
        )

        assert answer.status_code == 409
        assert "Không còn ai" in words(answer.text)
