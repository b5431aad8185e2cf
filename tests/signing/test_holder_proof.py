from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from signing import KEY_PROOF, Reason, VerificationError, public_jwk, read_holder_proof

KEY = ec.generate_private_key(ec.SECP256R1())
JWK = public_jwk(KEY.public_key())


def proof(header: dict[str, Any] | None = None, key: Any = KEY, algorithm: str = "ES256") -> str:
    head = {"typ": KEY_PROOF, "jwk": JWK} | (header or {})
    return jwt.encode({"nonce": "n"}, key, algorithm, head)


class TestReadHolderProof:
    def test_returns_the_key_and_what_it_says(self) -> None:
        read = read_holder_proof(proof(), typ=KEY_PROOF)

        assert read.jwk == JWK
        assert read.claims == {"nonce": "n"}
        assert len(read.thumbprint) == 43

    def test_leaves_out_what_else_a_key_says_of_itself(self) -> None:
        read = read_holder_proof(proof({"jwk": JWK | {"kid": "x", "use": "sig"}}), typ=KEY_PROOF)

        assert read.jwk == JWK

    @pytest.mark.parametrize(
        ("token", "reason"),
        [
            (proof({"typ": "JWT"}), Reason.TYP_REFUSED),
            (proof(key=b"k" * 32, algorithm="HS256"), Reason.ALG_REFUSED),
            (proof(key=None, algorithm="none"), Reason.ALG_REFUSED),
            (proof({"kid": "x"}), Reason.HEADER_REFUSED),
            (proof({"x5c": ["x"]}), Reason.HEADER_REFUSED),
            (proof({"crit": ["x"]}), Reason.CRIT_REFUSED),
            (proof({"jwk": JWK | {"d": "x"}}), Reason.HOLDER_KEY_REFUSED),
            (proof({"jwk": JWK | {"y": JWK["x"]}}), Reason.HOLDER_KEY_REFUSED),
            (proof({"jwk": JWK | {"x": "="}}), Reason.HOLDER_KEY_REFUSED),
            (proof({"jwk": {"kty": "oct", "k": "x"}}), Reason.HOLDER_KEY_REFUSED),
            (proof({"jwk": None}), Reason.HOLDER_KEY_REFUSED),
            (proof(key=ec.generate_private_key(ec.SECP256R1())), Reason.SIGNATURE_WRONG),
            ("a" * 10_000, Reason.TOO_LARGE),
            ("a.b", Reason.TOKEN_MALFORMED),
        ],
    )
    def test_refuses(self, token: str, reason: Reason) -> None:
        with pytest.raises(VerificationError) as refused:
            read_holder_proof(token, typ=KEY_PROOF)

        assert refused.value.reason is reason
