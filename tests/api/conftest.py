"""The application over a real installation, with people whose books have been issued."""

import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.exceptions import StarletteDeprecationWarning

from labour_book.services import access, issuing, printing
from labour_book.services.access import Role
from labour_book.services.installation import Installation
from labour_book.settings import Settings
from tests.services.people import add_people, add_units
from tests.support import installations
from tests.support.apps import app_for
from tests.support.installations import PUBLIC_URL, installed, opened
from tests.support.prepared import prepared

with warnings.catch_warnings():  # it prefers httpx2, which nothing else here needs
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from fastapi.testclient import TestClient

T = TypeVar("T")
OPERATOR = access.operator("test")
PURPOSE = "Đối chiếu hồ sơ"


@dataclass
class Clock:
    """What the application takes for the time; a test may move it."""

    now: datetime


@dataclass(frozen=True)
class Office:
    """An installation with issued books, and the means to do more to it."""

    inst: Installation
    people: list[UUID]
    clock: Clock

    def begun(self, name: str, make: Callable[[], T]) -> T:
        """Do what many tests begin with; done only once where nothing else was done before it."""
        if len(self.traced()) > 1:  # one row tells of the keys
            return make()
        return prepared((name, self.clock.now), self.inst.engine, self.inst.data_dir, make)

    def issue(self, person: UUID) -> UUID:
        """Issue a version and return its id."""
        with access.deed(self.inst.engine) as db:
            issued = issuing.issue_book(db, self.inst, person, by=OPERATOR, now=self.clock.now)
        assert isinstance(issued, issuing.Issued)
        return issued.version_id

    def printed(self, person: UUID) -> bytes:
        """Issue a version and return its sealed PDF."""
        self.issue(person)
        with access.deed(self.inst.engine) as db:
            return printing.pdf_of(
                db, self.inst, OPERATOR, person, purpose="print", now=self.clock.now
            )

    def code(self, version: UUID) -> str:
        return issuing.verify_url(self.inst, version).rpartition("/")[2]

    def token(
        self,
        kind: str,
        role: Role,
        *,
        person: UUID | None = None,
        unit: str | None = None,
        enterprise: str | None = None,
    ) -> dict[str, str]:
        """Open an account and return the header that signs it in."""
        now = self.clock.now
        with access.deed(self.inst.engine) as db:
            account = access.open_account(
                db,
                OPERATOR,
                kind=kind,
                name="x",
                role=role,
                unit_code=unit,
                person_id=person,
                enterprise_code=enterprise,
                now=now,
            )
            token = access.grant_token(db, OPERATOR, account, hours=8, now=now)
        return {"Authorization": f"Bearer {token}"}

    def revoke_all(self) -> None:
        with self.inst.engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT id FROM book_version")).all()
        for version in (_uuid(row.id) for row in rows):
            assert version is not None
            with access.deed(self.inst.engine) as db:
                issuing.revoke(db, version, "cấp nhầm", by=OPERATOR, now=self.clock.now)

    def alter_credentials(self) -> None:
        with self.inst.engine.begin() as connection:
            connection.execute(sa.text("UPDATE book_version SET credential = record_hash"))

    def traced(self) -> list[tuple[str, str, UUID | None]]:
        """Return action, outcome and person of every trace row so far."""
        with self.inst.engine.connect() as connection:
            rows = connection.execute(
                sa.text("SELECT action, outcome, person_id FROM trace ORDER BY seq")
            )
            return [(row.action, row.outcome, _uuid(row.person_id)) for row in rows]


def _uuid(value: str | UUID | None) -> UUID | None:
    return UUID(value) if isinstance(value, str) else value


def settings_for(folder: Path) -> Settings:
    return _settings().model_copy(update={"data_dir": folder})


@cache
def _settings() -> Settings:
    return Settings(demo=True, public_url=PUBLIC_URL)


@pytest.fixture
def office(engine: sa.Engine, tmp_path: Path, now: datetime) -> Office:
    return opened_office(engine, tmp_path, now)


@pytest.fixture
def small_office(sqlite_engine: sa.Engine, tmp_path: Path, now: datetime) -> Office:
    """The same on SQLite alone, where the kind of database makes no difference."""
    return opened_office(sqlite_engine, tmp_path, now)


def opened_office(engine: sa.Engine, folder: Path, now: datetime) -> Office:
    def make() -> list[UUID]:
        installed(engine, folder, now)
        people = add_people(engine, 3)
        add_units(engine)
        return people

    people = prepared(("office", now, installations.ISSUER.uri), engine, folder, make)
    return Office(opened(engine, folder, now), people, Clock(now))


@pytest.fixture
def app(office: Office, tmp_path: Path) -> FastAPI:
    return built(office, tmp_path)


def built(office: Office, folder: Path) -> FastAPI:
    app = app_for(settings_for(folder), office.inst)
    app.state.clock = lambda: office.clock.now
    return app


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=PUBLIC_URL, follow_redirects=False) as client:
        yield client


@pytest.fixture
def small_client(small_office: Office, tmp_path: Path) -> Iterator[TestClient]:
    app = built(small_office, tmp_path)
    with TestClient(app, base_url=PUBLIC_URL, follow_redirects=False) as client:
        yield client


@pytest.fixture
def real_client(small_office: Office, tmp_path: Path) -> Iterator[TestClient]:
    """A client of an installation that is no demonstration."""
    secret = SecretStr(b64encode(bytes(32)).decode())
    settings = Settings(
        data_dir=tmp_path,
        public_url=PUBLIC_URL,
        seal_key=secret,
        index_key=secret,
        lookup_key=secret,
    )
    with TestClient(app_for(settings, replace(small_office.inst, demo=False))) as client:
        yield client


@pytest.fixture
def plain_client(small_office: Office, tmp_path: Path) -> Iterator[TestClient]:
    """A client of a demonstration on the machine itself, over http."""
    settings = Settings(demo=True, data_dir=tmp_path, public_url="http://127.0.0.1:8000")
    with TestClient(app_for(settings, small_office.inst)) as client:
        yield client


@pytest.fixture
def worker(office: Office) -> dict[str, str]:
    """The first person, who has a book, signed in."""

    def make() -> dict[str, str]:
        office.issue(office.people[0])
        return office.token("worker", Role.WORKER, person=office.people[0])

    return office.begun("worker", make)
