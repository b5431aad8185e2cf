"""Rules followed step by step."""

from collections.abc import Iterator
from datetime import date

import pytest

from labour_book import data
from labour_book.errors import Invalid
from labour_book.law.provisions import amount
from labour_book.law.rules import RULES, Explanation, explain
from labour_book.law.steps import Step, watching
from labour_book.law.working_days import calendar_with

CALENDAR = calendar_with(None)
UNITLESS = {"unit.day", "unit.yes_no"}


def usual(name: str, **other: str) -> Explanation:
    given = {each.name: each.usual for each in RULES[name].inputs}
    return explain(name, given | other, CALENDAR)


def flat(steps: list[Step]) -> Iterator[Step]:
    for each in steps:
        yield each
        yield from flat(each.parts)


class TestExplain:
    def test_tells_each_number_with_its_article_time_and_provenance(self) -> None:
        steps = list(flat(list(usual("contributions", month="2026-06").steps)))

        level = next(each for each in steps if each.name == "reference_level")
        assert (level.value, level.unit, level.source) == (2_340_000, "VND per month", "ND 73/2024")
        assert (str(level.since), level.provenance) == ("2024-07-01", "seen")

    def test_puts_the_numbers_under_the_result_they_led_to(self) -> None:
        (base, *_) = usual("contributions").steps

        assert (base.name, base.value) == ("insurance_base", 50_600_000)
        assert [each.name for each in base.parts] == [
            "reference_level",
            "contributions.floor_reference_levels",
            "contributions.ceiling_reference_levels",
        ]

    def test_is_the_same_each_time(self) -> None:
        for name in RULES:
            assert usual(name) == usual(name)

    def test_stops_where_the_law_is_not_known_and_says_at_what(self) -> None:
        found = usual("pension", on="2020-01-01")

        assert (found.results, found.unknown) == ((), "pension.years_needed")

    def test_keeps_nothing_when_nobody_watches(self) -> None:
        with watching() as steps:
            pass
        usual("retirement")

        assert steps == []

    def test_a_number_told_twice_at_one_place_is_one_step(self) -> None:
        with watching() as steps:
            for _ in range(2):
                amount("reference_level", on=date(2026, 7, 1))

        assert len(steps) == 1

    @pytest.mark.parametrize(
        ("name", "wrong"),
        [
            (name, {each.name: text})
            for name, rule in RULES.items()
            for each in rule.inputs
            for text in ("", "x", "-1", "9" * 30, "0001-13", "٣٣-")
        ],
    )
    def test_names_the_input_that_is_written_wrongly(
        self, name: str, wrong: dict[str, str]
    ) -> None:
        with pytest.raises(Invalid) as error:
            usual(name, **wrong)

        assert error.value.facts["field"] in wrong


class TestWords:
    def test_are_there_in_both_languages_for_all_that_is_shown(self) -> None:
        shown = {f"rule.{name}" for name in RULES}
        for name, rule in RULES.items():
            shown |= {f"input.{each.name}" for each in rule.inputs}
            shown |= {f"choice.{choice}" for each in rule.inputs for choice in each.choices}
            found = usual(name)
            shown |= {f"step.{each.name}" for each in found.results}
            for step in flat(list(found.steps)):
                shown |= {f"step.{step.name}", f"provenance.{step.provenance or 'seen'}"}
                shown |= {f"unit.{step.unit}"} if step.unit else set()

        words = data.by("law_words", "key")
        assert shown <= words.keys()
        assert all(row["vi"] and row["en"] for key, row in words.items() if key not in UNITLESS)
