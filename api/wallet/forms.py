"""What wallets send: forms and JSON, read strictly, and the token and proof in the header."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl

import orjson
from fastapi import Depends, Request

from api.dependencies import Inst
from labour_book.services.wallet_grants import Proving
from labour_book.services.wallet_issuing import Shown
from labour_book.services.wallet_secrets import TokenRefused, WalletRefusal

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 32
_SCHEMES = ("bearer", "dpop")


async def form_of(request: Request) -> Mapping[str, str]:
    """Return the fields of a form; none comes twice (RFC 6749, section 3.2).

    Raises:
        WalletRefusal: it is no such form.
    """
    if _media_type(request) != FORM:
        raise WalletRefusal("invalid_request", f"send {FORM}")
    try:
        text = (await request.body()).decode("ascii")
        fields = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise WalletRefusal("invalid_request", "the form cannot be read") from None
    form = dict(fields)
    if len(form) < len(fields):
        raise WalletRefusal("invalid_request", "a field comes twice")
    return form


Fields = Annotated[Mapping[str, str], Depends(form_of)]


async def json_of(request: Request) -> Mapping[str, Any]:
    """Return the JSON object in the body.

    Raises:
        WalletRefusal: it is none.
    """
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        body = None
    if _media_type(request) != "application/json" or not isinstance(body, dict):
        raise WalletRefusal("invalid_credential_request", "send a JSON object")
    return body


Sent = Annotated[Mapping[str, Any], Depends(json_of)]


@dataclass(frozen=True, slots=True)
class _Where:
    """A request as its DPoP proof names it."""

    method: str
    url: str
    proof: str | None


async def where(request: Request, inst: Inst) -> _Where:
    """Return what a DPoP proof of this request is about: our public address, not the server's.

    Raises:
        WalletRefusal: there is more than one proof.
    """
    proofs = request.headers.getlist("dpop")
    if len(proofs) > 1:
        raise WalletRefusal("invalid_dpop_proof", "send one proof")
    url = inst.public_url + request.url.path
    return _Where(request.method, url, proofs[0] if proofs else None)


async def proving(where: Annotated[_Where, Depends(where)]) -> Proving:
    """Return the proof of a key that came along, if one did."""
    return Proving(where.proof, where.method, where.url)


ProvingKey = Annotated[Proving, Depends(proving)]


async def shown(request: Request, where: Annotated[_Where, Depends(where)]) -> Shown:
    """Return the wallet's token, and how it is shown.

    Raises:
        TokenRefused: there is none.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() not in _SCHEMES or not token.strip():
        raise TokenRefused("this needs a wallet's token")
    return Shown(scheme.lower(), token.strip(), where.proof, where.method, where.url)


ShownToken = Annotated[Shown, Depends(shown)]
"""A wallet's token; whether it is good, is asked where it is used."""


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
