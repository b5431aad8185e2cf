"""What a scan of a printed code costs the server, and what verifiers fetch, against a bare route.

* verify page: ``GET /v/CODE``: the version looked up, its signature checked, a trace row committed,
  the page rendered.
* status list: ``GET /status/1``, compressed as it is kept; *known*: the same with its ETag, 304.
* keys: ``GET /jwks``.
* hello-def: a bare FastAPI route that runs in a thread, as all ours that wait for the database do.

Each server is a process of its own on loopback; rates are by its CPU time, SQLite included.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from _measure import interleaved, quick, ratio_of, report
from _office import bench_office
from _servers import Server, clock_of, hello_app, served

from api.main import create_app

GOAL = "the verify page within 3 x a bare route and below 50 KiB; 2,000/s by replicas"
PACKAGES = ("fastapi", "starlette", "uvicorn", "cryptography", "sqlalchemy")
PEAK_PER_SECOND = 2_000
AT_ONCE = 16
"""Callers at once: their traces share transactions (``api.together``)."""
LARGEST_PAGE = 50 * 1024


def main() -> None:
    count, rounds = (100, 5) if quick() else (600, 9)
    with bench_office(datetime.now(UTC)) as (office, settings):
        code = office.code(office.issue(office.people[0]))
        inst = replace(office.inst, status_cache_seconds=5)
        inst.engine.dispose()
        with (
            served(partial(create_app, settings, inst)) as ours,
            served(hello_app) as bare,
        ):
            page, _ = asked(ours, f"/v/{code}")
            assert len(page) < LARGEST_PAGE
            status, tag = asked(ours, "/status/1", **{"Accept-Encoding": "gzip"})

            def known() -> int:
                for _ in range(count):
                    ours.connection.request("GET", "/status/1", headers={"If-None-Match": tag})
                    answer = ours.connection.getresponse()
                    answer.read()
                    assert answer.status in {200, 304}  # a list is made anew every few seconds
                return count

            packed = {"Accept-Encoding": "gzip"}
            ways: dict[str, Callable[[], int]] = {
                "verify page": lambda: ours.requests(count, f"/v/{code}"),
                "verify page, 16 at once": lambda: ours.at_once(
                    count, f"/v/{code}", callers=AT_ONCE
                ),
                "status list": lambda: ours.requests(count, "/status/1", headers=packed),
                "status list, known": known,
                "keys": lambda: ours.requests(count, "/jwks", headers=packed),
                "hello-def, 16 at once": lambda: bare.at_once(count, "/hello-def", callers=AT_ONCE),
                "hello-def": lambda: bare.requests(count, "/hello-def"),
            }
            for work in ways.values():
                work()
            done = interleaved(ways, rounds=rounds, clock=clock_of(ours, bare))
    sizes = {"page": len(page), "status list": len(status)}
    report("verify page", done, unit="requests", goal=GOAL, packages=PACKAGES, sizes=sizes)
    print(f"\n  page {len(page):,} bytes; status list {len(status):,} bytes, compressed")
    for way in done[:-1]:
        cores = PEAK_PER_SECOND / way.rate
        print(
            f"  {way.name:<20} costs {1 / ratio_of(way, done[-1]):4.1f} x a bare route;"
            f" {PEAK_PER_SECOND:,}/s take {cores:4.1f} cores"
        )


def asked(server: Server, path: str, **headers: str) -> tuple[bytes, str]:
    """Return the body as it came, and its ETag."""
    server.connection.request("GET", path, headers=headers)
    answer = server.connection.getresponse()
    body = answer.read()
    assert answer.status == 200
    return body, answer.headers.get("ETag", "")


if __name__ == "__main__":
    main()
