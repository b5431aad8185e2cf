"""Wallet and verifier programs that others wrote, against a real server: issue, show, revoke."""

import base64
import json
from typing import Any

import pytest

from tests.api.wallet.conftest import Bureau
from tests.api.wallet.consent import decided, signed_in

PRESENTED = {"state": "yes", "reason": "OK"}


def visible(credential: str) -> dict[str, Any]:
    payload = credential.split(".")[1]
    claims: dict[str, Any] = json.loads(
        base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    )
    return claims


def disclosures(credential: str) -> list[str]:
    return [each for each in credential.split("~")[1:] if each]


class TestTaking:
    def test_gives_copies_that_have_nothing_in_common(self, small_bureau: Bureau) -> None:
        copies = small_bureau.take(copies=10)

        seen = [visible(each["credential"]) for each in copies]
        entries = [each["status"]["status_list"]["idx"] for each in seen]
        hidden = [each for copy in copies for each in disclosures(copy["credential"])]
        assert len({each["cnf"]["jwk"]["x"] for each in seen}) == 10
        assert len(set(entries)) == 10
        assert sorted(entries) != list(range(min(entries), min(entries) + 10))
        assert len(set(hidden)) == len(hidden)
        assert all({"book_no", "worker", "version"}.isdisjoint(each) for each in seen)
        assert {(each["iat"] % 86400, each["exp"] % 86400) for each in seen} == {(61200, 61200)}

    def test_works_without_dpop_where_the_worker_typed_the_code(self, small_bureau: Bureau) -> None:
        offer = small_bureau.offer()
        given = {"link": offer["link"], "txCode": offer["tx_code"], "copies": 1, "dpop": False}

        taken = small_bureau.clients.run("take.mjs", given)

        assert taken["tokenType"] == "Bearer"
        assert len(taken["wallet"]) == 1

    def test_tells_the_worker_which_wallet_took_what(self, small_bureau: Bureau) -> None:
        small_bureau.take(copies=5)

        (wallet,) = small_bureau.http.get("/me/wallets", headers=small_bureau.worker).json()

        assert (wallet["copies"], wallet["version"]) == (5, 1)
        assert wallet["event"] == "credential_accepted"


class TestTakingByConsent:
    def test_works_with_par_pkce_and_dpop(self, small_bureau: Bureau) -> None:
        link = small_bureau.offer("authorization")["link"]
        redirect_uri = "https://wallet.example/back"
        asked = small_bureau.clients.run(
            "take.mjs", {"link": link, "step": "ask", "redirectUri": redirect_uri}
        )

        agreed = decided(small_bureau.http, asked["url"], signed_in(small_bureau.office))

        fetched = {"step": "fetch", "kept": asked["kept"], "copies": 3}
        taken = small_bureau.clients.run(
            "take.mjs", fetched | {"redirected": agreed.headers["location"]}
        )
        assert asked["flow"] == "Oauth2Redirect"
        assert "request_uri=" in asked["url"]
        assert taken["tokenType"] == "DPoP"
        assert len(taken["wallet"]) == 3


class TestPresenting:
    @pytest.mark.parametrize("encrypted", [True, False])
    def test_shows_what_was_asked_for_and_nothing_else(
        self, small_bureau: Bureau, *, encrypted: bool
    ) -> None:
        copy, *_ = small_bureau.take()
        asked = small_bureau.ask(preset="GENERAL", encrypted=encrypted)

        presented = small_bureau.present(asked, copy)

        assert presented["prefix"] == "x509_hash"
        assert presented["responseMode"] == ("direct_post.jwt" if encrypted else "direct_post")
        assert (presented["status"], presented["answer"]) == (200, {})
        result = small_bureau.result(asked)
        answers = [result[name] for name in ("genuine", "current", "issuer", "holder")]
        assert answers == [PRESENTED] * 4
        assert set(result["claims"]) == {"worker", "as_of", "insurance", "employments"}
        assert result["claims"]["employments"][0]["months_paid"] == 68
        assert "personal_id" not in result["claims"]["worker"]
        assert "wage_base_vnd" not in json.dumps(result)

    def test_brings_the_person_back_on_the_same_device(self, small_bureau: Bureau) -> None:
        copy, *_ = small_bureau.take()
        asked = small_bureau.ask(redirect_uri="https://hr.example.vn/back?job=7")

        presented = small_bureau.present(asked, copy)

        onward, _, code = presented["answer"]["redirect_uri"].partition("&response_code=")
        refused = small_bureau.http.get(f"/vp/{asked['id']}/result", headers=small_bureau.employer)
        assert onward == "https://hr.example.vn/back?job=7"
        assert refused.status_code == 404
        assert small_bureau.result(asked, response_code=code)["holder"] == PRESENTED

    def test_takes_the_larger_cipher_as_well(self, small_bureau: Bureau) -> None:
        copy, *_ = small_bureau.take(copies=1)

        presented = small_bureau.present(small_bureau.ask(), copy, enc="A256GCM")

        assert presented["status"] == 200


class TestAnotherVerifier:
    def test_verifies_a_presentation_with_published_keys_and_status(
        self, small_bureau: Bureau
    ) -> None:
        copy, *_ = small_bureau.take()
        presented = small_bureau.present(small_bureau.ask(), copy)

        checked = small_bureau.clients.run(
            "verify.mjs", {"presentation": presented["presentation"]}
        )

        assert checked["valid"], checked
        assert checked["claims"]["worker"]["full_name"]
        assert "personal_id" not in checked["claims"]["worker"]

    def test_refuses_a_copy_of_a_revoked_version_as_we_do(self, bureau: Bureau) -> None:
        first, second, *_ = bureau.take()
        before = bureau.present(bureau.ask(), first)["presentation"]

        bureau.office.revoke_all()

        asked = bureau.ask()
        presented = bureau.present(asked, second)
        checked = [
            bureau.clients.run("verify.mjs", {"presentation": each})
            for each in (before, presented["presentation"])
        ]
        result = bureau.result(asked)
        assert [each["valid"] for each in checked] == [False, False]
        assert all("status" in each["error"].lower() for each in checked)
        assert result["current"] == {"state": "no", "reason": "REVOKED"}
        assert "claims" not in result

    def test_refuses_the_copies_of_a_wallet_that_was_given_up_and_no_others(
        self, small_bureau: Bureau
    ) -> None:
        lost, *_ = small_bureau.take(copies=2)
        kept, *_ = small_bureau.take(copies=2)
        newest, older = small_bureau.http.get("/me/wallets", headers=small_bureau.worker).json()

        gone = small_bureau.http.delete(f"/me/wallets/{older['id']}", headers=small_bureau.worker)

        asked = [small_bureau.ask(), small_bureau.ask()]
        shown = [small_bureau.present(*each) for each in zip(asked, (lost, kept), strict=True)]
        checked = [
            small_bureau.clients.run("verify.mjs", {"presentation": each["presentation"]})["valid"]
            for each in shown
        ]
        assert gone.json() == {"revoked": 2}
        assert newest["id"] != older["id"]
        assert checked == [False, True]
        assert [small_bureau.result(each)["current"]["state"] for each in asked] == ["no", "yes"]
