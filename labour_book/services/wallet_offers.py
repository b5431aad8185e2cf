"""Offering the book to the worker's own wallet: an address to fetch, and a code on another channel.

The address may be photographed by somebody else: it is worth nothing without the transaction code,
which only the worker's own screen shows (OpenID4VCI 1.0, section 13.6).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.wallets import CONFIGURATION, OFFER_LIFE, TX_DIGITS
from labour_book.errors import NotFound
from labour_book.queries import wallets
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.hashed_secrets import hashed
from labour_book.services.installation import Installation
from labour_book.services.offers import current_record
from labour_book.services.permission import OWN_USE, check_own
from labour_book.services.wallet_secrets import derived, new_tx_code, tx_code_index

PRE_AUTHORIZED = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
AUTHORIZATION = "authorization_code"
_SCHEME = "openid-credential-offer://?"


class Way(StrEnum):
    """How the wallet gets its token."""

    PRE_AUTHORIZED = "pre-authorized"
    """By the code in the offer, and the transaction code."""
    AUTHORIZATION = "authorization"
    """By the worker's consent in the browser."""


@dataclass(frozen=True, slots=True)
class MadeOffer:
    """An offer as the worker's screen shows it."""

    address: str
    """Where a wallet fetches the offer."""
    link: str
    """The same as a link that opens a wallet; also what the QR holds."""
    offer: dict[str, Any]
    tx_code: str | None
    expires_at: datetime


def make_offer(db: Db, inst: Installation, caller: Caller, way: Way, *, now: datetime) -> MadeOffer:
    """Offer the caller's own book to a wallet.

    Raises:
        NoCurrentVersion: there is no signed book that could be taken.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    person_id = check_own(db, caller, Action.WALLET_OFFER, now)
    current_record(db, person_id)
    offer_id = UUID(bytes=inst.entropy(16), version=4)
    tx_code = new_tx_code(inst) if way is Way.PRE_AUTHORIZED else None
    expires_at = now + OFFER_LIFE
    row = {
        "id": offer_id,
        "person_id": person_id,
        "account_id": UUID(caller.id),
        "way": str(way),
        "created_at": now,
        "expires_at": expires_at,
        "address_hash": hashed(derived(inst, "wallet-offer", offer_id)),
        "code_hash": hashed(derived(inst, "wallet-code", offer_id)),
        "tx_code": None if tx_code is None else tx_code_index(inst, offer_id, tx_code),
        "attempts": 0,
        "redeemed_at": None,
    }
    wallets.add_offer(db, row)
    detail = {"way": str(way)}
    trace(
        db,
        caller,
        Action.WALLET_OFFER,
        at=now,
        purpose=OWN_USE,
        person_id=person_id,
        detail=detail,
    )
    address = f"{inst.public_url}/offer/{derived(inst, 'wallet-offer', offer_id)}"
    link = _SCHEME + urlencode({"credential_offer_uri": address})
    return MadeOffer(address, link, _offer(inst, offer_id, way), tx_code, expires_at)


def offer_at(db: Db, inst: Installation, address: str, *, now: datetime) -> dict[str, Any]:
    """Return the offer at an address.

    Raises:
        NotFound: there is none, or it is over or taken; nobody is told which.
    """
    found = wallets.open_offer(db, hashed(address), now)
    if found is None:
        raise NotFound("there is no such offer")
    return _offer(inst, found.id, Way(found.way))


def _offer(inst: Installation, offer_id: UUID, way: Way) -> dict[str, Any]:
    code = derived(inst, "wallet-code", offer_id)
    grants: dict[str, Any]
    if way is Way.AUTHORIZATION:
        grants = {AUTHORIZATION: {"issuer_state": code}}
    else:
        entry = {
            "input_mode": "numeric",
            "length": TX_DIGITS,
            "description": "Mã hiện trên màn hình của bạn / The code on your screen",
        }
        grants = {PRE_AUTHORIZED: {"pre-authorized_code": code, "tx_code": entry}}
    return {
        "credential_issuer": inst.issuer.uri,
        "credential_configuration_ids": [CONFIGURATION],
        "grants": grants,
    }
