"""A real server on loopback whose books wallets can take, and the people around it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from labour_book.services import keys
from labour_book.services.access import Role
from labour_book.services.installation import Installation
from labour_book.settings import Settings
from tests.api.conftest import Clock, Office
from tests.services.people import EMPLOYER_CODE, add_people, add_units
from tests.support.apps import app_for
from tests.support.browser import free_port, serving
from tests.support.installations import ISSUER, opened
from tests.support.node import Clients


@dataclass(frozen=True)
class Bureau:
    """The running server, and who deals with it."""

    office: Office
    http: httpx.Client
    worker: dict[str, str]
    employer: dict[str, str]
    clients: Clients

    def offer(self, way: str = "pre-authorized") -> dict[str, Any]:
        """Let the worker offer the book to a wallet."""
        answer = self.http.post("/me/wallets/offers", headers=self.worker, json={"way": way})
        assert answer.status_code == 201, answer.text
        offer: dict[str, Any] = answer.json()
        return offer

    def take(self, copies: int = 5, **more: Any) -> list[dict[str, Any]]:
        """Let a wallet take copies; return each with its key."""
        offer = self.offer()
        given = {"link": offer["link"], "txCode": offer["tx_code"], "copies": copies} | more
        wallet: list[dict[str, Any]] = self.clients.run("take.mjs", given)["wallet"]
        return wallet

    def ask(self, **more: Any) -> dict[str, Any]:
        """Let the employer ask for a preset."""
        body = {"preset": "GENERAL", "purpose": "Tuyển dụng"} | more
        answer = self.http.post("/vp", headers=self.employer, json=body)
        assert answer.status_code == 201, answer.text
        asked: dict[str, Any] = answer.json()
        return asked

    def present(self, asked: dict[str, Any], copy: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Let a wallet answer a request from a copy."""
        return self.clients.run("present.mjs", {"link": asked["link"]} | copy | more)

    def result(self, asked: dict[str, Any], **query: str) -> dict[str, Any]:
        answer = self.http.get(f"/vp/{asked['id']}/result", headers=self.employer, params=query)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result


@pytest.fixture
def bureau(engine: sa.Engine, tmp_path: Path, clients: Clients) -> Iterator[Bureau]:
    with running(engine, tmp_path, clients) as bureau:
        yield bureau


@pytest.fixture
def small_bureau(sqlite_engine: sa.Engine, tmp_path: Path, clients: Clients) -> Iterator[Bureau]:
    """The same on SQLite alone, where the kind of database makes no difference."""
    with running(sqlite_engine, tmp_path, clients) as bureau:
        yield bureau


@contextmanager
def running(engine: sa.Engine, folder: Path, clients: Clients) -> Iterator[Bureau]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    office = opened_at(url, engine, folder)
    app = app_for(Settings(demo=True, data_dir=folder, public_url=url), office.inst)
    with serving(app, port), httpx.Client(base_url=url) as http:
        yield Bureau(office, http, worker_of(office), employer_of(office), clients)


def opened_at(url: str, engine: sa.Engine, folder: Path) -> Office:
    """Return an office whose public address is the one it is served at."""
    now = datetime.now(UTC)
    inst = installation_at(url, engine, folder, now)
    people = add_people(engine, 2)
    add_units(engine)
    office = Office(inst, people, Clock(now))
    for each in people:
        office.issue(each)
    return office


def installation_at(url: str, engine: sa.Engine, folder: Path, now: datetime) -> Installation:
    issuer = replace(ISSUER, uri=url)
    keys.make_demo_keys(engine, folder / "keys", issuer=issuer, now=now)
    return opened(engine, folder, now, issuer)


def worker_of(office: Office, number: int = 0) -> dict[str, str]:
    return office.token("worker", Role.WORKER, person=office.people[number])


def employer_of(office: Office) -> dict[str, str]:
    return office.token("employer", Role.EMPLOYER, enterprise=EMPLOYER_CODE)
