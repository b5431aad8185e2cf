"""Credentials verified per second and core, over HTTP and without, against raw ES256.

* ours: ``POST /verify`` as JSON by the whole application: form, signature, every disclosure, keys
  from the database, the register's answer, a trace row, committed before the answer. The server
  remembers no signature.
* ours, shown again: the same by a server that remembers which signatures it found right, as it does
  unless told otherwise: all of this but the curve.
* ours, 16 at once: several callers, who share transactions (``api.together``).
* ours, stranger: the same for a credential that is not genuine: its version is not looked up, and
  nothing is traced.
* offline: ``verify_offline`` alone with a trust bundle, as on the command line.
* raw ES256: the signature alone, by ``cryptography``.
* hello: a bare FastAPI route.

Each server is a process of its own on loopback; rates are by its CPU time, SQLite included.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from _measure import interleaved, quick, report
from _office import add_raw_signatures, bench_office
from _servers import Server, clock_of, hello_app, served
from fastapi import FastAPI

from api.main import create_app
from labour_book.database import reading
from labour_book.services import access, keys, verifying
from signing import Proven, TrustBundle
from tests.api.conftest import OPERATOR

GOAL = ">= 1,300 per core over HTTP uncached; offline >= 0.5 x raw ES256"
PACKAGES = ("fastapi", "starlette", "uvicorn", "cryptography", "sqlalchemy", "orjson")
AT_ONCE = 100
"""Verifications for each request to the bare application, so that HTTP does not count."""
CALLERS = 16


def bare_app(credential: bytes, bundle: TrustBundle) -> FastAPI:
    """Return an application whose routes verify many times over, without the rest."""
    app = hello_app()
    add_raw_signatures(app, AT_ONCE)

    @app.get("/offline")
    def offline() -> None:
        for _ in range(AT_ONCE):
            checked = verifying.verify_offline(credential, bundle, now=datetime.now(UTC))
            assert checked.genuine.state == "yes"

    return app


def main() -> None:
    count, rounds = (200, 5) if quick() else (1_000, 9)
    with bench_office(datetime.now(UTC)) as (office, settings):
        office.issue(office.people[0])
        inst, now = office.inst, office.clock.now
        with access.deed(inst.engine) as db:
            credential = access.open_credential(
                db, inst, OPERATOR, office.people[0], purpose="bench", now=now
            )
        with reading(inst.engine) as db:
            bundle = keys.trust_bundle(db, inst, now)
        inst.engine.dispose()
        bare = partial(bare_app, credential.encode(), bundle)
        forgetful = replace(inst, proven=Proven(0))
        with (
            served(lambda: create_app(settings, forgetful)) as ours,
            served(lambda: create_app(settings, inst)) as again,
            served(bare) as other,
        ):
            given: dict[str, Any] = {
                "method": "POST",
                "headers": {"Content-Type": "application/json"},
            }

            def send(server: Server, body: bytes) -> int:
                return server.requests(count, "/verify", body=body, **given)

            def send_at_once(server: Server, body: bytes) -> int:
                return server.at_once(count, "/verify", callers=CALLERS, body=body, **given)

            genuine = json.dumps({"credential": credential}).encode()
            stranger = json.dumps({"credential": credential.replace(".", ".A", 1)}).encode()
            ways: dict[str, Callable[[], int]] = {
                "POST /verify": lambda: send(ours, genuine),
                "POST /verify, shown again": lambda: send(again, genuine),
                "POST /verify, 16 at once": lambda: send_at_once(ours, genuine),
                "POST /verify, shown again, 16 at once": lambda: send_at_once(again, genuine),
                "POST /verify, stranger": lambda: send(ours, stranger),
                "offline": lambda: other.requests(count // 20, "/offline") * AT_ONCE,
                "raw ES256": lambda: other.requests(count // 20, "/raw") * AT_ONCE,
                "hello": lambda: other.requests(count, "/hello"),
                "hello, 16 at once": lambda: other.at_once(count, "/hello", callers=CALLERS),
            }
            for work in ways.values():
                work()
            done = interleaved(ways, rounds=rounds, clock=clock_of(ours, again, other))
            report("verify", done, unit="verifications", goal=GOAL, packages=PACKAGES)


if __name__ == "__main__":
    main()
