"""A process that was told to stop answers on for a while, and lets it be known."""

import asyncio
import os
import signal

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.leaving import Leaving, heard_first
from tests.api.conftest import Office


class TestLeaving:
    def test_is_not_ready_and_ends_connections_but_answers(
        self, small_office: Office, small_client: TestClient
    ) -> None:
        assert small_office.people
        app = small_client.app
        assert isinstance(app, FastAPI)
        before = small_client.get("/jwks")

        app.state.leaving.begun = True

        assert "connection" not in before.headers
        after = small_client.get("/jwks")
        assert (after.status_code, after.headers["connection"]) == (200, "close")
        assert small_client.get("/readyz").status_code == 503
        assert small_client.get("/healthz").status_code == 200


class TestHeardFirst:
    def test_passes_the_signal_on_when_the_time_is_over(self) -> None:
        heard = asyncio.Event()
        before = signal.signal(signal.SIGTERM, lambda _number, _frame: heard.set())
        leaving = Leaving(0.01)

        async def told() -> bool:
            with heard_first(leaving):
                os.kill(os.getpid(), signal.SIGTERM)
                was_early = leaving.begun and not heard.is_set()
                await heard.wait()
            return was_early

        try:
            assert asyncio.run(told())
        finally:
            signal.signal(signal.SIGTERM, before)

    def test_leaves_the_signal_alone_without_time_to_leave(self) -> None:
        before = signal.getsignal(signal.SIGTERM)

        with heard_first(Leaving(0)):
            assert signal.getsignal(signal.SIGTERM) is before
