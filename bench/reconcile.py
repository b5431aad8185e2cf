"""Finding whom a million rows mean on a register of a million people.

* ours: rows prepared, the deterministic cascade, Splink for what is left, the decision.
* cascade: of that, preparing and the rules alone.
* floor: one exact join on number, folded name and birth date in DuckDB, nothing else.

Precision and recall are measured against what the invented rows mean; ``--spark`` scores the rest
of 100,000 rows on local Spark as well and compares the links; ``--weights`` prints what the model's
numbers would be by these rows. Every way runs in a process of its own, for its peak memory.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from _measure import keep

from labour_book.domain.places import places
from labour_book.registers.linking import Engine, model, open_engine
from labour_book.registers.linking.cascade import run_cascade
from labour_book.registers.linking.comparing import FIELDS, LEVELS, level_of, sides
from labour_book.registers.linking.deciding import decide
from labour_book.registers.linking.preparing import prepare
from labour_book.registers.linking.residue import score
from tests.support.likenesses import populate

SIZES = ((100_000, 1_000_000), (1_000_000, 1_000_000))
FEW = ((10_000, 50_000),)
MEMORY_MB = 1_700
PACKAGES = ("duckdb", "splink", "pyspark")


@dataclass
class Part:
    """One part of the work."""

    name: str
    wall_seconds: float
    cpu_seconds: float


@dataclass
class Quality:
    """Against what the rows mean."""

    links: int
    wrong_links: int
    precision_of_links: float
    rows_to_review: int
    recall_of_links: float
    recall_of_links_and_review: float
    false_reviews: int


class Clock:
    """Times the parts of a way."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.parts.append(Part(name, time.perf_counter() - wall, time.process_time() - cpu))


def ours(rows: int, people: int) -> dict[str, object]:
    clock = Clock()
    with open_engine(memory_mb=MEMORY_MB) as engine:
        populate(engine, people=people, rows=rows)
        made = peak_mib()
        with clock.part("prepare"):
            _prepare(engine)
        with clock.part("cascade"):
            run_cascade(engine)
        with clock.part("splink"):
            score(engine, model())
        with clock.part("decide"):
            decide(engine, model())
        by_rule = engine.rows("""
            SELECT rule, found.decision, count(*),
                avg((found.other IS NOT DISTINCT FROM truth.other)::INT)
            FROM found JOIN truth USING (id) GROUP BY ALL ORDER BY ALL
        """)
        by_defect = engine.rows("""
            SELECT defect, count(*),
                count(*) FILTER (id IN (SELECT id FROM found WHERE decision = 'link')),
                count(*) FILTER (id IN (SELECT f.id FROM found AS f JOIN truth AS t
                    ON f.id = t.id AND f.other = t.other))
            FROM truth WHERE other IS NOT NULL GROUP BY ALL ORDER BY 2 DESC
        """)
        quality = quality_of(engine)
        thresholds = thresholds_of(engine)
    return {
        "parts": [asdict(each) for each in clock.parts],
        "peak_mib": peak_mib(),
        "peak_mib_after_making_the_rows": made,
        "quality": asdict(quality),
        "rules": [[*each] for each in by_rule],
        "defects": [[*each] for each in by_defect],
        "thresholds": thresholds,
    }


def floor(rows: int, people: int) -> dict[str, object]:
    clock = Clock()
    with open_engine(memory_mb=MEMORY_MB) as engine:
        populate(engine, people=people, rows=rows)
        with clock.part("exact join"):
            engine.run("""
                CREATE TABLE exact AS
                SELECT l.id, r.id AS other FROM stated_given AS l JOIN register_given AS r
                ON l.personal_id = r.personal_id AND l.birth_date = r.birth_date
                    AND strip_accents(lower(l.full_name)) = strip_accents(lower(r.full_name))
            """)
    return {"parts": [asdict(each) for each in clock.parts], "peak_mib": peak_mib()}


def quality_of(engine: Engine) -> Quality:
    counted = engine.rows("""
        SELECT count(*) FILTER (found.decision = 'link'),
            count(*) FILTER (found.decision = 'link' AND found.other IS DISTINCT FROM truth.other),
            count(DISTINCT id) FILTER (found.decision = 'review'),
            count(*) FILTER (found.decision = 'link' AND found.other = truth.other),
            count(DISTINCT id) FILTER (found.other = truth.other),
            count(*) FILTER (found.decision = 'review' AND found.other IS DISTINCT FROM truth.other)
        FROM found JOIN truth USING (id)
    """)[0]
    links, wrong, reviews, right, seen, false = counted
    pairs = engine.rows("SELECT count(*) FROM truth WHERE other IS NOT NULL")[0][0]
    return Quality(
        links, wrong, 1 - wrong / max(links, 1), reviews, right / pairs, seen / pairs, false
    )


def thresholds_of(engine: Engine) -> list[list[float]]:
    """Return, for thresholds of the model's probability: pairs at or above, and share right."""
    found = []
    for least in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999):
        pairs, right = engine.rows(f"""
            SELECT count(*), avg((scored.other IS NOT DISTINCT FROM truth.other)::INT)
            FROM scored JOIN truth USING (id) WHERE probability >= {least}
        """)[0]
        found.append([least, pairs, right])
    return found


