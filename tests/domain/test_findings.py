import csv
import string
from importlib import resources

import pytest

from labour_book import data
from labour_book.domain.findings import Finding, Severity, message, severity_of, what_to_do

COLUMNS = ["cause", "severity", "message_vi", "message_en", "what_to_do_vi", "what_to_do_en"]


def rows() -> list[list[str]]:
    text = (resources.files(data) / "causes.csv").read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


class TestCauses:
    def test_have_the_agreed_columns_on_one_line_each(self) -> None:
        header, *body = rows()

        assert header == COLUMNS
        assert all(len(row) == len(COLUMNS) for row in body)

    def test_stand_there_once(self) -> None:
        causes = [row[0] for row in rows()[1:]]

        assert len(causes) == len(set(causes))

    @pytest.mark.parametrize("cause", sorted(data.causes()))
    def test_are_told_in_both_languages(self, cause: str) -> None:
        row = data.causes()[cause]

        assert all(row[column].strip() for column in COLUMNS)
        assert row["severity"] in set(Severity)
        assert placeholders(row["message_vi"]) == placeholders(row["message_en"])


class TestMessage:
    def test_is_filled_with_the_detail(self) -> None:
        found = Finding("NAME_TOO_LONG", "full_name", {"longest": 120})

        assert "120" in message(found.cause, found.detail)
        assert "120" in message(found.cause, found.detail, "en")

    def test_never_fails_for_a_missing_detail(self) -> None:
        assert "…" in message("NAME_TOO_LONG")

    def test_comes_with_what_to_do(self) -> None:
        assert what_to_do("NAME_EMPTY")
        assert severity_of("NAME_EMPTY") is Severity.REFUSE
