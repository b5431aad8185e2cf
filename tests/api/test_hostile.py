"""Values that nobody would write into a form: no page breaks by them.

Every page is asked as somebody whom it lets in, with one hostile value after another in each part
of its address and its form. It may refuse; a 500 is a bug.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

import pytest
from fastapi.routing import RouteContext
from pydantic import TypeAdapter

from api.dependencies import MOST_OF_TRACE
from tests.api.conftest import opened_office
from tests.api.test_routes import NAMES, ROUTES, dependants
from tests.api.test_walk import KNOWN, opened_world
from tests.api.walk.examples import NOT_THERE
from tests.api.walk.knocking import PURPOSE, Sent, _made_up, is_page
from tests.api.walk.visitors import VISITORS, World
from tests.conftest import NOW
from tests.support.databases import SqliteFiles

HOSTILE = ("²", "9" * 30, "0001-01-01", "9999-12-31T23:59")
"""A digit that is no number, more than 64 bits, the edges of the calendar."""
KINDS = ("path_params", "query_params", "body_params")
PREFERRED = ("approver", "collector", "admin", "auditor", "employer")
PAGES = [
    pytest.param(method, route, id=name)
    for (method, route), name in zip(ROUTES, NAMES, strict=True)
    if (method, route.path) in KNOWN and is_page(route)
]


@pytest.fixture(scope="module")
def world(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("hostile")
    with sqlite_files.database() as engine:
        yield from opened_world(opened_office(engine, folder, NOW), folder)


def names(route: RouteContext, kind: str, *, needed: bool = False) -> dict[str, Any]:
    return {
        param.alias: param.field_info.annotation
        for each in dependants(route.dependant)
        for param in getattr(each, kind)
        if param.field_info.is_required() or not needed
    }


def who_gets_in(method: str, route: RouteContext) -> str:
    row = KNOWN[method, str(route.path)]
    found = [each for each in (*PREFERRED, *VISITORS) if row[each] in {"x", "v"}]
    return found[0] if found else PREFERRED[0]


@dataclass(frozen=True)
class Knock:
    """One hostile value in one part of a request."""

    kind: str
    name: str
    value: str


def status(world: World, method: str, route: RouteContext, knock: Knock) -> int:
    """Ask for a page with one hostile value, and return the status of the answer."""
    headers, own = world.visitors[who_gets_in(method, route)].browser()
    sent = Sent.read(KNOWN[method, str(route.path)]["sent"])
    needed = names(route, "body_params", needed=True).items()
    form = {each: _made_up(of) for each, of in needed} | dict(own) | dict(sent.form or {})
    query = dict(sent.query or {})
    if "purpose" in names(route, "query_params"):
        query["purpose"] = PURPOSE
    address = str(route.path)
    if knock.kind == "path_params":
        address = re.sub(rf"\{{{knock.name}(:\w+)?\}}", quote(knock.value, safe=""), address)
    else:
        {"query_params": query, "body_params": form}[knock.kind][knock.name] = knock.value
    asked: dict[str, Any] = {"params": query} | ({} if method == "GET" else {"data": form})
    if sent.file is not None:
        asked["files"] = {sent.file: ("x.pdf", b"%PDF-1.7", "application/pdf")}
    answer = world.client.request(method, world.address(address), headers=headers, **asked)
    return answer.status_code


def unbounded(
    schema: Mapping[str, Any], known: dict[str, Mapping[str, Any]], place: str
) -> Iterator[str]:
    """Yield where a model takes whole numbers of any length; each named schema is read once."""
    if "$ref" in schema:
        schema = known.pop(schema["$ref"].rpartition("/")[2], {})
    bounds = [schema.get(each, MOST_OF_TRACE + 1) for each in ("maximum", "exclusiveMaximum")]
    is_listed = "enum" in schema or "const" in schema
    if schema.get("type") == "integer" and not is_listed and min(bounds) > MOST_OF_TRACE:
        yield place
    inner = [
        (each, place)
        for each in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else []))
    ]
    inner += [(each, f"{place}.{key}") for key, each in schema.get("properties", {}).items()]
    for each, where in inner:
        yield from unbounded(each, known, where)


class TestHostileValues:
    @pytest.mark.parametrize(("method", "route"), PAGES)
    def test_break_no_page(self, world: World, method: str, route: RouteContext) -> None:
        knocks = [
            Knock(kind, name, value)
            for kind in KINDS
            for name in names(route, kind)
            if name != "csrf"
            for value in HOSTILE
        ]

        broken = [each for each in knocks if status(world, method, route, each) >= 500]

        assert broken == []

    def test_meet_a_bound_in_every_whole_number(self) -> None:
        """Longer ones than a column holds end in the database, and no example may reach there."""
        said = [
            (f"{method} {route.path} {param.alias}", param.field_info)
            for method, route in ROUTES
            for kind in KINDS
            for each in dependants(route.dependant)
            for param in getattr(each, kind)
            if "UploadFile" not in str(param.field_info)
        ]

        found = []
        for place, info in said:
            schema = TypeAdapter(Annotated[info.annotation, info]).json_schema()
            found += unbounded(schema, schema.get("$defs", {}), place)

        assert found == []

    def test_are_refused_where_no_such_thing_is(self, world: World) -> None:
        headers, _ = world.visitors["approver"].browser()
        edges = ("/desk/oversight?last=0001-01-01", "/desk/oversight?first=0001-01-01")
        rows = f"/desk/review/rows/{NOT_THERE}/{2**64}"

        assert [world.client.get(each, headers=headers).status_code for each in (*edges, rows)] == [
            422,
            422,
            422,
        ]
