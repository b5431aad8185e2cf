"""Proposed support, without a window."""

from dataclasses import replace
from datetime import date

import flet as ft
import pytest

from app.answers.support import Need, StepLine, Support, SupportExplained, Term
from app.attention import Known, attention
from app.inbox import in_words, leads_to
from app.texts import Say
from app.views.support import DECLINES, VOLUNTARY, one_view, support_view
from tests.app.reading import is_said, names, nowhere
from tests.app.samples import NOW, OWN, notice
from tests.app.views import DEEDS, lead

VI, EN = Say("vi"), Say("en")
ADDRESS = "https://dichvucong.example.vn/DVC-1"
BENEFIT = Support(
    id="1",
    policy="unemployment-benefit",
    title="Trợ cấp thất nghiệp",
    article="Luật Việc làm 74/2025/QH15, art. 38",
    provenance="secondary",
    level=2,
    level_words="Mức 2: chuẩn bị sẵn hồ sơ",
    state="proposed",
    state_words="Mới đề xuất",
    holds=None,
    amount="24.000.000 đồng mỗi tháng",
    due_on=date(2026, 12, 20),
    employer="CÔNG TY MAY MẪU",
    month="2026-09",
    needs=(Need("Giấy chấm dứt", is_there=False), Need("Mẫu số 10", is_there=True)),
    conditions=(
        Term("Còn trong thời hạn", holds=True, article="điều 38"),
        Term("Chưa hưởng", holds=None, article="điều 38"),
    ),
    overlap="unasked",
    overlap_words="Chưa hỏi",
    reason=None,
    dossier_code=None,
    dossier_address=None,
    steps=("start", "decline"),
    proposed_on=date(2026, 11, 20),
)
DONE = replace(BENEFIT, id="2", policy="card", state="done", steps=("undo",))
OVER = replace(BENEFIT, id="3", policy="old", state="refused", steps=(), reason="Thiếu giấy tờ")
STEP = StepLine(0, "Số tháng", "12 tháng", "điều 38", date(2026, 1, 1), "unverified")


def view(each: Support, *, overlaps: bool = False) -> list[ft.Control]:
    told = SupportExplained(each, (STEP,), (STEP,))
    return one_view(VI, told, DEEDS, busy=False, overlaps=overlaps)


class TestSupportView:
    def test_shows_what_is_open_before_what_is_over(self) -> None:
        shown = support_view(VI, [OVER, BENEFIT, DONE], lead)

        assert is_said(shown, "Trợ cấp thất nghiệp", "24.000.000", "20/12/2026", "Đã kết thúc")
        assert {"support-unemployment-benefit", "support-card", "support-old"} <= names(shown)

    def test_says_that_it_is_no_decision(self) -> None:
        assert is_said(support_view(VI, [], lead), "Thông tin tham khảo", "chưa có đề xuất")


class TestOneView:
    def test_says_that_a_household_may_get_more_where_the_sum_hangs_on_it(self) -> None:
        assert is_said(view(replace(BENEFIT, policy=VOLUNTARY)), "Đây là mức thấp nhất", "Hộ nghèo")
        assert nowhere(view(BENEFIT), ["mức thấp nhất"])

    def test_has_one_tap_to_start_and_says_what_is_missing(self) -> None:
        shown = view(BENEFIT)

        assert {"support-start", *(f"support-decline-{each}" for each in DECLINES)} <= names(shown)
        assert is_said(shown, "Còn thiếu", "chưa biết", "chưa kiểm chứng", "09/2026")

    def test_warns_of_overlap_and_lets_go_on(self) -> None:
        shown = view(BENEFIT, overlaps=True)

        assert is_said(shown, "Có thể trùng", "Vẫn lập hồ sơ")

    def test_offers_to_undo_only_what_was_done(self) -> None:
        assert "support-undo" in names(view(DONE))
        assert {"support-start", "support-undo"} & names(view(OVER)) == set()
        assert is_said(view(OVER), "Thiếu giấy tờ")

    def test_leads_on_to_the_portal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: list[str] = []
        monkeypatch.setattr("app.views.support.ft.OpenUrl", opened.append)

        view(replace(BENEFIT, state="handed-over", steps=(), dossier_address=ADDRESS))

        assert opened == [ADDRESS]


class TestAttention:
    def test_leads_to_the_one_that_waits(self) -> None:
        for waiting, where in (((BENEFIT, DONE), "/support/1"), ((BENEFIT, BENEFIT), "/support")):
            found = attention(OWN, Known(support=waiting), None, NOW)

            assert [each.where for each in found if each.what == "attention.support"] == [where]


@pytest.mark.parametrize(
    "kind",
    ["support.proposed", "support.done", "support.reminded", "support.prepared", "support.ended"],
)
def test_is_told_in_the_inbox(kind: str) -> None:
    told = notice(kind)

    assert leads_to(told) == "/support"
    said = [in_words(say, told) for say in (VI, EN)]
    assert len({heading for heading, _ in said}) == len({todo for _, todo in said}) == len(said)
