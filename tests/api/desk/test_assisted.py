"""A correction asked for at the desk: the person is present, sees what is written, gets a slip."""

import re

import pytest

from labour_book.services.access import Role
from tests.api.desk import cases
from tests.api.desk.conftest import HTML, Seat, Seating, words
from tests.services import shares

COMMUNE = "UB-00070"
STATED = "Người lao động có mặt đề nghị"
CHANGE = {
    "kind": "employment",
    "version": "1",
    "line": "1",
    "claimed.first_day": "04/01/2021",
    "claimed.position": "",
    "present": "yes",
    "words": "Vào làm từ đầu năm.",
}


@pytest.fixture
def collector(small_seat: Seating) -> Seat:
    desk = small_seat(Role.COLLECTOR, COMMUNE)
    desk.office.issue(desk.office.people[0])
    return desk


def drafted(desk: Seat, **other: str) -> str:
    """Write a correction down, and return the address of its page below ``/desk``."""
    person = desk.office.people[0]
    answer = desk.send(f"/people/{person}/assist/draft", **CHANGE | other)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix("/desk").partition("?")[0]


class TestAssist:
    def test_shows_the_lines_of_the_newest_version_and_traces_the_look(self, seat: Seating) -> None:
        desk = seat(Role.COLLECTOR, COMMUNE)
        desk.office.issue(desk.office.people[0])

        answer = desk.send(f"/people/{desk.office.people[0]}/assist", stated=STATED)

        assert "1. Công ty Cổ phần Thép Hồng Hà (Từ 15/03/2021)" in words(answer.text)
        (row,) = shares.traces(desk.office.inst, "book.open")
        assert row["purpose"] == STATED

    def test_is_not_for_another_unit(self, collector: Seat, small_seat: Seating) -> None:
        elsewhere = small_seat(Role.COLLECTOR, "UB-26734")

        for step, form in (("", {"stated": STATED}), ("/draft", CHANGE)):
            answer = elsewhere.send(f"/people/{collector.office.people[0]}/assist{step}", **form)
            assert answer.status_code == 404

    def test_writes_down_what_was_filled_in_and_no_more(self, collector: Seat) -> None:
        text = words(collector.see(drafted(collector)))

        assert "04/01/2021" in text
        assert text.count("◆") == 1
        assert "Vào làm từ đầu năm." in text

    def test_needs_the_person_to_be_present(self, collector: Seat) -> None:
        person = collector.office.people[0]

        answer = collector.send(f"/people/{person}/assist/draft", **CHANGE | {"present": ""})

        assert answer.status_code == 422
        assert shares.traces(collector.office.inst, "case.draft") == []

    def test_takes_a_missing_line_and_one_that_is_not_theirs(self, collector: Seat) -> None:
        new = {
            "line": "0",
            "claimed.employer": "Xưởng Tân Tiến",
            "claimed.position": "Thợ",
            "claimed.first_day": "03/2015",
            "claimed.last_day": "–",
        }

        added = words(collector.see(drafted(collector, **new)))
        removed = words(collector.see(drafted(collector, remove="yes")))

        assert "Thêm dòng" in added
        assert "03/2015" in added
        assert "Bỏ dòng" in removed


class TestHandingIn:
    def test_goes_with_evidence_to_the_queue_and_leaves_a_slip(self, collector: Seat) -> None:
        address = drafted(collector)
        collector.see(address)
        token = collector.client.get("/session").json()["form_token"]
        added = collector.client.post(
            f"/desk{address}/files",
            data={"csrf": token, "evidence_class": "CONTRACT"},
            files={"file": ("hd.jpg", cases.photo(1), "image/jpeg")},
            headers=HTML,
        )
        (key,) = re.findall(r'name="key" value="([\w-]+)"', collector.see(address))

        done = collector.send(f"{address}/submit", key=key, present="yes")

        assert added.headers["location"].endswith("?done=attached"), added.text
        assert done.headers["location"].endswith("?done=submitted"), done.text
        text = words(collector.see(address))
        assert "Phiếu tiếp nhận" in text
        assert "Hợp đồng lao động, phụ lục" in text
        (number,) = set(re.findall(r"YC-\w{8}(?!-)", text))
        assert number in collector.see("/queue")

    def test_needs_the_person_to_have_read_it(self, collector: Seat) -> None:
        address = drafted(collector)

        assert collector.send(f"{address}/submit", key="k").status_code == 422
        assert "Đang soạn" in words(collector.see(address))

    def test_is_not_for_another_unit(self, collector: Seat, small_seat: Seating) -> None:
        address = drafted(collector)

        assert small_seat(Role.COLLECTOR, "UB-26734").get(address).status_code == 404
