"""The site that is soaked: PostgreSQL, API processes behind the reverse proxy, a worker, people.

It runs as ``deploy/`` says: settings from the environment, no demo, no background work beside the
requests, Caddy with the product's own file. Commits wait for the disk, unlike in the tests.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import sqlalchemy as sa

import migrations
from labour_book.services.access import Role, deed, grant_token, open_account, operator
from labour_book.services.bulk_issuing import issue_all
from labour_book.services.installation import Installation
from labour_book.services.issuing import newest_version, printed_code
from tests.services import people, shares
from tests.support import installations, postgres

ROOT = Path(__file__).parents[1]
CADDYFILE = ROOT / "deploy" / "Caddyfile"
OPERATOR = operator("soak")
UNIT = "UB-00070"
SERVERS, PROCESSES = 2, 2
START_SECONDS, STOP_SECONDS = 900, 120
BEHIND_A_PROXY = {"LABOUR_BOOK_BACKGROUND_WORK": "false", "LABOUR_BOOK_LEAVING_SECONDS": "6"}
"""As ``deploy/compose.yaml`` sets them."""
AS_IN_PRODUCTION = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "autovacuum": "on",
    "max_connections": "150",
    "shared_buffers": "256MB",
}


@dataclass(frozen=True, slots=True)
class Someone:
    """A worker with a book: the number people are made by, the id, a token, codes of the book."""

    number: int
    person: UUID
    headers: Mapping[str, str] = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Callers:
    """Everybody who calls."""

    readers: Sequence[Someone]
    askers: Sequence[Someone]
    """Those who ask for a correction, each once."""
    hired: Sequence[int]
    """The numbers of those whom enterprises hire, each once."""
    approvers: Sequence[Mapping[str, str]]
    employers: Sequence[Mapping[str, str]]


@dataclass
class Program:
    """A program of the site that is started again when it ends."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = self._begun(log)

    def _begun(self, log: BinaryIO) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self.environment}
        return subprocess.Popen(self.command, stdout=log, stderr=log, env=environment)  # noqa: S603 - our own programs

    def stop(self) -> int:
        """Tell it to end, wait, and return how it ended."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    @property
    def process_id(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"


@dataclass(frozen=True)
class Site:
    """What runs."""

    inst: Installation
    port: int
    """Of the proxy."""
    servers: Sequence[Program]
    ports: Sequence[int]
    worker: Program
    proxy: Program
    database: int
    """Process id of PostgreSQL."""

    @property
    def programs(self) -> list[Program]:
        return [*self.servers, self.worker, self.proxy]

    def api_processes(self) -> list[int]:
        """Return the process ids of those that answer, in the order of the servers."""
        return [
            each
            for server in self.servers
            for forking in children_of(server.process_id)
            if "forkserver" in command_of(forking)
            for each in children_of(forking)
        ]


def children_of(process_id: int) -> list[int]:
    tasks = Path(f"/proc/{process_id}/task").glob("*/children")
    return sorted(int(each) for task in tasks for each in task.read_text(encoding="ascii").split())


def tree_of(process_id: int) -> list[int]:
    try:
        children = children_of(process_id)
    except OSError:  # it has ended meanwhile
        return []
    return [process_id, *(each for child in children for each in tree_of(child))]


def command_of(process_id: int) -> str:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
    except OSError:  # it has ended meanwhile
        return ""


@contextmanager
def opened_site(folder: Path, *, askers: int, hired: int) -> Iterator[tuple[Site, Callers]]:
    """Start everything below a folder, with people whose books are issued; end it all after use."""
    (folder / "pg").mkdir()
    with ExitStack() as stack:
        postgres_ = stack.enter_context(postgres.started(folder / "pg", **AS_IN_PRODUCTION))
        engine = stack.enter_context(postgres_.database(template=migrations.upgrade))
        now = datetime.now(UTC)
        inst = installations.installed(engine, folder / "data", now)
        callers = peopled(inst, now, askers=askers, hired=hired)
        site = _site(inst, folder, database=_postmaster(folder / "pg"))
        for each in site.programs:
            each.start()
            stack.callback(_end, each)
        for port in (*site.ports, site.port):
            wait_for(port)
        yield site, callers


def _site(inst: Installation, folder: Path, *, database: int) -> Site:
    *ports, proxy_port = _free_ports(SERVERS + 1)
    environment = _environment(inst.engine, folder)
    command = str(Path(sys.executable).with_name("labour-book"))
    several = ("--processes", str(PROCESSES))
    servers = [
        Program(
            f"api-{port}",
            (command, "serve", "--port", str(port), *several),
            environment | BEHIND_A_PROXY,
            folder,
        )
        for port in ports
    ]
    worker = Program("worker", (command, "worker"), environment, folder)
    proxy = _proxy(folder, ports, proxy_port)
    return Site(inst, proxy_port, servers, ports, worker, proxy, database)


def _proxy(folder: Path, ports: Sequence[int], port: int) -> Program:
    """Return Caddy with the product's file."""
    caddy = shutil.which("caddy")
    assert caddy is not None, "the soak needs Caddy: apt-get install caddy"
    own = folder / "Caddyfile"
    text = CADDYFILE.read_text(encoding="utf-8")
    own.write_text("{\n\tadmin off\n}\n" + text, encoding="utf-8")
    upstreams = " ".join(f"127.0.0.1:{each}" for each in ports)
    environment = {"SITE": f"http://127.0.0.1:{port}", "API": upstreams, "HOME": str(folder)}
    environment |= {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = (caddy, "run", "--config", str(own), "--adapter", "caddyfile")
    return Program("caddy", command, environment, folder)


def _environment(engine: sa.Engine, folder: Path) -> dict[str, str]:
    secrets = {"SEAL_KEY": b"s" * 32, "INDEX_KEY": b"i" * 32, "LOOKUP_KEY": b"l" * 32}
    given = {name: b64encode(value).decode() for name, value in secrets.items()} | {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "DATA_DIR": str(folder / "data"),
        "PUBLIC_URL": installations.PUBLIC_URL,
        "TRUSTED_PROXIES": "127.0.0.1",
        "CORRECTION_DECISIONS_PER_HOUR": "10000",
        "SHARE_OPENS_PER_MINUTE": "100000",
        "SHARE_MOST_VIEWS": "1000",
        "RECIPIENT_OPENS_PER_HOUR": "100000",
    }
    return {f"LABOUR_BOOK_{name}": value for name, value in given.items()}


def peopled(inst: Installation, now: datetime, *, askers: int, hired: int) -> Callers:
    """Invent people, issue their books, and give an account to everybody who calls."""
    readers = 200
    people.add_people(inst.engine, readers + askers + hired)
    people.add_units(inst.engine)
    codes = (people.EMPLOYER_CODE, shares.RIVAL_CODE)
    shares.add_enterprise(inst.engine, shares.RIVAL_CODE, "ACTIVE")
    issue_all(inst, by=OPERATOR, now=now)
    with deed(inst.engine) as db:

        def token(kind: str, role: Role, **of: object) -> dict[str, str]:
            account = open_account(db, OPERATOR, kind=kind, name="x", role=role, now=now, **of)  # type: ignore[arg-type]  # passed on as given
            made = grant_token(db, OPERATOR, account, hours=24, now=now)
            return {"Authorization": f"Bearer {made}"}

        def someone(number: int) -> Someone:
            person = people.person_id(number)
            version = newest_version(db, person)
            assert version is not None
            headers = token("worker", Role.WORKER, person_id=person)
            return Someone(number, person, headers, printed_code(inst, version))

        everybody = [someone(number) for number in range(1, readers + askers + 1)]
        approvers = [token("official", Role.APPROVER, unit_code=UNIT) for _ in range(8)]
        employers = [token("employer", Role.EMPLOYER, enterprise_code=each) for each in codes[1:]]
    return Callers(
        everybody[:readers],
        everybody[readers:],
        range(readers + askers + 1, readers + askers + hired + 1),
        approvers,
        employers,
    )


def _postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(closing(socket.socket())) for _ in range(count)]
        for each in probes:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in probes]


def wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            pass  # it has not started yet
        finally:
            connection.close()
        assert time.monotonic() < until, f"port {port} did not become ready"
        time.sleep(0.2)


def _end(program: Program) -> None:
    if program.process is not None and program.process.poll() is None:
        try:
            program.stop()
        except subprocess.TimeoutExpired:
            program.process.kill()
