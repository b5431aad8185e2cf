"""An employer's day: a scanned share, the hire filed from it, and a worker who says it is wrong."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from labour_book.services.access import Caller, Role
from tests.api.conftest import Office
from tests.registers.test_employer_filings import HIRED, workbook
from tests.services import people, shares
from tests.support import axe, seats
from tests.support import browser as chromium
from tests.support.site import Site, built_site

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
SCREENS: dict[str, ViewportSize] = {
    "wide": {"width": 1280, "height": 900},
    "phone": {"width": 390, "height": 844},
}
KEPT = os.environ.get("LABOUR_BOOK_SCREENSHOTS")
"""Folder for the pictures of what was seen; none are kept without."""
FIRST_DAY = "2026-11-02"


@dataclass
class Day:
    """A service that runs, an agent with a browser, and a worker with the app."""

    site: Site
    http: httpx.Client
    context: BrowserContext
    agent: Caller
    worker: dict[str, str]
    seen: list[str] = field(default_factory=list)

    @property
    def office(self) -> Office:
        return self.site.office

    def asks(self, path: str, **sent: Any) -> Any:
        """Send something as the worker's app does."""
        headers = self.worker | {"Idempotency-Key": str(uuid4())}
        answer = self.http.post(f"{self.site.address}{path}", headers=headers, **sent)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def reads(self, path: str) -> Any:
        answer = self.http.get(f"{self.site.address}{path}", headers=self.worker)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def line(self) -> dict[str, Any]:
        """Return the line of this enterprise in the worker's book."""
        book: dict[str, Any] = self.reads("/me/book")
        (found,) = [
            each
            for each in book["book"]["employments"]
            if each.get("enterprise_code") == shares.RIVAL_CODE
        ]
        found["version"] = book["book"]["version"]
        return dict(found)

    def looks(self, page: Page, name: str) -> None:
        """See that a page fits both screens and shuts nobody out; keep a picture if asked to."""
        self.seen.append(name)
        assert axe.grave(page) == []
        for screen, size in SCREENS.items():
            page.set_viewport_size(size)
            root = "document.documentElement"
            assert not page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"), (name, screen)
            if KEPT:
                path = Path(KEPT) / f"{len(self.seen):02d}_{name}_{screen}.png"
                page.screenshot(path=path, full_page=True)
        page.set_viewport_size(SCREENS["wide"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browsing() as started:
        yield started


@pytest.fixture
def day(tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    port = chromium.free_port()
    site = built_site(tmp_path, port, monkeypatch, NOW, background_work=True)
    office = site.office
    office.issue(office.people[0])
    shares.add_enterprise(office.inst.engine, shares.RIVAL_CODE, "ACTIVE")
    agent = seats.agent(office, shares.RIVAL_CODE)
    with (
        httpx.Client(trust_env=False, timeout=60) as http,
        chromium.serving(site.app, int(site.address.rpartition(":")[2])),
    ):
        context = browser.new_context(
            base_url=site.address, locale="vi-VN", viewport=SCREENS["wide"]
        )
        secret = seats.session_of(office, agent)
        context.add_cookies([{"name": "lb-session", "value": secret, "url": site.address}])
        worker = office.token("worker", Role.WORKER, person=office.people[0])
        yield Day(site, http, context, agent, worker)
        context.close()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


class TestHire:
    def test_goes_from_the_scan_to_the_book_and_through_a_contest(self, day: Day) -> None:
        page = day.context.new_page()

        self._share_is_opened(day, page)
        self._form_is_filled_in_and_sent(day, page)
        self._book_has_the_new_line(day)
        number = self._worker_says_the_position_is_wrong(day)
        self._employer_confirms(day, page, number)
        self._everybody_sees_it(day, page)

    def _share_is_opened(self, day: Day, page: Page) -> None:
        shares.share(
            day.office.inst,
            NOW,
            shares.TO_EMPLOYER,
            enterprise_code=shares.RIVAL_CODE,
            preset="CUSTOM",
            claims=frozenset({"worker.full_name", "worker.birth_date"}),
        )
        page.goto("/employer")
        page.get_by_role("button", name="Mở").first.click()
        expect(page.get_by_text("Nguyễn Thị Số 1").first).to_be_visible()
        day.looks(page, "opened")

        with page.expect_download() as copy:
            page.get_by_role("button", name="Tải").click()
        assert "~" in copy.value.path().read_text()

    def _form_is_filled_in_and_sent(self, day: Day, page: Page) -> None:
        page.get_by_role("button", name="Khai báo tuyển dụng").click()
        heading(page, "Khai báo tuyển dụng")
        expect(page.get_by_label("Họ, chữ đệm và tên")).to_have_value("Nguyễn Thị Số 1")
        expect(page.get_by_label("Ngày sinh")).to_have_value("1990-05-17")
        expect(page.get_by_label("Số định danh cá nhân")).to_have_value("")
        day.looks(page, "form")

        page.get_by_label("Ngày bắt đầu làm việc").fill(FIRST_DAY)
        page.get_by_role("button", name="Kiểm tra").click()
        expect(page.get_by_role("alert")).to_contain_text("Chưa gửi được: 3 chỗ cần sửa")
        day.looks(page, "faults")

        page.get_by_label("Số định danh cá nhân").fill(people.personal_id(1))
        page.get_by_label("Vị trí, chức danh").fill("Kế toán viên")
        page.get_by_label("Loại hợp đồng").select_option("INDEFINITE")
        page.get_by_role("button", name="Kiểm tra").click()
        heading(page, "Xem lại trước khi gửi")
        day.looks(page, "confirm")

        page.get_by_role("button", name="Gửi khai báo").click()
        heading(page, "Biên nhận khai báo lao động")
        expect(page.get_by_text("KB-").first).to_be_visible()
        assert people.personal_id(1) not in page.url + page.title() + page.content()
        day.looks(page, "receipt")

    def _book_has_the_new_line(self, day: Day) -> None:
        line = day.line()

        assert (line["position"], line["assurance"]) == ("Kế toán viên", "EMPLOYER_DECLARED")
        assert (line["first_day"], line["version"]) == (FIRST_DAY, 2)
        kinds = [each["kind"] for each in day.reads("/me/notices")]
        assert "filing.made" in kinds
        assert any(each["deed"] == "filing.make" for each in day.reads("/me/accesses"))

    def _worker_says_the_position_is_wrong(self, day: Day) -> str:
        line = day.line()
        begun = day.asks(
            "/me/corrections",
            json={
                "kind": "employment",
                "ask": "change",
                "version": line["version"],
                "line": line["no"],
                "claimed": {"position": "Kế toán trưởng"},
                "words": "Tôi được ký hợp đồng làm kế toán trưởng.",
            },
        )
        sent = day.asks(f"/me/corrections/{begun['line']['case_id']}/submission")
        assert sent["line"]["owner"]["kind"] == "employer", sent["line"]
        number: str = sent["line"]["number"]
        return number

    def _employer_confirms(self, day: Day, page: Page, number: str) -> None:
        page.goto("/employer/cases")
        expect(page.get_by_text("Nguyễn Thị Số 1")).to_have_count(0)
        day.looks(page, "cases")
        page.get_by_role("link", name=number).click()
        expect(page.get_by_role("row", name="Kế toán trưởng")).to_contain_text("Kế toán viên")
        day.looks(page, "case")

        page.get_by_role("button", name="Người lao động nói đúng").click()

        expect(page.get_by_role("status")).to_contain_text("đã xác nhận người lao động nói đúng")

    def _everybody_sees_it(self, day: Day, page: Page) -> None:
        (case,) = day.reads("/me/corrections")
        told = day.reads(f"/me/corrections/{case['case_id']}")
        assert told["employer_answer"] == "agrees"
        page.goto("/employer/filings")
        expect(page.get_by_role("row", name="Nguyễn Thị Số 1")).to_contain_text("Đúng hạn")
        day.looks(page, "filings")
        page.goto("/employer/staff")
        page.locator("#purpose").fill("Đối chiếu danh sách")
        page.locator("main form button").first.click()
        expect(page.get_by_role("row", name="Nguyễn Thị Số 1")).to_contain_text("Tuyển dụng")
        day.looks(page, "staff")


class TestWorkbook:
    def test_tells_every_row_what_became_of_it(self, day: Day, tmp_path: Path) -> None:
        path = workbook(
            tmp_path / "thang-11.xlsx",
            HIRED,
            HIRED,
            {**HIRED, "personal_id": "001190999999"},
            {**HIRED, "kind": "nghỉ phép"},
        )
        page = day.context.new_page()
        page.goto("/employer/filings/files")
        day.looks(page, "files")

        page.get_by_label("Tệp khai báo").set_input_files(path)
        page.get_by_role("button", name="Gửi tệp").click()
        heading(page, "Kết quả của tệp khai báo")
        while page.get_by_role("link", name="Xem lại").count():
            page.get_by_role("link", name="Xem lại").click()

        expect(page.get_by_role("row")).to_have_count(3)
        expect(page.get_by_role("row").nth(1)).to_contain_text("Không có người lao động nào")
        day.looks(page, "file")
        assert day.line()["position"] == "Kế toán viên"
