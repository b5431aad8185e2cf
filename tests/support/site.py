"""A whole service for journeys: its database, its books, and the address people reach it at."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from labour_book.registers.online import Register
from labour_book.services.connections import OWN_ORG, Connections, connections, sandbox_secret
from labour_book.services.installation import Installation
from labour_book.settings import Settings
from tests.api.conftest import Office, opened_office
from tests.support import installations
from tests.support.apps import app_for
from tests.support.databases import new_file

REGISTER_SECONDS = 10.0
"""How long a register is waited for: these are on the same busy machine."""


@dataclass(frozen=True)
class Site:
    """A service that is built and not yet running."""

    office: Office
    app: FastAPI
    address: str


def built_site(
    folder: Path,
    port: int,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
    registers: httpx.Client | None = None,
    *,
    background_work: bool = False,
) -> Site:
    """Build the service for an address on loopback, which its codes and keys name too.

    With a client it asks its own sandbox registers over it. Only if told so it also imports files,
    applies notifications and sends mail by itself.
    """
    address = f"http://127.0.0.1:{port}"
    monkeypatch.setattr(installations, "PUBLIC_URL", address)
    monkeypatch.setattr(installations, "ISSUER", replace(installations.ISSUER, uri=address))
    engine = new_file(folder / "site.sqlite")
    office = opened_office(engine, folder, now)
    if registers is not None:
        connected = _connected(office.inst, address, registers)
        office = replace(office, inst=replace(office.inst, connections=connected))
    settings = Settings(demo=True, data_dir=folder, public_url=address)
    app = app_for(settings, office.inst, background_work=background_work)
    app.state.clock = lambda: office.clock.now
    return Site(office, app, address)


def _connected(inst: Installation, address: str, http: httpx.Client) -> Connections:
    return connections(
        {each: f"{address}/sandbox/registers/{each}" for each in Register},
        secret=sandbox_secret(inst.lookup_key),
        own_org=OWN_ORG,
        total_seconds=REGISTER_SECONDS,
        closing=ExitStack(),
        http=http,
    )
