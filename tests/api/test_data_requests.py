"""Data requests over HTTP: from the worker to the office and back."""

import pytest

from tests.api import sharing
from tests.api.conftest import Office, TestClient
from tests.api.sharing import Party

ASKED = {"kind": "access", "words": "Ai giữ dữ liệu của tôi?"}


@pytest.fixture
def party(client: TestClient, office: Office) -> Party:
    return sharing.party(client, office)


class TestDataRequests:
    def test_go_to_the_office_and_come_back_answered(self, party: Party) -> None:
        made = party.post("/me/data-requests", party.worker, ASKED)
        assert made.status_code == 201, made.text
        assert (made.json()["acknowledge_by"], made.json()["due_on"]) == (
            "2026-11-24",
            "2026-11-30",
        )
        path = f"/data-requests/{made.json()['id']}"

        (waiting,) = party.client.get("/data-requests", headers=party.official).json()
        assert waiting["request"] == made.json()
        late = party.post(f"{path}/acknowledge", party.official, {"third_party": True})
        assert late.json() == {"due_on": "2026-12-05"}
        done = party.post(f"{path}/answer", party.official, {"words": "Đã gửi bản sao"})

        assert done.status_code == 204
        assert party.client.get("/data-requests", headers=party.official).json() == []
        (own,) = party.client.get("/me/data-requests", headers=party.worker).json()
        assert (own["state"], own["answer"]) == ("answered", "Đã gửi bản sao")
        assert party.client.get("/me/data-requests", headers=party.other).json() == []
        again = party.post(f"{path}/refuse", party.official, {"words": "Không"})
        assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (
            409,
            "data-request-decided",
        )

    def test_are_dealt_with_by_offices_alone(self, party: Party) -> None:
        made = party.post("/me/data-requests", party.worker, ASKED).json()

        for who in (party.worker, party.employer):
            assert party.client.get("/data-requests", headers=who).status_code == 403
            answer = party.post(f"/data-requests/{made['id']}/answer", who, {"words": "x"})
            assert answer.status_code == 403
        assert party.post("/me/data-requests", party.official, ASKED).status_code == 403
        assert party.post("/me/data-requests", party.worker, ASKED).status_code == 409
