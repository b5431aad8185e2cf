"""The web edition: what the client's files look like, and what becomes of tabs that vanish."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import flet_web
import flet_web.fastapi as flet_fastapi
import httpx
import msgpack
import pytest
import sqlalchemy as sa
from fastapi import FastAPI, Response
from starlette.websockets import WebSocketDisconnect

from api import app_client, app_mount
from labour_book.settings import Settings
from tests.api.conftest import TestClient, opened_office
from tests.support.apps import app_for

INDEX = app_client.index_page()


@pytest.fixture
def client(sqlite_engine: sa.Engine, tmp_path: Path, now: datetime) -> Iterator[TestClient]:
    office = opened_office(sqlite_engine, tmp_path, now)
    settings = Settings(demo=True, data_dir=tmp_path, public_url="http://testserver")
    with TestClient(app_for(settings, office.inst)) as started:
        yield started


class TestClientFiles:
    def test_every_screen_gets_the_one_page_in_vietnamese(self, client: TestClient) -> None:
        pages = {client.get(path).text for path in ("/app/", "/app/book", "/app/shared/1/live")}

        assert pages == {INDEX}
        assert '<html lang="vi">' in INDEX
        assert "Mất kết nối với máy chủ" in INDEX

    def test_a_file_that_is_not_there_is_not_found(self, client: TestClient) -> None:
        assert client.get("/app/nothing.js").status_code == 404
        assert client.get("/app/..%2fapi%2fmain.py").status_code in {404, 200}
        assert "import" not in client.get("/app/%2e%2e/main.py").text[:100]

    def test_runs_only_scripts_it_knows(self, client: TestClient) -> None:
        answer = client.get("/app/")
        policy = answer.headers["content-security-policy"]
        inline = re.findall(r"<script>", answer.text)

        assert "'unsafe-inline'" not in policy.partition("style-src")[0]
        assert policy.count("'sha256-") == len(inline) > 0
        assert "http" not in policy

    def test_compresses_once_and_revalidates(self, client: TestClient) -> None:
        answer = client.get("/app/main.dart.wasm")
        again = client.get("/app/main.dart.wasm", headers={"if-none-match": answer.headers["etag"]})
        plain = client.get("/app/main.dart.wasm", headers={"accept-encoding": "identity"})

        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < len(plain.content) / 2
        assert answer.content == plain.content
        assert (again.status_code, again.content) == (304, b"")
        assert answer.headers["content-type"] == "application/wasm"

    def test_draws_with_our_font_and_loads_nothing_from_elsewhere(self, client: TestClient) -> None:
        families = {each["family"] for each in client.get("/app/assets/FontManifest.json").json()}

        assert families == {"MaterialIcons", "Be Vietnam Pro", "Roboto"}
        assert "flet.noCdn=true" in INDEX
        for asset in re.findall(
            r'"asset": "(fonts/\S+)"', client.get("/app/assets/FontManifest.json").text
        ):
            assert client.get(f"/app/assets/{asset}").status_code == 200

    def test_takes_only_looks(self, client: TestClient) -> None:
        assert client.post("/app/").status_code == 405

    def test_notices_when_the_page_of_flet_web_changes(self) -> None:
        page = (Path(flet_web.get_package_web_dir()) / "index.html").read_text(encoding="utf-8")

        with pytest.raises(ValueError, match="has changed"):
            app_client._ours(page.replace("<body>", "<body class='new'>"))

    def test_leads_to_the_app(self, client: TestClient) -> None:
        assert client.get("/app", follow_redirects=False).headers["location"] == "/app/"


def first_word() -> bytes:
    """What a client says first: who it is, and which screen it wants."""
    page = {"route": "/", "web": True, "platform": "android", "width": 390, "height": 844}
    return b"\x00" + msgpack.packb([1, {"session_id": None, "page_name": "app", "page": page}])


class TestTabs:
    @pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
    def test_are_opened_by_our_own_page_only(self, client: TestClient, origin: str) -> None:
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("/app/ws", headers={"origin": origin}),
        ):
            pytest.fail("it was let in")

    def test_are_opened_by_our_own_page(self, client: TestClient) -> None:
        origin = {"origin": "http://testserver"}
        with client.websocket_connect("/app/ws", headers=origin) as tab:
            tab.send_bytes(first_word())
            assert msgpack.unpackb(tab.receive_bytes()[1:], strict_map_key=False)[0] == 1

    def test_keep_nothing_open_when_clients_vanish_while_something_is_sent(self) -> None:
        assert asyncio.run(_sessions_after_vanishing(20)) == 0

    def test_belong_to_whoever_is_signed_in(self) -> None:
        tabs = [_tab(), _tab()]
        tabs[1].who = "somebody"
        for each in tabs:
            each.page_name = "app"

        names = {each._FletApp__get_unique_session_id("1") for each in tabs}
        assert len(names) == 2


class _Vanishing:
    """A connection whose other end is gone by the time something is sent to it."""

    client = None

    def __init__(self) -> None:
        self.url = httpx.URL("ws://testserver/app/ws")
        self.headers: dict[str, str] = {}
        self.cookies: dict[str, str] = {}
        self.said = [first_word()]

    async def accept(self) -> None:
        """Let it in."""

    async def receive_bytes(self) -> bytes:
        if self.said:
            return self.said.pop()
        await asyncio.sleep(0.05)
        raise RuntimeError("gone")

    async def send_bytes(self, _: bytes) -> None:
        raise RuntimeError("gone")


def _tab() -> app_mount.TabSession:
    loop = asyncio.new_event_loop()
    loop.close()
    return app_mount.TabSession(loop=loop, executor=None, main=_shows_nothing, before_main=None)


async def _shows_nothing(_: object) -> None:
    """Stand in for the app: only the connection is looked at."""


async def _sessions_after_vanishing(times: int) -> int:
    """Return how many sessions still count as connected after so many clients have vanished."""
    manager = flet_fastapi.app_manager
    before = set(_sessions(manager))
    for _ in range(times):
        tab = app_mount.TabSession(
            loop=asyncio.get_running_loop(),
            executor=manager.executor,
            main=_shows_nothing,
            before_main=None,
        )
        await tab.handle(_Vanishing())  # type: ignore[arg-type]  # it stands in for a connection
    made = [each for name, each in _sessions(manager).items() if name not in before]
    assert len(made) == times
    return sum(each.connection is not None for each in made)


def _sessions(manager: Any) -> dict[str, Any]:
    sessions: dict[str, Any] = manager._FletAppManager__sessions
    return sessions


class TestInnerClient:
    def test_keeps_no_cookie_between_tabs(self) -> None:
        app = FastAPI()

        @app.get("/")
        def answer(response: Response) -> None:
            response.set_cookie("lb-session", "secret")

        async def asked() -> int:
            http = app_mount.inner_client(app)
            await http.get("/")
            return len(http.cookies)

        assert asyncio.run(asked()) == 0


def test_the_app_needs_nothing_of_the_service() -> None:
    """It starts where only its own dependencies can be imported, as on a phone."""
    script = """
import sys
ALLOWED = {"app", "signing"}
BARRED = ("api", "labour_book", "fastapi", "starlette", "uvicorn", "sqlalchemy", "sqlmodel",
          "pydantic", "flet_web", "weasyprint", "pikepdf", "zxingcpp")
class Bar:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BARRED:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Bar())
import app.phone, app.root, app.main
print(sorted(set(each.partition(".")[0] for each in sys.modules) & set(BARRED)))
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert (said.stdout.strip(), said.stderr) == ("[]", "")
