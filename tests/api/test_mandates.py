"""Giving and taking back mandates: the worker's JSON, and the employer's page."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from labour_book.services.access import Role
from tests.api.conftest import Office
from tests.services import acting as a
from tests.services import people

FROM_OURS = {"Accept": "text/html", "Origin": "null", "Sec-Fetch-Site": "same-origin"}
WANTED = {
    "personal_id": a.STRANGER_ID,
    "name": "Trần Văn Lạ",
    "scope": ["view"],
    "first_day": "2026-11-20",
    "last_day": "2027-05-20",
}


class TestOwnMandates:
    def test_are_given_listed_and_revoked(
        self, client: TestClient, office: Office, worker: dict[str, str]
    ) -> None:
        given = client.post("/me/mandates", json=WANTED, headers=worker)
        assert given.status_code == 201, given.text
        mandate = given.json()["id"]

        (listed,) = client.get("/me/mandates", headers=worker).json()
        assert (listed["id"], listed["state"], listed["scope"]) == (mandate, "running", ["view"])
        assert a.STRANGER_ID not in str(listed)
        begun = a.begun(office.inst, a.STRANGER, office.clock.now)
        assert begun.caller.role is Role.REPRESENTATIVE

        revoked = client.post(f"/me/mandates/{mandate}/revoke", headers=worker)
        assert revoked.status_code == 204
        assert client.get("/me/mandates", headers=worker).json()[0]["state"] == "revoked"
        again = client.post(f"/me/mandates/{mandate}/revoke", headers=worker)
        assert again.status_code == 409

    @pytest.mark.parametrize(
        "other",
        [
            {"personal_id": "123"},
            {"name": ""},
            {"name": "   "},
            {"scope": []},
            {"scope": ["file"]},
            {"scope": ["all"]},
            {"last_day": "2026-11-19"},
            {"last_day": "2030-01-01"},
            {"more": 1},
        ],
        ids=str,
    )
    def test_are_refused_where_they_do_not_fit(
        self, client: TestClient, worker: dict[str, str], other: dict[str, object]
    ) -> None:
        answer = client.post("/me/mandates", json=WANTED | other, headers=worker)

        assert answer.status_code == 422
        assert client.get("/me/mandates", headers=worker).json() == []

    def test_are_nobody_elses_to_revoke(
        self, client: TestClient, office: Office, worker: dict[str, str]
    ) -> None:
        mandate = client.post("/me/mandates", json=WANTED, headers=worker).json()["id"]
        other = office.token("worker", Role.WORKER, person=office.people[1])

        assert client.post(f"/me/mandates/{mandate}/revoke", headers=other).status_code == 404
        assert client.get("/me/mandates", headers=other).json() == []

    def test_let_a_representative_see_and_nothing_more(
        self, client: TestClient, office: Office, worker: dict[str, str]
    ) -> None:
        client.post("/me/mandates", json=WANTED, headers=worker)
        now = office.clock.now
        begun = a.begun(office.inst, a.STRANGER, now)
        bearer = {"Authorization": f"Bearer {a.token_of(office.inst, begun.secret, now)}"}

        assert client.get("/me/book", headers=bearer).status_code == 200
        assert client.post("/me/shares/freeze", headers=bearer).status_code == 403
        assert client.post("/me/mandates", json=WANTED, headers=bearer).status_code == 403
        office.clock.now += timedelta(days=182)
        assert client.get("/me/book", headers=bearer).status_code == 401


class TestDelegatesPage:
    def page(self, client: TestClient, office: Office) -> tuple[str, dict[str, str]]:
        begun = a.begun(office.inst, a.AGENT, office.clock.now)
        client.cookies.set("__Host-lb-session", begun.secret)
        page = client.get("/employer/delegates", headers=FROM_OURS)
        assert page.status_code == 200, page.text
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found is not None
        form = {"csrf": found[1], "name": "Lê Thị Kế Toán", "number": a.STRANGER_ID}
        return page.text, form | {"scope": "file", "last_day": "2027-05-20"}

    def test_names_and_revokes_a_delegate(
        self, small_client: TestClient, small_office: Office
    ) -> None:
        _, form = self.page(small_client, small_office)

        named = small_client.post("/employer/delegates", data=form, headers=FROM_OURS)

        assert named.headers["location"] == "/employer/delegates"
        page = small_client.get("/employer/delegates", headers=FROM_OURS).text
        assert "Lê Thị Kế Toán" in page
        assert a.STRANGER_ID not in page
        begun = a.begun(small_office.inst, a.STRANGER, small_office.clock.now, "/employer")
        assert begun.caller.enterprise_code == people.EMPLOYER_CODE
        found = re.search(r"/employer/delegates/[\w-]+/revoke", page)
        assert found is not None
        for status in (303, 409):
            answer = small_client.post(found[0], data=form, headers=FROM_OURS)
            assert answer.status_code == status

    @pytest.mark.parametrize(
        ("other", "said"),
        [
            ({"number": "12"}, "12 chữ số"),
            ({"name": " "}, "nhập họ và tên"),
            ({"scope": "view"}, "ít nhất một việc"),
            ({"last_day": "2026-11-19"}, "tối đa một năm"),
            ({"last_day": "tomorrow"}, "kiểm tra lại"),
        ],
    )
    def test_says_what_does_not_fit(
        self, small_client: TestClient, small_office: Office, other: dict[str, str], said: str
    ) -> None:
        _, form = self.page(small_client, small_office)

        answer = small_client.post("/employer/delegates", data=form | other, headers=FROM_OURS)

        assert answer.status_code == 422
        assert said in answer.text

    def test_is_not_for_a_delegate(self, small_client: TestClient, small_office: Office) -> None:
        _, form = self.page(small_client, small_office)
        small_client.post("/employer/delegates", data=form, headers=FROM_OURS)
        begun = a.begun(small_office.inst, a.STRANGER, small_office.clock.now, "/employer")
        small_client.cookies.set("__Host-lb-session", begun.secret)

        assert small_client.get("/employer/delegates", headers=FROM_OURS).status_code == 403
