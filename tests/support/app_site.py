"""The service with its app on loopback, and phones that sign in there.

A test module takes the fixtures by their names: ``phone = app_site.phone``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from json import dumps
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from labour_book.settings import Settings
from tests.api.conftest import Office, opened_office
from tests.conftest import NOW
from tests.support import browser as chromium
from tests.support import installations
from tests.support.apps import app_for
from tests.support.databases import new_file
from tests.support.screen import PATIENCE, Screen

SIZE = {"width": 390, "height": 844}


@contextmanager
def standing(folder: Path) -> Iterator[tuple[Office, str]]:
    """Serve an office in which one worker has a book; yield it with its address."""
    port = chromium.free_port()
    address = f"http://127.0.0.1:{port}"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(installations, "PUBLIC_URL", address)
        patched.setattr(installations, "ISSUER", replace(installations.ISSUER, uri=address))
        engine = new_file(folder / "site.sqlite")
        office = opened_office(engine, folder, NOW)
        office.issue(office.people[0])
        app = app_for(Settings(demo=True, data_dir=folder, public_url=address), office.inst)
        app.state.clock = lambda: office.clock.now
        with chromium.serving(app, port):
            yield office, address


def new_phone(browser: Browser, address: str, **choices: str) -> BrowserContext:
    """Return a phone; with choices as the app keeps them on the device."""
    context = browser.new_context(
        base_url=address,
        viewport=SIZE,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        accept_downloads=True,
    )
    kept = {
        f"flutter.labour-book.{name.replace('_', '-')}": dumps(value)
        for name, value in choices.items()
    }
    context.add_init_script(
        f"for (const [key, value] of Object.entries({dumps(kept)}))"
        " localStorage.setItem(key, value);"
    )
    return context


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browsing() as started:
        yield started


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    with standing(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def device(browser: Browser, office: tuple[Office, str]) -> Iterator[BrowserContext]:
    """A phone that has been here: it keeps the client's files from one test to the next."""
    context = new_phone(browser, office[1])
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
    return came_back(page, path)


def came_back(page: Page, path: str) -> Screen:
    """Sign in where one was led to, and come back to a screen."""
    page.wait_for_url("**/sandbox/id/**", timeout=PATIENCE)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(f"**{path}", timeout=PATIENCE)
    return Screen(page)
