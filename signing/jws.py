"""Compact JWS as we use it: one algorithm, four header parameters, keys from the trust list.

PyJWT signs and verifies the status and trust lists. It is not used for credentials: its decoding
costs four times the curve operation, and it leaves typ, crit, use and canonical base64 to us.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from re import compile as pattern
from typing import Any

import orjson
from jwt import PyJWS
from jwt.exceptions import PyJWTError

from signing.encoding import b64url, b64url_decode, parse_object
from signing.errors import Reason, SigningError, VerificationError
from signing.keys import ALGORITHM, SigningKey, Use, x5c
from signing.trust import TrustBundle, TrustedKey

MAX_HEADER = 16 * 1024
_PARTS = 3
_KID = pattern(r"[A-Za-z0-9_-]{43}")  # a base64url SHA-256
_PROFILE = frozenset({"alg", "typ", "kid", "x5c"})
_HOLDER_PROFILE = frozenset({"alg", "typ", "kid"})
_PROOF_PROFILE = frozenset({"alg", "typ", "jwk"})

# Steps that every token goes through, numbered as in `signing.verification`; `signing.answers`
# stands above this module.
FORM, HEADER, KEY, SIGNATURE, CLAIMS = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Header:
    """The protected header: which key, and what the token says of its certificate."""

    kid: str
    x5c: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Unverified:
    """A well-formed JWS whose signature nobody has checked yet."""

    header: Header
    signed: bytes
    payload: str
    signature: bytes


@lru_cache(maxsize=64)
def protected_header(signer: SigningKey, typ: str) -> str:
    """Return the encoded header; the same for all that a key signs of one type."""
    header = {"alg": ALGORITHM, "kid": signer.kid, "typ": typ, "x5c": x5c(signer.chain)}
    return b64url(orjson.dumps(header))


def check_use(signer: SigningKey, use: Use, *, at: datetime | None = None) -> None:
    """Refuse to sign with a key that was made for something else or another time.

    Raises:
        SigningError: the key's use is another one, or `at` is outside its period.
    """
    if signer.use is not use:
        raise SigningError(f"a {signer.use} key does not sign for {use}")
    if at is not None and not signer.not_before <= at < signer.not_after:
        raise SigningError("the key has not begun yet, or has ended")


def sign_list(claims: dict[str, Any], *, signer: SigningKey, typ: str) -> str:
    """Sign the claims of a status or trust list."""
    header = {"kid": signer.kid, "typ": typ, "x5c": x5c(signer.chain)}
    return PyJWS().encode(orjson.dumps(claims), signer.private, ALGORITHM, header)


def open_list(
    token: str, trust: TrustBundle, *, typ: str, use: Use, limit: int
) -> tuple[dict[str, Any], TrustedKey]:
    """Return the claims of a list and the pinned key that signed it.

    Raises:
        VerificationError: too long, wrong form, no key of that use, or a wrong signature.
    """
    if len(token) > limit:
        raise VerificationError(Reason.TOO_LARGE, FORM, f"longer than {limit} characters")
    jws = open_form(token, typ=typ)
    key = trust.key_for(jws.header.kid, jws.header.x5c, use=use, step=KEY)
    verify_with_pyjwt(token, jws, key)
    return parse_object(jws.payload, step=CLAIMS), key


def verify_with_pyjwt(token: str, jws: Unverified, key: TrustedKey) -> None:
    """Check the signature of a list whose form has been checked.

    Raises:
        VerificationError: the signature is malformed or wrong.
    """
    key.check(jws.signature, jws.signed, step=SIGNATURE)
    try:
        PyJWS().decode(token, key.public_key, algorithms=[ALGORITHM])
    except PyJWTError as error:
        raise VerificationError(Reason.SIGNATURE_WRONG, SIGNATURE, "refused by PyJWT") from error


def open_form(token: str, *, typ: str) -> Unverified:
    """Take a compact JWS apart and hold its header against the profile (steps 1 and 2).

    Raises:
        VerificationError: not three canonical parts, or a header outside the profile.
    """
    protected, payload, signature = _parts(token)
    return Unverified(
        header=_header(protected, typ),
        signed=token.encode("ascii")[: -len(signature) - 1],
        payload=payload,
        signature=b64url_decode(signature, step=FORM),
    )


def open_holder_form(token: str, *, typ: str) -> tuple[bytes, str, bytes]:
    """Take a JWS apart whose key stands elsewhere; return signed bytes, payload and signature.

    A wallet may name its key; the name is not looked at.

    Raises:
        VerificationError: as `open_form`.
    """
    protected, payload, signature = _parts(token)
    _check_profile(parse_object(protected, step=HEADER), typ, _HOLDER_PROFILE)
    signed = token.encode("ascii")[: -len(signature) - 1]
    return signed, payload, b64url_decode(signature, step=FORM)


def open_proof_form(token: str, *, typ: str) -> tuple[dict[str, Any], bytes, str, bytes]:
    """Take a JWS apart that brings its own key; return header, signed bytes, payload, signature.

    Raises:
        VerificationError: as `open_form`.
    """
    protected, payload, signature = _parts(token)
    header = parse_object(protected, step=HEADER)
    _check_profile(header, typ, _PROOF_PROFILE)
    signed = token.encode("ascii")[: -len(signature) - 1]
    return header, signed, payload, b64url_decode(signature, step=FORM)


def _parts(token: str) -> list[str]:
    parts = token.split(".")
    if len(parts) != _PARTS or not token.isascii():
        raise VerificationError(Reason.TOKEN_MALFORMED, FORM, "a token has three parts")
    if len(parts[0]) > MAX_HEADER:
        raise VerificationError(Reason.TOO_LARGE, FORM, "the header is too long")
    return parts


@lru_cache(maxsize=256)
def _header(protected: str, typ: str) -> Header:
    """Read a header; remembered, because an issuer's is the same in each of its tokens."""
    header = parse_object(protected, step=HEADER)
    _check_profile(header, typ, _PROFILE)
    kid = header.get("kid")
    if not isinstance(kid, str) or not _KID.fullmatch(kid):
        raise VerificationError(Reason.KID_REFUSED, HEADER, "no key id of ours")
    return Header(kid, _x5c(header))


def _check_profile(header: dict[str, Any], typ: str, profile: frozenset[str]) -> None:
    if header.get("alg") != ALGORITHM:
        raise VerificationError(Reason.ALG_REFUSED, HEADER, f"only {ALGORITHM} is accepted")
    if header.get("typ") != typ:
        raise VerificationError(Reason.TYP_REFUSED, HEADER, f"the type must be {typ}")
    if "crit" in header:
        raise VerificationError(Reason.CRIT_REFUSED, HEADER, "no critical extension is known")
    if not header.keys() <= profile:
        raise VerificationError(Reason.HEADER_REFUSED, HEADER, "a parameter outside the profile")


def _x5c(header: dict[str, Any]) -> tuple[str, ...] | None:
    if "x5c" not in header:
        return None
    chain = header["x5c"]
    if not isinstance(chain, list) or not all(isinstance(each, str) for each in chain):
        raise VerificationError(Reason.HEADER_REFUSED, HEADER, "x5c is a list of strings")
    return tuple(chain)
