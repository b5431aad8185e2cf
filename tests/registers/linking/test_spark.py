"""The same model on Spark: the same pairs with the same probability. Needs Java 17."""

from pathlib import Path

import pytest

from labour_book.domain.places import places
from labour_book.registers.linking import model, open_engine
from labour_book.registers.linking.cascade import run_cascade
from labour_book.registers.linking.preparing import prepare
from labour_book.registers.linking.residue import score
from tests.support.likenesses import populate

PEOPLE, ROWS = 300, 200
QUICK = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
"""For a few rows compiling costs more than it saves."""


@pytest.mark.faults  # starting Java alone takes longer than the tests of most files
@pytest.mark.timeout(180)
# PySpark leaves the sockets to its Java process to be closed at the end of our own.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_scores_on_spark_are_those_on_duckdb(tmp_path: Path) -> None:
    from labour_book.registers.linking.spark import (  # noqa: PLC0415 - loads what starts Java
        local_spark,
        score_on_spark,
    )

    with open_engine(memory_mb=400) as engine:
        populate(engine, people=PEOPLE, rows=ROWS)
        for table in ("stated", "register"):
            prepare(engine, table, places())
        run_cascade(engine)
        files = {each: tmp_path / f"{each}.parquet" for each in ("stated", "register")}
        engine.run(f"COPY stated TO '{files['stated']}'; COPY register TO '{files['register']}'")
        engine.run("UPDATE cascade SET decision = 'review'")  # so that all rows are scored
        score(engine, model())
        here = {
            (row, other): p
            for row, other, p in engine.rows("SELECT id, other, probability FROM scored")
        }
    with local_spark(tmp_path, memory_mb=700, cores=1, more=QUICK) as session:
        there = {
            (row, other): p for row, other, p in score_on_spark(session, model(), files, tmp_path)
        }

    assert len(here) > 0.9 * ROWS
    assert there.keys() == here.keys()
    assert all(abs(there[pair] - here[pair]) < 1e-9 for pair in here)
