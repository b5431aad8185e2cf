"""The app's web edition: time to the first screen, from a tap to the book, memory of open tabs.

* cold: a browser that has never been here loads the client and shows the sign-in screen.
* again: the same browser reloads; the client is in its cache, and asked after.
* tap: from the tap on the book's tab until its 30 lines are painted.
* tabs: signed in, on the book; connections without a browser, since 100 of these have no room here.

The server is a process of its own on loopback and compresses the client before the first round, as
any server has done that was visited once. The browser is headless Chromium without a GPU, on the
same cores, so wall time says what this machine can do, and no phone.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import sqlalchemy as sa
from _measure import quick
from _office import bench_office
from _servers import Server, served
from _tabs import tabs
from playwright.sync_api import Browser, Page

from api.login_session import SESSION
from api.main import create_app
from labour_book.database import transaction
from labour_book.tables import EmploymentFact
from tests.services import people
from tests.support import app_site, installations
from tests.support import browser as chromium
from tests.support.screen import Screen

GOAL = "the first screen within 3 s on a quiet machine"
PHONE = {"width": 390, "height": 844}
LINES = 30
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def first_screen(browser: Browser, address: str) -> tuple[float, float]:
    """Return the seconds to the first screen in a new browser, and when it is loaded again."""
    context = browser.new_context(viewport=PHONE, locale="vi-VN")
    page = context.new_page()
    seconds = []
    for load in (lambda: page.goto(f"{address}/app/"), page.reload):
        started = time.perf_counter()
        load()
        Screen(page).shows("sign-in")
        Screen(page).opened()
        seconds.append(time.perf_counter() - started)
    context.close()
    return seconds[0], seconds[1]


def memory(server: Server) -> float:
    """Return the server's resident memory in MB."""
    status = Path(f"/proc/{server.process_id}/status").read_text(encoding="ascii")
    (line,) = (each for each in status.splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def tap_to_painted(page: Page, lines: int) -> float:
    """Return the seconds from the tap on the book's tab until its last line is painted."""
    screen = Screen(page)
    screen.tab("Trang chủ")
    screen.shows("home-share")
    screen.painted()
    started = time.perf_counter()
    screen.tab("Sổ của tôi")
    screen.shows(f"line-{lines}")
    page.evaluate(NEXT_FRAME)
    return time.perf_counter() - started


def signed_in(browser: Browser, address: str) -> tuple[Page, str]:
    """Sign in, and return the tab with the cookie of its session."""
    page = app_site.new_phone(browser, address).new_page()
    app_site.sign_in(page).shows("home-share")
    found = {each["name"]: each["value"] for each in page.context.cookies()}
    return page, f"{SESSION}={found[SESSION]}"


async def grown(server: Server, address: str, cookie: str, count: int) -> tuple[float, float]:
    """Open so many tabs on the book; return by how many MB the server grew, and KB for each."""
    before = memory(server)
    async with tabs(address, cookie, "/book", count) as received:
        return memory(server) - before, received / count / 1024


def jobs(engine: sa.Engine, person: UUID, count: int) -> None:
    """Let a person have had so many jobs, one after the other, each for three months."""
    with transaction(engine) as db:
        for number in range(1, count):
            year, quarter = divmod(number, 4)
            first = date(2010 + year, 3 * quarter + 1, 5)
            row = people._employment(1) | {  # noqa: SLF001 - a valid row
                "id": people.uid(60, number),
                "source_ref": f"job-{number}",
                "contract_id": f"HD-9{number:07d}",
                "employer_id": None,
                "employer_code": None,
                "employer_name": f"Cơ sở may số {number}",
                "first_day": first.isoformat(),
                "last_day": (first + timedelta(days=80)).isoformat(),
                "running": False,
                "person_id": person,
            }
            people._insert(db, EmploymentFact, [row])  # noqa: SLF001 - of the tests' own


def main() -> None:
    rounds, counts = (3, (1, 20)) if quick() else (9, (1, 20, 100))
    port = chromium.free_port()
    address = f"http://127.0.0.1:{port}"
    installations.PUBLIC_URL = address
    installations.ISSUER = replace(installations.ISSUER, uri=address)
    with bench_office(datetime.now(UTC)) as (office, settings):
        jobs(office.inst.engine, office.people[0], LINES)
        office.issue(office.people[0])
        office.inst.engine.dispose()
        site = settings.model_copy(update={"public_url": address})
        with served(lambda: create_app(site, office.inst), port) as server:
            with chromium.browsing() as browser:
                cookie = seen(browser, address, rounds)
            for count in counts:
                more, each = asyncio.run(grown(server, address, cookie, count))
                print(
                    f"  {count:>3} tabs{more:>12.1f} MB more, {more / count:.2f} MB and"
                    f" {each:.0f} KB on the wire for each"
                )


def seen(browser: Browser, address: str, rounds: int) -> str:
    """Print what takes how long on screen; return the cookie of a session."""
    first_screen(browser, address)
    times = [first_screen(browser, address) for _ in range(rounds)]
    print(f"\napp (median of {rounds}) - goal: {GOAL}")
    for way, seconds in zip(("cold", "again"), zip(*times, strict=True), strict=True):
        _line(way, seconds, "to the first screen")
    page, cookie = signed_in(browser, address)
    taps = [tap_to_painted(page, LINES) for _ in range(rounds)]
    _line("tap", taps, f"to the book with {LINES} lines painted")
    return cookie


def _line(way: str, seconds: Sequence[float], until: str) -> None:
    spread = f"{min(seconds):.1f} to {max(seconds):.1f}"
    print(f"  {way:<12}{median(seconds):>8.1f} s {until} ({spread})")


if __name__ == "__main__":
    main()
