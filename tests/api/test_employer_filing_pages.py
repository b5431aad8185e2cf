"""Declaring at the employer's desk, as a browser without script does it."""

import re
import threading
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.import_worker import import_waiting
from api.routes.media import XLSX
from labour_book.domain.filings import FilingKind
from labour_book.domain.partial_dates import PartialDate
from labour_book.services import access
from labour_book.services.access import Caller, Role
from tests.api.conftest import OPERATOR, Office
from tests.api.login.visitor import HTML
from tests.api.test_employer_pages import Desk, desk_of
from tests.registers.test_employer_filings import HIRED as ROW
from tests.registers.test_employer_filings import workbook
from tests.services import filings, people, shares
from tests.services.shares import EMPLOYER
from tests.support import seats

HIRE = {
    "step": "check",
    "personal_id": people.personal_id(2),
    "full_name": "Nguyễn Thị Số 2",
    "birth_date": "1990-05-17",
    "first_day": "2026-11-02",
    "position": "Kế toán viên",
    "contract_kind": "INDEFINITE",
}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def desk(small_client: TestClient, small_office: Office) -> Desk:
    app = small_client.app
    assert isinstance(app, FastAPI)
    return desk_of(app, small_client, small_office)


def carried(text: str, step: str) -> dict[str, str]:
    """Return what the form with this step carries along."""
    (form,) = [each for each in text.split("<form")[1:] if f'name="step" value="{step}"' in each]
    return {
        name: unescape(value)
        for name, value in HIDDEN.findall(form.partition("</form>")[0])
        if name != "csrf"
    }


def checked(desk: Desk, kind: str, **form: Any) -> httpx.Response:
    return desk.send(f"/filings/new/{kind}", **form)


def sent(desk: Desk, kind: str, **form: Any) -> str:
    """Check a form, send it, and return its receipt."""
    confirm = checked(desk, kind, **form)
    assert confirm.status_code == 200, confirm.text
    answer = checked(desk, kind, **carried(confirm.text, "send"))
    assert answer.status_code == 303, answer.text
    path: str = answer.headers["location"].removeprefix("/employer")
    return desk.see(path)


class TestForm:
    @pytest.mark.parametrize("kind", ["hire", "change", "end"])
    def test_asks_whom_it_is_about_and_what(self, desk: Desk, kind: str) -> None:
        text = desk.see(f"/filings/new/{kind}")

        assert "Số định danh cá nhân" in text
        assert ("Lý do chấm dứt" in text) == (kind == "end")

    def test_of_an_own_worker_names_them_and_asks_no_number(self, desk: Desk) -> None:
        worker = desk.office.people[0]

        text = desk.see(f"/filings/new/end?worker={worker}")

        assert "Nguyễn Thị Số 1" in text
        assert "Số định danh" not in text
        assert desk.client.get("/session").status_code == 200

    def test_of_another_ones_worker_is_not_found(self, desk: Desk) -> None:
        shares.add_enterprise(desk.office.inst.engine, shares.RIVAL_CODE, "ACTIVE")
        desk.visitor.stage.person = {"org_id": shares.RIVAL_CODE, "full_name": "HR"}
        desk.visitor.sign_in()

        path = f"/employer/filings/new/end?worker={desk.office.people[0]}"

        assert desk.client.get(path, headers=HTML).status_code == 404

    def test_tells_what_is_wrong_at_each_field(self, desk: Desk) -> None:
        answer = checked(desk, "hire", **HIRE | {"position": "", "first_day": "2027-01-01"})

        assert answer.status_code == 422
        assert 'id="position-fault"' in answer.text
        assert 'id="first_day-fault"' in answer.text
        assert "Chưa gửi được: 2 chỗ cần sửa" in answer.text
        assert 'value="Nguyễn Thị Số 2"' in answer.text

    def test_tells_what_contradicts_the_record(self, desk: Desk) -> None:
        answer = checked(desk, "hire", **HIRE | {"birth_date": "1991-05-17"})

        assert answer.status_code == 409
        assert "Không có người lao động nào" in answer.text
        assert "VNeID" in answer.text

    def test_keeps_the_number_out_of_addresses_and_titles(self, desk: Desk) -> None:
        confirm = checked(desk, "hire", **HIRE)

        title = confirm.text.partition("<title>")[2].partition("</title>")[0]
        assert "Nguyễn" not in title
        assert people.personal_id(2) not in "".join(
            re.findall(r'(?:href|action)="[^"]*"', confirm.text)
        )


