"""The rules of the law at the desk, followed step by step."""

import re

import pytest

from labour_book.services.access import Role
from labour_book.services.law_rules import RULES
from tests.api.desk.conftest import Seat, Seating, words


@pytest.fixture
def desk(small_seat: Seating) -> Seat:
    return small_seat(Role.APPROVER, "UB-00070")


class TestRules:
    def test_are_listed_and_each_has_a_page_with_an_example(self, desk: Seat) -> None:
        listed = desk.see("/law")

        for name in RULES:
            assert f'href="/desk/law/{name}"' in listed
            assert "Kết quả" in desk.see(f"/law/{name}")

    def test_shows_the_number_of_the_month_with_its_article(self, desk: Seat) -> None:
        before = words(desk.see("/law/contributions?wage=60000000&month=2026-06"))
        after = words(desk.see("/law/contributions?wage=60000000&month=2026-07"))

        assert "46.800.000 đồng" in before
        assert "50.600.000 đồng" in after
        assert "NĐ 161/2026 01/07/2026" in after

    def test_says_what_was_not_checked_against_the_official_text(self, desk: Seat) -> None:
        assert "▲ chưa đối chiếu văn bản" in words(desk.see("/law/unemployment"))
        assert "▲" not in words(desk.see("/law/retirement"))

    def test_does_not_guess_earlier_law(self, desk: Seat) -> None:
        text = words(desk.see("/law/pension?on=2020-01-01"))

        assert "chưa có quy định của thời điểm này (Số năm đóng tối thiểu)" in text

    def test_marks_what_is_written_wrongly(self, desk: Seat) -> None:
        answer = desk.get("/law/contributions?month=x")

        assert answer.status_code == 422
        assert re.search(r'name="month" value="x"[^>]* aria-invalid="true"', answer.text)

    def test_is_none_of_another_name(self, desk: Seat) -> None:
        assert desk.get("/law/alchemy").status_code == 404

    def test_is_told_in_english_too(self, desk: Seat) -> None:
        assert "Ceiling of the insured wage" in desk.see("/law/contributions?lang=en")
