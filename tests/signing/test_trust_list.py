"""The trust list: what a verifier carries, and what it does not believe."""

from datetime import datetime, timedelta
from typing import Any

import pytest

import signing
from signing import Reason
from signing.keys import x5c
from signing.trust_list import _entry
from tests.signing import samples

SIGNER = samples.key(signing.Use.TRUST)
WEEK = timedelta(days=7)


def sign(bundle: signing.TrustBundle | None = None, **changes: Any) -> str:
    given = {
        "signer": SIGNER,
        "issued_at": samples.NOW,
        "expires_at": samples.NOW + WEEK,
    } | changes
    return signing.trust_list_sign(bundle or samples.trust(), **given)


def read(token: str, **changes: Any) -> signing.TrustBundle:
    given = {"root": samples.root().certificate, "now": samples.NOW} | changes
    return signing.trust_list_read(token, **given)


def refusal(token: str, **changes: Any) -> Reason:
    with pytest.raises(signing.VerificationError) as refused:
        read(token, **changes)
    return refused.value.reason


def forge(signer: signing.SigningKey = SIGNER, head: Any = None, **changes: Any) -> str:
    """Sign any claims at all as a trust list."""
    iat = int(samples.NOW.timestamp())
    body = {
        "iss": samples.ISSUER,
        "iat": iat,
        "exp": iat + 604800,
        "root": x5c([samples.root().certificate])[0],
        "keys": [_entry(each) for each in samples.trust().keys.values()],
        "status_lists": {},
    }
    body = {name: value for name, value in (body | changes).items() if value is not ...}
    given = {"typ": "vn-trustlist+jwt", "kid": signer.kid, "x5c": x5c(signer.chain)}
    head = samples.header(**given | (head or {}))
    return samples.forge(body, head=head, signer=signer).rstrip("~")


