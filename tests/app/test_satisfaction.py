"""How it was: the faces have words, the words come after the tap, and silence stays possible."""

from dataclasses import replace
from datetime import timedelta

import flet as ft
import pytest

from app.answers.satisfaction import FinishedRequest
from app.attention import Known, attention
from app.texts import LANGUAGES, Say
from app.views.satisfaction import FACES, finished_view, satisfaction_view
from labour_book.domain.satisfaction import SCORES, RequestKind
from tests.app.reading import is_said, names
from tests.app.samples import NOW, OWN
from tests.app.views import nothing

VI = Say("vi")
OVER = FinishedRequest(
    about_id="1",
    kind="data-request",
    what="access",
    finished_at=NOW,
    score=None,
    words="",
    may_change=True,
    changeable_until=None,
)
SAID = replace(OVER, score=2, words="Chậm", changeable_until=NOW + timedelta(days=14))
TAPS = dict.fromkeys(FACES, nothing)


def seen(each: FinishedRequest, say: Say = VI) -> list[ft.Control]:
    return [finished_view(say, each, TAPS, ft.Text("lời"), nothing, busy=False)]


class TestSatisfaction:
    def test_asks_with_faces_that_have_words_and_for_no_more(self) -> None:
        view = seen(OVER)

        assert is_said(view, "Bạn thấy thế nào?", "Xem dữ liệu", "Rất không hài lòng")
        assert not is_said(view, "Gửi lời góp ý")

    def test_takes_words_after_the_tap_and_says_until_when(self) -> None:
        assert is_said(seen(SAID), "Cảm ơn bạn.", "Gửi lời góp ý", "Sửa được đến")

    def test_keeps_what_can_no_longer_be_changed(self) -> None:
        view = seen(replace(SAID, may_change=False))

        assert [each for each in names(view) if each.startswith("score-")] == ["score-2"]
        assert is_said(view, "Chậm")

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kind", list(RequestKind))
    def test_has_words_for_every_kind_and_score(self, language: str, kind: RequestKind) -> None:
        say = Say(language)

        assert say.code("satisfaction.kind", kind) != kind
        assert all(say(f"satisfaction.score.{each}") for each in SCORES)
        assert is_said(satisfaction_view(VI, []), "90 ngày")

    def test_first_screen_counts_what_nobody_has_said_anything_of(self) -> None:
        found = attention(OWN, Known(finished=(OVER, SAID)), None, NOW)

        assert [e.count for e in found if e.what == "attention.satisfaction"] == [1]
