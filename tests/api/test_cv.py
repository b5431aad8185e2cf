from datetime import date
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from PIL import Image

from labour_book.database import transaction
from labour_book.queries.rows import table_of
from labour_book.services.access import Role
from labour_book.tables import Unit
from tests.api.conftest import PURPOSE, Office

MARK = "tự khai, chưa xác thực"
SKILL = {"section": "skills", "title": "Lái xe nâng"}
FILES = ["/me/cv/json-resume", "/me/cv/europass", "/me/cv.pdf", "/me/cv/preview.png"]
OWN = ["/me/cv", "/me/cv/photo", "/me/job-seeking"]
SEEKING = {"wanted": "Thợ hàn", "provinces": ["01"], "shows": ["work"]}


@pytest.fixture
def small_worker(small_office: Office) -> dict[str, str]:
    small_office.issue(small_office.people[0])
    return small_office.token("worker", Role.WORKER, person=small_office.people[0])


def add_service(office: Office) -> str:
    """Add the public employment service of the first province, and return its code."""
    row = {"code": "DVVL01", "name": "Trung tâm DVVL", "kind": "employment", "parent_code": "BNV"}
    with transaction(office.inst.engine) as db:
        day = date(2025, 7, 1)
        db.execute(sa.insert(table_of(Unit)), row | {"place_code": "01", "valid_from": day})
    return "DVVL01"


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (300, 400), "red").save(written, "JPEG")
    return written.getvalue()


def put_photo(client: TestClient, worker: dict[str, str], content: bytes) -> Any:
    headers = worker | {"Content-Type": "application/octet-stream"}
    return client.put("/me/cv/photo", content=content, headers=headers)


