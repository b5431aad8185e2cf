"""Share pages per second and core, against a bare FastAPI route, and how many bytes they are.

* cover: ``GET /s/{code}`` by the whole application: the code looked up, a ticket sealed, the page.
* open: ``POST /s/{code}``: a view counted, the claims disclosed, the worker told, the deed traced,
  committed; then the credential verified against keys and register, and the page.
* open again: the same with the ticket of an opening: traced, not counted.
* unknown: a code that is none of ours, counted as a miss.
* hello: a bare FastAPI route that runs in a thread.

Each server is a process of its own on loopback; rates are by its CPU time, SQLite included. The
limits on openings are lifted, else one address would be refused after a few.
"""

import http.client
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

from _measure import interleaved, quick, report
from _office import bench_office
from _servers import Server, clock_of, hello_app, served

from api.main import create_app
from labour_book.domain.limits import Limit, SharingLimits
from labour_book.domain.share_states import Bounds
from labour_book.services import revisiting
from labour_book.services.installation import Installation
from tests.services import shares

GOAL = "the whole page below 50 kB; rates are told, not demanded"
PACKAGES = ("fastapi", "starlette", "uvicorn", "jinja2", "sqlalchemy", "cryptography")
OFTEN = 1_000_000
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
LARGEST = 50 * 1024


def unlimited(inst: Installation) -> Installation:
    limits = SharingLimits(
        misses=Limit("share.miss", OFTEN, 60),
        opens_of_share=Limit("share.opened", OFTEN, 60),
        opens_by_recipient=Limit("share.recipient", OFTEN, 3600),
    )
    return replace(inst, limits=limits, share_bounds=Bounds(most_views=OFTEN))


def strangers(server: Server, count: int) -> int:
    """Ask for codes that are none of ours; return how many."""
    for _ in range(count):
        server.connection.request("GET", f"/s/{'0' * 28}")
        answer = server.connection.getresponse()
        answer.read()
        assert answer.status == http.client.NOT_FOUND, answer.status
    return count


def show_bytes(server: Server, path: str, form: bytes) -> None:
    for name, method, body in (("cover", "GET", None), ("opened", "POST", form)):
        server.connection.request(method, path, body, FORM)
        page = server.connection.getresponse().read()
        assert len(page) < LARGEST, len(page)
        print(f"  {name:<44}{len(page):>12,} bytes, nothing else is loaded")


def main() -> None:
    count, rounds = (40, 5) if quick() else (400, 9)
    now = datetime.now(UTC)
    with bench_office(now) as (office, settings):
        office.issue(office.people[0])
        inst = unlimited(office.inst)
        code = shares.share(inst, now, max_views=OFTEN).code
        form = urlencode({"ticket": revisiting.new_ticket(inst, code)}).encode()
        inst.engine.dispose()
        with served(lambda: create_app(settings, inst)) as ours, served(hello_app) as other:
            path = f"/s/{code}"
            post = partial(ours.requests, count, path, method="POST", headers=FORM)
            ways: dict[str, Callable[[], int]] = {
                "GET cover": lambda: ours.requests(count, path, headers=FORM),
                "POST open": lambda: post(body=b"ticket="),
                "POST open again": lambda: post(body=form),
                "GET unknown": lambda: strangers(ours, count),
                "hello, in a thread": lambda: other.requests(count, "/hello-def"),
            }
            for work in ways.values():
                work()
            done = interleaved(ways, rounds=rounds, clock=clock_of(ours, other))
            report("share page", done, unit="requests", goal=GOAL, packages=PACKAGES)
            show_bytes(ours, path, form)


if __name__ == "__main__":
    main()
