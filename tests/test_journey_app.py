"""A worker's day with the app: signs in, reads the book, shares it, sees who looked, leaves."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import NoReturn

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from app.views import own_data
from labour_book.documents.qr import qr_png
from labour_book.services.access import Role
from tests.api.conftest import Office
from tests.services import people
from tests.support import app_site
from tests.support.app_site import came_back, sign_in
from tests.support.screen import PATIENCE, Screen

browser, office, device, phone = app_site.browser, app_site.office, app_site.device, app_site.phone

CUTTABLE = """
  const sockets = [];
  const Plain = window.WebSocket;
  let isCut = false;
  window.WebSocket = class extends Plain {
    constructor(address, protocols) {
      super(isCut ? "ws://127.0.0.1:9/" : address, protocols);
      sockets.push(this);
    }
  };
  window.cut = () => {
    isCut = true;
    sockets.forEach((each) => each.close());
  };
"""
"""Lets a test take the network from the app."""
RIVE = "rive_native.js"
"""The client asks for it on starting, and does without: our policy lets it load nothing."""


def offline_code(page: Page) -> str:
    """Return the text of the worker's offline code, as the interface gives it."""
    token = page.request.post("/session/token").json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    return str(page.request.get("/me/offline-code", headers=headers).json()["text"])


def code_on(screen: Screen) -> str:
    return screen.shows("share-code").inner_text()


def seen_by_employer(browser: Browser, address: str, code: str) -> None:
    """Open a share as somebody who was given its code."""
    employer = browser.new_page(base_url=address)
    employer.goto(f"/s/{code}")
    employer.locator("button[type=submit]").first.click()
    expect(employer.locator("main")).to_contain_text("Nguyễn Thị Số 1")
    employer.close()


def photo(side: int) -> bytes:
    """Return a picture of a page with writing on it."""
    picture = Image.effect_noise((side, side), 90)
    with BytesIO() as file:
        picture.save(file, "PNG")
        return file.getvalue()


def kept_on_device(page: Page, text: str) -> None:
    """Wait until the device keeps a text."""
    for _ in range(100):
        if text in str(page.evaluate("JSON.stringify({...localStorage})")):
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing was kept")


def sockets_closed(page: Page) -> None:
    """Cut the app's connection, and let no other through."""
    page.evaluate("() => window.cut()")


def pick_file(screen: Screen, name: str, content: bytes) -> None:
    with screen.page.expect_file_chooser(timeout=PATIENCE) as chooser:
        screen.click(name)
    chooser.value.set_files(FilePayload(name="ma.png", mimeType="image/png", buffer=content))


@pytest.fixture(scope="module")
def signed_in(browser: Browser, office: tuple[Office, str]) -> Iterator[Screen]:
    """A phone of its own, on which the worker stays signed in: to start the app takes seconds."""
    context = app_site.new_phone(browser, office[1])
    screen = sign_in(context.new_page())
    yield screen
    context.close()


@pytest.fixture
def screen(signed_in: Screen) -> Screen:
    """That phone, back at the first screen."""
    if not signed_in.page.url.endswith("/app/"):
        signed_in.go("/")
    signed_in.shows("home-share")
    return signed_in


