"""Checks without the server: with the trust list that the interface gave out before."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import flet as ft
import httpx
import pytest
import sqlalchemy as sa

from app import offline
from app.client import Client, Problem
from app.doors import TokenDoor
from app.state import Session, Surroundings
from app.texts import Say
from app.views.scan import TRUST, Found, found_in, scan_view
from labour_book.services.access import Role
from tests.api.conftest import PUBLIC_URL, Office, TestClient, built, opened_office
from tests.app.reading import is_said, names

LONG_AFTER = timedelta(days=400)


class Service:
    """What was loaded while the server answered."""

    def __init__(self, client: TestClient, office: Office) -> None:
        office.issue(office.people[0])
        by = office.token("worker", Role.WORKER, person=office.people[0])
        self.office = office
        self.trust_list = client.get("/trust/list").text
        self.code = client.get("/me/offline-code", headers=by).json()["text"].encode()
        self.credential = client.get("/me/credential", headers=by).content

    def session(self, *, later: timedelta = timedelta(0), saved: bool = True) -> Session:
        """Return a session of a phone without a network."""
        root = self.office.inst.key_ring.anchor.root
        http = httpx.AsyncClient(transport=httpx.MockTransport(_silent), base_url=PUBLIC_URL)
        now = self.office.clock.now + later
        around = Surroundings(Client(TokenDoor(http, "t")), lambda: now, PUBLIC_URL, root)
        if saved:
            around.trust[TRUST] = self.trust_list
        return Session(around)


def _silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no network", request=request)


@pytest.fixture
def service(sqlite_engine: sa.Engine, tmp_path: Path, now: datetime) -> Iterator[Service]:
    office = opened_office(sqlite_engine, tmp_path, now)
    with TestClient(built(office, tmp_path), base_url=PUBLIC_URL) as client:
        yield Service(client, office)


def found(session: Session, content: bytes) -> Found:
    return asyncio.run(found_in(session, content))


class TestWithoutServer:
    def test_a_code_and_a_credential_are_found_good_and_the_age_of_the_list_is_told(
        self, service: Service
    ) -> None:
        for content in (service.code, service.credential):
            answer = found(service.session(), content)

            assert answer.checked is not None
            assert answer.checked.good
            view = scan_view(Say("vi"), answer, PUBLIC_URL)
            assert is_said(view, "Sổ thật, còn hiệu lực", "Theo danh sách tin cậy đã lưu lúc")
            assert "scan-offline" in names(view)

    def test_an_altered_code_is_not_genuine(self, service: Service) -> None:
        altered = service.code[:200] + (b"A" if service.code[200:201] != b"A" else b"B")
        answer = found(service.session(), altered + service.code[201:])

        assert answer.checked is not None
        assert answer.checked.genuine.answer == "no"
        assert is_said(scan_view(Say("en"), answer, PUBLIC_URL), "Do not rely on this document")

    def test_nothing_is_said_without_a_list_or_by_one_that_is_too_old(
        self, service: Service
    ) -> None:
        for session in (service.session(saved=False), service.session(later=LONG_AFTER)):
            with pytest.raises(Problem, match="unreachable"):
                found(session, service.code)

    def test_nothing_is_said_about_a_pdf(self, service: Service) -> None:
        with pytest.raises(Problem, match="unreachable"):
            found(service.session(), b"%PDF-1.7\xff")

    def test_a_list_of_another_root_is_refused(self, service: Service) -> None:
        other = service.trust_list[:-8] + "AAAAAAAA"
        root, now = service.office.inst.key_ring.anchor.root, service.office.clock.now

        assert offline.trusted(other, root, now) is None


class TestLinks:
    @pytest.mark.usefixtures("no_opening")
    def test_are_offered_to_be_opened_if_they_lead_to_the_service(self, service: Service) -> None:
        answer = found(service.session(), f"{PUBLIC_URL}/s/ABC\n".encode())
        assert "scan-open" in names(scan_view(Say("vi"), answer, PUBLIC_URL))

    @pytest.mark.parametrize("link", ["https://evil.example/s/A", f"{PUBLIC_URL}.evil.example/s"])
    def test_are_not_if_they_lead_elsewhere(self, service: Service, link: str) -> None:
        view = scan_view(Say("vi"), found(service.session(), link.encode()), PUBLIC_URL)

        assert "scan-foreign" in names(view)
        assert "scan-open" not in names(view)


@pytest.fixture
def no_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening an address needs a window."""
    monkeypatch.setattr(ft, "OpenUrl", lambda _: None)
