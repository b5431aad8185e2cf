"""Flight mode: the verifier page is installed once, then answers with no network and no server."""

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from labour_book.documents import qr_png
from labour_book.services import access, printing
from labour_book.services.access import Role
from signing import compact_read
from tests.api.conftest import OPERATOR, PURPOSE, Office
from tests.services.people import add_diploma
from tests.support import browser as chromium
from tests.support.site import built_site

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
PHONE = {"width": 390, "height": 844}
READY = "Sẵn sàng: dùng được ở chế độ máy bay"
GENUINE = "Thật, còn hiệu lực"
VECTORS = Path(__file__).parent / "signing" / "vectors" / "compact.json"
HARNESS = Path(__file__).parent / "api" / "offline" / "golden.mjs"


@dataclass
class Site:
    """A service that can be switched off."""

    office: Office
    app: FastAPI
    port: int
    running: ExitStack = field(default_factory=ExitStack)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.running.enter_context(chromium.serving(self.app, self.port))

    def stop(self) -> None:
        self.running.close()

    def code(self, context: BrowserContext, *, days: int = 3, person: int = 0) -> dict[str, Any]:
        """Ask for a worker's offline code, as the worker's app does."""
        worker = self.office.people[person]
        token = self.office.token("worker", Role.WORKER, person=worker)
        answer = context.request.get(
            f"{self.address}/me/offline-code", params={"days": days}, headers=token
        )
        assert answer.status == 200
        found: dict[str, Any] = answer.json()
        return found

    def credential(self) -> bytes:
        with access.deed(self.office.inst.engine) as db:
            token = access.open_credential(
                db, self.office.inst, OPERATOR, self.office.people[0], purpose=PURPOSE, now=NOW
            )
        return token.encode("ascii")

    def pdf(self) -> bytes:
        inst, worker = self.office.inst, self.office.people[0]
        with access.deed(inst.engine) as db:
            return printing.pdf_of(db, inst, OPERATOR, worker, purpose=PURPOSE, now=NOW)


@pytest.fixture(scope="module")
def port() -> int:
    return chromium.free_port()


