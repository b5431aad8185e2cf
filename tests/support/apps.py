"""The application for tests, without the price of a new one.

FastAPI prepares the routes of a router for each application that includes it, at the first request
that comes: that takes longer than most tests. They are the same in all applications of ours.
"""

from functools import cache

from fastapi import FastAPI
from starlette.routing import BaseRoute

from api.main import create_app
from labour_book.services.installation import Installation
from labour_book.settings import Settings


@cache
def pattern() -> FastAPI:
    """Return the application of which all others take the routes; it has no installation."""
    return create_app(Settings(demo=True))


def app_for(settings: Settings, inst: Installation, *, background_work: bool = False) -> FastAPI:
    """Build the application for an installation; it leaves the work beside requests to the test.

    What the one built before it was told to use instead of a dependency is forgotten.
    """
    chosen = settings.model_copy(update={"background_work": background_work})
    app, ours = create_app(chosen, inst), pattern()
    prepared = {_router_of(route): route for route in ours.routes}
    app.router.routes[:] = [
        prepared[_router_of(each)] if _router_of(each) else each for each in app.router.routes
    ]
    ours.dependency_overrides.clear()
    app.dependency_overrides = ours.dependency_overrides
    return app


def _router_of(route: BaseRoute) -> int | None:
    """Return which router was included there, if one was."""
    router = getattr(route, "original_router", None)
    return None if router is None else id(router)
