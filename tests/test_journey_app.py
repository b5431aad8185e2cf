"""A worker's day with the app: signs in, reads the book, shares it, sees who looked, leaves."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

import migrations
from api.main import create_app
from app.views import own_data
from labour_book.database import connect
from labour_book.documents.qr import qr_png
from labour_book.settings import Settings
from tests.api.conftest import Office, opened_office
from tests.conftest import NOW
from tests.services import people
from tests.support import browser as chromium
from tests.support import installations
from tests.support.screen import PATIENCE, Screen

PHONE = {"width": 390, "height": 844}
RIVE = "rive_native.js"
"""The client asks for it on starting, and does without: our policy lets it load nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browsing() as started:
        yield started


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    port = chromium.free_port()
    address = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(installations, "PUBLIC_URL", address)
        patched.setattr(installations, "ISSUER", replace(installations.ISSUER, uri=address))
        engine = connect(f"sqlite:///{folder / 'site.sqlite'}")
        migrations.upgrade(engine)
        office = opened_office(engine, folder, NOW)
        office.issue(office.people[0])
        app = create_app(Settings(demo=True, data_dir=folder, public_url=address), office.inst)
        app.state.clock = lambda: office.clock.now
        with chromium.serving(app, port):
            yield office, address


@pytest.fixture(scope="module")
def device(browser: Browser, office: tuple[Office, str]) -> Iterator[BrowserContext]:
    """A phone that has been here: it keeps the client's files from one test to the next."""
    context = browser.new_context(
        base_url=office[1],
        viewport=PHONE,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        accept_downloads=True,
    )
    yield context
    context.close()


@pytest.fixture
def phone(device: BrowserContext) -> Iterator[Page]:
    """A new tab, with nobody signed in."""
    device.clear_cookies()
    page = device.new_page()
    yield page
    page.close()


def sign_in(page: Page, path: str = "/app/") -> Screen:
    """Sign in with the sandbox e-ID, and come to a screen."""
    page.goto(f"/sign-in/start?to={quote(path, safe='')}")
    return _as_whom(page, path)


def _as_whom(page: Page, path: str) -> Screen:
    page.wait_for_url("**/sandbox/id/**", timeout=PATIENCE)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(f"**{path}", timeout=PATIENCE)
    return Screen(page)


def offline_code(page: Page) -> str:
    """Return the text of the worker's offline code, as the interface gives it."""
    token = page.request.post("/session/token").json()["access_token"]
    headers = {"authorization": f"Bearer {token}"}
    return str(page.request.get("/me/offline-code", headers=headers).json()["text"])


def pick_file(screen: Screen, name: str, content: bytes) -> None:
    with screen.page.expect_file_chooser(timeout=PATIENCE) as chooser:
        screen.click(name)
    chooser.value.set_files(FilePayload(name="ma.png", mimeType="image/png", buffer=content))


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
        code = re.sub(r"\s", "", screen.shows("share-code").inner_text())

        employer = browser.new_page(base_url=office[1])
        employer.goto(f"/s/{code}")
        employer.locator("button[type=submit]").first.click()
        expect(employer.locator("main")).to_contain_text("Nguyễn Thị Số 1")
        employer.close()

        screen.shows("look-1")
        phone.goto("/app/looked")
        screen.shows("access")
        screen.says("Xem phần bạn chia sẻ")

    def test_comes_back_to_the_screen_that_was_asked_for_and_stays_signed_in(
        self, phone: Page
    ) -> None:
        path = "/app/book/insurance"
        phone.goto(path)
        Screen(phone).tap("sign-in")
        screen = _as_whom(phone, path)
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

    def test_takes_the_cv_along_as_a_file(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/cv")
        with phone.expect_download(timeout=PATIENCE) as download:
            screen.tap("cv-pdf")

        assert download.value.suggested_filename == "cv.pdf"
        assert download.value.path().read_bytes().startswith(b"%PDF-")

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
        self, phone: Page, office: tuple[Office, str]
    ) -> None:
        screen = sign_in(phone, "/app/scan")
        pick_file(screen, "scan-pick", qr_png(offline_code(phone)))
        screen.shows("scan-answer")
        screen.says("Sổ thật, còn hiệu lực")

        pick_file(screen, "scan-pick", qr_png(f"{office[1]}/s/7K2M-Q9XD-04TB"))
        screen.shows("scan-open")
        pick_file(screen, "scan-pick", qr_png("https://example.vn/s/7K2M"))
        screen.shows("scan-foreign")

    def test_shows_a_code_for_where_there_is_no_network(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/offline-code")
        screen.shows("offline-qr")
        seen = screen.scanned()

        assert seen.startswith("VNL1:")
        screen.says("4 số cuối của số định danh")

    def test_shares_a_choice_of_its_own_with_one_person(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/new-share")
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

    def test_offers_the_book_to_a_wallet(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/wallets")
        screen.tap("wallet-offer", then="wallet-qr")
        screen.says("Số nhập vào ví")

        assert screen.scanned().startswith("openid-credential-offer://")

    def test_takes_everything_along_that_is_known_of_the_worker(self, phone: Page) -> None:
        screen = sign_in(phone, "/app/own-data")
        with phone.expect_download(timeout=PATIENCE) as download:
            screen.tap("own-data-json")
        told = json.loads(download.value.path().read_text(encoding="utf-8"))

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
