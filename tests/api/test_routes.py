"""House rules for routes: who may call, and what can go wrong, is declared. Unlisted ones fail."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from api import dependencies, reference
from api.main import create_app
from labour_book.settings import Settings

GOLDEN = Path(__file__).parent / "golden" / "openapi.json"
APP = create_app(Settings(demo=True))

PUBLIC = {
    ("GET", "/"): "the start page",
    ("GET", "/v"): "asks for a code",
    ("POST", "/v"): "goes to a code's address",
    ("GET", "/v/{code}"): "whoever has the printed code may see the public summary",
    ("GET", "/verify"): "asks for a file",
    ("POST", "/verify"): "anyone verifies without an account",
    ("POST", "/verify/file"): "the same, as a page",
    ("GET", "/verify/file"): "sends back to the question",
    ("GET", "/demo"): "invented people; not found outside the demonstration",
    ("GET", "/docs"): "the interface describes itself",
    ("GET", "/problems/{slug}"): "what a problem type means",
    ("GET", "/openapi.json"): "the interface describes itself",
    ("GET", "/jwks"): "public keys",
    ("GET", "/.well-known/jwt-vc-issuer"): "public keys",
    ("GET", "/status/{list_id}"): "bits without names",
    ("GET", "/trust/list"): "public keys",
    ("GET", "/vct/labour-book/1"): "names of claims",
    ("GET", "/healthz"): "alive",
    ("GET", "/readyz"): "ready",
}
"""Routes that ask nobody who they are, each with its reason."""

OPENING = (
    dependencies._transaction,
    dependencies._reading,
    dependencies.opening,
    dependencies.admission,
)
"""What gives a route the database."""

ROUTES = [
    (method, route)
    for route in iter_route_contexts(APP.routes)
    for method in sorted(route.methods or ())
]
NAMES = [f"{method} {route.path}" for method, route in ROUTES]


def dependants(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from dependants(each)


def asks_for(route: RouteContext, *calls: object) -> bool:
    return any(each.call in calls for each in dependants(route.dependant))


def takes_input(route: RouteContext) -> bool:
    return any(
        each.path_params or each.query_params or each.body_params
        for each in dependants(route.dependant)
    )


class TestEveryRoute:
    @pytest.mark.parametrize(("method", "route"), ROUTES, ids=NAMES)
    def test_asks_for_its_caller_or_is_listed_as_public(
        self, method: str, route: RouteContext
    ) -> None:
        asks = asks_for(route, dependencies.caller, dependencies.admission)

        assert asks != ((method, route.path) in PUBLIC)

    @pytest.mark.parametrize("route", [route for _, route in ROUTES], ids=NAMES)
    def test_declares_what_can_go_wrong(self, route: RouteContext) -> None:
        declared = set(route.responses)
        uses_database = asks_for(route, *OPENING)
        signed_in = asks_for(route, dependencies.caller, dependencies.admission)

        assert not signed_in or {401, 403} <= declared
        assert not uses_database or 503 in declared
        if route.include_in_schema and takes_input(route):
            assert 422 in declared

    @pytest.mark.parametrize("route", [route for _, route in ROUTES], ids=NAMES)
    def test_is_described(self, route: RouteContext) -> None:
        assert route.endpoint is not None
        assert route.endpoint.__doc__


class TestPublicList:
    def test_names_no_route_that_is_gone(self) -> None:
        assert set(PUBLIC) <= {(method, route.path) for method, route in ROUTES}


class TestOpenApi:
    def test_is_the_agreed_one(self) -> None:
        document = json.dumps(reference.openapi_of(APP), ensure_ascii=False, indent=1) + "\n"
        if os.environ.get("UPDATE_GOLDEN"):
            GOLDEN.parent.mkdir(exist_ok=True)
            GOLDEN.write_text(document, encoding="utf-8")

        assert document == GOLDEN.read_text(encoding="utf-8"), "run with UPDATE_GOLDEN=1 if meant"

    def test_is_version_3_1_and_tells_problems_in_one_shape(self) -> None:
        document = reference.openapi_of(APP)
        text = json.dumps(document)

        assert document["openapi"].startswith("3.1")
        assert "HTTPValidationError" not in text
        assert "Problem" in document["components"]["schemas"]

    def test_shows_an_example_of_each_answer_that_is_text(self) -> None:
        document = reference.openapi_of(APP)
        without = [
            f"{operation.method} {operation.path}"
            for operation in reference.operations(document)
            for media_type, body in operation.spec["responses"]["200"]["content"].items()
            if media_type != "application/pdf" and "example" not in body and "$ref" not in str(body)
        ]

        assert without == []

    def test_names_each_operation_once(self) -> None:
        names = [each.anchor for each in reference.operations(reference.openapi_of(APP))]

        assert len(names) == len(set(names))
