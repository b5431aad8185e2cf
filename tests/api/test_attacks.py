"""Attacks on the pages and the interface as a whole: each on every route at once.

Those on one part stand with the tests of that part; ``deploy/asvs.csv`` says where.
"""

import io
import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from fastapi.routing import RouteContext

from api import login_session
from api.access_log import written_to
from tests.api.conftest import opened_office
from tests.api.test_hostile import PAGES, who_gets_in
from tests.api.test_routes import ROUTES, asks_for
from tests.api.test_walk import KNOWN, opened_world
from tests.api.walk.knocking import PURPOSE, Sent, _answer, is_page
from tests.api.walk.visitors import VISITORS, World
from tests.conftest import NOW
from tests.services import people
from tests.support.databases import SqliteFiles

MARK = "zq7"
PAYLOAD = f"\"'><script>{MARK}</script><img src=x onerror={MARK}>{{{{7*7}}}}"
FREE_TEXT = {
    "account": ("name",),
    "check_finding": ("reason",),
    "collection_plan": ("hamlet", "collector"),
    "correction_case": ("employer_name", "claimed_name"),
    "correction_step": ("by_name",),
    "employer_name": ("name",),
    "employment_fact": ("employer_name", "position", "workplace_text"),
    "import_run": ("file_name",),
    "insurance_fact": ("employer_name", "position"),
    "job_seeking": ("purpose", "wanted"),
    "machine_client": ("organisation", "purpose"),
    "paper_page": ("note",),
    "person": ("full_name",),
    "person_merge": ("reason",),
    "place": ("name",),
    "presentation_request": ("verifier_name", "purpose"),
    "qualification_fact": ("field", "issuer"),
    "received_file": ("file_name",),
    "review_decision": ("reason",),
    "share": ("purpose",),
    "share_view": ("viewer_name", "purpose"),
    "trace": ("purpose",),
    "unit": ("name",),
}
"""Columns that hold what somebody typed. The tables of codes are ours."""
CLIENTS = ("httpx", "httpcore.http11", "httpcore.connection", "asyncio")
"""Who logs on the side of the tests, which ask by way of HTTP themselves."""
REFLECTED = [
    PAYLOAD,
    pytest.param("x\r\nSet-Cookie: a=b", marks=pytest.mark.fuzz),
    pytest.param("//evil.example/%2e%2e", marks=pytest.mark.fuzz),
]
GUARDS = (login_session.own_form, login_session.same_site)
"""The second alone is for a script of ours that asks for a token, and changes nothing else."""
LOOKS = [each.values for each in PAGES if each.values[0] == "GET"]
POSTED = [
    (method, route)
    for method, route in ROUTES
    if asks_for(route, login_session.own_form) and (method, route.path) in KNOWN
]
"""A route that the table of the walk does not know fails there."""


