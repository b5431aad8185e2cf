"""Wallets take copies of the book: each with its own key, salts and entry on a status list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.wallets import EVENTS, USES_KEPT
from labour_book.errors import NotFound
from labour_book.queries import books, versions, wallets
from labour_book.queries.wallets import StoredDelivery, StoredToken
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.copying import copies_for, revoke_copies
from labour_book.services.hashed_secrets import hashed
from labour_book.services.installation import Installation
from labour_book.services.permission import OWN_USE, check_may, check_own
from labour_book.services.wallet_grants import wallet_caller
from labour_book.services.wallet_proofs import check_dpop, proven_keys
from labour_book.services.wallet_secrets import (
    TokenRefused,
    WalletRefusal,
    derived,
    is_same,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The token that came with a request, and how it was shown."""

    scheme: str
    token: str
    proof: str | None
    method: str
    url: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Copies as the wallet gets them; they are kept nowhere else."""

    credentials: tuple[str, ...]
    notification_id: str


def take_copies(
    db: Db, inst: Installation, shown: Shown, proofs: Sequence[str], *, now: datetime
) -> Taken:
    """Issue a copy of the worker's current version for each proven key; a token does so once.

    Raises:
        TokenRefused: the token is unknown, over, or shown without its key.
        WalletRefusal: the proofs are not good, or the token has given its copies.
        NoCurrentVersion: there is no signed version to copy.
        Conflict, Unavailable: the stored version was altered, or there is no key to sign with.
    """
    token, caller = _holder(db, shown, now)
    subject = books.subject(db, token.person_id)
    check_may(db, caller, Action.WALLET_TAKE, token.person_id, subject, purpose=OWN_USE, now=now)
    keys = proven_keys(db, inst, proofs, client_id=token.client_id, now=now)
    if not wallets.take_copies(db, token.token_hash, len(keys)):
        raise WalletRefusal("credential_request_denied", "this token has given its copies")
    version = versions.signed_version(db, token.person_id, None)
    copies = copies_for(db, inst, version, keys, now=now)
    assert version is not None
    delivery_id = UUID(bytes=inst.entropy(16), version=4)
    notification_id = derived(inst, "wallet-notification", delivery_id)
    row = {
        "id": delivery_id,
        "person_id": token.person_id,
        "grant_id": token.grant_id,
        "client_id": token.client_id,
        "version": version.version,
        "copies": len(copies),
        "taken_at": now,
        "notification_hash": hashed(notification_id),
    }
    wallets.add_delivery(db, row, [each.id for each in copies])
    detail: dict[str, str | int] = {"version": version.version, "copies": len(copies)}
    trace(
        db,
        caller,
        Action.WALLET_TAKE,
        at=now,
        purpose=OWN_USE,
        person_id=token.person_id,
        detail=detail | {"wallet": str(delivery_id)},
    )
    return Taken(tuple(each.credential for each in copies), notification_id)


def note_event(db: Db, shown: Shown, notification_id: str, event: str, *, now: datetime) -> None:
    """Take down what a wallet tells of its copies: kept, failed, or deleted.

    Raises:
        TokenRefused: the token is unknown, over, or shown without its key.
        WalletRefusal: there is no such delivery of this worker's, or no such event.
    """
    token, _ = _holder(db, shown, now)
    if event not in EVENTS:
        raise WalletRefusal("invalid_notification_request", "there is no such event")
    if not wallets.note_event(db, hashed(notification_id), token.person_id, event=event, now=now):
        raise WalletRefusal("invalid_notification_id", "there is no such delivery")


def own_wallets(db: Db, caller: Caller, *, now: datetime) -> list[StoredDelivery]:
    """Return what wallets took of the caller's book, newest first.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = check_own(db, caller, Action.WALLET_LIST, now)
    trace(db, caller, Action.WALLET_LIST, at=now, purpose=OWN_USE, person_id=person_id)
    return wallets.deliveries_of(db, person_id)


def forget_wallet(db: Db, caller: Caller, delivery_id: UUID, *, now: datetime) -> int:
    """Revoke the copies in a wallet that was lost or given up; return how many were revoked.

    Raises:
        NotFound: the caller has no such wallet, or has given it up already.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = check_own(db, caller, Action.WALLET_FORGET, now)
    if not wallets.forget_delivery(db, delivery_id, person_id, now):
        raise NotFound("there is no such wallet of yours")
    revoked = revoke_copies(db, wallets.copies_of(db, delivery_id), now=now)
    detail: dict[str, str | int] = {"wallet": str(delivery_id), "copies": revoked}
    trace(
        db,
        caller,
        Action.WALLET_FORGET,
        at=now,
        purpose=OWN_USE,
        person_id=person_id,
        detail=detail,
    )
    return revoked


def forget_old_grants(db: Db, now: datetime) -> int:
    """Delete offers, requests, tokens and uses that are over; return how many."""
    return wallets.forget_old(db, uses_before=now - USES_KEPT, now=now)


def _holder(db: Db, shown: Shown, now: datetime) -> tuple[StoredToken, Caller]:
    """Return the token that was shown as it has to be, and the worker it acts for."""
    token = wallets.live_token(db, hashed(shown.token), now)
    if token is None:
        raise TokenRefused("the token is unknown or over")
    caller = wallet_caller(db, token.account_id, now)
    if caller is None:
        raise TokenRefused("the token is unknown or over")
    if token.jkt is None:
        if shown.scheme != "bearer":
            raise TokenRefused("this token is a bearer token", scheme="Bearer")
        return token, caller
    if shown.scheme != "dpop" or shown.proof is None:
        raise TokenRefused("this token is shown with a DPoP proof")
    try:
        jkt = check_dpop(
            db, shown.proof, method=shown.method, url=shown.url, token=shown.token, now=now
        )
    except WalletRefusal as error:
        raise TokenRefused(str(error), code=error.code) from error
    if not is_same(jkt, token.jkt):
        raise TokenRefused("the proof is by another key", code="invalid_dpop_proof")
    return token, caller
