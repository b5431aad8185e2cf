"""Support over HTTP: the list, one with its steps, and each step that the worker takes."""

from fastapi.testclient import TestClient

from tests.api.conftest import Office
from tests.services import losses

SUPPORT = "/me/support"


class TestOwnSupport:
    def test_is_told_in_either_language_and_seen_when_opened(
        self, client: TestClient, worker: dict[str, str], office: Office
    ) -> None:
        proposal = losses.proposed(office.inst)

        (vi,) = client.get(SUPPORT, headers=worker).json()
        one = client.get(f"{SUPPORT}/{proposal}?language=en", headers=worker).json()
        (again,) = client.get(SUPPORT, headers=worker).json()

        assert (vi["state"], vi["state_words"], again["state"]) == (
            *("proposed", "Mới đề xuất"),
            "seen",
        )
        assert vi["amount"] == "66.000 đồng mỗi tháng"
        assert one["proposal"]["title"] == "The State's support for voluntary social insurance"
        assert [each["source"] for each in one["steps"]]
        assert client.get("/me/rights", headers=worker).json()["proposals"]

    def test_is_declined_taken_back_and_not_twice(
        self, client: TestClient, worker: dict[str, str], office: Office
    ) -> None:
        way = f"{SUPPORT}/{losses.proposed(office.inst)}"

        declined = client.post(f"{way}/decline", headers=worker, json={"reason": "not-needed"})
        twice = client.post(f"{way}/decline", headers=worker, json={"reason": "not-needed"})
        reopened = client.post(f"{way}/reopen", headers=worker)
        undone = client.post(f"{way}/undo", headers=worker)

        assert declined.json()["reason"] == "Không cần"
        assert (twice.status_code, twice.json()["type"]) == (409, "/problems/support-moved")
        assert reopened.json()["state"] == "seen"
        assert undone.status_code == 409

    def test_stays_begun_while_no_portal_takes_it(
        self, client: TestClient, worker: dict[str, str], office: Office
    ) -> None:
        way = f"{SUPPORT}/{losses.proposed(office.inst)}"

        answer = client.post(f"{way}/start", headers=worker, json={})

        assert answer.status_code == 503
        (left,) = client.get(SUPPORT, headers=worker).json()
        assert (left["state"], left["steps"]) == ("started", ["start"])
        assert left["dossier_code"].startswith("SLD-")
