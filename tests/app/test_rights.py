"""The screens about rights, without a window."""

import re
from dataclasses import replace

import pytest

from app.answers import Figure
from app.parts.basic import Tapped
from app.texts import Say
from app.views.rights import rights_view
from app.views.rights_gap import gap_view
from app.views.rights_how import how_view
from app.views.rights_words import called, in_words, missing_in_words, source_in
from labour_book.domain.gap_advice import Way
from labour_book.law.guidance import Right
from labour_book.law.provisions import PROVISIONS, parameters
from labour_book.services.law_rules import article as article_in
from tests.app.cv_samples import BENEFIT, GAP, PENSION, RIGHTS, VOLUNTARY, found, of_law
from tests.app.reading import is_said, names, nowhere, texts

ENGLISH = re.compile(r"\b(ND|Code|Law|art|as|and|of|for|requests|rule|the|to)\b")
VI, EN = Say("vi"), Say("en")
CAVEAT = "Thông tin tham khảo, không phải quyết định"


async def nothing() -> None:
    """Do nothing."""


def lead(_where: str) -> Tapped:
    return nothing


class TestRightsView:
    def test_says_first_that_it_decides_nothing_and_how_old_it_is(self) -> None:
        view = rights_view(VI, RIGHTS, lead)

        assert is_said(view[:1], CAVEAT, "20/11/2026", "10/2026")

    def test_tells_the_missing_months_in_one_sentence(self) -> None:
        view = rights_view(VI, RIGHTS, lead)

        assert is_said(
            view,
            "Bạn làm ở CÔNG TY MẪU 03/2024 - 08/2024. Chỉ thấy đóng BHXH 03/2024 - 05/2024."
            " Nơi này đã ngừng hoạt động.",
        )
        assert "gap-2" in names(view)

    def test_tells_each_right_shortly(self) -> None:
        view = rights_view(VI, RIGHTS, lead)

        assert is_said(view, "68 tháng (5 năm 8 tháng)", "4.592.593 đồng", "30/12/2026")
        assert {"how-pension", "how-unemployment-benefit", "how-voluntary-insurance"} <= names(view)

    def test_says_what_could_not_be_computed_and_why(self) -> None:
        view = rights_view(VI, RIGHTS, lead)

        assert is_said(view, "chưa tính được, vì sổ chưa có ngày sinh")

    def test_says_an_amount_once_that_is_the_same_in_every_region(self) -> None:
        assert texts(rights_view(VI, RIGHTS, lead)).count("4.592.593 đồng") == 1
        span = replace(
            BENEFIT,
            results=(found("monthly_lowest", 1, "vnd"), found("monthly_highest", 2, "vnd")),
        )
        view = rights_view(VI, replace(RIGHTS, entitlements=(span,)), lead)
        assert is_said(view, "1 đồng", "2 đồng")

    def test_makes_up_no_proposal(self) -> None:
        view = rights_view(VI, RIGHTS, lead)

        assert "no-proposals" in names(view)
        assert is_said(view, "Chưa có cơ quan nào")

    @pytest.mark.parametrize("say", [VI, EN])
    def test_is_said_in_both_languages(self, say: Say) -> None:
        assert all("{" not in each for each in texts(rights_view(say, RIGHTS, lead)))


class TestHowView:
    @pytest.mark.parametrize("each", RIGHTS.entitlements, ids=lambda each: each.right)
    def test_opens_every_figure_to_what_it_rests_on(self, each: object) -> None:
        view = how_view(VI, RIGHTS, each)  # type: ignore[arg-type]  # of the list above
        said = texts(view)

        for figure in (*each.results, *each.inputs):  # type: ignore[attr-defined]  # the same
            assert called(VI, figure) in said
            assert in_words(VI, figure) in said

    def test_names_article_day_and_how_well_a_number_is_known(self) -> None:
        view = how_view(VI, RIGHTS, PENSION)

        assert is_said(view, CAVEAT, "Luật BHXH 41/2024; áp dụng từ 01/07/2025", "chưa kiểm chứng")
        assert texts(view).count("chưa kiểm chứng") == 1
        assert is_said(how_view(VI, RIGHTS, BENEFIT), "theo nguồn thứ cấp", "60 %", "5 lần")

    def test_tells_conditions_met_not_met_and_unknown_apart(self) -> None:
        view = how_view(VI, RIGHTS, PENSION)

        assert is_said(view, "Chưa đủ số tháng đóng", "Sổ chưa xét nghề nặng nhọc")
        assert is_said(how_view(VI, RIGHTS, BENEFIT), "Còn trong thời hạn nộp hồ sơ")

    def test_tells_the_support_of_each_group(self) -> None:
        view = how_view(VI, RIGHTS, VOLUNTARY)

        assert is_said(view, "Nhà nước hỗ trợ mỗi tháng, hộ nghèo, xã đảo, đặc khu")


