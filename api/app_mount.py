"""The app's web edition: its client at ``/app``, and a session of it for each open tab.

The app itself knows only HTTP. Here it runs in the server's process, so its requests take no
socket; what it may see is decided by the same routes that answer everybody else.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from hashlib import sha256
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import flet_web.fastapi as flet_fastapi
import httpx
from fastapi import APIRouter, FastAPI
from starlette.responses import RedirectResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.app_client import PATH, ClientFiles
from api.login_session import SESSION
from app.doors import BrowserDoor
from app.main import main

KEPT = 120
"""Seconds that a session outlives its connection: a reload finds it again."""
SECONDS = 20.0
"""After so long a request of the app is given up."""
POLICY_VIOLATION = 1008
INNER = "http://app.internal"
"""A name for requests inside the process; no connection is made."""

router = APIRouter(include_in_schema=False)


class TabSession(flet_fastapi.FletApp):  # type: ignore[misc]  # ships no types
    """The connection of one tab; ``who`` stands for whoever is signed in with its browser.

    flet-web finds a session again by address and browser. Here it is by who is signed in, so that
    a phone may change its network, and nobody gets the screens of who was signed in before.
    """

    who = ""

    def _FletApp__get_unique_session_id(self, session_id: str) -> str:  # noqa: N802 - overrides a private name of flet-web
        return f"{self.page_name}_{session_id}_{self.who}"

    async def handle(self, websocket: WebSocket) -> None:
        """Serve the connection until it ends.

        flet-web forgets to let go of the session if the tab vanishes while something is being
        sent: it would be kept for ever.
        """
        try:
            with suppress(WebSocketDisconnect, RuntimeError):
                await super().handle(websocket)
        finally:
            session = getattr(self, "_FletApp__session", None)
            if session is not None and session.connection is self:
                name = self._FletApp__get_unique_session_id(session.id)
                await flet_fastapi.app_manager.disconnect_session(name, KEPT)


@router.get(PATH)
async def to_the_app() -> RedirectResponse:
    """Lead to the app."""
    return RedirectResponse(f"{PATH}/")


def install(app: FastAPI) -> None:
    """Mount the app; ``running`` has to be entered while the application lives."""
    app.state.app_http = inner_client(app)
    app.include_router(router)
    app.add_api_websocket_route(f"{PATH}/ws", talk)
    app.mount(PATH, ClientFiles())


def inner_client(app: FastAPI) -> httpx.AsyncClient:
    """Return a client of the interface in this process, shared by all tabs: it keeps no cookie."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url=INNER,
        timeout=SECONDS,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


@asynccontextmanager
async def running() -> AsyncIterator[None]:
    """Keep track of sessions, and end those nobody comes back to."""
    await flet_fastapi.app_manager.start()
    try:
        yield
    finally:
        await flet_fastapi.app_manager.shutdown()


async def talk(websocket: WebSocket) -> None:
    """Serve one tab."""
    state = websocket.app.state
    if not _is_ours(websocket, state.public_url):
        await websocket.close(POLICY_VIOLATION)
        return
    name = f"__Host-{SESSION}" if state.public_url.startswith("https://") else SESSION
    cookie = websocket.cookies.get(name)
    door = BrowserDoor(state.app_http, None if cookie is None else f"{name}={cookie}")
    tab = TabSession(
        loop=asyncio.get_running_loop(),
        executor=flet_fastapi.app_manager.executor,
        main=partial(
            main,
            door=door,
            clock=state.clock,
            public_url=state.public_url,
            root=state.installation.key_ring.anchor.root,
        ),
        before_main=None,
        session_timeout_seconds=KEPT,
    )
    tab.who = sha256((cookie or "").encode()).hexdigest()
    await tab.handle(websocket)


def _is_ours(websocket: WebSocket, public_url: str) -> bool:
    """Say whether our own page opened the connection; browsers always tell."""
    origin = websocket.headers.get("origin", "")
    host = websocket.headers.get("host")
    return origin == public_url or (bool(origin) and urlsplit(origin).netloc == host)
