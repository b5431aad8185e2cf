"""Requests are routed by how their address begins; none may be routed otherwise than before."""

import re

from fastapi import APIRouter
from fastapi.routing import iter_route_contexts
from starlette.routing import Match, Mount
from starlette.types import Scope

from api.route_index import RouteIndex
from tests.support.apps import pattern

ROUTER = pattern().router
PATHS = sorted({str(each.path) for each in iter_route_contexts(ROUTER.routes)})
STRANGE = [
    "/",
    "",
    "//",
    "/none",
    "/me",
    "/me/",
    "/desk/x/y/z",
    "/app/main.js",
    "/*",
    "/v/*",
    "/*/*",
]


def asked(path: str) -> Scope:
    return {"type": "http", "path": path, "method": "GET", "headers": [], "query_string": b""}


def filled(template: str) -> str:
    """Return an address of a template."""
    return re.sub(r"\{[^}]*\}", "7", template)


def matching(router: APIRouter, path: str) -> list[object]:
    return [each for each in router.routes if each.matches(asked(path))[0] is not Match.NONE]


class TestRouteIndex:
    def test_leaves_out_no_route_and_keeps_their_order(self) -> None:
        index = RouteIndex(ROUTER)

        differently = [
            path
            for path in (*map(filled, PATHS), *STRANGE)
            if matching(index.router_for(path), path) != matching(ROUTER, path)
        ]

        assert len(PATHS) > 300
        assert not differently

    def test_asks_few_of_them(self) -> None:
        index = RouteIndex(ROUTER)

        assert len(index.router_for("/v/ABC").routes) <= 3
        assert len(index.router_for("/me/book").routes) <= 10

    def test_does_not_grow_with_what_strangers_ask_for(self) -> None:
        index = RouteIndex(ROUTER)

        for number in range(1_000):
            index.router_for(f"/{number}/{number}")

        assert len(index.few) == 1

    def test_knows_what_is_added_later(self) -> None:
        router = APIRouter()
        index = RouteIndex(router)
        assert not index.router_for("/later/1").routes

        router.routes.append(Mount("/later", ROUTER))

        assert index.router_for("/later/1").routes == router.routes
        assert not index.router_for("/earlier").routes
