"""The interface, as the app asks it: one function for each thing it needs.

Deeds of one screen alone stand in ``app.asking`` and go through ``told`` and ``sent``.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import httpx

from app.answers import (
    Access,
    Background,
    Created,
    EnteredApp,
    Identity,
    InPicture,
    LiveCode,
    Notice,
    OfflineCode,
    OwnBook,
    Preset,
    Preview,
    Shares,
    Verified,
    Wallet,
    WalletOffer,
)
from app.doors import APP_TOKEN, NOT_SIGNED_IN, Door, SignedOut
from app.reading import read, read_all

T = TypeVar("T")
OCTETS = "application/octet-stream"
EVERYTHING = {
    "book": "/me/book",
    "background": "/me/book/background",
    "confirmations": "/me/book/confirmations",
    "cv": "/me/cv",
    "job_seeking": "/me/job-seeking",
    "rights": "/me/rights",
    "shares": "/me/shares",
    "received": "/me/received",
    "wallets": "/me/wallets",
    "accesses": "/me/accesses",
    "notices": "/me/notices",
    "data_requests": "/me/data-requests",
}
"""By name in the export, where the interface tells it."""
_ERRORS = 400


class Problem(Exception):
    """The interface did not do it; ``kind`` is its permanent word for why, or one of ours."""

    def __init__(
        self, kind: str, title: Mapping[str, str], status: int = 0, cause: str = ""
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.title = title
        """By language; empty where the app has its own words."""
        self.status = status
        self.cause = cause
        """What exactly it was, as a permanent word; empty where the kind says all."""


@dataclass(frozen=True, slots=True)
class NewShare:
    """What to share, to whom, what for, until when, and how often."""

    preset: str
    audience: str
    purpose: str
    until: datetime
    max_views: int
    enterprise_code: str | None = None
    personal_id: str | None = field(default=None, repr=False)
    claims: tuple[str, ...] = ()
    """With the preset CUSTOM, as the lines below."""
    employments: tuple[int, ...] = ()
    qualifications: tuple[int, ...] = ()

    def body(self) -> dict[str, Any]:
        return asdict(self) | {"until": self.until.isoformat()}


@dataclass(slots=True)
class Client:
    """Asks with a token that lasts minutes, and gets a new one when it is over."""

    door: Door
    _token: str | None = field(default=None, repr=False)

    async def identity(self) -> Identity:
        """Tell who is signed in.

        Raises:
            SignedOut: nobody.
            Problem: it could not be found out.
        """
        try:
            return read(Identity, await self.door.who())
        except (httpx.HTTPError, KeyError, TypeError, ValueError):
            raise Problem("unreachable", {}) from None

    async def own_book(self) -> OwnBook:
        """Return the newest version of the own book.

        Raises:
            Problem: ``no-book`` where none was issued yet; else as ``sent``.
        """
        try:
            return read(OwnBook, await self.told("GET", "/me/book"))
        except Problem as problem:
            if problem.kind != "not-found":
                raise
            raise Problem("no-book", {}) from None

    async def background(self) -> Background:
        return read(Background, await self.told("GET", "/me/book/background"))

    async def notices(self) -> tuple[Notice, ...]:
        return read_all(Notice, await self.told("GET", "/me/notices"))

    async def mark_read(self, notice: Notice) -> None:
        await self.sent("POST", f"/me/notices/{notice.id}/read")

    async def mark_all_read(self, newest: Notice) -> None:
        """Mark this notice and every older one as read."""
        await self.sent("POST", "/me/notices/read", json={"up_to": newest.id})

    async def accesses(self) -> tuple[Access, ...]:
        return read_all(Access, await self.told("GET", "/me/accesses"))

    async def ask_reason(self, access: Access) -> None:
        await self.sent("POST", f"/me/accesses/{access.number}/reason")

    async def presets(self) -> tuple[Preset, ...]:
        return read_all(Preset, await self.told("GET", "/shares/presets"))

    async def preview(self, share: NewShare) -> Preview:
        return read(Preview, await self.told("POST", "/me/shares/preview", json=share.body()))

    async def create(self, share: NewShare) -> Created:
        return read(Created, await self.told("POST", "/me/shares", json=share.body()))

    async def shares(self) -> Shares:
        return read(Shares, await self.told("GET", "/me/shares"))

    async def freeze(self, *, frozen: bool) -> None:
        await self.sent("POST", f"/me/shares/{'freeze' if frozen else 'unfreeze'}")

    async def withdraw(self, share_id: str) -> None:
        await self.sent("POST", f"/me/shares/{share_id}/withdrawal")

    async def ask_deletion(self, share_id: str) -> None:
        await self.sent("POST", f"/me/shares/{share_id}/deletion-request")

    async def extend(self, share_id: str, until: datetime, max_views: int) -> None:
        body = {"until": until.isoformat(), "max_views": max_views}
        await self.sent("POST", f"/me/shares/{share_id}/extension", json=body)

    async def live_code(self, share_id: str) -> LiveCode:
        return read(LiveCode, await self.told("POST", f"/me/shares/{share_id}/live-code"))

    async def qr(self, share_id: str) -> bytes:
        return (await self.sent("GET", f"/me/shares/{share_id}/qr.png")).content

    async def document(self, name: str) -> bytes:
        """Return one of the own documents, such as ``book.pdf`` or ``cv/europass``."""
        return (await self.sent("GET", f"/me/{name}")).content

    async def offline_code(self, days: int) -> OfflineCode:
        params = {"days": days}
        return read(OfflineCode, await self.told("GET", "/me/offline-code", params=params))

    async def wallets(self) -> tuple[Wallet, ...]:
        return read_all(Wallet, await self.told("GET", "/me/wallets"))

    async def offer_to_wallet(self) -> WalletOffer:
        return read(WalletOffer, await self.told("POST", "/me/wallets/offers", json={}))

    async def give_wallet_up(self, wallet: Wallet) -> None:
        await self.sent("DELETE", f"/me/wallets/{wallet.id}")

    async def everything(self) -> dict[str, Any]:
        """Return all that the interface tells the worker about the worker, as it tells it."""
        told = {name: await self.told("GET", path) for name, path in EVERYTHING.items()}
        return told | {"credential": (await self.sent("GET", "/me/credential")).text}

    async def in_picture(self, picture: bytes) -> InPicture:
        """Have the QR code in a photo read; the photo is not kept."""
        headers = {"content-type": OCTETS}
        return read(
            InPicture,
            await self.told("POST", "/me/scanned", content=picture, more_headers=headers),
        )

    async def trust_list(self) -> str:
        """Return the signed list of the keys to trust, for checks without the server."""
        return (await self._asked("GET", "/trust/list")).text

    async def verify(self, content: bytes) -> Verified:
        """Have a PDF, a photo of a QR code, or a credential verified; nobody is asked who asks."""
        headers = {"content-type": OCTETS}
        answer = await self._asked("POST", "/verify", headers=headers, content=content)
        return read(Verified, answer.json())

    async def redeem(self, code: str, verifier: str) -> EnteredApp:
        """Redeem the code that a sign-in in the browser gave, for a session of the app's own.

        Raises:
            Problem: the code is not good, or not any more.
        """
        body = {"code": code, "verifier": verifier}
        self._token = None
        return read(EnteredApp, (await self._asked("POST", APP_TOKEN, json=body)).json())

    async def leave(self) -> None:
        """End the session.

        Raises:
            Problem: it could not be ended.
        """
        try:
            await self.door.leave()
        except httpx.HTTPError:
            raise Problem("unreachable", {}) from None
        except SignedOut:
            pass
        self._token = None

    async def told(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - what httpx takes, and JSON
        """Ask as ``sent`` does, and return the JSON of the answer."""
        return (await self.sent(method, path, **more)).json()

    async def sent(
        self,
        method: str,
        path: str,
        more_headers: Mapping[str, str] | None = None,
        **more: Any,  # noqa: ANN401 - what httpx takes
    ) -> httpx.Response:
        """Ask as whoever is signed in; once more with a new token where the old one is over.

        Raises:
            SignedOut: nobody is signed in any more.
            Problem: the interface refused, or did not answer.
        """
        for attempt in (1, 2):
            if self._token is None:
                self._token = await self._new_token()
            headers = {"authorization": f"Bearer {self._token}"} | dict(more_headers or {})
            try:
                return await self._asked(method, path, headers=headers, **more)
            except Problem as problem:
                if problem.status != NOT_SIGNED_IN:
                    raise
                self._token = None
                if attempt == 2:  # noqa: PLR2004 - the second and last
                    raise SignedOut from None
        raise AssertionError

    async def _new_token(self) -> str:
        try:
            return await self.door.token()
        except httpx.HTTPError:
            raise Problem("unreachable", {}) from None

    async def _asked(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - what httpx takes
        try:
            answer = await self.door.http.request(method, path, **more)
        except httpx.HTTPError:
            raise Problem("unreachable", {}) from None
        if answer.status_code >= _ERRORS:
            raise _problem(answer)
        return answer


def _problem(answer: httpx.Response) -> Problem:
    try:
        told = answer.json()
        kind = str(told["type"]).rpartition("/")[2]
        title = {"vi": str(told["title_vi"]), "en": str(told["title"])}
    except (KeyError, TypeError, ValueError):
        return Problem("failed", {}, answer.status_code)
    return Problem(kind, title, answer.status_code, str(told.get("cause", "")))
