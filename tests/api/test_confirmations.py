import pytest
from fastapi.testclient import TestClient

from labour_book.services.access import Role
from tests.api.conftest import Office

PATH = "/me/book/confirmations"


class TestConfirmations:
    def test_are_none_until_a_line_is_called_right(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        told = client.get(PATH, headers=worker).json()
        said = client.post(PATH, json={"key": told[0]["key"]}, headers=worker)
        after = client.get(PATH, headers=worker).json()

        assert [(each["kind"], each["no"], each["confirmed_at"]) for each in told] == [
            ("employment", 1, None),
            ("qualification", 1, None),
        ]
        assert said.json()["confirmed_at"] == "2026-11-20T08:30:00Z"
        assert after == [said.json(), told[1]]

    def test_are_taken_back(self, client: TestClient, worker: dict[str, str]) -> None:
        key = client.get(PATH, headers=worker).json()[0]["key"]
        client.post(PATH, json={"key": key}, headers=worker)

        said = client.post(PATH, json={"key": key, "right": False}, headers=worker)

        assert said.json()["confirmed_at"] is None

    def test_are_a_conflict_once_the_line_reads_differently(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        answer = client.post(PATH, json={"key": "0" * 32}, headers=worker)

        assert answer.status_code == 409
        assert answer.json()["type"] == "/problems/line-changed"

    @pytest.mark.parametrize("form", [{}, {"key": "x"}, {"key": "0" * 32, "right": "x"}, []])
    def test_are_refused_if_they_name_no_line(
        self, client: TestClient, worker: dict[str, str], form: object
    ) -> None:
        assert client.post(PATH, json=form, headers=worker).status_code == 422

    def test_are_the_owners(self, office: Office, client: TestClient) -> None:
        official = office.token("official", Role.APPROVER, unit="BNV")

        assert client.get(PATH, headers=official).status_code == 403
        assert client.get(PATH).status_code == 401

    def test_leave_a_trace(
        self, office: Office, client: TestClient, worker: dict[str, str]
    ) -> None:
        key = client.get(PATH, headers=worker).json()[0]["key"]
        before = len(office.traced())

        client.post(PATH, json={"key": key}, headers=worker)

        assert office.traced()[before:] == [("line.confirm", "ok", office.people[0])]
