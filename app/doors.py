"""How the app gets in: the session of a browser, or a token that it was given."""

from typing import Any, Protocol

import httpx

TOKENS = "/session/token"
SIGN_OUT = "/sign-out"
SIGN_IN = "/sign-in"
APP_SIGN_IN = "/app-sign-in"
"""The page that gives the editions without a browser of their own a code."""
APP_TOKEN = "/sign-in/app/token"  # noqa: S105 - an address
NOT_SIGNED_IN = 401


class SignedOut(Exception):
    """Nobody is signed in, or not any more."""


class Door(Protocol):
    """What stands between the app and the interface: the connection, and who is calling."""

    http: httpx.AsyncClient

    async def token(self) -> str:
        """Return a token that works now.

        Raises:
            SignedOut: there is none.
        """

    async def who(self) -> dict[str, Any]:
        """Tell who is signed in.

        Raises:
            SignedOut: nobody.
        """

    async def leave(self) -> None:
        """End it."""


class BrowserDoor:
    """The session of a browser. The cookie stays with the server; no token gets to the browser."""

    def __init__(self, http: httpx.AsyncClient, cookie: str | None) -> None:
        self.http = http
        self._cookie = cookie

    async def token(self) -> str:
        return str((await self._asked("POST", TOKENS))["access_token"])

    async def who(self) -> dict[str, Any]:
        return await self._asked("GET", "/session")

    async def leave(self) -> None:
        cookie = self._cookie
        if cookie is None:
            return
        form_token = str((await self.who())["form_token"])
        self._cookie = None
        await self.http.post(SIGN_OUT, data={"csrf": form_token}, headers={"cookie": cookie})

    async def _asked(self, method: str, path: str) -> dict[str, Any]:
        if self._cookie is None:
            raise SignedOut
        answer = await self.http.request(method, path, headers={"cookie": self._cookie})
        if answer.status_code == NOT_SIGNED_IN:
            raise SignedOut
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told


class AppDoor(BrowserDoor):
    """A session of the app's own, which a sign-in in the system's browser gave it.

    What stands for it is kept in memory alone.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        super().__init__(http, None)

    def open(self, cookie: str) -> None:
        """Go on with a new session."""
        self._cookie = cookie


class TokenDoor:
    """A token that was given at the start; for development."""

    def __init__(self, http: httpx.AsyncClient, token: str | None) -> None:
        self.http = http
        self._token = token

    async def token(self) -> str:
        if self._token is None:
            raise SignedOut
        return self._token

    async def who(self) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {await self.token()}"}
        answer = await self.http.get("/me/book", headers=headers)
        if answer.status_code == NOT_SIGNED_IN:
            raise SignedOut
        answer.raise_for_status()
        return {"kind": "worker", "name": answer.json()["book"]["worker"]["full_name"], "level": 2}

    async def leave(self) -> None:
        self._token = None
