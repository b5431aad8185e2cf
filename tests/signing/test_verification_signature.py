"""Steps 3 and 4: key and signature of a credential. Tables of refusals: `test_attacks`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import signing
from signing import Reason, State
from tests.signing import samples
from tests.signing.refusals import (
    BODY,
    HEAD,
    TOKEN,
    assert_integrity_refused,
)

FOREIGN = signing.keys.x5c(samples.key(root_name="Foreign root").chain)[0]


class TestKey:
    def test_cannot_check_integrity_without_the_key_and_says_no_to_the_issuer(self) -> None:
        stranger = samples.key(root_name="Foreign root")
        head = samples.header(kid=stranger.kid, x5c=[FOREIGN])

        verdict = samples.verify(samples.forge(samples.payload(), head=head, signer=stranger))

        assert verdict.integrity.state is State.UNKNOWN
        assert (verdict.issuer.state, verdict.issuer.reason) == (State.NO, Reason.KEY_UNKNOWN)
        assert verdict.step == 3
        assert verdict.claims is None

    @pytest.mark.parametrize("use", [each for each in signing.Use if each.name != "CREDENTIAL"])
    def test_refuses_a_key_of_another_use(self, use: signing.Use) -> None:
        other = samples.key(use)
        head = samples.header(kid=other.kid)

        verdict = samples.verify(samples.forge(samples.payload(), head=head, signer=other))

        assert (verdict.issuer.state, verdict.issuer.reason) == (State.NO, Reason.KEY_WRONG_USE)
        assert verdict.integrity.state is not State.YES


class TestSignature:
    def test_refuses_a_signature_over_something_else(self) -> None:
        other = samples.issue().split("~")[0].split(".")[2]

        assert_integrity_refused(f"{HEAD}.{BODY}.{other}~", Reason.SIGNATURE_WRONG, step=4)

    @settings(max_examples=400)
    @given(st.data())
    def test_refuses_any_one_changed_byte(self, data: st.DataObject) -> None:
        raw = bytearray(TOKEN.encode())
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] ^= data.draw(st.integers(1, 255))

        verdict = samples.verify(raw.decode("latin-1"))

        assert verdict.integrity.state is not State.YES
        assert verdict.claims is None
