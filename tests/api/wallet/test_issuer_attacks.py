"""What the issuer refuses: one attack on codes, tokens and proofs a test."""

import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

import signing
from labour_book.domain.wallets import CODE_LIFE, NONCE_LIFE, OFFER_LIFE, TOKEN_LIFE, TX_TRIES
from labour_book.services.access import Role
from tests.api.conftest import Office, TestClient
from tests.api.wallet.pocket import Pocket, b64, jwk_of, new_key

SECOND = timedelta(seconds=1)


@pytest.fixture
def pocket(small_office: Office, small_client: TestClient) -> Pocket:
    return Pocket(small_office, small_client)


@pytest.fixture
def each_pocket(office: Office, client: TestClient) -> Pocket:
    return Pocket(office, client)


def refused(answer: Any, code: str, status: int = 400) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


class TestOffer:
    def test_is_for_a_worker(self, pocket: Pocket) -> None:
        answer = pocket.client.post("/me/wallets/offers", headers=pocket.employer, json={})

        assert answer.status_code == 403

    def test_is_gone_when_it_is_over(self, pocket: Pocket) -> None:
        offer = pocket.offer()
        path = offer["credential_offer_uri"].removeprefix(pocket.office.inst.public_url)
        before = pocket.client.get(path)
        pocket.office.clock.now += OFFER_LIFE

        after = pocket.client.get(path)

        assert before.json() == offer["credential_offer"]
        assert after.status_code == 404
        assert offer["tx_code"] not in before.text

    def test_needs_a_signed_book(self, pocket: Pocket) -> None:
        other = pocket.office.token("worker", Role.WORKER, person=pocket.office.people[1])

        answer = pocket.client.post("/me/wallets/offers", headers=other, json={})

        assert answer.status_code == 409

    def test_leaves_no_code_in_the_database(self, pocket: Pocket) -> None:
        offer = pocket.offer()
        token = pocket.ask_token(offer).json()["access_token"]
        secrets = [token, offer["tx_code"], offer["credential_offer_uri"].rpartition("/")[2]]
        secrets += json.dumps(offer["credential_offer"]["grants"]).split('"')[5:6]

        with pocket.office.inst.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            dump = "\n".join(driver.iterdump())

        assert all(len(each) >= 6 for each in secrets)
        assert [each for each in secrets if f"'{each}'" in dump] == []


class TestPreAuthorizedCode:
    def test_needs_the_transaction_code(self, pocket: Pocket) -> None:
        offer = pocket.offer()
        wrong = "000000" if offer["tx_code"] != "000000" else "000001"

        refused(pocket.ask_token(offer, wrong), "invalid_grant")

    def test_allows_few_guesses_even_if_the_next_is_right(self, pocket: Pocket) -> None:
        offer = pocket.offer()
        wrong = "000000" if offer["tx_code"] != "000000" else "000001"

        for _ in range(TX_TRIES):
            refused(pocket.ask_token(offer, wrong), "invalid_grant")

        refused(pocket.ask_token(offer), "invalid_grant")

    def test_works_once(self, pocket: Pocket) -> None:
        offer = pocket.offer()
        assert pocket.ask_token(offer).status_code == 200

        refused(pocket.ask_token(offer), "invalid_grant")

    def test_works_once_when_many_try_at_once(self, each_pocket: Pocket) -> None:
        offer = each_pocket.offer()

        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda _: each_pocket.ask_token(offer), range(TX_TRIES)))

        assert sorted(each.status_code for each in answers) == [200] + [400] * (TX_TRIES - 1)

    def test_is_over_after_its_time(self, pocket: Pocket) -> None:
        offer = pocket.offer()
        pocket.office.clock.now += OFFER_LIFE

        refused(pocket.ask_token(offer), "invalid_grant")

    def test_is_not_another_grant(self, pocket: Pocket) -> None:
        answer = pocket.client.post("/token", data={"grant_type": "password"})

        refused(answer, "unsupported_grant_type")

    def test_comes_once_in_a_form(self, pocket: Pocket) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}

        answer = pocket.client.post("/token", content="grant_type=a&grant_type=b", headers=headers)

        refused(answer, "invalid_request")

    def test_comes_in_a_form(self, pocket: Pocket) -> None:
        refused(pocket.client.post("/token", json={"grant_type": "x"}), "invalid_request")


