"""The three answers: what is accepted, and what the issuer, the period and the status refuse."""

import json
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signing
from signing import Reason, State
from tests.signing import samples
from tests.signing.refusals import TOKEN, assert_integrity_refused


class TestAccepted:
    def test_answers_three_times_yes(self) -> None:
        verdict = samples.verify(TOKEN)

        assert verdict.is_good
        assert verdict.reasons == ()
        assert verdict.claims["worker"]["full_name"] == "Nguyễn Văn An"
        assert verdict.kid == samples.key().kid
        assert verdict.status_as_of == samples.NOW
        assert verdict.trust_as_of == samples.NOW

    def test_takes_a_token_without_certificates(self) -> None:
        assert samples.verify(samples.forge(samples.payload())).is_good

    def test_asks_nobody_when_the_bundle_has_the_list(self) -> None:
        offline = samples.bundle(status={samples.STATUS_URI: samples.snapshot()})

        assert samples.verify(TOKEN, trust=offline, status=None).is_good

    def test_needs_a_time_zone(self) -> None:
        with pytest.raises(signing.SigningError):
            samples.verify(TOKEN, now=datetime(2026, 10, 1))


def status_of(verdict: signing.Verdict) -> tuple[State, Reason]:
    return verdict.status.state, verdict.status.reason


class TestIssuer:
    def test_refuses_another_issuer_even_under_our_key(self) -> None:
        verdict = samples.verify(samples.forge(samples.payload(iss="https://evil.example")))

        assert (verdict.issuer.state, verdict.issuer.reason) == (State.NO, Reason.ISSUER_MISMATCH)
        assert verdict.integrity.state is State.YES
        assert verdict.claims is None

    def test_believes_a_retired_key_for_what_it_signed_in_its_period(self) -> None:
        retired = samples.key(not_after=datetime(2026, 11, 1, tzinfo=UTC))
        token = samples.issue(signer=retired)
        known = samples.bundle(signing.trusted(retired.chain))

        verdict = samples.verify(
            token,
            trust=known,
            now=datetime(2027, 5, 1, tzinfo=UTC),
            status=lambda _: samples.snapshot(expires_at=samples.FAR),
        )

        assert verdict.is_good

    @pytest.mark.parametrize("iat", [datetime(2025, 12, 31, tzinfo=UTC), samples.END])
    def test_refuses_a_signature_outside_the_period_of_its_key(self, iat: datetime) -> None:
        token = samples.forge(samples.payload(iat=int(iat.timestamp())))

        verdict = samples.verify(token, now=samples.END + timedelta(days=1))

        assert verdict.issuer.state is State.NO
        assert verdict.issuer.reason is Reason.KEY_OUT_OF_PERIOD

    def test_refuses_a_withdrawn_key_whatever_day_the_signature_claims(self) -> None:
        withdrawn = signing.trusted(samples.key().chain, revoked_from=samples.NOW)
        known = samples.bundle(keys=[withdrawn])

        verdict = samples.verify(TOKEN, trust=known)

        assert (verdict.issuer.state, verdict.issuer.reason) == (State.NO, Reason.KEY_WITHDRAWN)
        assert verdict.claims is None

    def test_believes_a_key_until_the_instant_of_its_withdrawal(self) -> None:
        later = signing.trusted(samples.key().chain, revoked_from=samples.NOW + timedelta(hours=1))

        assert samples.verify(TOKEN, trust=samples.bundle(keys=[later])).is_good


class TestPeriod:
    exp = datetime(2027, 9, 30, 17, tzinfo=UTC)
    iat = datetime(2026, 9, 30, 17, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            (iat - timedelta(seconds=61), (State.NO, Reason.NOT_YET_VALID)),
            (iat - timedelta(seconds=60), (State.YES, Reason.OK)),
            (exp + timedelta(seconds=59), (State.YES, Reason.OK)),
            (exp + timedelta(seconds=60), (State.NO, Reason.EXPIRED)),
        ],
    )
    def test_has_a_minute_of_leeway_exactly(
        self, now: datetime, expected: tuple[State, Reason]
    ) -> None:
        fresh = samples.snapshot(expires_at=samples.FAR)

        verdict = samples.verify(TOKEN, now=now, status=lambda _: fresh)

        assert status_of(verdict) == expected
        assert verdict.integrity.state is State.YES

    def test_heeds_nbf(self) -> None:
        token = samples.forge(samples.payload(nbf=1_800_000_000))

        assert status_of(samples.verify(token)) == (State.NO, Reason.NOT_YET_VALID)


