"""Supervision: numbers of units, samples, the trace, and lists that leave with a purpose."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from labour_book.services.access import Role
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import deed
from tests.api.conftest import Office
from tests.api.desk import cases
from tests.api.desk.conftest import Seat, Seating, words
from tests.api.desk.test_queue import again
from tests.services import people, shares

COMMUNE = "UB-00070"
PURPOSE = "Kiểm tra định kỳ"
ASKED = {"purpose": PURPOSE}


@pytest.fixture
def commune(small_seat: Seating) -> Seat:
    desk = small_seat(Role.APPROVER, COMMUNE)
    desk.office.issue(desk.office.people[0])
    return desk


@pytest.fixture
def auditor(small_seat: Seating) -> Seat:
    return small_seat(Role.AUDITOR, "BNV", "Phạm Kiểm")


def details(office: Office, action: str) -> list[dict[str, Any]]:
    return [json.loads(row["detail"]) for row in shares.traces(office.inst, action)]


class TestNumbers:
    def test_show_how_cases_age_and_how_units_decide(self, seat: Seating) -> None:
        desk = seat(Role.APPROVER, COMMUNE)
        desk.office.issue(desk.office.people[0])
        waiting, decided = cases.handed_in(desk.office), cases.handed_in(desk.office)
        sent = {"outcome": "refused", "reason_code": "NOT_PROVEN", "key": "k"}
        desk.send(f"/cases/{decided.line.case_id}/decide", **sent)
        desk.office.clock.now += timedelta(days=10)

        text = words(again(desk).see("/oversight"))

        assert "Quá hạn" in text
        assert waiting.line.number in text
        assert "UB-00070 1 0 0 1 1 (100%) 0 0 –" in text

    def test_of_other_units_are_not_shown(self, commune: Seat, small_seat: Seating) -> None:
        file = cases.handed_in(commune.office)
        commune.send(
            f"/cases/{file.line.case_id}/decide",
            outcome="refused",
            reason_code="NOT_PROVEN",
            key="k",
        )

        text = small_seat(Role.APPROVER, "UB-26734").see("/oversight")

        assert "Chưa có quyết định nào" in text
        assert COMMUNE not in text

    def test_are_for_a_span_of_at_most_a_year(self, commune: Seat) -> None:
        assert commune.get("/oversight?first=2020-01-01&last=2026-01-01").status_code == 422
        assert commune.get("/oversight?first=x").status_code == 422

    def test_are_for_a_statistician_without_the_cases(
        self, commune: Seat, small_seat: Seating
    ) -> None:
        file = cases.handed_in(commune.office)
        commune.office.clock.now += timedelta(days=10)

        text = small_seat(Role.STATISTICIAN).see("/oversight")

        assert "UB-00070" in text
        assert file.line.number not in text

    def test_are_not_for_a_collector(self, small_seat: Seating) -> None:
        assert small_seat(Role.COLLECTOR, COMMUNE).get("/oversight/samples").status_code == 403

    def test_of_samples_say_that_there_are_none(self, small_seat: Seating) -> None:
        assert "Chưa có quyết định nào được rút" in small_seat(Role.INSPECTOR).see(
            "/oversight/samples"
        )


class TestTrace:
    def test_shows_who_looked_at_a_person_and_is_traced_itself(self, seat: Seating) -> None:
        desk = seat(Role.COLLECTOR, COMMUNE)
        desk.send(f"/people/{desk.office.people[0]}", stated="Giải quyết chế độ")
        desk.send(f"/people/{desk.office.people[1]}", stated="Việc khác")
        auditor = seat(Role.AUDITOR, "BNV", "Phạm Kiểm")

        answer = auditor.send("/oversight/trace", **ASKED, number=people.personal_id(1))

        assert "Trần Văn Cán (UB-00070)" in answer.text
        assert "Giải quyết chế độ" in answer.text
        assert "Việc khác" not in answer.text
        assert people.personal_id(1) not in answer.text
        (row,) = shares.traces(auditor.office.inst, "trace.read")
        assert (row["purpose"], row["person_id"] is None) == (PURPOSE, False)

    def test_is_filtered_by_deed_outcome_account_and_days(
        self, auditor: Seat, commune: Seat
    ) -> None:
        commune.send(f"/people/{commune.office.people[0]}", stated="Một việc")
        other = {"actor": commune.caller.id}

        for form, count in (
            ({"action": "book.open"} | other, 1),
            ({"action": "case.queue"} | other, 1),
            ({"action": "book.print"} | other, 0),
            ({"outcome": "refused"} | other, 0),
            ({"last": "2026-11-19"} | other, 0),
            ({"first": "2026-11-20", "last": "2026-11-20"} | other, 2),
        ):
            text = auditor.send("/oversight/trace", **ASKED, **form).text
            assert words(text).count("Một việc") == count, form

    def test_pages_by_number_and_traces_each_page(
        self, auditor: Seat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("labour_book.services.trace_reading.PAGE", 2)
        for each in range(3):
            _look(auditor.office, f"việc {each}")

        first = auditor.send("/oversight/trace", **ASKED, action="book.open").text
        second = auditor.send(
            "/oversight/trace", **ASKED, action="book.open", before=_before(first)
        ).text

        assert ("việc 2" in first, "việc 0" in first) == (True, False)
        assert ("việc 0" in second, "Trang sau" in second) == (True, False)
        assert [each["rows"] for each in details(auditor.office, "trace.read")] == [2, 1]

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({}, "Hãy nêu mục đích"),
            (ASKED | {"number": "12"}, "Số không đúng dạng"),
            (ASKED | {"first": "2020-01-01"}, "tối đa một năm"),
        ],
    )
    def test_says_what_is_missing(self, auditor: Seat, form: dict[str, str], said: str) -> None:
        answer = auditor.send("/oversight/trace", **form)

        assert answer.status_code == 422
        assert said in answer.text
        assert details(auditor.office, "trace.read") == []

    def test_of_another_units_people_is_not_found(self, small_seat: Seating) -> None:
        elsewhere = small_seat(Role.AUDITOR, "SNV-79")
        _look(elsewhere.office, "việc của nơi khác")

        answer = elsewhere.send("/oversight/trace", **ASKED, number=people.personal_id(1))

        assert answer.status_code == 404
        assert "việc của nơi khác" not in elsewhere.send("/oversight/trace", **ASKED).text

    @pytest.mark.parametrize("role", [Role.APPROVER, Role.INSPECTOR, Role.STATISTICIAN])
    def test_is_for_auditors_alone(self, small_seat: Seating, role: Role) -> None:
        desk = small_seat(role)

        assert "Chỉ kiểm toán" in desk.see("/oversight/trace")
        assert desk.send("/oversight/trace", **ASKED).status_code == 403


class TestExport:
    def test_is_for_a_purpose_and_traced_with_its_length(self, commune: Seat) -> None:
        cases.handed_in(commune.office)

        answer = commune.send("/oversight/export", name="ageing", form="xlsx", **ASKED)

        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        text = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        assert f"Mục đích / Purpose: {PURPOSE}" in text
        assert "ageing-20261120.xlsx" in answer.headers["content-disposition"]
        (detail,) = details(commune.office, "list.export")
        assert detail == {"form": "xlsx", "list": "ageing", "rows": 1}

    def test_is_refused_without_a_purpose(self, commune: Seat) -> None:
        answer = commune.send("/oversight/export", name="ageing", form="csv", purpose=" ")

        assert answer.status_code == 422
        assert details(commune.office, "list.export") == []

    def test_never_holds_a_formula(self, auditor: Seat) -> None:
        _look(auditor.office, "=HYPERLINK(1)")

        answer = auditor.send("/oversight/export", name="trace", form="csv", **ASKED)

        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert [cell for row in rows for cell in row if "HYPER" in cell] == ["'=HYPERLINK(1)"]

    @pytest.mark.parametrize("name", ["overdue", "quality"])
    def test_gives_each_list_of_the_page(self, commune: Seat, name: str) -> None:
        answer = commune.send("/oversight/export", name=name, form="csv", **ASKED)

        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/csv")

    def test_knows_no_other_list(self, commune: Seat) -> None:
        assert commune.send("/oversight/export", name="x", form="csv", **ASKED).status_code == 422

    def test_is_not_for_a_collector(self, small_seat: Seating) -> None:
        desk = small_seat(Role.COLLECTOR, COMMUNE)

        answer = desk.send("/oversight/export", name="ageing", form="csv", **ASKED)

        assert answer.status_code == 403


def _look(office: Office, purpose: str) -> None:
    who = Caller("machine", "m-1", "Máy", Role.READER)
    with deed(office.inst.engine) as db:
        trace(
            db,
            who,
            Action.BOOK_OPEN,
            at=office.clock.now,
            purpose=purpose,
            person_id=office.people[0],
        )


def _before(text: str) -> str:
    return text.partition('name="before" value="')[2].partition('"')[0]
