"""Proofs that somebody holds a key: the key proofs of OpenID4VCI, and DPoP.

Such a proof brings its own key along. It shows nothing but that whoever made it has the private
one; for whom it was made, when and for what, the caller compares.

Source: OpenID4VCI 1.0, appendix F.1; RFC 9449 section 4.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signing.encoding import parse_object
from signing.errors import Reason, SigningError, VerificationError
from signing.jws import CLAIMS, FORM, HEADER, KEY, SIGNATURE, open_proof_form
from signing.keys import check_signature, public_jwk, read_public_jwk, thumbprint

KEY_PROOF = "openid4vci-proof+jwt"
DPOP = "dpop+jwt"
MAX_PROOF = 8 * 1024
"""Characters."""


@dataclass(frozen=True, slots=True)
class HolderProof:
    """A proof whose signature is right: the key that made it, and what it says."""

    jwk: Mapping[str, str]
    """The public key with its required members only."""
    claims: Mapping[str, Any]

    @property
    def thumbprint(self) -> str:
        """The RFC 7638 thumbprint of the key."""
        return thumbprint(self.jwk)


def read_holder_proof(token: str, *, typ: str) -> HolderProof:
    """Return the key that signed a proof, and its claims.

    Raises:
        VerificationError: too long, not ES256, another type, a header with more than the key, no
            public P-256 key, or a wrong signature.
    """
    if len(token) > MAX_PROOF:
        raise VerificationError(Reason.TOO_LARGE, FORM, "the proof is too long")
    header, signed, payload, signature = open_proof_form(token, typ=typ)
    try:
        key = read_public_jwk(header.get("jwk"))
    except VerificationError as error:
        raise VerificationError(Reason.HOLDER_KEY_REFUSED, HEADER, error.message) from error
    except SigningError as error:
        raise VerificationError(Reason.HOLDER_KEY_REFUSED, KEY, str(error)) from error
    check_signature(key, signature, signed, step=SIGNATURE)
    return HolderProof(public_jwk(key), parse_object(payload, step=CLAIMS))
