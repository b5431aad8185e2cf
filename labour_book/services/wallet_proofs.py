"""What a wallet proves: that it holds the keys it wants copies for, and the key of its token.

Source: OpenID4VCI 1.0, appendix F.1 and section 8.2; RFC 9449 (DPoP), section 4.3.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import signing
from labour_book.database import Db
from labour_book.domain.base64url import letters_of
from labour_book.domain.wallets import LEEWAY, MOST_COPIES, PROOF_AGE
from labour_book.services.installation import Installation
from labour_book.services.wallet_secrets import WalletRefusal, is_same, use_nonce, use_once
from signing import HolderProof, SigningError

_LONGEST_NAME = 200


def check_dpop(
    db: Db, proof: str, *, method: str, url: str, token: str | None = None, now: datetime
) -> str:
    """Return the thumbprint of the key that made a DPoP proof for this request, used once.

    Raises:
        WalletRefusal: the proof is malformed, for another request or token, old, or was used.
    """
    read = _read(proof, signing.DPOP, "invalid_dpop_proof")
    name = read.claims.get("jti")
    right = (
        read.claims.get("htm") == method
        and str(read.claims.get("htu")).partition("?")[0] == url
        and _is_recent(read.claims, now)
        and isinstance(name, str)
        and 0 < len(name) <= _LONGEST_NAME
    )
    if token is not None:
        digest = letters_of(sha256(token.encode()).digest())
        right = right and read.claims.get("ath") == digest
    if not right:
        raise WalletRefusal("invalid_dpop_proof", "made for another request, or too old")
    if not use_once(db, "dpop", f"{read.thumbprint}:{name}", now):
        raise WalletRefusal("invalid_dpop_proof", "this proof was used")
    return read.thumbprint


def proven_keys(
    db: Db, inst: Installation, proofs: Sequence[str], *, client_id: str | None, now: datetime
) -> list[Mapping[str, str]]:
    """Return the public keys that a wallet wants copies for, each proven to be in its hands.

    All proofs of a batch answer to one nonce, which is used by it; no two have one key.

    Raises:
        WalletRefusal: no or too many proofs, a proof that is malformed, for somebody else or too
            old, a key that comes twice, or a nonce that is not ours, over, or used.
    """
    if not 1 <= len(proofs) <= MOST_COPIES:
        raise WalletRefusal("invalid_proof", f"send 1 to {MOST_COPIES} proofs")
    read = [_read(each, signing.KEY_PROOF, "invalid_proof") for each in proofs]
    if not all(_is_for_us(each.claims, inst, client_id, now) for each in read):
        raise WalletRefusal("invalid_proof", "a proof is for another issuer, or too old")
    if len({each.thumbprint for each in read}) < len(read):
        raise WalletRefusal("invalid_proof", "each copy needs a key of its own")
    nonces = {str(each.claims.get("nonce", "")) for each in read}
    if len(nonces) > 1 or not use_nonce(db, inst, nonces.pop(), now):
        raise WalletRefusal("invalid_nonce", "ask for a new nonce")
    return [each.jwk for each in read]


def _read(proof: str, typ: str, code: str) -> HolderProof:
    try:
        return signing.read_holder_proof(proof, typ=typ)
    except SigningError as error:
        raise WalletRefusal(code, "the proof cannot be trusted") from error


def _is_for_us(
    claims: Mapping[str, Any], inst: Installation, client_id: str | None, now: datetime
) -> bool:
    audience = claims.get("aud")
    by = claims.get("iss")
    return (
        isinstance(audience, str)
        and is_same(audience, inst.issuer.uri)
        and _is_recent(claims, now)
        and (by is None or client_id is None or by == client_id)
    )


def _is_recent(claims: Mapping[str, Any], now: datetime) -> bool:
    made = claims.get("iat")
    if type(made) is not int:
        return False
    age = timedelta(seconds=now.timestamp() - made) if abs(made) < 2**40 else None
    return age is not None and -LEEWAY <= age <= PROOF_AGE
