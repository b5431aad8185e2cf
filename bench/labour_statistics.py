"""The statistics of a million people: counting a month, and reading what was counted.

* ours: the rows read out of the database in portions, counted, hashed and kept.
* same counts in DuckDB: the same SQL over the same rows, which lie in DuckDB already.
* reading ours: the structure of a province from the prepared tables, as the page asks for it.
* bare query: the same cells by their key through the driver alone.

Counting runs for one month and for six; the people are read once for all of them.
"""

import argparse
import os
import resource
import sqlite3
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import sqlalchemy as sa
from _measure import interleaved, report

import migrations
from labour_book.database import connect, reading
from labour_book.domain.evidence import STALE_AFTER_MONTHS
from labour_book.domain.months import Month
from labour_book.domain.statistics import Basis, StatisticsRules
from labour_book.queries import statistics, statistics_rows
from labour_book.queries.statistics_rows import Some
from labour_book.registers import counting as sums
from labour_book.registers.linking import Engine
from labour_book.services import counting
from labour_book.services.access import operator
from labour_book.services.installation import Installation
from tests.support.installations import installed

PEOPLE, FEW = 1_000_000, 30_000
FIRMS = 5_000
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
PACKAGES = ("duckdb", "pyarrow", "sqlalchemy")
READS = 300
FACT = "source, source_ref, fingerprint, stated_at, recorded_at, recorded_by, flags"
STATED = "zeroblob(16), '2026-11-13 02:00:00.000000', '2026-11-13 02:00:00.000000', 'bench', ''"
FILL = (
    """INSERT INTO employer (id, code, registered, vsic_code, commune_code, zone, zone_kind,
        fingerprint, recorded_at)
    SELECT printf('%032x', n), printf('%010d', n), 1, printf('%02d', 10 + n % 24),
        (SELECT code FROM some_commune WHERE n % {communes} = at),
        CASE n % 5 WHEN 0 THEN 'KCN ' || n % 300 WHEN 1 THEN 'KCX ' || n % 40 END,
        CASE n % 5 WHEN 0 THEN 'KCN' WHEN 1 THEN 'KCX' END, zeroblob(16),
        '2026-11-13 02:00:00.000000' FROM num WHERE n <= {firms}""",
    """INSERT INTO person (id, full_name, search_key, birth_date, birth_year, sex,
        residence_commune, life_status, match_state, created_at, changed_at)
    SELECT printf('%032x', n), 'N', 'n', 1955 + n % 57, 1955 + n % 57, substr('FM', 1 + n % 2, 1),
        (SELECT code FROM some_commune WHERE (n * 7919) % {communes} = at), 'ALIVE', 'MATCHED',
        '2026-11-13 02:00:00.000000', '2026-11-13 02:00:00.000000' FROM num""",
    """INSERT INTO insurance_fact (id, person_id, {fact}, employer_code, employer_name, first_month,
        last_month, position, wage_base_vnd, fund_si, fund_ui, fund_hi, fund_vol, status)
    SELECT printf('%032x', n), printf('%032x', n), 'INSURANCE', 'i' || n, {stated},
        printf('%010d', 1 + (n * 31) % {firms}), 'F',
        printf('%04d-%02d', 2015 + n % 11, 1 + n % 12),
        CASE WHEN n % 9 = 0 THEN printf('2026-%02d', 4 + n % 6) END, 'P', 5000000 + n % 900000,
        1, 1, 1, 0, 'contributed' FROM num WHERE n % 20 < 8""",
    """INSERT INTO insurance_fact (id, person_id, {fact}, employer_code, employer_name, first_month,
        last_month, position, wage_base_vnd, fund_si, fund_ui, fund_hi, fund_vol, status)
    SELECT printf('f%031x', n), printf('%032x', n), 'INSURANCE', 'j' || n, {stated},
        printf('%010d', 1 + (n * 37) % {firms}), 'F', printf('2026-%02d', 5 + n % 6), NULL, 'P',
        5000000, 1, 1, 1, 0, 'contributed' FROM num WHERE n % 9 = 0 AND n % 20 < 8""",
    """INSERT INTO employment_fact (id, person_id, {fact}, employer_code, employer_name, position,
        occupation_code, first_day, running, suspended, workplace_commune)
    SELECT printf('%032x', n), printf('%032x', n), 'CONTRACT_PLATFORM', 'c' || n, {stated},
        printf('%010d', 1 + (n * 31) % {firms}), 'F', 'P', printf('%d%d', 2 + n % 7, 1 + n % 3),
        printf('%04d-%02d-01', 2015 + n % 11, 1 + n % 12), 1, 0, NULL
    FROM num WHERE n % 20 < 5""",
    """INSERT INTO profile_fact (id, person_id, {fact}, kind, body)
    SELECT printf('%032x', n), printf('%032x', n), 'FORM03', 'p' || n, {stated}, 'form03',
        json_object('economic_activity', CASE n % 4 WHEN 0 THEN 'UNEMPLOYED' WHEN 1 THEN 'INACTIVE'
        ELSE 'EMPLOYED' END, 'technical_qualification', CASE n % 3 WHEN 0 THEN 'NONE'
        ELSE 'ELEMENTARY' END) FROM num WHERE n % 20 >= 6 AND n % 20 < 14""",
    """INSERT INTO qualification_fact (id, person_id, {fact}, kind, level, field, issuer, issued_on,
        number)
    SELECT printf('%032x', n), printf('%032x', n), 'QUALIFICATION_REGISTER', 'q' || n, {stated},
        'DIPLOMA', 1 + n % 8, 'F', 'I', 1990 + n % 34, n FROM num WHERE n % 10 < 3""",
)
"""People in turn: insured (four in ten), moved of late, contracts, forms, diplomas."""


