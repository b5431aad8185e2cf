"""Every page is looked at by axe, in light on a wide screen and in dark on a phone.

A page that this does not know fails it: it needs an example of its address, or a reason here.
"""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from fastapi.responses import HTMLResponse
from fastapi.routing import iter_route_contexts
from playwright.sync_api import Browser, Page

from api.import_worker import import_waiting
from labour_book.database import Db
from labour_book.services import (
    access,
    asking_reasons,
    counting,
    coverage_rounds,
    filing_files,
    live_codes,
    own_accesses,
    planning,
    reporting,
    transcribing,
    uploading,
)
from labour_book.services.access import Caller, Role, deed
from labour_book.services.planning import NewPlan
from labour_book.services.uploading import Delivery
from tests.api.conftest import OPERATOR, Office
from tests.api.desk import cases
from tests.api.test_routes import APP
from tests.registers.test_employer_filings import HIRED
from tests.registers.test_employer_filings import workbook as declared
from tests.services import checks, filings, losses, people, shares
from tests.services.test_transcribing import picture
from tests.services.test_uploading import workbook
from tests.support import axe, seats
from tests.support import browser as chromium
from tests.support.site import Site, built_site

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
COMMUNE = "UB-00070"
PATIENCE = 400
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
LOOKS = {"light": WIDE, "dark": PHONE}

NO_PAGES = {
    "/openapi.json": "JSON",
    "/problems/{slug}": "the same as /docs",
    "/verify/file": "leads to the question",
    "/offline/sw.js": "a script",
    "/offline/{name:path}": "scripts and pictures",
    "/desk/cases": "leads to the case with a number",
    "/desk/cases/{case_id}/files/{evidence_id}": "a file",
    "/desk/cases/{case_id}/files/{evidence_id}/preview": "a picture",
    "/desk/uploads/{file_id}/refused": "a file",
    "/desk/paper/{page_id}/scan": "a picture",
    "/desk/statistics/reports/{report_id}/draft.pdf": "a file",
    "/desk/statistics/reports/{report_id}/files/{form}": "a file",
    "/desk/collection/form/field/sw.js": "a script",
    "/desk/collection/form/field/seat": "JSON",
    "/employer/filings/template.xlsx": "a file",
    "/employer/filings/files/{file_id}/refused.xlsx": "a file",
    "/sign-in/start": "leads to the provider",
    "/sign-in/callback": "leads back from it",
    "/authorize": "shown to a wallet that has asked in advance",
}
"""What answers to GET and is no page to be looked at, each with its reason."""
SEATS = (
    ("/desk/admin", "admin"),
    ("/desk/oversight/trace", "auditor"),
    ("/desk/union", "union"),
    ("/desk/quality/firms", "auditor"),
    ("/desk/quality/rules", "admin"),
    ("/desk", "approver"),
    ("/employer", "agent"),
    ("/sign-in/as", "approver"),
)
"""Who is signed in to look, by how the address begins; nobody for all others."""


def page_paths() -> list[str]:
    """Return the addresses of pages, with the names of what varies in them."""
    found = {
        route.path
        for route in iter_route_contexts(APP.routes)
        if "GET" in (route.methods or ())
        and route.response_class is HTMLResponse
        and route.path is not None
    }
    return sorted(found - NO_PAGES.keys())


PATHS = page_paths()


@dataclass(frozen=True)
class Stage:
    """A running service with something on every page, and who is signed in with which secret."""

    site: Site
    examples: dict[str, str]
    secrets: dict[str, str]

    def address(self, path: str) -> str:
        """Return a page's address with examples filled in.

        Where there is none yet of such a thing, it says what it says of what is not there.
        """
        known = self.examples.get(path, path)
        return re.sub(r"\{(\w+)\}", lambda name: self.examples.get(name[1], NOTHING), known)


NOTHING = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    port = chromium.free_port()
    with pytest.MonkeyPatch.context() as patched:
        site = built_site(tmp_path_factory.mktemp("site"), port, patched, NOW)
        with chromium.serving(site.app, port):
            yield Stage(site, examples_in(site), secrets_in(site))