class TestSending:
    def test_shows_it_once_more_and_files_nothing_yet(self, desk: Desk) -> None:
        confirm = checked(desk, "hire", **HIRE)

        assert "Xem lại trước khi gửi" in confirm.text
        assert "02/11/2026" in confirm.text
        assert "không xác định thời hạn" in confirm.text.lower()
        assert "Chưa có khai báo nào" in desk.see("/filings")

    def test_leads_to_a_receipt_with_its_deadline(self, desk: Desk) -> None:
        text = sent(desk, "hire", **HIRE)

        assert re.search(r"KB-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}", text)
        assert "Đúng hạn" in text
        assert "02/12/2026" in text
        assert "chưa được kiểm chứng" in text
        assert "Phòng nhân sự" in text
        assert people.personal_id(2) not in text

    def test_twice_files_once(self, desk: Desk) -> None:
        confirm = checked(desk, "hire", **HIRE)
        form = carried(confirm.text, "send")

        one, two = (checked(desk, "hire", **form) for _ in range(2))

        assert one.headers["location"] == two.headers["location"]

    def test_goes_back_to_the_form_as_it_was(self, desk: Desk) -> None:
        confirm = checked(desk, "hire", **HIRE)

        again = checked(desk, "hire", **carried(confirm.text, "fill"))

        assert 'value="Kế toán viên"' in again.text

    def test_ends_the_work_of_an_own_worker(self, desk: Desk) -> None:
        worker = str(desk.office.people[0])
        form = {"last_day": "2026-11-18", "end_reason_clause": "9", "worker_id": worker}

        text = sent(desk, "end", step="check", **form)

        assert "9. Người lao động đơn phương chấm dứt" in text
        (fact,) = filings.facts_of(desk.office.inst, desk.office.people[0])
        assert fact["end_reason_clause"] == 9

    def test_corrects_and_cancels_by_further_filings(self, desk: Desk) -> None:
        first = sent(desk, "hire", **HIRE)
        (path,) = set(re.findall(r"/employer(/filings/[0-9a-f-]{36})/correct", first))
        form = desk.send(f"{path}/correct")
        assert 'value="Kế toán viên"' in form.text
        corrects = path.rpartition("/")[2]
        changed = {**HIRE, "position": "Thủ quỹ", "corrects": corrects}
        again = sent(desk, "hire", **{k: v for k, v in changed.items() if k not in WHO})
        (newest,) = set(re.findall(r"/employer(/filings/[0-9a-f-]{36})/cancel", again))

        confirm = desk.send(f"{newest}/cancel")
        done = checked(desk, "cancel", **carried(confirm.text, "send"))

        assert done.status_code == 303
        assert "Đã được thay bằng khai báo sau" in desk.see(path)
        assert filings.facts_of(desk.office.inst, desk.office.people[1]) == []

    def test_of_another_session_is_refused(self, desk: Desk) -> None:
        answer = desk.client.post("/employer/filings/new/hire", data=HIRE, headers=HTML)

        assert answer.status_code == 403


WHO = ("personal_id", "full_name", "birth_date")


class TestStaff:
    def test_shows_the_last_filing_and_what_can_be_done(self, desk: Desk) -> None:
        filed = filings.filed(
            desk.office.inst,
            desk.office.clock.now,
            filings.new(FilingKind.CHANGE, filings.CHANGED, desk.office.people[0]),
            EMPLOYER,
        )

        text = desk.send("/staff", purpose="Báo cáo").text

        assert f"/employer/filings/{filed.id}" in text
        assert f"/employer/filings/new/end?worker={desk.office.people[0]}" in text
        assert "Chưa khai ở đây" in text  # of the two others


class TestList:
    def test_tells_late_ones_and_holds_no_others(self, desk: Desk) -> None:
        inst, now = desk.office.inst, desk.office.clock.now
        shares.add_enterprise(inst.engine, shares.RIVAL_CODE, "ACTIVE")
        filings.filed(inst, now, filings.hire(3), shares.RIVAL)
        late = filings.hire(2, first_day=PartialDate(2026, 9, 1))
        filings.filed(inst, now, late, EMPLOYER)

        text = desk.see("/filings")

        assert "Nguyễn Thị Số 2" in text
        assert "Nguyễn Thị Số 3" not in text
        assert "▲ Muộn 50 ngày" in text

    def test_receipt_of_others_is_not_found(self, desk: Desk) -> None:
        inst, now = desk.office.inst, desk.office.clock.now
        shares.add_enterprise(inst.engine, shares.RIVAL_CODE, "ACTIVE")
        other = filings.filed(inst, now, filings.hire(3), shares.RIVAL)

        answer = desk.client.get(f"/employer/filings/{other.id}", headers=HTML)

        assert answer.status_code == 404


class TestWorkbook:
    def test_is_sent_and_each_row_told(self, desk: Desk, tmp_path: Path) -> None:
        rows = [
            {**ROW, "personal_id": people.personal_id(2), "full_name": "Nguyễn Thị Số 2"},
            {**ROW, "kind": "?"},
        ]
        content = workbook(tmp_path / "f.xlsx", *rows).read_bytes()
        token = desk.client.get("/session").json()["form_token"]

        answer = desk.client.post(
            "/employer/filings/file",
            data={"csrf": token},
            files={"file": ("tháng 11.xlsx", content, XLSX)},
            headers=HTML,
        )
        app = desk.client.app
        assert isinstance(app, FastAPI)
        import_waiting(app, threading.Event())
        path = answer.headers["location"].removeprefix("/employer")
        text = next(text for text in (desk.see(path) for _ in range(1_000)) if "Đã xong" in text)

        assert answer.status_code == 303
        assert "Loại khai báo phải là" in text
        assert "Ghi mới" in desk.see(f"{path}?show=accepted")
        refused = desk.client.get(f"/employer{path}/refused.xlsx")
        assert refused.headers["content-type"] == XLSX
        assert desk.client.get("/employer/filings/template.xlsx").content[:2] == b"PK"
        assert path in desk.see("/filings/files")

    def test_needs_a_file(self, desk: Desk) -> None:
        assert desk.send("/filings/file").status_code == 422


