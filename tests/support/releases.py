"""Servers of two releases on one database, under traffic that notes every answer."""

import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import sqlalchemy as sa

from labour_book.services.access import Role, deed, grant_token, open_account
from labour_book.services.issuing import issue_book
from labour_book.settings import Settings, open_installation
from tests.services import people
from tests.services.cases import OPERATOR
from tests.support.browser import free_port
from tests.support.installations import PUBLIC_URL

HERE = "127.0.0.1"
SECRETS = {"seal": b"s", "index": b"i", "lookup": b"l"}
"""Of which the tests' own installations are made, see ``installations``."""
START_SECONDS = 240
CALLERS = 3
ENOUGH = 20
"""Answers after which one goes on to the next step."""
SERVE = """
import sys
import migrations
migrations.is_current = lambda engine: True  # the release before: what NEWER_SCHEMA says since
import uvicorn
uvicorn.run("api.main:create_app", factory=True, host="127.0.0.1", port=int(sys.argv[1]),
            log_level="error", access_log=False, timeout_graceful_shutdown=30)
"""


@dataclass(frozen=True)
class Running:
    """A server of one release."""

    port: int
    process: "subprocess.Popen[bytes]"


@dataclass
class Answers:
    """What came back, from which port; and whom to ask."""

    good: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    looks: int = 0
    ports: tuple[int, ...] = ()
    under_way: Counter[int] = field(default_factory=Counter)
    changed: threading.Condition = field(default_factory=threading.Condition)
    is_over: bool = False

    def take(self, number: int) -> int | None:
        """Return whom to ask next, which is then under way; None: it is over."""
        with self.changed:
            self.changed.wait_for(lambda: self.ports or self.is_over)
            if self.is_over:
                return None
            port = self.ports[number % len(self.ports)]
            self.under_way[port] += 1
            return port

    def note(self, port: int, wrong: str | None, *, is_look: bool) -> None:
        with self.changed:
            self.under_way[port] -= 1
            self.good[port] += wrong is None
            self.looks += is_look and wrong is None
            self.wrong += [wrong] if wrong else []
            self.changed.notify_all()


@dataclass(frozen=True)
class Site:
    """An installation with a few books, and how it is asked for one."""

    environment: dict[str, str]
    look: str
    header: dict[str, str]

    @classmethod
    def of(cls, engine: sa.Engine, folder: Path) -> "Site":
        url = engine.url.render_as_string(hide_password=False)
        keys = {f"{name}_key": b64encode(key * 32).decode() for name, key in SECRETS.items()}
        given = {"data_dir": str(folder / "data"), "database_url": url, "public_url": PUBLIC_URL}
        given |= keys | {"demo": "true", "background_work": "false"}
        settings = Settings(**given)  # type: ignore[arg-type]  # as text, like the environment's
        now = datetime.now(UTC)
        inst = open_installation(settings, now=now)
        (person, *_) = people.add_people(inst.engine, 3)
        with deed(inst.engine) as db:
            issue_book(db, inst, person, by=OPERATOR, now=now)
            account = open_account(
                db, OPERATOR, kind="machine", name="x", role=Role.READER, unit_code=None,
                person_id=None, enterprise_code=None, now=now,
            )  # fmt: skip
            token = grant_token(db, OPERATOR, account, hours=8, now=now)
        inst.close()
        environment = {f"LABOUR_BOOK_{name.upper()}": value for name, value in given.items()}
        path = f"/workers/{person}/book?purpose=upgrade"
        return cls(environment, path, {"Authorization": f"Bearer {token}"})

    def started(self, release: Path, answers: Answers) -> Running:
        """Start a server of a release; it is asked once it is ready, as a proxy does."""
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(port)],
            cwd=release,
            env=os.environ | self.environment | {"PYTHONPATH": str(release)},
        )
        ready = threading.Event()
        for _ in range(START_SECONDS * 2):
            if process.poll() is not None or _asked(port, "/readyz", {}) is None:
                break
            ready.wait(0.5)
        assert process.poll() is None, "the server did not start"
        with answers.changed:
            answers.ports += (port,)
            answers.changed.notify_all()
            answers.changed.wait_for(
                lambda: answers.good[port] >= ENOUGH or answers.wrong, START_SECONDS
            )
        return Running(port, process)

    def stopped(self, running: Running, answers: Answers) -> None:
        """Ask it nothing more, then tell it to stop."""
        with answers.changed:
            answers.ports = tuple(each for each in answers.ports if each != running.port)
            answers.changed.wait_for(lambda: not answers.under_way[running.port], START_SECONDS)
        running.process.terminate()
        running.process.wait(START_SECONDS)

    @contextmanager
    def traffic(self) -> Iterator[Answers]:
        """Ask those that there are, again and again, for as long as this lasts."""
        answers = Answers()
        callers = [
            threading.Thread(target=self._call, args=(answers, number)) for number in range(CALLERS)
        ]
        for each in callers:
            each.start()
        try:
            yield answers
        finally:
            with answers.changed:
                answers.is_over = True
                answers.changed.notify_all()
            for each in callers:
                each.join()

    def _call(self, answers: Answers, number: int) -> None:
        paths = (self.look, "/status/1", "/jwks")
        turn = number
        while (port := answers.take(turn)) is not None:
            path = paths[turn // 2 % len(paths)]
            wrong = _asked(port, path, self.header if path == self.look else {})
            answers.note(port, wrong, is_look=path == self.look)
            turn += 1


def _asked(port: int, path: str, headers: dict[str, str]) -> str | None:
    """Return what is wrong with the answer; None: nothing."""
    try:
        with closing(HTTPConnection(HERE, port, timeout=60)) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
    except (OSError, HTTPException) as error:
        return f"{path.partition('?')[0]} {type(error).__name__}"
    return None if answer.status == 200 else f"{path.partition('?')[0]} {answer.status}"
