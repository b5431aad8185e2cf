"""What VssID shows beside the book, without a window."""

from dataclasses import replace

import pytest

from app.answers import MonthBeside, Vssid
from app.guide import given_of
from app.texts import Say
from app.views.insurance import insurance_view
from app.views.vssid import Run, report_at, runs_of, vssid_view
from tests.app.reading import is_said, names, nowhere, texts
from tests.app.samples import BOOK, NOW, OFFICE, SEWING
from tests.app.views import lead, nothing

VI, EN = Say("vi"), Say("en")


def month(of: str, book: str, vssid: str) -> MonthBeside:
    code = OFFICE.enterprise_code or ""
    return MonthBeside(of, code, OFFICE.employer, book, vssid, book == vssid)


MONTHS = (
    month("2026-03", "arrears", "contributed"),
    month("2026-02", "arrears", "contributed"),
    month("2025-12", "contributed", "contributed"),
    month("2025-01", "contributed", "none"),
)
TOLD = Vssid("2026-09", 3, MONTHS, None, NOW, is_whole=True)


class TestVssidView:
    def test_shows_runs_of_months_that_differ_with_both_values_the_newest_first(self) -> None:
        view = vssid_view(VI, TOLD, BOOK, lead)

        assert [each.spread for each in runs_of(MONTHS)] == ["2026-02/2026-03", "2025-01/2025-01"]
        assert is_said(view, "3 tháng không khớp", "02/2026 - 03/2026", "01/2025")
        assert is_said(view, "Nơi làm còn nợ, chưa đóng", "Đã đóng", "Không có tháng này")
        assert nowhere(view, ["12/2025"])

    def test_says_how_old_the_answer_is(self) -> None:
        assert is_said(vssid_view(VI, TOLD, BOOK, lead), "15:30, 20/11/2026", "09/2026")

    def test_says_why_there_is_no_answer_and_calls_nothing_different(self) -> None:
        for cause, why in (("TIMEOUT", "không trả lời kịp"), ("NEW", "chưa phục vụ được")):
            told = Vssid(None, 0, (), cause, None, is_whole=True)
            view = vssid_view(VI, told, BOOK, lead)

            assert is_said(view, "Chưa hỏi được VssID", why, "Sổ của bạn không bị ảnh hưởng")
            assert nowhere(view, [cause, "không khớp", "Khớp nhau"])

    def test_calls_a_number_that_vssid_does_not_know_no_failure(self) -> None:
        view = vssid_view(VI, Vssid(None, 0, (), "NOT_FOUND", None, is_whole=True), BOOK, lead)

        assert is_said(view, "VssID chưa có dữ liệu về bạn", "chưa từng đóng")
        assert nowhere(view, ["Chưa hỏi được", "NOT_FOUND"])

    def test_tells_a_part_and_nothing_apart_from_the_same(self) -> None:
        part = vssid_view(VI, replace(TOLD, is_whole=False), BOOK, lead)
        none = vssid_view(VI, replace(TOLD, is_whole=False, months=()), BOOK, lead)
        alike = vssid_view(VI, replace(TOLD, months=MONTHS[2:3]), BOOK, lead)

        assert {"vssid-part", "vssid-nothing", "vssid-alike"} & names(part) == {"vssid-part"}
        assert {"vssid-nothing", "vssid-alike"} & names(none) == {"vssid-nothing"}
        assert "vssid-alike" in names(alike)

    @pytest.mark.parametrize("say", [VI, EN])
    def test_has_a_report_for_each_difference_in_both_languages(self, say: Say) -> None:
        view = vssid_view(say, TOLD, BOOK, lead)

        assert {"report-0100109106-2026-02", "report-0100109106-2025-01"} <= names(view)
        assert all("{" not in each for each in texts(view))


class TestReport:
    def test_leads_to_the_line_filled_in_as_vssid_has_it(self) -> None:
        run, missing = runs_of(MONTHS)

        assert report_at(BOOK, run) == "/correct/insurance/2/2026-02/2026-03/contributed"
        assert report_at(BOOK, missing) == "/correct/insurance/2/2025-01/2025-01/-"

    def test_is_about_the_line_that_had_begun_where_there_are_several_at_one_employer(self) -> None:
        again = replace(OFFICE, no=3, first_day="2026-03-01")
        book = replace(BOOK, employments=(SEWING, OFFICE, again))
        later = Run("2026-04", "2026-04", month("2026-04", "none", "contributed"))

        assert report_at(book, runs_of(MONTHS)[0]).startswith("/correct/insurance/2/")
        assert report_at(book, later).startswith("/correct/insurance/3/")

    def test_is_about_a_missing_job_where_the_book_has_none_there(self) -> None:
        elsewhere = replace(MONTHS[0], employer_code="0316000001", employer="CÔNG TY KHÁC")
        run = Run("2026-03", "2026-03", elsewhere)

        assert report_at(BOOK, run) == "/correct/missing-job/0"
        assert is_said(
            vssid_view(VI, replace(TOLD, months=(elsewhere,)), BOOK, lead), "báo việc còn thiếu"
        )

    def test_begins_the_form_with_what_can_be_said_there(self) -> None:
        address = {"first": "2026-02", "last": "2026-03", "status": "contributed"}

        assert given_of(address) == {
            "first_month": "02/2026",
            "last_month": "03/2026",
            "status": "contributed",
        }
        assert "status" not in given_of(address | {"status": "credited_duration_only"})
        assert given_of({"subject": "insurance", "no": "1"}) == {}


def test_is_asked_from_the_own_insurance_alone() -> None:
    assert "go-vssid" in names(insurance_view(VI, BOOK, nothing))
    assert "go-vssid" not in names(insurance_view(VI, BOOK))