@pytest.fixture
def site(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    built = built_site(tmp_path, port, monkeypatch, NOW)
    built.office.issue(built.office.people[0])
    running = Site(built.office, built.app, port)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the camera sees."""
    return tmp_path_factory.mktemp("camera") / "film.y4m"


@pytest.fixture(scope="module")
def browser(film: Path) -> Iterator[Browser]:
    with chromium.browsing(
        "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"
    ) as started:
        yield started


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site.address, viewport=PHONE, locale="vi-VN")
    context.clock.set_fixed_time(NOW)
    yield context
    context.close()


def installed(context: BrowserContext) -> Page:
    """Open the page once with a network, until it says that it is ready without one."""
    page = context.new_page()
    page.goto("/offline")
    expect(page.locator("#ready-state")).to_have_text(READY)
    expect(page.locator("body")).to_have_attribute("data-settled", "yes")
    return page


def in_flight(site: Site, context: BrowserContext, page: Page) -> Page:
    """Switch the network and the server off, and open the page again."""
    site.stop()
    context.set_offline(True)
    page.reload()
    expect(page.locator("#ready-state")).to_have_text(READY)
    return page


def screenshot_of(browser: Browser, svg: str) -> bytes:
    """Return what a phone of 390 points shows of a code, one pixel to the point."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=1)
    page = context.new_page()
    page.set_content(
        "<body style='margin:0;font:16px sans-serif'><h1>Mã ngoại tuyến</h1>"
        f"<div style='width:390px'>{svg}</div><p>Đưa mã này cho người kiểm tra.</p>"
    )
    picture = page.screenshot()
    context.close()
    return picture


def send(page: Page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "", "buffer": content}
    page.get_by_label("Tệp để kiểm tra").set_input_files(files=[file])  # type: ignore[list-item]  # a FilePayload


def paste(page: Page, text: str) -> None:
    page.get_by_label("Nội dung mã QR").fill(text)
    page.get_by_role("button", name="Kiểm tra", exact=True).click()


def expect_headline(page: Page, words: str) -> None:
    expect(page.locator("#result .verdict h2")).to_have_text(words)


class TestFlightMode:
    def test_reads_a_screenshot_of_a_phone_and_says_genuine(
        self, site: Site, browser: Browser, phone: BrowserContext
    ) -> None:
        page = installed(phone)
        picture = screenshot_of(browser, site.code(phone)["svg"])
        in_flight(site, phone, page)

        send(page, "man-hinh.png", picture)

        expect_headline(page, GENUINE)
        result = page.locator("#result")
        expect(result.get_by_text("Nguyễn Thị Số 1")).to_be_visible()
        expect(result.get_by_text("0001", exact=True)).to_be_visible()
        expect(result.get_by_text("Công ty Cổ phần Thép Hồng Hà")).to_be_visible()
        expect(result.get_by_text("trạng thái: vừa xong")).to_be_visible()
        expect(result.get_by_text("So họ tên và 4 số cuối với căn cước")).to_be_visible()

    def test_says_how_old_the_status_is_after_30_hours(
        self, site: Site, browser: Browser, phone: BrowserContext
    ) -> None:
        page = installed(phone)
        picture = screenshot_of(browser, site.code(phone)["svg"])
        in_flight(site, phone, page)

        phone.clock.set_fixed_time(NOW + timedelta(hours=30))
        send(page, "man-hinh.png", picture)

        expect_headline(page, "Thật; trạng thái biết đến 30 giờ trước")
        expect(page.get_by_text("bấm “Cập nhật danh sách” rồi kiểm tra lại")).to_be_visible()
        expect(page.locator("#status-age")).to_have_text("trạng thái: 30 giờ trước")
        expect(page.locator("#trust-age")).to_have_text("danh sách tin cậy: 30 giờ trước")

    def test_says_superseded_and_then_revoked_once_its_lists_know(
        self, site: Site, phone: BrowserContext
    ) -> None:
        text = site.code(phone)["text"]
        add_diploma(site.office.inst.engine, site.office.people[0], 1, at=NOW)
        site.office.issue(site.office.people[0])
        page = in_flight(site, phone, installed(phone))

        paste(page, text)
        expect_headline(page, "Thật, nhưng đã có bản mới hơn")

        site.office.revoke_all()
        site.office.clock.now += timedelta(seconds=30)
        site.start()
        phone.set_offline(False)
        page.get_by_role("button", name="Cập nhật danh sách").click()
        expect(page.locator("#refresh-state")).to_have_text("Đã cập nhật danh sách từ máy chủ.")
        in_flight(site, phone, page)
        paste(page, text)
        expect_headline(page, "Đã bị thu hồi")
        expect(page.get_by_text("Nguyễn Thị Số 1")).to_have_count(0)

    def test_tells_forged_expired_foreign_and_links_apart(
        self, site: Site, phone: BrowserContext
    ) -> None:
        text = site.code(phone, days=1)["text"]
        page = in_flight(site, phone, installed(phone))
        file = json.loads(VECTORS.read_text(encoding="utf-8"))
        vectors = {each["name"]: each["text"] for each in file["vectors"]}

        paste(page, vectors["one letter at the end of base45"])
        expect_headline(page, "Không phải bản gốc")
        paste(page, vectors["key of a stranger"])
        expect_headline(page, "Không nhận ra chữ ký")
        paste(page, "HC1:NCFOXN")
        expect_headline(page, "Không phải mã của sổ lao động")
        send(page, "in.png", qr_png(f"{site.address}/v/7K2MQ9XD04TB"))
        expect_headline(page, "Đây là mã dẫn đến một trang: cần có mạng")
        expect(page.get_by_role("link", name=f"{site.address}/v/7K2MQ9XD04TB")).to_be_visible()
        phone.clock.set_fixed_time(NOW + timedelta(days=2))
        paste(page, text)
        expect_headline(page, "Thật, nhưng đã hết hạn")

    def test_checks_nothing_by_a_list_that_has_run_out(
        self, site: Site, phone: BrowserContext
    ) -> None:
        text = site.code(phone, days=7)["text"]
        page = in_flight(site, phone, installed(phone))

        phone.clock.set_fixed_time(NOW + timedelta(days=7))
        paste(page, text)

        expect_headline(page, "Danh sách tin cậy trên máy đã hết hạn")
        expect(page.locator("#ready-state")).to_have_text("Danh sách tin cậy trên máy đã hết hạn")

    def test_speaks_both_languages(self, site: Site, phone: BrowserContext) -> None:
        text = site.code(phone)["text"]
        page = in_flight(site, phone, installed(phone))

        page.get_by_role("link", name="English").click()
        page.get_by_label("Text of a QR code").fill(text)
        page.get_by_role("button", name="Check", exact=True).click()

        expect_headline(page, "Genuine and valid")
        expect(page.get_by_text("Issued by Department of Home Affairs")).to_be_visible()


class TestFiles:
    def test_takes_the_pdf_the_credential_and_parts_of_it(
        self, site: Site, phone: BrowserContext
    ) -> None:
        pdf, credential = site.pdf(), site.credential()
        changed = bytearray(pdf)
        changed[len(changed) // 2] ^= 1
        page = in_flight(site, phone, installed(phone))

        for name, content, headline in (
            ("so.pdf", pdf, GENUINE),
            ("so.pdf", bytes(changed), "Không phải bản gốc"),
            ("so.pdf", pdf + b"\n", "Không phải bản gốc"),
            ("so.sd-jwt", credential, GENUINE),
            ("so.sd-jwt", credential.split(b"~")[0] + b"~", GENUINE),
            ("so.sd-jwt", credential.replace(b"~W", b"~X", 1), "Không phải bản gốc"),
        ):
            send(page, name, content)
            expect_headline(page, headline)

    def test_finds_the_code_in_a_large_photo_taken_aslant(
        self, site: Site, phone: BrowserContext
    ) -> None:
        code = Image.open(io.BytesIO(qr_png(site.code(phone)["text"], scale=12))).convert("L")
        photo = Image.new("L", (4032, 3024), 90)
        photo.paste(code.rotate(7, expand=True, fillcolor=255), (1400, 700))
        taken = io.BytesIO()
        photo.save(taken, "JPEG", quality=80)
        page = in_flight(site, phone, installed(phone))

        send(page, "anh.jpg", taken.getvalue())

        expect_headline(page, GENUINE)

    def test_says_what_to_do_with_a_picture_without_a_code(
        self, site: Site, phone: BrowserContext
    ) -> None:
        empty = io.BytesIO()
        Image.new("L", (600, 400), 255).save(empty, "PNG")
        page = in_flight(site, phone, installed(phone))

        send(page, "trang.png", empty.getvalue())
        expect_headline(page, "Không thấy mã QR trong ảnh")
        send(page, "hong.jpg", b"\xff\xd8\xff\x00" + bytes(99))
        expect_headline(page, "Không đọc được tệp này")


class TestCamera:
    def test_scans(self, site: Site, phone: BrowserContext, film: Path) -> None:
        film.write_bytes(filmed(site.code(phone)["text"]))
        page = in_flight(site, phone, installed(phone))
        phone.grant_permissions(["camera"])

        page.get_by_role("button", name="Mở máy ảnh").click()

        expect_headline(page, GENUINE)
        expect(page.locator("video")).to_be_hidden()

    def test_names_the_other_ways_when_it_is_denied(
        self, site: Site, phone: BrowserContext
    ) -> None:
        page = in_flight(site, phone, installed(phone))

        page.get_by_role("button", name="Mở máy ảnh").click()

        expect_headline(page, "Trình duyệt không được phép dùng máy ảnh")
        expect(page.get_by_text("hoặc chọn ảnh chụp mã, hoặc dán nội dung mã")).to_be_visible()


class TestPage:
    def test_answers_every_shared_vector_as_the_server_does(
        self, site: Site, phone: BrowserContext
    ) -> None:
        file = json.loads(VECTORS.read_text(encoding="utf-8"))
        harness = HARNESS.read_text(encoding="utf-8").replace("export async", "async")
        page = in_flight(site, phone, installed(phone))

        answers = page.evaluate(
            f"([file, base]) => {{ {harness}; return answersOf(file, base); }}",
            [file, f"{site.address}/offline/"],
        )

        names = ("integrity", "status", "issuer", "step", "claims")
        expected = {
            each["name"]: {name: each["expected"][name] for name in names}
            for each in file["vectors"]
        }
        assert answers == expected

    def test_asks_nobody_else_and_breaks_no_policy(self, site: Site, phone: BrowserContext) -> None:
        asked: list[str] = []
        complaints: list[str] = []
        phone.on("request", lambda request: asked.append(request.url))
        phone.on("console", lambda message: complaints.append(message.text))
        phone.on("weberror", lambda error: complaints.append(str(error.error)))

        page = installed(phone)
        paste(page, site.code(phone)["text"])
        expect_headline(page, GENUINE)

        assert all(url.startswith(site.address) for url in asked)
        assert complaints == []

    @pytest.mark.parametrize("width", [390, 1280])
    def test_fits_its_window_even_with_big_text(
        self, site: Site, phone: BrowserContext, width: int
    ) -> None:
        page = installed(phone)
        page.set_viewport_size({"width": width, "height": 844})
        paste(page, site.code(phone)["text"])
        expect_headline(page, GENUINE)

        page.evaluate("document.documentElement.style.fontSize = '200%'")

        root = "document.documentElement"
        assert not page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")

    def test_says_so_where_it_was_never_opened_with_a_network(
        self, site: Site, phone: BrowserContext
    ) -> None:
        phone.route("**/trust/list", lambda route: route.abort())
        text = site.code(phone)["text"]
        page = phone.new_page()
        page.goto("/offline")

        paste(page, text)

        expect_headline(page, "Chưa có danh sách tin cậy trên máy")
        expect(page.locator("#trust-age")).to_have_text("danh sách tin cậy: chưa có")

    def test_refuses_an_older_list_than_the_one_at_hand(
        self, site: Site, phone: BrowserContext
    ) -> None:
        page = installed(phone)
        site.office.clock.now -= timedelta(hours=2)

        page.get_by_role("button", name="Cập nhật danh sách").click()

        expect(page.locator("#refresh-state")).to_contain_text("TRUST_LIST_OLDER")
        paste(page, site.code(phone)["text"])
        expect_headline(page, GENUINE)


def filmed(text: str) -> bytes:
    """Return a film of one frame: a code before the camera."""
    assert compact_read(text)
    code = Image.open(io.BytesIO(qr_png(text, scale=6))).convert("L")
    frame = Image.new("L", (1280, 720), 200)
    frame.paste(code, ((1280 - code.width) // 2, (720 - code.height) // 2))
    grey = bytes([128]) * (1280 * 720 // 2)
    return b"YUV4MPEG2 W1280 H720 F10:1 Ip A1:1 C420jpeg\nFRAME\n" + frame.tobytes() + grey
