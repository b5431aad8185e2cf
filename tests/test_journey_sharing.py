"""Sharing as people do it: a job seeker, an employer's phone, a real browser, a real server."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from labour_book.documents import qr_svg
from labour_book.services import live_codes, printing, withdrawing
from labour_book.services.access import deed
from labour_book.services.own_shares import OwnShare
from labour_book.services.sharing import Created
from tests.api.conftest import OPERATOR, Office
from tests.services import shares
from tests.services.people import add_diploma
from tests.services.shares import WORKER
from tests.support import browser as chromium
from tests.support.site import built_site

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PHONE = {"width": 390, "height": 844}
NAME = "Nguyễn Thị Số 1"
GENUINE = "Sổ thật, còn hiệu lực"
WITHDRAWN = "Người chia sẻ đã thu hồi"
OPEN, AGAIN = "Mở và xem", "Kiểm tra lại bây giờ"


@dataclass
class Seeker:
    """A job seeker with a book, on a running service."""

    office: Office
    address: str

    def share(self, **terms: int) -> Created:
        return shares.share(self.office.inst, self.office.clock.now, **terms)

    def live_url(self, created: Created) -> str:
        now = self.office.clock.now
        with deed(self.office.inst.engine) as db:
            return live_codes.live_code(db, self.office.inst, WORKER, created.share_id, now=now).url

    def sees(self) -> OwnShare:
        (own,) = shares.mine(self.office.inst, self.office.clock.now)
        return own

    def prints(self) -> bytes:
        """Print the book as it is now, sealed."""
        office = self.office
        with deed(office.inst.engine) as db:
            return printing.pdf_of(
                db, office.inst, OPERATOR, office.people[0], purpose="print", now=office.clock.now
            )

    def withdraws(self, created: Created) -> None:
        with deed(self.office.inst.engine) as db:
            withdrawing.withdraw_share(db, WORKER, created.share_id, now=self.office.clock.now)

    def corrects(self) -> None:
        """Have a diploma added, and a new version issued."""
        self.office.clock.now += MINUTE
        person = self.office.people[0]
        add_diploma(self.office.inst.engine, person, 1, at=self.office.clock.now)
        self.office.issue(person)


@pytest.fixture(scope="module")
def port() -> int:
    return chromium.free_port()


@pytest.fixture
def seeker(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seeker]:
    built = built_site(tmp_path, port, monkeypatch, NOW)
    built.office.issue(built.office.people[0])
    with chromium.serving(built.app, port):
        yield Seeker(built.office, built.address)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browsing() as started:
        yield started


@pytest.fixture
def employer(browser: Browser, seeker: Seeker) -> Iterator[BrowserContext]:
    """The phone of an employer, in Vietnamese, with no script at all."""
    context = browser.new_context(
        base_url=seeker.address, viewport=PHONE, locale="vi-VN", java_script_enabled=False
    )
    yield context
    context.close()


@pytest.fixture
def measured(browser: Browser, seeker: Seeker) -> Iterator[BrowserContext]:
    """The same phone, with script for the test's own measuring."""
    context = browser.new_context(base_url=seeker.address, viewport=PHONE, locale="vi-VN")
    yield context
    context.close()


def cover(phone: BrowserContext, url: str) -> Page:
    page = phone.new_page()
    page.goto(url)
    return page


def opened(phone: BrowserContext, url: str) -> Page:
    page = cover(phone, url)
    page.get_by_role("button", name=OPEN).click()
    return page


