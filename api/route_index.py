"""Finds the route of a request among few: those that begin as its address does.

The framework tries one route after the other, and twice in each router that was included: with the
hundreds that this application has, that took longer than most answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Mount
from starlette.types import Receive, Scope, Send

ANY = "*"
"""Stands for whatever an address has where a route has a parameter, or nothing."""
Beginning = tuple[str, str]
"""The first two parts of an address."""


@dataclass(frozen=True, slots=True)
class Known:
    """How the routes begin, in their order, and each part that one of them names."""

    routes: tuple[tuple[BaseRoute, frozenset[Beginning]], ...]
    first: frozenset[str]
    second: frozenset[str]


class RouteIndex:
    """ASGI: hand a request to those routes, in their order, that its address can be meant for."""

    def __init__(self, router: APIRouter) -> None:
        self.router = router
        self.known = Known((), frozenset(), frozenset())
        self.few: dict[Beginning, APIRouter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.router.app(scope, receive, send)
            return
        scope.setdefault("router", self.router)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        await self.router_for(path).app(scope, receive, send)

    def router_for(self, path: str) -> APIRouter:
        """Return the router that knows no other routes than those a path can be meant for."""
        if len(self.router.routes) != len(self.known.routes):
            self.known, self.few = known_of(self.router), {}
        first, second = beginning_of(path)
        # What no route names is any: so the index does not grow with what strangers ask for.
        asked = (
            first if first in self.known.first else ANY,
            second if second in self.known.second else ANY,
        )
        found = self.few.get(asked)
        if found is None:
            found = self.few[asked] = self._chosen(asked)
        return found

    def _chosen(self, asked: Beginning) -> APIRouter:
        chosen = APIRouter(redirect_slashes=False, default=self.router.default)
        chosen.routes += (
            route
            for route, offered in self.known.routes
            if any(first in (asked[0], ANY) and two in (asked[1], ANY) for first, two in offered)
        )
        return chosen


def install(app: FastAPI) -> None:
    """Let requests be routed by how their address begins."""
    app.router.middleware_stack = RouteIndex(app.router)


def known_of(router: APIRouter) -> Known:
    """Return how the routes of a router begin, those of included routers among them."""
    routes = tuple((each, frozenset(map(beginning_of, _paths(each)))) for each in router.routes)
    every = [each for _, offered in routes for each in offered]
    first, second = (frozenset(each[place] for each in every) for place in (0, 1))
    return Known(routes, first, second)


def beginning_of(path: str) -> Beginning:
    """Return how an address, or the template of a route, begins."""
    parts = path.removeprefix("/").split("/", 2)
    if ":path}" in parts[0]:
        return ANY, ANY
    named = [ANY if "{" in part or not part else part for part in parts]
    return named[0], named[1] if len(named) > 1 else ANY


def _paths(route: BaseRoute) -> Iterator[str]:
    if isinstance(route, Mount):
        yield f"{route.path}/{{rest:path}}"
        return
    for each in iter_route_contexts([route]):
        yield str(getattr(each, "path", "/{rest:path}"))
