"""Refusals, and the credential and the presentation that they start from."""

import json
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

import signing
from signing import Reason, State
from signing.encoding import b64url
from signing.keys import raw_signature
from tests.signing import samples

TOKEN = samples.issue()
JWT, *DISCLOSURES = TOKEN.removesuffix("~").split("~")
HEAD, BODY, SIGNATURE = JWT.split(".")


def assert_integrity_refused(token: str, reason: Reason, step: int) -> signing.Verdict:
    verdict = samples.verify(token)
    assert (verdict.integrity.state, verdict.integrity.reason) == (State.NO, reason)
    assert verdict.step == step
    assert verdict.status.state is State.UNKNOWN
    assert verdict.issuer.state is State.UNKNOWN
    assert verdict.claims is None
    assert not verdict.is_good
    return verdict


AUDIENCE, NONCE = "https://employer.example", "n-0S6_WzA2Mj"
WALLET = ec.generate_private_key(ec.SECP256R1())
BOUND = samples.issue(holder=signing.public_jwk(WALLET.public_key()))
PRESENTED = signing.present(BOUND, WALLET, audience=AUDIENCE, nonce=NONCE, issued_at=samples.NOW)


def verify_presented(token: str, **changes: Any) -> signing.Presentation:
    given: dict[str, Any] = {
        "trust": samples.trust(),
        "now": samples.NOW,
        "audience": AUDIENCE,
        "nonce": NONCE,
        "status": samples.all_valid,
    }
    return signing.verify_presentation(token, **given | changes)


def bind(
    claims: dict[str, Any] | None = None,
    *,
    head: dict[str, Any] | None = None,
    credential: str = BOUND,
    signer: ec.EllipticCurvePrivateKey = WALLET,
    body: str | None = None,
    signature: bytes | None = None,
) -> str:
    """Bind a credential as a hostile or a faulty wallet would; `...` leaves a member out."""
    header = {"alg": "ES256", "typ": "kb+jwt"} | (head or {})
    stated = {
        "aud": AUDIENCE,
        "nonce": NONCE,
        "iat": int(samples.NOW.timestamp()),
        "sd_hash": b64url(sha256(credential.encode()).digest()),
    } | (claims or {})
    encoded = [
        b64url(json.dumps({name: each[name] for name in each if each[name] is not ...}).encode())
        for each in (header, stated)
    ]
    signed = f"{encoded[0]}.{body or encoded[1]}"
    if signature is None:
        signature = raw_signature(signer.sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"{credential}{signed}.{b64url(signature)}"