def says(page: Page, headline: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(headline)


def scanned(page: Page) -> zxingcpp.Barcode:
    picture = Image.open(io.BytesIO(page.locator(".qr").last.screenshot()))
    (read,) = zxingcpp.read_barcodes(picture)
    return read


class TestJobSeeker:
    def test_shares_sees_the_view_and_takes_it_back(
        self, seeker: Seeker, employer: BrowserContext
    ) -> None:
        created = seeker.share()

        page = cover(employer, created.url)
        assert NAME not in page.content()
        assert seeker.sees().views == 0
        page.get_by_label("Bạn xem để làm gì?").fill("Xét hồ sơ thợ hàn")
        page.get_by_role("button", name=OPEN).click()

        says(page, GENUINE)
        expect(page.get_by_text(NAME)).to_be_visible()
        (view,) = seeker.sees().seen
        assert view.at == seeker.office.clock.now
        assert (view.purpose, view.place) == ("Xét hồ sơ thợ hàn", "127.0.0.0/24")

        seeker.withdraws(created)
        page.get_by_role("button", name=AGAIN).click()
        says(page, WITHDRAWN)
        assert NAME not in page.content()
        says(cover(employer, created.url), WITHDRAWN)

    def test_has_a_paper_that_stays_genuine_after_a_correction(
        self, seeker: Seeker, employer: BrowserContext
    ) -> None:
        printed = seeker.prints()
        page = opened(employer, seeker.share().url)
        seeker.corrects()

        page.get_by_role("button", name=AGAIN).click()
        expect(page.get_by_role("status")).to_contain_text("Sổ đã có bản mới hơn")
        says(page, GENUINE)

        page.goto("/verify")
        file = {"name": "so.pdf", "mimeType": "application/pdf", "buffer": printed}
        page.get_by_label("Tệp PDF gốc").set_input_files(files=[file])  # type: ignore[list-item]  # a FilePayload
        page.get_by_role("button", name="Kiểm tra tệp").click()
        says(page, "Sổ thật, nhưng đã có bản mới hơn")

    def test_shows_a_live_code_that_nobody_uses_twice(
        self, seeker: Seeker, employer: BrowserContext
    ) -> None:
        created = seeker.share()
        url = seeker.live_url(created)

        page = opened(employer, url)
        says(page, GENUINE)

        says(cover(employer, url), "Mã động này đã hết hiệu lực hoặc đã được dùng")
        says(opened(employer, seeker.live_url(created)), GENUINE)


class TestEmployer:
    def test_scans_the_sample_code(self, seeker: Seeker, employer: BrowserContext) -> None:
        read = scanned(cover(employer, "/demo"))

        assert read.text.startswith(f"{seeker.address}/s/")
        says(opened(employer, read.text), GENUINE)

    def test_changes_language_and_reloads_without_another_view(
        self, seeker: Seeker, employer: BrowserContext
    ) -> None:
        page = opened(employer, seeker.share(max_views=1).url)

        page.get_by_role("button", name="English").click()
        says(page, "Genuine and valid")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("button", name="Tiếng Việt").click()
        says(page, GENUINE)
        page.reload()
        says(page, GENUINE)
        assert seeker.sees().views == 1

    def test_taps_twice_and_uses_up_one_view(
        self, seeker: Seeker, employer: BrowserContext
    ) -> None:
        page = cover(employer, seeker.share(max_views=1).url)

        page.get_by_role("button", name=OPEN).dblclick()

        says(page, GENUINE)
        assert seeker.sees().views == 1

    def test_keeps_a_signed_copy_that_is_refused_after_the_withdrawal(
        self, seeker: Seeker, employer: BrowserContext, tmp_path: Path
    ) -> None:
        created = seeker.share()
        page = opened(employer, created.url)

        with page.expect_download() as download:
            page.get_by_role("button", name="Tải bản có chữ ký số").click()
        kept = tmp_path / "kept"
        download.value.save_as(kept)

        assert download.value.suggested_filename == "so-lao-dong.sd-jwt"
        for headline in (GENUINE, "Người lao động đã thu hồi bản này"):
            page.goto("/verify")
            page.get_by_label("Tệp PDF gốc").set_input_files(kept)
            page.get_by_role("button", name="Kiểm tra tệp").click()
            says(page, headline)
            if headline == GENUINE:
                seeker.withdraws(created)

    def test_prints_it_on_two_pages_in_black_without_the_code(
        self, seeker: Seeker, employer: BrowserContext
    ) -> None:
        created = seeker.share()
        document = pypdfium2.PdfDocument(opened(employer, created.url).pdf(format="A4"))
        words = " ".join(page.get_textpage().get_text_range() for page in document)
        picture = document[0].render().to_pil().convert("RGB")

        assert len(document) <= 2
        for said in (GENUINE, NAME, "Ứng tuyển thợ hàn", "Bản in không tự cập nhật"):
            assert said in words
        assert created.code not in "".join(words.split())
        assert AGAIN not in words
        assert "English" not in words
        assert max(max(each) - min(each) for _, each in picture.getcolors(1 << 24)) <= 40


class TestPhone:
    @pytest.mark.parametrize("step", ["cover", "opened", "over"])
    def test_shows_all_without_scrolling_sideways_even_with_big_text(
        self, seeker: Seeker, measured: BrowserContext, step: str
    ) -> None:
        created = seeker.share(max_views=1)
        page = cover(measured, created.url)
        if step != "cover":
            page.get_by_role("button", name=OPEN).click()
        if step == "over":
            page.goto(created.url)
        root = "document.documentElement"

        for size in ("100%", "200%"):
            page.evaluate(f"{root}.style.fontSize = '{size}'")
            assert not page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")

    def test_asks_nobody_else_and_complains_of_nothing(
        self, seeker: Seeker, measured: BrowserContext
    ) -> None:
        asked: list[str] = []
        complaints: list[str] = []
        page = measured.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        url = seeker.share().url

        page.goto(url, wait_until="networkidle")
        page.get_by_role("button", name=OPEN).click()
        page.wait_for_load_state("networkidle")

        assert asked == [url, url]
        assert complaints == []

    def test_has_targets_large_enough_for_a_thumb(
        self, seeker: Seeker, measured: BrowserContext
    ) -> None:
        page = opened(measured, seeker.share().url)

        for each in page.get_by_role("button").all():
            box = each.bounding_box()
            assert box is not None
            assert box["height"] >= 40

    def test_opens_it_with_the_keyboard_alone(
        self, seeker: Seeker, measured: BrowserContext
    ) -> None:
        page = cover(measured, seeker.share().url)

        page.get_by_label("Bạn xem để làm gì?").focus()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=OPEN)).to_be_focused()
        page.keyboard.press("Enter")

        says(page, GENUINE)


class TestCode:
    def test_of_a_share_is_small_and_read_from_a_phone_screen(
        self, seeker: Seeker, measured: BrowserContext
    ) -> None:
        url = f"https://so.example.vn/s/{seeker.share().code}"
        page = measured.new_page()
        page.set_content(f'<div class="qr" style="width:176px">{qr_svg(url)}</div>')

        read = scanned(page)

        assert read.text == url
        assert read.ec_level == "M"
        (size,) = re.findall(r'viewBox="0 0 (\d+) ', qr_svg(url))
        assert int(size) - 8 <= 17 + 4 * 4  # at most version 4, with its quiet zone
