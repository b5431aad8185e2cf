"""Rows imported per second, against the parser alone and the parser with a raw insert.

    python bench/imports.py [--rows 200000] [--rounds 3] [--quick]

*ours*: ``import_file`` of an insurance extract: matching, facts, receipts. *parser*: the typed
reader alone. *raw*: reader, and the same rows into the same tables (facts and receipts, indexes in
place) by the driver's own executemany or COPY, one transaction per 2,000 rows. *again*: the same
file a second time, when every row is on record. Wall clock, because the database does half of it.
"""

import argparse
import csv
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from _measure import keep

import migrations
from labour_book.database import Db, connect, insert_rows, transaction
from labour_book.domain.employers import enterprise_code_is_valid
from labour_book.garbage import look_seldom
from labour_book.queries.rows import table_of
from labour_book.queries.vault import Vault
from labour_book.registers import KINDS, InsuranceRow
from labour_book.services.collection import import_file
from labour_book.tables import InsuranceFact, RowReceipt
from signing import BlindIndex, Sealer
from tests.support import postgres

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
STATED = datetime(2026, 11, 1, tzinfo=UTC)
VAULT = Vault(Sealer(bytes(range(32))), BlindIndex(bytes(range(32, 64))))
ROWS_PER_PERSON = 10
BATCH = 2_000
GOAL = 0.5
SYLLABLES = [
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hà",
    "Khánh",
    "Lan",
    "Minh",
    "Nga",
    "Oanh",
    "Phúc",
    "Quang",
    "Sơn",
    "Thủy",
    "Uyên",
    "Vân",
]
CODES = [
    code
    for number in range(1_000_000_000, 1_000_010_000)
    if enterprise_code_is_valid(code := str(number))
][:500]
FAMILIES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô"]


def main() -> None:
    look_seldom()  # as the commands do; the limit gains by it as ours does
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=200_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--quick", action="store_true")
    chosen = arguments.parse_args()
    rows, rounds = (20_000, 3) if chosen.quick else (chosen.rows, chosen.rounds)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        people, periods = files(folder, rows)
        results = {
            "sqlite": measure(sqlite(folder, people), periods, rounds),
            "postgresql": on_postgres(folder, people, periods, rounds),
        }
    report(results, rows)


Databases = Callable[[], Any]
"""Opens a new database that has the people and nothing else."""


def measure(fresh: Databases, periods: Path, rounds: int) -> dict[str, float]:
    rates: dict[str, list[float]] = {"parser": [], "raw": [], "ours": [], "again": []}
    for _ in range(rounds):
        rates["parser"].append(rate(lambda: parse(periods)))
        with fresh() as engine:
            rates["raw"].append(rate(lambda engine=engine: parse_and_insert(engine, periods)))
        with fresh() as engine:
            rates["ours"].append(rate(lambda engine=engine: ours(engine, "insurance", periods)))
            rates["again"].append(rate(lambda engine=engine: ours(engine, "insurance", periods)))
    pairs = zip(rates["ours"], rates["raw"], strict=True)
    middle = {name: round(statistics.median(each), 1) for name, each in rates.items()}
    return middle | {"ours_to_raw": round(statistics.median(a / b for a, b in pairs), 3)}


def rate(work: Callable[[], int]) -> float:
    start = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - start)


def parse(path: Path) -> int:
    return sum(1 for _ in KINDS["insurance"].read(path))


def ours(engine: sa.Engine, kind: str, path: Path) -> int:
    return import_file(engine, VAULT, kind, path, by="bench", now=NOW).rows_done


def parse_and_insert(engine: sa.Engine, path: Path) -> int:
    """Write what the importer would, without thinking: the same tables, one and the same person."""
    facts, receipts = table_of(InsuranceFact), table_of(RowReceipt)
    with transaction(engine) as db:
        person_id = db.execute(sa.text("SELECT id FROM person LIMIT 1")).scalar_one()
    typed = engine.dialect.name == "postgresql"  # SQLite's driver takes what is stored, as text
    write = insert_rows if typed else raw_insert
    made = uuid4()
    run_id, at = (made, STATED) if typed else (str(made), f"{STATED:%Y-%m-%d %H:%M:%S}")
    with transaction(engine) as db:
        add_run(db, str(made))
    done, parsed = 0, KINDS["insurance"].read(path)
    while some := list(islice(parsed, BATCH)):
        with transaction(engine) as db:
            names = (uuid4() if typed else uuid4().hex for _ in some)
            rows = [
                fact(each.row, new, person_id, at, run_id)
                for each, new in zip(some, names, strict=True)
            ]
            write(db, facts, rows)
            write(
                db,
                receipts,
                [receipt(run_id, done + n, person_id) for n in range(1, len(some) + 1)],
            )
        done += len(some)
    return done


