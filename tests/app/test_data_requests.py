from dataclasses import replace
from datetime import date

import flet as ft
import pytest

from app.answers import DataRequest
from app.texts import LANGUAGES, Say
from app.views.data_requests import KINDS, TONES, data_requests_view, new_view
from labour_book.domain.data_requests import DataRequestKind, DataRequestState
from tests.app.reading import is_said, names, texts
from tests.app.samples import NOW
from tests.app.views import DEEDS, nothing

VI = Say("vi")
WAITING = DataRequest(
    id="1",
    kind="access",
    words="Ai giữ dữ liệu của tôi?",
    created_at=NOW,
    acknowledge_by=date(2026, 11, 24),
    due_on=date(2026, 11, 30),
    third_party=False,
    state="received",
    is_late=False,
    acknowledged_at=None,
    answer="",
    answered_at=None,
    office="",
)
ACKNOWLEDGED = replace(
    WAITING, state="acknowledged", acknowledged_at=NOW, third_party=True, office="UBND phường"
)
REFUSED = replace(ACKNOWLEDGED, state="refused", answered_at=NOW, answer="Luật buộc lưu giữ")


class TestDataRequestsView:
    def test_says_by_when(self) -> None:
        view = data_requests_view(VI, [WAITING])

        assert is_said(view, "24/11/2026", "30/11/2026", "Đã gửi")
        assert not is_said(view, "Cơ quan quá hạn")

    def test_says_that_the_office_is_late(self) -> None:
        assert is_said(data_requests_view(VI, [replace(WAITING, is_late=True)]), "Cơ quan quá hạn")

    def test_says_that_a_third_party_takes_longer(self) -> None:
        view = data_requests_view(VI, [ACKNOWLEDGED])
        assert is_said(view, "30/11/2026 (có bên thứ ba)", "UBND phường")

    def test_shows_the_answer(self) -> None:
        view = data_requests_view(VI, [REFUSED])
        assert is_said(view, "Luật buộc lưu giữ", "Bị từ chối")

    def test_says_that_there_are_none(self) -> None:
        assert is_said(data_requests_view(VI, []), "Bạn chưa có yêu cầu nào.")

    @pytest.mark.parametrize("asked", [WAITING, ACKNOWLEDGED, REFUSED])
    def test_is_said_in_both_languages(self, asked: DataRequest) -> None:
        vi, en = (texts(data_requests_view(Say(each), [asked])) for each in LANGUAGES)
        assert vi != en


class TestNewView:
    @pytest.mark.parametrize("kind", KINDS)
    def test_says_how_many_days_it_takes(self, kind: str) -> None:
        view = new_view(VI, kind, DEEDS, ft.Text(""), send=nothing, busy=False)

        assert is_said(view, VI(f"data-request.{kind}.days"))
        assert "data-request-send" in names(view)

    def test_offers_all_that_can_be_asked(self) -> None:
        assert set(KINDS) == set(DataRequestKind)
        assert set(TONES) == set(DataRequestState)
