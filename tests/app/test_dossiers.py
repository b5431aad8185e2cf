"""Dossiers at the service portal, without a window."""

from dataclasses import replace
from datetime import date

import pytest

from app.answers import Dossier
from app.inbox import in_words, leads_to
from app.texts import Say
from app.views.dossiers import FIELDS, dossiers_view
from app.views.new_dossier import filled_in, said_of
from app.views.rights import rights_view
from labour_book.services.portal_dossiers import PROCEDURES
from tests.app.cv_samples import RIGHTS
from tests.app.reading import is_said, names, nowhere, texts
from tests.app.samples import BOOK, NOW, OFFICE, SEWING, notice
from tests.app.views import DEEDS, lead

VI, EN = Say("vi"), Say("en")
ADDRESS = "https://dichvucong.example.vn/DVC-1"
HANDED = Dossier("SLD-1", "unemployment-benefit.apply", "handed-over", NOW, ADDRESS, None)
GRANTED = Dossier("SLD-2", "qualification.recognise", "granted", NOW, None, date(2026, 11, 21))
BEGUN = Dossier("SLD-3", "qualification.recognise", "begun", NOW, None, None)


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which addresses would be opened; to open one needs a window."""
    found: list[str] = []
    monkeypatch.setattr("app.views.dossiers.ft.OpenUrl", found.append)
    return found


OF_MISSING_MONTHS = {"contribution.complain", "voluntary-insurance.register"}
"""Begun from the months themselves, by a form of their own."""


class TestDossiersView:
    def test_leads_on_to_the_portal_from_what_was_handed_over(self, opened: list[str]) -> None:
        view = dossiers_view(VI, [HANDED], DEEDS, lead)

        assert opened == [ADDRESS]
        assert "open-SLD-1" in names(view)
        assert is_said(view, "Đề nghị hưởng trợ cấp thất nghiệp", "Đã chuyển", "SLD-1")

    def test_shows_a_result_that_came_back_and_offers_nothing_more(self) -> None:
        view = dossiers_view(VI, [GRANTED], DEEDS, lead)

        assert is_said(view, "Đã được chấp thuận", "21/11/2026")
        assert {"open-SLD-2", "again-SLD-2"} & names(view) == set()

    def test_offers_to_hand_over_again_what_the_portal_did_not_take(self) -> None:
        assert "again-SLD-3" in names(dossiers_view(VI, [BEGUN], DEEDS, lead))

    @pytest.mark.parametrize("say", [VI, EN])
    def test_is_no_empty_screen_without_any(self, say: Say) -> None:
        view = dossiers_view(say, [], DEEDS, lead)

        assert {"new-unemployment-benefit.apply", "new-qualification.recognise"} <= names(view)
        assert nowhere(view, ["unemployment-benefit", "qualification.recognise", "{"])
        assert all(each.strip() for each in texts(view) if each)


class TestNewDossier:
    def test_asks_for_what_the_interface_takes(self) -> None:
        assert {name: set(fields) for name, fields in FIELDS.items()} == {
            name: set(fields)
            for name, fields in PROCEDURES.items()
            if name not in OF_MISSING_MONTHS
        }

    def test_is_filled_in_with_the_job_that_ended_last(self) -> None:
        later = replace(OFFICE, last_day="2026-09-30")

        known = filled_in("unemployment-benefit.apply", replace(BOOK, employments=(later, SEWING)))

        assert known == {"employer": OFFICE.employer, "last_day": "30/09/2026"}
        assert said_of("unemployment-benefit.apply", known) == {
            "employer": OFFICE.employer,
            "last_day": "2026-09-30",
            "receive_at": "",
        }

    def test_is_left_to_its_person_where_no_job_has_ended(self) -> None:
        book = replace(BOOK, employments=(OFFICE,))

        assert filled_in("unemployment-benefit.apply", book) == {}


def test_a_right_that_is_applied_for_at_the_portal_leads_there() -> None:
    found = names(rights_view(VI, RIGHTS, lead))

    assert {"apply-unemployment-benefit", "go-dossiers"} <= found
    assert "apply-pension" not in found


def test_a_notice_of_a_result_leads_to_it() -> None:
    told = notice("dossier.ended")

    assert leads_to(told) == "/dossiers"
    assert in_words(VI, told) == (
        "Hồ sơ của bạn trên Cổng Dịch vụ công đã có kết quả",
        "Xem kết quả",
    )
