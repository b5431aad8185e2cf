"""What the screens of a correction say and offer, without a window."""

from dataclasses import replace
from datetime import date, timedelta

import flet as ft
import pytest

from app import guide
from app.answers import HandOver
from app.guide import Draft
from app.texts import Say
from app.views.case import case_view, rating_view, steps_view
from app.views.correct_forms import Field, chosen_field, typed_field, what_view
from app.views.corrections import corrections_view, left_view
from app.views.line import line_view
from app.views.mandates import mandates_view, wrong_with
from app.views.papers import CLASSES, papers_view
from labour_book.domain.corrections import CaseState, Outcome, Step
from tests.app.reading import controls, is_said, names, nowhere, texts
from tests.app.samples import (
    CASE,
    CASE_LINE,
    CONFIRMED,
    DECISION,
    MANDATE,
    NOW,
    OFFICE,
    UNCONFIRMED,
)
from tests.app.views import DEEDS, lead, nothing

VI = Say("vi")


class TestLine:
    def test_asks_whether_it_is_right_and_leads_to_a_correction(self) -> None:
        view = line_view(VI, OFFICE, None, UNCONFIRMED, DEEDS)

        assert {"line-right", "line-wrong", "line-months"} <= names(view)
        assert is_said(view, "Dòng này có đúng không?", "Khác với VssID?")

    def test_says_when_it_was_called_right(self) -> None:
        view = line_view(VI, OFFICE, None, CONFIRMED, DEEDS)

        assert is_said(view, "Bạn đã xác nhận đúng", "15:30, 20/11/2026")
        assert {"line-take-back", "line-history"} <= names(view)
        assert "line-right" not in names(view)

    def test_takes_no_word_before_it_is_known_what_was_said(self) -> None:
        view = line_view(VI, OFFICE, None, None, DEEDS)
        (right,) = [
            each
            for each in controls(view)
            if isinstance(each, ft.OutlinedButton) and each.content == "Đúng"
        ]

        assert right.disabled


class TestWhat:
    def test_is_asked_in_plain_sentences(self) -> None:
        view = what_view(VI, "employment", guide.WRONGS["employment"], DEEDS)

        assert is_said(view, "Tôi chưa từng làm ở đây", "khác VssID")
        assert {"wrong-never", "wrong-first_day", "wrong-months"} <= names(view)


class TestFields:
    def test_tell_what_the_book_says_and_what_is_wrong(self) -> None:
        field = Field("first_day", "hôm qua", "correct.wrong.day", "2023-09-01")
        view = typed_field(VI, field, lambda _: None)

        assert is_said(view, "Trong sổ ghi: 01/09/2023", "Ghi ngày/tháng/năm")
        assert "field-first_day" in names(view)

    def test_offer_what_can_be_chosen(self) -> None:
        field = Field("contract_kind", "FIXED_TERM", None, "INDEFINITE")
        view = chosen_field(VI, field, DEEDS)
        (chosen,) = [each for each in controls(view) if getattr(each, "selected", False)]

        assert texts(chosen) == [VI.code("contract", "FIXED_TERM")]


