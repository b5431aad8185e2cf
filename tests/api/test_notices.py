from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from tests.api import sharing
from tests.api.conftest import Office
from tests.api.sharing import Headers, Party


@pytest.fixture
def party(client: TestClient, office: Office) -> Party:
    return sharing.party(client, office)


def notices(party: Party, by: Headers) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = party.client.get("/me/notices", headers=by).json()
    return listed


class TestNotices:
    def test_tell_each_side_its_part(self, party: Party) -> None:
        created = party.to_employer()
        party.open(created["code"], party.employer)

        ((received,), (viewed,)) = (notices(party, by) for by in (party.employer, party.worker))

        assert (received["kind"], viewed["kind"]) == ("share.received", "share.viewed")
        assert viewed["facts"] == {"share": created["share_id"], "view": 1}
        assert notices(party, party.other) == notices(party, party.rival) == []

    def test_are_marked_as_read_once_and_by_their_recipient(self, party: Party) -> None:
        party.to_employer()
        (notice,) = notices(party, party.employer)
        path = f"/me/notices/{notice['id']}/read"

        by_others = [party.post(path, by).status_code for by in (party.rival, party.worker)]
        marked = [party.post(path, party.employer).status_code for _ in range(2)]

        assert (by_others, marked) == ([404, 404], [204, 404])
        assert notices(party, party.employer)[0]["read_at"] == "2026-11-20T08:30:00Z"

    def test_are_nothing_for_who_is_told_nothing(self, party: Party) -> None:
        for by, status in (({}, 401), (party.machine, 403), (party.official, 200)):
            assert party.client.get("/me/notices", headers=by).status_code == status
        assert party.post(f"/me/notices/{uuid4()}/read", party.machine).status_code == 403
        assert party.post("/me/notices/1/read", party.worker).status_code == 422
