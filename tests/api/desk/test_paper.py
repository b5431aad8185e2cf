"""Old paper books on the web: the scan, the transcription, the second person."""

import re

import httpx
import pytest
import sqlalchemy as sa

from api.pages.texts import catalogue
from labour_book.database import transaction
from labour_book.queries.rows import table_of
from labour_book.services.access import Role
from labour_book.tables import Person
from tests.api.desk.conftest import HTML, Seat, Seating, words
from tests.services.test_transcribing import picture

COMMUNE = "UB-00070"
LINE = {
    "employer_name": "Nhà máy Dệt số 3",
    "position": "Thợ dệt",
    "first_month": "1994-03",
    "last_month": "1996-03",
}


def kept(seat: Seat, number: str, content: bytes) -> httpx.Response:
    seat.see("/paper")
    return seat.client.post(
        "/desk/paper",
        data={
            "csrf": seat.client.get("/session").json()["form_token"],
            "number": number,
            "page_ref": "01-273185/tr.6",
        },
        files={"file": ("p.png", content)},
        headers=HTML,
    )


def scanned(seat: Seat) -> str:
    answer = kept(seat, "001190000001", picture())
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0].removeprefix("/desk")


@pytest.fixture
def small(small_seat: Seating) -> Seat:
    return named(small_seat(Role.COLLECTOR, COMMUNE))


def named(seat: Seat) -> Seat:
    """Give the first person a name that a book can hold."""
    table = table_of(Person)
    with transaction(seat.office.inst.engine) as db:
        db.execute(
            sa.update(table)
            .where(table.c.id == seat.office.people[0])
            .values(full_name="Nguyễn Thị Một", search_key="nguyen thi mot")
        )
    return seat


class TestPaper:
    def test_goes_from_the_scan_over_two_people_to_the_record(self, seat: Seating) -> None:
        first, second = named(seat(Role.COLLECTOR, COMMUNE)), seat(Role.COLLECTOR, COMMUNE)
        place = scanned(first)
        picture_shown = first.get(f"{place}/scan")
        assert picture_shown.headers["content-type"] == "image/jpeg"
        assert picture_shown.headers["cache-control"] == "no-store"

        assert first.send(place, **LINE).headers["location"].endswith("?done=transcribed")
        assert "cần người khác kiểm tra" in first.see(place)
        assert first.send(f"{place}/right").status_code == 403
        done = second.send(f"{place}/right")

        assert done.status_code == 200
        assert "Ghi mới" in words(done.text)
        assert "Không có trang nào chờ." in second.see("/paper")

    def test_says_what_is_wrong_beside_its_line(self, small: Seat) -> None:
        place = scanned(small)

        answer = small.send(place, **{**LINE, "last_month": "1990-01"})

        assert answer.status_code == 422
        assert len(re.findall(r'class="q-wrong"', answer.text)) == 1
        assert 'value="1990-01"' in answer.text

    def test_comes_back_with_what_was_read(self, small: Seat, small_seat: Seating) -> None:
        place = scanned(small)
        small.send(place, **LINE)

        small_seat(Role.COLLECTOR, COMMUNE).send(f"{place}/back", note="Sai tháng")

        text = small.see(place)
        assert "Sai tháng" in text
        assert 'value="Nhà máy Dệt số 3"' in text

    @pytest.mark.parametrize(
        ("number", "content", "status"),
        [("1", picture(), 404), ("001190000001", b"no picture", 422)],
    )
    def test_is_of_somebody_on_file_and_a_picture(
        self, small: Seat, number: str, content: bytes, status: int
    ) -> None:
        assert kept(small, number, content).status_code == status

    def test_is_not_for_units_elsewhere(self, small: Seat, small_seat: Seating) -> None:
        place = scanned(small)
        elsewhere = small_seat(Role.COLLECTOR, "UB-26734")

        assert elsewhere.get(place).status_code == 404
        assert elsewhere.get(f"{place}/scan").status_code == 404

    def test_has_words_for_each_state(self) -> None:
        states = ("scanned", "transcribed", "recorded", "dropped")

        assert {f"desk.paper.state.{state}" for state in states} <= set(catalogue())
