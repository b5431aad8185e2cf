"""House rules for routes: who may call, and what can go wrong, is declared. Unlisted ones fail."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from api import dependencies, login_session, reference
from tests.support.apps import pattern

GOLDEN = Path(__file__).parent / "golden" / "openapi.json"
APP = pattern()

PUBLIC = {
    ("GET", "/"): "the start page",
    ("GET", "/v"): "asks for a code",
    ("POST", "/v"): "goes to a code's address",
    ("GET", "/v/{code}"): "whoever has the printed code may see the public summary",
    ("GET", "/verify"): "asks for a file",
    ("POST", "/verify"): "anyone verifies without an account",
    ("POST", "/verify/file"): "the same, as a page",
    ("GET", "/verify/file"): "sends back to the question",
    ("GET", "/offline"): "the page that checks without a network",
    ("GET", "/offline/sw.js"): "a part of that page",
    ("GET", "/offline/{name:path}"): "a part of that page",
    ("GET", "/demo"): "invented people; not found outside the demonstration",
    ("GET", "/s/{code}"): "says only that something is shared",
    ("POST", "/s/{code}"): "whoever has the code of a share may open it, if it is for anyone",
    ("POST", "/s/{code}/copy"): "for who has opened it a moment ago",
    ("GET", "/l/{code}"): "says only that something is shown",
    ("POST", "/l/{code}"): "whoever is shown a live code may open it, once",
    ("POST", "/l/{code}/copy"): "for who has opened it a moment ago",
    ("GET", "/app"): "leads to the app, which asks whoever opens it to sign in",
    ("GET", "/docs"): "the interface describes itself",
    ("GET", "/docs/operations/{slug}"): "a part of it",
    ("GET", "/docs/services"): "how another system connects",
    ("GET", "/data"): "open data as a page",
    ("GET", "/services/jwks"): "public keys",
    ("GET", "/schemas"): "the forms of messages",
    ("GET", "/schemas/v1/{name}"): "the form of a message",
    ("POST", "/portal/results"): "for the portal, by its signature",
    ("GET", "/sandbox/portal/{reference}"): "a dossier of an invented person, by its name there",
    ("POST", "/sandbox/portal/{reference}"): "decides it, in the demonstration alone",
    ("GET", "/problems/{slug}"): "what a problem type means",
    ("GET", "/openapi.json"): "the interface describes itself",
    ("GET", "/jwks"): "public keys",
    ("GET", "/.well-known/jwt-vc-issuer"): "public keys",
    ("GET", "/status/{list_id}"): "bits without names",
    ("GET", "/trust/list"): "public keys",
    ("GET", "/log/head"): "a number and a hash, so that a rewritten trace shows",
    ("GET", "/log/heads"): "the same of every day",
    ("GET", "/vct/labour-book/1"): "names of claims",
    ("GET", "/shares/presets"): "what may be chosen; about nobody",
    ("GET", "/open-data"): "what is published; about nobody",
    ("GET", "/open-data/{month}/{name}.csv"): "rounded numbers about many",
    ("GET", "/open-data/{month}/{name}.json"): "the same",
    ("GET", "/places"): "a published list; about nobody",
    ("GET", "/occupations"): "a published list; about nobody",
    ("POST", "/shares/open"): "whoever has the code of a share may open it, if it is for anyone",
    ("GET", "/.well-known/openid-credential-issuer"): "what wallets can take",
    ("GET", "/.well-known/openid-credential-issuer/{own:path}"): "the same",
    ("GET", "/.well-known/oauth-authorization-server"): "how wallets get a token",
    ("GET", "/.well-known/oauth-authorization-server/{own:path}"): "the same",
    ("GET", "/.well-known/jwt-vc-issuer/{own:path}"): "public keys",
    ("GET", "/offer/{code}"): "a wallet has scanned it; of no use without the worker's code",
    ("POST", "/par"): "a wallet asks in advance; the worker agrees elsewhere",
    ("POST", "/token"): "a wallet has a code",
    ("POST", "/nonce"): "says nothing and keeps nothing",
    ("POST", "/credential"): "a wallet has a token of its own kind",
    ("POST", "/notification"): "a wallet has a token of its own kind",
    ("GET", "/vp/{code}/request"): "a wallet has scanned it; about nobody",
    ("POST", "/vp/{code}/response"): "a wallet answers whom the worker chose",
    ("POST", "/machine/token"): "a machine proves itself by a registered key",
    ("GET", "/sign-in"): "offers to sign in",
    ("GET", "/sign-in/start"): "goes to the e-ID provider",
    ("GET", "/sign-in/invitation"): "asks for the code of an invitation",
    ("POST", "/sign-in/invitation"): "goes to the e-ID provider with it",
    ("POST", "/sign-in/logged-out"): "the e-ID provider says who has signed out there",
    ("POST", "/sign-in/app/token"): "an app has a code and its verifier",
    ("GET", "/sign-in/callback"): "comes back from it, in the browser that went",
    ("GET", "/desk"): "to whoever is no official, says how to sign in",
    ("GET", "/desk/files/{name}"): "a style sheet and a script",
    ("GET", "/employer"): "to whoever is no employer's agent, says how to become one",
    ("GET", "/sandbox/id/.well-known/openid-configuration"): "an e-ID of invented people",
    ("GET", "/sandbox/id/jwks"): "a public key",
    ("GET", "/sandbox/id/authorize"): "asks whom of them to be",
    ("POST", "/sandbox/id/authorize"): "the answer to that",
    ("POST", "/sandbox/id/token"): "for the one client, by its secret",
    ("GET", "/sandbox/registers"): "how registers of invented people behave",
    ("POST", "/sandbox/registers/{name}/mood"): "sets that, in the demonstration alone",
    ("POST", "/sandbox/registers/{name}/changes"): "lets one change, in the demonstration alone",
    ("POST", "/sandbox/registers/{name}/v1/query"): "for the one customer, by its signature",
    ("POST", "/registers/{register}/events"): "for a connected register, by its signature",
    ("GET", "/favicon.ico"): "a picture of ours",
    ("GET", "/mail/confirm/{token}"): "asks; for who reads the mail at that address",
    ("POST", "/mail/confirm/{token}"): "for who reads the mail at that address",
    ("GET", "/mail/stop/{token}"): "asks; for who reads the mail at that address",
    ("POST", "/mail/stop/{token}"): "ends mail to whoever has got one",
    ("GET", "/metrics"): "for the monitoring, by its token; not there without one",
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

ASKING = (dependencies.caller, dependencies.admission, login_session.browser)
"""What gives a route whoever calls."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BINARY = {XLSX, "application/pdf", "image/jpeg", "image/png"}
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


def good_answers(operation: reference.Operation) -> Iterator[tuple[str, Any]]:
    for status, answer in operation.spec["responses"].items():
        if status.startswith("2"):
            yield from answer.get("content", {}).items()


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
        asks = asks_for(route, *ASKING)

        assert asks != ((method, route.path) in PUBLIC)

    @pytest.mark.parametrize("route", [route for _, route in ROUTES], ids=NAMES)
    def test_declares_what_can_go_wrong(self, route: RouteContext) -> None:
        declared = set(route.responses)
        uses_database = asks_for(route, *OPENING)
        signed_in = asks_for(route, *ASKING)

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
            for media_type, body in good_answers(operation)
            if media_type not in BINARY and "example" not in body and "$ref" not in str(body)
        ]

        assert without == []

    def test_names_each_operation_once(self) -> None:
        names = [each.anchor for each in reference.operations(reference.openapi_of(APP))]

        assert len(names) == len(set(names))
