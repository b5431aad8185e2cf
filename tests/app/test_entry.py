"""Signing in through the system's browser: what is asked, and what comes back to whom."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import flet as ft
import httpx
import pytest

from app.client import Client, Problem
from app.doors import AppDoor
from app.entry import Asked, Entry, asked_of, leads_back, new_asked
from app.texts import Say
from app.views.sign_in import waiting_view
from tests.app.reading import is_said, names
from tests.app.views import nothing

ASKED = Asked("v" * 43, "s" * 43)
BACK = f"/?code=7K2M-Q9XD-04TB&state={ASKED.state}"
COOKIE = "lb-session=secret"
REFUSAL = {"type": "/problems/app-code-over", "title": "Over", "title_vi": "Hết hiệu lực"}


def service(request: httpx.Request) -> httpx.Response:
    """Answer as the service does, to one code and one session."""
    if request.url.path == "/sign-in/app/token":
        good = request.read() == b'{"code":"7K2M-Q9XD-04TB","verifier":"' + b"v" * 43 + b'"}'
        return httpx.Response(200, json={"cookie": COOKIE}) if good else refusal()
    known = request.headers.get("cookie") == COOKIE
    told = {"kind": "worker", "name": "Nguyễn Thị Mẫu", "level": 2}
    return httpx.Response(200 if known else 401, json=told)


def refusal() -> httpx.Response:
    return httpx.Response(403, json=REFUSAL)


def begun() -> tuple[Entry, Client]:
    transport = httpx.MockTransport(service)
    door = AppDoor(httpx.AsyncClient(transport=transport, base_url="http://so"))
    return Entry(door, ASKED), Client(door)


class TestAsking:
    def test_tells_the_browser_the_challenge_and_never_the_verifier(self) -> None:
        address = ASKED.address("https://so.example.vn", 49152)

        start = urlsplit(address)
        page = urlsplit(parse_qs(start.query)["to"][0])
        digest = urlsafe_b64encode(sha256(ASKED.verifier.encode()).digest()).decode()
        assert (start.netloc, start.path) == ("so.example.vn", "/sign-in/start")
        assert page.path == "/app-sign-in"
        assert parse_qs(page.query) == {
            "challenge": [digest.rstrip("=")],
            "state": [ASKED.state],
            "port": ["49152"],
        }
        assert ASKED.verifier not in address
        assert "port" not in ASKED.address("https://so.example.vn", None)

    def test_is_another_each_time_and_can_be_kept(self) -> None:
        asked = new_asked()

        assert asked != new_asked()
        assert asked_of(asked.text()) == asked
        assert asked_of("") is None
        assert asked.verifier not in repr(asked)


class TestLink:
    @pytest.mark.parametrize("before", ["", "vn.gov.solaodong.app://app"])
    def test_of_a_sign_in_opens_the_app(self, before: str) -> None:
        link = f"{before}/signed-in{BACK[1:]}"

        assert leads_back(link)
        assert ASKED.code_in(link) == "7K2M-Q9XD-04TB"

    @pytest.mark.parametrize("link", ["/?code=x", "/?code=x&state=é", f"/?state={ASKED.state}"])
    def test_that_answers_no_sign_in_of_ours_brings_nothing(self, link: str) -> None:
        assert ASKED.code_in(link) is None

    def test_of_a_screen_is_none(self) -> None:
        assert not leads_back("/shared/signed-in")


class TestFinishing:
    def test_begins_the_session(self) -> None:
        entry, client = begun()

        async def entered() -> str:
            await entry.finish(client, "7K2M-Q9XD-04TB")
            return (await client.identity()).name

        assert asyncio.run(entered()) == "Nguyễn Thị Mẫu"
        assert entry.asked is None

    def test_says_why_not_and_can_be_tried_again(self) -> None:
        entry, client = begun()

        with pytest.raises(Problem, match="app-code-over"):
            asyncio.run(entry.finish(client, "0000"))
        assert entry.asked is ASKED


class TestListening:
    def brought(self, *asked: bytes) -> tuple[list[bytes], list[str]]:
        """Send these to the port, one after the other; return the answers and what was brought."""
        entry, _ = begun()
        codes: list[str] = []

        async def take(code: str) -> None:
            codes.append(code)

        return asyncio.run(_sent(entry, take, asked)), codes

    def test_takes_the_code_from_the_browser_on_this_machine(self) -> None:
        head = f"GET {BACK} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()

        (page,), codes = self.brought(head)

        assert codes == ["7K2M-Q9XD-04TB"]
        assert page.startswith(b"HTTP/1.1 200 OK")
        assert "Xong &amp; đóng" in page.decode()

    def test_goes_on_listening_after_what_is_not_for_it(self) -> None:
        wrong = (
            b"GET /?code=x&state=guessed HTTP/1.1\r\n\r\n",
            f"POST {BACK} HTTP/1.1\r\n\r\n".encode(),
            b"\xff\xff\r\n\r\n",
            b"GET /" + b"x" * 40_000,
        )

        pages, codes = self.brought(*wrong, f"GET {BACK} HTTP/1.1\r\n\r\n".encode())

        assert [page[:12] for page in pages] == [b"HTTP/1.1 404", b"", b"", b"", b"HTTP/1.1 200"]
        assert codes == ["7K2M-Q9XD-04TB"]

    def test_ends_when_another_sign_in_begins(self) -> None:
        entry, _ = begun()

        async def begun_twice() -> bool:
            await entry.listen(_ignore, "")
            first = entry.listening
            await entry.listen(_ignore, "")
            assert first is not None
            await asyncio.wait([first])
            entry.stop()
            return first.cancelled()

        assert asyncio.run(begun_twice())


async def _ignore(_code: str) -> None:
    """Do nothing with it."""


async def _sent(
    entry: Entry, take: Callable[[str], Awaitable[None]], asked: tuple[bytes, ...]
) -> list[bytes]:
    port = await entry.listen(take, "Xong & đóng")
    pages = []
    for each in asked:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(each)
        try:
            pages.append(await reader.read())
        except ConnectionResetError:  # it hung up before it had read all of it
            pages.append(b"")
        writer.close()
    assert entry.listening is not None
    await entry.listening
    return pages


class TestScreen:
    def test_says_what_to_do_in_the_browser_and_takes_the_code(self) -> None:
        field = ft.Container()

        view = waiting_view(Say("vi"), field, nothing, is_waiting=True, problem=None)

        assert is_said(view, "trong trình duyệt", "nhập mã trên trang")
        assert "sign-in-code-enter" in names(view)

    def test_says_why_a_code_did_not_lead_in(self) -> None:
        problem = Problem("app-code-over", {"vi": "Mã này không còn hiệu lực"}, 403)

        view = waiting_view(Say("vi"), ft.Container(), nothing, is_waiting=True, problem=problem)

        assert is_said(view, "Mã này không còn hiệu lực")

    def test_shows_nothing_before(self) -> None:
        view = waiting_view(Say("vi"), ft.Container(), nothing, is_waiting=False, problem=None)

        assert view == []
