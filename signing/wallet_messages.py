"""What goes to a wallet signed, and comes back from it encrypted (OpenID4VP 1.0, HAIP 1.0).

joserfc decrypts: one key agreement and two ciphers are allowed, and nothing that a message says of
itself can add to them.
"""

from binascii import Error as Base64Error
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from signing.encoding import b64url
from signing.errors import Reason, SigningError, VerificationError
from signing.jws import FORM, check_use, sign_list
from signing.keys import SigningKey, Use

REQUEST_TYPE = "oauth-authz-req+jwt"
AGREEMENT = "ECDH-ES"
CIPHERS = ("A128GCM", "A256GCM")
MAX_MESSAGE = 512 * 1024
"""Characters."""


def sign_request(claims: Mapping[str, Any], *, signer: SigningKey) -> str:
    """Sign what a verifier asks of a wallet (RFC 9101), with the certificate in the header.

    Raises:
        SigningError: the key is one for another use.
    """
    check_use(signer, Use.REQUEST)
    return sign_list(dict(claims), signer=signer, typ=REQUEST_TYPE)


def certificate_hash(signer: SigningKey) -> str:
    """Return the base64url SHA-256 of a key's certificate, by which wallets know a verifier.

    Source: OpenID4VP 1.0, section 5.9.3 (x509_hash).
    """
    return b64url(sha256(signer.chain[0].public_bytes(Encoding.DER)).digest())


def new_answer_key() -> bytes:
    """Return a private key, as JSON, to keep for one answer."""
    return orjson.dumps(ECKey.generate_key("P-256").as_dict(private=True))


def answer_key(private_key: bytes) -> dict[str, str]:
    """Return the public JWK to ask with."""
    public = ECKey.import_key(orjson.loads(private_key)).as_dict(private=False)
    return {name: str(public[name]) for name in ("crv", "kty", "x", "y")}


def open_answer(message: str, private_key: bytes) -> bytes:
    """Decrypt what a wallet answered.

    Raises:
        VerificationError: too long, another algorithm, or not for this key.
    """
    if len(message) > MAX_MESSAGE:
        raise VerificationError(Reason.TOO_LARGE, FORM, "the answer is too long")
    registry = jwe.JWERegistry(algorithms=[AGREEMENT, *CIPHERS])
    try:
        key = ECKey.import_key(orjson.loads(private_key))
        opened = jwe.decrypt_compact(message, key, registry=registry)
    except (JoseError, Base64Error, ValueError, TypeError, KeyError) as error:
        raise VerificationError(Reason.TOKEN_MALFORMED, FORM, "it does not open") from error
    if opened.plaintext is None:
        raise SigningError("an opened answer has a plaintext")
    return opened.plaintext