def examples_in(site: Site) -> dict[str, str]:
    office = site.office
    version = office.issue(office.people[0])
    share = shares.share(office.inst, NOW)
    sent = shares.share(office.inst, NOW, shares.TO_EMPLOYER)
    with deed(office.inst.engine) as db:
        live = live_codes.live_code(db, office.inst, shares.WORKER, share.share_id, now=NOW)
    file = cases.handed_in(office, photos=1)
    receipt = filings.filed(office.inst, NOW, filings.hire(2), shares.EMPLOYER)
    clerk = seats.official(office, Role.COLLECTOR, COMMUNE, "Lê Thị Thu")
    checks.run(office.inst, NOW)
    list(counting.count(office.inst, by=OPERATOR, now=NOW))
    checks.add_finding(office.inst, 1, "HEADCOUNT_JUMP")
    losses.proposed(office.inst)
    ask_why(office, clerk)
    agent = replace(shares.EMPLOYER, id=str(UUID(int=9)))
    filings.opened(office.inst, agent, NOW)
    return {
        "page_id": str(scanned(office, clerk)),
        "report_id": str(reported(office)),
        "list_id": str(losses.listed_to_pay(office.inst)),
        "/desk/support": "/desk/support?which=proposed",
        "indicator": "social_insurance",
        "/employer/filings/files/{file_id}": f"/employer/filings/files/{filed(site, agent)}",
        "plan_id": str(planned(office, clerk)),
        "file_id": str(delivered(site, clerk)),
        "filing_id": str(receipt.id),
        "/v/{code}": f"/v/{office.code(version)}",
        "/s/{code}": f"/s/{share.code}",
        "/l/{code}": f"/l/{live.url.rpartition('/')[2]}",
        "/docs/operations/{slug}": "/docs/operations/corrections",
        "share_id": str(sent.share_id),
        "/desk/quality/people": "/desk/quality/people?word=complete",
        "/desk/statistics/people": "/desk/statistics/people?dimension=standing&code=FORMAL",
        "enterprise": people.EMPLOYER_CODE,
        "/desk/cases/{case_id}": f"/desk/cases/{file.line.case_id}",
        "person_id": str(office.people[0]),
        "kind": "hire",
        "token": "x",
        "name": "reasons",
    }


def ask_why(office: Office, clerk: Caller) -> None:
    """Let an official and an enterprise look at the first book, and the worker ask both why."""
    person, inst = office.people[0], office.inst
    with deed(inst.engine) as db:
        access.open_book(db, inst, clerk, person, purpose="HS 1187", now=NOW)
    shares.look(inst, shares.share(inst, NOW, shares.TO_EMPLOYER).code, NOW, shares.EMPLOYER)
    worker = cases.worker_of(person)
    with deed(inst.engine) as db:
        looks = own_accesses.own_accesses(db, worker, now=NOW)
    for each in looks:
        if each.reason == "possible":
            with deed(inst.engine) as db:
                asking_reasons.ask(db, worker, each.number, now=NOW)


def reported(office: Office) -> UUID:
    """Count the end of a quarter, and draft a report of it."""
    drafting = seats.official(office, Role.STATISTICIAN, COMMUNE, "Lý Văn Tài")
    day = date(2026, 9, 30)
    with deed(office.inst.engine) as db:
        coverage_rounds.count(db, access.operator("test"), day, now=NOW)
        return reporting.begin(db, office.inst, drafting, "asked", day, now=NOW)


def planned(office: Office, clerk: Caller) -> UUID:
    """Make a plan, with the visits to who lives there."""
    plan = NewPlan("00070", "", 1, date(2026, 11, 1), date(2026, 11, 25), "Chị Hoa")
    with deed(office.inst.engine) as db:
        plan_id = planning.make_plan(db, clerk, plan, now=NOW)
        planning.fill(db, clerk, plan_id, now=NOW)
    return plan_id


def scanned(office: Office, clerk: Caller) -> UUID:
    """Keep a page of a paper book, with a line that was read from it."""
    with deed(office.inst.engine) as db:
        return transcribing.keep_scan(
            db,
            office.inst,
            clerk,
            office.people[0],
            page_ref="01-273185/tr.6",
            content=picture(),
            now=NOW,
        )


def filed(site: Site, agent: Caller) -> UUID:
    """Send a workbook of declarations, one of which cannot be recorded."""
    rows = [HIRED, {**HIRED, "first_day": "31/02/2026"}]
    with TemporaryDirectory() as folder:
        content = declared(Path(folder) / "f.xlsx", *rows).read_bytes()
    inst = site.office.inst
    with deed(inst.engine) as db:
        file_id = filing_files.send(db, inst, agent, file_name="f.xlsx", content=content, now=NOW)
    wait_for(site, lambda db: filing_files.sent_file(db, agent, file_id, now=NOW))
    return file_id


def delivered(site: Site, clerk: Caller) -> UUID:
    """Send a workbook."""
    inst = site.office.inst
    with deed(inst.engine) as db:
        file_id = uploading.receive(
            db,
            inst,
            clerk,
            kind="form03",
            file_name="form03.xlsx",
            content=workbook(),
            now=NOW,
        )
    wait_for(site, lambda db: uploading.delivery(db, clerk, file_id, now=NOW))
    return file_id


