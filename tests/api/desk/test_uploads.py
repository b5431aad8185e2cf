"""Workbooks on the web: sent, followed without script, told row by row, mended and sent again."""

import re
import threading
from typing import Any

import httpx
import pytest

from api.import_worker import import_waiting
from labour_book.database import reading
from labour_book.queries import received_files
from labour_book.services import access, uploading
from labour_book.services.access import Role
from tests.api.conftest import Office
from tests.api.desk.conftest import HTML, Seat, Seating, words
from tests.services.test_uploading import workbook

COMMUNE = "UB-00070"
PATIENCE = 400
ALL: dict[str, Any] = {"before": None, "limit": 99}


def sent(seat: Seat, content: bytes | None = None, name: str = "form03.xlsx") -> httpx.Response:
    seat.see("/uploads")
    token = seat.client.get("/session").json()["form_token"]
    return seat.client.post(
        "/desk/uploads",
        data={"csrf": token, "kind": "form03"},
        files={"file": (name, workbook() if content is None else content)},
        headers=HTML,
    )


def imported(seat: Seat, unit: str = COMMUNE) -> None:
    """Wait until no file of a unit is open; the application itself may be at one of them."""
    waited = threading.Event()
    for _ in range(PATIENCE):
        import_waiting(seat.client.app, threading.Event())  # type: ignore[arg-type]  # a FastAPI
        with reading(seat.office.inst.engine) as db:
            states = {each.state for each in received_files.files_of(db, [unit], **ALL)}
        if not states & {"waiting", "running"}:
            return
        waited.wait(0.05)
    raise AssertionError("a file is still open")


@pytest.fixture
def collector(seat: Seating) -> Seat:
    return seat(Role.COLLECTOR, COMMUNE)


@pytest.fixture
def small(small_seat: Seating) -> Seat:
    return small_seat(Role.COLLECTOR, COMMUNE)


class TestUploads:
    def test_take_a_workbook_and_tell_what_became_of_each_row(self, collector: Seat) -> None:
        answer = sent(collector)
        assert answer.status_code == 303
        place = answer.headers["location"].removeprefix("/desk")
        imported(collector)

        text = collector.see(place)
        said = words(text)

        assert "Đã xong" in said
        assert "Ngày không có thật" in said or "BAD_DATE" in text
        assert "http-equiv" not in text
        assert "001191000111" not in text

    def test_come_again_by_themselves_while_the_file_is_open(self, small: Seat) -> None:
        office, now = small.office, small.office.clock.now
        with access.deed(office.inst.engine) as db:
            file_id = uploading.receive(
                db,
                office.inst,
                small.caller,
                kind="form03",
                file_name="a.xlsx",
                content=b"x",
                now=now,
            )
            file = received_files.file_by_id(db, file_id)
            assert file is not None
            assert received_files.take_file(db, file, now)

        assert '<meta http-equiv="refresh" content="3">' in small.see(f"/uploads/{file_id}")

    def test_give_the_refused_rows_back_as_a_file(self, collector: Seat) -> None:
        place = sent(collector).headers["location"].partition("?")[0]
        imported(collector)

        answer = collector.get(place.removeprefix("/desk") + "/refused")

        assert answer.headers["content-disposition"].endswith('.xlsx"')
        assert answer.content.startswith(b"PK")
        again = sent(collector, answer.content)
        imported(collector)
        said = words(collector.see(again.headers["location"].removeprefix("/desk")))
        assert "1 dòng đã đọc" in said

    def test_filter_rows_by_outcome_and_cause(self, small: Seat) -> None:
        place = sent(small).headers["location"].partition("?")[0].removeprefix("/desk")
        imported(small)

        refused = small.see(f"{place}?outcome=refused&cause=BAD_DATE")
        none = small.see(f"{place}?outcome=duplicate")

        assert len(re.findall(r'<tr class="late">', refused)) == 1
        assert "Không có dòng nào như vậy" in none

    def test_say_why_a_file_cannot_be_read(self, small: Seat) -> None:
        place = sent(small, b"no workbook").headers["location"].removeprefix("/desk")
        imported(small)

        assert "Không đọc được tệp." in words(small.see(place))

    def test_are_not_shown_to_units_elsewhere(self, small: Seat, small_seat: Seating) -> None:
        place = sent(small).headers["location"].partition("?")[0].removeprefix("/desk")
        elsewhere = small_seat(Role.COLLECTOR, "UB-26734")

        assert elsewhere.get(place).status_code == 404
        assert elsewhere.get(f"{place}/refused").status_code == 404

    def test_are_sent_by_those_who_collect(self, small_seat: Seating) -> None:
        auditor = small_seat(Role.AUDITOR, COMMUNE)

        assert sent(auditor).status_code == 403
        assert 'type="file"' not in auditor.see("/uploads")

    def test_need_a_form_of_ours(self, small: Seat) -> None:
        answer = small.client.post(
            "/desk/uploads",
            data={"csrf": "x", "kind": "form03"},
            files={"file": ("a.xlsx", b"x")},
            headers=HTML,
        )

        assert answer.status_code in {303, 403}


class TestJson:
    def test_sends_a_file_and_follows_it(self, office: Office, collector: Seat) -> None:
        headers = office.token("official", Role.COLLECTOR, unit=COMMUNE)
        client = collector.client
        answer = client.post(
            "/imports",
            headers=headers,
            data={"kind": "form03"},
            files={"file": ("x.xlsx", workbook())},
        )
        imported(collector)
        file_id = answer.json()["file_id"]

        found = client.get(f"/imports/files/{file_id}", headers=headers).json()
        rows = client.get(f"/imports/files/{file_id}/rows?outcome=refused", headers=headers).json()
        listed = client.get("/imports/files", headers=headers).json()

        assert answer.status_code == 202
        assert answer.json()["state"] == "waiting"
        assert found["state"] == "done"
        assert found["run"]["rows"] == {"created": 2, "refused": 1}
        assert rows[0]["told"][0]["cause"] == "BAD_DATE"
        assert [each["file_id"] for each in listed] == [file_id]

    def test_is_refused_to_whom_it_is_not_for(
        self, office: Office, collector: Seat, worker: dict[str, str]
    ) -> None:
        client, files = collector.client, {"file": ("x.xlsx", workbook())}
        data = {"kind": "form03"}

        refused = client.post("/imports", headers=worker, data=data, files=files)
        wrong = client.post(
            "/imports",
            headers=office.token("official", Role.COLLECTOR, unit=COMMUNE),
            data={"kind": "population"},
            files=files,
        )

        assert refused.status_code == 403
        assert wrong.status_code == 422
        assert wrong.json()["cause"] == "KIND_NOT_YOURS"
        assert client.get("/imports/files", headers=worker).status_code == 403
