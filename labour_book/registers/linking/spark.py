"""The same model on Spark, where one machine is not enough for a register.

The rows are prepared and judged by the rules as everywhere; Spark scores what is left. It is
loaded only where it is used: an installation that links on one machine needs neither it nor Java.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from pyspark.sql import SparkSession
from splink import SparkAPI

from labour_book.registers.linking.model import Model
from labour_book.registers.linking.residue import linker_on, predictions

Score = tuple[int, int, float]
"""Row, row of the register, probability."""


@contextmanager
def local_spark(
    folder: Path,
    *,
    memory_mb: int = 2_000,
    cores: int = 2,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[SparkSession]:
    """Start Spark on this machine, without its web pages; it works below the folder.

    ``more`` are settings of Spark by name.
    """
    settings = {
        "spark.driver.memory": f"{memory_mb}m",
        "spark.default.parallelism": str(cores),
        "spark.sql.shuffle.partitions": str(cores),
        "spark.ui.enabled": "false",
        "spark.local.dir": str(folder / "spark"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.showConsoleProgress": "false",
        **more,
    }
    builder = SparkSession.builder.master(f"local[{cores}]").appName("reconciliation")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def score_on_spark(
    session: SparkSession, model: Model, files: Mapping[str, Path], folder: Path
) -> list[Score]:
    """Score prepared rows, given as Parquet by ``stated`` and ``register``, with the same model.

    Source: the files hold what ``prepare`` makes; on a cluster they stand in encrypted storage.
    """
    session.sparkContext.setCheckpointDir(str(folder / "checkpoints"))
    database = SparkAPI(  # type: ignore[no-untyped-call]  # Splink states no type
        spark_session=session, break_lineage_method="persist", register_udfs_automatically=False
    )
    tables = {
        name: session.read.parquet(str(files[side]))
        for name, side in (("a", "stated"), ("b", "register"))
    }
    linker = linker_on(database, model, "link_only", tables, tables["b"].count())
    found = predictions(linker, model).as_spark_dataframe()
    return [
        (row.id_l, row.id_r, row.match_probability)
        for row in found.select("id_l", "id_r", "match_probability").collect()
    ]
