from typing import Any

import pytest

from labour_book.domain.sharing import presets
from labour_book.domain.wallets import (
    CODE_LIFE,
    OFFER_LIFE,
    QUERY,
    REQUEST_LIFE,
    TOKEN_LIFE,
    USES_KEPT,
    answers_challenge,
    dcql,
    is_challenge,
    is_safe_redirect,
    satisfies,
)

READY_MADE = [code for code in presets() if code != "CUSTOM"]
FORBIDDEN = ("personal_id", "wage", "contract_id", "credited", "arrears", "termination", "unknown")
# RFC 7636, appendix B
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def query(preset: str) -> dict[str, Any]:
    (credential,) = dcql(presets()[preset].selection, "https://x/vct")["credentials"]
    assert isinstance(credential, dict)
    return credential


class TestIsSafeRedirect:
    @pytest.mark.parametrize(
        "uri",
        [
            "https://wallet.example/back?x=1",
            "http://127.0.0.1:8080/back",
            "http://localhost/back",
            "http://[::1]/back",
            "com.example.wallet:/back",
        ],
    )
    def test_accepts(self, uri: str) -> None:
        assert is_safe_redirect(uri)

    @pytest.mark.parametrize(
        "uri",
        [
            "",
            "http://wallet.example/",
            "http://127.0.0.1.evil.example/",
            "https:///path",
            "https://user@evil.example/",
            "https://wallet.example/#fragment",
            "https://wallet.example/ x",
            "https://wallet.example/\n",
            "https://wället.example/",
            "https://[broken/",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "wallet:/back",
            "//evil.example",
            "https://wallet.example/" + "x" * 1_000,
        ],
    )
    def test_refuses(self, uri: str) -> None:
        assert not is_safe_redirect(uri)


class TestAnswersChallenge:
    def test_knows_the_example_of_the_standard(self) -> None:
        assert is_challenge(CHALLENGE)
        assert answers_challenge(VERIFIER, CHALLENGE)

    @pytest.mark.parametrize("verifier", ["", VERIFIER[:-1], VERIFIER + "é", "x" * 43, "x" * 129])
    def test_refuses_all_others(self, verifier: str) -> None:
        assert not answers_challenge(verifier, CHALLENGE)


class TestDcql:
    @pytest.mark.parametrize("preset", READY_MADE)
    def test_asks_for_nothing_that_can_be_in_no_share(self, preset: str) -> None:
        asked = str(query(preset))

        assert [word for word in FORBIDDEN if word in asked] == []

    @pytest.mark.parametrize("preset", READY_MADE)
    def test_names_each_claim_once_and_only_claims_it_has(self, preset: str) -> None:
        credential = query(preset)

        ids = [each["id"] for each in credential["claims"]]
        assert credential["id"] == QUERY
        assert len(set(ids)) == len(ids)
        assert all(set(some) <= set(ids) for some in credential["claim_sets"])
        assert credential["claim_sets"][0] == ids
        assert len({tuple(some) for some in credential["claim_sets"]}) == len(
            credential["claim_sets"]
        )

    def test_asks_for_jobs_by_what_each_of_them_has(self) -> None:
        paths = [each["path"] for each in query("GENERAL")["claims"]]

        assert ["employments", None, "employer"] in paths
        assert ["employments", None, "months_paid"] in paths
        assert ["qualifications", None, "kind"] not in paths


class TestSatisfies:
    SHOWN: dict[str, Any] = {  # noqa: RUF012 - never changed
        "worker": {"full_name": "A", "birth_date": "1990", "sex": "F", "population_check": "X"},
        "as_of": "2026-11-20",
        "insurance": {"SI": 1, "as_of_month": "2026-10"},
        "employments": [{"employer": "B", "months_paid": 1}],
    }
    GENERAL = presets()["GENERAL"].selection

    def test_takes_everything_that_was_asked_for(self) -> None:
        assert satisfies(self.GENERAL, self.SHOWN)

    def test_takes_a_book_without_jobs(self) -> None:
        assert satisfies(self.GENERAL, self.SHOWN | {"employments": []})

    @pytest.mark.parametrize("name", ["worker", "as_of", "insurance"])
    def test_refuses_what_lacks_what_every_book_has(self, name: str) -> None:
        shown = {key: value for key, value in self.SHOWN.items() if key != name}

        assert not satisfies(self.GENERAL, shown)


class TestLives:
    def test_end_before_the_memory_of_what_was_used(self) -> None:
        assert max(OFFER_LIFE, TOKEN_LIFE, CODE_LIFE, REQUEST_LIFE) < USES_KEPT
