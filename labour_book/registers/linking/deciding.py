"""What is said of each row in the end: whom it means, whom it may mean, or nothing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast, get_args

from labour_book import data
from labour_book.domain.reconciliation import (
    BirthLevel,
    Levels,
    NameLevel,
    NumberLevel,
    PlaceLevel,
    SexLevel,
)
from labour_book.registers.linking.comparing import FIELDS, NUMBER_AGREES
from labour_book.registers.linking.engine import Engine
from labour_book.registers.linking.model import Model

MODEL_RULE = "MODEL"
SOMEBODY_ELSES_RULE = "SOMEBODY_ELSES"
"""The rule that finds whose number it is that a row states of somebody else."""
MOST = 3
"""People proposed for one row."""
AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """That a row means, or may mean, a row of the register."""

    id: int
    other: int
    decision: str
    """link or review."""
    probability: float
    rule: str
    """Of the cascade, or MODEL."""
    levels: Mapping[str, str]
    """How they compare, by field."""


def decide(engine: Engine, model: Model) -> None:
    """Bring together what rules and model say, into ``found``.

    A link of the model needs a number that agrees, and nobody else whom it would even review.
    """
    agrees = ", ".join(f"'{each}'" for each in sorted(NUMBER_AGREES))
    fields = ", ".join(FIELDS)
    engine.run(f"""
        CREATE OR REPLACE TABLE found AS
        WITH judged AS (
            SELECT *, '{MODEL_RULE}' AS rule,
                CASE WHEN probability >= {model.automatic} AND number IN ({agrees})
                    AND count(*) OVER (PARTITION BY id) = 1
                    THEN 'link' ELSE 'review' END AS decision
            FROM scored
            UNION ALL BY NAME
            SELECT *, {_precision()} AS probability FROM cascade
            WHERE decision = 'link' OR NOT EXISTS (
                SELECT 1 FROM scored
                WHERE scored.id = cascade.id AND scored.other = cascade.other)
        )
        SELECT id, other, decision, probability, rule, {fields}, standing FROM (
            SELECT *, row_number() OVER best AS standing
            FROM judged WINDOW best AS (PARTITION BY id ORDER BY probability DESC, other)
        ) WHERE standing <= {MOST}
    """)  # noqa: S608 - constants of this package


def decide_among(engine: Engine, model: Model) -> None:
    """Say which rows of the register may be one, into ``found``: for an official, every one."""
    fields = ", ".join(FIELDS)
    engine.run(f"""
        CREATE OR REPLACE TABLE found AS
        SELECT least(id, other) AS id, greatest(id, other) AS other, 'review' AS decision,
            probability, '{MODEL_RULE}' AS rule, {fields}, 1 AS standing
        FROM scored WHERE probability >= {model.review}
    """)  # noqa: S608 - constants of this package


def found_in(engine: Engine) -> Iterator[Found]:
    """Yield what was decided by row, the likeliest first."""
    columns = ", ".join(("id", "other", "decision", "probability", "rule", *FIELDS))
    reading = engine.connection.cursor().execute(
        f"SELECT {columns} FROM found ORDER BY id, standing, other"  # noqa: S608 - constants of this package
    )
    while some := reading.fetchmany(AT_ONCE):
        for row_id, other, decision, probability, rule, *levels in some:
            compared = dict(zip(FIELDS, levels, strict=True))
            yield Found(row_id, other, decision, probability, rule, compared)


def written(levels: Mapping[str, str]) -> str:
    """Return levels as they are kept."""
    return json.dumps(dict(levels), separators=(",", ":"), sort_keys=True)


def levels_of(found: Found) -> Levels:
    """Return how the two compare in the words of the domain, which tell a little less."""
    says = found.levels
    number = says["number"] if says["number"] in get_args(NumberLevel) else "unsaid"
    birth = says["birth"] if says["birth"] in get_args(BirthLevel) else "different"
    return Levels(
        number=cast("NumberLevel", number),
        name=cast("NameLevel", says["name"]),
        birth=cast("BirthLevel", birth),
        sex=cast("SexLevel", says["sex"]),
        place=cast("PlaceLevel", says["place"]),
    )


def _precision() -> str:
    """Return the SQL of how often each rule was right when it was measured."""
    cases = " ".join(
        f"WHEN '{row['rule']}' THEN {row['precision']}" for row in data.rows("linking_rules")
    )
    return f"CASE rule {cases} END"
