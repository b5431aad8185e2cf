"""Two processes answer for one installation: what one counts or ends holds for the other.

One of them is the tests' own. The other starts once for the module: that takes longer than
everything that is asked of it.
"""

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

import migrations
from labour_book.services.access import Role
from labour_book.services.installation import Installation
from labour_book.settings import Settings, open_installation
from tests.api.conftest import TestClient
from tests.services import acting, people
from tests.support import installations, postgres, serving_process
from tests.support.apps import app_for
from tests.support.processes import CONTEXT

HERE = "127.0.0.1"
MISSES = 2
WAIT_SECONDS = 120
FROM_OURS = {"Accept": "text/html", "Origin": "null", "Sec-Fetch-Site": "same-origin"}
ADMIN_ID = "000000000090"


@dataclass(frozen=True)
class Server:
    """The other process."""

    port: int
    process: BaseProcess

    def ask(self, path: str, **headers: str) -> tuple[int, str]:
        with closing(self.connected()) as connection:
            connection.request("GET", path, headers=FROM_OURS | headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def connected(self) -> HTTPConnection:
        return HTTPConnection(HERE, self.port, timeout=WAIT_SECONDS)


@dataclass(frozen=True)
class Site:
    inst: Installation
    own: TestClient
    other: Server


@pytest.fixture(scope="module")
def site(
    postgres_server: postgres.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with ExitStack() as stack:
        engine = stack.enter_context(postgres_server.database(template=migrations.upgrade))
        given: dict[str, Any] = {
            "demo": True,
            "data_dir": tmp_path_factory.mktemp("site"),
            "database_url": engine.url.render_as_string(hide_password=False),
            "public_url": installations.PUBLIC_URL,
            "background_work": False,
            "share_misses_per_minute": MISSES,
        }
        inst = open_installation(Settings(**given), now=datetime.now(UTC))
        people.add_units(inst.engine)
        other = stack.enter_context(started(given))
        app = app_for(Settings(**given), inst)
        at = {"base_url": installations.PUBLIC_URL, "client": (HERE, 50_000)}
        own = stack.enter_context(TestClient(app, follow_redirects=False, **at))
        yield Site(inst, own, other)


@contextmanager
def started(given: dict[str, Any]) -> Iterator[Server]:
    with socket.create_server((HERE, 0)) as listening:
        port = int(listening.getsockname()[1])
        process = CONTEXT.Process(target=serving_process.serve, args=(listening, given))
        process.start()
    try:
        yield Server(port, process)
    finally:
        process.terminate()
        process.join()


class TestTwoProcesses:
    def test_count_misses_together(self, site: Site) -> None:
        code = f"/s/{'A' * 26}"

        found = [
            site.own.get(code).status_code,
            site.other.ask(code)[0],
            site.own.get(code).status_code,
        ]

        assert found == [404, 404, 429]

    def test_end_a_session_together(self, site: Site) -> None:
        now = datetime.now(UTC)
        acting.official(site.inst, now, Role.ADMIN, "BNV", e_id=ADMIN_ID)
        who = acting.Identity(acting.PROVIDER, "admin", 2, ADMIN_ID)
        cookie = f"__Host-lb-session={acting.begun(site.inst, who, now, '/desk').secret}"
        _, page = site.other.ask("/desk", Cookie=cookie)
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found is not None

        sent = FROM_OURS | {"Cookie": cookie}
        answer = site.own.post("/sign-out", data={"csrf": found[1]}, headers=sent)

        assert answer.status_code == 303
        assert 'name="csrf"' not in site.other.ask("/desk", Cookie=cookie)[1]

    def test_told_to_stop_end_what_has_begun_and_begin_nothing(self, site: Site) -> None:
        body = b'{"credential": "x"}'
        begun = site.other.connected()
        begun.putrequest("POST", "/verify")
        begun.putheader("Content-Type", "application/json")
        begun.putheader("Content-Length", str(len(body)))
        begun.putheader("Expect", "100-continue")
        begun.endheaders(body[:5])
        assert begun.sock.recv(100).startswith(b"HTTP/1.1 100")  # the application reads

        site.other.process.terminate()  # SIGTERM
        begun.send(body[5:])

        answer = begun.getresponse()
        assert answer.status == 200
        assert b'"genuine"' in answer.read()
        begun.close()
        site.other.process.join()
        assert site.other.process.exitcode == -signal.SIGTERM  # by it, when all was done
        with pytest.raises(ConnectionRefusedError):
            site.other.connected().connect()
        assert site.own.get("/jwks").status_code == 200
