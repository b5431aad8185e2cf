"""Signing in through the system's browser, as an app without one has to (RFC 8252, RFC 7636).

The browser brings a code back: by a link that opens the app of a phone, to a port of this machine
where the window of a desktop listens, or by the hand of the person. It is of use with the verifier
alone, which goes nowhere but to the service.
"""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from secrets import compare_digest, token_urlsafe
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from app.client import Client
from app.doors import APP_SIGN_IN, SIGN_IN, AppDoor

LINK_PATH = "/signed-in"
"""Where the link that opens the app of a phone leads inside it."""
LOOPBACK = "127.0.0.1"
LISTENING_SECONDS = 600.0
"""As long as the service waits for somebody to come back from the e-ID provider."""
ANSWER_SECONDS = 10.0
LONGEST_HEAD = 16 * 1024
_VERIFIER_BYTES = 32
_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{said}</title><p>{said}</p></html>"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one sign-in was asked with."""

    verifier: str = field(repr=False)
    state: str = field(repr=False)

    def address(self, public_url: str, port: int | None) -> str:
        """Return what the browser opens; ``port``: where this machine listens, None for a phone."""
        digest = sha256(self.verifier.encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        asking = {"challenge": challenge, "state": self.state}
        if port is not None:
            asking["port"] = str(port)
        to = quote(f"{APP_SIGN_IN}?{urlencode(asking)}", safe="")
        return f"{public_url}{SIGN_IN}/start?to={to}"

    def code_in(self, link: str) -> str | None:
        """Return the code that a link brings, if it answers this sign-in."""
        said = parse_qs(urlsplit(link).query)
        state, code = (said.get(name, [""])[0] for name in ("state", "code"))
        ours = compare_digest(state.encode(), self.state.encode())
        return code if ours and code else None

    def text(self) -> str:
        """Return it as it is kept on the device: a phone may end an app that is not on screen."""
        return f"{self.verifier} {self.state}"


def new_asked() -> Asked:
    """Return what a new sign-in is asked with."""
    return Asked(token_urlsafe(_VERIFIER_BYTES), token_urlsafe(_VERIFIER_BYTES))


def asked_of(text: str) -> Asked | None:
    """Return what was kept on the device; None for nothing."""
    verifier, _, state = text.partition(" ")
    return Asked(verifier, state) if verifier and state else None


def leads_back(route: str) -> bool:
    """Say whether the app was opened by the link of a sign-in."""
    return urlsplit(route).path == LINK_PATH


@dataclass(slots=True)
class Entry:
    """The way in of one window: what is asked at the moment, and the session it leads to."""

    door: AppDoor
    asked: Asked | None = field(default=None, repr=False)
    listening: asyncio.Task[None] | None = None

    async def finish(self, client: Client, code: str) -> None:
        """Go in with the code that came back; it is good once, and nothing is done after that.

        Raises:
            Problem: the code is not good.
        """
        asked = self.asked
        if asked is None:
            return
        entered = await client.redeem(code, asked.verifier)
        self.asked = None
        self.stop()
        self.door.open(entered.cookie)

    def listen(self, brought: Callable[[str], Awaitable[None]], thanks: str) -> asyncio.Future[int]:
        """Listen for the browser beside everything else; the port comes once it is known.

        Instead of it comes an ``OSError`` where this machine lets nobody listen.
        """
        self.stop()
        assert self.asked is not None
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.listening = asyncio.create_task(_listen(self.asked, port, brought, thanks))
        return port

    def stop(self) -> None:
        """Listen no more."""
        if self.listening is not None and self.listening is not asyncio.current_task():
            self.listening.cancel()
        self.listening = None


async def _listen(
    asked: Asked,
    port: asyncio.Future[int],
    brought: Callable[[str], Awaitable[None]],
    thanks: str,
) -> None:
    code: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                found = asked.code_in(_target(await reader.readuntil(b"\r\n\r\n")))
                writer.write(_answer(found is not None, thanks))
                await writer.drain()
        except (OSError, ValueError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            found = None
        finally:
            writer.close()
        if found is not None and not code.done():
            code.set_result(found)

    try:
        server = await asyncio.start_server(answer, LOOPBACK, 0, limit=LONGEST_HEAD)
    except OSError as error:
        port.set_exception(error)
        return
    async with server:
        port.set_result(server.sockets[0].getsockname()[1])
        try:
            async with asyncio.timeout(LISTENING_SECONDS):
                came = await code
        except TimeoutError:
            return
    await brought(came)


def _target(head: bytes) -> str:
    """Return the address in the first line of a request.

    Raises:
        ValueError: it is no request that a browser makes.
    """
    method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
    if method != "GET":
        raise ValueError(method)
    return target


def _answer(is_ours: bool, thanks: str) -> bytes:  # noqa: FBT001 - one of two answers
    status, page = (
        ("200 OK", _PAGE.format(said=escape(thanks))) if is_ours else ("404 Not Found", "")
    )
    body = page.encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\n"
        "Referrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body
