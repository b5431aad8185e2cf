"""Which machine has what, once there are several, and that the hot paths ask only one of them."""

import os
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.queries import versions
from labour_book.services.access import open_book, operator
from labour_book.services.issuing import issue_book
from labour_book.services.permission import deed
from labour_book.tables import METADATA
from labour_book.tables.distribution import (
    BY_OTHER,
    BY_PERSON,
    CROSSING,
    EVERYWHERE,
    IN_ONE_PLACE,
)
from tests.conftest import NOW
from tests.services import people
from tests.services.conftest import new_installation
from tests.support.statements import Said, recorded

PAPER = Path(__file__).parents[1] / "deploy" / "sharding.md"
OPERATOR = operator("test")
REPORTED = "SELECT max(insurance_fact.stated_at)"
"""One row from every machine, by an index of its own: see ``CROSSING``."""
SPREAD = BY_PERSON | BY_OTHER
NAMES_THE_PERSON = re.compile(r"\b(person_id|person\.id)\s*(= ANY|=|IN \()\s*\(?%", re.IGNORECASE)
BY_PERSON_TABLE = re.compile(rf"\b(FROM|JOIN|UPDATE)\s+({'|'.join(BY_PERSON)})\b")


def keys_without_the_column() -> list[tuple[str, str]]:
    """Return the unique keys that have to take the column in before rows can be spread by it."""
    found = []
    for name, column in sorted(SPREAD.items()):
        table = METADATA.tables[name]
        keys: list[list[str]] = [[each.name for each in table.primary_key]]
        keys += [
            [each.name for each in constraint.columns]
            for constraint in table.constraints
            if isinstance(constraint, sa.UniqueConstraint)
        ]
        keys += [[each.name for each in index.columns] for index in table.indexes if index.unique]
        found += [(name, ", ".join(key)) for key in keys if column not in key]
    return sorted(set(found))


def paper() -> str:
    lines = [
        "# Spreading the rows over several machines",
        "",
        (
            "Made from `labour_book/tables/distribution.py` by `tests/test_distribution.py`"
            " (`UPDATE_GOLDEN=1`)."
        ),
        (
            "One PostgreSQL with read replicas serves the country's reads for a long time"
            " (`LABOUR_BOOK_READ_DATABASE_URL`); this is the step after it: Citus, or hash"
            " partitions."
        ),
        "",
        "## By which column",
        "",
        "| table | column |",
        "|---|---|",
        *(f"| {name} | {column} |" for name, column in sorted(SPREAD.items())),
        "",
        f"Whole on every machine: {', '.join(sorted(EVERYWHERE))}.",
        "",
        f"On the coordinating machine: {', '.join(sorted(IN_ONE_PLACE))}.",
        "",
        "## What crosses machines",
        "",
        "| asked | found by |",
        "|---|---|",
        *(f"| {what} | `{by}` |" for what, by in CROSSING.items()),
        "",
        (
            "The first three are asked often: before the move each gets an index table beside it,"
            " `key -> person_id`, spread by the key, so that two machines are asked and not all."
        ),
        (
            "Reading a book, drafting, issuing, superseding and revoking name the person in every"
            " statement; a test holds them to it."
        ),
        "",
        "## Keys that take the column in first",
        "",
        (
            "A unique key of a spread table has to hold the column. These do not yet; each is"
            " widened by an expand / contract migration (the value itself is random or names its"
            " person already, so what is unique stays so)."
        ),
        "",
        "| table | key |",
        "|---|---|",
        *(f"| {name} | {key} |" for name, key in keys_without_the_column()),
        "",
    ]
    return "\n".join(lines)


class TestDistribution:
    def test_places_every_table_once(self) -> None:
        placed = [*BY_PERSON, *BY_OTHER, *EVERYWHERE, *IN_ONE_PLACE]

        assert sorted(placed) == sorted(METADATA.tables)

    def test_names_columns_that_are_there_and_always_filled(self) -> None:
        wrong = [
            (name, column)
            for name, column in SPREAD.items()
            if column not in METADATA.tables[name].c or METADATA.tables[name].c[column].nullable
        ]

        assert wrong == []

    def test_is_told_in_the_paper(self) -> None:
        if os.environ.get("UPDATE_GOLDEN"):
            PAPER.write_text(paper(), encoding="utf-8")

        assert PAPER.read_text(encoding="utf-8") == paper(), "run with UPDATE_GOLDEN=1 if meant"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
class TestHotPaths:
    def test_name_the_person_in_every_statement(self, engine: sa.Engine, tmp_path: Path) -> None:
        inst = new_installation(engine, tmp_path / "data", NOW)
        (person,) = people.add_people(engine, 1)

        with recorded() as said:
            for _ in range(2):
                with deed(engine) as db:
                    issue_book(db, inst, person, by=OPERATOR, now=NOW)
            with deed(engine) as db:
                open_book(db, inst, OPERATOR, person, purpose="test", now=NOW)
            with reading(engine) as db:
                assert versions.signed_version(db, person, None) is not None

        assert len(about_people(said)) >= 12
        assert [sql for sql in about_people(said) if not NAMES_THE_PERSON.search(sql)] == []


def about_people(said: Said) -> list[str]:
    found = [sql for sql, _ in said if BY_PERSON_TABLE.search(sql)]
    return [sql for sql in found if not sql.startswith(REPORTED)]
