"""Wallets take their copies, and tell what became of them."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from api.dependencies import Db, Inst, Now
from api.problems import problems
from api.wallet.forms import Sent, ShownToken
from api.wallet.refusals import refusals, token_refusals
from labour_book.domain.wallets import CONFIGURATION
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import wallet_issuing
from labour_book.services.wallet_secrets import WalletRefusal, new_nonce

router = APIRouter(tags=["wallets"])

_TAKEN = {"credentials": [{"credential": "eyJ...~WyJ...~"}], "notification_id": "7K2M..."}


@router.post(
    "/nonce", responses={200: {"content": {"application/json": {"example": {"c_nonce": "AQ..."}}}}}
)
async def nonce(inst: Inst, now: Now) -> dict[str, str]:
    """Return a nonce for the proofs of one batch; it is good for five minutes, and once."""
    return {"c_nonce": new_nonce(inst, now)}


@router.post(
    "/credential",
    responses=refusals(
        "invalid_proof",
        "invalid_nonce",
        "invalid_credential_request",
        "unknown_credential_configuration",
        "credential_request_denied",
    )
    | token_refusals()
    | problems(Denied, NotFound, Conflict, Invalid, Unavailable)
    | {200: {"content": {"application/json": {"example": _TAKEN}}}},
)
def credential(shown: ShownToken, sent: Sent, db: Db, inst: Inst, now: Now) -> dict[str, Any]:
    """Return a copy of the book for each key that is proven: its own salts, its own status."""
    taken = wallet_issuing.take_copies(db, inst, shown, _proofs(sent), now=now)
    return {
        "credentials": [{"credential": each} for each in taken.credentials],
        "notification_id": taken.notification_id,
    }


@router.post(
    "/notification",
    status_code=204,
    response_class=Response,
    responses=refusals("invalid_notification_id", "invalid_notification_request")
    | token_refusals()
    | problems(Invalid, Unavailable),
)
def notification(shown: ShownToken, sent: Sent, db: Db, now: Now) -> None:
    """Take down what a wallet tells of its copies."""
    match sent:
        case {"notification_id": str(name), "event": str(event)}:
            wallet_issuing.note_event(db, shown, name, event, now=now)
        case _:
            raise WalletRefusal("invalid_notification_request", "name the delivery and the event")


def _proofs(sent: Mapping[str, Any]) -> list[str]:
    """Return the proofs in a credential request.

    Raises:
        WalletRefusal: it asks for something else, or has no proofs of the one kind.
    """
    if "credential_response_encryption" in sent:
        raise WalletRefusal("invalid_encryption_parameters", "answers are not encrypted here")
    if "credential_identifier" in sent:
        raise WalletRefusal("unknown_credential_identifier", "none was given out")
    if sent.get("credential_configuration_id") != CONFIGURATION:
        raise WalletRefusal("unknown_credential_configuration", f"there is only {CONFIGURATION}")
    match sent.get("proofs"):
        case {"jwt": [*proofs], **rest} if not rest and all(isinstance(e, str) for e in proofs):
            return [str(each) for each in proofs]
    raise WalletRefusal("invalid_proof", "proofs are a list under jwt")
