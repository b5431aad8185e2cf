"""Every kind of notice has its words in both languages, and no mail holds more than it may."""

from html.parser import HTMLParser

import pytest

from labour_book.documents import mail
from labour_book.domain.notices import NoticeKind

APP, STOP = "https://so.example.vn/app", "https://so.example.vn/mail/stop/x.y"
LANGUAGES = ["vi", "en"]


class Links(HTMLParser):
    """What a page links to and loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize("language", LANGUAGES)
class TestNotice:
    @pytest.mark.parametrize("kind", list(NoticeKind))
    def test_has_words_for_every_kind(self, kind: NoticeKind, language: str) -> None:
        words = mail.notice(language, str(kind), app=APP, stop=STOP)

        assert words.subject
        assert "\n" not in words.subject
        assert APP in words.plain
        assert STOP in words.plain
        assert Links(words.html).links == [APP, STOP]

    def test_loads_nothing_and_runs_nothing(self, language: str) -> None:
        words = mail.notice(language, "share.viewed", app=APP, stop=STOP)

        assert not Links(words.html).tags & {"img", "script", "link", "iframe", "style", "form"}


class TestConfirmation:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_shows_the_code_and_the_link(self, language: str) -> None:
        words = mail.confirmation(language, code="12345678", link=APP, home=STOP)

        assert "1234 5678" in words.plain
        assert "1234 5678" in words.html
        assert APP in words.plain


class TestWords:
    def test_are_there_for_no_kind_that_is_gone(self) -> None:
        assert set(mail.catalogue()["kinds"]) == set(NoticeKind)

    def test_differ_by_language(self) -> None:
        for part in mail.catalogue().values():
            for about in part.values():
                pairs = [(about[n], about[n.replace("_vi", "_en")]) for n in about if "_vi" in n]
                assert pairs
                assert all(vi and en and vi != en for vi, en in pairs)
