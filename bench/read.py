"""``GET book`` requests per second and core, against a bare FastAPI route.

* ours: a machine opens a worker's book by the whole application: limits, headers, token, purpose,
  permission, the stored document, a trace row in the hash chain, committed before the answer.
* hello: a FastAPI route that answers a constant, in an application with nothing else.
* hello, def: the same as a plain ``def`` route, which runs in a thread like ours.
* raw traced read: a ``def`` route in that bare application with the same statements by hand through
  ``sqlite3``: document, end of the chain, trace row, durable commit. What a traced read costs.

The same by sixteen callers at once, whose traces share transactions (``api.together``).

Each server is a process of its own on loopback; rates are by its CPU time, SQLite included.
"""

import sqlite3
import time
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

from _measure import interleaved, quick, report
from _office import bench_office
from _servers import clock_of, hello_app, served
from fastapi import FastAPI, Response

from api.main import create_app
from labour_book.services.access import Role

AT_ONCE = 16
"""Callers at once: their traces share transactions."""
GOAL = "<= 2.5 x hello per request, that is ours/hello >= 0.4"
PACKAGES = ("fastapi", "starlette", "uvicorn", "sqlalchemy", "orjson")


def raw_app(database: Path, person: str) -> FastAPI:
    """Return the bare application with the traced read by hand."""
    app = hello_app()
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")
    find = "SELECT document FROM book_version WHERE person_id = ? AND state = 'current'"
    add = "INSERT INTO trace SELECT :seq, at, actor_kind, actor, action, person_id, purpose, outcome, detail, :before, :hash FROM trace WHERE seq = 1"  # noqa: E501 - one statement
    move = "UPDATE trace_head SET seq = :seq, hash = :hash WHERE id = 1"

    @app.get("/raw")
    def read() -> Response:
        connection.execute("BEGIN IMMEDIATE")
        (document,) = connection.execute(find, (person,)).fetchone()
        seq, before = connection.execute("SELECT seq, hash FROM trace_head").fetchone()
        row = {"seq": seq + 1, "before": before, "hash": sha256(before).digest()}
        connection.execute(add, row)
        connection.execute(move, row)
        connection.execute("COMMIT")
        return Response(document, media_type="application/json")

    return app


def main() -> None:
    count, rounds = (300, 5) if quick() else (1_500, 9)
    with bench_office(datetime.now(UTC)) as (office, settings):
        office.issue(office.people[0])
        headers = office.token("machine", Role.READER)
        office.inst.engine.dispose()
        path = f"/workers/{office.people[0]}/book?purpose=bench"
        raw = partial(raw_app, settings.data_dir / "bench.sqlite", office.people[0].hex)
        with served(lambda: create_app(settings, office.inst)) as ours, served(raw) as hello:
            ways = {
                "GET book": lambda: ours.requests(count, path, headers=headers),
                "hello": lambda: hello.requests(count, "/hello"),
                "GET book, 16 at once": lambda: ours.at_once(
                    count, path, callers=AT_ONCE, headers=headers
                ),
                "hello, 16 at once": lambda: hello.at_once(count, "/hello", callers=AT_ONCE),
                "hello, def": lambda: hello.requests(count, "/hello-def"),
                "raw traced read": lambda: hello.requests(count, "/raw"),
            }
            for work in ways.values():
                work()
            for clock, topic in (
                (clock_of(ours, hello), "read book"),
                (time.perf_counter, "read book wall"),
            ):
                done = interleaved(ways, rounds=rounds, clock=clock)
                report(topic, done, unit="requests", goal=GOAL, packages=PACKAGES)


if __name__ == "__main__":
    main()
