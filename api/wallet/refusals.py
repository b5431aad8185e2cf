"""How wallets are told that something is refused: the JSON of OAuth 2.0 (RFC 6749, section 5.2)."""

from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.responses import Response

from labour_book.services.wallet_secrets import TokenRefused, WalletRefusal

JSON = "application/json"
REFUSED, NOT_AUTHORIZED = 400, 401
_NOT_STORED = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}


def install(app: FastAPI) -> None:
    """Make the application tell wallets in their own words."""
    app.add_exception_handler(WalletRefusal, _told)


def refusals(*codes: str) -> dict[int | str, dict[str, Any]]:
    """Declare on a route with which codes it refuses."""
    examples = {code: {"value": {"error": code, "error_description": "..."}} for code in codes}
    content = {JSON: {"schema": {"type": "object"}, "examples": examples}}
    return {REFUSED: {"description": "Refused", "content": content}}


def token_refusals() -> dict[int | str, dict[str, Any]]:
    """Declare that a wallet's token may be refused."""
    told = {"error": "invalid_token", "error_description": "..."}
    content = {JSON: {"schema": {"type": "object"}, "example": told}}
    return {NOT_AUTHORIZED: {"description": "No good token", "content": content}}


async def _told(_request: Request, error: Exception) -> Response:
    assert isinstance(error, WalletRefusal)
    body = {"error": error.code, "error_description": str(error)}
    headers = dict(_NOT_STORED)
    status = REFUSED
    if isinstance(error, TokenRefused):
        status = NOT_AUTHORIZED
        algorithms = ' algs="ES256",' if error.scheme == "DPoP" else ""
        headers["WWW-Authenticate"] = f'{error.scheme}{algorithms} error="{error.code}"'
    return Response(orjson.dumps(body), status, headers, JSON)
