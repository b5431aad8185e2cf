"""Coverage and reports on the desk: the same numbers everywhere, opened down to the records."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console

from labour_book.cli import coverage as command
from labour_book.services.access import Role
from labour_book.services.installation import Installation
from tests.api.conftest import Office
from tests.api.desk.conftest import Seat, Seating, words
from tests.services import coverage as c
from tests.services import people

COVERAGE, REPORTS = "/statistics/coverage", "/statistics/reports"
LABOUR_FORCE = {
    "measure": "labour_force",
    "day": "2026-01-01",
    "source": "Niên giám thống kê",
    "published_on": "2026-02-01",
}


def counted(office: Office) -> Installation:
    """Three people of one commune, counted for the end of a quarter."""
    c.count(office.inst, office.clock.now)
    return office.inst


@pytest.fixture
def desk(small_seat: Seating) -> Seat:
    found = small_seat(Role.STATISTICIAN, "BNV")
    counted(found.office)
    return found


class TestCoverage:
    def test_is_the_same_on_the_page_in_the_interface_and_on_the_command_line(
        self, desk: Seat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert "Chưa có: lực lượng lao động trong độ tuổi" in words(desk.see(COVERAGE))

        assert desk.send("/statistics/figures", code="VN", value="8", **LABOUR_FORCE).is_redirect
        token = desk.office.token("official", Role.STATISTICIAN, unit="BNV")
        answer = desk.client.get("/coverage", headers=token).json()
        said = on_command_line(desk.office, monkeypatch)
        page = words(desk.see(COVERAGE))

        social = answer["indicators"][0]
        assert (social["numerator"], social["denominator"], social["share"]) == (3, 8, 3750)
        assert "37,50 % 3 trên 8" in page
        assert "37,50 %" in said
        assert answer["round"]["sha256"] in said
        assert answer["round"]["sha256"][:16] in page

    def test_opens_to_its_definition_and_to_the_records(
        self, desk: Seat, small_seat: Seating
    ) -> None:
        commune = small_seat(Role.APPROVER, "UB-00070", "Lê Văn Minh")

        page = words(desk.see(f"{COVERAGE}/social_insurance"))
        assert "Tuổi lao động: đủ 15 tuổi đến hết tháng đủ tuổi nghỉ hưu" in page
        assert "NQ 125/NQ-CP (08/10/2018), I.4(c) đã đối chiếu văn bản" in page
        (way,) = re.findall(
            r'href="/desk([^"]*social_insurance/people[^"]*)"',
            commune.see(f"{COVERAGE}/social_insurance"),
        )
        rows = commune.see(way.replace("&amp;", "&"))
        assert rows.count('href="/desk/people/') == 3
        assert (
            desk.get(f"{COVERAGE}/social_insurance/people?code={people.COMMUNE}").status_code == 403
        )

    def test_takes_figures_from_a_file_and_says_what_is_wrong(self, desk: Seat) -> None:
        desk._sit()
        token = desk.client.get("/session").json()["form_token"]

        def send(text: str) -> int:
            return desk.client.post(
                "/desk/statistics/figures/file",
                data={"csrf": token} | LABOUR_FORCE,
                files={"file": ("a.csv", text.encode(), "text/csv")},
            ).status_code

        assert (send("VN,40\n01,30\n"), send("VN,x\n")) == (303, 422)
        assert "Niên giám thống kê" in desk.see("/statistics/figures?code=01")
        refused = desk.send("/statistics/figures", code="VN", value="0", **LABOUR_FORCE)
        assert "số nguyên lớn hơn 0" in words(refused.text)

    def test_is_measured_against_a_target_that_was_assigned(
        self, desk: Seat, small_seat: Seating
    ) -> None:
        minister = small_seat(Role.APPROVER, "BNV", "Trịnh Thị Bích")
        form = {"indicator": "social_insurance", "code": "01", "year": "2030"}

        sent = minister.send("/statistics/targets", share="55,5", document="QĐ 1/QĐ-BNV", **form)

        page = words(minister.see(sent.headers["location"].removeprefix("/desk")))
        assert "31/12/2030 55,50 % QĐ 1/QĐ-BNV được giao cho địa bàn" in page
        assert desk.send("/statistics/targets", share="1", document="x", **form).status_code == 403


class TestReports:
    def test_go_from_the_calendar_to_the_archive(self, desk: Seat, small_seat: Seating) -> None:
        minister = small_seat(Role.APPROVER, "BNV", "Trịnh Thị Bích")
        assert "Chưa soạn" in desk.see(REPORTS)

        place = desk.send(REPORTS, kind="asked", as_of="2026-09-30").headers["location"]
        report = place.removeprefix("/desk").partition("?")[0]
        desk.send(f"{report}/write", revision="0", said="Ổn định.")
        desk.send(f"{report}/send", revision="1")
        assert desk.send(f"{report}/approve", revision="2").status_code == 403
        assert minister.send(f"{report}/approve", revision="1").status_code == 409
        minister.send(f"{report}/approve", revision="2")  # lays out a PDF: that takes seconds

        page = minister.see(report)
        assert "Đã lưu trữ" in page
        assert "Số: 01/BC-BNV" in page
        kept = desk.get(f"{report}/files/pdf")
        assert kept.content.startswith(b"%PDF-1.7")
        assert kept.headers["content-disposition"].endswith('"01-BC-BNV-2026-09-30.pdf"')
        assert desk.get(f"{report}/files/doc").status_code == 422
        token = desk.office.token("official", Role.STATISTICIAN, unit="BNV")
        states = {each["state"] for each in desk.client.get("/reports", headers=token).json()}
        assert states == {"archived", "not_begun"}


def on_command_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> str:
    heard = io.StringIO()

    @contextmanager
    def opened() -> Iterator[Installation]:
        yield office.inst

    monkeypatch.setattr(command, "opened", opened)
    monkeypatch.setattr(command, "now", lambda: office.clock.now)
    monkeypatch.setattr(command, "OUT", Console(file=heard, width=200, highlight=False))
    command.show()
    return heard.getvalue()
