"""How large a request may be, and from when it waits; refused before anything is read of it."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import (
    AddressTooLong,
    BodyTooLarge,
    HeadersTooLarge,
    Malformed,
    answer,
    status_of,
)
from labour_book import patience
from labour_book.errors import LabourBookError

SMALL_BODY = 16 * 1024
"""Bytes. No address takes more, but those that take files."""
LONGEST_ADDRESS = 2 * 1024
"""Characters of path and query together."""
LARGEST_HEADERS = 16 * 1024
"""Bytes of all header names and values."""


class Limits:
    """ASGI: refuse what is too large, whether it declares its length or comes in chunks."""

    def __init__(self, app: ASGIApp, bodies: Mapping[str, int]) -> None:
        """``bodies``: bytes that the named paths take; all others take ``SMALL_BODY``.

        A ``*`` in a path stands for whatever is there.
        """
        self.app = app
        self.bodies = bodies
        self.patterns = tuple(each for each in bodies if "*" in each)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        largest = self._largest(scope["path"])
        refused = _refusal(scope, largest)
        if refused is not None:
            await answer(Request(scope), refused)(scope, receive, send)
            return
        read = 0
        patience.begin()

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            if not message.get("more_body"):  # only now can anybody begin to answer
                patience.begin()
            read += len(message.get("body", b""))
            if read > largest:
                raise HTTPException(status_of(BodyTooLarge))
            return message

        await self.app(scope, counted, send)

    def _largest(self, path: str) -> int:
        for pattern in self.patterns:
            before, _, after = pattern.partition("*")
            if path.startswith(before) and path.endswith(after):
                return self.bodies[pattern]
        return self.bodies.get(path, SMALL_BODY)


def _refusal(scope: Scope, largest: int) -> LabourBookError | None:
    headers = scope["headers"]
    if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        return AddressTooLong(longest=LONGEST_ADDRESS)
    if sum(len(name) + len(value) for name, value in headers) > LARGEST_HEADERS:
        return HeadersTooLarge(largest_bytes=LARGEST_HEADERS)
    for name, value in headers:
        if name == b"content-length":
            if not value.isdigit():
                return Malformed("Content-Length is not a number")
            if len(value) > len(str(largest)) or int(value) > largest:
                return BodyTooLarge(largest_bytes=largest)
    return None
