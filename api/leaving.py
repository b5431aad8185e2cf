"""Leaving in good order: a process told to stop answers on for a while, and lets it be known.

A proxy in front learns of it twice: the process is not ready any more, and each answer ends its
connection. When the time is over, nothing comes here any longer, and the server stops as ever.
Stopping at once would meet requests that are on their way: those are lost.
"""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Leaving:
    """Whether this process was told to stop, and for how many seconds it then answers on."""

    seconds: float
    begun: bool = False


@contextmanager
def heard_first(leaving: Leaving) -> Iterator[None]:
    """Hear SIGTERM before the server does, and pass it on when the time is over.

    Ctrl+C (SIGINT) still stops it at once.
    """
    server_hears = signal.getsignal(signal.SIGTERM)
    in_main = threading.current_thread() is threading.main_thread()
    if not leaving.seconds or not in_main or not callable(server_hears):
        yield
        return
    loop = asyncio.get_running_loop()

    def hear(number: int, _frame: object) -> None:
        if not leaving.begun:
            leaving.begun = True
            loop.call_soon_threadsafe(loop.call_later, leaving.seconds, server_hears, number, None)

    signal.signal(signal.SIGTERM, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, server_hears)


class LastAnswers:
    """ASGI: let every answer of a process that leaves end its connection."""

    def __init__(self, app: ASGIApp, leaving: Leaving) -> None:
        self.app = app
        self.leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.leaving.begun:
            await self.app(scope, receive, send)
            return

        async def ending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        await self.app(scope, receive, ending)
