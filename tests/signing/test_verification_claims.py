"""Step 6: the disclosures of a credential. Tables of refusals: `test_attacks`."""

import json
from typing import Any

import pytest

import signing
from signing import Reason, State
from signing.encoding import b64url, b64url_decode
from tests.signing import samples
from tests.signing.refusals import DISCLOSURES, JWT, TOKEN, assert_integrity_refused


class TestDisclosures:
    def test_refuses_a_repeated_one(self) -> None:
        token = "~".join([JWT, *DISCLOSURES, DISCLOSURES[0], ""])

        assert_integrity_refused(token, Reason.DISCLOSURE_REPEATED, step=6)

    def test_refuses_one_of_another_credential(self) -> None:
        stranger = samples.issue().split("~")[1]

        assert_integrity_refused(f"{TOKEN}{stranger}~", Reason.DISCLOSURE_UNKNOWN, step=6)

    def test_refuses_a_tampered_one(self) -> None:
        at, salt, value = next(
            (at, parts[0], parts[2])
            for at, parts in enumerate(json.loads(b64url_decode(x, step=0)) for x in DISCLOSURES)
            if parts[1] == "full_name"
        )
        tampered, _ = samples.disclosure(salt, "full_name", value + " Anh")
        token = "~".join([JWT, *DISCLOSURES[:at], tampered, *DISCLOSURES[at + 1 :], ""])

        assert_integrity_refused(token, Reason.DISCLOSURE_UNKNOWN, step=6)

    def test_refuses_an_inner_one_without_the_outer_one(self) -> None:
        wage = signing.disclose(TOKEN, lambda path: path[-1] == "wage_base_vnd").split("~")
        inner = [x for x in wage[1:-1] if "wage_base_vnd" in b64url_decode(x, step=0).decode()]

        token = f"{JWT}~{inner[0]}~"

        assert_integrity_refused(token, Reason.DISCLOSURE_UNKNOWN, step=6)

    def test_refuses_two_that_are_json_only_together(self) -> None:
        _, first = samples.disclosure("s", "a", 1)
        halves = [b64url(b'["s","a",1],["s","b"'), b64url(b'["t",2]')]
        whole = [b64url(b'["s","a"'), b64url(b"1]")]

        for parts in (halves, whole):
            token = samples.forge(samples.payload(_sd=[first]), *parts)
            assert samples.verify(token).integrity.state is State.NO

    def test_refuses_one_that_is_no_base64(self) -> None:
        assert_integrity_refused(f"{JWT}~A~", Reason.BASE64_NOT_CANONICAL, step=6)

    def test_refuses_a_member_where_an_element_belongs(self) -> None:
        encoded, digest = samples.disclosure("salt", "name", "value")
        token = samples.forge(samples.payload(list=[{"...": digest}]), encoded)

        assert_integrity_refused(token, Reason.DISCLOSURE_MALFORMED, step=6)

    @pytest.mark.parametrize("body", ["_sd twice", "in two objects", "two arrays"])
    @pytest.mark.parametrize("shown", [True, False])
    def test_refuses_a_digest_in_two_places(self, body: str, shown: bool) -> None:  # noqa: FBT001 - a parameter
        parts = ("salt", 1) if body == "two arrays" else ("salt", "a", 1)
        encoded, digest = samples.disclosure(*parts)
        bodies = {
            "_sd twice": {"_sd": [digest, digest]},
            "in two objects": {"_sd": [digest], "x": {"_sd": [digest]}},
            "two arrays": {"x": [{"...": digest}], "y": [{"...": digest}]},
        }
        token = samples.forge(samples.payload(**bodies[body]), *([encoded] if shown else []))

        assert_integrity_refused(token, Reason.DIGEST_REPEATED, step=6)

    def test_refuses_two_disclosures_of_one_name(self) -> None:
        one, first = samples.disclosure("salt", "a", 1)
        two, second = samples.disclosure("tlas", "a", 2)
        token = samples.forge(samples.payload(_sd=[first, second]), one, two)

        assert_integrity_refused(token, Reason.DISCLOSURE_OVERWRITES, step=6)

    def test_refuses_claims_that_nest_too_deep(self) -> None:
        deep: Any = 1
        for _ in range(100):
            deep = [deep]

        token = samples.forge(samples.payload(a=deep))

        assert_integrity_refused(token, Reason.JSON_TOO_DEEP, step=6)

    def test_refuses_disclosures_that_nest_too_deep(self) -> None:
        encoded, digest = samples.disclosure("salt", "a", 1)
        chain = [encoded]
        for _ in range(500):
            encoded, digest = samples.disclosure("salt", "a", {"_sd": [digest]})
            chain.append(encoded)

        token = samples.forge(samples.payload(_sd=[digest]), *chain)

        assert_integrity_refused(token, Reason.JSON_TOO_DEEP, step=6)

    def test_takes_protected_names_inside_other_claims(self) -> None:
        encoded, digest = samples.disclosure("salt", "status", "probation")
        token = samples.forge(samples.payload(job={"_sd": [digest]}), encoded)

        assert samples.verify(token).claims["job"] == {"status": "probation"}
