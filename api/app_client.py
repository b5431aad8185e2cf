"""The files of the app's client at ``/app``: ours over those that flet-web brings, compressed once.

flet-web serves its client uncompressed and loads parts of it from elsewhere unless told not to;
here nothing leaves this host, and a page may run no script but ours.
"""

import gzip
import mimetypes
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import flet_web
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import app
from api.dependencies import aside

PATH: Final = "/app"
NAME = "Sổ lao động điện tử"
SUMMARY = "Sổ lao động điện tử của bạn: xem, chia sẻ, và biết ai đã xem"
ASSETS = Path(app.__file__).parent / "assets"
INDEX = "index.html"
PACKED = frozenset(
    {".css", ".html", ".js", ".json", ".mjs", ".otf", ".svg", ".ttf", ".wasm", ".frag", ".bin"}
)
"""Kinds of files that get smaller; pictures and woff2 are compressed already."""
LEFT_OUT = (
    "pyodide/",
    "python-worker",
    "canvaskit/experimental",
    "flutter_service_worker",
    "version",
)
"""Of flet-web: what runs Python in the browser, and what nobody asks for."""
OURS_ONLY = frozenset({"icon.svg", "icon.png", "splash.png", "offline.html"})
"""For other editions, or parts of the page."""

_TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".otf": "font/otf"}
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HEAD = '  <script src="client.js"></script>\n'


@dataclass(frozen=True, slots=True)
class _Route:
    """What the access log calls every one of these files."""

    path: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as it goes out: plain and, where that is smaller, compressed."""

    plain: bytes
    gzipped: bytes | None
    etag: str
    media_type: str


class ClientFiles:
    """ASGI: the client's files; a path that is none of them is a screen, and gets the one page."""

    def __init__(self) -> None:
        self.files = client_files()
        self.page = index_page()
        self._common = {
            "cache-control": "no-cache",
            "cross-origin-embedder-policy": "require-corp",
            "content-security-policy": policy_of(self.page),
        }
        self._packed = cache(self._pack)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = _Route(f"{PATH}/{{file}}")
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return Response(status_code=405, headers={"allow": "GET, HEAD"})
        name = request.url.path.removeprefix(f"{PATH}/")
        if name not in self.files:
            if Path(name).suffix not in {"", ".html"}:
                return Response(status_code=404)
            name = INDEX
        packed = await aside(partial(self._packed, name))
        headers = self._common | {"etag": packed.etag, "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == packed.etag:
            return Response(status_code=304, headers=headers)
        body = packed.plain
        if packed.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            body, headers = packed.gzipped, headers | {"content-encoding": "gzip"}
        return Response(body, headers=headers, media_type=packed.media_type)

    def _pack(self, name: str) -> Packed:
        plain = self.page.encode() if name == INDEX else self.files[name].read_bytes()
        suffix = Path(name).suffix
        media_type = _TYPES.get(suffix) or mimetypes.guess_type(name)[0]
        return Packed(
            plain,
            gzip.compress(plain, 6, mtime=0) if suffix in PACKED else None,
            f'"{sha256(plain).hexdigest()[:32]}"',
            media_type or "application/octet-stream",
        )


@cache
def client_files() -> Mapping[str, Path]:
    """Return every file by its path below ``/app/``; ours stand before those of flet-web."""
    brought = {
        name: path
        for name, path in _below(Path(flet_web.get_package_web_dir())).items()
        if not name.startswith(LEFT_OUT) and not name.endswith((".symbols", ".map"))
    }
    own = {name: path for name, path in _below(ASSETS).items() if name not in OURS_ONLY}
    return brought | own | {INDEX: ASSETS}


def index_page() -> str:
    """Return the one page: flet-web's own, in Vietnamese, with our script and reconnect screen."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / INDEX
        page = (Path(flet_web.get_package_web_dir()) / INDEX).read_text(encoding="utf-8")
        path.write_text(_ours(page), encoding="utf-8")
        flet_web.patch_index_html(
            str(path),
            PATH,
            websocket_endpoint_path=f"{PATH}/ws",
            app_name=NAME,
            app_description=SUMMARY,
            no_cdn=True,
        )
        return path.read_text(encoding="utf-8")


def policy_of(page: str) -> str:
    """Return the policy under which the page runs its own scripts, known by hash, and no other."""
    hashes = [
        b64encode(sha256(script.encode()).digest()).decode() for script in _INLINE.findall(page)
    ]
    scripts = " ".join(f"'sha256-{each}'" for each in hashes)
    return (
        f"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' blob: {scripts}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' blob: data:; worker-src 'self' blob:; manifest-src 'self'; "
        "media-src 'self' blob:; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )


def _ours(page: str) -> str:
    """Change what flet-web has no setting for.

    Raises:
        ValueError: its page is not as we know it; look at it when flet-web is renewed.
    """
    screen = (ASSETS / "offline.html").read_text(encoding="utf-8")
    for known, own in (
        ("<html>", '<html lang="vi">'),
        ('<meta charset="UTF-8">', '<meta charset="UTF-8">\n' + _HEAD),
        ('aria-label="Loading"', 'aria-label="Đang mở"'),
        ("background: #ffffff;", "background: #f4fafa;"),
        ("background: #222222;", "background: #0e1415;"),
        ("width: 200px;", "width: 96px;"),
        ("<body>", "<body>\n" + screen),
    ):
        if page.count(known) != 1:
            raise ValueError(f"the client's page has changed: {known}")
        page = page.replace(known, own)
    return page


def _below(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
