"""Is it shown by the one it was issued to, to us, now? The key binding of SD-JWT (KB-JWT).

After steps 1 to 9 of `signing.verification`:

10. There is a key binding, within the profile: ES256, `kb+jwt`, no key of its own.
11. The credential names the wallet's key, and that key signed the binding.
12. It is for this audience and this nonce, at most five minutes old, and over exactly the
    disclosures that are shown.

That a nonce is used once is for the caller to see to.

Source: RFC 9901 sections 4.3 and 7.3.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from signing.answers import NOT_CHECKED, YES, Answer, State, Verdict
from signing.encoding import b64url, parse_object
from signing.errors import Reason, SigningError, VerificationError
from signing.jws import open_holder_form
from signing.keys import ALGORITHM, check_signature, raw_signature, read_public_jwk
from signing.standing import StatusSource
from signing.status_list import LEEWAY_SECONDS, is_time
from signing.trust import TrustBundle, epoch
from signing.verification import verify_credential

TYP = "kb+jwt"
MAX_AGE_SECONDS = 300
MAX_BINDING = 16 * 1024
BOUND, HOLDER, PRESENTED = 10, 11, 12
_MISMATCH = {
    "aud": Reason.AUDIENCE_MISMATCH,
    "nonce": Reason.NONCE_MISMATCH,
    "sd_hash": Reason.SD_HASH_MISMATCH,
}


@dataclass(frozen=True, slots=True)
class Presentation(Verdict):
    """A verdict with a fourth answer: does the holder show it, to us and now?

    `claims` are there only if integrity, issuer and holder are all "yes".
    """

    holder: Answer = NOT_CHECKED

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All four answers."""
        return (self.integrity, self.status, self.issuer, self.holder)


def present(
    credential: str,
    private: ec.EllipticCurvePrivateKey,
    *,
    audience: str,
    nonce: str,
    issued_at: datetime,
) -> str:
    """Return what a wallet hands to a verifier: the credential with a key binding at its end.

    `private` is the wallet's key; what is not to be shown has to be left out before.
    """
    header = {"alg": ALGORITHM, "typ": TYP}
    claims = {
        "aud": audience,
        "nonce": nonce,
        "iat": epoch(issued_at),
        "sd_hash": _sd_hash(credential),
    }
    signed = ".".join(b64url(orjson.dumps(part)) for part in (header, claims))
    der = private.sign(signed.encode("ascii"), ec.ECDSA(SHA256()))
    return f"{credential}{signed}.{b64url(raw_signature(der))}"


def verify_presentation(
    token: str,
    trust: TrustBundle,
    now: datetime,
    *,
    audience: str,
    nonce: str,
    status: StatusSource | None = None,
) -> Presentation:
    """Answer the three questions about a credential, and whether its holder shows it to us now.

    Raises:
        SigningError: `now` has no time zone, or audience or nonce is empty. What is wrong with
            the token is in the verdict.
    """
    if not audience or not nonce:
        raise SigningError("a presentation is for somebody and answers to a nonce")
    credential, tilde, binding = token.rpartition("~")
    verdict = verify_credential(credential + tilde, trust, now, status)
    if verdict.claims is None:
        return _with(verdict, NOT_CHECKED)
    expected = {"aud": audience, "nonce": nonce, "sd_hash": _sd_hash(credential + tilde)}
    try:
        _check_addressed(_bound(binding, verdict.claims), expected, epoch(now))
    except VerificationError as error:
        return _with(verdict, Answer(State.NO, error.reason), error)
    return _with(verdict, YES)


def _bound(binding: str, credential: Mapping[str, Any]) -> dict[str, Any]:
    # (10) There is a key binding, within the profile.
    if not binding:
        raise VerificationError(Reason.KEY_BINDING_MISSING, BOUND, "there is no key binding")
    if len(binding) > MAX_BINDING:
        raise VerificationError(Reason.TOO_LARGE, BOUND, "the key binding is too long")
    signed, payload, signature = open_holder_form(binding, typ=TYP)
    # (11) The wallet's key signed it.
    check_signature(_holder_key(credential), signature, signed, step=HOLDER)
    return parse_object(payload, step=PRESENTED)


def _holder_key(credential: Mapping[str, Any]) -> ec.EllipticCurvePublicKey:
    match credential.get("cnf"):
        case None:
            raise VerificationError(Reason.HOLDER_KEY_MISSING, HOLDER, "bound to no wallet")
        case {"jwk": jwk}:
            try:
                return read_public_jwk(jwk)
            except SigningError as error:
                raise VerificationError(
                    Reason.HOLDER_KEY_REFUSED, HOLDER, "no key of a wallet"
                ) from error
    raise VerificationError(Reason.HOLDER_KEY_REFUSED, HOLDER, "cnf holds a jwk")


def _check_addressed(claims: dict[str, Any], expected: Mapping[str, str], seconds: int) -> None:
    # (12) It was made just now, for us, over exactly what is shown.
    iat = claims.get("iat")
    if not is_time(iat):
        raise VerificationError(Reason.CLAIM_TYPE, PRESENTED, "iat is in whole seconds")
    if iat > seconds + LEEWAY_SECONDS:
        raise VerificationError(Reason.NOT_YET_VALID, PRESENTED, "from the future")
    if iat < seconds - MAX_AGE_SECONDS:
        raise VerificationError(Reason.PRESENTATION_TOO_OLD, PRESENTED, "made too long ago")
    for name, value in expected.items():
        stated = claims.get(name)
        if type(stated) is not str:
            raise VerificationError(Reason.CLAIM_TYPE, PRESENTED, f"{name} is a text")
        if not hmac.compare_digest(stated.encode("utf-8"), value.encode("utf-8")):
            raise VerificationError(_MISMATCH[name], PRESENTED, f"another {name} than asked for")


def _sd_hash(credential: str) -> str:
    return b64url(sha256(credential.encode("ascii")).digest())


def _with(verdict: Verdict, holder: Answer, error: VerificationError | None = None) -> Presentation:
    known = {each.name: getattr(verdict, each.name) for each in fields(Verdict)}
    if holder != YES:
        known["claims"] = None
    if error is not None:
        known |= {"step": max(error.step, BOUND), "message": error.message}
    elif holder == YES:
        known["step"] = PRESENTED
    return Presentation(**known, holder=holder)
