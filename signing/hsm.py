"""Keys that never leave a hardware token (PKCS#11), for whatever a `SigningKey` may sign.

The session is opened once and kept: logging in for each signature costs thirty times the
signature. One session does one thing at a time, so signatures wait for each other.

Source: PKCS#11 v3.0, CKM_ECDSA; python-pkcs11 is the optional dependency `hsm`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    KeySerializationEncryption,
    PrivateFormat,
)
from pkcs11.constants import Attribute, ObjectClass
from pkcs11.exceptions import PKCS11Error
from pkcs11.mechanisms import KeyType, Mechanism
from pkcs11.util.ec import encode_named_curve_parameters

from signing.certificates import signing_key
from signing.errors import SigningError
from signing.keys import COORDINATE_BYTES, SigningKey

_CURVE = "secp256r1"
_POINT_BYTES = 1 + 2 * COORDINATE_BYTES  # uncompressed
_COORDINATES_BITS = 256


class TokenPrivateKey(ec.EllipticCurvePrivateKey):
    """A P-256 key inside a token, in the shape that `cryptography` gives its own keys."""

    def __init__(self, private: Any, public: ec.EllipticCurvePublicKey, lock: Lock) -> None:  # noqa: ANN401 - an object of python-pkcs11
        self._private, self._public, self._lock = private, public, lock

    def sign(self, data: Any, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:  # noqa: ANN401 - a buffer
        """Return an ASN.1 DER signature, made by the token over the SHA-256 of the data.

        Raises:
            SigningError: the token does not answer, or another algorithm is asked for.
        """
        if not isinstance(signature_algorithm.algorithm, SHA256):
            raise SigningError("only ES256 is used")
        digest = sha256(data).digest()
        try:
            with self._lock:
                raw = self._private.sign(digest, mechanism=Mechanism.ECDSA)
        except PKCS11Error as error:
            raise SigningError("the hardware token does not sign") from error
        halves = raw[:COORDINATE_BYTES], raw[COORDINATE_BYTES:]
        return encode_dss_signature(*(int.from_bytes(each, "big") for each in halves))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._public.curve

    @property
    def key_size(self) -> int:
        return _COORDINATES_BITS

    def exchange(
        self,
        algorithm: ec.ECDH,  # noqa: ARG002 - the shape of the class above
        peer_public_key: ec.EllipticCurvePublicKey,  # noqa: ARG002 - as above
    ) -> bytes:
        self._stays()

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        self._stays()

    def private_bytes(
        self,
        encoding: Encoding,  # noqa: ARG002 - the shape of the class above
        format: PrivateFormat,  # noqa: A002, ARG002 - as above
        encryption_algorithm: KeySerializationEncryption,  # noqa: ARG002 - as above
    ) -> bytes:
        self._stays()

    def __copy__(self) -> "TokenPrivateKey":
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> "TokenPrivateKey":
        return self

    def _stays(self) -> NoReturn:
        raise SigningError("the key does not leave the hardware token")


@dataclass(frozen=True, slots=True, eq=False)
class HardwareToken:
    """An open session with a token; it ends where `open_token` ends."""

    session: Any = field(repr=False)  # an object of python-pkcs11
    lock: Lock = field(default_factory=Lock, repr=False)

    def new_key(self, label: str) -> ec.EllipticCurvePublicKey:
        """Make a key pair in the token, and return its public part for `certify`.

        Raises:
            SigningError: there is a key of that label, or the token refuses.
        """
        if self._found(ObjectClass.PRIVATE_KEY, label):
            raise SigningError("the token has a key of that label already")
        try:
            with self.lock:
                parameters = self.session.create_domain_parameters(
                    KeyType.EC,
                    {Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVE)},
                    local=True,
                )
                parameters.generate_keypair(
                    store=True,
                    label=label,
                    private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
                )
        except PKCS11Error as error:
            raise SigningError("the hardware token makes no key") from error
        return self._public(label)

    def signing_key(self, label: str, chain: tuple[x509.Certificate, ...]) -> SigningKey:
        """Return the key of that label with its certificate chain (leaf first, no root).

        Raises:
            SigningError: not exactly one such key, or the certificate is another key's.
        """
        found = self._found(ObjectClass.PRIVATE_KEY, label)
        if len(found) != 1:
            raise SigningError(f"the token has {len(found)} private keys of that label")
        return signing_key(TokenPrivateKey(found[0], self._public(label), self.lock), chain)

    def key_of(self, chain: tuple[x509.Certificate, ...]) -> SigningKey:
        """Return the key that a certificate chain (leaf first, no root) certifies.

        Raises:
            SigningError: the token does not hold it.
        """
        wanted = chain[0].public_key()
        for each in self._found(ObjectClass.PUBLIC_KEY):
            if each.key_type is KeyType.EC and _point_of(each) == wanted:
                return self.signing_key(each.label, chain)
        raise SigningError("the token does not hold the key of this certificate")

    def _public(self, label: str) -> ec.EllipticCurvePublicKey:
        found = self._found(ObjectClass.PUBLIC_KEY, label)
        if len(found) != 1:
            raise SigningError(f"the token has {len(found)} public keys of that label")
        public = _point_of(found[0])
        if public is None:
            raise SigningError("only P-256 keys are used")
        return public

    def _found(self, kind: ObjectClass, label: str | None = None) -> list[Any]:
        wanted: dict[Attribute, object] = {Attribute.CLASS: kind}
        if label is not None:
            wanted[Attribute.LABEL] = label
        try:
            with self.lock:
                return list(self.session.get_objects(wanted))
        except PKCS11Error as error:
            raise SigningError("the hardware token cannot be searched") from error


def _point_of(public: Any) -> ec.EllipticCurvePublicKey | None:  # noqa: ANN401 - an object of python-pkcs11
    """Return the public key of an EC object in the token; None if it is not on P-256."""
    # A DER octet string around the point; tokens differ in whether they write it
    point = bytes(public[Attribute.EC_POINT])[-_POINT_BYTES:]
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return None


@contextmanager
def open_token(library: Path, *, token: str, pin: str) -> Iterator[HardwareToken]:
    """Open a session with the token of that label and keep it until the end of the block.

    `library` is the PKCS#11 module of the token's maker.

    Raises:
        SigningError: no such library or token, or a wrong PIN.
    """
    try:
        found = pkcs11.lib(str(library)).get_token(token_label=token)
        session = found.open(user_pin=pin, rw=True)
    except (PKCS11Error, RuntimeError) as error:
        raise SigningError("the hardware token cannot be opened") from error
    try:
        yield HardwareToken(session)
    finally:
        session.close()
