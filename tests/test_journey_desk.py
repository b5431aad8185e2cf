"""A correction from beginning to end: the worker asks, the commune decides on the desk, all see it.

The worker's side goes through the interface that the app uses, officials and the employer use
their pages in a real browser.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from api.pages import texts
from api.sandbox.registers_samples import Samples
from labour_book.services.access import Caller, Role
from tests.api.conftest import Office
from tests.api.desk.cases import photo
from tests.services import people, shares
from tests.support import axe, seats
from tests.support import browser as chromium
from tests.support.site import Site, built_site

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
WHILE, DAY = timedelta(minutes=10), timedelta(days=1)
SCREEN = {"width": 1280, "height": 800}
COMMUNE = "UB-00070"
MORE = "Đề nghị gửi ảnh chụp hợp đồng lao động đầu tiên."
INSURED = {
    "si_number": "",
    "enterprise_code": people.EMPLOYER_CODE,
    "unit_name": "CTY CP THEP HONG HA",
    "from_month": "2021-01",
    "to_month": "",
    "status": "contributed",
    "funds": "SI;UI;HI",
}
"""What the insurance office knows: work from January on, as the worker says."""


@dataclass
class Place:
    """A running service, the worker with the app, and desks for officials."""

    site: Site
    browser: Browser
    http: httpx.Client
    printed: str
    """The address in the QR code of the book that was printed first."""
    worker: dict[str, str] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        return self.site.office

    def later(self, time: timedelta) -> None:
        self.office.clock.now += time
        self.worker = self.office.token("worker", Role.WORKER, person=self.office.people[0])

    def asks(self, path: str, **sent: Any) -> Any:
        """Send something as the worker's app does."""
        answer = self.http.post(f"{self.site.address}{path}", headers=self.worker, **sent)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def reads(self, path: str) -> Any:
        answer = self.http.get(f"{self.site.address}{path}", headers=self.worker)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def behave(self, register: str, mood: str) -> None:
        answer = self.http.post(
            f"{self.site.address}/sandbox/registers/{register}/mood", json={"mood": mood}
        )
        assert answer.status_code == 204

    def sit(self, caller: Caller, *, script: bool = True) -> Page:
        """Open a browser in which somebody is signed in."""
        context: BrowserContext = self.browser.new_context(
            base_url=self.site.address,
            viewport=SCREEN,
            locale="vi-VN",
            java_script_enabled=script,
            accept_downloads=True,
        )
        secret = seats.session_of(self.office, caller)
        context.add_cookies([{"name": "lb-session", "value": secret, "url": self.site.address}])
        return context.new_page()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browsing() as started:
        yield started


