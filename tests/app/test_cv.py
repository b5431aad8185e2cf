"""The CV's screens, without a window."""

from dataclasses import replace

import flet as ft
import pytest

from app.answers import Cv
from app.asking.making_cv import moved, turned
from app.parts.basic import Tapped
from app.texts import Say
from app.views.cv import CvDeeds, cv_view
from app.views.cv_forms import FIELDS, LONGEST, line_of, line_view, wire_date
from app.views.cv_lines import LineDeeds, photo_card
from app.views.cv_preview import preview_view
from app.views.cv_seeking import asking_view, provinces_view, seeking_view
from tests.app.cv_samples import AGREED, CV, NEWEST, OLDEST, OWN_WORK, SILENT
from tests.app.reading import controls, is_said, names, nowhere, texts

VI = Say("vi")
MARK = "tự khai, chưa xác thực"


async def nothing() -> None:
    """Do nothing."""


class Deeds(dict[str, Tapped]):
    def __missing__(self, key: str) -> Tapped:
        return nothing


LINES = LineDeeds(lambda _: nothing, lambda _, __: nothing, lambda _: nothing)
DEEDS = CvDeeds(Deeds(), LINES, lambda _: nothing)


def shown(page: Cv = CV) -> list[ft.Control]:
    photo = photo_card(VI, page, None, Deeds(), busy=False)
    return cv_view(VI, page, photo, DEEDS, busy=False)


def refs(page: Cv) -> list[str]:
    return [each.ref for each in page.lines]


def disabled(tree: object, name: str) -> bool:
    (found,) = [e for e in controls(tree) if isinstance(e, ft.Semantics) and e.identifier == name]
    (pressed,) = [each for each in controls(found) if isinstance(each, ft.OutlinedButton)]
    return bool(pressed.disabled)


class TestCvView:
    def test_marks_every_line_of_ones_own_and_no_other(self) -> None:
        def cards(ref: str) -> list[str]:
            (found,) = [
                each
                for each in controls(shown())
                if isinstance(each, ft.Semantics) and each.identifier == f"cv-line-{ref}"
            ]
            return texts(found)

        assert MARK in cards("o1")
        assert MARK in cards("o2")
        assert MARK not in cards("w1")
        assert "Khớp đóng bảo hiểm" in cards("w1")

    def test_marks_what_one_says_of_oneself(self) -> None:
        assert texts(shown()).count(MARK) == 3  # two lines, and the card about oneself

    def test_tells_when_and_how_far_in_words(self) -> None:
        assert is_said(shown(), "15/03/2021 - nay", "bậc 4 khung trình độ quốc gia", "01/07/2012")

    def test_offers_every_deed(self) -> None:
        assert {
            *("cv-preview", "cv-about", "photo-pick", "cv-add", "go-seeking", "cv-pdf"),
            *("cv-json", "cv-europass", "book-pdf", "show-w1", "up-w1", "down-w1", "edit-o1"),
        } <= names(shown())

    def test_edits_no_line_of_the_book(self) -> None:
        assert not {"edit-w1", "edit-q1"} & names(shown())

    def test_moves_nothing_beyond_its_like(self) -> None:
        assert [disabled(shown(), name) for name in ("up-w1", "down-w1")] == [True, False]
        assert [disabled(shown(), name) for name in ("up-w2", "down-w2")] == [False, True]
        assert not {"up-o1", "up-q1"} & names(shown())

    def test_offers_to_delete_only_a_photo_that_is_there(self) -> None:
        assert "photo-drop" not in names(shown())
        assert "photo-drop" in names(shown(replace(CV, has_photo=True)))


class TestOrder:
    def test_moves_a_line_past_its_neighbour(self) -> None:
        assert refs(moved(CV, "w1", 1)) == ["w2", "w1", "o1", "q1", "o2"]
        assert refs(moved(CV, "w2", -1)) == ["w2", "w1", "o1", "q1", "o2"]

    @pytest.mark.parametrize(("ref", "by"), [("w1", -1), ("w2", 1), ("o1", -1), ("q1", 1)])
    def test_keeps_verified_lines_above_others_and_sections_apart(self, ref: str, by: int) -> None:
        assert moved(CV, ref, by) == CV

    def test_hides_and_shows_a_line(self) -> None:
        hidden = turned(CV, "w1")

        assert [each.shown for each in hidden.lines] == [False, True, True, True, True]
        assert turned(hidden, "w1") == CV


