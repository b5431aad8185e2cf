"""The pages of quality: numbers that are the same everywhere, findings, warnings, rules."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console

from labour_book.cli import checks as command
from labour_book.services.access import Role
from labour_book.services.installation import Installation
from labour_book.tables import CheckFinding, CheckReview, InsuranceFact
from tests.api.conftest import Office
from tests.api.desk.conftest import Seat, Seating, words
from tests.services import checks, people, shares
from tests.services.people import EMPLOYER_CODE, person_id

COMMUNE, ELSEWHERE = "UB-00070", "UB-26734"
WARNING = "HEADCOUNT_JUMP"


def measured(office: Office) -> Office:
    """Run a round over three people; the first has a contract and no contributions."""
    values = {"voided_at": people.RECORDED, "voided_by": "test", "void_reason": "wrong"}
    checks.change(office.inst, InsuranceFact, 1, 5, **values)
    checks.run(office.inst, office.clock.now)
    return office


@pytest.fixture
def desk(small_seat: Seating) -> Seat:
    found = small_seat(Role.APPROVER, COMMUNE)
    measured(found.office)
    return found


class TestNumbers:
    def test_are_the_same_on_the_page_in_the_interface_and_on_the_command_line(
        self, seat: Seating, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk = seat(Role.STATISTICIAN, "BNV")
        measured(desk.office)
        token = desk.office.token("official", Role.STATISTICIAN, unit="BNV")

        answer = desk.client.get("/quality", params={"code": "SNV-01"}, headers=token).json()
        page = words(desk.see("/quality?code=SNV-01"))
        said = on_command_line(desk.office.inst, monkeypatch, "SNV-01")

        assert [each["shown"] for each in answer["now"]["numbers"]] == [
            "100,0 % (3/3)",
            "0,0 % (0/3)",
            "66,7 % (2/3)",
            "7,0 ngày (3/3)",
        ]
        for each in answer["now"]["numbers"]:
            number = each["shown"].partition(" (")[0]
            part, whole = each["numerator"], each["denominator"]
            assert f"{number} {part} / {whole} người" in page
            assert each["shown"] in said

    def test_are_drawn_with_their_history_in_a_table_beside(self, desk: Seat) -> None:
        text = desk.see("/quality")

        assert text.count("<svg ") >= 2
        assert text.count('role="img"') >= 2
        assert "20/11/2026" in words(text)

    def test_open_the_lists_that_would_raise_them(self, desk: Seat) -> None:
        text = desk.see("/quality")
        links = set(re.findall(r'href="(/desk/quality/[^"?]+\?word=\w+)"', text))

        assert len(links) == 3
        lists = [words(desk.see(link.removeprefix("/desk"))) for link in sorted(links)]
        assert "Trình độ giáo dục phổ thông" in lists[1]
        assert "Nguyễn" not in "".join(lists).replace(desk.caller.name, "")
        assert shares.traces(desk.office.inst, "findings.read")

    def test_of_others_are_not_there_to_be_seen(self, desk: Seat, small_seat: Seating) -> None:
        assert desk.get("/quality?code=BNV").status_code == 404
        assert desk.get("/quality?scope=commune&code=26734").status_code == 404
        assert desk.get(f"/quality?scope=employer&code={EMPLOYER_CODE}").status_code == 404
        assert desk.get("/quality?scope=planet&code=3").status_code == 422
        assert small_seat(Role.APPROVER, "BNV").get("/quality").status_code == 200

    def test_show_a_statistician_no_way_to_a_person(self, small_seat: Seating) -> None:
        numbers = small_seat(Role.STATISTICIAN, "BNV")
        measured(numbers.office)

        assert "/desk/quality/people" not in numbers.see("/quality")
        assert numbers.get("/quality/people?word=right").status_code == 403
        assert numbers.get("/quality/findings").status_code == 403

    def test_say_that_nothing_was_measured_yet(self, small_seat: Seating) -> None:
        desk = small_seat(Role.APPROVER, COMMUNE)

        assert "Chưa có vòng kiểm tra nào đo phạm vi này" in desk.see("/quality")

    def test_of_a_few_people_are_not_told_to_machines(self, desk: Seat) -> None:
        token = desk.office.token("machine", Role.READER)

        answer = desk.client.get("/quality", headers=token)

        assert answer.status_code == 404
        assert answer.json()["type"].endswith("quality-not-measured")


def on_command_line(inst: Installation, monkeypatch: pytest.MonkeyPatch, code: str) -> str:
    heard = io.StringIO()

    @contextmanager
    def opened() -> Iterator[Installation]:
        yield inst

    monkeypatch.setattr(command, "opened", opened)
    monkeypatch.setattr(command, "now", lambda: checks.STATED)
    monkeypatch.setattr(command, "OUT", Console(file=heard, width=200, highlight=False))
    command.told(code=code)
    return heard.getvalue()


class TestFindings:
    def test_are_counted_by_rule_and_each_opens_its_book(self, desk: Seat) -> None:
        text = desk.see("/quality/findings?rule=CONTRACT_WITHOUT_CONTRIBUTIONS")

        assert "có hợp đồng từ 03/2021 nhưng không có tháng đóng nào" in words(text)
        assert f'href="/desk/people/{person_id(1)}"' in text
        assert "Có hợp đồng, không đóng BHXH" in words(desk.see("/quality/findings"))
        assert "CONTRACT_WITHOUT" not in words(text)
        assert 'name="state" value="handled"' in text

    def test_are_seen_by_the_units_of_the_place_alone(
        self, desk: Seat, small_seat: Seating
    ) -> None:
        other = small_seat(Role.APPROVER, ELSEWHERE)
        (row, *_) = checks.rows(desk.office.inst, CheckFinding)

        assert "Không có điểm nào" in other.see("/quality/findings")
        sent = other.send(f"/quality/findings/{row['id']}", state="ignored", reason="x")
        assert sent.status_code == 404

    def test_are_settled_once_with_a_reason(self, desk: Seat) -> None:
        (row, *_) = checks.rows(desk.office.inst, CheckFinding)
        path = f"/quality/findings/{row['id']}"

        assert desk.send(path, state="ignored", reason=" ").status_code == 422
        assert desk.send(path, state="gone", reason="x").status_code == 422
        assert desk.send(path, state="ignored", reason="Hợp đồng cũ").status_code == 303
        assert desk.send(path, state="handled", reason="x").status_code == 409

        listed = desk.see(f"/quality/findings?rule={row['rule']}&state=ignored")
        assert "Hợp đồng cũ" in listed
        assert shares.traces(desk.office.inst, "finding.settle")[0]["person_id"] is not None

    def test_show_an_enterprise_with_its_headcounts(self, small_seat: Seating) -> None:
        ministry = small_seat(Role.INSPECTOR, "BNV")
        measured(ministry.office)

        text = words(ministry.see(f"/quality/firms/{EMPLOYER_CODE}"))

        assert "Đang đóng BHXH 2" in text
        assert "Trong đó chưa đóng BHXH 1" in text
        assert "10/2026 2" in text
        assert ministry.get("/quality/firms/0000000000").status_code == 404


class TestWarnings:
    def test_tell_the_numbers_and_are_judged_once(self, desk: Seat) -> None:
        warning = checks.add_finding(desk.office.inst, 1, WARNING)

        text = words(desk.see("/quality/warnings"))
        first = desk.send(f"/quality/warnings/{warning}", useful="no", reason="Mùa vụ")
        again = desk.send(f"/quality/warnings/{warning}", useful="yes", reason="x")

        assert "Tháng 09/2026: số người đóng BHXH đổi +25 người (20 → 45)" in text
        assert "cách 16,9 lần độ lệch, ngưỡng 3,5" in text
        assert (first.status_code, again.status_code) == (303, 409)
        (review,) = checks.rows(desk.office.inst, CheckReview)
        assert (review["useful"], review["reason"], review["threshold"]) == (False, "Mùa vụ", 35)
        assert "Không có cảnh báo nào" in desk.see("/quality/warnings")

    def test_about_officials_are_for_those_above_and_never_for_themselves(
        self, desk: Seat, small_seat: Seating
    ) -> None:
        inspector, auditor = (small_seat(role, "SNV-01") for role in (Role.INSPECTOR, Role.AUDITOR))
        about = {
            "subject_kind": "official",
            "commune_code": None,
            "detail": json.dumps(
                {"quick": 20, "decided": 30, "seconds": 60, "share": 67, "threshold": "30"}
            ),
        }
        clerk = about | {"subject": desk.caller.id, "unit_code": COMMUNE}
        own = about | {"subject": inspector.caller.id, "unit_code": "SNV-01"}
        first = checks.add_finding(desk.office.inst, 1, "DECISIONS_TOO_QUICK", **clerk)
        second = checks.add_finding(desk.office.inst, 2, "DECISIONS_TOO_QUICK", **own)

        assert "20 trong 30" not in desk.see("/quality/warnings")
        assert desk.send(f"/quality/warnings/{first}", useful="no", reason="x").status_code == 404
        assert inspector.see("/quality/warnings").count("20 trong 30") == 1
        assert auditor.see("/quality/warnings").count("20 trong 30") == 2
        sent = inspector.send(f"/quality/warnings/{second}", useful="no", reason="x")
        assert sent.status_code == 404

    def test_take_no_finding_of_another_kind(self, desk: Seat) -> None:
        (row, *_) = checks.rows(desk.office.inst, CheckFinding)

        sent = desk.send(f"/quality/warnings/{row['id']}", useful="yes", reason="x")

        assert sent.status_code == 404


class TestRules:
    def test_show_hit_rates_and_let_an_administrator_accept(
        self, desk: Seat, small_seat: Seating
    ) -> None:
        for number in range(10):
            warning = checks.add_finding(desk.office.inst, number, WARNING)
            desk.send(f"/quality/warnings/{warning}", useful="no", reason="x")
        admin = small_seat(Role.ADMIN, "BNV")

        text = admin.see("/quality/rules")
        sent = admin.send(f"/quality/rules/{WARNING}", value="40")

        assert "0 / 10 (0 %)" in words(text)
        assert "Đổi thành 4" in words(text)
        assert sent.status_code == 303
        assert admin.send(f"/quality/rules/{WARNING}", value="40").status_code == 409
        assert desk.send(f"/quality/rules/{WARNING}", value="45").status_code == 403

    def test_show_no_code_but_words(self, desk: Seat) -> None:
        text = words(desk.see("/quality/rules"))

        assert not re.findall(r"\b[A-Z]+_[A-Z_]+\b", text)
