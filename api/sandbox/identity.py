"""The sandbox e-ID at ``/sandbox/id``: a real OpenID provider over HTTP, with invented people.

In the demonstration it stands where the national e-ID stands elsewhere. Nobody proves anything
here: one chooses whom to be, and at which level.
"""

from base64 import b64decode
from dataclasses import asdict, dataclass
from typing import Annotated
from urllib.parse import unquote, urlencode

from fastapi import APIRouter, Depends, FastAPI, Form, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.dependencies import Inst, Now, ReadingDb
from api.pages import page
from api.problems import problems
from api.sandbox.provider import Question, Refused, SandboxProvider
from labour_book.domain.personal_ids import mask
from labour_book.errors import NotFound, Unavailable
from labour_book.services import sandbox_identities, sandbox_officials
from labour_book.services.derived_keys import key_for
from labour_book.services.installation import Installation
from signing import BlindIndex

PATH = "/sandbox/id"
SEE_OTHER = 303

router = APIRouter(prefix=PATH, include_in_schema=False)

Short = Annotated[str, Form(max_length=20)]
Who = Annotated[str, Form(max_length=40)]
"""The kind of somebody who signs in, and which: a role's name can be long."""
Long = Annotated[str, Form(max_length=1000)]
Asked = Annotated[str, Query(max_length=1000)]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What was chosen on the page: a person by place in the list or by number, or a firm."""

    who: str
    number: str
    level: str
    is_cancelled: bool


def install(app: FastAPI, public_url: str) -> SandboxProvider:
    """Mount the provider, and return it for whoever is its client."""
    provider = SandboxProvider(public_url + PATH, f"{public_url}/sign-in/callback")
    app.state.sandbox_provider = provider
    app.include_router(router)
    return provider


async def _provider(request: Request) -> SandboxProvider:
    provider: SandboxProvider = request.app.state.sandbox_provider
    return provider


async def _asked(
    *,
    client_id: Asked = "",
    redirect_uri: Asked = "",
    response_type: Asked = "",
    scope: Asked = "",
    state: Asked = "",
    nonce: Asked = "",
    code_challenge: Asked = "",
    code_challenge_method: Asked = "",
) -> Question:
    return Question(
        client_id,
        redirect_uri,
        response_type,
        scope,
        state,
        nonce,
        code_challenge,
        code_challenge_method,
    )


async def _chosen(
    who: Who = "", number: Short = "", level: Short = "2", cancel: Short = ""
) -> _Chosen:
    return _Chosen(who, number.strip(), level, bool(cancel))


Provider = Annotated[SandboxProvider, Depends(_provider)]
AskedQuestion = Annotated[Question, Depends(_asked)]


@router.get("/.well-known/openid-configuration")
async def configuration(provider: Provider) -> JSONResponse:
    """Return the provider's metadata."""
    return JSONResponse(provider.metadata())


@router.get("/jwks")
async def keys(provider: Provider) -> JSONResponse:
    """Return the key that ID tokens are signed with."""
    return JSONResponse(provider.keys())


@router.get("/authorize", responses=problems(NotFound, Unavailable))
def ask(
    request: Request,
    provider: Provider,
    *,
    question: AskedQuestion,
    db: ReadingDb,
    inst: Inst,
    now: Now,
) -> Response:
    """Ask whom to be, and at which level."""
    refusal = _refusal(request, provider, question)
    if refusal is not None:
        return refusal
    people = sandbox_identities.sample_people(db, inst)
    return page(
        request,
        "sandbox_id.html",
        people=[
            (place, each.full_name, mask(each.personal_id)) for place, each in enumerate(people)
        ],
        firms=sandbox_identities.sample_firms(db, inst, now=now),
        officials=sandbox_officials.sample_officials(db, inst, now=now),
        query=urlencode(asdict(question)),
    )


@router.post("/authorize", responses=problems(NotFound, Unavailable))
def answer(
    request: Request,
    provider: Provider,
    *,
    question: AskedQuestion,
    chosen: Annotated[_Chosen, Depends(_chosen)],
    db: ReadingDb,
    inst: Inst,
    now: Now,
) -> Response:
    """Send the browser back with a code, or with what went wrong."""
    refusal = _refusal(request, provider, question)
    if refusal is not None:
        return refusal
    if chosen.is_cancelled:
        return _back(provider, question, error="access_denied")
    people = enumerate(sandbox_identities.sample_people(db, inst))
    officials = sandbox_officials.sample_officials(db, inst, now=now)
    known = {f"person:{at}": (each.full_name, each.personal_id) for at, each in people}
    known |= {f"official:{each.key}": (each.full_name, each.personal_id) for each in officials}
    claims = _claims(inst, chosen, known)
    if claims is None:
        return _back(provider, question, error="login_required")
    return _back(provider, question, code=provider.grant(question, claims, now))


@router.post("/token")
def token(
    request: Request,
    provider: Provider,
    *,
    now: Now,
    grant_type: Short = "",
    code: Long = "",
    redirect_uri: Long = "",
    code_verifier: Long = "",
) -> JSONResponse:
    """Return the ID token for a code."""
    try:
        provider.check_secret(*_basic(request))
        made = provider.redeem(grant_type, code, redirect_uri, code_verifier, now=now)
    except Refused as refused:
        return JSONResponse({"error": refused.error}, refused.status)
    return JSONResponse(
        {"id_token": made, "access_token": "none", "token_type": "Bearer", "expires_in": 0}
    )


def _refusal(request: Request, provider: SandboxProvider, question: Question) -> Response | None:
    try:
        provider.check_client(question)
    except Refused as refused:
        return page(request, "sandbox_refused.html", status=refused.status)
    try:
        provider.check(question)
    except Refused as refused:
        return _back(provider, question, error=refused.error)
    return None


def _back(provider: SandboxProvider, question: Question, **said: str) -> RedirectResponse:
    query = urlencode(said | {"state": question.state, "iss": provider.issuer})
    return RedirectResponse(f"{question.redirect_uri}?{query}", SEE_OTHER)


def _claims(
    inst: Installation,
    chosen: _Chosen,
    known: dict[str, tuple[str, str]],
) -> dict[str, str] | None:
    kind, _, which = chosen.who.partition(":")
    if kind == "firm":
        return {"sub": _subject(inst, chosen.who), "org_id": which, "full_name": ""}
    name, digits = ("", chosen.number) if chosen.number else known.get(chosen.who, ("", ""))
    if not digits:
        return None
    claims = {"sub": _subject(inst, f"person:{digits}"), "pin": digits, "full_name": name}
    return claims | {"loa": "1" if chosen.level == "1" else "2"}


def _subject(inst: Installation, who: str) -> str:
    """Return a name that no other client would be told, and that says nothing."""
    return BlindIndex(key_for(inst.lookup_key, "sandbox-subject")).of(who).hex()


def _basic(request: Request) -> tuple[str, str]:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    try:
        name, _, secret = b64decode(given, validate=True).decode("ascii").partition(":")
    except ValueError:
        name, secret = "", ""
    return (unquote(name), unquote(secret)) if scheme.lower() == "basic" else ("", "")
