"""The app's web edition: time to the first screen, cold and again, and memory of open tabs.

* cold: a browser that has never been here loads the client and shows the sign-in screen.
* again: the same browser reloads; the client is in its cache, and asked after.

The server is a process of its own on loopback and compresses the client before the first round, as
any server has done that was visited once. The browser is headless Chromium without a GPU, on the
same cores, so wall time says what this machine can do, and no phone.
"""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from _measure import quick
from _servers import Server, served
from playwright.sync_api import Browser

import migrations
from api.main import create_app
from labour_book.database import connect
from labour_book.settings import Settings
from tests.api.conftest import PUBLIC_URL, opened_office
from tests.support import browser as chromium
from tests.support.screen import Screen

GOAL = "the first screen within 3 s on a quiet machine"
PHONE = {"width": 390, "height": 844}


def first_screen(browser: Browser, address: str) -> tuple[float, float]:
    """Return the seconds to the first screen in a new browser, and when it is loaded again."""
    context = browser.new_context(viewport=PHONE, locale="vi-VN")
    page = context.new_page()
    seconds = []
    for load in (lambda: page.goto(f"{address}/app/"), page.reload):
        started = time.perf_counter()
        load()
        Screen(page).shows("sign-in")
        seconds.append(time.perf_counter() - started)
    context.close()
    return seconds[0], seconds[1]


def memory(server: Server) -> float:
    """Return the server's resident memory in MB."""
    status = Path(f"/proc/{server.process_id}/status").read_text(encoding="ascii")
    (line,) = (each for each in status.splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def open_tabs(browser: Browser, server: Server, address: str, tabs: int) -> float:
    """Open so many tabs at once and return by how many MB the server grew for each."""
    context = browser.new_context(viewport=PHONE, locale="vi-VN")
    before = memory(server)
    for _ in range(tabs):
        page = context.new_page()
        page.goto(f"{address}/app/")
        Screen(page).shows("sign-in")
    grown = memory(server) - before
    context.close()
    return grown / tabs


def main() -> None:
    rounds, tabs = (3, 3) if quick() else (9, 12)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = connect(f"sqlite:///{folder / 'bench.sqlite'}")
        migrations.upgrade(engine)
        office = opened_office(engine, folder, datetime.now(UTC))
        engine.dispose()
        settings = Settings(demo=True, data_dir=folder, public_url=PUBLIC_URL)
        with (
            served(lambda: create_app(settings, office.inst)) as server,
            chromium.browsing() as browser,
        ):
            address = f"http://127.0.0.1:{server.connection.port}"
            first_screen(browser, address)
            times = [first_screen(browser, address) for _ in range(rounds)]
            print(f"\napp (median of {rounds}) - goal: {GOAL}")
            for way, seconds in zip(("cold", "again"), zip(*times, strict=True), strict=True):
                spread = f"{min(seconds):.1f} to {max(seconds):.1f}"
                print(f"  {way:<12}{median(seconds):>8.1f} s to the first screen ({spread})")
            print(f"  {'each tab':<12}{open_tabs(browser, server, address, tabs):>8.2f} MB")


if __name__ == "__main__":
    main()
