"""The desktop and phone editions: the same app over HTTPS, started by ``python -m app.phone``."""

import os
from datetime import UTC, datetime
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import flet as ft
import httpx

import signing
from app.doors import AppDoor, Door, TokenDoor
from app.main import main

SERVICE = "https://solaodong.gov.vn"
"""Phones have no environment to set: what they are built for stands here."""
SECONDS = 20.0
"""After so long a request is given up."""


def start() -> None:
    """Open the window; people sign in through the system's browser.

    With ``LABOUR_BOOK_TOKEN``, the access token of a development service, nobody has to.
    ``LABOUR_BOOK_ROOT`` is the file with its root certificate, for checks without a network.
    """
    service = os.environ.get("LABOUR_BOOK_PUBLIC_URL", SERVICE)
    http = httpx.AsyncClient(
        base_url=service,
        timeout=SECONDS,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )
    token = os.environ.get("LABOUR_BOOK_TOKEN")
    door: Door = AppDoor(http) if token is None else TokenDoor(http, token)
    pinned = os.environ.get("LABOUR_BOOK_ROOT")
    root = signing.read_certificates(Path(pinned))[0] if pinned else None
    ft.run(
        partial(main, door=door, clock=partial(datetime.now, UTC), public_url=service, root=root),
        assets_dir="assets",
    )


if __name__ == "__main__":
    start()
