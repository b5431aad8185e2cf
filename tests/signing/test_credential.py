"""Issuing and disclosing, checked by our own code and by independent readers."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256, shake_256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey
from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier

import signing
from signing.encoding import b64url_decode
from tests.signing import samples

INSIDE_EMPLOYMENT = {
    *("no", "contract_id", "wage_base_vnd"),
    *("months_paid", "months_arrears", "months_unknown", "paid", "arrears", "unknown"),
}
VISIBLE = {"iss", "vct", "iat", "exp", "status", "_sd_alg", "_sd"}


def payload_of(token: str) -> dict[str, object]:
    return json.loads(b64url_decode(token.split(".")[1], step=0))


def seeded(number: int) -> Callable[[int], bytes]:
    return shake_256(number.to_bytes(1, "big")).digest


def header_of(token: str) -> dict[str, object]:
    return json.loads(b64url_decode(token.split(".", maxsplit=1)[0], step=0))


def paths(token: str) -> set[signing.credential.Path]:
    return {each.path for each in signing.disclosures_of(token)}


class TestIssueBookCredential:
    def test_shows_only_what_is_always_visible(self) -> None:
        assert payload_of(samples.issue()).keys() == VISIBLE

    def test_shows_the_key_of_the_wallet_and_only_its_public_part(self) -> None:
        holder = signing.public_jwk(samples.key(signing.Use.QR).public_key) | {"kid": "mine"}

        shown = payload_of(samples.issue(holder=holder))

        assert shown["cnf"] == {"jwk": signing.public_jwk(samples.key(signing.Use.QR).public_key)}
        with pytest.raises(signing.SigningError):
            samples.issue(holder=holder | {"d": "AAAA"})

    def test_has_the_header_of_the_profile_with_the_leaf_and_never_the_root(self) -> None:
        header = header_of(samples.issue())

        assert header.keys() == {"alg", "typ", "kid", "x5c"}
        assert (header["alg"], header["typ"]) == ("ES256", "dc+sd-jwt")
        assert header["kid"] == signing.thumbprint(signing.public_jwk(samples.key().public_key))
        assert header["x5c"] == list(samples.trust().keys[samples.key().kid].x5c)

    def test_rounds_both_dates_to_midnight_in_viet_nam(self) -> None:
        shown = payload_of(samples.issue())

        assert shown["iat"] == datetime(2026, 9, 30, 17, tzinfo=UTC).timestamp()
        assert shown["exp"] == datetime(2027, 9, 30, 17, tzinfo=UTC).timestamp()

    def test_hides_each_part_that_a_holder_may_hide(self) -> None:
        book = samples.claims()

        hidden = paths(samples.issue(book))

        assert hidden == (
            {(name,) for name in book}
            | {("worker", name) for name in book["worker"]}
            | {("insurance", name) for name in book["insurance"]}
            | {("employments", at) for at in range(3)}
            | {("employments", at, name) for at in range(3) for name in INSIDE_EMPLOYMENT}
            | {("qualifications", 0)}
        )

    def test_reveals_exactly_what_went_in(self) -> None:
        book = samples.claims()

        revealed = signing.read_disclosed(samples.issue(book))

        assert {name: revealed[name] for name in book} == book

    def test_draws_at_least_128_bits_of_salt_for_each_disclosure(self) -> None:
        tokens = [samples.issue(), samples.issue()]

        salts = [
            json.loads(b64url_decode(each, step=0))[0]
            for token in tokens
            for each in token.split("~")[1:-1]
        ]

        assert len(set(salts)) == len(salts)
        assert {len(b64url_decode(each, step=0)) for each in salts} == {18}

    def test_uses_the_randomness_that_it_is_given(self) -> None:
        drawn: list[int] = []

        def salt(count: int) -> bytes:
            drawn.append(count)
            return seeded(7)(count)

        token = samples.issue(salt=salt)

        assert len(drawn) <= 2  # by the block, and not one by one
        assert token.split("~")[1:] == samples.issue(salt=salt).split("~")[1:]
        assert payload_of(token) == payload_of(samples.issue(salt=salt))

    def test_leaves_no_value_readable_outside_the_disclosures(self) -> None:
        shown = b64url_decode(samples.issue().split(".")[1], step=0).decode()

        for word in ("Nguyễn", "001090012345", "VN-0000123", "worker", "employments", "8500000"):
            assert word not in shown

    def test_makes_a_batch_without_a_common_salt_digest_or_index(self) -> None:
        batch = [payload_of(samples.issue(status_index=index)) for index in (811, 12, 430)]

        digests = [digest for each in batch for digest in each["_sd"]]

        assert len(set(digests)) == len(digests)
        assert {each["iat"] for each in batch} == {batch[0]["iat"]}

    @pytest.mark.parametrize(
        "book",
        [
            samples.claims(termination_reason="dismissed"),
            samples.claims(employments=[samples.employment(termination_reason="x")]),
            samples.claims(employments=[samples.employment(end_reason_clause=9)]),
            samples.claims(worker={"full_name": "An", "phone": "0901"}),
            samples.claims(insurance={"SI": 1, "pension": 2}),
            samples.claims(qualifications=[{"kind": "A", "remark": "x"}]),
            samples.claims(gaps=[{"first": "2020-01", "last": "2020-02", "reason": "x"}]),
            samples.claims(iss="https://other.example"),
            samples.claims(status="none"),
            samples.claims(worker="An"),
            samples.claims(version=1.5),
            samples.claims(version=2**53),
            samples.claims(as_of=date(2026, 1, 1)),
        ],
    )
    def test_refuses_what_is_not_in_the_closed_lists(self, book: dict[str, object]) -> None:
        with pytest.raises(signing.SigningError):
            samples.issue(book)

    @pytest.mark.parametrize(
        "changes",
        [
            {"signer": samples.key(signing.Use.STATUS_LIST)},
            {"issuer": "https://other.example"},
            {"issued_on": date(2025, 12, 31)},
            {"issued_on": date(2029, 1, 2), "expires_on": date(2030, 1, 1)},
            {"expires_on": date(2026, 10, 1)},
            {"status_index": -1},
            {"holder": {"kty": "RSA"}},
            {"holder": {"kty": "EC", "crv": "P-256", "x": "AA"}},
        ],
    )
    def test_refuses_the_wrong_key_dates_or_index(self, changes: dict[str, object]) -> None:
        with pytest.raises(signing.SigningError):
            samples.issue(**changes)

    def test_issues_on_the_very_day_a_key_begins(self) -> None:
        young = samples.key(not_before=samples.NOW)

        token = samples.issue(signer=young)

        assert samples.verify(token, trust=samples.bundle(young)).is_good


def slots(token: str) -> dict[str, set[int]]:
    """Return how many digests stand in the objects and lists of a wholly disclosed credential."""
    found: dict[str, set[int]] = {}
    parts = [json.loads(b64url_decode(each, step=0)) for each in token.split("~")[1:-1]]
    for name, value in [("top", payload_of(token)), *(each[-2:] for each in parts)]:
        if isinstance(value, dict) and "_sd" in value:
            found.setdefault(name if name in ("top", *samples.claims()) else "job", set()).add(
                len(value["_sd"])
            )
        elif isinstance(value, list) and name in ("employments", "qualifications"):
            found.setdefault(name, set()).add(len(value))
    return found


class TestDecoys:
    """RFC 9901, section 4.2.5: nobody can count what is hidden."""

    @pytest.mark.parametrize(
        ("jobs", "digests"), [(0, 4), (1, 4), (4, 4), (5, 8), (9, 16), (17, 32), (33, 64), (65, 96)]
    )
    def test_fill_lists_up_to_round_numbers(self, jobs: int, digests: int) -> None:
        book = samples.claims(employments=[samples.employment(each) for each in range(jobs)])

        token = samples.issue(book)

        assert slots(token)["employments"] == {digests}
        assert signing.read_disclosed(token)["employments"] == book["employments"]

    @given(
        st.sets(st.sampled_from(sorted(samples.claims()))),
        st.sets(st.sampled_from(sorted(samples.employment()))),
        st.sets(st.sampled_from(sorted(samples.claims()["worker"]))),
    )
    def test_hide_which_members_there_are(
        self, claims: set[str], job: set[str], worker: set[str]
    ) -> None:
        book = samples.claims(
            employments=[{name: samples.employment()[name] for name in job}],
            worker={name: samples.claims()["worker"][name] for name in worker},
        )
        book = {name: book[name] for name in claims | {"employments", "worker", "insurance"}}

        found = slots(samples.issue(book))

        assert found["top"] == {10}
        assert found["job"] == {9}
        assert found["worker"] == {7}
        assert found["insurance"] == {9}

    def test_look_like_any_other_digest_and_stand_for_nothing(self) -> None:
        token = samples.issue(samples.claims(employments=[]))

        shown = signing.disclose(token, lambda path: path == ("employments",))
        (_, name, digests) = json.loads(b64url_decode(shown.split("~")[1], step=0))

        assert (name, len(digests)) == ("employments", 4)
        assert {len(b64url_decode(each["..."], step=0)) for each in digests} == {32}
        assert samples.verify(shown).claims["employments"] == []

    def test_stand_anywhere_among_the_elements(self) -> None:
        """The only job of a book is found in each of the four places."""
        places = set()
        for seed in range(60):
            token = samples.issue(
                samples.claims(employments=[samples.employment()]), salt=seeded(seed)
            )
            whole = {digest: at for at, digest in enumerate(array_of(token, "employments"))}
            (place,) = (
                whole[each]
                for each in signing.sd_jwt.digests_of(
                    [part.encode() for part in token.split("~")[1:-1]]
                )
                if each in whole
            )
            places.add(place)

        assert places == {0, 1, 2, 3}

    def test_differ_from_credential_to_credential(self) -> None:
        tokens = [samples.issue(), samples.issue()]

        every = [each for token in tokens for each in array_of(token, "employments")]

        assert len(set(every)) == len(every) == 8


def array_of(token: str, name: str) -> list[str]:
    parts: list[Any] = [json.loads(b64url_decode(each, step=0)) for each in token.split("~")[1:-1]]
    (value,) = (each[2] for each in parts if len(each) == 3 and each[1] == name)
    return [each["..."] for each in value]


class TestIndependentReaders:
    def test_sd_jwt_of_pypi_reveals_the_same_claims(self) -> None:
        public = JWK(**signing.public_jwk(samples.key().public_key))
        token = samples.issue()

        theirs = SDJWTVerifier(token, lambda *_: public).get_verified_payload()

        ours = signing.read_disclosed(token)
        assert {name: theirs[name] for name in ours} == ours

    def test_joserfc_verifies_the_signature_by_the_published_key_set(self) -> None:
        published = signing.jwks([samples.key()])["keys"][0]
        token = samples.issue().split("~")[0]

        registry = jws.JWSRegistry(algorithms=["ES256"])
        registry.max_header_length = 4096  # its default of 512 has no room for a certificate

        verified = jws.deserialize_compact(token, ECKey.import_key(published), registry=registry)

        assert verified.payload == b64url_decode(token.split(".")[1], step=0)


class TestDisclose:
    def test_keeps_what_is_asked_for_and_what_it_stands_in(self) -> None:
        token = samples.issue()

        shown = signing.disclose(token, lambda path: path == ("employments", 1, "wage_base_vnd"))

        assert paths(shown) == {
            ("employments",),
            ("employments", 0),
            ("employments", 0, "wage_base_vnd"),
        }
        revealed = signing.read_disclosed(shown)
        (job,) = revealed["employments"]
        assert "contract_id" not in job
        assert job["employer"] == samples.employment(2)["employer"]
        assert samples.verify(shown).is_good

    def test_may_keep_nothing_at_all(self) -> None:
        shown = signing.disclose(samples.issue(), lambda _: False)

        assert shown.count("~") == 1
        assert samples.verify(shown).is_good
        assert samples.verify(shown).claims.keys() == VISIBLE - {"_sd", "_sd_alg"}

    def test_numbers_elements_by_their_place_among_those_shown(self) -> None:
        last = signing.disclose(samples.issue(), lambda path: path == ("employments", 2))

        assert paths(last) == {("employments",), ("employments", 0)}

    @pytest.mark.parametrize("name", sorted(INSIDE_EMPLOYMENT))
    def test_can_show_a_job_without_any_one_of_its_inner_parts(self, name: str) -> None:
        shown = signing.disclose(samples.issue(), lambda path: path[-1] != name)

        assert samples.verify(shown).is_good
        for job in signing.read_disclosed(shown)["employments"]:
            assert job.keys() == samples.employment().keys() - {name}

    def test_is_refused_for_what_is_no_credential(self) -> None:
        with pytest.raises(signing.VerificationError):
            signing.disclose("abc", lambda _: True)


class TestDigests:
    def test_are_those_of_the_standard(self) -> None:
        # RFC 9901 section 4.2.3, the example of the family name
        encoded = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"

        assert signing.sd_jwt.digests_of([encoded.encode()]) == [
            "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
        ]
        assert len(sha256(encoded.encode()).digest()) == 32