@pytest.fixture(scope="module")
def world(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("attacks")
    with sqlite_files.database() as engine:
        yield from opened_world(opened_office(engine, folder, NOW), folder)


class Seen(HTMLParser):
    """What a browser would run or load of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        acts = [name for name in said if name.startswith("on") or name == "style"]
        inline = tag == "script" and "src" not in said
        data = said.get("type") in {"application/json", "application/ld+json"}
        abroad = [
            value
            for name, value in said.items()
            if name in {"src", "action", "formaction"} and value and re.match(r"(\w+:)?//", value)
        ]
        scheme = (said.get("href") or "").strip().lower().startswith(("javascript:", "data:"))
        if acts or (inline and not data) or abroad or scheme or tag in {"iframe", "object", "base"}:
            self.faults.append(f"<{tag} {said}>")


def page(world: World, route: RouteContext, who: str) -> str:
    method = "GET"
    sent = Sent.read(KNOWN[method, str(route.path)]["sent"])
    answer = _answer(world, method, route, world.visitors[who], sent)
    assert answer.status_code < 500, (route.path, who)
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return ""
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'"), route.path
    assert "unsafe" not in policy, route.path
    assert "frame-ancestors 'none'" in policy, route.path
    return answer.text


def admitted(route: RouteContext) -> list[str]:
    row = KNOWN["GET", str(route.path)]
    return [each for each in VISITORS if row[each] == "x"][:2] or [who_gets_in("GET", route)]


class TestPages:
    def test_show_what_was_typed_as_text_alone(self, world: World) -> None:
        """Stored XSS: every column that holds free text holds markup, and every page is opened."""
        with world.office.inst.engine.begin() as connection:
            for table, columns in FREE_TEXT.items():
                sets = ", ".join(f"{each} = :payload" for each in columns)
                connection.execute(sa.text(f"UPDATE {table} SET {sets}"), {"payload": PAYLOAD})
        for person in world.office.people:
            world.office.issue(person)

        found, faults = 0, []
        for _, route in LOOKS:
            for who in admitted(route):
                text = page(world, route, who)
                found += MARK in text
                faults += [f"{route.path} {each}" for each in Seen(text).faults]
                faults += [f"{route.path} 49"] if f"{MARK}>49" in text else []
        world.restore()

        assert faults == []
        assert found > 20, "the markup is shown nowhere: the test looks past the pages"

    @pytest.mark.parametrize("value", REFLECTED)
    def test_reflect_nothing_as_markup_header_or_way_out(self, world: World, value: str) -> None:
        for _, route in LOOKS:
            headers, _ = world.visitors[who_gets_in("GET", route)].browser()
            names = ("q", "purpose", "to", "lang", "state", "name", "next", "code", "page")
            query = dict.fromkeys(names, value)
            answer = world.client.get(world.address(str(route.path)), params=query, headers=headers)

            assert "set-cookie" not in answer.headers or "a=b" not in answer.headers["set-cookie"]
            assert "evil.example" not in answer.headers.get("location", "").partition("?")[0]
            assert answer.status_code < 500
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert Seen(answer.text).faults == []


class TestForms:
    @pytest.mark.parametrize("attack", ["none", "other session", "other site"])
    def test_of_elsewhere_change_nothing(self, world: World, attack: str) -> None:
        """CSRF: every form of every page, without its token, with another's, from elsewhere."""
        admitted_through = []
        for method, route in POSTED:
            row = KNOWN[method, str(route.path)]
            who = next((each for each in VISITORS if row[each] in {"x", "v"}), VISITORS[0])
            headers, own = world.visitors[who].browser()
            if attack == "none":
                own = {}
            elif attack == "other session":
                _, own = world.visitors["auditor" if who != "auditor" else "admin"].browser()
            else:
                headers |= {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
            sent = Sent.read(row["sent"])
            asked = {"data": dict(sent.form or {}) | own}
            if sent.file:
                asked["files"] = {sent.file: ("x.pdf", b"%PDF-1.7", "application/pdf")}
            answer = world.client.request(
                method, world.address(str(route.path)), headers=headers, **asked
            )
            if answer.status_code != 403:
                admitted_through.append((route.path, answer.status_code))

        assert admitted_through == []

    def test_are_all_guarded(self) -> None:
        """A route that a browser's session may change something by asks for a form of ours."""
        unguarded = [
            (method, route.path)
            for method, route in ROUTES
            if method != "GET" and is_page(route) and not asks_for(route, *GUARDS)
        ]

        assert unguarded == []


@pytest.mark.fuzz
class TestLogs:
    def test_of_everything_that_everybody_does_name_nobody(
        self, world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        stream = io.StringIO()
        with written_to(stream), caplog.at_level(logging.DEBUG):
            for method, route in ROUTES:
                if (method, route.path) in KNOWN:
                    row = KNOWN[method, str(route.path)]
                    who = next((each for each in VISITORS if row[each] == "x"), VISITORS[0])
                    _answer(world, method, route, world.visitors[who], Sent.read(row["sent"]))
            world.restore()
        ours = [each.getMessage() for each in caplog.records if each.name not in CLIENTS]
        told = stream.getvalue() + "".join([*ours, *capfd.readouterr()])
        secrets = [
            *(people.personal_id(number) for number in (1, 2, 3)),
            *("Nguyễn", PURPOSE),
            *(each.secret for each in world.visitors.values() if each.secret),
            *(each.bearer["Authorization"][7:] for each in world.visitors.values() if each.bearer),
            *map(str, world.office.people),
        ]

        assert len(stream.getvalue().splitlines()) > 200
        assert [each for each in secrets if each in told] == []
