"""Our own data services: yes or no, signed, within a registration, and seen by the worker."""

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from jwt import PyJWKSet, PyJWS

from labour_book.services.access import Role
from tests.api.conftest import Office
from tests.api.test_machine import System, registered
from tests.services.people import EMPLOYER_CODE, personal_id

SCOPE = ("service.headcount", "service.status")
QUERY = {
    "message_id": "6b1f2a52-0d43-4c39-9d5e-9b1e55f0a001",
    "purpose": "Xét hồ sơ trợ cấp thất nghiệp",
    "legal_basis": "ND 374/2025/NĐ-CP",
}
WHO = {"personal_id": personal_id(1), "birth_date": "1990-05-17"}
OTHER_CODE = "0100109105"


@pytest.fixture
def system(small_client: TestClient, small_office: Office) -> System:
    return registered(small_office, small_client, *SCOPE)


def ask(system: System, service: str, **said: Any) -> httpx.Response:
    return system.client.post(f"/services/{service}", json=QUERY | said, headers=system.bearer())


def status(system: System, question: str, **said: Any) -> Mapping[str, Any]:
    answer = ask(system, "employment-status", **(WHO | {"question": question} | said))
    assert answer.status_code == 200, answer.text
    found: Mapping[str, Any] = answer.json()["envelope"]["body"]
    return found


class TestEmploymentStatus:
    @pytest.mark.parametrize(
        ("question", "said", "answer", "as_of"),
        [
            ("works-at", {"enterprise_code": EMPLOYER_CODE}, True, "2026-11-20"),
            ("works-at", {"enterprise_code": OTHER_CODE}, False, "2026-11-20"),
            ("insured", {}, True, "2026-10"),
            ("has-valid-book", {}, True, "2026-11-20"),
        ],
    )
    def test_says_yes_or_no_and_when(
        self, system: System, question: str, said: dict[str, str], answer: object, as_of: str
    ) -> None:
        assert status(system, question, **said) == {
            "question": question,
            "answer": answer,
            "as_of": as_of,
        }

    def test_says_no_once_the_book_is_revoked(self, system: System) -> None:
        system.office.revoke_all()

        assert status(system, "has-valid-book")["answer"] is False

    def test_is_signed_and_says_until_when_it_may_be_used(self, system: System) -> None:
        said = ask(system, "employment-status", **WHO, question="insured").json()

        keys = PyJWKSet.from_dict(system.client.get("/services/jwks").json())
        header = PyJWS().get_unverified_header(said["signed"])
        payload = PyJWS().decode(said["signed"], keys[header["kid"]].key, algorithms=["ES256"])
        assert json.loads(payload) == said["envelope"]
        assert header["typ"] == "data-answer+jwt"
        envelope = said["envelope"]
        assert envelope["correlation_id"] == QUERY["message_id"]
        assert envelope["purpose"] == QUERY["purpose"]
        assert envelope["data_as_of"] < envelope["valid_until"]
        assert WHO["personal_id"] not in json.dumps(said)

    def test_is_seen_by_the_worker_with_who_and_what_for(self, system: System) -> None:
        status(system, "insured")
        person = system.office.people[0]
        worker = system.office.token("worker", Role.WORKER, person=person)

        seen = system.client.get("/me/accesses", headers=worker).json()

        (row,) = [each for each in seen if each["deed"] == "service.status"]
        assert row["purpose"] == QUERY["purpose"]
        assert row["who_name"] == "Bảo hiểm xã hội Việt Nam"
        assert row["refused"] is False

    @pytest.mark.parametrize(
        "other", [{"birth_date": "1990-05-18"}, {"personal_id": "001190999999"}]
    )
    def test_knows_nobody_whose_number_and_birth_date_do_not_agree(
        self, system: System, other: dict[str, str]
    ) -> None:
        answer = ask(system, "employment-status", **(WHO | other), question="insured")

        assert answer.status_code == 404
        assert ("service.status", "refused", None) in system.office.traced()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"purpose": " "},
            {"legal_basis": " "},
            {"question": "works-at"},
            {"question": "insured", "enterprise_code": EMPLOYER_CODE},
            {"personal_id": "00119000000x"},
            {"birth_date": "17/05/1990"},
            {"question": "salary"},
        ],
    )
    def test_is_refused_what_it_does_not_understand(
        self, system: System, wrong: dict[str, str]
    ) -> None:
        said = WHO | {"question": "insured"} | wrong

        assert ask(system, "employment-status", **said).status_code == 422

    def test_is_refused_to_a_system_that_is_registered_for_something_else(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        system = registered(small_office, small_client, "book.open")

        answer = ask(system, "employment-status", **WHO, question="insured")

        assert answer.status_code == 403
        assert ("service.status", "refused", None) in small_office.traced()


class TestHeadcount:
    def test_counts_those_whom_enterprises_insure(self, system: System) -> None:
        answer = ask(system, "headcount", enterprise_codes=[EMPLOYER_CODE, OTHER_CODE])

        assert answer.json()["envelope"]["body"] == {
            "month": "2026-10",
            "headcounts": [
                {"enterprise_code": EMPLOYER_CODE, "insured": 3, "arrears": 0},
                {"enterprise_code": OTHER_CODE, "insured": 0, "arrears": 0},
            ],
        }
        assert ("service.headcount", "ok", None) in system.office.traced()

    def test_counts_those_of_an_earlier_month(self, system: System) -> None:
        answer = ask(system, "headcount", enterprise_codes=[EMPLOYER_CODE], month="2021-02")

        assert answer.json()["envelope"]["body"]["headcounts"][0]["insured"] == 0

    def test_does_not_guess_a_month_that_nobody_reported(self, system: System) -> None:
        answer = ask(system, "headcount", enterprise_codes=[EMPLOYER_CODE], month="2026-11")

        assert answer.status_code == 409

    @pytest.mark.parametrize(
        "wrong",
        [{"enterprise_codes": []}, {"enterprise_codes": [EMPLOYER_CODE] * 2}, {"month": "10/2026"}],
    )
    def test_is_refused_what_it_does_not_understand(
        self, system: System, wrong: dict[str, Any]
    ) -> None:
        said = {"enterprise_codes": [EMPLOYER_CODE]} | wrong

        assert ask(system, "headcount", **said).status_code == 422


class TestPageForIntegrators:
    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_names_every_schema_and_service(self, small_client: TestClient, language: str) -> None:
        shown = small_client.get("/docs/services", params={"lang": language}).text

        addresses = small_client.get("/schemas").json()["schemas"]
        assert all(f'href="{each}"' in shown for each in addresses)
        assert "/services/employment-status" in shown
        assert "/services/headcount" in shown

    def test_leads_to_schemas_that_are_there(self, small_client: TestClient) -> None:
        for address in small_client.get("/schemas").json()["schemas"]:
            answer = small_client.get(address)
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "application/schema+json"

    def test_leads_to_nothing_else(self, small_client: TestClient) -> None:
        assert small_client.get("/schemas/v1/ORIGIN").status_code == 404
