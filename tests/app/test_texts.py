import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import app
from app.texts import LANGUAGES, Say, catalogue

SOURCES = sorted(Path(app.__file__).parent.rglob("*.py"))
FONTS = Path(app.__file__).parent / "assets/assets/fonts"
FAMILIES = {
    "attention", "audience", "case", "case-ask", "case-kind", "case-outcome", "case-state",
    "case-step", "channels", "check", "claim", "condition", "contract", "copy", "correct-field",
    "data-request", "data-request-state", "gaps", "satisfaction",
    "correct-hint", "cv-field", "cv-part", "cv-section", "cv-title", "days", "deed", "dossier",
    "employer", "evidence-class", "field", "figure", "fund", "group", "identity-check", "level",
    "mandate",
    "mandate-scope", "mandate-span", "mandate-state", "means", "missing", "month-status", "months",
    "nationality",
    "notice", "offline", "own-data", "part", "pick-none", "preset", "problem", "provenance",
    "procedure", "purpose", "qualification", "rate", "right", "scan", "settings", "sex", "share",
    "share-state", "source", "span", "state", "tab", "unit", "viewer", "views", "vssid", "way",
    "who", "why", "word", "wrong", "year",
}  # fmt: skip
"""Keys below these are put together from codes."""


def said() -> Iterator[str]:
    """Yield every key that stands in the source as a whole word."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def asked() -> Iterator[str]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and (
                    getattr(node.func, "id", "") == "say" or getattr(node.func, "attr", "") == "say"
                )
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)


class TestCatalogue:
    @pytest.mark.parametrize("first", sorted({key.partition(".")[0] for key in catalogue()}))
    def test_says_everything_in_both_languages_with_the_same_values(self, first: str) -> None:
        for key, texts in catalogue().items():
            if key.partition(".")[0] != first:
                continue
            assert set(texts) == set(LANGUAGES), key
            assert all(text.strip() for text in texts.values()), key
            vi, en = (set(re.findall(r"{(\w+)}", texts[language])) for language in LANGUAGES)
            assert vi == en, key

    def test_has_every_key_that_is_asked_for(self) -> None:
        assert set(asked()) - catalogue().keys() == set()

    def test_holds_nothing_that_nobody_says(self) -> None:
        words = set(said())

        unused = [
            key for key in catalogue() if key not in words and key.partition(".")[0] not in FAMILIES
        ]

        assert unused == []

    @pytest.mark.parametrize("weight", ["Regular", "Medium", "SemiBold", "Bold"])
    def test_has_no_letter_that_the_font_cannot_draw(self, weight: str) -> None:
        with TTFont(FONTS / f"BeVietnamPro-{weight}.ttf", lazy=True) as font:
            drawn = font.getBestCmap()

        said = {
            letter for texts in catalogue().values() for text in texts.values() for letter in text
        }
        assert [letter for letter in sorted(said) if ord(letter) not in drawn] == []


class TestSay:
    def test_shows_a_code_it_does_not_know(self) -> None:
        assert Say("vi").code("level", "NEW_LEVEL") == "NEW_LEVEL"

    def test_picks_the_text_in_its_language(self) -> None:
        assert [Say(each).pick(vi="một", en="one") for each in LANGUAGES] == ["một", "one"]

    @pytest.mark.parametrize(
        ("count", "said"),
        [(1, "1 line you have not confirmed"), (2, "2 lines you have not confirmed")],
    )
    def test_chooses_words_by_a_number(self, count: int, said: str) -> None:
        assert Say("en")("attention.unconfirmed", count=count) == said
