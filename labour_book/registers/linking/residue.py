"""Scoring what the cascade left, with Splink; on DuckDB here, on Spark where that is not enough."""

from collections.abc import Mapping
from typing import Any

from splink import DuckDBAPI, Linker
from splink.internals.database_api import DatabaseAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from labour_book.registers.linking.comparing import FIELDS, level_of, sides
from labour_book.registers.linking.engine import REGISTER, STATED, Engine
from labour_book.registers.linking.model import LinkType, Model

RESIDUE = "residue"


def score(engine: Engine, model: Model) -> None:
    """Score rows without a link against the register, into ``scored``: id, other, probability.

    Beside them the level of each field; nothing below the threshold of a review.
    """
    engine.run(f"""
        CREATE OR REPLACE TABLE {RESIDUE} AS SELECT * FROM {STATED}
        WHERE id NOT IN (SELECT id FROM cascade WHERE decision = 'link')
    """)  # noqa: S608 - constants of this package
    _score(engine, model, "link_only", {"a": RESIDUE, "b": REGISTER})
    engine.run(f"DROP TABLE {RESIDUE}")


def score_among(engine: Engine, model: Model) -> None:
    """Score the rows of the register against one another, into ``scored``."""
    _score(engine, model, "dedupe_only", {"a": REGISTER})


def linker_on(
    database: DatabaseAPI[Any],
    model: Model,
    link_type: LinkType,
    tables: Mapping[str, Any],
    size: int,
) -> Linker:
    """Set up the model on an engine: DuckDB, or Spark for more than one machine.

    ``tables`` are by the name they sort by: what is stated comes before the register, which has
    ``size`` rows.
    """
    given = [database.register(table, dataset_display_name=name) for name, table in tables.items()]
    return Linker(given, model.settings(link_type, size), log_level=None)


def predictions(linker: Linker, model: Model) -> SplinkDataFrame:
    """Return what the model says of the pairs, whatever engine it runs on."""
    return linker.inference.predict(threshold_match_probability=model.review, warning_mode="never")


def _score(engine: Engine, model: Model, link_type: LinkType, tables: Mapping[str, str]) -> None:
    database = DuckDBAPI(connection=engine.connection)
    linker = linker_on(database, model, link_type, tables, engine.count(REGISTER))
    found = predictions(linker, model)
    levels = ", ".join(f"{level_of(field)} AS {field}" for field in FIELDS)
    left = next(iter(tables.values()))
    engine.run(f"""
        CREATE OR REPLACE TABLE scored AS
        SELECT id_l AS id, id_r AS other, probability, {levels}
        FROM (SELECT match_probability AS probability, {sides()}
            FROM {found.physical_name} AS pair
            JOIN {left} AS l ON l.id = pair.id_l JOIN {REGISTER} AS r ON r.id = pair.id_r)
    """)  # noqa: S608 - names of our own and Splink's
    linker.table_management.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]  # Splink states no type