class TestLineForm:
    @pytest.mark.parametrize(
        ("text", "wire"),
        [
            ("15/03/2019", "2019-03-15"),
            ("5/3/2019", "2019-03-05"),
            ("03/2019", "2019-03"),
            ("2019", "2019"),
            (" ", None),
        ],
    )
    def test_takes_dates_as_people_write_them(self, text: str, wire: str | None) -> None:
        assert wire_date(text) == wire

    @pytest.mark.parametrize("text", ["hôm qua", "2019-03", "1/2/3/4", "19", "03/19", "123/2019"])
    def test_refuses_what_is_no_date(self, text: str) -> None:
        made, wrong = line_of("work", {"title": "Thợ", "first_day": text})

        assert made["title"] == "Thợ"
        assert wrong == {"first_day": "cv.wrong.date"}

    def test_needs_a_title(self) -> None:
        assert line_of("skills", {"title": " "})[1] == {"title": "cv.wrong.title"}

    def test_sends_only_what_the_section_has(self) -> None:
        made, _ = line_of("skills", {"title": "x", "organisation": "left over"})

        assert made == {"section": "skills", "title": "x", "level": ""}

    def test_knows_how_long_each_field_may_be(self) -> None:
        assert {each for fields in FIELDS.values() for each in fields} <= LONGEST.keys()

    def test_says_what_the_line_will_be_marked_with(self) -> None:
        view = line_view(VI, "work", [], Deeds(), {"save": nothing}, busy=False)

        assert is_said(view, MARK)
        assert "cv-remove" not in names(view)
        deeds = {"save": nothing, "remove": nothing}
        assert "cv-remove" in names(line_view(VI, "work", [], Deeds(), deeds, busy=False))


class TestPreview:
    def test_shows_each_page_with_words_for_who_cannot_see_it(self) -> None:
        view = preview_view(VI, (b"1", b"2"), nothing, busy=False)

        assert {"cv-page-1", "cv-page-2", "cv-pdf"} <= names(view)
        said = [each.semantics_label for each in controls(view) if isinstance(each, ft.Image)]
        assert said == ["Trang 1 của hồ sơ", "Trang 2 của hồ sơ"]


class TestSeeking:
    def ask(self, **changes: object) -> list[ft.Control]:
        wanted = replace(SILENT, **changes)  # type: ignore[arg-type]  # by name
        field = ft.TextField()
        return asking_view(VI, wanted, field, field, Deeds(), begin=nothing, busy=False)

    def can_begin(self, **changes: object) -> bool:
        buttons = [e for e in controls(self.ask(**changes)) if isinstance(e, ft.FilledButton)]
        return not buttons[0].disabled

    def test_ticks_nothing_beforehand(self) -> None:
        ticks = [each.value for each in controls(self.ask()) if isinstance(each, ft.Checkbox)]

        assert ticks == [False] * 4

    def test_needs_a_place_and_something_to_show(self) -> None:
        assert not self.can_begin()
        assert not self.can_begin(provinces=("01",))
        assert not self.can_begin(shows=("work",))
        assert self.can_begin(provinces=("01",), shows=("work",))

    def test_says_what_is_agreed_to(self) -> None:
        assert is_said(self.ask(), SILENT.purpose, "Không bao giờ có số định danh")

    def test_says_what_was_agreed_to_and_how_to_stop(self) -> None:
        view = seeking_view(VI, AGREED, nothing, nothing, busy=False)

        assert is_said(view, SILENT.purpose, "Hà Nội", "họ tên, cách liên hệ, việc làm trong sổ")
        assert is_said(view, "20/11/2026", "20/11/2027")
        assert {"seeking-end", "seeking-change"} <= names(view)
        assert nowhere(view, ["Hồ Chí Minh", "dòng tự khai"])

    def test_shows_all_provinces_only_once_they_are_asked_for(self) -> None:
        few = provinces_view(VI, AGREED, Deeds(), nothing, whole=False)
        every = provinces_view(VI, AGREED, Deeds(), nothing, whole=True)

        assert "province-79" not in names(few)
        assert {"province-01", "province-79"} <= names(every)


def test_the_samples_are_in_the_order_the_interface_tells() -> None:
    assert CV.lines[:3] == (NEWEST, OLDEST, OWN_WORK)
