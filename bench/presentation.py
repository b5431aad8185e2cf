"""OpenID4VP round trips per second and core, against raw ES256 verifications.

* round trip: ``POST /vp``, the wallet fetches the signed request, sends its presentation, and the
  verifier reads the result; four requests over HTTP, three transactions, all traced.
* encrypted: the same with the answer encrypted to the request (``direct_post.jwt``).
* raw ES256: one signature checked by ``cryptography``; a round trip signs one and checks three
  (the certificates and keys are known by then): the copy twice, its key binding once.
* hello x 4: four requests to a bare FastAPI route.

The server is a process of its own on loopback; rates are by its CPU time, SQLite included. What the
wallet does is not counted.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from _measure import interleaved, quick, report
from _office import add_raw_signatures, bench_office
from _servers import Server, clock_of, hello_app, served
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI
from joserfc import jwe
from joserfc.jwk import ECKey

import signing
from api.main import create_app
from labour_book.database import transaction
from labour_book.queries import versions
from labour_book.services.access import Role
from labour_book.services.copying import copy_for
from tests.api.conftest import Office

GOAL = "<= 30 ms of server CPU for a whole round trip"
PACKAGES = ("fastapi", "starlette", "uvicorn", "cryptography", "joserfc", "sqlalchemy", "orjson")
AT_ONCE = 100
VERIFIERS = 40
"""Accounts that ask in turn: each may ask 120 times a minute."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Wallet:
    """A copy of a book and its key, and the verifiers it meets in turn."""

    copy: str
    key: ec.EllipticCurvePrivateKey
    verifiers: Iterator[dict[str, str]]

    def round_trips(self, server: Server, count: int, *, encrypted: bool) -> int:
        for _ in range(count):
            self._once(server, encrypted=encrypted)
        return count

    def _once(self, server: Server, *, encrypted: bool) -> None:
        verifier = next(self.verifiers)
        body = {"preset": "GENERAL", "purpose": "bench", "encrypted": encrypted}
        headers = verifier | {"Content-Type": "application/json"}
        asked = json.loads(_sent(server, "POST", "/vp", headers, json.dumps(body).encode()))
        path = f"/vp/{asked['id']}"
        token = _sent(server, "GET", urlsplit(asked["request_uri"]).path).decode()
        request = jwt.decode(token, options={"verify_signature": False})
        _sent(server, "POST", f"{path}/response", FORM, self._answer(request).encode())
        result = json.loads(_sent(server, "GET", f"{path}/result", verifier))
        assert result["holder"]["state"] == "yes", result
        assert result["claims"]

    def _answer(self, request: dict[str, Any]) -> str:
        shown = signing.present(
            self.copy,
            self.key,
            audience=request["client_id"],
            nonce=request["nonce"],
            issued_at=datetime.now(UTC),
        )
        vp_token = {"book": [shown]}
        if request["response_mode"] == "direct_post":
            return urlencode({"vp_token": json.dumps(vp_token), "state": request["state"]})
        (public,) = request["client_metadata"]["jwks"]["keys"]
        whole = json.dumps({"vp_token": vp_token, "state": request["state"]}).encode()
        header = {"alg": "ECDH-ES", "enc": "A128GCM", "kid": public["kid"]}
        return urlencode({"response": jwe.encrypt_compact(header, whole, ECKey.import_key(public))})


def _sent(
    server: Server,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> bytes:
    server.connection.request(method, path, body, headers or {})
    answer = server.connection.getresponse()
    content = answer.read()
    assert answer.status in {200, 201}, content
    return content


def wallet_of(office: Office) -> Wallet:
    """Give a wallet a copy that shows the name, the jobs and the totals."""
    key = ec.generate_private_key(ec.SECP256R1())
    person, now = office.people[0], office.clock.now
    with transaction(office.inst.engine) as db:
        version = versions.signed_version(db, person, None)
        holder = signing.public_jwk(key.public_key())
        copy = copy_for(db, office.inst, version, holder=holder, now=now).credential
    shown = signing.disclose(
        copy, lambda path: path[0] in {"worker", "employments", "insurance", "as_of"}
    )
    verifiers = [office.token("machine", Role.READER) for _ in range(VERIFIERS)]
    return Wallet(shown, key, cycle(verifiers))


def bare_app() -> FastAPI:
    """Return an application that checks signatures many times over, without the rest."""
    app = hello_app()
    add_raw_signatures(app, AT_ONCE)
    return app


def main() -> None:
    count, rounds = (50, 5) if quick() else (200, 9)
    with bench_office(datetime.now(UTC)) as (office, settings):
        office.issue(office.people[0])
        wallet = wallet_of(office)
        office.inst.engine.dispose()
        with served(lambda: create_app(settings, office.inst)) as ours, served(bare_app) as other:
            trips = partial(wallet.round_trips, ours, count)
            ways: dict[str, Callable[[], int]] = {
                "round trip": lambda: trips(encrypted=False),
                "round trip, encrypted": lambda: trips(encrypted=True),
                "raw ES256": lambda: other.requests(count // 10, "/raw") * AT_ONCE,
                "hello x 4": lambda: other.requests(count * 4, "/hello") // 4,
            }
            for work in ways.values():
                work()
            done = interleaved(ways, rounds=rounds, clock=clock_of(ours, other))
            report("presentation", done, unit="round trips", goal=GOAL, packages=PACKAGES)
            for way in done[:2]:
                print(f"  {way.name}: {1000 / way.rate:.1f} ms of server CPU")
            started = time.perf_counter()
            trips(encrypted=True)
            wall = (time.perf_counter() - started) / count * 1000
            print(
                f"  round trip, encrypted: {wall:.1f} ms on the clock, the wallet's work included"
            )


if __name__ == "__main__":
    main()
