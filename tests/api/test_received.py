from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from labour_book.services.access import Role
from tests.api import sharing
from tests.api.conftest import PURPOSE, Office
from tests.api.sharing import TO_EMPLOYER, Party
from tests.services import people
from tests.services.shares import RIVAL_CODE

NOBODYS = "00000000-0000-4000-8000-000000000000"
"""An id that names nothing."""


@pytest.fixture
def party(client: TestClient, office: Office) -> Party:
    return sharing.party(client, office)


@pytest.fixture
def small_party(small_client: TestClient, small_office: Office) -> Party:
    return sharing.party(small_client, small_office)


def opened(party: Party) -> str:
    """Let the employer open what was shared with it; return the share's id."""
    share_id = str(party.to_employer()["share_id"])
    answer = party.post(f"/employer/inbox/{share_id}/open", party.employer, {})
    assert answer.status_code == 200, answer.text
    return share_id


def inbox(party: Party) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = party.client.get(
        "/employer/inbox", headers=party.employer
    ).json()
    return listed


class TestInbox:
    def test_lists_what_was_shared_without_a_name(self, party: Party) -> None:
        created = party.to_employer()

        (entry,) = inbox(party)

        assert entry["share_id"] == created["share_id"]
        assert (entry["state"], entry["views_left"], entry["copy_state"]) == ("live", 3, None)
        assert "Nguyễn" not in str(entry)
        assert party.client.get("/employer/inbox", headers=party.rival).json() == []

    def test_opens_what_is_addressed_to_the_enterprise(self, party: Party) -> None:
        share_id = str(party.to_employer()["share_id"])

        answer = party.post(f"/employer/inbox/{share_id}/open", party.employer, {})

        assert answer.json()["claims"]["worker"]["full_name"] == "Nguyễn Thị Số 1"
        (entry,) = inbox(party)
        assert (entry["copy_state"], entry["views_left"]) == ("held", 2)
        (look,) = party.mine()[0]["seen"]
        assert look["means"] == "inbox"

    @pytest.mark.parametrize(
        ("ending", "form"), [("open", {}), ("decision", {"hired": False}), ("deletion", None)]
    )
    def test_of_another_enterprise_is_like_one_that_is_not_there(
        self, party: Party, ending: str, form: Any
    ) -> None:
        share_id, nothing = opened(party), str(uuid4())

        theirs, missing = (
            party.post(f"/employer/inbox/{each}/{ending}", party.rival, form)
            for each in (share_id, nothing)
        )

        assert theirs.status_code == missing.status_code == 404
        assert theirs.text.replace(share_id, nothing) == missing.text
        assert inbox(party)[0]["copy_state"] == "held"

    def test_by_its_id_holds_nothing_that_is_for_anyone(self, small_party: Party) -> None:
        share_id = small_party.share()["share_id"]

        answer = small_party.post(f"/employer/inbox/{share_id}/open", small_party.employer, {})

        assert answer.status_code == 404

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("get", "/employer/inbox"),
            ("get", f"/employer/workers?purpose={PURPOSE}"),
            ("post", f"/employer/inbox/{NOBODYS}/open"),
            ("post", f"/employer/inbox/{NOBODYS}/decision"),
            ("post", f"/employer/inbox/{NOBODYS}/deletion"),
        ],
    )
    def test_is_for_employers_alone(self, small_party: Party, method: str, path: str) -> None:
        form = {"hired": True} if path.endswith("decision") else {}

        def status(by: dict[str, str]) -> int:
            return small_party.client.request(
                method, path, json=form if method == "post" else None, headers=by
            ).status_code

        assert status({}) == 401
        for by in (small_party.worker, small_party.official, small_party.machine):
            assert status(by) == 403