class TestAccessToken:
    def test_is_needed(self, pocket: Pocket) -> None:
        answer = pocket.ask_copies("unknown", pocket.proof(pocket.nonce()))

        refused(answer, "invalid_token", 401)
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]

    def test_is_none_of_an_account(self, pocket: Pocket) -> None:
        token = pocket.worker["Authorization"].removeprefix("Bearer ")

        refused(pocket.ask_copies(token, pocket.proof(pocket.nonce())), "invalid_token", 401)

    def test_is_over_after_its_time(self, pocket: Pocket) -> None:
        token = pocket.token()
        pocket.office.clock.now += TOKEN_LIFE

        refused(pocket.ask_copies(token, pocket.proof(pocket.nonce())), "invalid_token", 401)

    def test_opens_nothing_else(self, pocket: Pocket) -> None:
        headers = {"Authorization": f"Bearer {pocket.token()}"}

        assert pocket.client.get("/me/book", headers=headers).status_code == 401

    def test_gives_one_batch(self, pocket: Pocket) -> None:
        token = pocket.token()
        assert pocket.ask_copies(token, pocket.proof(pocket.nonce())).status_code == 200

        again = pocket.ask_copies(token, pocket.proof(pocket.nonce()))

        refused(again, "credential_request_denied")

    def test_gives_one_batch_when_two_are_asked_for_at_once(self, each_pocket: Pocket) -> None:
        token = each_pocket.token()
        proofs = [each_pocket.proof(each_pocket.nonce()) for _ in range(4)]

        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(lambda p: each_pocket.ask_copies(token, p), proofs))

        assert sorted(each.status_code for each in answers) == [200, 400, 400, 400]


class TestDpop:
    @pytest.fixture
    def bound(self, pocket: Pocket) -> str:
        answer = pocket.ask_token(pocket.offer(), dpop=pocket.dpop("/token"))
        assert "DPoP" in answer.json().values()
        return str(answer.json()["access_token"])

    def taken(self, pocket: Pocket, token: str, dpop: str | None, scheme: str = "DPoP") -> Any:
        proof = pocket.proof(pocket.nonce())
        return pocket.ask_copies(token, proof, scheme=scheme, dpop=dpop)

    def test_is_taken_with_the_right_proof(self, pocket: Pocket, bound: str) -> None:
        proof = pocket.dpop("/credential", token=bound)

        assert self.taken(pocket, bound, proof).status_code == 200

    def test_is_needed_for_a_bound_token(self, pocket: Pocket, bound: str) -> None:
        refused(self.taken(pocket, bound, None), "invalid_token", 401)
        refused(self.taken(pocket, bound, None, "Bearer"), "invalid_token", 401)

    def test_is_not_replayed(self, pocket: Pocket, bound: str) -> None:
        proof = pocket.dpop("/credential", token=bound)
        assert self.taken(pocket, bound, proof).status_code == 200

        refused(self.taken(pocket, bound, proof), "invalid_dpop_proof", 401)

    @pytest.mark.parametrize(
        "claims",
        [
            {"htm": "GET"},
            {"htu": "https://other.example/credential"},
            {"ath": "x"},
            {"iat": 1},
            {"iat": 2**50},
            {"iat": 1.5},
            {"iat": True},
            {"jti": ""},
            {"jti": 7},
            {"jti": "x" * 300},
        ],
    )
    def test_is_for_this_request(self, pocket: Pocket, bound: str, claims: dict[str, Any]) -> None:
        proof = pocket.dpop("/credential", token=bound, **claims)

        refused(self.taken(pocket, bound, proof), "invalid_dpop_proof", 401)

    def test_is_by_the_key_of_the_token(self, pocket: Pocket, bound: str) -> None:
        pocket.key = new_key()
        proof = pocket.dpop("/credential", token=bound)

        refused(self.taken(pocket, bound, proof), "invalid_dpop_proof", 401)


class TestNonce:
    def test_is_used_once(self, pocket: Pocket) -> None:
        nonce = pocket.nonce()
        assert pocket.ask_copies(pocket.token(), pocket.proof(nonce)).status_code == 200

        refused(pocket.ask_copies(pocket.token(), pocket.proof(nonce)), "invalid_nonce")

    def test_is_ours(self, pocket: Pocket) -> None:
        nonce = pocket.nonce()
        for other in ("", "x", nonce[:-2], nonce + "=", nonce.swapcase(), "é" * 20):
            answer = pocket.ask_copies(pocket.token(), pocket.proof(other))
            refused(answer, "invalid_nonce")

    def test_is_over_after_its_time(self, pocket: Pocket) -> None:
        nonce = pocket.nonce()
        pocket.office.clock.now += NONCE_LIFE

        refused(pocket.ask_copies(pocket.token(), pocket.proof(nonce)), "invalid_nonce")

    def test_is_one_for_a_batch(self, pocket: Pocket) -> None:
        proofs = [pocket.proof(pocket.nonce(), key=new_key()) for _ in range(2)]

        refused(pocket.ask_copies(pocket.token(), *proofs), "invalid_nonce")


