"""Tabs of the app without a browser: as much of the client as its connection needs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgpack
from flet.messaging.protocol import MessageAction, decode_ext_from_msgpack
from websockets.asyncio.client import ClientConnection, connect

PLAIN = b"\x00"
QUIET = 4.0
"""Seconds without a message after which a tab counts as drawn."""


@contextlib.asynccontextmanager
async def tabs(address: str, cookie: str, path: str, count: int) -> AsyncIterator[int]:
    """Open so many tabs on a screen; yield how many bytes they got once all are drawn."""
    async with contextlib.AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(_tab(address, cookie)) for _ in range(count)]
        drawn = await asyncio.gather(*(_drawn(each, path) for each in opened))
        yield sum(drawn)


def _tab(address: str, cookie: str) -> connect:
    headers = {"cookie": cookie, "origin": address}
    url = f"{address.replace('http', 'ws')}/app/ws"
    return connect(url, additional_headers=headers, max_size=None)


async def _drawn(tab: ClientConnection, path: str) -> int:
    """Say what a client says first, answer what is asked of it, until nothing more comes."""
    page = {"route": path, "web": True, "platform": "android", "width": 390, "height": 844}
    first = {"session_id": None, "page_name": "app", "page": page}
    await _say(tab, MessageAction.REGISTER_CLIENT, first)
    received = 0
    while True:
        try:
            content = await asyncio.wait_for(tab.recv(), QUIET)
        except TimeoutError:
            return received
        assert isinstance(content, bytes)
        received += len(content)
        action, body = msgpack.unpackb(
            content[1:], ext_hook=decode_ext_from_msgpack, strict_map_key=False
        )
        if action == MessageAction.INVOKE_METHOD.value:
            answer = {name: body[name] for name in ("control_id", "call_id")}
            await _say(tab, MessageAction.INVOKE_METHOD, answer | {"result": None, "error": None})


async def _say(tab: ClientConnection, action: MessageAction, body: dict[str, object]) -> None:
    await tab.send(PLAIN + msgpack.packb([action.value, body]))
