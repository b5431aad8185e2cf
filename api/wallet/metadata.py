"""What we issue and how, in the places where wallets look for it.

With a path in the public address, ``/.well-known/...`` stands before that path (RFC 8414, section
3.1; OpenID4VCI 1.0, section 12.2.2), so each document has two addresses here.
"""

from typing import Annotated, Any
from urllib.parse import urlsplit

import orjson
from fastapi import APIRouter, Depends, Path, Response

from api.dependencies import Inst, Now, ReadingDb
from api.problems import problems
from api.routes.credential_type import type_metadata
from api.routes.media import JSON, answers
from api.routes.trust import ISSUER, Publish
from labour_book.domain.wallets import CONFIGURATION, MOST_COPIES
from labour_book.errors import Invalid, NotFound, Unavailable
from labour_book.services import keys
from labour_book.services.installation import Installation
from labour_book.services.wallet_offers import AUTHORIZATION, PRE_AUTHORIZED

router = APIRouter(tags=["wallets"], default_response_class=Response)

CREDENTIAL_ISSUER = "/.well-known/openid-credential-issuer"
SERVER = "/.well-known/oauth-authorization-server"
VC_ISSUER = "/.well-known/jwt-vc-issuer"
_ES256 = ["ES256"]
_NAMES = (("vi-VN", "Sổ lao động điện tử"), ("en", "Electronic labour book"))


def own_path(
    inst: Inst, own: Annotated[str, Path(max_length=300, description="Path of the issuer.")]
) -> None:
    """Refuse a well-known address with a path that is not the issuer's.

    Raises:
        NotFound: it is another one.
    """
    if own.strip("/") != urlsplit(inst.issuer.uri).path.strip("/"):
        raise NotFound("there is no issuer with this path")


OwnPath = Depends(own_path)


@router.get(CREDENTIAL_ISSUER, responses=answers(JSON, {"credential_issuer": "https://..."}))
async def credential_issuer(inst: Inst, publish: Publish) -> Response:
    """Return the metadata of the credential issuer (OpenID4VCI 1.0): what a wallet can take."""
    return publish(orjson.dumps(_issuer(inst)), JSON)


@router.get(
    CREDENTIAL_ISSUER + "/{own:path}",
    dependencies=[OwnPath],
    responses=answers(JSON, {"credential_issuer": "https://..."}) | problems(NotFound, Invalid),
)
async def credential_issuer_at(inst: Inst, publish: Publish) -> Response:
    """Return the same for an issuer whose address has a path."""
    return publish(orjson.dumps(_issuer(inst)), JSON)


@router.get(SERVER, responses=answers(JSON, {"issuer": "https://..."}))
async def authorization_server(inst: Inst, publish: Publish) -> Response:
    """Return the metadata of the authorisation server (RFC 8414)."""
    return publish(orjson.dumps(_server(inst)), JSON)


@router.get(
    SERVER + "/{own:path}",
    dependencies=[OwnPath],
    responses=answers(JSON, {"issuer": "https://..."}) | problems(NotFound, Invalid),
)
async def authorization_server_at(inst: Inst, publish: Publish) -> Response:
    """Return the same for an issuer whose address has a path."""
    return publish(orjson.dumps(_server(inst)), JSON)


@router.get(
    VC_ISSUER + "/{own:path}",
    dependencies=[OwnPath],
    responses=answers(JSON, ISSUER) | problems(NotFound, Invalid, Unavailable),
)
def issuer_metadata_at(db: ReadingDb, inst: Inst, now: Now, publish: Publish) -> Response:
    """Return the JWT VC issuer metadata for an issuer whose address has a path."""
    about = {"issuer": inst.issuer.uri, "jwks": keys.jwks(db, now)}
    return publish(orjson.dumps(about), JSON)


def _issuer(inst: Installation) -> dict[str, Any]:
    at = inst.public_url
    return {
        "credential_issuer": inst.issuer.uri,
        "credential_endpoint": f"{at}/credential",
        "nonce_endpoint": f"{at}/nonce",
        "notification_endpoint": f"{at}/notification",
        "batch_credential_issuance": {"batch_size": MOST_COPIES},
        "display": [
            {"name": inst.issuer.name_vi, "locale": "vi-VN"},
            {"name": inst.issuer.name_en, "locale": "en"},
        ],
        "credential_configurations_supported": {CONFIGURATION: _book(inst)},
    }


def _book(inst: Installation) -> dict[str, Any]:
    described = type_metadata(inst.vct)
    return {
        "format": "dc+sd-jwt",
        "scope": CONFIGURATION,
        "vct": inst.vct,
        "cryptographic_binding_methods_supported": ["jwk"],
        "credential_signing_alg_values_supported": _ES256,
        "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": _ES256}},
        "credential_metadata": {
            "display": [{"name": name, "locale": locale} for locale, name in _NAMES],
            "claims": [_claim(each) for each in described["claims"]],
        },
    }


def _claim(described: dict[str, Any]) -> dict[str, Any]:
    names = [
        {"name": each.get("name") or each["label"], "locale": each.get("locale") or each["lang"]}
        for each in described["display"]
    ]
    return {"path": described["path"], "display": names}


def _server(inst: Installation) -> dict[str, Any]:
    at = inst.public_url
    return {
        "issuer": inst.issuer.uri,
        "authorization_endpoint": f"{at}/authorize",
        "pushed_authorization_request_endpoint": f"{at}/par",
        "require_pushed_authorization_requests": True,
        "token_endpoint": f"{at}/token",
        "token_endpoint_auth_methods_supported": ["none"],
        "grant_types_supported": [AUTHORIZATION, PRE_AUTHORIZED],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "scopes_supported": [CONFIGURATION],
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": _ES256,
        "authorization_response_iss_parameter_supported": True,
        "pre-authorized_grant_anonymous_access_supported": True,
    }