def fill(engine: sa.Engine, folder: Path, count: int) -> Installation:
    """Put so many invented people into a new database, all in one statement for each table."""
    migrations.upgrade(engine)
    inst = installed(engine, folder / "data", NOW)
    codes = sorted(inst.places.communes)[::7]
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("CREATE TEMP TABLE num (n INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TEMP TABLE some_commune (at INTEGER PRIMARY KEY, code)")
        rows = list(enumerate(codes))
        connection.exec_driver_sql("INSERT INTO some_commune VALUES (?, ?)", rows)
        for first in range(1, count + 1, 100_000):
            numbers = [(n,) for n in range(first, min(first + 100_000, count + 1))]
            connection.exec_driver_sql("INSERT INTO num VALUES (?)", numbers)
        for sql in FILL:
            words = {"fact": FACT, "stated": STATED, "communes": len(codes), "firms": FIRMS}
            connection.exec_driver_sql(sql.format(**words))
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    return inst


def with_months(inst: Installation, months: int) -> Installation:
    """Return the installation counting so many months, each of them every time."""
    return replace(inst, statistics=StatisticsRules(kept_months=months, settling_months=99))


def counted(inst: Installation, count: int) -> int:
    done = list(counting.count(inst, by=operator("bench"), now=NOW))
    return count * len(done)


def loaded(inst: Installation, months: list[Month]) -> tuple[Engine, ExitStack]:
    """Return a database in memory with all rows in it, and what closes it."""
    closing = ExitStack()
    db = closing.enter_context(reading(inst.engine))
    engine = closing.enter_context(
        sums.open_counting(
            inst.places,
            statistics_rows.firms(db),
            months,
            reported=months[-1],
            stale=STALE_AFTER_MONTHS,
        )
    )
    engine.run("SET memory_limit = '8GB'")  # all rows at once, which ours never holds
    everybody = Some(until=UUID(int=2**128 - 1))
    span = (months[0].plus(-1), months[-1])
    for name, columns in sums.TABLES.items():
        engine.fill(name, columns, statistics_rows.rows(db, name, everybody, *span))
    return engine, closing


def in_memory(engine: Engine, months: list[Month], count: int) -> int:
    """Count the rows that lie there already."""
    engine.run("DELETE FROM counted")
    engine.run("DELETE FROM moved")
    sums.derive(engine)
    sums.count(engine)
    for month in months:
        sums.cells(engine, month)
        sums.moves(engine, month)
    return count * len(months)


def measure_counting(inst: Installation, months: int, count: int, rounds: int) -> None:
    ours = with_months(inst, months)
    last = Month.parse("2026-10")
    wanted = [last.plus(-back) for back in reversed(range(months))]
    engine, closing = loaded(inst, wanted)
    with closing:
        ways = {
            "ours, out of SQLite and kept": partial(counted, ours, count),
            "same counts, rows in DuckDB": partial(in_memory, engine, wanted, count),
        }
        topic = f"statistics of {months} month" + "s" * (months > 1)
        done = interleaved(ways, rounds=rounds)
        print(f"\n{count:,} people, load {os.getloadavg()[0]:.1f}")
        report(topic, done, unit="people", goal="ours/this >= 0.333", packages=PACKAGES)


def measure_reading(inst: Installation, rounds: int) -> None:
    driver = sqlite3.connect(inst.engine.url.database or "")
    sql = """SELECT * FROM statistic_cell WHERE month = ? AND basis = ?
        AND place_code = ? ORDER BY dimension, code, sex"""

    def ours() -> int:
        for _ in range(READS):
            with reading(inst.engine) as db:
                statistics.cells(db, "2026-10", Basis.WORKERS, "01")
        return READS

    def bare() -> int:
        for _ in range(READS):
            driver.execute(sql, ("2026-10", "workers", "01")).fetchall()
        return READS

    ways = {"the structure of a province": ours, "bare query": bare}
    done = interleaved(ways, rounds=rounds)
    report("reading statistics", done, unit="reads", goal="ours/this >= 0.333", packages=PACKAGES)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--people", type=int, default=PEOPLE)
    asked = parser.parse_args()
    count = FEW if asked.quick else asked.people
    with TemporaryDirectory() as name:
        folder = Path(name)
        engine = connect(f"sqlite:///{folder / 'statistics.sqlite'}")
        started = time.perf_counter()
        inst = fill(engine, folder, count)
        print(f"{count:,} people made in {time.perf_counter() - started:,.0f} s")
        for months in (1, 6):
            measure_counting(inst, months, count, rounds=3)
        measure_reading(inst, rounds=5)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"peak memory {peak:,.0f} MiB, with all rows in memory for the comparison")


if __name__ == "__main__":
    main()
