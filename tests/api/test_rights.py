import json

import pytest
from fastapi.testclient import TestClient

from labour_book.services.access import Role
from tests.api.conftest import Office
from tests.services.people import personal_id


class TestOwnRights:
    def test_tell_each_figure_with_what_it_rests_on(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        told = client.get("/me/rights", headers=worker).json()
        pension, benefit, voluntary = told["entitlements"]
        figures = [figure for each in told["entitlements"] for figure in each["inputs"]]

        assert (told["as_of"], told["reported_through"]) == ("2026-11-20", "2026-10")
        assert told["caveat_vi"] == "Thông tin tham khảo, không phải quyết định"
        assert [pension["right"], benefit["right"], voluntary["right"]] == [
            "pension",
            "unemployment-benefit",
            "voluntary-insurance",
        ]
        law = [each for each in figures if each["basis"] == "law"]
        assert law
        assert all(each["source"] and each["since"] and each["provenance"] for each in law)
        assert any(each["provenance"] == "unverified" for each in law)

    def test_tell_of_no_proposal_that_nobody_made(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        told = client.get("/me/rights", headers=worker).json()

        assert (told["proposals"], told["gaps"]) == ([], [])

    def test_hold_no_personal_id_and_no_ethnic_group(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        text = json.dumps(client.get("/me/rights", headers=worker).json())

        assert personal_id() not in text
        assert "ethnic_code" not in text

    def test_leave_a_trace(
        self, office: Office, client: TestClient, worker: dict[str, str]
    ) -> None:
        before = len(office.traced())

        client.get("/me/rights", headers=worker)

        assert office.traced()[before:] == [("rights.read", "ok", office.people[0])]

    @pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR])
    def test_are_the_owners(self, office: Office, client: TestClient, role: Role) -> None:
        official = office.token("official", role, unit="BNV")

        assert client.get("/me/rights", headers=official).status_code == 403
        assert client.get("/me/rights").status_code == 401
