"""Key binding: shown by the holder, to us, now - or not accepted."""

import json
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

import signing
from signing import Reason, State
from signing.encoding import b64url
from tests.signing import samples
from tests.signing.refusals import (
    AUDIENCE,
    BOUND,
    NONCE,
    PRESENTED,
    WALLET,
    bind,
    verify_presented,
)


class TestPresent:
    def test_is_accepted_with_four_times_yes(self) -> None:
        verdict = verify_presented(PRESENTED)

        assert verdict.is_good
        assert verdict.holder.state is State.YES
        assert verdict.step == 12
        assert verdict.claims["worker"]["full_name"] == "Nguyễn Văn An"

    def test_is_accepted_for_a_part_of_the_credential(self) -> None:
        part = signing.disclose(BOUND, lambda path: path == ("worker", "full_name"))

        verdict = verify_presented(
            signing.present(part, WALLET, audience=AUDIENCE, nonce=NONCE, issued_at=samples.NOW)
        )

        assert verdict.is_good
        assert verdict.claims["worker"] == {"full_name": "Nguyễn Văn An"}

    def test_is_a_jws_for_others_too(self) -> None:
        binding = PRESENTED.rpartition("~")[2]
        key = ECKey.import_key(signing.public_jwk(WALLET.public_key()))

        verified = jws.deserialize_compact(binding, key, algorithms=["ES256"])

        assert verified.protected == {"alg": "ES256", "typ": "kb+jwt"}
        assert json.loads(verified.payload).keys() == {"aud", "nonce", "iat", "sd_hash"}

    def test_is_refused_where_no_binding_is_expected(self) -> None:
        verdict = samples.verify(PRESENTED)

        assert verdict.integrity.reason is Reason.KEY_BINDING_REFUSED


class TestVerifyPresentation:
    @pytest.mark.parametrize(
        ("age", "expected"),
        [
            (timedelta(seconds=300), Reason.OK),
            (timedelta(seconds=301), Reason.PRESENTATION_TOO_OLD),
            (timedelta(seconds=-60), Reason.OK),
            (timedelta(seconds=-61), Reason.NOT_YET_VALID),
        ],
    )
    def test_has_five_minutes_exactly(self, age: timedelta, expected: Reason) -> None:
        token = signing.present(
            BOUND, WALLET, audience=AUDIENCE, nonce=NONCE, issued_at=samples.NOW - age
        )

        assert verify_presented(token).holder.reason is expected

    def test_takes_a_wallet_that_names_its_key(self) -> None:
        assert verify_presented(bind(head={"kid": "wallet-1"})).is_good

    def test_does_not_look_at_the_holder_of_what_is_not_genuine(self) -> None:
        stranger = samples.issue(
            holder=signing.public_jwk(WALLET.public_key()),
            signer=samples.key(root_name="Foreign root"),
        )

        verdict = verify_presented(bind(credential=stranger))

        assert verdict.issuer.reason is Reason.KEY_UNKNOWN
        assert verdict.holder.reason is Reason.NOT_CHECKED
        assert verdict.claims is None

    def test_says_what_is_revoked_although_its_holder_shows_it(self) -> None:
        listed = samples.snapshot({samples.INDEX: signing.REVOKED})

        verdict = verify_presented(PRESENTED, status=lambda _: listed)

        assert verdict.holder.state is State.YES
        assert verdict.reasons == (Reason.REVOKED,)
        assert not verdict.is_good

    @pytest.mark.parametrize("asked", [{"audience": ""}, {"nonce": ""}])
    def test_needs_an_audience_and_a_nonce(self, asked: dict[str, str]) -> None:
        with pytest.raises(signing.SigningError):
            verify_presented(PRESENTED, **asked)


class TestFuzz:
    @given(st.data())
    def test_refuses_any_one_changed_byte(self, data: st.DataObject) -> None:
        raw = bytearray(PRESENTED.encode())
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] ^= data.draw(st.integers(1, 255))

        verdict = verify_presented(raw.decode("latin-1"))

        assert not verdict.is_good
        assert verdict.claims is None

    @given(st.text(max_size=200))
    def test_never_raises_on_any_text(self, text: str) -> None:
        for token in (text, f"{BOUND}{text}", f"{BOUND}{text}.{text}.{text}"):
            assert verify_presented(token).claims is None

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
    )
    def test_never_raises_on_any_signed_json(self, value: object) -> None:
        body = b64url(json.dumps(value).encode())

        assert verify_presented(bind(body=body)).claims is None

    @given(st.dictionaries(st.sampled_from(["kty", "crv", "x", "y", "d"]), st.text() | st.none()))
    def test_never_raises_on_any_key_in_the_credential(self, jwk: dict[str, Any]) -> None:
        credential = samples.forge(samples.payload(cnf={"jwk": jwk}))

        verdict = verify_presented(bind(credential=credential))

        assert verdict.holder.reason is Reason.HOLDER_KEY_REFUSED


def test_the_key_of_another_curve_is_no_wallet_key() -> None:
    with pytest.raises(signing.SigningError):
        signing.read_public_jwk(
            signing.public_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
            | {"crv": "P-384"}
        )