@pytest.fixture
def place(tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with httpx.Client(trust_env=False, timeout=60) as http:
        site = built_site(tmp_path, chromium.free_port(), monkeypatch, NOW, registers=http)
        site.app.state.sandbox_registers._samples = _known()
        printed = site.office.printed(site.office.people[0])
        with chromium.serving(site.app, int(site.address.rpartition(":")[2])):
            place = Place(site, browser, http, scanned(printed))
            place.later(timedelta())
            yield place
            for context in browser.contexts:
                context.close()


def _known() -> Samples:
    samples = Samples()
    samples.insured[people.personal_id(1)].append(INSURED)
    return samples


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def scanned(pdf: bytes) -> str:
    """Return the address in the QR code on the first page that has one."""
    for sheet in pypdfium2.PdfDocument(io.BytesIO(pdf)):
        found = zxingcpp.read_barcodes(sheet.render(scale=3).to_pil())
        if found:
            return found[0].text
    raise AssertionError("there is no QR code on the paper")


class TestCorrection:
    def test_goes_from_a_contested_entry_to_version_2_and_everybody_sees_it(
        self, place: Place
    ) -> None:
        office = place.office
        hr = seats.agent(office, people.EMPLOYER_CODE)
        created = shares.share(office.inst, office.clock.now, shares.TO_EMPLOYER)
        shares.look(office.inst, created.code, office.clock.now, hr)
        place.later(DAY)

        number, case_id = self._worker_contests(place)
        clerk = seats.official(office, Role.APPROVER, COMMUNE, "Lê Thị Duyệt")
        desk = place.sit(clerk)
        self._commune_asks_for_more(desk, number)
        self._worker_adds(place, case_id)
        self._register_confirms_and_the_commune_approves(desk, place, number)

        self._worker_has_version_2(place, case_id)
        paper = place.sit(hr, script=False)
        paper.goto(place.printed)
        heading(paper, "Sổ thật, nhưng đã có bản mới hơn")
        paper.goto("/employer")
        expect(paper.get_by_role("status").first).to_contain_text("phiên bản mới hơn")
        self._trace_shows_each_step(place)

    def _worker_contests(self, place: Place) -> tuple[str, str]:
        place.behave("insurance", "down")
        begun = place.asks(
            "/me/corrections",
            json={
                "kind": "employment",
                "ask": "change",
                "version": 1,
                "line": 1,
                "claimed": {"first_day": "2021-01"},
                "words": "Tôi vào làm từ tháng 1 năm 2021.",
            },
        )
        case_id = begun["line"]["case_id"]
        key = {"Idempotency-Key": str(uuid4())}
        sent = place.http.post(
            f"{place.site.address}/me/corrections/{case_id}/submission",
            headers=place.worker | key,
        ).json()
        assert (sent["line"]["state"], sent["line"]["owner"]["code"]) == ("routed", COMMUNE)
        return sent["line"]["number"], case_id

    def _commune_asks_for_more(self, desk: Page, number: str) -> None:
        desk.goto("/desk")
        desk.get_by_role("navigation").get_by_role("link", name="Hàng việc").click()
        desk.get_by_role("button", name="Việc tiếp theo").click()
        heading(desk, f"{number} · Sửa · Việc làm")
        expect(desk.get_by_role("status").first).to_contain_text("Bạn đã nhận việc này")
        expect(desk.locator(".changed")).to_have_count(1)
        expect(desk.locator(".changed")).to_contain_text("01/2021")

        desk.get_by_role("button", name="Hỏi ngay bây giờ").click()
        expect(desk.locator("#register-answers")).to_contain_text("không hỏi được")
        desk.locator("summary", has_text="Yêu cầu bổ sung").click()
        desk.get_by_label("Cần bổ sung gì").fill(MORE)
        desk.get_by_role("button", name="Yêu cầu bổ sung").click()
        expect(desk.get_by_role("status").first).to_contain_text("Đã yêu cầu bổ sung")
        assert axe.grave(desk) == []

    def _worker_adds(self, place: Place, case_id: str) -> None:
        place.later(WHILE)
        told = place.reads(f"/me/corrections/{case_id}")
        assert told["line"]["state"] == "more_needed"
        assert MORE in [step["words"] for step in told["steps"]]
        place.asks(
            f"/me/corrections/{case_id}/files",
            files={"file": ("hd.jpg", photo(1), "image/jpeg")},
            data={"evidence_class": "CONTRACT"},
        )
        place.asks(f"/me/corrections/{case_id}/answer", json={"words": "Tôi gửi hợp đồng."})

    def _register_confirms_and_the_commune_approves(
        self, desk: Page, place: Place, number: str
    ) -> None:
        place.behave("insurance", "normal")
        place.later(WHILE)
        desk.goto("/desk/queue")
        desk.get_by_role("link", name=number).click()
        expect(desk.get_by_text("Tôi gửi hợp đồng.").first).to_be_visible()
        expect(desk.get_by_role("img", name="Ảnh xem trước tệp 1")).to_be_visible()

        desk.get_by_role("button", name="Hỏi ngay bây giờ").click()
        expect(desk.locator("#register-answers")).to_contain_text("✓ xác nhận nội dung đề nghị")
        desk.get_by_label("Chấp nhận", exact=True).check()
        desk.get_by_label("Lý do và điều luật").select_option("REGISTER_CONFIRMS")
        desk.get_by_role("button", name="Quyết định", exact=True).click()
        expect(desk.get_by_role("status").first).to_contain_text("Đã quyết định")
        expect(desk.get_by_text("Sổ từ bản 1 thành bản 2.")).to_be_visible()
        assert axe.grave(desk) == []

    def _worker_has_version_2(self, place: Place, case_id: str) -> None:
        told = place.reads(f"/me/corrections/{case_id}")
        assert told["line"]["outcome"] == "approved"
        book = place.reads("/me/book")
        assert book["version"] == 2
        assert book["book"]["employments"][0]["first_day"] == "2021-01"
        kinds = [each["kind"] for each in place.reads("/me/notices")]
        assert "case.decided" in kinds

    def _trace_shows_each_step(self, place: Place) -> None:
        auditor = place.sit(seats.official(place.office, Role.AUDITOR, "BNV", "Phạm Kiểm"))
        auditor.goto("/desk/oversight/trace")
        auditor.get_by_label("Mục đích xem").fill("Kiểm tra hồ sơ chỉnh sửa")
        auditor.get_by_label("Về người có số").fill(people.personal_id(1))
        auditor.get_by_role("button", name="Đọc", exact=True).click()

        deeds = auditor.locator("tbody td:nth-child(4)").all_inner_texts()[::-1]
        codes = (
            *("case.draft", "case.submit", "register.ask", "case.claim", "case.ask-more"),
            *("case.attach", "case.answer", "case.decide"),
        )
        wanted = [texts.say("vi", f"desk.deed.{each}") for each in codes]
        assert [each for each in wanted if each not in deeds] == []
        places = [deeds.index(each) for each in wanted]
        assert places == sorted(places)
        assert people.personal_id(1) not in auditor.url
        assert axe.grave(auditor) == []


class TestWithoutScript:
    def test_finds_a_person_asks_the_registers_and_refuses(self, place: Place) -> None:
        office = place.office
        number, _ = TestCorrection()._worker_contests(place)
        desk = place.sit(seats.official(office, Role.APPROVER, COMMUNE), script=False)

        desk.goto("/desk/people")
        desk.get_by_label("Giải quyết khiếu nại").check()
        desk.get_by_label("Số định danh cá nhân").fill(people.personal_id(1))
        desk.get_by_role("button", name="Tìm người").click()
        desk.get_by_role("button", name="Mở sổ").click()
        heading(desk, "Nguyễn Thị Số 1")
        assert people.personal_id(1) not in desk.url

        desk.goto("/desk/queue")
        desk.get_by_role("link", name=number).click()
        desk.get_by_role("button", name="Hỏi ngay bây giờ").click()
        expect(desk.locator("#register-answers")).to_contain_text("không hỏi được")
        desk.get_by_label("Từ chối", exact=True).check()
        desk.get_by_label("Lý do và điều luật").select_option("NOT_PROVEN")
        desk.get_by_role("button", name="Quyết định", exact=True).click()
        expect(desk.get_by_text("Từ chối").first).to_be_visible()


class TestKeyboard:
    def test_walks_the_queue_and_opens_a_case(self, place: Place) -> None:
        number, _ = TestCorrection()._worker_contests(place)
        desk = place.sit(seats.official(place.office, Role.APPROVER, COMMUNE))
        desk.goto("/desk/queue")

        desk.keyboard.press("j")
        expect(desk.locator("tbody tr").first).to_be_focused()
        desk.keyboard.press("o")

        heading(desk, f"{number} · Sửa · Việc làm")

    def test_can_be_switched_off_and_stays_so(self, place: Place) -> None:
        TestCorrection()._worker_contests(place)
        desk = place.sit(seats.official(place.office, Role.APPROVER, COMMUNE))
        desk.goto("/desk/queue")
        desk.keyboard.press("?")
        desk.get_by_label("Dùng phím tắt một ký tự").uncheck()
        desk.reload()

        desk.keyboard.press("j")

        expect(desk.locator("tbody tr").first).not_to_be_focused()
