from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from api.problems import MEDIA_TYPE
from labour_book.services.access import Role
from tests.api.conftest import PURPOSE, Office
from tests.services.people import personal_id

OWN = ["/me/book", "/me/book.pdf", "/me/credential"]


def book_of(client: TestClient, person: UUID, by: dict[str, str], purpose: str = PURPOSE):  # type: ignore[no-untyped-def] # noqa: ANN201 - the test client's own answer type
    return client.get(f"/workers/{person}/book", params={"purpose": purpose}, headers=by)


class TestOwnBook:
    def test_is_the_newest_signed_version_with_the_id_masked(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        answer = client.get("/me/book", headers=worker)

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["state"] == "current"
        assert answer.json()["version"] == answer.json()["book"]["version"] == 1
        assert answer.json()["book"]["worker"]["personal_id"] == "********0001"
        assert personal_id() not in answer.text

    @pytest.mark.parametrize("path", OWN)
    def test_leaves_one_trace_row_in_every_form(
        self, office: Office, client: TestClient, worker: dict[str, str], path: str
    ) -> None:
        before = len(office.traced())

        answer = client.get(path, headers=worker)

        assert answer.status_code == 200, answer.text
        ((action, outcome, person),) = office.traced()[before:]
        assert action in {"book.open", "book.print"}
        assert (outcome, person) == ("ok", office.people[0])
        assert answer.headers["cache-control"] == "no-store"

    def test_is_a_sealed_pdf_that_verifies(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        pdf = client.get("/me/book.pdf", headers=worker)
        checked = client.post(
            "/verify", content=pdf.content, headers={"Content-Type": "application/pdf"}
        )

        assert pdf.headers["content-type"] == "application/pdf"
        assert pdf.headers["content-disposition"].startswith('attachment; filename="so-lao-dong-')
        assert checked.json()["good"] is True

    def test_is_a_credential_that_verifies(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        credential = client.get("/me/credential", headers=worker)
        checked = client.post("/verify", json={"credential": credential.text})

        assert credential.headers["content-type"].startswith("application/dc+sd-jwt")
        assert checked.json()["good"] is True

    @pytest.mark.parametrize("path", OWN)
    def test_is_not_there_before_it_is_issued(
        self, office: Office, client: TestClient, path: str
    ) -> None:
        signed_in = office.token("worker", Role.WORKER, person=office.people[1])

        answer = client.get(path, headers=signed_in)

        assert answer.status_code == 404
        assert answer.json()["type"] == "/problems/not-found"

    @pytest.mark.parametrize("path", OWN)
    def test_is_refused_to_who_is_no_worker(
        self, office: Office, client: TestClient, path: str
    ) -> None:
        official = office.token("official", Role.APPROVER, unit="BNV")

        assert client.get(path, headers=official).status_code == 403

    @pytest.mark.parametrize("path", OWN)
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Authorization": "Bearer lb_unknown"},
            {"Authorization": "Basic bGI6bGI="},
            {"Authorization": "Bearer"},
        ],
    )
    def test_is_refused_without_a_live_token(
        self, small_client: TestClient, path: str, headers: dict[str, str]
    ) -> None:
        answer = small_client.get(path, headers=headers)

        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["type"] == "/problems/not-signed-in"

    def test_is_refused_when_the_token_is_over(
        self, office: Office, client: TestClient, worker: dict[str, str]
    ) -> None:
        office.clock.now += timedelta(hours=8, seconds=1)

        assert client.get("/me/book", headers=worker).status_code == 401

    def test_is_a_conflict_when_the_record_was_altered(
        self, office: Office, client: TestClient, worker: dict[str, str]
    ) -> None:
        office.alter_credentials()

        answer = client.get("/me/credential", headers=worker)

        assert answer.status_code == 409


class TestBookOfAWorker:
    def test_is_open_to_an_official_of_the_place(self, office: Office, client: TestClient) -> None:
        office.issue(office.people[0])
        official = office.token("official", Role.APPROVER, unit="UB-00070")
        before = len(office.traced())

        answer = book_of(client, office.people[0], official)

        assert answer.status_code == 200
        assert answer.json()["book"]["worker"]["personal_id"] == "********0001"
        assert office.traced()[before:] == [("book.open", "ok", office.people[0])]

    def test_is_open_to_a_machine_with_a_purpose(self, office: Office, client: TestClient) -> None:
        office.issue(office.people[0])
        machine = office.token("machine", Role.READER)

        assert book_of(client, office.people[0], machine).status_code == 200

    def test_is_missing_and_forbidden_alike(self, office: Office, client: TestClient) -> None:
        office.issue(office.people[0])
        elsewhere = office.token("official", Role.APPROVER, unit="UB-26734")
        nobody = uuid4()

        forbidden = book_of(client, office.people[0], elsewhere)
        missing = book_of(client, nobody, elsewhere)

        assert forbidden.status_code == missing.status_code == 404
        assert forbidden.text.replace(str(office.people[0]), str(nobody)) == missing.text
        assert {k: v for k, v in forbidden.headers.items() if k != "date"} == dict(missing.headers)

    def test_traces_a_refusal_that_leaves_nothing_else(
        self, office: Office, client: TestClient
    ) -> None:
        office.issue(office.people[0])
        elsewhere = office.token("official", Role.APPROVER, unit="UB-26734")
        before = len(office.traced())

        book_of(client, office.people[0], elsewhere)

        assert office.traced()[before:] == [("book.open", "refused", office.people[0])]

    @pytest.mark.parametrize("purpose", ["", " ", "a\x00b", "a\nb", "x" * 201, "\u202eabc"])
    def test_needs_a_purpose_that_people_can_read(
        self, office: Office, client: TestClient, purpose: str
    ) -> None:
        office.issue(office.people[0])
        official = office.token("official", Role.APPROVER, unit="BNV")
        before = office.traced()

        answer = book_of(client, office.people[0], official, purpose)

        assert answer.status_code == 422
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert office.traced() == before

    @pytest.mark.parametrize("worker_id", ["1", "1.0", "001190000001", "%00", "x" * 300, "%ff"])
    def test_takes_no_other_name_of_a_person_than_the_id(
        self, small_office: Office, small_client: TestClient, worker_id: str
    ) -> None:
        official = small_office.token("official", Role.APPROVER, unit="BNV")

        answer = small_client.get(
            f"/workers/{worker_id}/book", params={"purpose": PURPOSE}, headers=official
        )

        assert answer.status_code == 422
        assert answer.json()["detail"] == "missing or not valid: path.worker_id"

    def test_is_the_worker_who_may_open_only_the_own(
        self, office: Office, client: TestClient, worker: dict[str, str]
    ) -> None:
        office.issue(office.people[1])

        assert book_of(client, office.people[0], worker).status_code == 200
        assert book_of(client, office.people[1], worker).status_code == 404
