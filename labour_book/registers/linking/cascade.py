"""The deterministic pass: pairs that share a number, nearly do, or name and birth date, by rules.

A rule that links agrees in two independent fields at least; a number that nobody else's row
states is one of them. What two people fit is left for an official.
"""

from collections.abc import Mapping

from labour_book import data
from labour_book.registers.linking.comparing import FIELDS, level_of, sides
from labour_book.registers.linking.engine import REGISTER, STATED, Engine

_ANY = "*"
LINKING = "link"
RULES = tuple(sorted(data.rows("linking_rules"), key=lambda rule: rule["decision"] != LINKING))
"""The rules that link before those that ask an official; among both the order of the file."""
_FIRST_REVIEW = sum(rule["decision"] == LINKING for rule in RULES)
_RULE_OF_RANK = f"({[rule['rule'] for rule in RULES]})[rank + 1]"


def run_cascade(engine: Engine) -> None:
    """Judge whom each row means by rules, into ``cascade``: id, other, rule, decision, levels.

    One row for each pair that a rule fits best; ``decision`` is ``review`` where two fit as well.
    """
    engine.run(f"CREATE OR REPLACE TABLE pairs AS {_by_number()}")
    _judge(engine, "by_number")
    engine.run(f"CREATE OR REPLACE TABLE pairs AS {_by_name_and_birth()}")
    _judge(engine, "by_name")
    engine.run(
        "CREATE OR REPLACE TABLE cascade AS"
        " SELECT * FROM by_number UNION ALL SELECT * FROM by_name;"
        " DROP TABLE by_number; DROP TABLE by_name; DROP TABLE pairs"
    )


def _by_number() -> str:
    """Return the pairs that share a number of any kind."""
    return f"""
        WITH stated_numbers AS (
            SELECT id, unnest([pin, card, si]) AS number FROM {STATED}
        ), register_numbers AS (
            SELECT id, pin AS number FROM {REGISTER}
            UNION ALL
            SELECT id, unnest(string_split(olds, ';') || string_split(sis, ';')) FROM {REGISTER}
            WHERE olds <> ';;' OR sis <> ';;'
        )
        SELECT DISTINCT l.id AS id, r.id AS other
        FROM stated_numbers AS l JOIN register_numbers AS r ON l.number = r.number
        WHERE l.number <> ''
    """  # noqa: S608 - constants of this module


def _by_name_and_birth() -> str:
    """Return the pairs of rows without a link that share the folded name and the birth date.

    Also: with day and month exchanged; and whoever the number means if one digit of it is wrong,
    or two neighbours are exchanged.
    """
    linked = "(SELECT id FROM by_number WHERE decision = 'link')"
    rest = f"(SELECT * FROM {STATED} WHERE id NOT IN {linked})"  # noqa: S608 - constants of this package
    same = "l.sorted_name = r.sorted_name AND l.y = r.y"
    return f"""
        SELECT l.id AS id, r.id AS other FROM {rest} AS l JOIN {REGISTER} AS r ON {same}
        WHERE l.birth = r.birth OR l.m = r.d AND l.d = r.m
        UNION
        SELECT l.id, r.id FROM ({_misread(rest)}) AS l JOIN {REGISTER} AS r ON l.number = r.pin
        WHERE l.number <> l.pin
    """  # noqa: S608 - constants of this module


def _misread(rows: str) -> str:
    """Return every number that a row's may stand for: so many for a row, however many people."""
    digit = "left(pin, place - 1) || digit || substr(pin, place + 1)"
    swap = (
        "left(pin, place - 1) || substr(pin, place + 1, 1) || substr(pin, place, 1)"
        " || substr(pin, place + 2)"
    )
    return f"""
        SELECT id, pin, {digit} AS number
        FROM {rows}, range(1, 13) AS places (place), range(10) AS digits (digit)
        WHERE pin IS NOT NULL
        UNION ALL
        SELECT id, pin, {swap} FROM {rows}, range(1, 12) AS places (place) WHERE pin IS NOT NULL
    """  # noqa: S608 - constants of this module


def _judge(engine: Engine, into: str) -> None:
    levels = ", ".join(f"{level_of(field)} AS {field}" for field in FIELDS)
    engine.run(f"""
        CREATE OR REPLACE TABLE {into} AS
        WITH compared AS (
            SELECT id_l AS id, id_r AS other, {levels}
            FROM (SELECT {sides()} FROM pairs
                JOIN {STATED} AS l ON l.id = pairs.id JOIN {REGISTER} AS r ON r.id = pairs.other)
        ), fitting AS (SELECT *, {_rule_that_fits()} AS rank FROM compared),
        counted AS (
            SELECT *, count(*) FILTER (rank < {_FIRST_REVIEW}) OVER (PARTITION BY id) AS links
            FROM fitting WHERE rank IS NOT NULL
        )
        SELECT id, other, {_RULE_OF_RANK} AS rule, {", ".join(FIELDS)},
            CASE WHEN links = 1 THEN 'link' ELSE 'review' END AS decision
        FROM counted WHERE links = 0 OR rank < {_FIRST_REVIEW}
    """)  # noqa: S608 - constants of this module


def _rule_that_fits() -> str:
    """Return the SQL of the place of the first rule that fits a pair; nothing if none does."""
    cases = " ".join(f"WHEN {_condition(rule)} THEN {place}" for place, rule in enumerate(RULES))
    return f"CASE {cases} END"


def _condition(rule: Mapping[str, str]) -> str:
    wanted = {field: rule[field].split("|") for field in ("number", "name", "birth", "sex")}
    return " AND ".join(
        "{} IN ({})".format(field, ", ".join(f"'{each}'" for each in levels))
        for field, levels in wanted.items()
        if levels != [_ANY]
    )