@pytest.fixture
def no_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copying needs a window; what is copied stands on the screen as well."""
    monkeypatch.setattr("app.views.rights_gap.ft.CopyToClipboard", lambda _: None)


@pytest.mark.usefixtures("no_actions")
class TestGapView:
    def test_puts_the_ways_in_order_with_what_to_do(self) -> None:
        view = gap_view(VI, GAP, lead)

        assert {"way-correct", "way-complain", "way-bridge", "go-correct", "go-bridge"} <= names(
            view
        )
        assert is_said(view, "1. Đề nghị sửa", "2. Phản ánh", "3. Đóng nối")
        assert is_said(view, "Có thể không sai", "đã giải thể, phá sản")

    def test_writes_the_message_to_the_employer(self) -> None:
        view = gap_view(VI, replace(GAP, ways=("ask-employer",)), lead)

        assert is_said(view, "Kính gửi CÔNG TY MẪU", "06/2024 - 08/2024")
        assert "copy-ask-employer" in names(view)

    def test_makes_no_excuse_for_months_that_the_employer_reported_and_owes(self) -> None:
        view = gap_view(VI, replace(GAP, owed=GAP.unseen, unseen=()), lead)

        assert nowhere(view, ["Có thể không sai"])

    def test_says_that_nothing_was_seen_at_all(self) -> None:
        assert "Không thấy đóng BHXH tháng nào." in missing_in_words(VI, replace(GAP, paid=()))


class TestWords:
    @pytest.mark.parametrize(
        ("figure", "words"),
        [
            (found("rate", "46.5", "percent"), "46,5 %"),
            (of_law("voluntary.rate", 220, "permille"), "22 %"),
            (of_law("voluntary.rate", 225, "permille"), "22,5 %"),
            (of_law("pension.years_needed", 15, "years"), "15 năm"),
            (found("benefit_months", 5, "months"), "5 tháng"),
            (found("birth_date", "1990-05", "day"), "05/1990"),
            (found("reported_through", "2026-10", "month"), "10/2026"),
        ],
    )
    def test_are_written_as_people_read_them(self, figure: Figure, words: str) -> None:
        assert in_words(VI, figure) == words

    def test_name_articles_in_the_language_of_the_reader(self) -> None:
        article = "Luật BHXH 41/2024/QH15, art. 64; ND 135/2020"

        assert source_in(VI, article) == "Luật BHXH 41/2024/QH15, điều 64; NĐ 135/2020"
        assert source_in(EN, article) == article

    def test_name_every_article_without_english_words(self) -> None:
        numbers = (each for found in parameters().values() for each in found["values"].values())
        articles = {
            *(each.article for each in PROVISIONS.values()),
            *(each["source"] for each in numbers),
        }

        for each in articles:
            assert not ENGLISH.search(source_in(VI, each)), each
            assert source_in(VI, each) == article_in(each, "vi")

    def test_name_every_number_of_the_law_that_may_be_told(self) -> None:
        told = ("pension.", "retirement.men.", "retirement.women.", "unemployment_benefit.",
                "regional_minimum_wage.", "voluntary.")  # fmt: skip
        untold = {
            "pension.men_slow_step",
            "pension.men_slow_step_until_years",
            "unemployment_benefit.lookback.short_contract",
        }
        names_of_law = {each for each in parameters() if each.startswith(told)} - untold

        assert [each for each in sorted(names_of_law) if VI.code("figure", each) == each] == []

    @pytest.mark.parametrize("way", Way)
    def test_name_every_way(self, way: Way) -> None:
        assert {VI(f"way.{way}"), VI(f"way.{way}.how")}

    @pytest.mark.parametrize("right", Right)
    def test_name_every_right(self, right: Right) -> None:
        assert VI(f"right.{right}") != EN(f"right.{right}")


def test_a_figure_of_a_month_names_the_month() -> None:
    wage = BENEFIT.inputs[0]

    assert called(VI, wage) == "Lương đóng, 05/2026"
