"""What other people's software needs to verify a book by itself. Public, and about nobody."""

import gzip
from functools import lru_cache
from hashlib import sha256
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response

from api.dependencies import Inst, Now, Opened, ReplicaDb, aside
from api.problems import problems
from api.routes.credential_type import type_metadata
from api.routes.media import JSON, NOTE, STATUS_LIST, TRUST_LIST, answers
from labour_book.errors import Invalid, NotFound, Unavailable
from labour_book.services import head_statements, keys, status
from labour_book.services.installation import VCT_PATH

router = APIRouter(tags=["trust"], default_response_class=Response)

KEPT_SECONDS = 3600
"""How long others may keep an answer; for the status list, the ``ttl`` it states itself."""

KEYS = {"keys": [{"kty": "EC", "crv": "P-256", "kid": "...", "x": "...", "y": "..."}]}
STATEMENT = "so.example/trace\n1234\nq83v...=\n2026-11-22\n\n\N{EM DASH} so.example/trace ...\n"
ISSUER = {"issuer": "https://...", "jwks": KEYS}

ListId = Annotated[
    str, Path(pattern="^[1-9][0-9]{0,8}$", description="The number of the list.", examples=["1"])
]
"""As text: a number type would also read ``1.0``, and one list would have many addresses."""


class Published:
    """Hands out what anybody may keep: not again if unchanged, and compressed where it helps."""

    def __init__(self, request: Request) -> None:
        self.known = request.headers.get("if-none-match", "")
        self.takes_gzip = "gzip" in request.headers.get("accept-encoding", "")

    def __call__(self, content: bytes, media_type: str) -> Response:
        tag, packed = _prepared(content)
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "ETag",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": f"public, max-age={KEPT_SECONDS}",
            "Vary": "Accept-Encoding",
            "ETag": tag,
        }
        if tag in self.known:
            return Response(status_code=304, headers=headers)
        if self.takes_gzip:
            headers["Content-Encoding"] = "gzip"
        return Response(packed if self.takes_gzip else content, 200, headers, media_type)


async def publishing(request: Request) -> Published:
    """Return what hands out; asked like this it needs no thread of its own."""
    return Published(request)


Publish = Annotated[Published, Depends(publishing)]


@lru_cache(maxsize=32)
def _prepared(content: bytes) -> tuple[str, bytes]:
    tag = f'W/"{sha256(content).hexdigest()[:32]}"'
    return tag, gzip.compress(content, 6, mtime=0)


@router.get("/jwks", responses=answers(JSON, KEYS) | problems(Unavailable))
async def key_set(opened: Opened, publish: Publish) -> Response:
    """Return the public keys (RFC 7517). Retired keys stay, so that old books still verify."""

    def published() -> Response:
        with opened.replica() as db:
            return publish(orjson.dumps(keys.jwks(db, opened.now)), JSON)

    return await aside(published)


@router.get(
    "/.well-known/jwt-vc-issuer",
    responses=answers(JSON, ISSUER) | problems(Unavailable),
)
def issuer_metadata(db: ReplicaDb, inst: Inst, now: Now, publish: Publish) -> Response:
    """Return the JWT VC issuer metadata: who issues, and with which keys."""
    about = {"issuer": inst.issuer.uri, "jwks": keys.jwks(db, now)}
    return publish(orjson.dumps(about), JSON)


@router.get(
    "/status/{list_id}",
    responses=answers(STATUS_LIST, "eyJ...") | problems(NotFound, Invalid, Unavailable),
)
async def status_list(list_id: ListId, opened: Opened, publish: Publish) -> Response:
    """Return a token status list: which books are revoked or superseded, two bits for each."""

    def published() -> Response:
        with opened.replica() as db:
            token = status.status_list_token(db, opened.inst, int(list_id), opened.now)
        return publish(token.encode("ascii"), STATUS_LIST)

    return await aside(published)


@router.get("/trust/list", responses=answers(TRUST_LIST, "eyJ...") | problems(Unavailable))
def trust_list(db: ReplicaDb, inst: Inst, now: Now, publish: Publish) -> Response:
    """Return the signed list of trusted keys, for verifying without a network."""
    return publish(status.trust_list(db, inst, now).encode("ascii"), TRUST_LIST)


@router.get("/log/head", responses=answers(NOTE, STATEMENT) | problems(NotFound))
def stated_head(inst: Inst, publish: Publish) -> Response:
    """Return today's signed statement of where the trace of all deeds stands. Keep it elsewhere."""
    return publish(head_statements.latest_statement(inst).encode(), NOTE)


@router.get("/log/heads", responses=answers(NOTE, STATEMENT))
def stated_heads(inst: Inst, publish: Publish) -> Response:
    """Return every day's statement, oldest first: signed notes of C2SP, one behind the other."""
    return publish(head_statements.all_statements(inst).encode(), NOTE)


@router.get(VCT_PATH, responses=answers(JSON, {"vct": "https://.../vct/labour-book/1"}))
async def credential_type(inst: Inst, publish: Publish) -> Response:
    """Return the type metadata of the book credential: what its claims are called."""
    return publish(orjson.dumps(type_metadata(inst.vct)), JSON)
