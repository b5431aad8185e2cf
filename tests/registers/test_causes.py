"""Every cause the readers can name is in the list of causes, with words in both languages."""

import re
from pathlib import Path

import pytest

from labour_book import data, registers
from labour_book.domain.findings import Severity, message, severity_of, what_to_do

SOURCES = sorted(Path(registers.__file__).parent.glob("*.py"))
NAMED = re.compile(r'(?:(refuse|note)\(|Finding\(|cause=)[^"()]*"([A-Z][A-Z0-9_]{4,})"')


def causes_named() -> list[tuple[str, str]]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    return sorted(set(NAMED.findall(text)))


class TestCauses:
    def test_are_many(self) -> None:
        assert len(causes_named()) > 60

    @pytest.mark.parametrize(("how", "cause"), causes_named())
    def test_are_listed_as_they_are_used(self, how: str, cause: str) -> None:
        if how:
            assert (severity_of(cause) is Severity.REFUSE) == (how == "refuse")
        assert message(cause)
        assert message(cause, language="en")
        assert what_to_do(cause)
        assert cause in data.causes()
