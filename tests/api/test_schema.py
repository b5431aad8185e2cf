"""Requests made up from the interface's own description, sent by everybody: no server error.

Every answer is one that the description names, in the form that it states. What is sent is partly
right and partly wrong, and partly about things that are there.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api import reference
from tests.api.conftest import opened_office
from tests.api.test_routes import APP
from tests.api.test_walk import opened_world
from tests.api.walk.visitors import VISITORS, World
from tests.conftest import NOW
from tests.support.databases import SqliteFiles
from tests.support.installations import PUBLIC_URL

CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
OPERATIONS = [
    each.ok()
    for each in schemathesis.openapi.from_dict(reference.openapi_of(APP)).get_all_operations()
]
LABELS = [each.label for each in OPERATIONS]
SILENT = "the database does not answer"
"""Said with a 503 that nothing in these tests is a reason for; registers may well be away."""


def quiet(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def world(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("schema")
    with sqlite_files.database() as engine:
        yield from opened_world(opened_office(engine, folder, NOW), folder)


def cases(operation: APIOperation) -> st.SearchStrategy[Case]:
    """Requests that fit the description, and others that do not."""
    return st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )


def sent(world: World, case: Case, who: str, *, known: bool) -> httpx.Response:
    """Send a case as somebody, to what is there or to wherever the case says."""
    asked: dict[str, Any] = case.as_transport_kwargs(base_url=PUBLIC_URL)
    headers = {name: value for name, value in asked.pop("headers").items() if value}
    headers.pop("Authorization", None)
    if cookies := asked.pop("cookies"):
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    if isinstance(asked.get("data"), bytes | str):
        asked["content"] = asked.pop("data")
    if asked.get("files"):  # a form without any part has none
        asked["files"] = [(name, _as_file(part)) for name, part in asked["files"]]
    if known:
        asked["url"] = PUBLIC_URL + world.address(case.operation.path)
    given_by_us = {k.encode(): v.encode() for k, v in world.visitors[who].bearer.items()}
    headers = {k.encode("latin-1"): v.encode("latin-1") for k, v in headers.items()}
    return world.client.request(**asked, headers=headers | given_by_us)


def _as_file(part: object) -> object:
    """Return what the client can send: a number for a file is sent as its digits."""
    if isinstance(part, tuple):
        return tuple(each if each is None else _as_file(each) for each in part)
    return part if isinstance(part, bytes | str) else str(part).encode()


def check(world: World, case: Case, who: str, *, known: bool) -> None:
    answer = sent(world, case, who, known=known)
    answer.request.read()
    case.validate_response(answer, checks=CHECKS)
    assert answer.status_code in {*range(500), 503}, (who, answer.text)
    assert SILENT not in answer.text, who


class TestEveryOperation:
    @pytest.mark.parametrize("operation", OPERATIONS, ids=LABELS)
    def test_answers_as_it_is_described(self, world: World, operation: APIOperation) -> None:
        @quiet(3)
        @given(case=cases(operation), who=st.sampled_from(VISITORS), known=st.booleans())
        def attempt(case: Case, who: str, *, known: bool) -> None:
            check(world, case, who, known=known)

        attempt()
        world.restore()

    @pytest.mark.fuzz
    @pytest.mark.parametrize("operation", OPERATIONS, ids=LABELS)
    def test_answers_everybody_so(self, world: World, operation: APIOperation) -> None:
        @quiet(15)
        @given(case=cases(operation), known=st.booleans())
        def attempt(who: str, case: Case, *, known: bool) -> None:
            check(world, case, who, known=known)

        for who in VISITORS:
            attempt(who)
            world.restore()
