"""A commune's officer with a messy workbook, without script: sent, mended, reviewed, and a form.

What the pages show on the way is looked at by axe, on a wide screen and on a phone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect

import labour_book.data
from labour_book.database import transaction
from labour_book.queries.rows import table_of
from labour_book.services.access import Role
from labour_book.tables import Unit
from tests.support import axe, seats
from tests.support import browser as chromium
from tests.support.site import Site, built_site

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
WORKBOOK = Path(labour_book.data.__file__).parent / "demo" / "form03_28315.xlsx"
UNIT, COMMUNE = "UB-28315", "28315"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 120_000
"""Milliseconds: an import of some hundred rows on a machine that does much else."""


@dataclass(frozen=True)
class Officer:
    """Who collects in the commune, in front of a browser without script."""

    site: Site
    context: BrowserContext
    looking: BrowserContext
    """The same on a phone, with script for the checker alone."""

    def opened(self, path: str) -> Page:
        page = self.context.new_page()
        page.goto(path)
        return page

    def is_well_made(self, path: str) -> None:
        """Have a page checked, dark and on a phone."""
        page = self.looking.new_page()
        page.goto(path)
        assert axe.grave(page) == []
        root = "document.documentElement"
        assert not page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")
        page.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browsing() as started:
        yield started


@pytest.fixture
def officer(tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Officer]:
    port = chromium.free_port()
    site = built_site(tmp_path, port, monkeypatch, NOW, background_work=True)
    with transaction(site.office.inst.engine) as db:
        row = {"code": UNIT, "name": "UBND phường", "kind": "commune", "parent_code": "SNV-79"}
        more = {"place_code": COMMUNE, "valid_from": date(2025, 7, 1)}
        db.execute(sa.insert(table_of(Unit)), row | more)
    caller = seats.official(site.office, Role.COLLECTOR, UNIT)
    secret = seats.session_of(site.office, caller)
    cookie = {"name": "lb-session", "value": secret, "url": site.address}
    with chromium.serving(site.app, port):
        contexts = [
            browser.new_context(
                base_url=site.address,
                viewport=viewport,
                locale="vi-VN",
                java_script_enabled=viewport is PHONE,
                color_scheme="dark" if viewport is PHONE else "light",
            )
            for viewport in (WIDE, PHONE)
        ]
        for context in contexts:
            context.add_cookies([cookie])  # type: ignore[list-item]  # a SetCookieParam
        yield Officer(site, *contexts)
        for context in contexts:
            context.close()


def sent(page: Page, file: Path) -> str:
    """Send a workbook, wait until it is read, and return the address of what became of it."""
    page.goto("/desk/uploads")
    page.get_by_label("Tệp", exact=True).set_input_files(file)
    page.get_by_role("button", name="Gửi tệp").click()
    expect(page.get_by_role("status").filter(has_text="Đã xong")).to_be_visible(timeout=PATIENCE)
    return page.url.partition("?")[0]


def rows_told(page: Page, outcome: str) -> int:
    found = page.locator(f"dl.totals div:has(dt:text-is('{outcome}')) dd")
    return int(found.inner_text()) if found.count() else 0


def year_in(personal_id: str) -> int:
    """Return the year of birth that a personal ID has in it, as an officer would read it."""
    if len(personal_id) != len("001190000001"):
        return 1980
    return (1900 if personal_id[3] in "01" else 2000) + int(personal_id[4:6])


def mended(file: Path) -> tuple[Path, int]:
    """Write a birth date into each row that was refused for its own; return how many."""
    book, count = load_workbook(file), 0
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows())
        top = next(i for i, row in enumerate(rows) if any("ô / field" in f"{c.value}" for c in row))
        labels = [str(cell.value) for cell in rows[top]]
        field = next(i for i, label in enumerate(labels) if "ô / field" in label)
        born = next(i for i, label in enumerate(labels) if "sinh" in label.lower())
        number = next(i for i, label in enumerate(labels) if "CCCD" in label or "CMND" in label)
        for row in rows[top + 1 :]:
            if str(row[field].value) == "birth_date":
                row[born].value = f"01/01/{year_in(str(row[number].value))}"
                count += 1
    path = file.with_name("mended.xlsx")
    book.save(path)
    return path, count


class TestCommuneOfficer:
    def test_sends_a_messy_workbook_mends_it_reviews_a_row_and_enters_a_form(
        self, officer: Officer, tmp_path: Path
    ) -> None:
        page = officer.opened("/desk/collection")

        # A messy workbook: each row gets its receipt.
        place = sent(page, WORKBOOK)
        refused, waiting = rows_told(page, "Không nhận"), rows_told(page, "Chờ rà soát")
        assert rows_told(page, "Ghi mới") > 100
        assert refused
        assert waiting
        officer.is_well_made(place)

        # What was refused comes back with its reasons; mended, it is sent again.
        with page.expect_download() as downloading:
            page.get_by_role("link", name="Tải các dòng cần sửa").click()
        returned = tmp_path / "returned.xlsx"
        downloading.value.save_as(returned)
        path, rows = mended(returned)
        sent(page, path)
        assert rows
        assert rows_told(page, "Ghi mới")
        assert rows_told(page, "Không nhận") < refused

        # A row that no rule could place is decided.
        page.goto("/desk/review")
        officer.is_well_made("/desk/review")
        page.locator("tbody a").first.click()
        page.locator("tbody a").first.click()
        officer.is_well_made(page.url)
        page.get_by_label("Lý do không ghi").fill("Hộ đã báo lại, dòng này nhầm")
        page.get_by_role("button", name="Không ghi").click()
        expect(page.get_by_text("Dòng không được ghi; lý do đã lưu.")).to_be_visible()

        # A plan, its worklist, and a form by hand.
        page.goto("/desk/collection")
        page.get_by_label("Đến hết ngày").fill("2026-11-30")
        page.get_by_role("button", name="Lập kế hoạch").click()
        expect(page.get_by_role("table")).to_contain_text("Chưa đến")
        officer.is_well_made(page.url)
        page.goto("/desk/collection/form")
        officer.is_well_made("/desk/collection/form")
        page.get_by_label("Họ, chữ đệm và tên").fill("Trần Thị Mai")
        page.get_by_label("Ngày, tháng, năm sinh").fill("12/05/1991")
        page.get_by_label("Nữ", exact=True).check()
        page.get_by_label("Số CCCD/CMND").fill("001191000111")
        expect(page.get_by_label("Vị thế việc làm")).to_be_hidden()
        page.get_by_label("Người có việc làm").check()
        page.get_by_label("Vị thế việc làm").select_option("Tự làm")
        page.get_by_label("Công việc cụ thể đang làm").fill("Bán hàng")
        page.get_by_role("button", name="Ghi phiếu").click()
        expect(page.get_by_role("heading", name="Ghi mới")).to_be_visible()
        officer.is_well_made(page.url)
