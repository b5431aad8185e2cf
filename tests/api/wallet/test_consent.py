"""The worker agrees in the browser, and what is refused on the way to a token."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

import signing
from labour_book.domain.wallets import AUTHORIZATION_LIFE, CODE_LIFE
from tests.api.conftest import Office, TestClient
from tests.api.wallet.consent import decided, opened, query_of, signed_in
from tests.api.wallet.pocket import REDIRECT, Pocket, jwk_of, new_key
from tests.api.wallet.test_issuer_attacks import refused


@pytest.fixture
def pocket(small_office: Office, small_client: TestClient) -> Pocket:
    return Pocket(small_office, small_client)


def asked(pocket: Pocket, **changes: str) -> str:
    request_uri = pocket.push(**changes).json()["request_uri"]
    return "?" + urlencode({"client_id": "wallet.example", "request_uri": request_uri})


def code_of(pocket: Pocket, **changes: str) -> str:
    answer = decided(pocket.client, asked(pocket, **changes), signed_in(pocket.office))
    return query_of(answer)["code"]


class TestConsent:
    def test_gives_a_code_that_gives_a_bound_token_and_copies(
        self, office: Office, client: TestClient
    ) -> None:
        pocket = Pocket(office, client)

        granted = pocket.redeem(code_of(pocket)).json()

        assert granted["token_type"] == "DPoP"  # noqa: S105 - a kind of token
        token = granted["access_token"]
        taken = pocket.ask_copies(
            token,
            pocket.proof(pocket.nonce()),
            scheme="DPoP",
            dpop=pocket.dpop("/credential", token=token),
        )
        assert taken.status_code == 200

    def test_tells_the_wallet_who_answers_and_its_state(self, pocket: Pocket) -> None:
        answer = decided(pocket.client, asked(pocket), signed_in(pocket.office))

        assert answer.headers["location"].startswith(REDIRECT + "?")
        assert query_of(answer)["state"] == "s1"
        assert query_of(answer)["iss"] == pocket.office.inst.issuer.uri

    def test_shows_where_it_goes_and_lets_the_form_go_nowhere_else(self, pocket: Pocket) -> None:
        page = opened(pocket.client, asked(pocket), signed_in(pocket.office))

        assert "wallet.example" in page.text
        assert (
            "form-action 'self' https://wallet.example;" in page.headers["content-security-policy"]
        )

    def test_lets_an_app_of_the_phone_be_the_wallet(self, pocket: Pocket) -> None:
        url = asked(pocket, redirect_uri="com.example.wallet:/back")

        page = opened(pocket.client, url, signed_in(pocket.office))

        assert "form-action 'self' com.example.wallet:;" in page.headers["content-security-policy"]

    def test_can_be_refused(self, pocket: Pocket) -> None:
        answer = decided(pocket.client, asked(pocket), signed_in(pocket.office), agree="no")

        assert query_of(answer)["error"] == "access_denied"
        assert "code" not in query_of(answer)

    def test_is_given_once(self, pocket: Pocket) -> None:
        url, browser = asked(pocket), signed_in(pocket.office)
        decided(pocket.client, url, browser)

        assert opened(pocket.client, url, browser).status_code == 404

    def test_comes_from_our_own_form(self, pocket: Pocket) -> None:
        fields = {"client_id": "wallet.example", "request_uri": "x", "agree": "yes"}

        answer = pocket.client.post("/authorize", data=fields, headers=signed_in(pocket.office))

        assert answer.status_code == 403

    def test_needs_level_two(self, pocket: Pocket) -> None:
        browser = signed_in(pocket.office, level=1)

        answer = decided(pocket.client, asked(pocket), browser)

        assert answer.status_code == 403

    def test_is_over_after_its_time(self, pocket: Pocket) -> None:
        url = asked(pocket)
        pocket.office.clock.now += AUTHORIZATION_LIFE

        assert opened(pocket.client, url, signed_in(pocket.office)).status_code == 404

    def test_is_for_the_wallet_that_asked(self, pocket: Pocket) -> None:
        url = asked(pocket).replace("wallet.example", "other.example")

        assert opened(pocket.client, url, signed_in(pocket.office)).status_code == 404

    def test_takes_up_only_an_own_offer(self, pocket: Pocket) -> None:
        offer = pocket.offer("authorization")["credential_offer"]["grants"]["authorization_code"]
        url = asked(pocket, issuer_state=offer["issuer_state"])

        theirs = decided(pocket.client, url, signed_in(pocket.office, 2))
        own = decided(pocket.client, url, signed_in(pocket.office, 1))

        assert theirs.status_code == 404
        assert query_of(own)["code"]


class TestCode:
    def test_is_taken_once_and_ends_the_token_when_it_comes_again(self, pocket: Pocket) -> None:
        code = code_of(pocket)
        token = pocket.redeem(code).json()["access_token"]

        refused(pocket.redeem(code), "invalid_grant")

        proof = pocket.proof(pocket.nonce())
        dpop = pocket.dpop("/credential", token=token)
        answer = pocket.ask_copies(token, proof, scheme="DPoP", dpop=dpop)
        refused(answer, "invalid_token", 401)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"code_verifier": "w" * 43}, "invalid_grant"),
            ({"code_verifier": "short"}, "invalid_grant"),
            ({"client_id": "other.example"}, "invalid_grant"),
            ({"redirect_uri": "https://other.example"}, "invalid_grant"),
            ({"dpop": None}, "invalid_dpop_proof"),
            ({"dpop": "x"}, "invalid_dpop_proof"),
        ],
        ids=str,
    )
    def test_is_for_the_wallet_that_asked(
        self, pocket: Pocket, changes: dict[str, Any], code: str
    ) -> None:
        given = code_of(pocket)

        refused(pocket.redeem(given, **changes), code)

        assert pocket.redeem(given).status_code == 200

    def test_is_for_the_key_that_was_announced(self, pocket: Pocket) -> None:
        code = code_of(pocket, dpop_jkt=signing.thumbprint(jwk_of(pocket.key)))
        pocket.key = new_key()

        refused(pocket.redeem(code), "invalid_grant")

    def test_is_over_after_its_time(self, pocket: Pocket) -> None:
        code = code_of(pocket)
        pocket.office.clock.now += CODE_LIFE + timedelta(seconds=1)

        refused(pocket.redeem(code), "invalid_grant")

    def test_is_ours(self, pocket: Pocket) -> None:
        refused(pocket.redeem("0000"), "invalid_grant")
