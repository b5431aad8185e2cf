"""A worker's day with the app: signs in, reads the book, shares it, sees who looked, leaves."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import migrations
from api.main import create_app
from labour_book.database import connect
from labour_book.settings import Settings
from tests.api.conftest import Office, opened_office
from tests.conftest import NOW
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


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Office, str]]:
    port = chromium.free_port()
    address = f"http://127.0.0.1:{port}"
    monkeypatch.setattr(installations, "PUBLIC_URL", address)
    monkeypatch.setattr(installations, "ISSUER", replace(installations.ISSUER, uri=address))
    engine = connect(f"sqlite:///{tmp_path / 'site.sqlite'}")
    migrations.upgrade(engine)
    office = opened_office(engine, tmp_path, NOW)
    office.issue(office.people[0])
    app = create_app(Settings(demo=True, data_dir=tmp_path, public_url=address), office.inst)
    app.state.clock = lambda: office.clock.now
    with chromium.serving(app, port):
        yield office, address


@pytest.fixture
def phone(browser: Browser, office: tuple[Office, str]) -> Iterator[Page]:
    context = browser.new_context(
        base_url=office[1],
        viewport=PHONE,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        accept_downloads=True,
    )
    yield context.new_page()
    context.close()


def sign_in(page: Page, path: str = "/app/") -> Screen:
    """Go to a screen, sign in with the sandbox e-ID, and come back to it."""
    screen = Screen(page)
    page.goto(path)
    screen.tap("sign-in")
    page.wait_for_url("**/sandbox/id/**", timeout=PATIENCE)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(f"**{path}", timeout=PATIENCE)
    return screen


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
        screen = sign_in(phone, "/app/book/insurance")
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

    def test_is_asked_to_sign_in_again_once_the_session_is_over(
        self, phone: Page, office: tuple[Office, str]
    ) -> None:
        screen = sign_in(phone, "/app/book")
        screen.shows("line-1")
        office[0].clock.now += timedelta(hours=office[0].inst.sessions.hours, minutes=1)

        screen.tab("Ai đã xem")
        screen.shows("sign-in")
        screen.says("Phiên đăng nhập đã hết")

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