class TestDuty:
    def test_begins_when_the_worker_was_not_hired(self, party: Party) -> None:
        path = f"/employer/inbox/{opened(party)}/decision"

        decided = party.post(path, party.employer, {"hired": False})
        again = party.post(path, party.employer, {"hired": False})

        assert decided.json() == {"delete_by": "2026-12-10"}
        assert (again.status_code, again.json()["type"]) == (409, "/problems/copy-decided")
        assert inbox(party)[0]["due_on"] == "2026-12-10"

    def test_does_not_begin_when_hired(self, party: Party) -> None:
        share_id = opened(party)

        decided = party.post(
            f"/employer/inbox/{share_id}/decision", party.employer, {"hired": True}
        )

        assert decided.json() == {"delete_by": None}
        assert inbox(party)[0]["copy_state"] == "kept"

    @pytest.mark.parametrize("form", [{}, {"hired": "yes"}, {"hired": 1}, {"hired": None}])
    def test_is_decided_in_so_many_words(self, small_party: Party, form: dict[str, Any]) -> None:
        path = f"/employer/inbox/{opened(small_party)}/decision"

        assert small_party.post(path, small_party.employer, form).status_code == 422
        assert inbox(small_party)[0]["copy_state"] == "held"

    def test_ends_with_a_receipt_to_the_worker(self, party: Party) -> None:
        share_id = opened(party)
        party.post(f"/employer/inbox/{share_id}/decision", party.employer, {"hired": False})
        path = f"/employer/inbox/{share_id}/deletion"

        receipt = party.post(path, party.employer)
        again = party.post(path, party.employer)

        assert receipt.json() == {
            "share_id": share_id,
            "confirmed_at": "2026-11-20T08:30:00Z",
            "due_on": "2026-12-10",
            "in_time": True,
        }
        assert again.status_code == 409
        kinds = [
            each["kind"] for each in party.client.get("/me/notices", headers=party.worker).json()
        ]
        assert "copy.deletion-confirmed" in kinds
        reopened = party.post(f"/employer/inbox/{share_id}/open", party.employer, {})
        assert (reopened.status_code, reopened.json()["state"]) == (410, "copy_deleted")

    def test_is_overseen_by_officials_of_the_area_when_overdue(self, party: Party) -> None:
        to_rival = TO_EMPLOYER | {"enterprise_code": RIVAL_CODE}
        share_id = str(party.share(**to_rival)["share_id"])
        party.post(f"/employer/inbox/{share_id}/open", party.rival, {})
        party.post(f"/employer/inbox/{share_id}/decision", party.rival, {"hired": False})
        assert party.client.get("/deletions/overdue", headers=party.official).json() == []
        party.office.clock.now += timedelta(days=22)

        everywhere, here, elsewhere = (
            party.client.get(
                "/deletions/overdue", headers=party.office.token("official", role, unit=unit)
            ).json()
            for role, unit in (
                (Role.AUDITOR, "BNV"),
                (Role.APPROVER, "UB-00070"),
                (Role.AUDITOR, "UB-26734"),
            )
        )

        (duty,) = here
        assert (duty["share_id"], duty["enterprise_code"]) == (share_id, RIVAL_CODE)
        assert (duty["due_on"], duty["days_late"]) == ("2026-12-10", 2)
        assert everywhere == here
        assert elsewhere == []

    def test_is_overseen_by_nobody_else(self, small_party: Party) -> None:
        for by, status in (
            ({}, 401),
            (small_party.worker, 403),
            (small_party.employer, 403),
            (small_party.machine, 403),
        ):
            answer = small_party.client.get("/deletions/overdue", headers=by)
            assert answer.status_code == status


class TestWorkers:
    def test_are_the_enterprises_own_page_by_page(self, party: Party) -> None:
        query = {"purpose": PURPOSE}

        page = party.client.get("/employer/workers", params=query, headers=party.employer).json()

        assert [each["worker_id"] for each in page["workers"]] == [
            str(each) for each in party.office.people
        ]
        assert set(page["workers"][0]) == {"worker_id", "full_name", "position", "since"}
        assert page["next"] is None
        after = query | {"after": page["workers"][0]["worker_id"]}
        rest = party.client.get("/employer/workers", params=after, headers=party.employer).json()
        assert rest["workers"] == page["workers"][1:]
        rival = party.client.get("/employer/workers", params=query, headers=party.rival).json()
        assert rival == {"workers": [], "next": None}

    def test_are_told_so(self, small_party: Party) -> None:
        answer = small_party.client.get("/employer/workers", headers=small_party.employer)
        assert answer.status_code == 422
        before = len(small_party.office.traced())

        small_party.client.get(
            "/employer/workers", params={"purpose": PURPOSE}, headers=small_party.employer
        )

        assert small_party.office.traced()[before:] == [
            ("workers.list", "ok", each) for each in small_party.office.people
        ]

    def test_come_with_the_next_page(self, small_party: Party) -> None:
        people.add_people(small_party.office.inst.engine, 50, first=4)

        page = small_party.client.get(
            "/employer/workers", params={"purpose": PURPOSE}, headers=small_party.employer
        ).json()

        assert len(page["workers"]) == 50
        assert page["next"] == page["workers"][-1]["worker_id"]


class TestReceivedByPerson:
    def test_is_listed_opened_and_deleted(self, party: Party) -> None:
        share = party.share(audience="person", personal_id=people.personal_id(2))["share_id"]
        (entry,) = party.client.get("/me/received", headers=party.other).json()
        assert entry["share_id"] == share

        shown = party.post(f"/me/received/{share}/open", party.other, {})
        receipt = party.post(f"/me/received/{share}/deletion", party.other)

        assert shown.json()["claims"]["worker"]["full_name"] == "Nguyễn Thị Số 1"
        assert receipt.json()["in_time"] is True
        assert party.mine()[0]["copies"][0]["enterprise_code"] is None

    @pytest.mark.parametrize(("ending", "form"), [("open", {}), ("deletion", None)])
    def test_of_somebody_else_is_like_one_that_is_not_there(
        self, party: Party, ending: str, form: Any
    ) -> None:
        share = str(party.to_employer()["share_id"])
        nothing = str(uuid4())

        theirs, missing = (
            party.post(f"/me/received/{each}/{ending}", party.other, form)
            for each in (share, nothing)
        )

        assert theirs.status_code == missing.status_code == 404
        assert theirs.text.replace(share, nothing) == missing.text

    def test_is_for_workers_alone(self, small_party: Party) -> None:
        for by in (small_party.employer, small_party.official, small_party.machine):
            assert small_party.client.get("/me/received", headers=by).status_code == 403
            for ending, form in (("open", {}), ("deletion", None)):
                path = f"/me/received/{NOBODYS}/{ending}"
                assert small_party.post(path, by, form).status_code == 403