class TestWorker:
    def test_reads_shares_and_sees_who_looked(
        self, phone: Page, office: tuple[Office, str], browser: Browser
    ) -> None:
        screen = sign_in(phone)
        screen.shows("word-right")
        screen.says("Nguyễn Thị Số 1")
        screen.tab("Sổ của tôi")
        screen.shows("line-1")

        screen.tab("Trang chủ")
        screen.tap("home-share", then="preset-GENERAL")
        screen.tap("preset-GENERAL", then="preview-onward")
        screen.tap("preview-onward", then="purpose-job")
        screen.tap("purpose-job")
        screen.tap("create", then="share-code")
        seen_by_employer(browser, office[1], re.sub(r"\s", "", code_on(screen)))

        screen.shows("look-1")
        screen.go("/looked")
        screen.shows("access")
        screen.says("Xem phần bạn chia sẻ")

    def test_lives_a_whole_life_with_the_book(
        self, phone: Page, office: tuple[Office, str], browser: Browser
    ) -> None:
        screen = sign_in(phone)
        screen.tap("attention.unconfirmed", then="line-1")
        screen.tap("line-1", then="line-right")
        screen.tap("line-right", then="line-said")
        screen.says("Bạn đã xác nhận đúng")

        screen.go("/new-share")
        screen.tap("preset-GENERAL", then="preview-onward")
        screen.tap("preview-onward", then="purpose-job")
        screen.tap("purpose-job")
        screen.tap("create", then="share-code")
        seen_by_employer(browser, office[1], re.sub(r"\s", "", code_on(screen)))
        screen.shows("look-1")

        screen.go("/line/1")
        screen.tap("line-wrong", then="wrong-first_day")
        screen.tap("wrong-first_day", then="field-first_day")
        screen.type("field-first_day", "15/03/2030")
        screen.tap("correct-onward")
        screen.says("Thời điểm này chưa đến")
        screen.type("field-first_day", "01/02/2021")
        screen.tap("correct-onward", then="case-who")
        screen.says("Trả lời chậm nhất ngày")
        pick_file(screen, "evidence-add", photo(400))
        screen.says("Ảnh quá nhỏ")
        pick_file(screen, "evidence-add", photo(1400))
        screen.shows("evidence-remove-1")
        screen.tap("case-submit", then="case-with")
        screen.says("Đang xem xét")
        screen.says("Hạn:")

        screen.go("/")
        screen.shows("word-right")
        screen.says("1 đề nghị sửa đang chờ")
        screen.go("/notices")
        screen.says("Đề nghị sửa của bạn đã được nhận")

    def test_goes_on_with_what_was_being_written_when_the_tab_was_lost(
        self, phone: Page, device: BrowserContext
    ) -> None:
        screen = sign_in(phone, "/app/correct/employment/1")
        screen.tap("wrong-position", then="field-position")
        screen.type("field-position", "Tổ trưởng tổ hàn")
        kept_on_device(phone, "Tổ trưởng")
        phone.close()

        again = device.new_page()
        again.goto("/app/corrections")
        screen = Screen(again)
        screen.tap("draft-resume", then="field-position")
        field = screen.named("field-position").locator("input")
        field.click(timeout=PATIENCE)  # a field tells what it holds once it is being edited
        expect(field).to_have_value("Tổ trưởng tổ hàn", timeout=PATIENCE)
        again.goto("/app/more")
        screen.tap("sign-out", then="sign-in")
        assert "Tổ trưởng" not in str(again.evaluate("JSON.stringify({...localStorage})"))
        again.close()

    def test_says_where_the_work_was_by_name_and_sees_at_once_what_became_of_it(
        self, screen: Screen
    ) -> None:
        screen.go("/correct/employment/1")
        screen.tap("wrong-workplace", then="field-workplace")
        screen.tap("correct-onward")
        screen.says("Hãy gõ rồi chọn một dòng")
        screen.type("field-workplace", "bến nghé hcm")
        screen.tap("pick-workplace-26740", then="picked-workplace")
        screen.tap("correct-onward", then="case-who")
        screen.tells("Đề nghị: Phường Sài Gòn, Thành phố Hồ Chí Minh")

        case_id = screen.page.url.rpartition("/")[2]
        token = screen.page.request.post("/session/token").json()["access_token"]
        headers = {"authorization": f"Bearer {token}"}
        assert screen.page.request.post(f"/me/corrections/{case_id}/withdrawal", headers=headers).ok
        screen.page.reload()
        screen.says("Đã rút")

    def test_is_told_at_once_that_there_is_no_network_and_goes_on_after_it(
        self, phone: Page, device: BrowserContext
    ) -> None:
        screen = sign_in(phone, "/app/book")
        screen.shows("line-1")
        device.set_offline(True)
        expect(phone.locator("#offline")).to_be_visible(timeout=PATIENCE)
        expect(phone.locator("#offline-copy")).to_contain_text("Thép Hồng Hà")

        device.set_offline(False)
        expect(phone.locator("#offline")).to_be_hidden(timeout=PATIENCE)
        screen.tap("line-1", then="line-wrong")

    def test_is_led_to_the_camera_that_reads_codes_on_the_device(self, screen: Screen) -> None:
        screen.go("/scan")
        screen.shows("scan-live")
        with screen.page.expect_popup(timeout=PATIENCE) as opened:
            screen.click("scan-live")

        page = opened.value
        page.wait_for_url("**/offline?lang=vi#camera", timeout=PATIENCE)
        expect(page.locator("#result")).to_be_visible(timeout=PATIENCE)  # no camera: that is said
        page.close()

    def test_asks_an_office_why_it_looked_and_reads_the_answer(
        self, screen: Screen, office: tuple[Office, str]
    ) -> None:
        official = {
            "headers": office[0].token("official", Role.APPROVER, unit="BNV"),
        }
        path = f"/workers/{office[0].people[0]}/book?purpose=Xem%20h%E1%BB%93%20s%C6%A1"
        assert screen.page.request.get(path, **official).ok
        screen.go("/looked")
        asking = screen.page.locator('[flt-semantics-identifier^="ask-reason-"]').first
        asking.wait_for(state="attached", timeout=PATIENCE)
        name = str(asking.get_attribute("flt-semantics-identifier"))
        screen.tap(name)
        screen.says("Đã hỏi lý do")

        number = name.rpartition("-")[2]
        said = {"data": {"words": "Xét hồ sơ trợ cấp"}}
        assert screen.page.request.post(f"/accesses/{number}/reason", **official, **said).ok
        screen.go("/notices")
        screen.says("Xét hồ sơ trợ cấp")

    def test_reads_on_while_the_connection_is_lost(self, phone: Page) -> None:
        phone.add_init_script(CUTTABLE)
        screen = sign_in(phone, "/app/book")
        screen.shows("line-1")
        sockets_closed(phone)

        expect(phone.locator("#offline")).to_be_visible(timeout=PATIENCE)
        expect(phone.locator("#offline-copy")).to_contain_text("Thép Hồng Hà")

    def test_comes_back_to_the_screen_that_was_asked_for_and_stays_signed_in(
        self, phone: Page
    ) -> None:
        path = "/app/book/insurance"
        phone.goto(path)
        Screen(phone).tap("sign-in")
        screen = came_back(phone, path)
        screen.says("Tổng số tháng đã đóng")

        phone.reload()
        screen.says("Tổng số tháng đã đóng")

    def test_leaves_nothing_on_the_screen_after_signing_out(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/more")
        screen.tap("sign-out", then="sign-in")
        screen.shows("sign-in")
        host = phone.locator("flt-semantics-host")
        expect(host).not_to_contain_text("Nguyễn Thị Số 1")

        phone.reload()
        screen.shows("sign-in")
        expect(host).not_to_contain_text("Nguyễn Thị Số 1")

    def test_takes_the_cv_along_as_a_file(self, screen: Screen) -> None:
        screen.go("/cv")
        download = screen.downloaded("cv-pdf")

        assert download.suggested_filename == "cv.pdf"
        assert download.path().read_bytes().startswith(b"%PDF-")

    def test_loads_nothing_from_elsewhere_and_keeps_no_token(
        self, phone: Page, office: tuple[Office, str]
    ) -> None:
        asked: list[str] = []
        phone.on("request", lambda request: asked.append(request.url))
        sign_in(phone).shows("home-share")

        home = (office[1], office[1].replace("http", "ws"), "blob:", "data:")
        assert [url for url in asked if not url.startswith(home) and RIVE not in url] == []
        kept = phone.evaluate("JSON.stringify([{...localStorage}, document.cookie])")
        assert "lb_" not in kept
        assert "lb-session" not in kept

    def test_is_told_that_a_screen_failed_and_goes_on_from_there(
        self, phone: Page, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def failing(*_: object, **__: object) -> NoReturn:
            raise DeprecationWarning

        monkeypatch.setattr(own_data, "own_data_view", failing)
        screen = sign_in(phone, "/app/own-data")
        screen.says("Màn hình này bị lỗi")
        screen.tap("reload", then="home-share")
        screen.tab("Sổ của tôi")
        screen.shows("line-1")

    def test_checks_the_photo_of_a_code_and_is_offered_where_a_link_leads(
        self, screen: Screen, office: tuple[Office, str]
    ) -> None:
        screen.go("/scan")
        pick_file(screen, "scan-pick", qr_png(offline_code(screen.page)))
        screen.shows("scan-answer")
        screen.says("Sổ thật, còn hiệu lực")

        pick_file(screen, "scan-pick", qr_png(f"{office[1]}/s/7K2M-Q9XD-04TB"))
        screen.shows("scan-open")
        pick_file(screen, "scan-pick", qr_png("https://example.vn/s/7K2M"))
        screen.shows("scan-foreign")

    def test_shows_a_code_for_where_there_is_no_network(self, screen: Screen) -> None:
        screen.go("/offline-code")
        screen.shows("offline-qr")
        seen = screen.scanned()

        assert seen.startswith("VNL1:")
        screen.says("4 số cuối của số định danh")

    def test_shares_a_choice_of_its_own_with_one_person(self, screen: Screen) -> None:
        screen.go("/new-share")
        screen.tap("preset-CUSTOM", then="choose-onward")
        screen.tap("choose-claims-worker.birth_date")
        screen.tap("choose-employments-1")
        screen.tap("choose-onward", then="preview-onward")
        screen.says("Nguyễn Thị Số 1")
        screen.tap("preview-onward", then="purpose-job")
        screen.tap("audience-person", then="personal_id")
        screen.type("personal_id", people.personal_id(2))
        screen.tap("purpose-job")
        screen.tap("create", then="share-code")
        screen.says("Một người")

    def test_offers_the_book_to_a_wallet(self, screen: Screen) -> None:
        screen.go("/wallets")
        screen.tap("wallet-offer", then="wallet-qr")
        screen.says("Số nhập vào ví")

        assert screen.scanned().startswith("openid-credential-offer://")

    def test_takes_everything_along_that_is_known_of_the_worker(self, screen: Screen) -> None:
        screen.go("/own-data")
        download = screen.downloaded("own-data-json")
        told = json.loads(download.path().read_text(encoding="utf-8"))

        assert told["book"]["book"]["worker"]["full_name"] == "Nguyễn Thị Số 1"
        assert set(own_data.PARTS) <= told.keys()

    def test_is_asked_to_sign_in_again_once_the_session_is_over(
        self, phone: Page, office: tuple[Office, str]
    ) -> None:
        screen = sign_in(phone, "/app/book")
        screen.shows("line-1")
        office[0].clock.now += timedelta(hours=office[0].inst.sessions.hours, minutes=1)

        screen.tab("Ai đã xem")
        screen.shows("sign-in")
        screen.says("Phiên đăng nhập đã hết")
