from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient

import signing
from labour_book.services.access import Role
from tests.api.conftest import Office


class TestOwnOfflineCode:
    def test_is_given_to_the_worker_as_text_and_picture(
        self, client: TestClient, office: Office
    ) -> None:
        office.issue(office.people[0])
        worker = office.token("worker", Role.WORKER, person=office.people[0])

        answer = client.get("/me/offline-code", params={"days": 2}, headers=worker)

        code = answer.json()
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert signing.compact_read(code["text"]).full_name == "Nguyễn Thị Số 1"
        assert code["svg"].startswith("<svg ")
        life = datetime.fromisoformat(code["expires_at"]) - datetime.fromisoformat(
            code["issued_at"]
        )
        assert life == timedelta(days=2)
        assert (code["lines"], code["left_out"]) == (1, 0)
        assert office.traced()[-1] == ("share.create", "ok", office.people[0])

    @pytest.mark.parametrize("role", [Role.APPROVER, Role.ADMIN])
    def test_is_for_no_official(self, client: TestClient, office: Office, role: Role) -> None:
        token = office.token("official", role, unit="BNV")

        assert client.get("/me/offline-code", headers=token).status_code == 403

    def test_asks_who_calls(self, client: TestClient) -> None:
        assert client.get("/me/offline-code").status_code == 401

    @pytest.mark.parametrize("asked", [{"days": 0}, {"days": 8}, {"lines": 13}, {"lines": "x"}])
    def test_refuses_other_lives_and_lengths(
        self, client: TestClient, office: Office, asked: dict[str, str]
    ) -> None:
        worker = office.token("worker", Role.WORKER, person=office.people[0])

        assert client.get("/me/offline-code", params=asked, headers=worker).status_code == 422

    def test_is_not_found_before_there_is_a_book(self, client: TestClient, office: Office) -> None:
        worker = office.token("worker", Role.WORKER, person=office.people[0])

        assert client.get("/me/offline-code", headers=worker).status_code == 404

    def test_is_verified_by_the_server_too(self, client: TestClient, office: Office) -> None:
        office.issue(office.people[0])
        worker = office.token("worker", Role.WORKER, person=office.people[0])
        text = client.get("/me/offline-code", headers=worker).json()["text"]

        answer = client.post("/verify", json={"credential": text})

        assert answer.status_code == 200
        assert answer.json()["genuine"]["reason"] == "OK"
        assert answer.json()["current"]["reason"] == "OK"