class TestKeyProof:
    def proof(self, pocket: Pocket, header: dict[str, Any], key: Any, algorithm: str) -> str:
        says = {"aud": pocket.office.inst.issuer.uri, "iat": pocket.seconds}
        head = {"typ": signing.KEY_PROOF, "jwk": jwk_of(pocket.key)} | header
        return jwt.encode(says | {"nonce": pocket.nonce()}, key, algorithm, head)

    @pytest.mark.parametrize(
        "changes",
        [
            {"aud": "https://other.example"},
            {"aud": None},
            {"aud": ["https://so.example.vn"]},
            {"typ": "JWT"},
            {"typ": "dpop+jwt"},
            {"iat": 1},
            {"iat": "now"},
            {"iat": None},
            {"header": {"kid": "did:example:1"}},
            {"header": {"x5c": ["MII"]}},
            {"header": {"crit": ["exp"]}},
            {"header": {"jku": "https://evil.example/jwks"}},
            {"header": {"jwk": None}},
        ],
        ids=str,
    )
    def test_is_for_us_and_within_the_profile(
        self, pocket: Pocket, changes: dict[str, Any]
    ) -> None:
        proof = pocket.proof(pocket.nonce(), **changes)

        refused(pocket.ask_copies(pocket.token(), proof), "invalid_proof")

    def test_is_signed(self, pocket: Pocket) -> None:
        proof = self.proof(pocket, {}, None, "none")

        refused(pocket.ask_copies(pocket.token(), proof), "invalid_proof")

    def test_is_not_signed_with_a_secret(self, pocket: Pocket) -> None:
        secret = json.dumps(jwk_of(pocket.key)).encode()
        signed = self.proof(pocket, {}, b"x" * 32, "HS256").rpartition(".")[0]
        signature = b64(hmac.digest(secret, signed.encode(), "sha256"))

        refused(pocket.ask_copies(pocket.token(), f"{signed}.{signature}"), "invalid_proof")

    def test_is_on_our_curve(self, pocket: Pocket) -> None:
        key = ec.generate_private_key(ec.SECP384R1())

        refused(
            pocket.ask_copies(pocket.token(), self.proof(pocket, {}, key, "ES384")),
            "invalid_proof",
        )

    def test_is_by_the_key_it_names(self, pocket: Pocket) -> None:
        proof = pocket.proof(pocket.nonce(), jwk=jwk_of(new_key()))

        refused(pocket.ask_copies(pocket.token(), proof), "invalid_proof")

    def test_brings_no_private_key(self, pocket: Pocket) -> None:
        private = pocket.key.private_numbers().private_value.to_bytes(32, "big")
        proof = pocket.proof(pocket.nonce(), jwk=jwk_of(pocket.key) | {"d": b64(private)})

        refused(pocket.ask_copies(pocket.token(), proof), "invalid_proof")

    def test_brings_a_point_on_the_curve(self, pocket: Pocket) -> None:
        off = jwk_of(pocket.key) | {"y": b64(b"\x01" * 32)}

        refused(
            pocket.ask_copies(pocket.token(), pocket.proof(pocket.nonce(), jwk=off)),
            "invalid_proof",
        )

    def test_has_a_key_of_its_own_for_each_copy(self, pocket: Pocket) -> None:
        nonce = pocket.nonce()

        refused(
            pocket.ask_copies(pocket.token(), pocket.proof(nonce), pocket.proof(nonce)),
            "invalid_proof",
        )

    def test_is_one_of_few(self, pocket: Pocket) -> None:
        nonce = pocket.nonce()
        proofs = [pocket.proof(nonce, key=new_key()) for _ in range(11)]

        refused(pocket.ask_copies(pocket.token(), *proofs), "invalid_proof")
        refused(pocket.ask_copies(pocket.token()), "invalid_proof")

    @pytest.mark.parametrize("proof", ["", "a", "a.b", "a.b.c", "....", "é.é.é"])
    def test_is_a_token(self, pocket: Pocket, proof: str) -> None:
        refused(pocket.ask_copies(pocket.token(), proof), "invalid_proof")

    def test_is_not_huge(self, pocket: Pocket) -> None:
        refused(pocket.ask_copies(pocket.token(), "a" * 9_000), "invalid_proof")
        assert pocket.ask_copies(pocket.token(), "a" * 20_000).status_code == 413