def raw_insert(db: Db, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"
    driver = db.connection().connection.driver_connection
    driver.executemany(sql, [tuple(row.values()) for row in rows])


def fact(
    row: InsuranceRow, new: UUID | str, person_id: object, at: datetime | str, run_id: UUID | str
) -> dict[str, Any]:
    return {
        "id": new,
        "person_id": person_id,
        "source": "INSURANCE",
        "source_ref": str(new),
        "fingerprint": b"0123456789abcdef",
        "stated_at": at,
        "recorded_at": at,
        "recorded_by": "bench",
        "run_id": run_id,
        "flags": "",
        "employer_id": None,
        "employer_code": row.enterprise_code,
        "employer_name": row.unit_name,
        "first_month": str(row.first_month),
        "last_month": str(row.last_month),
        "position": row.position,
        "wage_base_vnd": row.wage_base_vnd,
        "fund_si": True,
        "fund_ui": True,
        "fund_hi": True,
        "fund_vol": False,
        "status": row.status,
    }


def receipt(run_id: UUID | str, ordinal: int, person_id: object) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "ordinal": ordinal,
        "row_number": ordinal + 1,
        "outcome": "created",
        "person_id": person_id,
        "matched_by": "PERSONAL_ID",
        "statement_key": ordinal,
    }


def add_run(db: Db, run_id: str) -> None:
    sql = (
        "INSERT INTO import_run (id, kind, file_name, file_sha256, file_bytes, state, rows_done,"
        " counts, started_at, recorded_by) VALUES (:id, 'bench', 'bench', 'bench', 0, 'done', 0,"
        " '{}', '2026-11-01 00:00:00', 'bench')"
    )
    db.execute(sa.text(sql), {"id": run_id})


def files(folder: Path, rows: int) -> tuple[Path, Path]:
    """Write an extract of the population, and one of their insured periods."""
    people, periods = folder / "population.csv", folder / "insurance.csv"
    header = "personal_id full_name birth_date sex ethnic_code residence_commune_code status"
    with (
        people.open("w", encoding="utf-8", newline="") as one,
        periods.open("w", encoding="utf-8", newline="") as two,
    ):
        population, insurance = csv.writer(one), csv.writer(two)
        population.writerow([*header.split(), "status_date", "old_ids"])
        insurance.writerow(KINDS["insurance"].columns)
        for number in range(rows // ROWS_PER_PERSON):
            pin, name, birth = person(number)
            population.writerow([pin, name.upper(), birth, "Nam", "01", "00004", "ALIVE", "", ""])
            insurance.writerows(periods_of(number, pin, name, birth))
    return people, periods


def person(number: int) -> tuple[str, str, str]:
    year = 1960 + number % 40
    name = " ".join(
        [
            FAMILIES[number % len(FAMILIES)],
            SYLLABLES[number // 7 % len(SYLLABLES)],
            SYLLABLES[number // 119 % len(SYLLABLES)],
        ]
    )
    return (
        f"0010{year % 100:02}{number:06}",
        name,
        f"{year}-{number % 12 + 1:02}-{number % 28 + 1:02}",
    )


def periods_of(number: int, pin: str, name: str, birth: str) -> Iterator[list[str]]:
    for step in range(ROWS_PER_PERSON):
        year = 2014 + step
        old = step < ROWS_PER_PERSON // 2
        yield [
            f"01{number:08}" if old else pin,
            "" if step == 1 else pin,
            name,
            birth,
            "Nam",
            CODES[(number + step) % len(CODES)],
            f"Công ty TNHH số {(number + step) % len(CODES)}",
            f"{year}-01",
            f"{year}-12",
            "Công nhân may công nghiệp",
            str(5_000_000 + step * 100_000),
            "SI;HI;UI",
            "contributed",
            f"{year + 1}-01-15",
        ]


def sqlite(folder: Path, people: Path) -> Databases:
    pattern = folder / "pattern.sqlite"
    engine = connect(f"sqlite:///{pattern}")
    migrations.upgrade(engine)
    ours(engine, "population", people)
    engine.dispose()

    @contextmanager
    def fresh() -> Iterator[sa.Engine]:
        path = folder / "round.sqlite"
        shutil.copy(pattern, path)
        engine = connect(f"sqlite:///{path}")
        yield engine
        engine.dispose()
        for left in folder.glob("round.sqlite*"):
            left.unlink()

    return fresh


def on_postgres(folder: Path, people: Path, periods: Path, rounds: int) -> dict[str, float]:
    (folder / "pg").mkdir()
    with postgres.started(folder / "pg") as server:

        @contextmanager
        def fresh() -> Iterator[sa.Engine]:
            with server.database(template=migrations.upgrade) as engine:
                ours(engine, "population", people)
                yield engine

        return measure(fresh, periods, rounds)


def report(results: dict[str, dict[str, float]], rows: int) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"insurance rows imported per second; {rows:,} rows, batches of {BATCH:,}\n")
    print(
        f"{'database':12}{'parser':>10}{'raw':>10}{'ours':>10}{'again':>10}{'ours/raw':>10}  goal"
    )
    for name, each in results.items():
        met = "met" if each["ours_to_raw"] >= GOAL else "missed"
        print(
            f"{name:12}{each['parser']:10,.0f}{each['raw']:10,.0f}{each['ours']:10,.0f}"
            f"{each['again']:10,.0f}{each['ours_to_raw']:10.3f}  {GOAL} {met}"
        )
    print(f"peak memory of the importing process: {memory} MiB")
    facts = {
        "sqlalchemy": sa.__version__,
        "rows": rows,
        "unit": "rows per second, wall clock, median of the rounds",
        "peak_mib": memory,
    }
    keep("imports", {"facts": facts, "results": results})


if __name__ == "__main__":
    main()