class TestTrustList:
    def test_is_read_as_it_was_signed(self) -> None:
        withdrawn = signing.trusted(samples.key(not_after=samples.FAR).chain)
        bundle = samples.bundle(
            signing.trusted(withdrawn.chain, revoked_from=samples.NOW + timedelta(days=1))
        )

        read_back = read(sign(bundle))

        assert read_back.issuer == bundle.issuer
        assert read_back.keys.keys() == bundle.keys.keys()
        assert (read_back.issued_at, read_back.expires_at) == (samples.NOW, samples.NOW + WEEK)
        for kid, key in bundle.keys.items():
            again = read_back.keys[kid]
            assert (again.use, again.chain, again.revoked_from) == (
                key.use,
                key.chain,
                key.revoked_from,
            )

    def test_verifies_a_credential_offline_with_the_status_list_it_carries(self) -> None:
        listed = signing.sign_status_list(
            signing.StatusList.of(100, {samples.INDEX: signing.REVOKED}),
            signer=samples.key(signing.Use.STATUS_LIST),
            uri=samples.STATUS_URI,
            issued_at=samples.NOW,
        )
        carried = read(sign(status_lists={samples.STATUS_URI: listed}))

        verdict = signing.verify_credential(samples.issue(), carried, samples.NOW)

        assert verdict.integrity.state is verdict.issuer.state is signing.State.YES
        assert verdict.status.reason is Reason.REVOKED
        assert verdict.status_as_of == samples.NOW

    def test_keeps_its_own_signing_key_out_of_what_it_certifies(self) -> None:
        only = samples.bundle(keys=[samples.key()])

        assert read(sign(only)).keys.keys() == {samples.key().kid}

    def test_passes_over_keys_for_uses_of_a_newer_release(self) -> None:
        known = [_entry(each) for each in samples.trust().keys.values()]
        newer = known[0] | {"kid": "x", "vn_use": "STAMP", "x5c": ["?"]}

        assert read(forge(keys=[newer, *known])).keys.keys() == read(forge()).keys.keys()

    @pytest.mark.parametrize(
        ("now", "reason"),
        [
            (samples.NOW + WEEK, Reason.TRUST_LIST_EXPIRED),
            (samples.NOW - timedelta(seconds=61), Reason.NOT_YET_VALID),
        ],
    )
    def test_is_refused_out_of_its_period(self, now: datetime, reason: Reason) -> None:
        assert refusal(sign(), now=now) is reason

    def test_is_refused_when_older_than_the_one_at_hand(self) -> None:
        assert refusal(sign(), newer_than=samples.NOW + timedelta(seconds=1)) is (
            Reason.TRUST_LIST_OLDER
        )
        assert read(sign(), newer_than=samples.NOW)

    def test_is_refused_under_another_root(self) -> None:
        foreign = samples.root("Foreign root").certificate

        assert refusal(sign(), root=foreign) is Reason.CERTIFICATE_REFUSED

    def test_is_refused_from_a_foreign_key(self) -> None:
        foreign = samples.key(signing.Use.TRUST, root_name="Foreign root")

        assert refusal(forge(foreign)) is Reason.CERTIFICATE_REFUSED

    def test_is_refused_from_a_key_of_another_use(self) -> None:
        assert refusal(forge(samples.key())) is Reason.KEY_WRONG_USE

    @pytest.mark.parametrize(
        ("head", "reason"),
        [
            ({"x5c": ...}, Reason.CERTIFICATE_REFUSED),
            ({"x5c": []}, Reason.CERTIFICATE_REFUSED),
            ({"x5c": ["AAAA"]}, Reason.CERTIFICATE_REFUSED),
            ({"x5c": ["ế"]}, Reason.CERTIFICATE_REFUSED),
            ({"x5c": x5c([*SIGNER.chain, samples.root().certificate])}, Reason.CERTIFICATE_REFUSED),
            ({"x5c": x5c([samples.root().certificate])}, Reason.CERTIFICATE_REFUSED),
            ({"x5c": x5c(samples.key().chain)}, Reason.KEY_UNKNOWN),
            ({"kid": samples.key().kid}, Reason.KEY_UNKNOWN),
            ({"typ": "JWT"}, Reason.TYP_REFUSED),
            ({"alg": "none"}, Reason.ALG_REFUSED),
        ],
    )
    def test_is_refused_with_another_header(self, head: dict[str, Any], reason: Reason) -> None:
        assert refusal(forge(head=head)) is reason

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": ...},
            {"iss": 1},
            {"iss": "https://evil.example"},
            {"root": ...},
            {"root": x5c([samples.root("Foreign root").certificate])[0]},
            {"keys": ...},
            {"keys": 1},
            {"keys": [1]},
            {"keys": [{}]},
            {"keys": [_entry(signing.trusted(samples.key().chain))] * 2},
            {"keys": [_entry(signing.trusted(samples.key().chain)) | {"kid": SIGNER.kid}]},
            {"keys": [_entry(signing.trusted(samples.key().chain)) | {"vn_use": "LOG"}]},
            {"keys": [_entry(signing.trusted(samples.key().chain)) | {"vn_not_after": 9**9}]},
            {"keys": [_entry(signing.trusted(samples.key().chain)) | {"vn_revoked_from": "x"}]},
            {"keys": [_entry(signing.trusted(samples.key().chain)) | {"vn_revoked_from": 9**30}]},
            {"keys": [_entry(signing.trusted(samples.key(root_name="Foreign root").chain))]},
            {"keys": [_entry(signing.trusted(samples.key(issuer="https://x.example").chain))]},
            {"keys": [_entry(signing.trusted([samples.key().chain[0], *SIGNER.chain]))]},
            {"status_lists": ...},
            {"status_lists": {"a": 1}},
        ],
    )
    def test_is_refused_with_other_contents(self, changes: dict[str, Any]) -> None:
        assert refusal(forge(**changes)) is Reason.TRUST_LIST_MALFORMED

    @pytest.mark.parametrize("changes", [{"iat": "1"}, {"exp": 1.5}, {"exp": ...}, {"iat": True}])
    def test_is_refused_with_times_of_another_type(self, changes: dict[str, Any]) -> None:
        assert refusal(forge(**changes)) is Reason.CLAIM_TYPE

    def test_is_refused_when_a_status_list_in_it_is_not_in_order(self) -> None:
        listed = signing.sign_status_list(
            signing.StatusList.of(8, {}),
            signer=samples.key(signing.Use.STATUS_LIST),
            uri=samples.STATUS_URI,
            issued_at=samples.NOW,
        )

        assert refusal(forge(status_lists={"https://book.example/status/9": listed})) is (
            Reason.STATUS_LIST_MISMATCH
        )

    def test_is_refused_when_a_letter_changed(self) -> None:
        token = sign()

        for at in range(0, len(token), 23):
            changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
            with pytest.raises(signing.VerificationError):
                read(changed)

    def test_is_not_signed_by_a_key_that_does_not_belong(self) -> None:
        foreign = samples.key(signing.Use.TRUST, root_name="Foreign root")

        for wrong in (samples.key(), foreign):
            with pytest.raises(signing.SigningError):
                sign(signer=wrong)


class TestTrustBundle:
    @pytest.mark.parametrize(
        "keys",
        [
            [samples.key(root_name="Foreign root")],
            [samples.key(issuer="https://other.example")],
            [samples.key(), samples.key()],
        ],
    )
    def test_takes_only_what_the_root_certified_for_the_issuer(
        self, keys: list[signing.SigningKey]
    ) -> None:
        with pytest.raises(signing.SigningError):
            samples.bundle(keys=keys)

    def test_never_holds_the_root_as_a_signing_key(self) -> None:
        with pytest.raises(signing.SigningError):
            signing.trusted([samples.root().certificate])
