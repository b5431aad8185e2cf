"""Who is signed in, nobody, or not known: three answers."""

import asyncio

import httpx
import pytest

from app.client import Client, Problem
from app.doors import BrowserDoor
from app.state import Session, Surroundings
from app.texts import Say
from app.views.sign_in import unknown_view
from tests.app.reading import is_said, names
from tests.app.samples import NOW
from tests.app.views import nothing


def session(status: int, cookie: str | None = "lb-session=secret") -> Session:
    told = {"kind": "worker", "name": "Nguyễn Thị Mẫu", "level": 2}
    transport = httpx.MockTransport(lambda _: httpx.Response(status, json=told))
    http = httpx.AsyncClient(transport=transport, base_url="http://so")
    around = Surroundings(Client(BrowserDoor(http, cookie)), lambda: NOW, "http://so")
    found = Session(around)
    asyncio.run(found.look_who())
    return found


class TestLookWho:
    def test_finds_who_is_signed_in(self) -> None:
        found = session(200)

        assert found.identity is not None
        assert found.unknown is None

    @pytest.mark.parametrize(("status", "cookie"), [(401, "lb-session=old"), (200, None)])
    def test_finds_that_nobody_is(self, status: int, cookie: str | None) -> None:
        found = session(status, cookie)

        assert (found.identity, found.unknown) == (None, None)

    def test_does_not_call_it_nobody_when_the_service_does_not_answer(self) -> None:
        found = session(503)

        assert found.identity is None
        assert found.unknown is not None


def test_the_screen_says_that_it_is_not_known_and_tries_again() -> None:
    view = unknown_view(Say("vi"), Problem("unreachable", {}), nothing)

    assert is_said([view], "Không kết nối được", "không cần đăng nhập lại")
    assert "again" in names([view])
