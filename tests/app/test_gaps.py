"""A gap in the app: until when, what was done, what it costs, and each way begun once."""

from dataclasses import replace
from datetime import date

import flet as ft
import pytest

from app.answers.rights import Bridge, GapStep, MissingMonths, SupportShare, TimeLimit
from app.texts import LANGUAGES, Say
from app.views.gap_deeds import missing_of
from app.views.rights_gap import gap_view
from labour_book.domain.gap_advice import Answer
from labour_book.law.missing_months import LIMITS
from labour_book.law.voluntary_support import GROUPS
from tests.app.cv_samples import GAP
from tests.app.reading import is_said
from tests.app.samples import NOW
from tests.app.views import lead

VI = Say("vi")
STEP = GapStep(
    id="1",
    way="complain",
    months=("2024-06/2024-08",),
    begun_at=NOW,
    words="Vì sao?",
    due_on=date(2026, 11, 27),
    is_late=False,
    answer=None,
    answer_words="",
    answered_at=None,
    pay_by=None,
    cases=(),
    dossier=None,
    dossier_state=None,
)
TOLD = replace(
    GAP,
    wage_base_vnd=7_000_000,
    limits=(
        TimeLimit(
            *("court", date(2024, 8, 31), date(2025, 8, 31)),
            *("Labour Code 45/2019/QH14, art. 190(3)", "unverified"),
        ),
    ),
    bridge=Bridge(
        *("2026-12", "2027-02", 3, 1_500_000, 330_000),
        shares=(SupportShare("NEAR_POOR", 132_000, 198_000),),
        sources=("ND 159/2025, art. 5(1)",),
    ),
)


@pytest.fixture(autouse=True)
def _no_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.views.rights_gap.ft.CopyToClipboard", lambda _: None)


def seen(gap: MissingMonths) -> list[ft.Control]:
    return gap_view(VI, gap, lead)


class TestGap:
    def test_says_until_when_with_article_and_what_the_bridge_costs(self) -> None:
        view = seen(TOLD)

        assert is_said(view, "Khởi kiện ra tòa án: đến hết 31/08/2025", "điều 190(3)")
        assert is_said(view, "Tính thử từ 31/08/2024", "7.000.000")
        assert is_said(view, "12/2026 - 02/2027", "hỗ trợ 132.000 đ, bạn đóng 198.000 đ")

    @pytest.mark.parametrize(
        ("step", "said"),
        [
            (STEP, "Đang chờ trả lời"),
            (replace(STEP, is_late=True), "đã quá hạn"),
            (replace(STEP, answer="pays-later", pay_by=date(2026, 12, 31)), "31/12/2026"),
            (replace(STEP, answer="agrees", cases=("YC-1",)), "YC-1"),
            (replace(STEP, dossier="SLD-7", dossier_state="granted"), "SLD-7"),
        ],
    )
    def test_shows_what_was_done_and_what_came_of_it(self, step: GapStep, said: str) -> None:
        assert is_said(seen(replace(TOLD, steps=(step,))), said)

    def test_has_one_button_in_place_of_the_letter_where_it_can_be_begun(self) -> None:
        view = gap_view(VI, TOLD, lead, {"complain": ft.Text("gửi đi")})

        assert is_said(view, "gửi đi")
        assert not is_said(view, "Kính gửi cơ quan bảo hiểm")

    def test_names_the_months_that_are_left(self) -> None:
        assert missing_of(replace(TOLD, left={"bridge": ["2024-06/2024-08"]}), "bridge") == (
            "06/2024 - 08/2024"
        )

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_has_words_for_every_answer_limit_and_group(self, language: str) -> None:
        say = Say(language)

        assert all(say.code("gaps.answer", each) != each for each in Answer)
        assert all(say(f"gaps.limit.{each}") for each in LIMITS)
        assert all(say.code("group", each) != each for each in GROUPS)
