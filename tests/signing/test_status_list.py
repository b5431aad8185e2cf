"""Token Status List: the draft's vectors, our lists, and what is refused."""

import json
import tracemalloc
import zlib
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import signing
from signing import Reason, StatusList
from signing.encoding import b64url
from signing.status_list import MAX_PACKED
from tests.signing import samples

VECTORS = json.loads((samples.VECTORS / "tsl_vectors.json").read_text())
SIGNER = samples.key(signing.Use.STATUS_LIST)


def sign(statuses: StatusList | None = None, **changes: Any) -> str:
    given = {"signer": SIGNER, "uri": samples.STATUS_URI, "issued_at": samples.NOW} | changes
    return signing.sign_status_list(statuses or StatusList.of(100, {5: 1}), **given)


def forge(**changes: Any) -> str:
    """Sign any claims at all with the status list key."""
    iat = int(samples.NOW.timestamp())
    body = {
        "sub": samples.STATUS_URI,
        "iat": iat,
        "exp": iat + 86400,
        "ttl": 3600,
        "status_list": {"bits": 2, "lst": StatusList.of(100, {}).deflate()},
    }
    body = {name: value for name, value in (body | changes).items() if value is not ...}
    head = samples.header(typ="statuslist+jwt", kid=SIGNER.kid)
    return samples.forge(body, head=head, signer=SIGNER).rstrip("~")


def read(token: str, **changes: Any) -> signing.StatusSnapshot:
    given = {"trust": samples.trust(), "now": samples.NOW} | changes
    return signing.read_status_list(token, **given)


def refusal(token: str, **changes: Any) -> Reason:
    with pytest.raises(signing.VerificationError) as refused:
        read(token, **changes)
    return refused.value.reason


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
class TestVectors:
    def test_are_read(self, vector: dict[str, Any]) -> None:
        statuses = StatusList.inflate(vector["lst"], vector["bits"])

        assert statuses.size == vector["size"]
        for index, value in vector["values"].items():
            assert statuses.get(int(index)) == value

    def test_are_packed_alike(self, vector: dict[str, Any]) -> None:
        values = {int(index): value for index, value in vector["values"].items()}

        packed = StatusList.of(vector["size"], values, bits=vector["bits"])

        assert packed == StatusList.inflate(vector["lst"], vector["bits"])
        assert b64url(zlib.compress(packed.packed, 9)) == vector["lst"]


class TestStatusList:
    @given(st.integers(1, 200), st.data())
    def test_gives_back_what_was_set(self, size: int, data: st.DataObject) -> None:
        statuses = data.draw(st.dictionaries(st.integers(0, size - 1), st.integers(0, 3)))

        packed = StatusList.of(size, statuses)

        assert {at: packed.get(at) for at in range(size)} == dict.fromkeys(
            range(size), 0
        ) | statuses
        assert StatusList.inflate(packed.deflate(), 2) == packed

    def test_counts_bits_from_the_least_significant_one(self) -> None:
        assert StatusList.of(4, {0: 1, 1: 2, 3: 3}).packed == bytes([0b11_00_10_01])

    def test_replaces_a_status_and_leaves_its_neighbours(self) -> None:
        before = StatusList.of(8, dict.fromkeys(range(8), 3))

        after = before.changed({2: 0, 5: 1})

        assert [after.get(at) for at in range(8)] == [3, 3, 0, 3, 3, 1, 3, 3]
        assert before.get(2) == 3

    @pytest.mark.parametrize("index", [-1, 8, 10**12])
    def test_has_no_status_outside(self, index: int) -> None:
        with pytest.raises(signing.SigningError):
            StatusList.of(8, {}).get(index)
        with pytest.raises(signing.SigningError):
            StatusList.of(8, {index: 1})

    def test_takes_only_statuses_and_widths_that_fit(self) -> None:
        for wrong in (
            lambda: StatusList.of(8, {0: 4}),
            lambda: StatusList.of(8, {0: -1}),
            lambda: StatusList.of(8, {}, bits=3),
            lambda: StatusList(b"", 16),
        ):
            with pytest.raises(signing.SigningError):
                wrong()


class TestSignStatusList:
    def test_has_the_form_of_the_draft(self) -> None:
        token = sign()

        assert jwt.get_unverified_header(token)["typ"] == "statuslist+jwt"
        claims = jwt.decode(
            token, SIGNER.public_key, ["ES256"], options={"verify_exp": False, "verify_iat": False}
        )
        assert claims["sub"] == samples.STATUS_URI
        assert claims["exp"] - claims["iat"] == 86400
        assert claims["ttl"] == 3600
        assert claims["status_list"].keys() == {"bits", "lst"}

    def test_refuses_a_key_of_another_use(self) -> None:
        with pytest.raises(signing.SigningError):
            sign(signer=samples.key())


