"""Corrections over HTTP: the whole way once, each problem that is declared, nothing left behind."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from labour_book.services.access import Role
from tests.api.conftest import Office
from tests.services import cases
from tests.services.people import EMPLOYER_CODE
from tests.support.evidence import pdf, photo

Headers = dict[str, str]
FIRST_DAY = {
    "kind": "employment",
    "ask": "change",
    "version": 1,
    "line": 1,
    "claimed": {"first_day": "2021-03-01"},
    "words": "Tôi vào làm từ đầu tháng 3.",
}
APPROVE = {"outcome": "approved", "reason_code": "EVIDENCE_CONVINCES", "words": "Hợp đồng rõ."}


@pytest.fixture
def desk(office: Office) -> Headers:
    return office.token("official", Role.APPROVER, unit="UB-00070")


@pytest.fixture
def small(small_office: Office, small_client: TestClient) -> "Small":
    return Small(small_office, small_client)


class Small:
    """An office on SQLite with a worker who has a book, and a desk."""

    def __init__(self, office: Office, client: TestClient) -> None:
        self.client = client
        self.office = office
        office.issue(office.people[0])
        self.worker = office.token("worker", Role.WORKER, person=office.people[0])
        self.desk = office.token("official", Role.APPROVER, unit="UB-00070")

    def draft(self, form: dict[str, Any] = FIRST_DAY) -> str:
        made = self.client.post("/me/corrections", json=form, headers=self.worker)
        assert made.status_code == 201, made.text
        return str(made.json()["line"]["case_id"])

    def submitted(self) -> str:
        case = self.draft()
        headers = self.worker | {"Idempotency-Key": "k"}
        assert self.client.post(f"/me/corrections/{case}/submission", headers=headers).is_success
        return case


class TestJourney:
    def test_leads_from_a_contested_line_to_version_2(
        self, client: TestClient, worker: Headers, desk: Headers
    ) -> None:
        made = client.post("/me/corrections", json=FIRST_DAY, headers=worker).json()
        case = made["line"]["case_id"]
        mine, theirs = f"/me/corrections/{case}", f"/corrections/{case}"
        file = client.post(
            f"{mine}/files",
            files={"file": ("../../etc/passwd.exe", photo(), "text/html")},
            data={"evidence_class": "CONTRACT"},
            headers=worker,
        ).json()
        sent = client.post(f"{mine}/submission", headers=worker | {"Idempotency-Key": "1"}).json()

        queue = client.get("/corrections", headers=desk).json()["cases"]
        asked = client.post(f"{theirs}/question", json={"words": "Thêm?"}, headers=desk)
        answered = client.post(f"{mine}/answer", json={"words": "Đây."}, headers=worker)
        done = client.post(
            f"{theirs}/decision", json=APPROVE, headers=desk | {"Idempotency-Key": "2"}
        )

        assert sent["line"]["state"] == "routed"
        assert [each["number"] for each in queue] == [sent["line"]["number"]]
        assert (asked.status_code, answered.status_code) == (200, 200)
        assert done.json()["line"]["outcome"] == "approved"
        assert done.json()["decisions"][0]["version_after"] == 2
        assert client.get("/me/book", headers=worker).json()["version"] == 2
        opened = client.get(f"{theirs}/files/{file['evidence_id']}", headers=desk)
        assert opened.headers["content-disposition"] == (
            f'attachment; filename="{sent["line"]["number"]}-1.jpg"'
        )
        assert opened.headers["x-content-type-options"] == "nosniff"
        assert opened.headers["content-type"] == "image/jpeg"
        assert opened.content.startswith(b"\xff\xd8")
        small = client.get(f"{theirs}/files/{file['evidence_id']}/preview", headers=desk)
        assert small.status_code == 200
        rated = client.post(f"{mine}/rating", json={"stars": 5}, headers=worker)
        assert rated.json()["rating"] == 5
        assert "case.decided" in {
            each["kind"] for each in client.get("/me/notices", headers=worker).json()
        }

    def test_says_the_same_again_under_one_key(self, small: Small) -> None:
        case = small.submitted()
        headers = small.worker | {"Idempotency-Key": "k"}

        again = small.client.post(f"/me/corrections/{case}/submission", headers=headers)
        other = small.client.post(f"/me/corrections/{small.draft()}/submission", headers=headers)

        assert again.json()["line"]["state"] == "routed"
        assert other.status_code == 409
        assert other.json()["type"] == "/problems/key-used-before"


class TestProblems:
    def test_name_the_field(self, small: Small) -> None:
        wrong = FIRST_DAY | {"claimed": {"first_day": "15/3/2021"}}

        answer = small.client.post("/me/corrections", json=wrong, headers=small.worker)

        assert answer.status_code == 422
        assert (answer.json()["cause"], answer.json()["field"]) == ("FIRST_DAY_WRONG", "first_day")

    @pytest.mark.parametrize(
        "extra", [{"state": "decided"}, {"high_impact": False}, {"claimed": {"x": 1}}]
    )
    def test_refuse_what_is_not_asked_for(self, small: Small, extra: dict[str, Any]) -> None:
        answer = small.client.post("/me/corrections", json=FIRST_DAY | extra, headers=small.worker)

        assert answer.status_code == 422

    def test_tell_that_the_line_is_stale(self, small: Small) -> None:
        answer = small.client.post(
            "/me/corrections", json=FIRST_DAY | {"version": 7}, headers=small.worker
        )

        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stale-line")
        assert answer.json()["title_vi"]

    def test_tell_who_has_it(self, small: Small) -> None:
        case = small.submitted()
        colleague = small.office.token("official", Role.APPROVER, unit="UB-00070")
        small.client.post(f"/corrections/{case}/claim", headers=colleague)

        answer = small.client.post(
            f"/corrections/{case}/decision",
            json=APPROVE,
            headers=small.desk | {"Idempotency-Key": "1"},
        )

        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/case-taken")
        assert answer.json()["by"]
        assert answer.json()["at"]

    def test_refuse_files_by_what_they_are(self, small: Small) -> None:
        path = f"/me/corrections/{small.draft()}/files"

        page = {"file": ("a.jpg", b"<html><script>", "image/jpeg")}
        refused = small.client.post(path, files=page, headers=small.worker)
        missing = small.client.post(path, data={"evidence_class": "X"}, headers=small.worker)
        large = small.client.post(
            path, files={"file": ("a.pdf", b"%PDF-" + bytes(11 << 20))}, headers=small.worker
        )

        assert (refused.status_code, refused.json()["type"]) == (422, "/problems/file-refused")
        assert refused.json()["cause"] == "NOT_A_PHOTO"
        assert missing.status_code in {415, 422}
        assert large.status_code == 413

    def test_need_a_key(self, small: Small) -> None:
        answer = small.client.post(
            f"/me/corrections/{small.draft()}/submission", headers=small.worker
        )

        assert answer.status_code == 422

    def test_answer_missing_and_foreign_alike(self, small: Small) -> None:
        case = small.submitted()
        other = small.office.token("worker", Role.WORKER, person=small.office.people[1])

        foreign = small.client.get(f"/me/corrections/{case}", headers=other)
        missing = small.client.get(
            "/me/corrections/00000000-0000-0000-0000-000000000000", headers=other
        )

        assert foreign.status_code == missing.status_code == 404
        assert foreign.json() | {"instance": ""} == missing.json() | {"instance": ""}


class TestRoles:
    @pytest.mark.parametrize(
        ("role", "unit", "status"),
        [
            (Role.APPROVER, "UB-00070", 200),
            (Role.APPROVER, "UB-26734", 404),
            (Role.INSPECTOR, "SNV-01", 200),
            (Role.STATISTICIAN, "SNV-01", 403),
            (Role.ADMIN, "BNV", 403),
        ],
    )
    def test_see_a_case_of_their_own_area(
        self, small: Small, role: Role, unit: str, status: int
    ) -> None:
        case = small.submitted()
        official = small.office.token("official", role, unit=unit)

        assert small.client.get(f"/corrections/{case}", headers=official).status_code == status

    def test_let_an_employer_see_only_what_it_is_asked(self, small: Small) -> None:
        case = small.draft(FIRST_DAY | {"claimed": {"position": "Thợ hàn bậc 5"}})
        small.client.post(
            f"/me/corrections/{case}/files",
            files={"file": pdf()},
            data={"evidence_class": "CONTRACT"},
            headers=small.worker,
        )
        small.client.post(
            f"/me/corrections/{case}/submission", headers=small.worker | {"Idempotency-Key": "1"}
        )
        employer = small.office.token("employer", Role.EMPLOYER, enterprise=EMPLOYER_CODE)

        seen = small.client.get(f"/corrections/{case}", headers=employer).json()
        answered = small.client.post(
            f"/corrections/{case}/employer-answer", json={"agrees": True}, headers=employer
        )

        assert (seen["words"], seen["evidence"], seen["steps"]) == ("", [], [])
        assert answered.json()["line"]["owner"]["kind"] == "commune"


class TestOversight:
    @pytest.mark.parametrize(
        "path",
        [
            "/corrections/ageing",
            "/corrections/overdue",
            "/corrections/samples",
            "/corrections/quality?first_day=2026-11-01&last_day=2026-11-30",
            "/corrections/reasons",
            "/corrections?overdue=false&claimed=nobody&below=true&kind=employment",
        ],
    )
    def test_answers_inspectors(self, small: Small, path: str) -> None:
        small.submitted()
        inspector = small.office.token("official", Role.INSPECTOR, unit="SNV-01")

        assert small.client.get(path, headers=inspector).status_code == 200

    def test_finds_a_case_by_its_number(self, small: Small) -> None:
        case = small.submitted()
        number = small.client.get(f"/corrections/{case}", headers=small.desk).json()["line"][
            "number"
        ]

        found = small.client.get(f"/corrections/numbered/{number}", headers=small.desk)

        assert found.json()["line"]["case_id"] == case


class TestLeavesNothing:
    def test_of_what_is_refused(self, small: Small) -> None:
        before = cases.everything(small.office.inst.engine)["correction_case"]

        small.client.post("/me/corrections", json=FIRST_DAY | {"line": 9}, headers=small.worker)

        assert cases.everything(small.office.inst.engine)["correction_case"] == before