def weights(rows: int, people: int) -> dict[str, object]:
    """Return how often each level is seen among true pairs that rules left, and chance pairs."""
    with open_engine(memory_mb=4_000) as engine:
        populate(engine, people=people, rows=rows)
        _prepare(engine)
        run_cascade(engine)
        left = "(SELECT id FROM cascade WHERE decision = 'link')"
        true = f"SELECT id, other FROM truth WHERE other IS NOT NULL AND id NOT IN {left}"
        chance = """SELECT l.id, r.id AS other FROM
            (SELECT id FROM stated USING SAMPLE 1500 ROWS (reservoir, 1)) AS l,
            (SELECT id FROM register USING SAMPLE 1500 ROWS (reservoir, 1)) AS r"""
        seen = {"m": _shares(engine, true), "u": _shares(engine, chance)}
    return {
        field: {
            level: [seen[each].get((field, level), 0.0) for each in ("m", "u")]
            for level, _ in LEVELS[field]
        }
        for field in FIELDS
    }


def spark(rows: int, people: int) -> dict[str, object]:
    from labour_book.registers.linking.spark import local_spark, score_on_spark  # noqa: PLC0415 - it needs Java

    clock = Clock()
    with TemporaryDirectory() as name, open_engine(memory_mb=MEMORY_MB) as engine:
        folder = Path(name)
        populate(engine, people=people, rows=rows)
        _prepare(engine)
        run_cascade(engine)
        files = {each: folder / f"{each}.parquet" for each in ("stated", "register")}
        engine.run(f"""
            COPY (SELECT * FROM stated
                WHERE id NOT IN (SELECT id FROM cascade WHERE decision = 'link'))
            TO '{files["stated"]}'; COPY register TO '{files["register"]}'
        """)
        with clock.part("splink on duckdb"):
            score(engine, model())
        with clock.part("splink on spark"), local_spark(folder, memory_mb=4_000) as session:
            there = {(a, b): p for a, b, p in score_on_spark(session, model(), files, folder)}
        here = {(a, b): p for a, b, p in engine.rows("SELECT id, other, probability FROM scored")}
    both = here.keys() & there.keys()
    return {
        "parts": [asdict(each) for each in clock.parts],
        "pairs_on_duckdb": len(here),
        "pairs_on_spark": len(there),
        "pairs_on_both": len(both),
        "largest_difference": max((abs(here[each] - there[each]) for each in both), default=0.0),
        "peak_mib": peak_mib() + peak_mib(resource.RUSAGE_CHILDREN),
    }


def peak_mib(of: int = resource.RUSAGE_SELF) -> float:
    return resource.getrusage(of).ru_maxrss / 1024


def _prepare(engine: Engine) -> None:
    for table in ("stated", "register"):
        prepare(engine, table, places())


def _shares(engine: Engine, pairs: str) -> dict[tuple[str, str], float]:
    """Return, by field and level, the share of the pairs of which something is said."""
    levels = ", ".join(f"{level_of(field)} AS {field}" for field in FIELDS)
    engine.run(f"""
        CREATE OR REPLACE TABLE seen AS SELECT {levels}
        FROM (SELECT {sides()} FROM ({pairs}) AS pair
            JOIN stated AS l ON l.id = pair.id JOIN register AS r ON r.id = pair.other)
    """)
    return {
        (field, level): share
        for field in FIELDS
        for level, share in engine.rows(f"""
            SELECT {field}, count(*) / sum(count(*)) OVER () FROM seen
            WHERE {field} <> 'unsaid' GROUP BY ALL
        """)
    }


def _apart(
    way: Callable[[int, int], dict[str, object]], rows: int, people: int
) -> dict[str, object]:
    """Run a way in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(way, (rows, people))


def _told(rows: int, people: int, found: dict[str, dict[str, object]]) -> None:
    print(f"\n{rows:,} rows against {people:,} people")
    for name, each in found.items():
        parts = each["parts"]
        assert isinstance(parts, list)
        for part in parts:
            speed = rows / max(part["wall_seconds"], 1e-9)
            print(
                f"  {name:<8}{part['name']:<18}{part['wall_seconds']:>8.1f} s wall"
                f"{part['cpu_seconds']:>8.1f} s CPU{speed:>12,.0f} rows/s"
            )
        print(f"  {name:<8}peak {each['peak_mib']:,.0f} MiB")
        for kept in ("quality", "thresholds", "rules", "defects"):
            if kept in each:
                print(f"  {name:<8}{kept}: {each[kept]}")


def main() -> None:
    parser = argparse.ArgumentParser()
    for option in ("--quick", "--spark", "--weights"):
        parser.add_argument(option, action="store_true")
    asked = parser.parse_args()
    sizes = FEW if asked.quick else SIZES
    if asked.weights:
        print(json.dumps(_apart(weights, 200_000, 500_000), indent=1))
        return
    results = []
    for rows, people in sizes:
        ways = {"ours": ours, "floor": floor}
        if asked.spark:
            ways = {"spark": spark}
            rows = min(rows, 100_000)  # noqa: PLW2901 - Spark on one machine is shown, not raced
        found = {name: _apart(way, rows, people) for name, way in ways.items()}
        _told(rows, people, found)
        results.append({"rows": rows, "people": people, "ways": found})
        if asked.spark:
            break
    facts = {
        "packages": {name: version(name) for name in PACKAGES},
        "results": results,
    }
    keep("reconcile-spark" if asked.spark else "reconcile", facts)
    if not asked.spark:
        _fail_if_wrong(results)


def _fail_if_wrong(results: list[dict[str, object]]) -> None:
    for each in results:
        quality = each["ways"]["ours"]["quality"]  # type: ignore[index]  # as ``ours`` returns it
        if quality["precision_of_links"] < 0.999 or quality["recall_of_links_and_review"] < 0.97:
            sys.exit(f"not good enough: {quality}")


if __name__ == "__main__":
    main()
