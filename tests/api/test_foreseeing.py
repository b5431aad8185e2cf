import pytest

from tests.api import sharing
from tests.api.conftest import Office, TestClient
from tests.api.sharing import Party


@pytest.fixture
def party(client: TestClient, office: Office) -> Party:
    return sharing.party(client, office)


def begun(party: Party) -> str:
    form = {
        "kind": "employment",
        "ask": "change",
        "version": 1,
        "line": 1,
        "claimed": {"first_day": "2021-02-01"},
    }
    answer = party.post("/me/corrections", party.worker, form)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["line"]["case_id"])


class TestForesee:
    def test_says_who_would_decide_and_by_when(self, party: Party) -> None:
        path = f"/me/corrections/{begun(party)}/foreseen"
        answer = party.client.get(path, headers=party.worker)

        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told["owner"]["name"]
        assert told["due_on"] > "2026-11-20"
        assert told["is_high_impact"] is False

    def test_is_what_then_happens(self, party: Party) -> None:
        case_id = begun(party)
        path = f"/me/corrections/{case_id}"
        told = party.client.get(f"{path}/foreseen", headers=party.worker).json()
        key = party.worker | {"Idempotency-Key": "k-1"}
        handed_in = party.client.post(f"{path}/submission", headers=key).json()["line"]

        assert (handed_in["owner"], handed_in["due_on"]) == (told["owner"], told["due_on"])
        assert party.client.get(f"{path}/foreseen", headers=party.worker).status_code == 409

    def test_is_told_to_the_asking_side_alone(self, party: Party) -> None:
        path = f"/me/corrections/{begun(party)}/foreseen"

        assert party.client.get(path, headers=party.other).status_code == 404
        assert party.client.get(path, headers=party.employer).status_code == 404
        assert party.client.get(path).status_code == 401
