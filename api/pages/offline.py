"""The verifier page: installed once, it checks books on the device itself, with no network.

It is the one page with script. Its parts are plain files, kept by a service worker; the root
certificate is pinned in the page, so it changes only when the page is installed anew.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

import signing
from api.dependencies import Inst
from api.pages import STYLE_SOURCE, page, texts
from api.problems import problems
from labour_book import data
from labour_book.errors import NotFound
from labour_book.services.installation import Installation

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

ADDRESS = "/offline"
PAGE_POLICY = (
    f"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' {STYLE_SOURCE}; "
    "connect-src 'self'; img-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Own scripts, and the reader of QR codes in WebAssembly; nothing from anywhere else."""
WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
WORKER = "sw.js"
SCRIPT_MARK = "js."
"""Sentences that the script says begin with this."""

_MEDIA_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the page, as it is and compressed."""

    content: bytes
    packed: bytes
    tag: str
    media_type: str


@router.get(ADDRESS)
async def verifier(request: Request, inst: Inst) -> HTMLResponse:
    """Show the page that checks without a network."""
    return _page(request, inst)


@router.get(f"{ADDRESS}/{WORKER}")
async def worker(request: Request, inst: Inst) -> Response:
    """Return the service worker, with what it keeps and the version of that."""
    pages = [_in(language, request) for language in texts.LANGUAGES]
    shell = [f"{ADDRESS}?lang={language}" for language in texts.LANGUAGES]
    shell += [f"{ADDRESS}/{name}" for name in parts() if name != WORKER]
    whole = sha256(b"".join(bytes(_page(each, inst).body) for each in pages))
    for part in parts().values():
        whole.update(part.content)
    given = f"const VERSION = {orjson.dumps(whole.hexdigest()[:16]).decode()};\n"
    given += f"const SHELL = {orjson.dumps(shell).decode()};\n"
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": WORKER_POLICY,
        "Service-Worker-Allowed": ADDRESS,
    }
    content = given.encode() + parts()[WORKER].content
    return Response(content, headers=headers, media_type=_MEDIA_TYPES["js"])


@router.get(f"{ADDRESS}/{{name:path}}", responses=problems(NotFound))
async def part_of_page(request: Request, name: str) -> Response:
    """Return a script, style sheet or icon of the page."""
    part = parts().get(name)
    if part is None:
        raise NotFound("the page has no such part")
    headers = {"Cache-Control": "no-cache", "ETag": part.tag, "Vary": "Accept-Encoding"}
    if part.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
    if takes_gzip:
        headers["Content-Encoding"] = "gzip"
    content = part.packed if takes_gzip else part.content
    return Response(content, headers=headers, media_type=part.media_type)


@cache
def parts() -> dict[str, Part]:
    """Return the files of the page by their name below its address."""
    folder = resources.files("api") / "static" / "offline"
    return {name: _part(name, content) for name, content in sorted(_files(folder, ""))}


def _files(folder: Traversable, path: str) -> list[tuple[str, bytes]]:
    found = []
    for each in folder.iterdir():
        name = f"{path}{each.name}"
        if each.is_dir():
            found += _files(each, f"{name}/")
        elif name.rpartition(".")[2] in _MEDIA_TYPES:
            found.append((name, each.read_bytes()))
    return found


def _part(name: str, content: bytes) -> Part:
    tag = f'W/"{sha256(content).hexdigest()[:32]}"'
    media_type = _MEDIA_TYPES[name.rpartition(".")[2]]
    return Part(content, gzip.compress(content, 9, mtime=0), tag, media_type)


def _page(request: Request, inst: Installation) -> HTMLResponse:
    language = texts.language_of(request)
    sentences = texts.catalogue("offline")
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": PAGE_POLICY,
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    }
    own = [name for name in parts() if name.endswith(".js") and "/" not in name]
    return page(
        request,
        "offline.html",
        headers=headers,
        o=lambda key: sentences[key][language],
        modules=[f"{ADDRESS}/{name}" for name in own if name != WORKER],
        page=_for_script(language, inst, request.app.state.issuer_name[language]),
    )


def _for_script(language: texts.Language, inst: Installation, issuer_name: str) -> dict[str, Any]:
    """Return what the script needs: the pinned root, and the words of the page's language."""
    said = texts.catalogue("offline")
    return {
        "root": signing.x5c([inst.key_ring.anchor.root])[0],
        "issuerName": issuer_name,
        "words": {
            key.removeprefix(SCRIPT_MARK): sentence[language]
            for key, sentence in said.items()
            if key.startswith(SCRIPT_MARK)
        },
        "reasons": {
            row["reason"]: [row[f"{part}_{language}"] for part in ("said", "why", "next")]
            for row in data.rows("reasons")
        },
    }


def _in(language: texts.Language, request: Request) -> Request:
    """Return the same request, asking for a language."""
    return Request({**request.scope, "query_string": f"lang={language}".encode()})
