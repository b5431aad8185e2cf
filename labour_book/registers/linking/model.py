"""The model of how likely two rows mean one person: its numbers stand in ``linking.toml``.

Fellegi and Sunter: each level of each field is as likely among true pairs (m) and among chance
pairs (u) as was measured. Nothing is estimated while linking: the same rows give the same links.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from labour_book.registers.linking.comparing import LEVELS, OTHERWISE, UNSAID

LinkType = Literal["link_only", "dedupe_only"]

BLOCKS = (
    "l.pin = r.pin",
    "l.sorted_name = r.sorted_name AND l.y = r.y",
    "l.birth = r.birth AND l.given = r.given AND l.sex = r.sex",
    "l.birth = r.birth AND l.family = r.family AND l.province = r.province",
    "l.sorted_name = r.sorted_name AND l.m = r.m AND l.d = r.d AND l.province = r.province",
    "l.pin_head = r.pin_head AND l.given = r.given",
    "l.pin_tail = r.pin_tail AND l.given = r.given",
    "l.sorted_name = r.sorted_name AND l.commune = r.commune AND l.birth IS NULL",
)
"""A pair is looked at if one of these holds; all of a register against all rows would be too many.
The places are there so that the pairs do not grow with the square of the register."""


@dataclass(frozen=True, slots=True)
class Model:
    """What the model is made of, and from which probability on it says what."""

    version: str
    automatic: float
    """From here on, and with a number that agrees, a link is automatic."""
    review: float
    """From here on an official looks at it; below, nothing is said."""
    found_share: float
    """Share of rows left by the cascade whose person is on the register."""
    twice_share: float
    """Share of people on file who are so twice."""
    weights: Mapping[str, Mapping[str, tuple[float, float]]]
    """By field and level: how often among true pairs, and among chance pairs."""

    def settings(self, link_type: LinkType, register_size: int) -> dict[str, Any]:
        """Return the model as Splink takes it.

        The more people are on the register, the less a likeness is worth.
        """
        found = self.found_share if link_type == "link_only" else self.twice_share
        share = found / max(register_size, 1)
        return {
            "link_type": link_type,
            "unique_id_column_name": "id",
            "probability_two_random_records_match": share,
            "comparisons": [self._comparison(field) for field in LEVELS],
            "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in BLOCKS],
            "retain_matching_columns": False,
            "retain_intermediate_calculation_columns": False,
        }

    def _comparison(self, field: str) -> dict[str, Any]:
        return {
            "output_column_name": field,
            "comparison_levels": [
                self._level(field, level, condition) for level, condition in LEVELS[field]
            ],
        }

    def _level(self, field: str, level: str, condition: str) -> dict[str, Any]:
        made: dict[str, Any] = {
            "sql_condition": "ELSE" if condition == OTHERWISE else condition,
            "label_for_charts": level,
        }
        if level == UNSAID:
            return made | {"is_null_level": True}
        m, u = self.weights[field][level]
        return made | {"m_probability": m, "u_probability": u}


@cache
def model() -> Model:
    """Return the model that comes with the product."""
    text = (resources.files("labour_book.data") / "linking.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    limits = read["thresholds"]
    return Model(
        version=read["version"],
        automatic=limits["automatic"],
        review=limits["review"],
        found_share=read["found_share"],
        twice_share=read["twice_share"],
        weights={
            field: {level: (pair[0], pair[1]) for level, pair in levels.items()}
            for field, levels in read["weights"].items()
        },
    )
