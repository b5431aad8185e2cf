"""Missing months and satisfaction over HTTP, and the employer's page of questions."""

import pytest
import sqlalchemy as sa

from labour_book.domain.satisfaction import RequestKind
from tests.api import sharing
from tests.api.conftest import Office, TestClient
from tests.api.sharing import Party


@pytest.fixture
def party(small_client: TestClient, small_office: Office) -> Party:
    made = sharing.party(small_client, small_office)
    with small_office.inst.engine.begin() as connection:
        connection.execute(sa.text("UPDATE insurance_fact SET last_month = '2025-12'"))
    return made


class TestGaps:
    def test_are_asked_about_once_and_told_with_what_was_done(self, party: Party) -> None:
        asked = party.post("/me/gaps/1/question", party.worker, {"words": "Vì sao?"})
        again = party.post("/me/gaps/1/question", party.worker, {"words": "Vì sao?"})

        assert asked.status_code == 201, asked.text
        assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (
            409,
            "months-told-before",
        )
        (gap,) = party.client.get("/me/rights", headers=party.worker).json()["gaps"]
        assert gap["left"]["ask-employer"] == []
        assert gap["left"]["complain"] == ["2026-01/2026-09"]
        assert [each["words"] for each in gap["steps"]] == ["Vì sao?"]
        assert [each["name"] for each in gap["limits"]] == ["complaint", "mediation", "court"]
        assert gap["bridge"]["months"] == 9

    def test_take_no_group_that_is_none(self, party: Party) -> None:
        sent = party.post("/me/gaps/1/bridge", party.worker, {"group": "RICH"})

        assert sent.status_code == 422


class TestSatisfaction:
    def test_is_said_of_a_finished_request_and_changed(self, party: Party) -> None:
        wanted = {"kind": "access", "words": "Ai giữ dữ liệu của tôi?"}
        request = party.post("/me/data-requests", party.worker, wanted).json()["id"]
        party.post(f"/data-requests/{request}/answer", party.official, {"words": "Đã gửi"})

        path = f"/me/satisfaction/{request}"
        first = party.client.put(path, headers=party.worker, json={"score": 2, "words": "Lâu"})
        party.client.put(path, headers=party.worker, json={"score": 4})

        assert (first.status_code, first.json()["score"]) == (200, 2)
        (asked,) = party.client.get("/me/satisfaction", headers=party.worker).json()
        assert (asked["kind"], asked["score"]) == (RequestKind.DATA_REQUEST, 4)
        other = party.client.put(path, headers=party.other, json={"score": 1})
        assert other.status_code == 404