class TestReadStatusList:
    def test_gives_back_what_was_signed(self) -> None:
        statuses = StatusList.of(1000, {5: 1, 999: 2})

        snapshot = read(sign(statuses), uri=samples.STATUS_URI)

        assert snapshot.list == statuses
        assert snapshot.uri == samples.STATUS_URI
        assert (snapshot.issued_at, snapshot.ttl_seconds) == (samples.NOW, 3600)
        assert snapshot.expires_at == samples.NOW + timedelta(hours=24)

    def test_reads_an_expired_list_and_leaves_its_age_to_who_uses_it(self) -> None:
        old = read(sign(), now=samples.NOW + timedelta(days=30))

        assert old.expires_at < samples.NOW + timedelta(days=30)

    def test_verifies_a_credential(self) -> None:
        snapshot = read(sign(StatusList.of(100, {samples.INDEX: signing.REVOKED})))

        verdict = samples.verify(samples.issue(), status=lambda _: snapshot)

        assert verdict.status.reason is Reason.REVOKED

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"sub": ...}, Reason.STATUS_LIST_MISMATCH),
            ({"sub": 1}, Reason.STATUS_LIST_MISMATCH),
            ({"sub": "https://book.example/status/2"}, Reason.STATUS_LIST_MISMATCH),
            ({"iat": "1"}, Reason.CLAIM_TYPE),
            ({"iat": True}, Reason.CLAIM_TYPE),
            ({"exp": 1.5}, Reason.CLAIM_TYPE),
            ({"exp": ...}, Reason.CLAIM_TYPE),
            ({"ttl": 0}, Reason.CLAIM_TYPE),
            ({"ttl": -1}, Reason.CLAIM_TYPE),
            ({"iat": int(samples.NOW.timestamp()) + 61}, Reason.NOT_YET_VALID),
            ({"iat": 1}, Reason.KEY_OUT_OF_PERIOD),
            ({"status_list": ...}, Reason.STATUS_LIST_MALFORMED),
            ({"status_list": []}, Reason.STATUS_LIST_MALFORMED),
            ({"status_list": {"bits": 3, "lst": ""}}, Reason.STATUS_LIST_MALFORMED),
            ({"status_list": {"bits": True, "lst": ""}}, Reason.STATUS_LIST_MALFORMED),
            ({"status_list": {"bits": 2, "lst": 1}}, Reason.STATUS_LIST_MALFORMED),
            ({"status_list": {"bits": 2, "lst": "AAAA"}}, Reason.STATUS_LIST_MALFORMED),
            ({"status_list": {"bits": 2, "lst": "A"}}, Reason.BASE64_NOT_CANONICAL),
            ({"status_list": {"bits": 2, "lst": "!"}}, Reason.BASE64_NOT_CANONICAL),
        ],
    )
    def test_refuses_claims(self, changes: dict[str, Any], reason: Reason) -> None:
        assert refusal(forge(**changes), uri=samples.STATUS_URI) is reason

    def test_refuses_a_bomb_without_inflating_it(self) -> None:
        token = forge(status_list={"bits": 2, "lst": b64url(zlib.compress(bytes(100_000_000)))})

        tracemalloc.start()
        reason = refusal(token)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert reason is Reason.TOO_LARGE
        assert peak < 10 * 1024 * 1024

    def test_takes_a_list_of_the_largest_size(self) -> None:
        whole = b64url(zlib.compress(bytes(MAX_PACKED)))

        assert read(forge(status_list={"bits": 2, "lst": whole})).list.size == MAX_PACKED * 4

    @pytest.mark.parametrize("change", [lambda raw: raw[:-1], lambda raw: raw + b"x"])
    def test_refuses_a_stream_that_ends_elsewhere(self, change: Any) -> None:
        lst = b64url(change(zlib.compress(bytes(100))))

        reason = refusal(forge(status_list={"bits": 2, "lst": lst}))

        assert reason is Reason.STATUS_LIST_MALFORMED

    def test_refuses_a_foreign_a_wrong_and_a_withdrawn_key(self) -> None:
        foreign = samples.key(signing.Use.STATUS_LIST, root_name="Foreign root")
        withdrawn = samples.bundle(keys=[signing.trusted(SIGNER.chain, revoked_from=samples.NOW)])
        credential = samples.forge(
            {}, head=samples.header(typ="statuslist+jwt"), signer=samples.key()
        )

        assert refusal(sign(signer=foreign)) is Reason.KEY_UNKNOWN
        assert refusal(credential.rstrip("~")) is Reason.KEY_WRONG_USE
        assert refusal(sign(), trust=withdrawn) is Reason.KEY_WITHDRAWN

    def test_refuses_a_credential_and_other_tokens(self) -> None:
        assert refusal(samples.issue().split("~")[0]) is Reason.TYP_REFUSED
        assert refusal("") is Reason.TOKEN_MALFORMED
        assert refusal("A" * 9_000_000) is Reason.TOO_LARGE

    def test_refuses_a_changed_letter(self) -> None:
        token = sign()

        for at in range(0, len(token), 7):
            changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
            with pytest.raises(signing.VerificationError):
                read(changed)
