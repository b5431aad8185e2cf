"""Declarations of employers over HTTP, as their software sends them."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.import_worker import import_waiting
from api.routes.media import XLSX
from labour_book.services.access import Role
from labour_book.services.filing import NOBODY
from tests.api.conftest import Office
from tests.api.sharing import Headers, Party, party
from tests.registers.test_employer_filings import HIRED as ROW
from tests.registers.test_employer_filings import workbook
from tests.services import people, shares

ACCEPTED = 202
WORKER = {
    "personal_id": people.personal_id(1),
    "full_name": "Nguyễn Thị Số 1",
    "birth_date": "1990-05-17",
}
HIRE: dict[str, Any] = {
    "kind": "hire",
    "worker": WORKER,
    "first_day": "2026-11-02",
    "position": "Kế toán viên",
    "contract_kind": "INDEFINITE",
}
END = {"kind": "end", "worker": WORKER, "last_day": "2026-11-18", "end_reason_clause": 9}


@dataclass
class Desk:
    """The software of an enterprise for which nobody works yet."""

    party: Party

    @property
    def client(self) -> TestClient:
        return self.party.client

    def file(
        self, form: dict[str, Any], *, key: str | None = None, by: Headers | None = None
    ) -> httpx.Response:
        headers = (by or self.party.rival) | {"Idempotency-Key": key or str(uuid4())}
        answer: httpx.Response = self.client.post("/filings", json=form, headers=headers)
        return answer

    def filed(self, form: dict[str, Any], **by: Any) -> dict[str, Any]:
        answer = self.file(form, **by)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def get(self, path: str = "", by: Headers | None = None) -> Any:
        return self.client.get(f"/filings{path}", headers=by or self.party.rival)

    def send(self, content: bytes, by: Headers | None = None) -> httpx.Response:
        """Send a workbook in a form, and let it be recorded."""
        files = {"file": ("khai-bao.xlsx", content, XLSX)}
        sender = by or self.party.rival
        answer: httpx.Response = self.client.post("/filings/file", files=files, headers=sender)
        app = self.client.app
        assert isinstance(app, FastAPI)
        import_waiting(app, threading.Event())
        if answer.status_code == ACCEPTED:
            self.recorded(answer.json()["file_id"], by)
        return answer

    def recorded(self, file_id: str, by: Headers | None = None) -> None:
        """See to it that a workbook is recorded: by us, or beside the requests."""
        for _ in range(1_000):
            if self.get(f"/files/{file_id}", by).json()["state"] in {"done", "failed"}:
                return
        raise AssertionError("it is still being recorded")


@pytest.fixture
def desk(client: TestClient, office: Office) -> Desk:
    return Desk(party(client, office))


@pytest.fixture
def small(small_client: TestClient, small_office: Office) -> Desk:
    return Desk(party(small_client, small_office))


class TestFile:
    def test_gives_a_receipt_with_its_deadline(self, desk: Desk) -> None:
        made = desk.filed(HIRE)

        assert made["receipt_no"].startswith("KB-")
        assert (made["kind"], made["effective_on"]) == ("hire", "2026-11-02")
        assert (made["due_on"], made["days_late"]) == ("2026-12-02", 0)
        assert made["deadline_provenance"] == "unverified"
        assert people.personal_id(1) not in str(made)

    def test_puts_the_line_into_the_book(self, desk: Desk) -> None:
        desk.filed(HIRE)

        book = desk.client.get("/me/book", headers=desk.party.worker).json()["book"]

        line = next(
            each for each in book["employments"] if each.get("enterprise_code") == shares.RIVAL_CODE
        )
        assert (line["position"], line["assurance"]) == ("Kế toán viên", "EMPLOYER_DECLARED")
        (notice,) = [
            each
            for each in desk.client.get("/me/notices", headers=desk.party.worker).json()
            if each["kind"] == "filing.made"
        ]
        assert notice["facts"]["kind"] == "hire"

    def test_is_filed_once_under_a_key(self, desk: Desk) -> None:
        first = desk.filed(HIRE, key="may-tinh-01")

        again = desk.filed(HIRE, key="may-tinh-01")
        other = desk.file(END, key="may-tinh-01")

        assert again["filing_id"] == first["filing_id"]
        assert other.status_code == 409
        assert other.json()["type"] == "/problems/idempotency-key-reused"

    def test_needs_a_key(self, small: Desk) -> None:
        answer = small.client.post("/filings", json=HIRE, headers=small.party.rival)

        assert answer.status_code == 422
        assert "Idempotency-Key" not in answer.json()["detail"]

    def test_corrects_and_takes_back(self, desk: Desk) -> None:
        first = desk.filed(HIRE)
        desk.party.office.clock.now += timedelta(minutes=1)
        again = desk.filed(
            {name: HIRE[name] for name in HIRE if name != "worker"}
            | {"corrects": first["filing_id"], "position": "Thủ quỹ"}
        )
        desk.party.office.clock.now += timedelta(minutes=1)
        desk.filed({"kind": "cancel", "corrects": again["filing_id"]})

        kinds = [each["kind"] for each in desk.get().json()["filings"]]
        assert kinds == ["cancel", "hire", "hire"]
        assert desk.get(f"/{first['filing_id']}").json()["set_aside_by"] == again["filing_id"]

    @pytest.mark.parametrize(
        ("form", "status", "slug", "cause"),
        [
            (HIRE | {"position": None}, 422, "filing-faulty", "MISSING_VALUE"),
            (HIRE | {"first_day": "2026-12-24"}, 422, "filing-faulty", "FUTURE_DATE"),
            (END, 409, "filing-refused", "FILING_NO_JOB"),
            (HIRE | {"worker": WORKER | {"full_name": "A B"}}, 409, "filing-refused", None),
        ],
    )
    def test_is_refused_with_cause_and_what_to_do(
        self, small: Desk, form: dict[str, Any], status: int, slug: str, cause: str | None
    ) -> None:
        answer = small.file(form)

        body = answer.json()
        assert (answer.status_code, body["type"]) == (status, f"/problems/{slug}")
        assert body["cause"] == (cause or "FILING_NOBODY")
        assert body["what_to_do_vi"]
        assert people.personal_id(1) not in answer.text

    def test_of_nobody_is_limited(self, small: Desk) -> None:
        nobody = HIRE | {"worker": WORKER | {"personal_id": "001190999999"}}
        for _ in range(NOBODY.most):
            assert small.file(nobody).status_code == 409

        assert small.file(HIRE).status_code == 429

    def test_is_for_employers(self, small: Desk) -> None:
        everybody = small.party
        for by in (everybody.worker, everybody.official, everybody.machine):
            assert small.file(HIRE, by=by).status_code == 403

    def test_refuses_an_enterprise_that_is_gone(self, small: Desk) -> None:
        office = small.party.office
        shares.add_enterprise(office.inst.engine, "0101243150", "CLOSED", 3)
        by = office.token("employer", Role.EMPLOYER, enterprise="0101243150")

        answer = small.file(HIRE, by=by)

        assert answer.status_code == 409
        assert answer.json()["enterprise_status"] == "CLOSED"


class TestFilings:
    def test_are_the_own_alone(self, small: Desk) -> None:
        made = small.filed(HIRE)
        other = small.party.employer

        assert small.get(by=other).json() == {"filings": [], "next": None}
        assert small.get(f"/{made['filing_id']}", by=other).status_code == 404

    def test_do_not_tell_the_reason_for_leaving(self, small: Desk) -> None:
        small.filed(HIRE)
        small.filed(END)

        assert "reason" not in small.get().text


class TestWorkbook:
    def test_tells_of_every_row(self, desk: Desk, tmp_path: Path) -> None:
        rows = [ROW, ROW, {**ROW, "kind": "?"}]

        sent = desk.send(workbook(tmp_path / "f.xlsx", *rows).read_bytes())

        assert sent.status_code == 202
        assert sent.json()["state"] == "waiting"
        file_id = sent.json()["file_id"]
        found = desk.get(f"/files/{file_id}").json()
        assert (found["state"], found["run"]["rows_done"]) == ("done", 3)
        receipts = desk.get(f"/files/{file_id}/rows").json()
        assert [each["outcome"] for each in receipts] == ["created", "duplicate", "refused"]
        assert receipts[2]["remarks"][0]["what_to_do_vi"]
        assert [each["row"] for each in receipts] == [2, 3, 4]
        run_id = found["run"]["run_id"]
        (made,) = desk.get(f"?run_id={run_id}").json()["filings"]
        assert (made["row"], made["run_id"]) == (1, run_id)

    def test_gives_back_what_was_refused(self, small: Desk, tmp_path: Path) -> None:
        content = workbook(tmp_path / "f.xlsx", {**ROW, "kind": "?"}).read_bytes()
        file_id = small.send(content).json()["file_id"]

        answer = small.get(f"/files/{file_id}/refused")

        sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
        assert sheet.cell(2, 1).value == "?"

    def test_is_not_shown_to_others(self, small: Desk, tmp_path: Path) -> None:
        file_id = small.send(workbook(tmp_path / "f.xlsx", ROW).read_bytes()).json()["file_id"]

        for path in ("", "/rows", "/refused"):
            answer = small.get(f"/files/{file_id}{path}", by=small.party.employer)
            assert answer.status_code == 404
        assert small.get("/files", by=small.party.employer).json() == []

    @pytest.mark.parametrize("media_type", [XLSX, "application/octet-stream"])
    def test_comes_by_itself_too(self, small: Desk, tmp_path: Path, media_type: str) -> None:
        content = workbook(tmp_path / "f.xlsx", ROW).read_bytes()
        headers = small.party.rival | {"Content-Type": media_type}

        answer = small.client.post("/filings/file", content=content, headers=headers)

        assert answer.status_code == 202

    def test_refuses_other_media(self, small: Desk) -> None:
        headers = small.party.rival | {"Content-Type": "text/csv"}

        answer = small.client.post("/filings/file", content=b"a,b", headers=headers)

        assert answer.status_code == 415

    def test_has_a_template(self, small: Desk) -> None:
        answer = small.get("/template")

        assert answer.headers["content-type"] == XLSX
        assert load_workbook(BytesIO(answer.content)).sheetnames == ["Khai báo", "Danh mục"]
        assert small.get("/template", by=small.party.worker).status_code == 403