class TestHireFromShare:
    def test_is_filled_in_with_what_was_disclosed(self, desk: Desk) -> None:
        share_id = desk.shared(preset="CUSTOM", claims=ASKED)
        ticket = ticket_in(desk.see(f"/shares/{share_id}"))
        opened = desk.send(f"/shares/{share_id}", ticket=ticket)
        assert f"/employer/shares/{share_id}/hire" in opened.text

        form = desk.send(f"/shares/{share_id}/hire", ticket=ticket)

        assert 'value="Nguyễn Thị Số 1"' in form.text
        assert 'value="1990-05-17"' in form.text
        assert re.search(r'name="personal_id" type="text" value=""', form.text)
        assert len(shares.traces(desk.office.inst, "share.open")) == 2
        assert shares.row_of(desk.office.inst, share_id)["views"] == 1

    def test_marks_the_share_as_hired(self, desk: Desk) -> None:
        shares.add_enterprise(desk.office.inst.engine, shares.RIVAL_CODE, "ACTIVE")
        desk.visitor.stage.person = {"org_id": shares.RIVAL_CODE, "full_name": "HR"}
        desk.visitor.sign_in()
        share_id = desk.seen(enterprise_code=shares.RIVAL_CODE)
        form = HIRE | {"personal_id": people.personal_id(1), "full_name": "Nguyễn Thị Số 1"}

        sent(desk, "hire", **form, share_id=str(share_id))

        assert "Đã tuyển" in desk.see(f"/shares/{share_id}")

    def test_is_about_whoever_shared(self, desk: Desk) -> None:
        share_id = desk.seen()

        of_another = checked(desk, "hire", **HIRE, share_id=str(share_id))
        of_nobodys = checked(desk, "hire", **HIRE, share_id=str(people.uid(1, 99)))

        assert (of_another.status_code, of_nobodys.status_code) == (409, 409)
        assert "không phải của người lao động này" in of_another.text

    def test_needs_the_ticket_of_the_opening(self, desk: Desk) -> None:
        share_id = desk.seen()

        answer = desk.send(f"/shares/{share_id}/hire", ticket="x" * 39)

        assert answer.status_code == 410
        assert "Hãy mở lại phần được chia sẻ" in answer.text

    def test_gives_the_signed_copy_without_another_view(self, desk: Desk) -> None:
        share_id = desk.shared()
        ticket = ticket_in(desk.see())
        desk.send(f"/shares/{share_id}", ticket=ticket)

        copy = desk.send(f"/shares/{share_id}/copy", ticket=ticket)

        assert copy.headers["content-type"] == "application/dc+sd-jwt"
        assert copy.text.count("~") > 1
        assert shares.row_of(desk.office.inst, share_id)["views"] == 1


ASKED = frozenset({"worker.full_name", "worker.birth_date"})


def ticket_in(text: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', text)
    assert found is not None
    return found[1]


class TestDelegate:
    def seated(self, desk: Desk, scope: str) -> Desk:
        """Let somebody with a mandate of the enterprise sit down at the same browser."""
        office = desk.office
        with access.deed(office.inst.engine) as db:
            account = access.open_account(
                db,
                OPERATOR,
                kind="employer",
                name="Lê Thị Kế Toán",
                role=Role.DELEGATE,
                enterprise_code=people.EMPLOYER_CODE,
                scope=scope,
                now=office.clock.now,
            )
        caller = Caller("employer", str(account), "", Role.DELEGATE)
        desk.client.cookies.set("__Host-lb-session", seats.session_of(office, caller))
        return desk

    def test_files_under_the_own_name(self, desk: Desk) -> None:
        text = sent(self.seated(desk, "file"), "hire", **HIRE)

        assert "Lê Thị Kế Toán" in text
        (row,) = shares.traces(desk.office.inst, "filing.make")
        assert row["actor_kind"] == "employer"
        assert "Nguyễn Thị Số 1" in desk.send("/staff", purpose="Khai báo").text

    @pytest.mark.parametrize(
        ("scope", "path"),
        [("file", ""), ("file", "/cases"), ("receive", "/filings"), ("confirm", "/filings/files")],
    )
    def test_is_told_what_the_mandate_leaves_out(self, desk: Desk, scope: str, path: str) -> None:
        seated = self.seated(desk, scope)

        answer = seated.client.get(f"/employer{path}", headers=HTML)

        assert answer.status_code == 403
        assert "Giấy uỷ quyền của bạn không gồm việc này" in answer.text
