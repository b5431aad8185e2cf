"""Keys: one algorithm (ES256), one use each, named by their RFC 7638 thumbprint.

Only ES256 is accepted, with cryptography underneath. PyJWT signs and checks the lists
(`signing.jws`); credentials are signed here directly because PyJWT costs more than the curve.
"""

from binascii import b2a_base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from hashlib import sha256
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from signing.canonical import canonical_json
from signing.encoding import b64url, b64url_decode
from signing.errors import Reason, SigningError, VerificationError

ALGORITHM = "ES256"
COORDINATE_BYTES = 32
SIGNATURE_BYTES = 2 * COORDINATE_BYTES
SHORT_KID_BYTES = 8
# SEC 2 section 2.4.2, the order of P-256
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_ES256 = ec.ECDSA(SHA256())


@unique
class Use(StrEnum):
    """What a key may sign, and nothing else."""

    CREDENTIAL = "CREDENTIAL"
    STATUS_LIST = "STATUS_LIST"
    QR = "QR"
    PDF = "PDF"
    LOG = "LOG"
    TRUST = "TRUST"
    REQUEST = "REQUEST"
    """Messages in our own name: what we ask of a wallet, and answer other systems."""


@dataclass(frozen=True, slots=True, eq=False)
class SigningKey:
    """A private key with its use, its certificate chain (leaf first, no root) and its period."""

    kid: str
    use: Use
    private: ec.EllipticCurvePrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...] = field(repr=False)
    not_before: datetime
    not_after: datetime

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self.private.public_key()

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte ES256 signature r || s (RFC 7518 section 3.4)."""
        return raw_signature(self.private.sign(data, _ES256))

    def sign_der(self, data: bytes) -> bytes:
        """Return the same signature in ASN.1 DER, as CMS and signed notes carry it."""
        return self.private.sign(data, _ES256)


class PublicKeyHolder(Protocol):
    """Whatever has a public key to publish: a signing key, or a trusted one."""

    @property
    def kid(self) -> str: ...
    @property
    def public_key(self) -> ec.EllipticCurvePublicKey: ...
    @property
    def chain(self) -> tuple[x509.Certificate, ...]: ...


def raw_signature(der: bytes) -> bytes:
    """Return r || s of an ASN.1 DER signature."""
    r, s = decode_dss_signature(der)
    return r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big")


def check_signature(
    public_key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes, *, step: int
) -> None:
    """Refuse a signature that is not exactly 64 bytes of r || s, or not over these bytes.

    Raises:
        VerificationError: DER or over-long form, r or s out of range, or simply wrong.
    """
    if len(signature) != SIGNATURE_BYTES:
        raise VerificationError(Reason.SIGNATURE_MALFORMED, step, "not a 64-byte ES256 signature")
    r = int.from_bytes(signature[:COORDINATE_BYTES], "big")
    s = int.from_bytes(signature[COORDINATE_BYTES:], "big")
    if not (0 < r < ORDER and 0 < s < ORDER):
        raise VerificationError(Reason.SIGNATURE_MALFORMED, step, "r or s is out of range")
    check_der_signature(public_key, encode_dss_signature(r, s), data, step=step)


def check_der_signature(
    public_key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes, *, step: int
) -> None:
    """Refuse an ASN.1 DER signature that is not over these bytes.

    Raises:
        VerificationError: the signature is wrong.
    """
    try:
        public_key.verify(signature, data, _ES256)
    except InvalidSignature:
        raise VerificationError(
            Reason.SIGNATURE_WRONG, step, "the signature does not cover these bytes"
        ) from None


def public_jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """Return the public key as a JWK with its required members only.

    Raises:
        SigningError: the key is not on P-256.
    """
    if not isinstance(key.curve, ec.SECP256R1):
        raise SigningError(f"only P-256 keys are used, not {key.curve.name}")
    numbers = key.public_numbers()
    x, y = (b64url(each.to_bytes(COORDINATE_BYTES, "big")) for each in (numbers.x, numbers.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def read_public_jwk(jwk: object) -> ec.EllipticCurvePublicKey:
    """Return the key in a JWK that somebody else wrote; a private one is refused.

    Raises:
        SigningError: not an EC key on P-256 in its one spelling, or a point not on the curve.
    """
    match jwk:
        case {"d": _}:
            raise SigningError("a private key is nobody else's business")
        case {"kty": "EC", "crv": "P-256", "x": str(x), "y": str(y)}:
            try:
                return ec.EllipticCurvePublicNumbers(
                    _coordinate(x), _coordinate(y), ec.SECP256R1()
                ).public_key()
            except ValueError:
                raise SigningError("a point that is not on the curve") from None
    raise SigningError("not a public P-256 key")


def _coordinate(encoded: str) -> int:
    raw = b64url_decode(encoded, step=0)
    if len(raw) != COORDINATE_BYTES:
        raise SigningError("a coordinate has 32 bytes")
    return int.from_bytes(raw, "big")


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the RFC 7638 SHA-256 thumbprint of an EC key, base64url.

    Raises:
        SigningError: a required member is missing or no string.
    """
    required = {name: jwk.get(name) for name in ("crv", "kty", "x", "y")}
    if not all(isinstance(member, str) for member in required.values()):
        raise SigningError("an EC key has crv, kty, x and y")
    return b64url(sha256(canonical_json(required)).digest())


def short_kid(kid: str) -> bytes:
    """Return the first eight bytes of a thumbprint, as an offline QR code names its key."""
    return b64url_decode(kid, step=0)[:SHORT_KID_BYTES]


def jwks(keys: Iterable[PublicKeyHolder]) -> dict[str, list[dict[str, Any]]]:
    """Return the key set to publish, in order of key id; hand in the retired keys as well.

    Withdrawn keys are the caller's to leave out: a key set has no field that would say so.
    """
    return {"keys": [published_jwk(key) for key in sorted(keys, key=lambda each: each.kid)]}


def published_jwk(key: PublicKeyHolder) -> dict[str, Any]:
    """Return one member of the published key set."""
    more = {"alg": ALGORITHM, "kid": key.kid, "use": "sig", "x5c": x5c(key.chain)}
    return {**public_jwk(key.public_key), **more}


def x5c(chain: Iterable[x509.Certificate]) -> list[str]:
    """Return a chain as RFC 7515 section 4.1.6 writes it: standard base64 of DER, leaf first."""
    return [_base64(each.public_bytes(Encoding.DER)) for each in chain]


def _base64(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).decode("ascii")
