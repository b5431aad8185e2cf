"""From a code to a wallet's token: each code once, within its time, by whom it was made for.

Source: OpenID4VCI 1.0, section 6; RFC 6749, section 4.1.2; RFC 7636.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db, transaction
from labour_book.domain.wallets import MOST_COPIES, TOKEN_LIFE, TX_TRIES, answers_challenge
from labour_book.queries import sessions, wallets
from labour_book.queries.wallets import StoredAuthorization, StoredOffer
from labour_book.services.accounts import caller_from
from labour_book.services.auditing import trace
from labour_book.services.callers import FULL_LEVEL, Action, Caller
from labour_book.services.hashed_secrets import hashed
from labour_book.services.installation import Installation
from labour_book.services.permission import OWN_USE, deed
from labour_book.services.wallet_offers import Way
from labour_book.services.wallet_proofs import check_dpop
from labour_book.services.wallet_secrets import (
    WalletRefusal,
    is_same,
    new_token,
    tx_code_index,
)


@dataclass(frozen=True, slots=True)
class Proving:
    """The DPoP proof that came with a request, and the request it has to be for."""

    proof: str | None
    method: str
    url: str

    def thumbprint(self, db: Db, now: datetime) -> str | None:
        """Return the thumbprint of the key it shows; None if there is no proof.

        Raises:
            WalletRefusal: the proof is not good.
        """
        if self.proof is None:
            return None
        return check_dpop(db, self.proof, method=self.method, url=self.url, now=now)


@dataclass(frozen=True, slots=True)
class Granted:
    """A wallet's new token."""

    token: str
    is_bound: bool
    """To a key, by DPoP."""
    seconds: int


def redeem_offer(
    inst: Installation,
    code: str,
    tx_code: str,
    *,
    client_id: str | None,
    proving: Proving,
    now: datetime,
) -> Granted:
    """Return a token for a pre-authorised code and the transaction code that goes with it.

    Each try is counted before it is looked at, in a transaction of its own: guesses that come at
    once are no more than those that come one by one.

    Raises:
        WalletRefusal: the code is not ours, over or used, or the transaction code is wrong.
    """
    with transaction(inst.engine) as db:
        offer = wallets.count_try(db, hashed(code), Way.PRE_AUTHORIZED, tries=TX_TRIES, now=now)
    if offer is None or not _is_tx_code(inst, offer, tx_code):
        raise _no_grant()
    with deed(inst.engine) as db:
        jkt = proving.thumbprint(db, now)
        if not wallets.redeem_offer(db, offer.id, now):
            raise _no_grant()
        return _grant(db, inst, offer.id, offer.account_id, client_id=client_id, jkt=jkt, now=now)


def redeem_code(
    inst: Installation,
    code: str,
    verifier: str,
    *,
    client_id: str,
    redirect_uri: str,
    proving: Proving,
    now: datetime,
) -> Granted:
    """Return a token for an authorisation code, bound to the wallet's DPoP key.

    A code that comes twice has been seen by somebody else: the token from its first use ends.

    Raises:
        WalletRefusal: the code is not ours, over or used, or was made for another wallet, address,
            PKCE verifier or key; or there is no proof of a key.
    """
    with deed(inst.engine) as db:
        found = wallets.authorization_with_code(db, hashed(code))
        is_again = found is not None and found.redeemed_at is not None
        if found is not None and is_again:
            wallets.end_tokens(db, found.id)
    if found is None or is_again or found.account_id is None:
        raise _no_grant()
    with deed(inst.engine) as db:
        jkt = proving.thumbprint(db, now)
        if jkt is None:
            raise WalletRefusal("invalid_dpop_proof", "prove the key that the token is for (DPoP)")
        _check_fits(found, verifier, client_id=client_id, redirect_uri=redirect_uri, jkt=jkt)
        if not wallets.redeem_authorization(db, found.id, now):
            raise _no_grant()
        return _grant(db, inst, found.id, found.account_id, client_id=client_id, jkt=jkt, now=now)


def wallet_caller(db: Db, account_id: UUID, now: datetime) -> Caller | None:
    """Return the worker for whom a wallet acts; None if the account was closed.

    The worker was sure enough of themselves when they agreed: less would not have come this far.
    """
    holder = sessions.open_holder(db, account_id, FULL_LEVEL, now)
    return None if holder is None else caller_from(holder)


def _grant(
    db: Db,
    inst: Installation,
    grant_id: UUID,
    account_id: UUID,
    *,
    client_id: str | None,
    jkt: str | None,
    now: datetime,
) -> Granted:
    caller = wallet_caller(db, account_id, now)
    if caller is None or caller.person_id is None:
        raise _no_grant()
    token = new_token(inst)
    row = {
        "token_hash": hashed(token),
        "grant_id": grant_id,
        "account_id": account_id,
        "person_id": caller.person_id,
        "client_id": client_id,
        "jkt": jkt,
        "created_at": now,
        "expires_at": now + TOKEN_LIFE,
        "copies_left": MOST_COPIES,
    }
    wallets.add_token(db, row)
    trace(db, caller, Action.WALLET_GRANT, at=now, purpose=OWN_USE, person_id=caller.person_id)
    return Granted(token, jkt is not None, int(TOKEN_LIFE.total_seconds()))


def _is_tx_code(inst: Installation, offer: StoredOffer, tx_code: str) -> bool:
    given = tx_code_index(inst, offer.id, tx_code)
    return offer.tx_code is not None and hmac.compare_digest(given, offer.tx_code)


def _check_fits(
    found: StoredAuthorization, verifier: str, *, client_id: str, redirect_uri: str, jkt: str
) -> None:
    fits = (
        is_same(client_id, found.client_id)
        and is_same(redirect_uri, found.redirect_uri)
        and answers_challenge(verifier, found.code_challenge)
        and (found.jkt is None or is_same(jkt, found.jkt))
    )
    if not fits:
        raise _no_grant()


def _no_grant() -> WalletRefusal:
    # One answer for all causes: who guesses learns nothing.
    return WalletRefusal("invalid_grant", "the code is not good, or no longer")
