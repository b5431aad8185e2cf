"""Which machine has what, once there are several, and that the hot paths ask only one of them."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from tests.services import cases, filings, people, shares
from tests.services.conftest import new_installation
from tests.support.partitions import PARTS, SPREAD, links_not_held, spread
from tests.support.statements import Said, plan_of, recorded

PAPER = Path(__file__).parents[1] / "deploy" / "sharding.md"
OPERATOR = operator("test")
REPORTED = "SELECT max(insurance_fact.stated_at)"
"""One row from every machine, by an index of its own: see ``CROSSING``."""
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
            "The first three are asked often. Each machine is asked at once, and looks into its own"
            " index: three pages of one look-up each, and the answer takes as long as the slowest"
            " machine. With few machines that is cheaper than a second look-up; with many each of"
            " the three gets an index table beside it, `key -> person_id`, spread by the key, so"
            " that two machines are asked and not all."
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
            " person already, so what is unique stays so). A test lays all spread tables anew in"
            " hash partitions with the keys so widened, moves the rows over, and issues, shows,"
            " shares, declares and corrects books on them: the code runs on it as it is."
        ),
        "",
        "| table | key |",
        "|---|---|",
        *(f"| {name} | {key} |" for name, key in keys_without_the_column()),
        "",
        "## What the database does not watch over any more",
        "",
        (
            "These refer to a key that is not unique by itself once it is widened. The code writes"
            " both sides in one transaction and erases neither; a foreign key comes back where the"
            " table takes the other's column in as well."
        ),
        "",
        "| table | column | refers to |",
        "|---|---|---|",
        *(f"| {name} | {columns} | {other} |" for name, columns, other in links_not_held()),
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


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
class TestPartitions:
    def test_take_the_rows_and_the_deeds_as_they_are(
        self, engine: sa.Engine, tmp_path: Path
    ) -> None:
        inst = new_installation(engine, tmp_path / "data", NOW)
        first, second = people.add_people(engine, 2)
        cases.add_units(engine)
        shares.add_enterprise(engine, shares.RIVAL_CODE, "ACTIVE")
        filings.opened(inst, filings.RIVAL, NOW)

        with spread(engine):
            for person in (first, second):
                with deed(engine) as db:
                    issue_book(db, inst, person, by=OPERATOR, now=NOW)
            shown = shares.look(inst, shares.share(inst, NOW).code, NOW)
            decided = cases.decided(inst, cases.submitted(inst, NOW), NOW)
            filed = filings.filed(inst, NOW, filings.hire(2))
            rows = counted(engine, "book_version")

        assert (shown.views_left, str(decided.line.outcome)) == (2, "approved")
        assert filed.person_id == second
        assert rows == 4
        assert counted(engine, "book_version") == 0  # all of it went to the partitions

    def test_are_asked_one_at_a_time_for_one_person(
        self, engine: sa.Engine, tmp_path: Path
    ) -> None:
        inst = new_installation(engine, tmp_path / "data", NOW)
        person = people.add_people(engine, 20)[7]
        with deed(engine) as db:
            issue_book(db, inst, person, by=OPERATOR, now=NOW)

        with spread(engine):
            with recorded() as said, deed(engine) as db:
                open_book(db, inst, OPERATOR, person, purpose="test", now=NOW)
                assert versions.signed_version(db, person, None) is not None
            asked = [each for each in said if each[0] in about_people(said)]
            with engine.connect() as connection:
                parts = [set(parts_in(plan_of(connection, *each))) for each in asked]
            spread_over = parts_of(engine, "person")

        assert len(spread_over) == PARTS
        assert len(asked) >= 5
        assert set().union(*parts) == {next(iter(parts[0]))}


def counted(engine: sa.Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def parts_of(engine: sa.Engine, table: str) -> set[str]:
    """Return the partitions in which there is a row."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT DISTINCT tableoid::regclass::text FROM {table}")
        return {str(row[0]) for row in rows}


def parts_in(plan: dict[str, Any]) -> Iterator[str]:
    """Yield the numbers of the partitions that a plan reads, of tables spread by person."""
    table, _, part = plan.get("Relation Name", "").rpartition("_")
    if table in BY_PERSON:
        yield part
    for inner in plan.get("Plans", ()):
        yield from parts_in(inner)