class TestCase:
    def test_tells_who_has_it_and_by_when(self) -> None:
        view = [*case_view(VI, CASE), *steps_view(VI, CASE)]

        assert is_said(view, "Đang ở: UBND phường Mẫu", "Hạn: 04/12/2026", "Số YC-7K2M9XD0")
        assert is_said(view, "Trong sổ: 01/09/2023", "Đề nghị: 01/08/2023", "Bạn đã gửi")

    def test_says_that_it_is_overdue_in_words(self) -> None:
        late = replace(CASE, line=replace(CASE_LINE, is_overdue=True))
        assert is_said(case_view(VI, late), "Quá hạn từ 04/12/2026")

    def test_gives_the_reasons_the_article_and_until_when_to_appeal(self) -> None:
        decided = replace(
            CASE,
            line=replace(CASE_LINE, state="decided", outcome="refused"),
            decisions=(DECISION,),
            possible=("appeal", "rate"),
            appeal_until=date(2027, 1, 5),
        )
        view = case_view(VI, decided)

        assert is_said(view, "Không được chấp nhận", "Giấy tờ chưa chứng minh được", "điều 6")
        assert is_said(view, "khiếu nại đến hết ngày 05/01/2027")
        assert nowhere(view, ["Đang ở:"])
        assert {"rate-1", "rate-5"} <= names(rating_view(VI, decided, DEEDS))

    def test_leads_identity_to_the_population_register(self) -> None:
        told = HandOver("Công an cấp xã", "Commune police", "Nghị định 70/2024/NĐ-CP, điều 6", 2)
        view = case_view(VI, replace(CASE, hand_over=told))

        assert is_said(view, "Công an cấp xã", "2 ngày làm việc")

    def test_is_rated_once(self) -> None:
        rated = replace(CASE, rating=4, possible=("rate",))
        assert is_said(rating_view(VI, rated, DEEDS), "4/5")
        assert rating_view(VI, CASE, DEEDS) == []

    @pytest.mark.parametrize(
        ("family", "codes"),
        [("case-state", CaseState), ("case-outcome", Outcome), ("case-step", Step)],
    )
    def test_has_words_for_every_code(self, family: str, codes: type[Step]) -> None:
        assert all(VI.code(family, each) != each for each in codes)


class TestPapers:
    def test_are_taken_while_the_case_takes_them(self) -> None:
        def view(*possible: str) -> list[ft.Control]:
            case = replace(CASE, possible=possible)
            back = {"e1": nothing} if "detach" in possible else {}
            return papers_view(VI, case, "OTHER", DEEDS, back, add=nothing, busy=False)

        assert {"evidence-add", "evidence-remove-1"} <= names(view("attach", "detach"))
        assert names(view()) & {"evidence-add", "evidence-remove-1"} == set()
        assert is_said(view(), "Hợp đồng lao động", "200 KB")

    def test_have_words_for_every_class(self) -> None:
        assert all(
            VI.code("evidence-class", each) != each for kind in CLASSES.values() for each in kind
        )


class TestCorrections:
    def test_list_what_was_asked_with_where_it_stands(self) -> None:
        view = corrections_view(VI, (CASE_LINE,), lead)
        assert is_said(view, "Việc làm: Sửa", "Đang xem xét", "Hạn: 04/12/2026")

    def test_say_how_to_begin_where_there_is_none(self) -> None:
        assert is_said(corrections_view(VI, (), lead), "Bạn chưa đề nghị sửa gì", "Mở sổ")

    def test_offer_to_go_on_with_what_was_left(self) -> None:
        draft = guide.kept(Draft("employment", 2, 1, "first_day"), NOW)
        view = left_view(VI, draft, nothing, nothing)

        assert is_said(view, "Ngày bắt đầu sai", "15:30, 20/11/2026", "Viết tiếp")


class TestMandates:
    def test_can_be_ended_while_they_run(self) -> None:
        over = replace(MANDATE, state="over", last_day=(NOW - timedelta(days=1)).date())

        assert "mandate-revoke" in names(
            mandates_view(VI, [MANDATE], lambda _: nothing, busy=False)
        )
        assert "mandate-revoke" not in names(
            mandates_view(VI, [over], lambda _: nothing, busy=False)
        )

    @pytest.mark.parametrize(
        ("typed", "scope", "wrong"),
        [
            ({"name": "A", "personal_id": "001190000002"}, {"view"}, set()),
            ({"name": " ", "personal_id": "00119000000x"}, set(), {"name", "personal_id", "scope"}),
            ({"name": "A", "personal_id": "00119000000"}, {"view"}, {"personal_id"}),
        ],
    )
    def test_are_looked_at_before_they_are_sent(
        self, typed: dict[str, str], scope: set[str], wrong: set[str]
    ) -> None:
        assert set(wrong_with(typed, frozenset(scope))) == wrong
