"""What a process does beside the requests, and that a setting leaves it to another one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI

from api import main
from tests.api.conftest import Office, TestClient, settings_for
from tests.support.apps import app_for


@pytest.mark.parametrize(
    ("is_set", "happened"), [(True, ["begun", "answered", "ended"]), (False, ["answered"])]
)
def test_is_done_as_long_as_the_application_runs_unless_another_process_does_it(
    small_office: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_set: bool,  # noqa: FBT001 - pytest's form
    happened: list[str],
) -> None:
    seen = []

    @asynccontextmanager
    async def working(_: FastAPI) -> AsyncIterator[None]:
        seen.append("begun")
        yield
        seen.append("ended")

    monkeypatch.setattr(main, "BACKGROUND_WORK", (working,))
    app = app_for(settings_for(tmp_path), small_office.inst, background_work=is_set)
    with TestClient(app) as client:
        assert client.get("/healthz").status_code == 200
        seen.append("answered")

    assert seen == happened
