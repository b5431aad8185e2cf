"""Officials at the desk, as a browser without script brings them there."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest
from fastapi.testclient import TestClient

from labour_book.services.access import Caller, Role
from tests.api.conftest import Office
from tests.support import seats

HTML = {"Accept": "text/html"}
COOKIE = "__Host-lb-session"


@dataclass
class Seat:
    """An official at the desk."""

    client: TestClient
    office: Office
    caller: Caller
    secret: str

    def get(self, path: str) -> httpx.Response:
        """Ask for a page below ``/desk``."""
        self._sit()
        return self.client.get(f"/desk{path}", headers=HTML)

    def see(self, path: str) -> str:
        """Return a page that has to be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, path: str, **form: str) -> httpx.Response:
        """Send a form with the token of the session."""
        self._sit()
        token = self.client.get("/session").json()["form_token"]
        return self.client.post(f"/desk{path}", data={"csrf": token} | form, headers=HTML)

    def _sit(self) -> None:
        self.client.cookies.set(COOKIE, self.secret, domain="so.example.vn", path="/")


Seating = Callable[..., Seat]


def seating(client: TestClient, office: Office) -> Seating:
    def seat(role: Role = Role.APPROVER, unit: str = "BNV", name: str = "Trần Văn Cán") -> Seat:
        caller = seats.official(office, role, unit, name)
        return Seat(client, office, caller, seats.session_of(office, caller))

    return seat


@pytest.fixture
def seat(client: TestClient, office: Office) -> Seating:
    """Seat an official at the desk; once on each kind of database."""
    return seating(client, office)


@pytest.fixture
def small_seat(small_client: TestClient, small_office: Office) -> Seating:
    """The same on SQLite alone."""
    return seating(small_client, small_office)


def words(text: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())
