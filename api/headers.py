"""The header fields that every answer carries."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.pages import STYLE_SOURCE

NO_CONTENT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = (
    f"default-src 'none'; style-src {STYLE_SOURCE}; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""A page brings its one style sheet along and loads nothing: no script, image, font or frame."""
ONE_YEAR = 31_536_000
"""Seconds."""

_ALWAYS = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"x-robots-tag", b"noindex, nofollow"),
)
_OVER_HTTPS = ((b"strict-transport-security", f"max-age={ONE_YEAR}; includeSubDomains".encode()),)
_PERSONAL = (b"cache-control", b"no-store")
_SAME_ORIGIN = (b"cross-origin-resource-policy", b"same-origin")
_POLICY = (b"content-security-policy", NO_CONTENT.encode())
_PAGE_POLICY = (b"content-security-policy", PAGE.encode())


class SecurityHeaders:
    """ASGI: add them. What a route says itself stands; nothing is kept if it says nothing."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.fixed = _ALWAYS + (_OVER_HTTPS if https else ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._missing(message["headers"])]
            await send(message)

        await self.app(scope, receive, completed)

    def _missing(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        present = dict(given)
        html = present.get(b"content-type", b"").startswith(b"text/html")
        own = [*self.fixed, _PAGE_POLICY if html else _POLICY]
        added = [(name, value) for name, value in own if name not in present]
        if b"cache-control" not in present:
            added.append(_PERSONAL)
        if b"access-control-allow-origin" not in present:
            added.append(_SAME_ORIGIN)
        return added
