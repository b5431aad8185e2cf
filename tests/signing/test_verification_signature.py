"""Steps 3 and 4: key and signature of a credential. Tables of refusals: `test_attacks`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signing
from signing import Reason, State, verification
from signing.status_list import LEEWAY_SECONDS
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

    @given(st.data())
    def test_refuses_any_one_changed_byte(self, data: st.DataObject) -> None:
        raw = bytearray(TOKEN.encode())
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] ^= data.draw(st.integers(1, 255))

        verdict = samples.verify(raw.decode("latin-1"))

        assert verdict.integrity.state is not State.YES
        assert verdict.claims is None


class TestProven:
    def test_spares_the_curve_for_a_signature_that_was_found_right(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = samples.issue()
        part = signing.disclose(whole, lambda path: path[0] == "insurance")
        proven, computed = signing.Proven(), checks(monkeypatch)

        verdicts = [verify(each, proven) for each in (whole, whole, part)]

        assert [each.integrity.state for each in verdicts] == [State.YES] * 3
        assert len(computed) == 1

    def test_keeps_nothing_of_a_signature_that_is_wrong(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = samples.issue().split("~")[0].split(".")[2]
        proven, computed = signing.Proven(), checks(monkeypatch)

        verdicts = [verify(f"{HEAD}.{BODY}.{other}~", proven) for _ in range(2)]

        assert {each.integrity.reason for each in verdicts} == {Reason.SIGNATURE_WRONG}
        assert len(computed) == 2

    @given(st.data())
    def test_knows_no_token_with_any_one_changed_byte(self, data: st.DataObject) -> None:
        proven = signing.Proven()
        assert verify(TOKEN, proven).integrity.state is State.YES
        raw = bytearray(TOKEN.encode())
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] ^= data.draw(st.integers(1, 255))

        assert verify(raw.decode("latin-1"), proven).integrity.state is not State.YES

    def test_does_not_speak_for_a_key_that_is_gone_or_withdrawn(self) -> None:
        token, proven = samples.issue(), signing.Proven()
        assert verify(token, proven).issuer.state is State.YES
        chain = samples.key().chain
        withdrawn = signing.trusted(chain, revoked_from=samples.NOW)
        keys = [[withdrawn], [samples.key(signing.Use.QR)]]

        verdicts = [verify(token, proven, samples.bundle(keys=each)) for each in keys]

        assert [each.issuer.reason for each in verdicts] == [
            Reason.KEY_WITHDRAWN,
            Reason.KEY_UNKNOWN,
        ]
        assert [each.claims for each in verdicts] == [None, None]

    def test_reads_a_whole_token_once_a_minute(self, monkeypatch: pytest.MonkeyPatch) -> None:
        token, proven = samples.issue(), signing.Proven()
        read, reveal = [], verification.reveal

        def noted(payload: dict[str, Any], disclosures: list[str]) -> dict[str, Any]:
            read.append(len(disclosures))
            return reveal(payload, disclosures)

        monkeypatch.setattr(verification, "reveal", noted)
        times = [samples.NOW + timedelta(seconds=each) for each in (0, 59, 60, 1)]

        verdicts = [
            signing.verify_credential(token, samples.trust(), at, proven=proven) for at in times
        ]

        assert len(read) == 3  # the clock may also have been set back
        assert {each.integrity.state for each in verdicts} == {State.YES}
        assert all(each.claims == verdicts[0].claims for each in verdicts)

    def test_reads_a_token_again_that_shows_less(self) -> None:
        whole, proven = samples.issue(), signing.Proven()
        part = signing.disclose(whole, lambda path: path[0] == "insurance")

        shown = [verify(each, proven).claims for each in (whole, part, whole, part)]

        assert [each is not None and "worker" in each for each in shown] == [
            True,
            False,
            True,
            False,
        ]

    def test_says_that_a_token_has_expired_that_was_good_a_moment_ago(self) -> None:
        token, proven = samples.issue(), signing.Proven()
        claims = verify(token, proven).claims
        assert claims is not None
        end = datetime.fromtimestamp(claims["exp"], UTC)

        reasons = [
            signing.verify_credential(
                token, samples.trust(), end + timedelta(seconds=each), proven=proven
            ).status.reason
            for each in (LEEWAY_SECONDS - 1, LEEWAY_SECONDS + 1)
        ]

        assert reasons[0] != Reason.EXPIRED
        assert reasons[1] == Reason.EXPIRED

    def test_forgets_the_oldest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tokens = [samples.issue(samples.claims(version=each)) for each in range(1, 6)]
        proven, computed = signing.Proven(2), checks(monkeypatch)

        for token in (*tokens, tokens[0], tokens[-1]):
            verify(token, proven)

        assert len(computed) == 6


def verify(
    token: str, proven: signing.Proven, trust: signing.TrustBundle | None = None
) -> signing.Verdict:
    return signing.verify_credential(token, trust or samples.trust(), samples.NOW, proven=proven)


def checks(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return what will note each signature that is computed."""
    computed: list[bytes] = []
    check = signing.trust.check_signature

    def noted(key: Any, signature: bytes, data: bytes, *, step: int) -> None:
        computed.append(signature)
        check(key, signature, data, step=step)

    monkeypatch.setattr(signing.trust, "check_signature", noted)
    return computed
