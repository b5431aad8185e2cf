"""The database in memory that rows are compared in, and how rows get into it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import duckdb
import pyarrow as pa

COLUMNS = (
    "id",
    "personal_id",
    "other_numbers",
    "si_numbers",
    "full_name",
    "birth_date",
    "sex",
    "commune",
    "legacy_commune",
)
"""Of a row to compare: all text but the id, which is a whole number and unique.

``other_numbers`` (of old cards, and cancelled personal IDs) and ``si_numbers`` are separated by
``;``. The name is composed (NFC), the birth date ISO and perhaps partial, the sex M or F, the
commune a code of today, or ``legacy_commune`` one of before the reform. Unknown is None.
"""
AT_ONCE = 100_000
"""Rows that are handed over at a time."""
TURNED_AT_ONCE = 2_000
"""Rows that are turned into columns at a time: as many as stay in the processor's cache."""
STATED, REGISTER = "stated", "register"


@dataclass(frozen=True, slots=True)
class Engine:
    """An open database in memory."""

    connection: duckdb.DuckDBPyConnection

    def run(self, sql: str) -> None:
        self.connection.execute(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def count(self, table: str) -> int:
        """Return how many rows a table of ours has."""
        counted: int = self.rows(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - a name of ours
        return counted

    def load(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Fill a table of rows to compare, in portions; values in the order of ``COLUMNS``."""
        self.fill(f"{table}_given", COLUMNS, rows)

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Make a table of text columns (``id`` is a whole number) and fill it in portions."""
        schema = pa.schema(
            [pa.field(name, pa.int64() if name == "id" else pa.string()) for name in columns]
        )
        self.connection.register("portion", schema.empty_table())
        self.run(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM portion")  # noqa: S608 - a name of ours
        reading = iter(rows)
        while some := list(_columns(islice(reading, AT_ONCE), schema)):
            self.connection.register("portion", pa.Table.from_batches(some))
            self.run(f"INSERT INTO {table} SELECT * FROM portion")  # noqa: S608 - a name of ours
        self.connection.unregister("portion")


@contextmanager
def open_engine(*, memory_mb: int = 1_500, threads: int | None = None) -> Iterator[Engine]:
    """Open a database in memory that spills nothing: personal IDs in it never reach a disk."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": "",
        "memory_limit": f"{memory_mb}MB",
        "preserve_insertion_order": False,
    }
    if threads is not None:
        config["threads"] = threads
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute("SET enable_progress_bar = false")
        yield Engine(connection)


def _columns(rows: Iterator[Sequence[Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while some := list(islice(rows, TURNED_AT_ONCE)):
        turned = zip(*some, strict=True)
        arrays = [pa.array(each, of.type) for each, of in zip(turned, schema, strict=True)]
        yield pa.record_batch(arrays, schema=schema)