def wait_for(site: Site, found: Callable[[Db], Delivery]) -> None:
    """Wait until a file is imported: until then its page comes again by itself."""
    waited = threading.Event()
    for _ in range(PATIENCE):
        import_waiting(site.app, threading.Event())
        with deed(site.office.inst.engine) as db:
            if found(db).state not in {"waiting", "running"}:
                return
        waited.wait(0.05)
    raise AssertionError("the file is still open")


def secrets_in(site: Site) -> dict[str, str]:
    office = site.office
    callers: dict[str, Caller] = {
        "admin": seats.official(office, Role.ADMIN, "BNV"),
        "auditor": seats.official(office, Role.AUDITOR, "BNV"),
        "approver": seats.official(office, Role.APPROVER, COMMUNE),
        "union": seats.official(office, Role.UNION, COMMUNE),
        "agent": seats.agent(office, people.EMPLOYER_CODE),
    }
    return {name: seats.session_of(office, caller) for name, caller in callers.items()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.browsing() as started:
        yield started


@pytest.fixture(scope="module")
def tab(browser: Browser, stage: Stage) -> Iterator[Page]:
    """One for all tests: a new one takes as long as what they do in it."""
    context = browser.new_context(base_url=stage.site.address, viewport=WIDE, locale="vi-VN")
    yield context.new_page()
    context.close()


@pytest.fixture
def page(tab: Page) -> Page:
    """The tab as a new one is: nobody has signed in."""
    tab.context.clear_cookies()
    tab.goto("about:blank")
    tab.set_viewport_size(WIDE)
    return tab


def sit(page: Page, stage: Stage, who: str) -> None:
    cookie = {"name": "lb-session", "value": stage.secrets[who], "url": stage.site.address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # a SetCookieParam


def faults(page: Page) -> list[str]:
    """Return what is wrong with a page as it stands, in each look."""
    found = []
    for name, size in LOOKS.items():
        page.emulate_media(color_scheme=name)
        page.set_viewport_size(size)
        found += [f"{name}: {each}" for each in axe.grave(page)]
        if scrolls_sideways(page):
            found.append(f"{name}: is wider than the screen")
    return found


def scrolls_sideways(page: Page) -> bool:
    root = "document.documentElement"
    wide: bool = page.evaluate(f"{root}.scrollWidth > {root}.clientWidth")
    return wide


class TestEveryPage:
    @pytest.mark.parametrize("path", PATHS)
    def test_is_for_those_who_cannot_see_or_point_too(
        self, page: Page, stage: Stage, path: str
    ) -> None:
        who = next((who for beginning, who in SEATS if path.startswith(beginning)), None)
        if who is not None:
            sit(page, stage, who)

        answer = page.goto(stage.address(path))

        assert answer is not None
        assert answer.status in {200, 403, 404, 410, 422}
        assert faults(page) == []

    def test_of_problems_is_the_reference(self) -> None:
        shown_by = {route.path: route.endpoint for route in iter_route_contexts(APP.routes)}

        assert shown_by["/problems/{slug}"] is shown_by["/docs"]

    def test_is_known_here(self) -> None:
        assert set(NO_PAGES) <= {route.path for route in iter_route_contexts(APP.routes)}


class TestAnswers:
    def test_about_a_person_are_so_too(self, page: Page, stage: Stage) -> None:
        sit(page, stage, "approver")
        page.goto("/desk/people")
        page.get_by_label("Giải quyết chế độ").check()
        page.get_by_label("Họ và tên").fill("nguyen thi so 1")
        page.get_by_label("Năm sinh").fill("1990")
        page.get_by_role("button", name="Tìm người").click()
        assert faults(page) == []

        page.get_by_role("button", name="Mở sổ").first.click()

        assert faults(page) == []

    def test_of_registers_are_so_too(self, page: Page, stage: Stage) -> None:
        sit(page, stage, "approver")
        page.goto(stage.address("/desk/cases/{case_id}"))

        page.get_by_role("button", name="Hỏi ngay bây giờ").click()
        page.locator("#register-answers :not(.soft)").first.wait_for()

        assert faults(page) == []

    def test_of_the_trace_are_so_too(self, page: Page, stage: Stage) -> None:
        sit(page, stage, "auditor")
        page.goto("/desk/oversight/trace")
        page.get_by_label("Mục đích xem").fill("Kiểm tra")

        page.get_by_role("button", name="Đọc", exact=True).click()

        page.locator("tbody tr").first.wait_for()
        assert faults(page) == []

    def test_about_a_share_are_so_too(self, page: Page, stage: Stage) -> None:
        page.goto(stage.address("/s/{code}"))

        page.get_by_role("button", name="Mở và xem").click()

        assert faults(page) == []
