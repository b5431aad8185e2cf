"""The unit's inbox, and what workers ask it about who looked."""

import re

import pytest
import sqlalchemy as sa

from api.pages.notices import ONLY_TO_WORKERS, TO_ENTERPRISES, TO_OFFICES
from api.pages.texts import catalogue
from labour_book.database import reading
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.queries import notices
from labour_book.queries.rows import table_of
from labour_book.services import asking_reasons
from labour_book.services.access import Role, deed
from labour_book.tables import Trace
from tests.api.desk import cases
from tests.api.desk.conftest import Seat, Seating, words
from tests.services import people, shares

COMMUNE = "UB-00070"
PURPOSE = {"purpose": "benefit", "purpose_words": "HS 12/2026"}
STATED = "Giải quyết chế độ, chính sách: HS 12/2026"


def asked(seat: Seat) -> int:
    """Let the seat look at somebody, who asks why; return the number of that look."""
    person = seat.office.people[0]
    assert seat.send(f"/people/{person}", **PURPOSE).status_code == 200
    trace = table_of(Trace)
    with reading(seat.office.inst.engine) as db:
        number: int = db.execute(
            sa.select(sa.func.max(trace.c.seq)).where(trace.c.action == "book.open")
        ).scalar_one()
    with deed(seat.office.inst.engine) as db:
        asking_reasons.ask(db, cases.worker_of(person), number, now=seat.office.clock.now)
    return number


@pytest.fixture
def approver(seat: Seating) -> Seat:
    return seat(Role.APPROVER, COMMUNE)


@pytest.fixture
def small(small_seat: Seating) -> Seat:
    return small_seat(Role.APPROVER, COMMUNE)


class TestQuestions:
    def test_are_answered_with_the_worker_told_and_a_trace(self, approver: Seat) -> None:
        number = asked(approver)
        text = approver.see("/questions")
        assert STATED in words(text)
        assert approver.caller.name in text
        assert "1 câu hỏi chờ trả lời" in words(approver.see(""))

        answer = approver.send(f"/questions/{number}", words="Xét trợ cấp 1187")

        assert answer.status_code == 303
        after = approver.see("/questions?done=reason-answered")
        assert "Xét trợ cấp 1187" in after
        assert "Đã trả lời người lao động" in after
        assert f'action="/desk/questions/{number}"' not in after
        assert "0 câu hỏi chờ trả lời" in words(approver.see(""))
        worker = Recipient("worker", str(approver.office.people[0]))
        with reading(approver.office.inst.engine) as db:
            told = notices.notice_about(db, worker, NoticeKind.REASON_ANSWERED, str(number))
        assert told is not None
        assert told.facts == {"access": number, "answer": "Xét trợ cấp 1187"}
        (row,) = shares.traces(approver.office.inst, "access.answer-reason")
        assert row["outcome"] == "ok"

    def test_name_nobody_who_asks(self, small: Seat) -> None:
        asked(small)

        text = small.see("/questions")

        assert "Nguyễn Thị Số 1" not in text
        assert people.personal_id(1) not in text
        assert f'href="/desk/people/{small.office.people[0]}"' in text

    @pytest.mark.parametrize("said", ["  ", "x" * 201])
    def test_keep_what_was_written_when_it_is_no_reason(self, small: Seat, said: str) -> None:
        number = asked(small)

        answer = small.send(f"/questions/{number}", words=said)

        assert answer.status_code == 422
        assert f'value="{said}"' in answer.text
        assert shares.traces(small.office.inst, "access.answer-reason") == []

    def test_are_answered_once(self, small: Seat) -> None:
        number = asked(small)
        small.send(f"/questions/{number}", words="Xét trợ cấp")

        again = small.send(f"/questions/{number}", words="Khác")

        assert again.status_code == 409
        assert "đã được trả lời" in again.text

    def test_of_another_unit_are_not_there(self, small_seat: Seating) -> None:
        number = asked(small_seat(Role.APPROVER, COMMUNE))
        other = small_seat(Role.APPROVER, "UB-26734")

        assert "Chưa có câu hỏi nào" in other.see("/questions")
        assert other.send(f"/questions/{number}", words="Không").status_code == 404

    def test_are_not_for_who_looks_at_nobody(self, small_seat: Seating) -> None:
        statistician = small_seat(Role.STATISTICIAN, "BNV")

        assert statistician.get("/questions").status_code == 403
        assert 'href="/desk/questions"' not in statistician.see("") + statistician.see("/notices")


class TestInbox:
    def test_leads_to_the_case_and_is_read_one_by_one(self, approver: Seat) -> None:
        approver.office.issue(approver.office.people[0])
        file = cases.handed_in(approver.office)

        text = approver.see("/notices")
        (path,) = re.findall(r'action="/desk(/notices/[0-9a-f-]{36}/read)"', text)

        assert f'href="/desk/cases/{file.line.case_id}"' in text
        assert file.line.number in text
        assert "1 thông báo chưa đọc" in words(text)
        assert approver.send(path).status_code == 303
        assert "0 thông báo chưa đọc" in words(approver.see("/notices"))
        assert approver.send(path).status_code == 404

    def test_is_read_all_at_once_up_to_what_was_shown(self, small: Seat) -> None:
        asked(small)
        text = small.see("/notices")
        shown = re.search(r'name="up_to" value="([0-9a-f-]+)"', text)
        assert shown is not None
        assert 'href="/desk/questions"' in text

        answer = small.send("/notices/read", up_to=shown[1])

        assert answer.status_code == 303
        after = small.see("/notices")
        assert "0 thông báo chưa đọc" in words(after)
        assert "/read" not in after

    def test_of_another_unit_is_another(self, small_seat: Seating) -> None:
        first = small_seat(Role.APPROVER, COMMUNE)
        asked(first)
        other = small_seat(Role.ADMIN, "BNV")
        shown = re.search(r'name="up_to" value="([0-9a-f-]+)"', first.see("/notices"))
        assert shown is not None

        assert "Không có thông báo nào" in other.see("/notices")
        assert other.send("/notices/read", up_to=shown[1]).status_code == 404

    def test_goes_on_a_page_at_a_time(self, small: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("api.pages.seat.AT_ONCE", 1)
        asked(small)
        asked(small)

        older = re.search(r'href="/desk(/notices\?before=[0-9a-f-]+)"', small.see("/notices"))

        assert older is not None
        assert small.see(older[1]).count('class="card"') == 1


class TestKinds:
    def test_all_have_an_inbox_where_they_go(self) -> None:
        assert set(NoticeKind) == TO_ENTERPRISES | ONLY_TO_WORKERS
        assert not TO_ENTERPRISES & ONLY_TO_WORKERS
        assert TO_OFFICES < TO_ENTERPRISES

    @pytest.mark.parametrize("kind", sorted(TO_ENTERPRISES))
    def test_have_words(self, kind: NoticeKind) -> None:
        assert f"notices.told.{kind}" in catalogue()


class TestNavigation:
    @pytest.mark.parametrize("path", ["/uploads", "/paper"])
    def test_shows_that_the_page_belongs_to_the_collection(self, small: Seat, path: str) -> None:
        (entry,) = re.findall(r'<a href="/desk/collection" accesskey[^>]*>', small.see(path))

        assert 'aria-current="true"' in entry
