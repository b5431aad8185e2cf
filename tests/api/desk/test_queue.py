"""My queue: what waits, due first; filters in the address; take, give back, next."""

import re
from datetime import timedelta

import pytest

from labour_book.domain.corrections import CaseState
from labour_book.services import deciding
from labour_book.services.access import Role, deed
from tests.api.desk import cases
from tests.api.desk.conftest import Seat, Seating, words
from tests.support import seats

COMMUNE = "UB-00070"


@pytest.fixture
def commune(small_seat: Seating) -> Seat:
    desk = small_seat(Role.APPROVER, COMMUNE)
    desk.office.issue(desk.office.people[0])
    return desk


def numbers_in(text: str) -> list[str]:
    return re.findall(r"data-open>(YC-\w{8})<", text)


class TestQueue:
    def test_shows_what_waits_without_naming_anybody(self, seat: Seating) -> None:
        desk = seat(Role.APPROVER, COMMUNE)
        desk.office.issue(desk.office.people[0])
        file = cases.handed_in(desk.office)

        text = desk.see("/queue")

        assert numbers_in(text) == [file.line.number]
        assert "Chức danh, công việc, Ngày bắt đầu" in words(text)
        assert "Nguyễn Thị Số 1" not in text
        assert str(desk.office.people[0]) not in text

    def test_marks_the_overdue_by_a_sign_and_a_word_and_puts_them_first(
        self, commune: Seat
    ) -> None:
        late = cases.handed_in(commune.office)
        commune.office.clock.now += timedelta(days=4)
        other = cases.handed_in(commune.office, **cases.ADD)
        commune.office.clock.now += timedelta(days=5)
        desk = again(commune)

        text = desk.see("/queue")

        assert numbers_in(text) == [late.line.number, other.line.number]
        assert "▲ Quá hạn 2 ngày" in words(text)
        assert numbers_in(desk.see("/queue?overdue=yes")) == [late.line.number]

    def test_filters_by_what_the_address_says(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)
        commune.send(f"/cases/{file.line.case_id}/claim")

        for query, count in (
            ("state=routed", 1),
            ("state=proposed", 0),
            ("kind=qualification", 0),
            ("kind=employment&claimed=me", 1),
            ("claimed=nobody", 0),
            ("owner=commune", 1),
            ("owner=province&below=yes", 0),
            ("state=nonsense", 1),
        ):
            assert len(numbers_in(commune.see(f"/queue?{query}"))) == count, query

    def test_pages_by_key(self, commune: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second = (cases.handed_in(commune.office) for _ in range(2))
        monkeypatch.setattr(deciding.queue, "__kwdefaults__", {"cursor": None, "limit": 1})

        page = commune.see("/queue?kind=employment&lang=en")
        (following,) = re.findall(r'rel="next" href="/desk(/queue\?[^"]+)"', page)
        text = commune.see(following.replace("&amp;", "&"))

        assert "kind=employment" in following
        assert "lang=en" in following
        assert {*numbers_in(page), *numbers_in(text)} == {first.line.number, second.line.number}
        assert 'rel="next"' not in text

    def test_is_not_for_another_unit(self, commune: Seat, small_seat: Seating) -> None:
        cases.handed_in(commune.office)

        assert numbers_in(small_seat(Role.APPROVER, "UB-26734").see("/queue")) == []

    def test_finds_a_case_by_its_number(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)

        answer = commune.get(f"/cases?number={file.line.number.lower()}")

        assert answer.headers["location"] == f"/desk/cases/{file.line.case_id}"
        assert commune.get("/cases?number=YC-00000000").status_code == 404


class TestClaiming:
    def test_shows_others_who_has_it(self, commune: Seat, small_seat: Seating) -> None:
        file = cases.handed_in(commune.office)
        other = small_seat(Role.APPROVER, COMMUNE, "Lê Thị Hai")

        answer = commune.send(f"/cases/{file.line.case_id}/claim", back="queue?kind=employment")
        refused = other.send(f"/cases/{file.line.case_id}/claim")

        assert answer.headers["location"] == "/desk/queue?kind=employment&done=claimed"
        assert "Trần Văn Cán" in other.see("/queue")
        assert refused.status_code == 409
        assert "Trần Văn Cán" in refused.text

    def test_is_undone_by_releasing(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)
        commune.send(f"/cases/{file.line.case_id}/claim")

        answer = commune.send(f"/cases/{file.line.case_id}/release")

        assert answer.headers["location"].endswith("?done=released")
        assert len(numbers_in(commune.see("/queue?claimed=nobody"))) == 1

    def test_goes_nowhere_but_to_our_own_pages(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)

        answer = commune.send(f"/cases/{file.line.case_id}/claim", back="https://x.example/queue?")

        assert answer.headers["location"].startswith("/desk/cases/")

    def test_of_the_next_takes_the_one_due_first(self, commune: Seat) -> None:
        first = cases.handed_in(commune.office)
        commune.office.clock.now += timedelta(days=3)
        desk = again(commune)
        cases.handed_in(desk.office)

        answer = desk.send("/queue/next")

        assert answer.headers["location"] == f"/desk/cases/{first.line.case_id}?done=claimed"
        with deed(desk.office.inst.engine) as db:
            taken = deciding.case(
                db, desk.office.inst, desk.caller, first.line.case_id, now=desk.office.clock.now
            )
        assert (taken.line.claimed_by, taken.line.state) == (desk.caller.id, CaseState.ROUTED)

    def test_of_the_next_says_so_when_there_is_none(self, commune: Seat) -> None:
        answer = commune.send("/queue/next")

        assert answer.headers["location"] == "/desk/queue?done=nothing-next"
        assert "Không còn việc nào" in commune.see("/queue?done=nothing-next")


def again(desk: Seat) -> Seat:
    """Let the same official sit down anew, after the session has run out."""
    return Seat(desk.client, desk.office, desk.caller, seats.session_of(desk.office, desk.caller))
