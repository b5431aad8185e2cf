from datetime import timedelta
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


class TestPages:
    def test_hold_what_is_older_than_the_last_one(self, party: Party) -> None:
        for _ in range(5):
            party.to_employer()
        whole = notices(party, party.employer)

        pages, last = [], ""
        for _ in range(3):
            query = f"?limit=2{last and f'&before={last}'}"
            answer = party.client.get(f"/me/notices{query}", headers=party.employer)
            pages.append(answer.json())
            last = str(pages[-1][-1]["id"])

        assert [len(page) for page in pages] == [2, 2, 1]
        assert [each for page in pages for each in page] == whole

    def test_follow_on_none_of_somebody_else(self, party: Party) -> None:
        party.to_employer()
        (notice,) = notices(party, party.employer)

        answer = party.client.get(f"/me/notices?before={notice['id']}", headers=party.rival)

        assert answer.status_code == 404


class TestUnread:
    def unread(self, party: Party, by: Headers) -> object:
        return party.client.get("/me/notices/count", headers=by).json()["unread"]

    def test_are_counted(self, party: Party) -> None:
        for _ in range(3):
            party.to_employer()
        (first, *_) = notices(party, party.employer)
        party.post(f"/me/notices/{first['id']}/read", party.employer)

        assert self.unread(party, party.employer) == 2
        assert self.unread(party, party.rival) == 0

    def test_are_marked_as_read_all_at_once(self, party: Party) -> None:
        for _ in range(3):
            party.to_employer()

        marked = [
            party.client.post("/me/notices/read", json={}, headers=party.employer).json()
            for _ in range(2)
        ]

        assert marked == [{"unread": 3}, {"unread": 0}]
        assert self.unread(party, party.employer) == 0

    def test_are_marked_up_to_the_newest_that_was_seen(self, party: Party, office: Office) -> None:
        party.to_employer()
        (seen,) = notices(party, party.employer)
        office.clock.now += timedelta(seconds=1)
        party.to_employer()

        body = {"up_to": seen["id"]}
        answer = party.client.post("/me/notices/read", json=body, headers=party.employer)
        by_rival = party.client.post("/me/notices/read", json=body, headers=party.rival)

        assert answer.json() == {"unread": 1}
        assert by_rival.status_code == 404
        assert self.unread(party, party.employer) == 1
