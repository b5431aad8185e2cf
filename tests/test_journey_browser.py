"""What a person with a phone sees: a real browser against a real server on loopback."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.api.conftest import Office
from tests.services.people import add_diploma
from tests.support import browser as chromium
from tests.support.site import built_site

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
PHONE = {"width": 390, "height": 844}


@dataclass
class Site:
    """A running service, its books, and the addresses on their QR codes."""

    office: Office
    address: str

    def path(self, person: int) -> str:
        version = self.office.issue(self.office.people[person])
        return f"/v/{self.office.code(version)}"


@pytest.fixture(scope="module")
def port() -> int:
    return chromium.free_port()


@pytest.fixture
def site(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    built = built_site(tmp_path, port, monkeypatch, NOW)
    with chromium.serving(built.app, port):
        yield Site(built.office, built.address)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browsing() as started:
        yield started


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A phone in Vietnamese with no script at all."""
    context = browser.new_context(
        base_url=site.address, viewport=PHONE, locale="vi-VN", java_script_enabled=False
    )
    yield context
    context.close()


@pytest.fixture
def measured(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """The same phone, with script for the test's own measuring."""
    context = browser.new_context(base_url=site.address, viewport=PHONE, locale="vi-VN")
    yield context
    context.close()


def opened(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    return page


def is_wider_than_its_window(page: Page) -> bool:
    root = "document.documentElement"
    wider: bool = page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")
    return wider


class TestScan:
    def test_from_the_sample_code_to_the_answer(self, site: Site, phone: BrowserContext) -> None:
        path = site.path(0)
        samples = opened(phone, "/demo")
        picture = Image.open(io.BytesIO(samples.locator(".qr").first.screenshot()))
        (read,) = zxingcpp.read_barcodes(picture)
        assert read.text == f"{site.address}{path}"

        answer = opened(phone, read.text)

        expect(answer.get_by_role("heading", level=1)).to_have_text("Sổ thật, còn hiệu lực")
        expect(answer.get_by_text("Nguyễn Thị Số 1")).to_be_visible()
        assert answer.locator(".answers li").count() == 3

    def test_says_superseded_after_a_change_and_revoked_after_that(
        self, site: Site, phone: BrowserContext
    ) -> None:
        page = opened(phone, site.path(0))
        add_diploma(site.office.inst.engine, site.office.people[0], 1, at=NOW)
        site.path(0)

        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Sổ thật, nhưng đã có bản mới hơn"
        )

        site.office.revoke_all()
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Bản này đã bị thu hồi")

    def test_changes_language_by_a_link(self, site: Site, phone: BrowserContext) -> None:
        page = opened(phone, site.path(0))

        page.get_by_role("link", name="English").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Genuine and valid")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("link", name="Tiếng Việt").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sổ thật, còn hiệu lực")


class TestType:
    def test_a_code_from_paper(self, site: Site, phone: BrowserContext) -> None:
        code = site.path(0).rpartition("/")[2]
        page = opened(phone, "/")
        page.get_by_role("link", name="Kiểm tra", exact=True).click()

        written = "-".join(code[at : at + 4] for at in range(0, len(code), 4))
        page.get_by_label("Mã tra cứu in dưới mã QR").fill(written.lower())
        page.get_by_role("button", name="Kiểm tra mã").click()

        expect(page).to_have_url(f"{site.address}/v/{code}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sổ thật, còn hiệu lực")

    def test_a_wrong_code_and_be_told_what_to_do(self, phone: BrowserContext) -> None:
        page = opened(phone, "/verify")

        page.get_by_label("Mã tra cứu in dưới mã QR").fill("1234")
        page.get_by_role("button", name="Kiểm tra mã").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Không có sổ nào mang mã này")
        page.get_by_role("link", name="Kiểm tra lại hoặc nhập mã khác").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Kiểm tra sổ lao động")


class TestUpload:
    def test_the_pdf_as_it_is_and_with_one_byte_changed(
        self, site: Site, phone: BrowserContext
    ) -> None:
        pdf = site.office.printed(site.office.people[0])
        changed = bytearray(pdf)
        changed[len(changed) // 2] ^= 1

        for content, headline in ((pdf, "Sổ thật, còn hiệu lực"), (changed, "Không phải bản gốc")):
            page = opened(phone, "/verify")
            file = {"name": "so.pdf", "mimeType": "application/pdf", "buffer": bytes(content)}
            page.get_by_label("Tệp PDF gốc").set_input_files(files=[file])  # type: ignore[list-item]  # a FilePayload
            page.get_by_role("button", name="Kiểm tra tệp").click()
            expect(page.get_by_role("heading", level=1)).to_have_text(headline)


class TestPhone:
    @pytest.mark.parametrize("path", ["book", "/", "/verify", "/demo", "/v/x", "/docs"])
    def test_shows_all_without_scrolling_sideways_even_with_big_text(
        self, site: Site, measured: BrowserContext, path: str
    ) -> None:
        page = opened(measured, site.path(0) if path == "book" else path)
        assert not is_wider_than_its_window(page)

        page.evaluate("document.documentElement.style.fontSize = '200%'")

        assert not is_wider_than_its_window(page)

    def test_needs_one_request_and_asks_nobody_else(
        self, site: Site, measured: BrowserContext
    ) -> None:
        asked: list[str] = []
        complaints: list[str] = []
        page = measured.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))

        path = site.path(0)
        page.goto(path, wait_until="networkidle")

        assert asked == [f"{site.address}{path}"]
        assert complaints == []

    def test_applies_its_own_style_under_its_own_policy(
        self, site: Site, measured: BrowserContext
    ) -> None:
        page = opened(measured, site.path(0))

        colour = page.locator(".verdict h1").evaluate("each => getComputedStyle(each).color")

        assert colour == "rgb(13, 102, 49)"

    def test_has_targets_large_enough_for_a_thumb(self, measured: BrowserContext) -> None:
        page = opened(measured, "/verify")

        for each in [*page.get_by_role("button").all(), page.locator(".lang")]:
            box = each.bounding_box()
            assert box is not None
            assert box["height"] >= 40

    def test_shows_where_the_keyboard_is(self, measured: BrowserContext) -> None:
        page = opened(measured, "/verify")

        page.keyboard.press("Tab")

        expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
        expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_in_viewport()
        for _ in range(3):
            page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid"


class TestPaper:
    def test_holds_the_answer_and_its_address(self, site: Site, phone: BrowserContext) -> None:
        path = site.path(0)
        document = pypdfium2.PdfDocument(opened(phone, path).pdf(format="A4"))
        words = " ".join(page.get_textpage().get_text_range() for page in document)

        assert len(document) <= 2
        assert "Sổ thật, còn hiệu lực" in words
        assert "Nguyễn Thị Số 1" in words
        assert f"{site.address}{path}" in "".join(words.split())
        assert "English" not in words
