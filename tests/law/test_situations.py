"""What the law gives in situations that a lawyer can read: ``situations/*.yaml``."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from labour_book.law.rules import RULES, explain
from labour_book.law.working_days import calendar_with

FOLDER = Path(__file__).parent / "situations"
SITUATIONS: list[dict[str, Any]] = [
    situation
    for file in sorted(FOLDER.glob("*.yaml"))
    for situation in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts and nothing else
]


def written(value: object) -> str:
    """Return a result as a situation writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("situation", SITUATIONS, ids=[each["case"] for each in SITUATIONS])
def test_comes_out_as_the_situation_says(situation: dict[str, Any]) -> None:
    found = explain(situation["rule"], situation["given"], calendar_with(None))

    results = {each.name: written(each.value) for each in found.results}
    expected = situation.get("results", {})
    assert {name: results.get(name) for name in expected} == expected, situation["why"]
    assert found.unknown == situation.get("unknown", "")
    assert bool(expected) != bool(found.unknown)


def test_every_rule_has_situations() -> None:
    assert {each["rule"] for each in SITUATIONS} == set(RULES)
