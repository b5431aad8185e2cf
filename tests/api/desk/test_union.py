"""The union's pages: firms with numbers, names for a purpose, and the list as a file."""

import re

import pytest

from labour_book.services.access import Role
from tests.api.conftest import Office
from tests.api.desk.conftest import Seat, Seating, words
from tests.services import people
from tests.services.test_union_list import owe


@pytest.fixture
def union(small_office: Office, small_seat: Seating) -> Seat:
    owe(small_office.inst)
    return small_seat(Role.UNION, "LDLD01")


class TestUnion:
    def test_sees_firms_and_asks_for_names_with_a_purpose(self, union: Seat) -> None:
        said = words(union.see("/union"))

        assert "Công ty Cổ phần Thép Hồng Hà" in said
        assert "phá sản, giải thể" in said
        assert "nợ đóng" in said
        assert "Nguyễn" not in said.partition("Công ty")[2].partition("Xuất")[0]
        code = people.EMPLOYER_CODE
        assert union.send("/union/firm", code=code).status_code == 422
        named = union.send("/union/firm", code=code, purpose="Khởi kiện")
        assert named.status_code == 200
        assert "07/2026 – 10/2026" in words(named.text)
        assert code not in str(named.url)

    def test_takes_the_list_away_with_its_hash(self, union: Seat) -> None:
        taken = union.send("/union/export", purpose="Khởi kiện")

        assert taken.headers["content-type"] == "text/csv; charset=utf-8"
        assert re.fullmatch(r"# SHA-256 [0-9a-f]{64}", taken.text.splitlines()[-1])

    def test_is_nobody_elses_and_opens_nothing_else(self, union: Seat, small_seat: Seating) -> None:
        assert union.get("/queue").status_code == 403
        assert 'href="/desk/union"' in union.see("")
        assert small_seat(Role.INSPECTOR, "SNV-01").get("/union").status_code == 403


class TestSatisfaction:
    def test_says_that_there_are_too_few(self, small_seat: Seating) -> None:
        said = words(small_seat(Role.INSPECTOR, "SNV-01").see("/oversight/satisfaction"))

        assert "Chưa đủ 5 câu trả lời" in said
