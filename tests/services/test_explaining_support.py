"""Why each of some lives may get what: told step by step, as it stands in a golden file."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from labour_book.domain.months import Month
from labour_book.law.programmes import programmes
from labour_book.services.explaining_support import Explained, explain

LIVES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "law" / "lives.yaml").read_text(encoding="utf-8")
)
GOLDEN = Path(__file__).parent / "golden" / "support.txt"
ANSWERS = {True: "đạt", False: "không đạt", None: "chưa biết"}


def told(found: Explained) -> list[str]:
    head = f"{found.programme.title_vi}: {ANSWERS[found.holds]} {found.sum}".rstrip()
    return [
        head,
        *(f"  - {each.words}: {ANSWERS[each.holds]} ({each.article})" for each in found.conditions),
        *(f"  = {each.label}: {each.value}" for each in found.facts),
        *(
            f"  {'  ' * each.depth}> {each.label}: {each.value} ({each.source}) {each.provenance}"
            for each in found.steps
        ),
    ]


def story(life: dict[str, Any]) -> list[str]:
    on: date = life["day"]
    facts = dict(life["facts"])
    if "last_month" in facts:
        facts["last_month"] = Month.parse(facts["last_month"])
    live = [each for each in programmes().values() if each.is_live(on)]
    lines = [line for each in live for line in told(explain(each, facts, on, "vi"))]
    return [f"# {life['life']} ({on:%d/%m/%Y})", *lines, ""]


def test_tells_each_life_step_by_step() -> None:
    text = "\n".join(line.rstrip() for life in LIVES for line in story(life))
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")

    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(programmes()))
def test_has_words_for_everything_in_both_languages(code: str) -> None:
    programme = programmes()[code]
    facts = dict.fromkeys(programme.facts, 1)

    vi, en = (explain(programme, facts, date(1990, 1, 1), each) for each in ("vi", "en"))

    assert all("_" not in line.label for each in (vi, en) for line in each.facts)
    assert all(each.words != each.name for found in (vi, en) for each in found.conditions)
