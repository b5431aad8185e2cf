"""The schema once its rows are spread: every such table in hash partitions, beside the real one.

Its keys take the column in by which rows are spread, as they must; what a table refers to by
another key cannot be held by the database any more.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from labour_book.tables import METADATA
from labour_book.tables.distribution import BY_OTHER, BY_PERSON

SPREAD = BY_PERSON | BY_OTHER
BY_MONTH = "trace"
PARTS = 3
COLUMNS_OF_INDEX = re.compile(r"USING btree \((?P<columns>.*?)\)(?= WHERE|$)")
INDEXES = """
SELECT pg_get_indexdef(indexrelid), indisunique, indisprimary FROM pg_index
WHERE indrelid = to_regclass(:name) ORDER BY indexrelid::regclass::text
"""


def links_not_held() -> list[tuple[str, str, str]]:
    """Return table, columns and what they refer to, where that is no key by itself any more."""
    return sorted(
        (name, ", ".join(each.column_keys), each.referred_table.name)
        for name in SPREAD
        for each in METADATA.tables[name].foreign_key_constraints
        if not is_held(each)
    )


def is_held(link: sa.ForeignKeyConstraint) -> bool:
    """Tell whether what is referred to is whole everywhere, or found by its own column."""
    other = link.referred_table.name
    return other not in SPREAD or {each.column.name for each in link.elements} == {SPREAD[other]}


@contextmanager
def spread(engine: sa.Engine) -> Iterator[None]:
    """Put partitions in the place of the tables, with all their rows, until the block ends."""
    name = engine.url.database
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA spread")
        for table in METADATA.sorted_tables:
            if table.name in SPREAD:
                _lay(connection, table)
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET search_path = spread, public")
    engine.dispose()
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {name} RESET search_path")
            connection.exec_driver_sql("DROP SCHEMA spread CASCADE")
        engine.dispose()


def _lay(connection: sa.Connection, table: sa.Table) -> None:
    name, column = table.name, SPREAD[table.name]
    how = "RANGE" if name == BY_MONTH else "HASH"
    columns = f'(LIKE public."{name}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)'
    made = [
        f'CREATE TABLE spread."{name}" {columns} PARTITION BY {how} ("{column}")',
        *_parts(name),
        *_indexes(connection, name, column),
        *(_link(name, each) for each in table.foreign_key_constraints if is_held(each)),
        f'INSERT INTO spread."{name}" SELECT * FROM public."{name}"',
    ]
    for each in made:
        connection.exec_driver_sql(each)


def _parts(name: str) -> list[str]:
    if name == BY_MONTH:
        return [f'CREATE TABLE spread."{name}_0" PARTITION OF spread."{name}" DEFAULT']
    return [
        f'CREATE TABLE spread."{name}_{part}" PARTITION OF spread."{name}"'
        f" FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})"
        for part in range(PARTS)
    ]


def _indexes(connection: sa.Connection, name: str, column: str) -> Iterator[str]:
    """Yield the table's indexes as they stand, the unique ones with the column taken in."""
    rows = connection.execute(sa.text(INDEXES), {"name": f'public."{name}"'}).all()
    for sql, is_unique, is_primary in rows:
        found = COLUMNS_OF_INDEX.search(sql)
        assert found is not None, sql
        columns = found["columns"].split(", ")
        if is_unique and column not in columns:
            columns.append(column)
        listed = ", ".join(columns)
        if is_primary:
            yield f'ALTER TABLE spread."{name}" ADD PRIMARY KEY ({listed})'
        else:
            yield sql.replace(found[0], f"USING btree ({listed})").replace("public.", "spread.", 1)


def _link(name: str, link: sa.ForeignKeyConstraint) -> str:
    other = link.referred_table.name
    schema = "spread" if other in SPREAD else "public"
    ours = ", ".join(link.column_keys)
    theirs = ", ".join(each.column.name for each in link.elements)
    return (
        f'ALTER TABLE spread."{name}" ADD FOREIGN KEY ({ours})'
        f' REFERENCES {schema}."{other}" ({theirs})'
    )
