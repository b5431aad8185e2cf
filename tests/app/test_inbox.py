import pytest

from app import inbox
from app.texts import LANGUAGES, Say, catalogue
from app.views.notices import notices_view
from labour_book.domain.notices import NoticeKind
from labour_book.services.callers import Action
from tests.app.reading import is_said, names
from tests.app.samples import NOW, notice
from tests.app.views import nothing

VI = Say("vi")
TO_OTHERS = {
    NoticeKind.REASON_ASKED,
    NoticeKind.CASE_ARRIVED,
    NoticeKind.GAP_ASKED,
    NoticeKind.DATA_REQUEST_ARRIVED,
    NoticeKind.DATA_REQUEST_LATE,
    NoticeKind.LINES_TO_LOOK_AT,
    NoticeKind.REPORT_LATE,
}
"""Kinds of notices that no worker gets."""


class TestLeadsTo:
    @pytest.mark.parametrize(
        ("kind", "where"),
        [
            ("share.viewed", "/looked"),
            ("share.ended", "/share"),
            ("access.reason-answered", "/looked"),
            ("case.decided", "/corrections"),
            ("book.yearly-check", "/book"),
            ("something.new", "/"),
        ],
    )
    def test_is_the_screen_that_is_about_it(self, kind: str, where: str) -> None:
        assert inbox.leads_to(notice(kind)) == where


class TestInWords:
    @pytest.mark.parametrize("kind", sorted(set(NoticeKind) - TO_OTHERS))
    def test_has_words_for_every_kind_that_a_worker_gets(self, kind: str) -> None:
        assert f"notice.{kind}" in catalogue()
        assert all(all(inbox.in_words(Say(each), notice(kind))) for each in LANGUAGES) or (
            kind == inbox.ANSWERED
        )

    def test_tells_the_reason_that_was_given(self) -> None:
        given = notice("access.reason-answered", facts={"access": 7, "answer": "Xét hồ sơ"})
        assert inbox.in_words(VI, given)[1] == "Xét hồ sơ"

    def test_says_of_a_new_kind_that_there_is_something(self) -> None:
        assert inbox.in_words(VI, notice("something.new"))[0] == "Bạn có thông báo mới"


class TestNoticesView:
    def test_shows_what_is_unread_and_marks_it(self) -> None:
        view = notices_view(VI, [notice("case.decided")], lambda _: nothing, nothing, busy=False)

        assert is_said(view, "Đề nghị sửa của bạn đã có quyết định", "Chưa đọc")
        assert "read-all" in names(view)

    def test_has_nothing_to_mark_once_all_is_read(self) -> None:
        read = notice("case.decided", read_at=NOW)
        assert "read-all" not in names(
            notices_view(VI, [read], lambda _: nothing, nothing, busy=False)
        )


class TestDeeds:
    def test_are_all_told_in_words(self) -> None:
        assert [each for each in Action if f"deed.{each}" not in catalogue()] == []
