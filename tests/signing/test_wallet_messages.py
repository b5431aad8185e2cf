import jwt
import pytest
from joserfc import jwe
from joserfc.jwk import ECKey

import signing
from signing import Reason, SigningError, Use, VerificationError
from tests.signing.samples import BEGIN, END, ISSUER

ROOT = signing.new_root(common_name="Root", not_before=BEGIN, not_after=END)


def leaf(use: Use) -> signing.SigningKey:
    return signing.new_leaf(
        ROOT,
        use=use,
        issuer_uri=ISSUER,
        common_name="Leaf",
        not_before=BEGIN,
        not_after=END,
    )


def sealed(private: bytes, header: dict[str, str] | None = None) -> str:
    head = {"alg": "ECDH-ES", "enc": "A256GCM"} | (header or {})
    allowed = ["ECDH-ES", "ECDH-ES+A128KW", "dir", "A128GCM", "A256GCM", "A128CBC-HS256"]
    public = ECKey.import_key(signing.answer_key(private))
    return jwe.encrypt_compact(head, b"answer", public, algorithms=allowed)


class TestSignRequest:
    def test_names_its_certificate(self) -> None:
        key = leaf(Use.REQUEST)

        header = jwt.get_unverified_header(signing.sign_request({"nonce": "n"}, signer=key))

        assert (header["typ"], header["alg"]) == ("oauth-authz-req+jwt", "ES256")
        assert len(header["x5c"]) == 1
        assert len(signing.certificate_hash(key)) == 43

    def test_is_for_a_key_of_that_use(self) -> None:
        with pytest.raises(SigningError):
            signing.sign_request({}, signer=leaf(Use.CREDENTIAL))


class TestOpenAnswer:
    @pytest.mark.parametrize("cipher", ["A128GCM", "A256GCM"])
    def test_returns_what_was_encrypted_to_the_key(self, cipher: str) -> None:
        private = signing.new_answer_key()

        assert signing.open_answer(sealed(private, {"enc": cipher}), private) == b"answer"
        assert "d" not in signing.answer_key(private)

    @pytest.mark.parametrize("header", [{"alg": "ECDH-ES+A128KW"}, {"enc": "A128CBC-HS256"}])
    def test_refuses_other_algorithms(self, header: dict[str, str]) -> None:
        private = signing.new_answer_key()

        with pytest.raises(VerificationError):
            signing.open_answer(sealed(private, header), private)

    def test_refuses_what_is_for_another_key(self) -> None:
        with pytest.raises(VerificationError) as refused:
            signing.open_answer(sealed(signing.new_answer_key()), signing.new_answer_key())

        assert refused.value.reason is Reason.TOKEN_MALFORMED

    @pytest.mark.parametrize("message", ["", "a", "....", "a.b.c.d.e", "é" * 5, "e30...."])
    def test_refuses_what_is_no_message(self, message: str) -> None:
        with pytest.raises(VerificationError):
            signing.open_answer(message, signing.new_answer_key())

    def test_refuses_what_is_too_long(self) -> None:
        with pytest.raises(VerificationError) as refused:
            signing.open_answer("a" * 600_000, signing.new_answer_key())

        assert refused.value.reason is Reason.TOO_LARGE

    @pytest.mark.parametrize("position", [0, 2, 3, 4])
    def test_refuses_what_was_altered(self, position: int) -> None:
        private = signing.new_answer_key()
        parts = sealed(private).split(".")
        parts[position] = parts[position][:-2] + ("AA" if parts[position][-2:] != "AA" else "BB")

        with pytest.raises(VerificationError):
            signing.open_answer(".".join(parts), private)
