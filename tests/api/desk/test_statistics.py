"""The pages of statistics: numbers that are the same everywhere, and told only to whom they may."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console

from labour_book.cli import statistics as command
from labour_book.services import counting
from labour_book.services.access import Role
from labour_book.services.installation import Installation
from tests.api.conftest import OPERATOR
from tests.api.desk.conftest import Seat, Seating, words
from tests.conftest import NOW
from tests.services import numbers
from tests.services.people import person_id

COMMUNE = "UB-00070"


@pytest.fixture
def ministry(small_seat: Seating) -> Seat:
    found = small_seat(Role.STATISTICIAN, "BNV")
    numbers.keep(found.office.inst)
    return found


class TestStructure:
    def test_is_the_same_on_the_page_in_the_interface_and_on_the_command_line(
        self, seat: Seating, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = seat(Role.STATISTICIAN, "BNV")
        numbers.keep(desk.office.inst)
        token = desk.office.token("official", Role.STATISTICIAN, unit="BNV")
        asked = {"unit": "SNV-01", "basis": "workers"}

        answer = desk.client.get("/statistics/structure", params=asked, headers=token).json()
        page = words(desk.see("/statistics/structure?unit=SNV-01&basis=workers"))
        said = on_command_line(desk.office.inst, monkeypatch)

        ages = {
            (each["code"], each["sex"]): each["people"] for each in answer["tables"][0]["groups"]
        }
        assert ages["15-19", "F"] is ages["15-19", "M"] is None
        assert ages["25-29", "F"] == 61
        assert ages["*", "*"] == 226
        assert "25-29 61 61 122" in page
        assert "Tổng số 113 113 226" in page
        (line,) = (each for each in said.splitlines() if "25-29" in each)
        assert [each.strip() for each in line.split("│")[3:-1]] == ["61", "61", "0", "122"]

    def test_shows_a_statistician_a_dash_where_there_are_too_few(self, ministry: Seat) -> None:
        text = ministry.see("/statistics/structure?unit=SNV-01&basis=workers")

        assert "không nêu vì quá ít người" in words(text)
        assert text.count('role="img"') == 2

    @pytest.mark.usefixtures("ministry")
    def test_shows_all_to_who_may_see_the_people(self, small_seat: Seating) -> None:
        approver = small_seat(Role.APPROVER, "SNV-01")

        assert "15-19 3 3 6" in words(approver.see("/statistics/structure?basis=workers"))

    def test_is_not_told_of_a_unit_that_is_not_theirs(
        self, ministry: Seat, small_seat: Seating
    ) -> None:
        elsewhere = small_seat(Role.STATISTICIAN, "SNV-79")

        assert elsewhere.get("/statistics/structure?unit=SNV-01").status_code == 404
        assert ministry.get("/statistics/structure?basis=pets").status_code == 422
        assert ministry.get("/statistics/structure?month=1999-01").status_code == 200
        assert "Chưa có tháng nào" in ministry.see("/statistics/structure?month=1999-01")


class TestMobility:
    def test_is_a_matrix_with_what_would_tell_of_few_left_out(self, ministry: Seat) -> None:
        text = words(ministry.see("/statistics/mobility"))

        assert "186 lượt dịch chuyển" in text
        assert "Khu công nghiệp (KCN) 0 0 – không nêu" in text
        assert ministry.see("/statistics/mobility?lang=en").count("<svg ") == 1

    @pytest.mark.usefixtures("ministry")
    def test_of_a_commune_is_that_of_its_province(self, small_seat: Seating) -> None:
        clerk = small_seat(Role.COLLECTOR, COMMUNE)

        text = words(clerk.see("/statistics/mobility"))

        assert "SNV-01" in text
        assert "không nêu vì quá ít người" in text

    def test_knows_its_kinds_and_spans(self, ministry: Seat) -> None:
        assert ministry.get("/statistics/mobility?kind=planet").status_code == 422
        assert ministry.get("/statistics/mobility?span=2").status_code == 422


class TestPeople:
    def test_are_listed_to_the_commune_and_nobody_is_named(self, small_seat: Seating) -> None:
        desk = small_seat(Role.APPROVER, COMMUNE)
        list(counting.count(desk.office.inst, by=OPERATOR, now=NOW))

        text = desk.see("/statistics/structure")
        listed = desk.see("/statistics/people?dimension=standing&code=FORMAL&unit=UB-00070")

        assert "/desk/statistics/people?unit=UB-00070" in text
        assert f'href="/desk/people/{person_id(1)}"' in listed
        assert "Nguyễn Thị Số" not in listed

    def test_are_not_listed_to_a_statistician_nor_of_a_province(
        self, ministry: Seat, small_seat: Seating
    ) -> None:
        approver = small_seat(Role.APPROVER, "SNV-01")
        asked = "dimension=age&code=25-29"

        assert ministry.get(f"/statistics/people?{asked}").status_code == 403
        assert approver.get(f"/statistics/people?{asked}").status_code == 422


class TestStart:
    def test_leads_to_everything_there_is(self, ministry: Seat) -> None:
        text = ministry.see("/statistics")

        for each in ("structure", "mobility", "coverage"):
            assert f'href="/desk/statistics/{each}' in text
        assert 'href="/data"' in text


def on_command_line(inst: Installation, monkeypatch: pytest.MonkeyPatch) -> str:
    heard = io.StringIO()

    @contextmanager
    def opened() -> Iterator[Installation]:
        yield inst

    monkeypatch.setattr(command, "opened", opened)
    monkeypatch.setattr(command, "now", lambda: NOW)
    monkeypatch.setattr(command, "OUT", Console(file=heard, width=200, highlight=False))
    command.structure(unit="SNV-01", month="", basis="workers")
    return heard.getvalue()
