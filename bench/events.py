"""One cycle of notifications, against the file import of the same rows in the same run.

    python -m bench.events [--rows 100000] [--postgres] [--issued] [--quick]

*file*: ``import_file`` of the insurance extract. *inbox*: the same rows as notifications into the
inbox (read, sealed, stored). *cycle*: until each of them is a fact, in the register's order, with
lines looked over. *again*: the same notifications once more. With ``--issued`` everybody has a
book, and each whose content changes gets a new signed version within the cycle. Wall clock and CPU
time; the peak is measured after 1/10 of the rows and at the end, to see whether it grows with them.
"""

import argparse
import csv
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from _measure import keep

import migrations
from bench.imports import NOW, VAULT, files, ours, sqlite
from labour_book.garbage import look_seldom
from labour_book.services.applying_events import Cycle, run_cycle
from labour_book.services.bulk_issuing import issue_all
from labour_book.services.callers import operator
from labour_book.services.installation import Installation
from labour_book.services.receiving_events import import_events
from tests.support import postgres
from tests.support.installations import installed

BY = operator("bench")


def main() -> None:
    look_seldom()  # as the commands do; the limit gains by it as ours does
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--postgres", action="store_true")
    arguments.add_argument("--issued", action="store_true")
    arguments.add_argument("--quick", action="store_true")
    chosen = arguments.parse_args()
    rows = 10_000 if chosen.quick else chosen.rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people, periods = files(folder, rows)
        told = notifications(folder / "events.jsonl", periods)
        with databases(folder, people, on_postgres=chosen.postgres) as fresh:
            results = measure(fresh, folder, periods, told, issued=chosen.issued)
    report(results, rows, "postgresql" if chosen.postgres else "sqlite", issued=chosen.issued)


def notifications(path: Path, periods: Path) -> Path:
    """Write the rows of an extract as notifications, an instant after one another."""
    with periods.open(encoding="utf-8") as source, path.open("w", encoding="utf-8") as target:
        for number, row in enumerate(csv.DictReader(source)):
            known = NOW - timedelta(days=1) + timedelta(milliseconds=number)
            envelope = {
                "message_id": f"bench-{number}",
                "service": "insurance.changed",
                "version": "1",
                "data_as_of": known.isoformat(),
                "body": row,
            }
            target.write(json.dumps(envelope, ensure_ascii=False) + "\n")
    return path


@contextmanager
def databases(folder: Path, people: Path, *, on_postgres: bool) -> Iterator[Callable[[], object]]:
    if not on_postgres:
        yield sqlite(folder, people)
        return
    (folder / "pg").mkdir()
    with postgres.started(folder / "pg") as server:

        @contextmanager
        def fresh() -> Iterator[sa.Engine]:
            with server.database(template=migrations.upgrade) as engine:
                ours(engine, "population", people)
                yield engine

        yield fresh


def measure(
    fresh: Callable[[], object], folder: Path, periods: Path, told: Path, *, issued: bool
) -> dict[str, float]:
    results: dict[str, float] = {}
    with fresh() as engine:  # type: ignore[attr-defined]  # a context manager of an engine
        results |= timed("file", lambda: ours(engine, "insurance", periods))
    with fresh() as engine:  # type: ignore[attr-defined]  # a context manager of an engine
        inst = replace(installed(engine, folder / "data", NOW), vault=VAULT)
        if issued:
            issue_all(inst, by=BY, now=NOW - timedelta(days=2))
        results |= timed("inbox", lambda: taken(inst, told))
        peaks: list[int] = []
        results |= timed("cycle", lambda: cycle(inst, peaks))
        results |= timed("again", lambda: taken(inst, told) + cycle(inst, []))
        results["peak_mib_early"] = peaks[len(peaks) // 10]
        results["peak_mib"] = peak()
    results["cycle_to_file"] = results["cycle"] / results["file"]
    both = 1 / (1 / results["inbox"] + 1 / results["cycle"])
    results["both_to_file"] = both / results["file"]
    return {name: round(value, 3) for name, value in results.items()}


def timed(name: str, work: Callable[[], int]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {name: done / wall, f"{name}_per_cpu_second": done / max(cpu, 1e-9)}


def taken(inst: Installation, told: Path) -> int:
    done = import_events(inst, told, by=BY, now=NOW)
    assert not done.refused_count
    return done.taken + done.known


def cycle(inst: Installation, peaks: list[int]) -> int:
    def note(_: Cycle) -> None:
        peaks.append(peak())

    return run_cycle(inst, by=BY, clock=lambda: NOW, on_progress=note).done


def peak() -> int:
    """Return the greatest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def report(results: dict[str, float], rows: int, database: str, *, issued: bool) -> None:
    print(f"\n{rows:,} changed rows of the insurance register on {database}, rows per second")
    for name in ("file", "inbox", "cycle", "again"):
        cpu = results[f"{name}_per_cpu_second"]
        print(f"  {name:8}{results[name]:10,.0f} wall{cpu:12,.0f} per CPU second")
    cycle_to_file, both_to_file = results["cycle_to_file"], results["both_to_file"]
    print(f"  cycle / file {cycle_to_file:.2f}; with the inbox {both_to_file:.2f}")
    minutes = 1_000_000 / results["cycle"] / 60
    print(f"  1,000,000 rows at that rate: {minutes:.1f} minutes of cycle")
    early, last = results["peak_mib_early"], results["peak_mib"]
    print(f"  peak {early:.0f} MiB early, {last:.0f} MiB at the end")
    facts = {"rows": rows, "database": database, "issued": issued}
    name = "events-with-books" if issued else "events"
    keep(name, {"facts": facts, "results": results})


if __name__ == "__main__":
    main()
