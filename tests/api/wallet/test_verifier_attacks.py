"""What the verifier refuses: one attack on requests, answers and results a test."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import jwt
import pytest

import signing
from labour_book.domain.wallets import ASK_LIMIT, REQUEST_LIFE, RESULT_LIFE
from labour_book.services import sharing
from labour_book.services.access import Caller, Role, deed
from labour_book.services.disclosing import NoCurrentVersion
from tests.api.conftest import Office, TestClient
from tests.api.wallet.pocket import Pocket, new_key
from tests.services.people import EMPLOYER_CODE

YES = {"state": "yes", "reason": "OK"}


@pytest.fixture
def pocket(small_office: Office, small_client: TestClient) -> Pocket:
    return Pocket(small_office, small_client)


@pytest.fixture
def each_pocket(office: Office, client: TestClient) -> Pocket:
    return Pocket(office, client)


def refused(answer: Any) -> None:
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request"), answer.text


def not_shown(pocket: Pocket, asked: dict[str, Any], reason: str) -> None:
    """Say that the result tells why, and nothing of the book."""
    result = pocket.result(asked).json()
    assert "claims" not in result
    assert reason in {result[name]["reason"] for name in ("genuine", "holder")}


class TestAsking:
    def test_is_for_named_verifiers(self, pocket: Pocket) -> None:
        body = {"preset": "GENERAL", "purpose": "x y z"}

        assert pocket.client.post("/vp", json=body).status_code == 401
        assert pocket.client.post("/vp", json=body, headers=pocket.worker).status_code == 403

    @pytest.mark.parametrize(
        "change",
        [
            {"preset": "CUSTOM"},
            {"preset": "EVERYTHING"},
            {"purpose": ""},
            {"purpose": "a\nb"},
            {"redirect_uri": "javascript:alert(1)"},
            {"redirect_uri": "http://evil.example"},
        ],
        ids=str,
    )
    def test_asks_for_what_can_be_asked(self, pocket: Pocket, change: dict[str, str]) -> None:
        body = {"preset": "GENERAL", "purpose": "Tuyển dụng"} | change

        assert pocket.client.post("/vp", json=body, headers=pocket.employer).status_code == 422

    def test_cannot_name_claims(self, pocket: Pocket) -> None:
        asked = pocket.ask(claims=["worker.personal_id"], dcql_query={})

        query = json.dumps(pocket.request(asked)["dcql_query"])
        assert "personal_id" not in query
        assert "wage" not in query

    def test_is_limited(self, pocket: Pocket) -> None:
        for _ in range(ASK_LIMIT.most):
            pocket.ask()
        body = {"preset": "GENERAL", "purpose": "Tuyển dụng"}

        assert pocket.client.post("/vp", json=body, headers=pocket.employer).status_code == 429


class TestRequest:
    def test_is_signed_with_the_key_its_client_id_names(self, pocket: Pocket) -> None:
        answer = pocket.client.get(f"/vp/{pocket.ask()['id']}/request")

        header = jwt.get_unverified_header(answer.text)
        request = jwt.decode(answer.text, options={"verify_signature": False})
        signer = pocket.office.inst.key_ring.signer(signing.Use.REQUEST)
        assert answer.headers["content-type"] == "application/oauth-authz-req+jwt"
        assert header["typ"] == "oauth-authz-req+jwt"
        assert len(header["x5c"]) == 1
        assert request["client_id"] == f"x509_hash:{signing.certificate_hash(signer)}"
        assert jwt.decode(
            answer.text,
            signer.public_key,
            algorithms=["ES256"],
            audience="https://self-issued.me/v2",
            options={"verify_exp": False, "verify_iat": False},
        )

    def test_has_nonce_and_state_of_its_own(self, pocket: Pocket) -> None:
        requests = [pocket.request(pocket.ask()) for _ in range(5)]

        values = [each[name] for each in requests for name in ("nonce", "state", "response_uri")]
        assert len(set(values)) == 15

    def test_is_not_there_for_who_guesses(self, pocket: Pocket) -> None:
        assert pocket.client.get("/vp/0000/request").status_code == 404

    def test_is_over_after_its_time(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        pocket.office.clock.now += REQUEST_LIFE

        assert pocket.client.get(f"/vp/{asked['id']}/request").status_code == 410


class TestAnswer:
    def test_shows_what_was_asked_for(self, each_pocket: Pocket) -> None:
        asked = each_pocket.ask()

        answer = each_pocket.show(asked, each_pocket.copy())

        result = each_pocket.result(asked).json()
        assert (answer.status_code, answer.json()) == (200, {})
        assert [result[each] for each in ("genuine", "current", "issuer", "holder")] == [YES] * 4
        assert "wage_base_vnd" not in json.dumps(result)
        assert "nationality" not in result["claims"]["worker"]

    def test_is_taken_once(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        request = pocket.request(asked)
        token = pocket.presentation(request, pocket.copy())
        assert pocket.answer(asked, token, state=request["state"]).status_code == 200

        again = pocket.answer(asked, token, state=request["state"])

        assert again.status_code == 410

    def test_is_taken_once_when_many_come_at_once(self, each_pocket: Pocket) -> None:
        asked = each_pocket.ask()
        request = each_pocket.request(asked)
        token = each_pocket.presentation(request, each_pocket.copy())

        def send(_: int) -> int:
            status: int = each_pocket.answer(asked, token, state=request["state"]).status_code
            return status

        with ThreadPoolExecutor(4) as threads:
            assert sorted(threads.map(send, range(4))) == [200, 410, 410, 410]

    def test_is_not_one_to_another_request(self, pocket: Pocket) -> None:
        first, second = pocket.ask(), pocket.ask()
        token = pocket.presentation(pocket.request(first), pocket.copy())

        refused(pocket.answer(second, token, state=pocket.request(second)["state"]))

        not_shown(pocket, second, "NONCE_MISMATCH")

    def test_changes_nothing_without_the_state(self, pocket: Pocket) -> None:
        asked, copy = pocket.ask(), pocket.copy()

        refused(pocket.show(asked, copy, state="another"))

        assert pocket.result(asked).json()["answered"] is False
        assert pocket.show(asked, copy).status_code == 200

    def test_is_over_exactly_this_nonce(self, pocket: Pocket) -> None:
        asked = pocket.ask()

        refused(pocket.show(asked, pocket.copy(), nonce="another"))

        not_shown(pocket, asked, "NONCE_MISMATCH")

    def test_is_for_us(self, pocket: Pocket) -> None:
        asked = pocket.ask()

        refused(pocket.show(asked, pocket.copy(), audience="x509_hash:another"))

        not_shown(pocket, asked, "AUDIENCE_MISMATCH")

    def test_is_made_just_now(self, pocket: Pocket) -> None:
        asked, copy = pocket.ask(), pocket.copy()
        old = pocket.office.clock.now - timedelta(seconds=301)

        refused(pocket.show(asked, copy, issued_at=old))

        not_shown(pocket, asked, "PRESENTATION_TOO_OLD")

    def test_is_by_the_key_of_the_copy(self, pocket: Pocket) -> None:
        asked = pocket.ask()

        refused(pocket.show(asked, pocket.copy(), key=new_key()))

        not_shown(pocket, asked, "SIGNATURE_WRONG")

    def test_is_not_from_a_copy_without_a_holder(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        loose = pocket.client.get("/me/credential", headers=pocket.worker).text

        refused(pocket.show(asked, loose))

        not_shown(pocket, asked, "HOLDER_KEY_MISSING")

    def test_is_not_without_a_key_binding(self, pocket: Pocket) -> None:
        asked = pocket.ask()

        refused(pocket.answer(asked, pocket.copy(), state=pocket.request(asked)["state"]))

        not_shown(pocket, asked, "KEY_BINDING_MISSING")

    def test_is_over_what_is_shown(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        request = pocket.request(asked)
        token = pocket.presentation(request, pocket.copy())
        parts = token.split("~")

        less = "~".join([parts[0], *parts[2:]])

        refused(pocket.answer(asked, less, state=request["state"]))
        not_shown(pocket, asked, "SD_HASH_MISMATCH")

    def test_is_not_altered(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        request = pocket.request(asked)
        token = pocket.presentation(request, pocket.copy())
        head, _, rest = token.partition(".")

        refused(pocket.answer(asked, f"{head}.A{rest}", state=request["state"]))

        result = pocket.result(asked).json()
        assert result["genuine"]["state"] == "no"

    def test_shows_enough(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        request = pocket.request(asked)
        little = signing.disclose(pocket.copy(), lambda path: path[-1] == "sex")
        token = signing.present(
            little,
            pocket.key,
            audience=request["client_id"],
            nonce=request["nonce"],
            issued_at=pocket.office.clock.now,
        )

        refused(pocket.answer(asked, token, state=request["state"]))

        not_shown(pocket, asked, "CLAIMS_MISSING")

    @pytest.mark.parametrize(
        "token",
        ["", "x", "[]", "{}", '{"book": []}', '{"book": "x"}', '{"book": ["a", "b"]}', '{"b": 1}'],
    )
    def test_has_the_form_of_one(self, pocket: Pocket, token: str) -> None:
        asked = pocket.ask()
        form = {"vp_token": token, "state": pocket.request(asked)["state"]}

        refused(pocket.client.post(f"/vp/{asked['id']}/response", data=form))

        assert pocket.result(asked).json()["answered"] is False

    def test_is_not_nested_without_end(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        form = {"vp_token": "[" * 60_000, "state": pocket.request(asked)["state"]}

        refused(pocket.client.post(f"/vp/{asked['id']}/response", data=form))

    def test_is_not_huge(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        request = pocket.request(asked)

        long = pocket.answer(asked, "a" * 300_000, state=request["state"])
        shorter = pocket.answer(asked, "a" * 200_000, state=request["state"])

        assert long.status_code == 413
        refused(shorter)

    def test_may_be_that_the_holder_declines(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        form = {"error": "access_denied", "state": pocket.request(asked)["state"]}

        answer = pocket.client.post(f"/vp/{asked['id']}/response", data=form)

        assert answer.status_code == 200
        assert pocket.result(asked).json()["holder"]["reason"] == "DECLINED"

    def test_shows_nothing_while_the_worker_has_frozen_all_sharing(self, pocket: Pocket) -> None:
        first, second, copy = pocket.ask(), pocket.ask(), pocket.copy()
        worker = Caller("worker", "w", "x", Role.WORKER, person_id=pocket.office.people[0])
        with deed(pocket.office.inst.engine) as db:
            sharing.freeze(db, worker, now=pocket.office.clock.now)

        refused(pocket.show(first, copy))

        not_shown(pocket, first, "SHARING_FROZEN")
        with deed(pocket.office.inst.engine) as db:
            sharing.unfreeze(db, worker, now=pocket.office.clock.now)
        assert pocket.show(second, copy).status_code == 200

    def test_of_a_revoked_book_shows_nothing_of_it(self, pocket: Pocket) -> None:
        asked, copy = pocket.ask(), pocket.copy()
        pocket.office.revoke_all()

        assert pocket.show(asked, copy).status_code == 200

        result = pocket.result(asked).json()
        assert result["current"] == {"state": "no", "reason": "REVOKED"}
        assert "claims" not in result

    def test_of_a_revoked_book_cannot_be_taken_any_more(self, pocket: Pocket) -> None:
        token = pocket.token()
        pocket.office.revoke_all()

        answer = pocket.ask_copies(token, pocket.proof(pocket.nonce()))

        assert answer.status_code == 409
        assert answer.json()["type"].endswith(NoCurrentVersion.slug)


class TestEncryptedAnswer:
    def test_is_taken(self, pocket: Pocket) -> None:
        asked = pocket.ask(encrypted=True)
        token = pocket.presentation(pocket.request(asked), pocket.copy())

        assert pocket.answer_encrypted(asked, token).status_code == 200

        assert pocket.result(asked).json()["holder"] == YES

    def test_is_needed_where_it_was_asked_for(self, pocket: Pocket) -> None:
        asked = pocket.ask(encrypted=True)

        refused(pocket.show(asked, pocket.copy()))

        assert pocket.result(asked).json()["answered"] is False

    @pytest.mark.parametrize("header", [{"enc": "A128CBC-HS256"}, {"alg": "ECDH-ES+A128KW"}])
    def test_uses_our_algorithms(self, pocket: Pocket, header: dict[str, str]) -> None:
        asked = pocket.ask(encrypted=True)
        token = pocket.presentation(pocket.request(asked), pocket.copy())

        refused(pocket.answer_encrypted(asked, token, **header))

    def test_is_encrypted_to_this_request(self, pocket: Pocket) -> None:
        first, second = (pocket.ask(encrypted=True) for _ in range(2))
        token = pocket.presentation(pocket.request(second), pocket.copy())
        second_path = second | {"request_uri": first["request_uri"], "link": first["link"]}

        refused(pocket.answer_encrypted(second_path, token))

    @pytest.mark.parametrize("text", ["", "x", "a.b.c.d.e", "....", "é", "a" * 100])
    def test_is_a_message(self, pocket: Pocket, text: str) -> None:
        asked = pocket.ask(encrypted=True)

        refused(pocket.client.post(f"/vp/{asked['id']}/response", data={"response": text}))


class TestResult:
    def test_is_for_whoever_asked(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        pocket.show(asked, pocket.copy())
        other = pocket.office.token("employer", Role.EMPLOYER, enterprise=EMPLOYER_CODE)

        theirs, nobodys = pocket.result(asked, other), pocket.result(asked | {"id": "x"})

        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert theirs.json()["detail"] == nobodys.json()["detail"]
        assert pocket.result(asked, pocket.worker).status_code == 403
        assert pocket.client.get(f"/vp/{asked['id']}/result").status_code == 401

    def test_is_over_after_its_time(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        pocket.show(asked, pocket.copy())
        pocket.office.clock.now += RESULT_LIFE

        assert pocket.result(asked).status_code == 410

    def test_is_over_when_nobody_answered(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        pocket.office.clock.now += REQUEST_LIFE

        assert pocket.result(asked).status_code == 410

    def test_needs_the_code_that_came_back_on_the_same_device(self, pocket: Pocket) -> None:
        asked = pocket.ask(redirect_uri="com.example.hr:/back")
        onward = pocket.show(asked, pocket.copy()).json()["redirect_uri"]
        code = onward.partition("response_code=")[2]

        without, wrong = (
            pocket.client.get(f"/vp/{asked['id']}/result{query}", headers=pocket.employer)
            for query in ("", "?response_code=x")
        )
        right = pocket.client.get(
            f"/vp/{asked['id']}/result?response_code={code}", headers=pocket.employer
        )

        assert (without.status_code, wrong.status_code, right.status_code) == (404, 404, 200)

    def test_is_kept_sealed(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        pocket.show(asked, pocket.copy())

        with pocket.office.inst.engine.connect() as connection:
            row = connection.exec_driver_sql("SELECT result FROM presentation_request").one()

        assert b"claims" not in bytes(row.result)
        assert "claims" in pocket.result(asked).json()

    def test_is_traced_about_the_worker_each_time(self, pocket: Pocket) -> None:
        asked = pocket.ask()
        pocket.show(asked, pocket.copy())
        pocket.result(asked)
        pocket.result(asked)

        person = pocket.office.people[0]
        traced = [row for row in pocket.office.traced() if row[0].startswith("presentation.")]
        assert traced == [
            ("presentation.ask", "ok", None),
            ("presentation.receive", "ok", person),
            ("presentation.read", "ok", person),
            ("presentation.read", "ok", person),
        ]