class TestStatus:
    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (signing.VALID, (State.YES, Reason.OK)),
            (signing.REVOKED, (State.NO, Reason.REVOKED)),
            (signing.SUSPENDED, (State.NO, Reason.SUSPENDED)),
            (signing.SUPERSEDED, (State.NO, Reason.SUPERSEDED)),
        ],
    )
    def test_is_what_the_list_says(self, status: int, expected: tuple[State, Reason]) -> None:
        listed = samples.snapshot({samples.INDEX: status})

        verdict = samples.verify(TOKEN, status=lambda _: listed)

        assert status_of(verdict) == expected
        assert verdict.integrity.state is verdict.issuer.state is State.YES

    def test_is_unknown_for_a_value_that_means_nothing_to_us(self) -> None:
        wider = signing.StatusList.of(100, {samples.INDEX: 9}, bits=4)

        verdict = samples.verify(TOKEN, status=lambda _: samples.snapshot(list=wider))

        assert status_of(verdict) == (State.UNKNOWN, Reason.STATUS_VALUE_UNKNOWN)

    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (signing.VALID, (State.UNKNOWN, Reason.STATUS_LIST_EXPIRED)),
            (signing.SUSPENDED, (State.UNKNOWN, Reason.STATUS_LIST_EXPIRED)),
            (signing.REVOKED, (State.NO, Reason.REVOKED)),
            (signing.SUPERSEDED, (State.NO, Reason.SUPERSEDED)),
        ],
    )
    def test_believes_an_old_list_only_when_it_says_that_all_is_over(
        self, status: int, expected: tuple[State, Reason]
    ) -> None:
        old = samples.snapshot({samples.INDEX: status}, expires_at=samples.NOW - timedelta(hours=1))

        verdict = samples.verify(TOKEN, status=lambda _: old)

        assert status_of(verdict) == expected
        assert verdict.status_as_of == samples.NOW

    def test_is_unknown_when_the_list_cannot_be_had(self) -> None:
        unavailable = (State.UNKNOWN, Reason.STATUS_UNAVAILABLE)

        assert status_of(samples.verify(TOKEN, status=lambda _: None)) == unavailable
        assert status_of(samples.verify(TOKEN, status=None)) == unavailable

    def test_is_unknown_when_the_list_that_came_is_not_in_order(self) -> None:
        def source(_uri: str) -> signing.StatusSnapshot:
            return signing.read_status_list("a.b.c", samples.trust(), samples.NOW)

        verdict = samples.verify(TOKEN, status=source)
        offline = samples.bundle(status={samples.STATUS_URI: samples.snapshot()})

        assert status_of(verdict) == (State.UNKNOWN, Reason.BASE64_NOT_CANONICAL)
        assert samples.verify(TOKEN, status=source, trust=offline).is_good

    def test_is_unknown_when_the_list_is_of_another_address(self) -> None:
        other = samples.snapshot(uri=f"{samples.ISSUER}/status/2")

        verdict = samples.verify(TOKEN, status=lambda _: other)

        assert status_of(verdict) == (State.UNKNOWN, Reason.STATUS_LIST_MISMATCH)

    @pytest.mark.parametrize(
        "uri",
        [
            "file:///etc/passwd",
            "http://169.254.169.254/latest/meta-data",
            "https://book.example.evil.example/status/1",
            "https://book.example@evil.example/status/1",
            "http://book.example/status/1",
            "//book.example/status/1",
            "",
        ],
    )
    def test_is_unknown_and_nobody_is_asked_for_a_foreign_address(self, uri: str) -> None:
        asked: list[str] = []
        token = samples.forge(samples.payload(status={"status_list": {"idx": 1, "uri": uri}}))

        verdict = samples.verify(token, status=asked.append)

        assert status_of(verdict) == (State.UNKNOWN, Reason.STATUS_URI_UNKNOWN)
        assert asked == []

    @pytest.mark.parametrize("index", [-1, 1.0, "1", True, None, [1], 1000, 10**15])
    def test_refuses_an_index_that_is_none(self, index: object) -> None:
        reference = {"status_list": {"idx": index, "uri": samples.STATUS_URI}}

        verdict = samples.verify(samples.forge(samples.payload(status=reference)))

        assert status_of(verdict) == (State.NO, Reason.STATUS_INDEX_REFUSED)

    @pytest.mark.parametrize(
        "status",
        [..., None, "valid", {}, {"status_list": []}, {"status_list": {"idx": 1}}, [1]],
    )
    def test_refuses_a_credential_that_withholds_its_status(self, status: object) -> None:
        verdict = samples.verify(samples.forge(samples.payload(status=status)))

        assert status_of(verdict) == (State.NO, Reason.STATUS_MISSING)


class TestFuzz:
    @given(st.text(max_size=300))
    def test_never_raises_on_any_text(self, text: str) -> None:
        assert samples.verify(text).integrity.state is not State.YES

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
    )
    def test_never_raises_on_any_signed_json(self, value: object) -> None:
        raw = json.dumps(value, ensure_ascii=True).encode()

        verdict = samples.verify(samples.forge(raw))

        assert verdict.claims is None

    def test_a_bomb_in_a_header_is_not_inflated(self) -> None:
        bomb = zlib.compress(bytes(50_000_000))
        token = samples.forge(bomb, head=samples.header(zip="DEF"))

        assert_integrity_refused(token, Reason.HEADER_REFUSED, step=2)