class TestCredentialRequest:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ([], "invalid_credential_request"),
            ({}, "unknown_credential_configuration"),
            ({"credential_configuration_id": "pay-slip"}, "unknown_credential_configuration"),
            ({"credential_identifier": "labour-book"}, "unknown_credential_identifier"),
            ({"credential_response_encryption": {}}, "invalid_encryption_parameters"),
            ({"credential_configuration_id": "labour-book"}, "invalid_proof"),
            (
                {"credential_configuration_id": "labour-book", "proofs": {"di_vp": []}},
                "invalid_proof",
            ),
        ],
    )
    def test_asks_for_what_there_is(self, pocket: Pocket, body: Any, code: str) -> None:
        headers = {"Authorization": f"Bearer {pocket.token()}"}

        refused(pocket.client.post("/credential", json=body, headers=headers), code)

    def test_leaves_nothing_behind_when_refused(self, pocket: Pocket) -> None:
        token = pocket.token()
        nonce = pocket.nonce()
        refused(pocket.ask_copies(token, pocket.proof(nonce, aud="x")), "invalid_proof")

        answer = pocket.ask_copies(token, pocket.proof(nonce))

        assert answer.status_code == 200
        assert [each[0] for each in pocket.office.traced()].count("wallet.take") == 1

    def test_is_traced_about_the_worker(self, pocket: Pocket) -> None:
        pocket.copy()

        person = pocket.office.people[0]
        traced = [row for row in pocket.office.traced() if row[0].startswith("wallet.")]
        assert traced == [(f"wallet.{deed}", "ok", person) for deed in ("offer", "grant", "take")]


class TestNotification:
    def test_is_about_an_own_delivery(self, pocket: Pocket) -> None:
        headers = {"Authorization": f"Bearer {pocket.token()}"}

        def told(body: dict[str, str]) -> Any:
            return pocket.client.post("/notification", json=body, headers=headers)

        event = "credential_accepted"
        refused(told({"notification_id": "x", "event": event}), "invalid_notification_id")
        refused(told({"notification_id": "x", "event": "y"}), "invalid_notification_request")
        refused(told({"event": event}), "invalid_notification_request")


class TestAuthorization:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"code_challenge": ""}, "invalid_request"),
            ({"code_challenge": "short"}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"redirect_uri": "http://wallet.example/back"}, "invalid_request"),
            ({"redirect_uri": "javascript:alert(1)"}, "invalid_request"),
            ({"redirect_uri": "data:text/html,x"}, "invalid_request"),
            ({"redirect_uri": "https://wallet.example/#x"}, "invalid_request"),
            ({"redirect_uri": "https://so.example.vn@evil.example/"}, "invalid_request"),
            ({"redirect_uri": "//evil.example"}, "invalid_request"),
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"scope": "openid"}, "invalid_scope"),
            ({"client_id": ""}, "invalid_request"),
            ({"client_id": "x" * 301}, "invalid_request"),
            ({"state": "x" * 501}, "invalid_request"),
            ({"issuer_state": "unknown"}, "invalid_request"),
            ({"dpop_jkt": "x"}, "invalid_request"),
        ],
        ids=str,
    )
    def test_is_asked_for_in_order(
        self, pocket: Pocket, changes: dict[str, str], code: str
    ) -> None:
        refused(pocket.push(**changes), code)

    def test_is_not_asked_for_without_end(self, pocket: Pocket) -> None:
        answers = [pocket.push().status_code for _ in range(62)]

        assert set(answers[:60]) == {201}
        assert answers[-1] == 429

    def test_needs_somebody_signed_in(self, pocket: Pocket) -> None:
        query = {"client_id": "wallet.example", "request_uri": pocket.push().json()["request_uri"]}

        answer = pocket.client.get("/authorize", params=query, headers={"Accept": "text/html"})

        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?to=%2Fauthorize")

    def test_code_life_is_short(self) -> None:
        assert CODE_LIFE <= 60 * SECOND
