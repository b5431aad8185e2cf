"""A case on the desk: the line, its sources, the evidence, what registers say, and the decision."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import transaction
from labour_book.queries.rows import table_of
from labour_book.services import deciding
from labour_book.services.access import Role, deed
from labour_book.services.case_views import CaseFile, RegisterAnswer
from labour_book.services.identity_checks import Checked, Occasion, Result, note_check
from labour_book.tables import EmploymentFact, ImportRun, InsuranceFact
from tests.api.desk import cases
from tests.api.desk.conftest import HTML, Seat, Seating, words
from tests.services import people, shares

COMMUNE = "UB-00070"
APPROVE = {"outcome": "approved", "reason_code": "EVIDENCE_CONVINCES"}
REFUSE = {"outcome": "refused", "reason_code": "NOT_PROVEN"}


@pytest.fixture
def commune(small_seat: Seating) -> Seat:
    desk = small_seat(Role.APPROVER, COMMUNE)
    desk.office.issue(desk.office.people[0])
    return desk


def address(file: CaseFile, step: str = "") -> str:
    return f"/cases/{file.line.case_id}{step}"


def keyed(text: str) -> dict[str, str]:
    """Return the key that the form of a decision on a page brings along."""
    return {"key": re.findall(r'name="key" value="([\w-]+)"', text)[0]}


def as_it_stands(desk: Seat, file: CaseFile) -> CaseFile:
    with deed(desk.office.inst.engine) as db:
        return deciding.case(
            db, desk.office.inst, desk.caller, file.line.case_id, now=desk.office.clock.now
        )


class TestPage:
    def test_says_how_the_person_compares_with_the_population_register(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)
        other = Checked(Result.MISMATCH, ("NAME_DIFFERS",), commune.office.clock.now)
        with deed(commune.office.inst.engine) as db:
            now = commune.office.clock.now
            note_check(db, file.person_id, other, occasion=Occasion.DECISION, now=now)

        text = words(commune.see(address(file)))

        assert "Đối chiếu dân cư: lệch dân cư" in text
        assert "Họ tên khác với người mang số giấy tờ này" in text

    def test_shows_before_and_after_and_marks_what_is_changed(self, seat: Seating) -> None:
        desk = seat(Role.APPROVER, COMMUNE)
        desk.office.issue(desk.office.people[0])
        file = cases.handed_in(desk.office)

        text = desk.see(address(file))

        assert "<del>Thợ hàn</del>" in text
        assert "Thay đổi: Thợ hàn bậc 4" in words(text).replace("◆ ", "")
        assert "<del>15/03/2021</del>" in text
        assert "04/01/2021" in text
        assert "Không xác định thời hạn" in text
        assert text.count('class="changed"') == 2
        assert cases.WORDS in text
        (row,) = shares.traces(desk.office.inst, "case.open")
        assert row["person_id"] is not None

    def test_shows_where_the_line_comes_from(self, commune: Seat) -> None:
        text = words(commune.see(address(cases.handed_in(commune.office))))

        assert "HĐLĐ điện tử" in text
        assert "✓ Còn giá trị" in text
        assert "7654321" not in text

    def test_shows_what_was_voided_by_whom_and_why(self, commune: Seat) -> None:
        people.void_employment(commune.office.inst.engine, 1, at=commune.office.clock.now)
        people.add_diploma(
            commune.office.inst.engine, commune.office.people[0], 1, at=commune.office.clock.now
        )
        file = cases.handed_in(commune.office, **cases.ADD | {"claimed": ADDED})

        assert "✗ Đã vô hiệu" in words(commune.see(address(file)))
        assert "Hệ thống: wrong" in words(commune.see(address(file)))

    def test_names_no_login_of_a_machine(self, commune: Seat) -> None:
        inst, now = commune.office.inst, commune.office.clock.now
        people.void_employment(inst.engine, 1, at=now)
        with transaction(inst.engine) as db:
            run = {"id": UUID(int=7), "kind": "insurance", "file_name": "x", "file_sha256": "0"}
            more = {"file_bytes": 1, "state": "done", "started_at": now, "recorded_by": "sysadmin"}
            db.execute(sa.insert(table_of(ImportRun)), run | more)
            for table in map(table_of, (EmploymentFact, InsuranceFact)):
                db.execute(sa.update(table).values(recorded_by="sysadmin", run_id=UUID(int=7)))
        file = cases.handed_in(commune.office, **cases.ADD | {"claimed": ADDED})

        text = words(commune.see(address(file)))

        assert "Hệ thống, nhập dữ liệu: Bảo hiểm" in text
        assert "sysadmin" not in text

    def test_of_a_missing_line_shows_what_is_to_be_added(self, commune: Seat) -> None:
        text = words(commune.see(address(cases.handed_in(commune.office, **cases.ADD))))

        assert "Xưởng cơ khí Tân Tiến" in text
        assert "03/2015" in text
        assert "Cần hai người" in text

    def test_is_not_for_another_unit(self, commune: Seat, small_seat: Seating) -> None:
        file = cases.handed_in(commune.office)

        answer = small_seat(Role.APPROVER, "UB-26734").get(address(file))

        assert answer.status_code == 404
        assert "Nguyễn Thị Số 1" not in answer.text

    def test_never_shows_a_personal_id(self, commune: Seat) -> None:
        assert people.personal_id(1) not in commune.see(address(cases.handed_in(commune.office)))

    def test_offers_a_collector_nothing_to_decide(self, commune: Seat, small_seat: Seating) -> None:
        text = small_seat(Role.COLLECTOR, COMMUNE).see(address(cases.handed_in(commune.office)))

        assert 'name="outcome"' not in text


ADDED = {
    "employer": "Công ty Cổ phần Thép Hồng Hà",
    "position": "Thợ hàn",
    "first_day": "2021-03-15",
}


class TestEvidence:
    def test_is_shown_small_and_handed_out_as_a_file(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office, photos=1)

        text = commune.see(address(file))
        (preview,) = re.findall(r'<img src="/desk([^"]+)"', text)
        shown = commune.get(preview)
        saved = commune.get(preview.removesuffix("/preview"))

        assert "Ảnh xem trước tệp 1: Hợp đồng lao động, phụ lục" in text
        assert shown.headers["content-type"] == "image/jpeg"
        assert saved.headers["content-disposition"].startswith("attachment")
        assert saved.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in saved.headers["content-security-policy"]
        assert len(shares.traces(commune.office.inst, "case.file")) == 2

    def test_of_others_is_not_found(self, commune: Seat, small_seat: Seating) -> None:
        file = cases.handed_in(commune.office, photos=1)
        (preview,) = re.findall(r'<img src="/desk([^"]+)"', commune.see(address(file)))

        assert small_seat(Role.APPROVER, "UB-26734").get(preview).status_code == 404


class TestRegisters:
    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (None, "không hỏi được"),
            (False, "▲ ghi khác"),
            (True, "✓ xác nhận nội dung đề nghị"),
        ],
    )
    def test_tell_silence_apart_from_a_different_answer(
        self,
        commune: Seat,
        monkeypatch: pytest.MonkeyPatch,
        answer: bool | None,  # noqa: FBT001 - one of the three answers there are
        said: str,
    ) -> None:
        file = cases.handed_in(commune.office)
        told = RegisterAnswer(
            register="insurance",
            confirms=answer,
            fields={"first_month": "2021-01"},
            asked_at=commune.office.clock.now,
            problem="TIMEOUT" if answer is None else "",
        )
        monkeypatch.setattr(deciding, "register_answers", lambda *_given, **_named: [told])

        text = words(commune.send(address(file, "/registers")).text)

        assert f"Cơ sở dữ liệu BHXH: {said}" in text
        assert "Hỏi lúc 20/11/2026 15:30" in text
        assert ("Từ tháng 01/2021" in text) == (answer is not None)

    def test_that_are_not_connected_do_not_answer_and_nothing_breaks(self, commune: Seat) -> None:
        answer = commune.send(address(cases.handed_in(commune.office), "/registers"))

        assert answer.status_code == 200
        assert "✓ xác nhận" not in words(answer.text)

    def test_answer_the_script_with_a_part_of_the_page(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)
        commune.see("")
        token = commune.client.get("/session").json()["form_token"]

        answer = commune.client.post(
            f"/desk{address(file, '/registers')}",
            data={"csrf": token},
            headers=HTML | {"X-Fragment": "1"},
        )

        assert answer.status_code == 200
        assert "<html" not in answer.text


class TestDecide:
    def test_changes_the_book_and_says_so(self, seat: Seating) -> None:
        desk = seat(Role.APPROVER, COMMUNE)
        desk.office.issue(desk.office.people[0])
        file = cases.handed_in(desk.office)
        page = desk.see(address(file))

        answer = desk.send(address(file, "/decide"), **APPROVE, **keyed(page))

        assert answer.headers["location"].endswith("?done=decided")
        text = words(desk.see(address(file, "?done=decided")))
        assert "Đã quyết định. Người yêu cầu được báo." in text
        assert "Sổ từ bản 1 thành bản 2." in text
        assert "✗ Đã vô hiệu" in text
        assert 'name="outcome"' not in desk.see(address(file))

    def test_sent_twice_decides_once(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)
        key = keyed(commune.see(address(file)))

        first, second = (commune.send(address(file, "/decide"), **APPROVE, **key) for _ in "12")

        assert (first.status_code, second.status_code) == (303, 303)
        assert len(as_it_stands(commune, file).decisions) == 1

    def test_takes_a_part_when_only_that_is_proven(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)
        key = keyed(commune.see(address(file)))
        partly = {"outcome": "partly", "reason_code": "PARTLY_PROVEN", "words": "Thiếu giấy tờ."}

        answer = commune.send(address(file, "/decide"), **partly, **key, accepted="position")

        assert answer.status_code == 303, answer.text
        text = words(commune.see(address(file)))
        assert "Thợ hàn bậc 4 ✓ Có" in text
        assert "04/01/2021 ✗ Không" in text

    def test_of_high_impact_takes_two(self, commune: Seat, small_seat: Seating) -> None:
        file = cases.handed_in(commune.office, **cases.ADD)
        second = small_seat(Role.APPROVER, COMMUNE, "Lê Thị Hai")

        proposed = commune.send(address(file, "/decide"), **APPROVE, key="k-1", two_needed="yes")
        own = commune.send(address(file, "/confirm"), key="k-2")
        page = second.see(address(file))
        confirmed = second.send(address(file, "/confirm"), **keyed(page))

        assert proposed.headers["location"].endswith("?done=proposed")
        assert own.status_code in {403, 409}
        assert "Chính bạn đã đề xuất. Cán bộ khác phải xác nhận." in words(own.text)
        assert "Trần Văn Cán đề xuất" in words(page)
        assert confirmed.headers["location"].endswith("?done=confirmed")
        assert "Trần Văn Cán + Lê Thị Hai" in words(second.see(address(file)))

    def test_refuses_with_reason_and_article(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)

        commune.send(address(file, "/decide"), **REFUSE, key="k", words="Không có hợp đồng.")

        text = words(commune.see(address(file)))
        assert "Từ chối" in text
        assert "NĐ 43/2021/NĐ-CP, Điều 8" in text
        assert "Không có hợp đồng." in text

    def test_tells_who_was_quicker_and_when(self, commune: Seat, small_seat: Seating) -> None:
        file = cases.handed_in(commune.office)
        second = small_seat(Role.APPROVER, COMMUNE, "Lê Thị Hai")
        late = keyed(second.see(address(file)))
        commune.send(address(file, "/decide"), **APPROVE, key="k")

        answer = second.send(address(file, "/decide"), **REFUSE, **late)

        assert answer.status_code == 409
        assert "Bước gần nhất: Quyết định" in words(answer.text)
        assert "Trần Văn Cán" in answer.text
        assert "20/11/2026 15:30" in answer.text

    def test_says_what_is_missing(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)

        assert commune.send(address(file, "/decide"), key="k").status_code == 422
        assert commune.send(address(file, "/more"), words=" ").status_code == 422
        assert commune.send(address(file, "/send-on"), words="x").status_code == 422

    def test_is_taken_back_by_two_who_have_not_made_it(
        self, commune: Seat, small_seat: Seating
    ) -> None:
        file = cases.handed_in(commune.office)
        commune.send(address(file, "/decide"), **APPROVE, key="k")
        inspector = small_seat(Role.INSPECTOR, "SNV-01")
        second = small_seat(Role.APPROVER, "SNV-01")
        assert "Đề xuất hủy quyết định" in words(inspector.see(address(file)))

        proposed = inspector.send(
            address(file, "/propose-back"), reason_code="DECIDED_IN_ERROR", words="Nhầm hồ sơ."
        )
        own = words(inspector.see(address(file)))
        page = second.see(address(file))
        answer = second.send(address(file, "/reverse"), **keyed(page))

        assert proposed.headers["location"].endswith("?done=proposed"), proposed.text
        assert "Chính bạn đã đề xuất" in own
        assert "Nhầm hồ sơ." in words(page)
        assert answer.headers["location"].endswith("?done=reversed"), answer.text
        assert "Sổ từ bản 2 thành bản 3." in words(inspector.see(address(file)))

    def test_stands_if_the_second_does_not_agree(self, commune: Seat, small_seat: Seating) -> None:
        file = cases.handed_in(commune.office)
        commune.send(address(file, "/decide"), **APPROVE, key="k")
        small_seat(Role.INSPECTOR, "SNV-01").send(
            address(file, "/propose-back"), reason_code="DECIDED_IN_ERROR", words="Nhầm hồ sơ."
        )
        second = small_seat(Role.APPROVER, "SNV-01")

        answer = second.send(address(file, "/let-stand"), words="Quyết định đúng.")

        assert answer.headers["location"].endswith("?done=let-stand"), answer.text
        assert "Đề xuất hủy quyết định đã ra" in words(second.see(address(file)))


class TestOtherSteps:
    def test_asking_for_more_stops_the_clock(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)

        answer = commune.send(address(file, "/more"), words="Gửi bản chụp hợp đồng.")

        assert answer.headers["location"].endswith("?done=asked-more")
        assert "Chờ bổ sung" in words(commune.see(address(file)))

    def test_sending_on_gives_it_to_another_owner(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)

        answer = commune.send(address(file, "/send-on"), owner="province", words="Thuộc tỉnh.")

        assert answer.headers["location"].endswith("?done=sent-on")

    def test_declaring_a_relation_keeps_the_official_from_deciding(self, commune: Seat) -> None:
        file = cases.handed_in(commune.office)

        answer = commune.send(address(file, "/relation"), relation="sibling")
        page = words(commune.see(address(file)))
        refused = commune.send(address(file, "/decide"), **APPROVE, key="k")

        assert "Bạn đã khai có quan hệ gia đình với người này" in page
        assert "Lý do và điều luật" not in page
        assert answer.headers["location"] == "/desk/queue?done=relation"
        assert refused.status_code in {403, 409}

    @pytest.mark.parametrize(
        "step", ["/claim", "/decide", "/confirm", "/more", "/send-on", "/reverse", "/relation"]
    )
    def test_need_a_form_of_ours(self, commune: Seat, step: str) -> None:
        file = cases.handed_in(commune.office)
        commune.see(address(file))
        sent = {"key": "k", "words": "x"} | APPROVE

        answer = commune.client.post(f"/desk{address(file, step)}", data=sent, headers=HTML)

        assert answer.status_code == 403
        assert as_it_stands(commune, file).revision == file.revision
