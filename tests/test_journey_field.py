"""A commune's official fills in Form 03 in a village without a network, and sends it later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, expect

from labour_book.database import reading
from labour_book.queries.rows import table_of
from labour_book.services.access import Caller, Role
from labour_book.tables import EnteredForm
from tests.services import people
from tests.support import axe, seats
from tests.support import browser as chromium
from tests.support.site import Site, built_site

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
PHONE = {"width": 390, "height": 844}
FIELD = "/desk/collection/form/field"
NAME = "Trần Thị Mai"
KEPT = """() => new Promise((resolve) => {
  indexedDB.open("labour-book-field").onsuccess = (opened) => {
    const db = opened.target.result;
    const asked = db.transaction(["forms", "seats"]).objectStore("forms").getAll();
    asked.onsuccess = () => resolve(asked.result.map((each) => JSON.stringify({
      ...each, box: { ...each.box, data: new TextDecoder("latin1").decode(each.box.data) },
    })));
  };
})"""


@dataclass
class Device:
    """A tablet of the commune, and who is signed in on it."""

    site: Site
    context: BrowserContext
    official: Caller

    def signed_in_as(self, caller: Caller) -> None:
        secret = seats.session_of(self.site.office, caller)
        cookie = {"name": "lb-session", "value": secret, "url": self.site.address}
        self.context.add_cookies([cookie])  # type: ignore[list-item]  # a SetCookieParam

    def entered(self) -> int:
        with reading(self.site.office.inst.engine) as db:
            count = sa.select(sa.func.count()).select_from(table_of(EnteredForm))
            return int(db.execute(count).scalar_one())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browsing() as started:
        yield started


@pytest.fixture
def device(tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Device]:
    port = chromium.free_port()
    site = built_site(tmp_path, port, monkeypatch, NOW)
    official = seats.official(site.office, Role.COLLECTOR, "UB-00070")
    with chromium.serving(site.app, port):
        context = browser.new_context(base_url=site.address, viewport=PHONE, locale="vi-VN")
        device = Device(site, context, official)
        device.signed_in_as(official)
        yield device
        context.close()


def opened(device: Device) -> Page:
    page = device.context.new_page()
    page.goto(FIELD)
    expect(page.locator("body")).to_have_attribute("data-settled", "yes")
    expect(page.locator("#readiness")).to_contain_text("Sẵn sàng")
    return page


def filled(page: Page, name: str = NAME, born: str = "12/05/1991", number: str = "") -> None:
    page.locator("[name=full_name]").fill(name)
    page.locator("[name=birth_date]").fill(born)
    page.locator("[name=gender][value=F]").check()
    page.locator("[name=personal_id]").fill(number)
    page.locator("#act-UNEMPLOYED").check()
    page.get_by_role("button", name="Giữ phiếu trên thiết bị").click()
    expect(page.locator("#said")).to_have_text("✓ Đã giữ phiếu trên thiết bị.")


def sent(page: Page) -> str:
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#send")).to_be_enabled()
    return page.locator("#said").inner_text()


class TestField:
    def test_keeps_forms_without_a_network_and_sends_them_later(self, device: Device) -> None:
        opened(device).close()
        device.context.set_offline(True)
        page = device.context.new_page()
        page.goto(FIELD)
        expect(page.locator("#readiness")).to_contain_text("Chưa có mạng")

        filled(page, number="001191000111")

        (kept,) = page.evaluate(KEPT)
        assert "Trần" not in kept
        assert "001191000111" not in kept
        assert "Chưa có mạng" in sent(page)
        device.context.set_offline(False)
        assert sent(page) == "Đã gửi 1 phiếu; còn 0."
        assert page.evaluate(KEPT) == []
        assert device.entered() == 1

    def test_says_what_was_not_recorded_and_why_until_it_is(self, device: Device) -> None:
        page = opened(device)
        filled(page, born="31/02/1991", number="001191000111")
        filled(page, "Nguyễn Thị Mười", "17/05/1990", people.personal_id(1))

        assert sent(page) == "Đã gửi 0 phiếu; còn 2."
        rows = page.locator("#list > li")
        expect(rows.nth(0)).to_contain_text("có mục sai")
        expect(rows.nth(0)).to_contain_text("Ngày")
        expect(rows.nth(1)).to_contain_text("cần xem lại")
        expect(rows.nth(1)).to_contain_text("người giống")
        assert axe.grave(page) == []

        rows.nth(1).get_by_role("button", name="Đã xem, ghi phiếu").click()
        expect(rows).to_have_count(1)
        rows.nth(0).get_by_role("button", name="Sửa").click()
        expect(page.locator("[name=full_name]")).to_have_value(NAME)
        page.locator("[name=birth_date]").fill("12/05/1991")
        page.get_by_role("button", name="Giữ phiếu trên thiết bị").click()
        expect(rows).to_have_count(1)
        assert sent(page) == "Đã gửi 1 phiếu; còn 0."
        assert device.entered() == 2

    def test_opens_what_is_kept_for_who_filled_it_in_alone(self, device: Device) -> None:
        page = opened(device)
        filled(page, number="001191000111")
        device.context.clear_cookies()
        assert "đăng nhập lại" in sent(page)

        device.signed_in_as(seats.official(device.site.office, Role.COLLECTOR, "UB-00070"))
        page.reload()
        expect(page.locator("#others")).to_contain_text("1 phiếu của người khác")
        expect(page.locator("#send")).to_be_hidden()
        assert device.entered() == 0

        device.signed_in_as(device.official)
        page.reload()
        expect(page.locator("#list > li")).to_have_count(1)
        assert sent(page) == "Đã gửi 1 phiếu; còn 0."
