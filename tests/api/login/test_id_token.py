"""Who is believed to be who the provider says."""

import pytest
from joserfc.jwk import ECKey

from tests.api.login.forgeries import FORGERIES, Forger, unknown_key
from tests.api.login.visitor import Visitor, refused
from tests.support.id_provider import CLIENT, ISSUER, new_key, public


class TestIdToken:
    @pytest.mark.parametrize("forger", FORGERIES, ids=lambda each: each.__name__)
    def test_is_refused_when_forged(self, small: Visitor, forger: Forger) -> None:
        small.stage.token = lambda claims: forger(small.stage, claims)

        assert refused(small.sign_in(), "ID_TOKEN")
        assert not small.is_signed_in()
        assert {str(each.url.host) for each in small.stage.asked} == {"id.example.vn"}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"aud": "somebody-else"},
            {"aud": [CLIENT, "somebody-else"]},
            {"aud": []},
            {"aud": {"a": CLIENT}},
            {"azp": "somebody-else"},
            {"iss": "https://evil.example"},
            {"iss": ISSUER + "/"},
            {"nonce": "x" * 43},
            {"nonce": None},
            {"sub": 7},
            {"exp": "tomorrow"},
            {"exp": None},
            {"iat": "yesterday"},
        ],
        ids=str,
    )
    def test_is_refused_when_it_is_not_for_us(
        self, small: Visitor, wrong: dict[str, object]
    ) -> None:
        small.stage.person |= wrong

        assert refused(small.sign_in(), "ID_TOKEN")
        assert not small.is_signed_in()

    @pytest.mark.parametrize("missing", ["iss", "aud", "sub", "exp", "iat", "nonce"])
    def test_is_refused_when_it_lacks_something(self, small: Visitor, missing: str) -> None:
        small.stage.left_out = (missing,)

        assert refused(small.sign_in(), "ID_TOKEN")

    @pytest.mark.parametrize(
        ("claim", "seconds", "accepted"),
        [
            ("exp", -60, False),
            ("exp", -59, True),
            ("iat", 60, True),
            ("iat", 61, False),
            ("nbf", 60, True),
            ("nbf", 61, False),
        ],
    )
    def test_may_differ_by_a_minute(
        self, small: Visitor, claim: str, seconds: int, *, accepted: bool
    ) -> None:
        small.stage.person[claim] = int(small.office.clock.now.timestamp()) + seconds

        assert (small.sign_in().status_code == 303) is accepted

    def test_may_name_others_when_it_is_ours(self, small: Visitor) -> None:
        small.stage.person |= {"aud": [CLIENT, "somebody-else"], "azp": CLIENT}

        assert small.sign_in().status_code == 303

    def test_is_not_believed_by_a_key_for_something_else(self, small: Visitor) -> None:
        small.stage.published = [public(small.stage.key) | {"use": "enc"}]

        assert refused(small.sign_in(), "ID_TOKEN")

    def test_by_unknown_keys_does_not_make_us_fetch_all_the_time(self, small: Visitor) -> None:
        small.stage.token = lambda claims: unknown_key(small.stage, claims)
        for _ in range(5):
            small.sign_in()

        assert len(small.stage.sent("/jwks")) == 1


def test_keys_are_those_the_tests_mean() -> None:
    key: ECKey = new_key()

    assert "d" not in public(key)
    assert public(key)["kid"] == "k1"
