"""Wallets ask in advance (PAR) and fetch their token."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from api.dependencies import Db, Inst, Now
from api.problems import problems
from api.visiting import Address
from api.wallet.forms import Fields, ProvingKey
from api.wallet.refusals import refusals
from labour_book.errors import Invalid, Unavailable
from labour_book.services import wallet_authorizing, wallet_grants
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.wallet_grants import Granted, Proving
from labour_book.services.wallet_offers import AUTHORIZATION, PRE_AUTHORIZED
from labour_book.services.wallet_secrets import WalletRefusal

router = APIRouter(tags=["wallets"])

_ASKED = {"request_uri": "urn:ietf:params:oauth:request_uri:7K2M...", "expires_in": 600}
_TOKEN = {"access_token": "...", "token_type": "DPoP", "expires_in": 600}


@router.post(
    "/par",
    status_code=201,
    responses=refusals("invalid_request", "invalid_scope", "invalid_dpop_proof")
    | problems(Invalid, TooMany, Unavailable)
    | {201: {"content": {"application/json": {"example": _ASKED}}}},
)
def push_authorization_request(
    form: Fields, *, proving: ProvingKey, address: Address, db: Db, inst: Inst, now: Now
) -> dict[str, Any]:
    """Take a wallet's authorisation request in advance (RFC 9126); PKCE is needed."""
    name, seconds = wallet_authorizing.push(
        db, inst, form, proving=proving, address=address, now=now
    )
    return {"request_uri": name, "expires_in": seconds}


@router.post(
    "/token",
    responses=refusals(
        "invalid_grant", "invalid_request", "invalid_dpop_proof", "unsupported_grant_type"
    )
    | problems(Invalid, Unavailable)
    | {200: {"content": {"application/json": {"example": _TOKEN}}}},
)
def token(
    form: Fields, proving: ProvingKey, inst: Inst, now: Now, response: Response
) -> dict[str, Any]:
    """Return a token for a code: pre-authorised with the worker's code, or from the consent."""
    response.headers["Pragma"] = "no-cache"
    granted = _granted(inst, form, proving, now)
    return {
        "access_token": granted.token,
        "token_type": "DPoP" if granted.is_bound else "Bearer",
        "expires_in": granted.seconds,
    }


def _granted(
    inst: Installation, form: Mapping[str, str], proving: Proving, now: datetime
) -> Granted:
    match form.get("grant_type"):
        case grant if grant == PRE_AUTHORIZED:
            return wallet_grants.redeem_offer(
                inst,
                _needed(form, "pre-authorized_code"),
                _needed(form, "tx_code"),
                client_id=form.get("client_id"),
                proving=proving,
                now=now,
            )
        case grant if grant == AUTHORIZATION:
            return wallet_grants.redeem_code(
                inst,
                _needed(form, "code"),
                _needed(form, "code_verifier"),
                client_id=_needed(form, "client_id"),
                redirect_uri=_needed(form, "redirect_uri"),
                proving=proving,
                now=now,
            )
    raise WalletRefusal("unsupported_grant_type", "there is no such grant here")


def _needed(form: Mapping[str, str], name: str) -> str:
    value = form.get(name)
    if not value:
        raise WalletRefusal("invalid_request", f"{name} is missing")
    return value