class TestOwnChoices:
    def test_offer_the_lines_of_the_book_with_what_vouches_for_them(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        told = client.get("/me/cv", headers=worker).json()

        assert told["revision"] == 0
        assert [(e["title"], e["shown"], e["own"], e["verified"]) for e in told["lines"]] == [
            ("Thợ hàn", True, False, True),
            ("Hàn", True, False, True),
        ]

    def test_take_what_the_worker_wants(self, client: TestClient, worker: dict[str, str]) -> None:
        added = client.post("/me/cv/lines", json=SKILL, headers=worker)
        hidden = [added.json()["lines"][0]["ref"]]
        form = {"revision": 1, "headline": "Thợ hàn 3G", "hidden": hidden}
        changed = client.put("/me/cv", json=form | {"contact": {"email": "a@b.vn"}}, headers=worker)
        resume = client.get("/me/cv/json-resume", headers=worker).json()

        assert (added.status_code, changed.status_code) == (201, 200)
        assert resume["basics"]["label"] == "Thợ hàn 3G"
        assert resume["basics"]["email"] == "a@b.vn"
        assert resume["work"] == []
        assert MARK in resume["skills"][0]["level"]

    def test_are_a_conflict_on_an_old_page(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        client.put("/me/cv", json={"revision": 0}, headers=worker)

        answer = client.put("/me/cv", json={"revision": 0}, headers=worker)

        assert answer.status_code == 409
        assert answer.json()["type"] == "/problems/cv-changed"

    def test_name_the_field_that_cannot_be(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        form = {"revision": 0, "contact": {"email": "nowhere"}}

        answer = client.put("/me/cv", json=form, headers=worker)

        assert answer.status_code == 422
        assert answer.json()["field"] == "body.email"
        assert "nowhere" not in answer.text


class TestOwnLines:
    def test_are_marked_changed_and_deleted(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        (own,) = [
            each
            for each in client.post("/me/cv/lines", json=SKILL, headers=worker).json()["lines"]
            if each["own"]
        ]
        where = f"/me/cv/lines/{own['ref']}"

        changed = client.put(where, json=SKILL | {"title": "Lái xe tải"}, headers=worker)
        removed = client.delete(where, headers=worker)

        assert (own["verified"], own["assurance"], own["mark_vi"]) == (False, None, MARK)
        assert "Lái xe tải" in changed.text
        assert [each for each in removed.json()["lines"] if each["own"]] == []
        assert client.delete(where, headers=worker).status_code == 404

    @pytest.mark.parametrize(
        "claim",
        [
            {"verified": True},
            {"assurance": "CONTRIBUTION_MATCHED"},
            {"source": "INSURANCE"},
            {"ref": "9f86d081884c7d65"},
        ],
    )
    def test_cannot_say_who_vouches_for_them(
        self, small_client: TestClient, small_worker: dict[str, str], claim: dict[str, Any]
    ) -> None:
        answer = small_client.post("/me/cv/lines", json=SKILL | claim, headers=small_worker)

        assert answer.status_code == 422

    def test_do_not_take_the_place_of_a_line_of_the_book(
        self, small_client: TestClient, small_worker: dict[str, str]
    ) -> None:
        ref = small_client.get("/me/cv", headers=small_worker).json()["lines"][0]["ref"]

        answers = [
            small_client.put(f"/me/cv/lines/{ref}", json=SKILL, headers=small_worker),
            small_client.delete(f"/me/cv/lines/{ref}", headers=small_worker),
        ]

        assert [each.status_code for each in answers] == [404, 404]

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({"section": "work", "title": "x", "first_day": "2021-13"}, "body.first_day"),
            ({"section": "work", "title": " "}, "body.title"),
        ],
    )
    def test_are_refused_by_field(
        self,
        small_client: TestClient,
        small_worker: dict[str, str],
        form: dict[str, str],
        field: str,
    ) -> None:
        answer = small_client.post("/me/cv/lines", json=form, headers=small_worker)

        assert (answer.status_code, answer.json()["field"]) == (422, field)

    def test_are_of_a_limited_number(
        self, small_client: TestClient, small_worker: dict[str, str]
    ) -> None:
        for _ in range(60):
            small_client.post("/me/cv/lines", json=SKILL, headers=small_worker)

        answer = small_client.post("/me/cv/lines", json=SKILL, headers=small_worker)

        assert answer.status_code == 409
        assert answer.json()["type"] == "/problems/too-many-cv-lines"


class TestPhoto:
    def test_comes_back_written_anew_until_it_is_deleted(
        self, client: TestClient, worker: dict[str, str]
    ) -> None:
        assert put_photo(client, worker, picture()).status_code == 204

        shown = client.get("/me/cv/photo", headers=worker)

        assert shown.headers["content-type"] == "image/jpeg"
        assert shown.content != picture()
        assert client.get("/me/cv", headers=worker).json()["has_photo"] is True
        assert client.delete("/me/cv/photo", headers=worker).status_code == 204
        assert client.get("/me/cv/photo", headers=worker).status_code == 404

    def test_is_refused_if_it_is_no_picture_or_too_large(
        self, small_client: TestClient, small_worker: dict[str, str]
    ) -> None:
        assert put_photo(small_client, small_worker, b"%PDF-").status_code == 422
        huge = b"\0" * (30 * 1024 * 1024)
        assert put_photo(small_client, small_worker, huge).status_code == 413


class TestFiles:
    @pytest.mark.parametrize("path", FILES)
    def test_leave_one_trace_row_each(
        self, office: Office, client: TestClient, worker: dict[str, str], path: str
    ) -> None:
        before = len(office.traced())

        answer = client.get(path, headers=worker)

        assert answer.status_code == 200, answer.text
        assert office.traced()[before:] == [("book.print", "ok", office.people[0])]
        assert answer.headers["cache-control"] == "no-store"

    def test_are_a_pdf_and_its_picture(
        self, small_client: TestClient, small_worker: dict[str, str]
    ) -> None:
        pdf = small_client.get("/me/cv.pdf", headers=small_worker)
        shown = small_client.get("/me/cv/preview.png", headers=small_worker)

        assert pdf.content.startswith(b"%PDF-")
        assert pdf.headers["content-disposition"].startswith('attachment; filename="cv-')
        with Image.open(BytesIO(shown.content)) as picture:
            assert picture.format == "PNG"
        beyond = small_client.get("/me/cv/preview.png", params={"page": 9}, headers=small_worker)
        assert beyond.status_code == 404

    @pytest.mark.parametrize("path", [*FILES, "/me/cv"])
    def test_are_not_there_before_a_book_is_issued(
        self, small_office: Office, small_client: TestClient, path: str
    ) -> None:
        other = small_office.token("worker", Role.WORKER, person=small_office.people[1])

        assert small_client.get(path, headers=other).status_code == 404

    @pytest.mark.parametrize("path", [*FILES, *OWN])
    def test_are_refused_to_who_is_no_worker(
        self, small_office: Office, small_client: TestClient, path: str
    ) -> None:
        official = small_office.token("official", Role.APPROVER, unit="BNV")

        assert small_client.get(path, headers=official).status_code == 403
        assert small_client.get(path).status_code == 401


class TestJobSeeking:
    def test_is_agreed_to_seen_by_the_service_and_taken_back(
        self, office: Office, client: TestClient, worker: dict[str, str]
    ) -> None:
        service = office.token("official", Role.COLLECTOR, unit=add_service(office))
        before = client.get("/me/job-seeking", headers=worker).json()
        begun = client.put("/me/job-seeking", json=SEEKING, headers=worker).json()
        seen = client.get("/job-seekers", params={"purpose": PURPOSE}, headers=service)

        assert (before["active"], begun["active"]) == (False, True)
        assert before["purpose"] == begun["purpose"]
        (seeker,) = seen.json()["seekers"]
        assert seeker["full_name"] == "Nguyễn Thị Số 1"
        assert (seeker["contact"], seeker["summary"]) == (None, "")
        assert [each["title"] for each in seeker["lines"]] == ["Thợ hàn"]
        assert str(office.people[0]) not in seen.text
        assert ("job-seekers.see", "ok", office.people[0]) in office.traced()

        assert client.delete("/me/job-seeking", headers=worker).status_code == 204
        after = client.get("/job-seekers", params={"purpose": PURPOSE}, headers=service)
        assert after.json() == {"seekers": [], "after": None}
        assert client.delete("/me/job-seeking", headers=worker).status_code == 404

    @pytest.mark.parametrize(
        "changes", [{"provinces": []}, {"provinces": ["99"]}, {"shows": []}, {"shows": ["pay"]}]
    )
    def test_is_refused_if_it_does_not_say_what_and_where(
        self, small_client: TestClient, small_worker: dict[str, str], changes: dict[str, Any]
    ) -> None:
        form = SEEKING | changes

        answer = small_client.put("/me/job-seeking", json=form, headers=small_worker)

        assert answer.status_code == 422

    def test_shows_nobody_to_other_offices(
        self, small_office: Office, small_client: TestClient, small_worker: dict[str, str]
    ) -> None:
        small_client.put("/me/job-seeking", json=SEEKING, headers=small_worker)
        official = small_office.token("official", Role.APPROVER, unit="SNV-01")

        answer = small_client.get("/job-seekers", params={"purpose": PURPOSE}, headers=official)

        assert answer.status_code == 403
        assert ("job-seekers.see", "refused", None) in small_office.traced()

    def test_says_to_nobody_without_a_purpose(
        self, small_office: Office, small_client: TestClient
    ) -> None:
        service = small_office.token("official", Role.COLLECTOR, unit=add_service(small_office))

        assert small_client.get("/job-seekers", headers=service).status_code == 422
