"""A round of checks and the four numbers over 100,000 people, against plain SQL and bare books.

* a round: everybody's books checked, findings and marks written, firms, comparisons, numbers.
* books alone: the same books assembled and thrown away; what no check of books can beat.
* measuring: the four numbers of all places, firms and registers, as the round keeps them.
* plain SQL: the same counts for the country in one statement written by hand, without the median.

Each round runs in a process of its own and says its peak memory, for a tenth of the people too: if
that grows with them, something is not streamed.
"""

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa
from _measure import interleaved, keep, quick, report

import migrations
from labour_book.database import connect, reading, transaction
from labour_book.domain.completeness import fields_on
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import books
from labour_book.queries.rows import table_of
from labour_book.services import checking, measuring
from labour_book.services.access import operator
from labour_book.services.books import books_as_of, standpoint
from labour_book.services.installation import Installation
from labour_book.tables import Employer, EmploymentFact, InsuranceFact
from tests.services import people
from tests.support.installations import installed, opened

PEOPLE, FEW = 100_000, 5_000
FIRMS = 500
AT_ONCE = 5_000
NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
PACKAGES = ("sqlalchemy",)
BY_HAND = """
    SELECT count(*), sum(p.match_state = 'MATCHED'), sum(m.missing = ' '),
           sum(NOT EXISTS (SELECT 1 FROM check_finding f WHERE f.person_id = p.id
                           AND f.cleared_at IS NULL AND f.state <> 'ignored')),
           sum(m.confirmed_on >= '2025-11-20'), {fields}
    FROM quality_mark m JOIN person p ON p.id = m.person_id
"""


def fill(folder: Path, count: int) -> None:
    """Put so many people into a new database, spread over some hundred firms."""
    engine = connect(address(folder))
    migrations.upgrade(engine)
    installed(engine, folder / "data", NOW)
    people.add_units(engine)
    for first in range(1, count + 1, AT_ONCE):
        people.add_people(engine, min(AT_ONCE, count + 1 - first), first=first)
    firm = {"registered": True, "fingerprint": bytes(16), "recorded_at": NOW}
    firms = [{"id": people.uid(9, n), "code": f"{n:010d}"} for n in range(2, FIRMS + 2)]
    with transaction(engine) as db:
        db.execute(sa.insert(table_of(Employer)), [firm | each for each in firms])
        for kind, table in ((4, table_of(EmploymentFact)), (5, table_of(InsuranceFact))):
            changed = (
                sa.update(table)
                .where(table.c.id == sa.bindparam("fact"))
                .values(employer_id=sa.bindparam("firm", type_=table.c.employer_id.type))
            )
            rows = [
                {"fact": people.uid(kind, n), "firm": people.uid(9, 2 + n % FIRMS)}
                for n in range(1, count + 1)
            ]
            db.connection().execute(changed, rows)
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    engine.dispose()


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'quality.sqlite'}"


def a_round(folder: Path, now: datetime) -> dict[str, float]:
    """Run one round in this process; return its seconds of CPU by stage, and the peak memory."""
    inst = opened(connect(address(folder)), folder / "data", NOW)
    told: dict[str, float] = {}
    started, stage = time.process_time(), "people"
    for step in checking.check(inst, by=operator("bench"), now=now, everybody=True):
        told[stage] = told.get(stage, 0.0) + time.process_time() - started
        started, stage = time.process_time(), step.stage
    told["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told


def aside(work: Callable[..., dict[str, float]], *given: object) -> dict[str, float]:
    """Run something in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def books_alone(inst: Installation, count: int) -> int:
    with reading(inst.engine) as db:
        at = standpoint(db, as_of=vietnam_day(NOW), known_at=NOW)
        after, done = None, 0
        while done < count:
            ids = books.person_ids_after(db, after, limit=checking.BATCH)
            done += sum(1 for _ in books_as_of(db, inst.vault, ids, {}, at=at, places=inst.places))
            after = ids[-1]
    return done


def measure(folder: Path, count: int, rounds: int) -> None:
    inst = opened(connect(address(folder)), folder / "data", NOW)

    lacks = ", ".join(
        f"sum(m.missing LIKE '%% {name} %%')" for name, _ in fields_on(vietnam_day(NOW))
    )
    by_hand_sql = BY_HAND.format(fields=lacks)

    def measured(kinds: tuple[str, ...] = measuring.KINDS) -> int:
        with transaction(inst.engine) as db:
            for kind in kinds:
                measuring.measure(db, kind, now=NOW)
        return count

    def by_hand() -> int:
        with inst.engine.connect() as connection:
            connection.exec_driver_sql(by_hand_sql).one()
        return count

    ways = {
        "measuring, the country": partial(measured, ("country",)),
        "measuring, all scopes": measured,
        "plain SQL, the country": by_hand,
    }
    done = interleaved(ways, rounds=rounds)
    report("quality measuring", done, unit="people", goal="streams", packages=PACKAGES)


def main() -> None:
    count, rounds = (FEW, 3) if quick() else (PEOPLE, 3)
    kept: dict[str, dict[str, float]] = {}
    with TemporaryDirectory() as name:
        for size in (count // 10, count):
            folder = Path(name) / str(size)
            folder.mkdir()
            fill(folder, size)
            kept[str(size)] = aside(a_round, folder, NOW)
        inst = opened(connect(address(folder)), folder / "data", NOW)
        started = time.process_time()
        books_alone(inst, count)
        bare = time.process_time() - started
        measure(folder, count, rounds)
    whole = kept[str(count)]
    seconds = sum(value for stage, value in whole.items() if stage != "mib")
    growth = whole["mib"] / kept[str(count // 10)]["mib"]
    told = {"people": count, "books_alone_seconds": bare, "rounds": kept}
    print(f"\na round over {count:,} people: {count / seconds:,.0f} people per second of CPU")
    print(f"  books alone {count / bare:,.0f} per second: ours/this {bare / seconds:.3f}")
    print("  " + ", ".join(f"{stage} {value:,.1f} s" for stage, value in islice(whole.items(), 4)))
    print(
        f"  peak memory {whole['mib']:,.0f} MiB; of a tenth of the people {growth:.2f} times less"
    )
    keep("quality-round", told)
    if growth > 2:
        sys.exit("memory grows with the people")


if __name__ == "__main__":
    main()
