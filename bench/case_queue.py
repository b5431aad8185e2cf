"""Pages and filters of a queue in 100,000 correction cases, with the plan the database makes.

* ours: the page as ``queries/correction_queue.py`` asks for it, along the index of the queue.
* by offset: the same page reached by skipping the ones before it, as page numbers do.

The plan of every page and filter is kept beside the figures, for SQLite and PostgreSQL; it fails
if any of them scans the whole table of cases.
"""

import random
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from _measure import interleaved, keep, quick, report

import migrations
from labour_book.database import connect, insert_rows, reading, transaction
from labour_book.domain.correction_fields import CaseKind
from labour_book.domain.corrections import CaseState
from labour_book.queries import correction_queue
from labour_book.queries.correction_queue import Wanted, queue_query, queued
from labour_book.queries.corrections import case_of
from labour_book.queries.rows import table_of
from labour_book.tables import CorrectionCase, Person
from tests.support import postgres

CASES, FEW = 100_000, 20_000
PAGE = 50
AT_ONCE = 5_000
TODAY = date(2026, 11, 20)
UNITS = 40
BUSY = "commune:UB-00000"
"""Has a third of all cases; the others share the rest."""
PACKAGES = ("sqlalchemy", "psycopg")
_DEEP = 0.5


def wanted(deep: correction_queue.Key) -> dict[str, Wanted]:
    """Return the pages and filters whose plans are kept."""
    return {
        "first page": Wanted([BUSY]),
        "deep page": Wanted([BUSY], after=deep),
        "overdue": Wanted([BUSY], due_before=TODAY),
        "not overdue": Wanted([BUSY], due_from=TODAY),
        "mine": Wanted([BUSY], claimed_by="c1"),
        "free": Wanted([BUSY], unclaimed=True),
        "of others": Wanted([BUSY], not_claimed_by="c1"),
        "asked for more": Wanted([BUSY], states=[CaseState.MORE_NEEDED]),
        "insurance only": Wanted([BUSY], kinds=[CaseKind.INSURANCE]),
        "units below": Wanted([f"commune:UB-{each:05d}" for each in range(1, UNITS)]),
    }


def fill(engine: sa.Engine, count: int) -> None:
    """Put in so many cases, each in some unit's queue, due within some weeks."""
    draw = random.Random(7)  # noqa: S311 - the same cases each time
    now = datetime(2026, 11, 1, tzinfo=UTC)
    person = {"id": UUID(int=1), "full_name": "X", "search_key": "x", "life_status": "ALIVE"}
    stamped = {"match_state": "MATCHED", "created_at": now, "changed_at": now}
    with transaction(engine) as db:
        insert_rows(db, table_of(Person), [person | stamped])
    numbers = iter(range(1, count + 1))
    while some := list(islice(numbers, AT_ONCE)):
        with transaction(engine) as db:
            insert_rows(db, table_of(CorrectionCase), [row(each, draw, now) for each in some])
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def row(number: int, draw: random.Random, now: datetime) -> dict[str, Any]:
    unit = 0 if draw.random() < 1 / 3 else draw.randrange(UNITS)
    claimed = draw.choice([None, None, "c1", "c2"])
    return {
        "id": UUID(int=(number << 64) | draw.getrandbits(64)),
        "number": f"YC-{number:08d}",
        "person_id": UUID(int=1),
        "kind": draw.choice(["employment", "employment", "insurance", "qualification"]),
        "ask": "change",
        "line_facts": "[]",
        "changes": '[{"field": "first_day", "before": "a", "after": "b", "accepted": null}]',
        "employer_code": f"{draw.randrange(10**10):010d}",
        "employer_name": "X",
        "assurance": "CONTRACT_MATCHED",
        "declared_kind": "worker",
        "declared_by": "w",
        "assisted": False,
        "created_at": now,
        "submitted_at": now,
        "state": draw.choice(["routed", "routed", "routed", "proposed", "more_needed"]),
        "state_since": now,
        "revision": 3,
        "owner_kind": "commune",
        "owner_code": f"UB-{unit:05d}",
        "queue": f"commune:UB-{unit:05d}",
        "due_on": TODAY + timedelta(days=draw.randrange(-30, 30)),
        "escalations": 0,
        "claimed_by": claimed,
        "claimed_name": claimed,
        "claimed_at": now if claimed else None,
        "high_impact": False,
        "alternative": False,
    }


def plan_of(engine: sa.Engine, asked: Wanted) -> list[str]:
    """Return how the database goes about a page: the plan of the very statement that is sent."""
    sent: list[tuple[str, Any]] = []

    def note(*given: object) -> None:
        sent.append((str(given[2]), given[3]))

    with engine.connect() as connection:
        sa.event.listen(connection, "before_cursor_execute", note)
        connection.execute(queue_query(asked, PAGE)).all()
        sa.event.remove(connection, "before_cursor_execute", note)
        statement, values = sent[0]
        explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
        rows = connection.exec_driver_sql(f"{explain} {statement}", values).all()
    return [str(each[-1]) for each in rows]


def scans(plan: list[str]) -> bool:
    """Say whether a plan reads the whole table of cases, or sorts what it has found.

    A walk along an index in its order is none: it ends when the page is full. So goes SQLite
    through the deadlines when many queues are wanted at once.
    """
    return any(
        ("SCAN correction_case" in line and "USING INDEX" not in line)
        or "Seq Scan on correction_case" in line
        or "TEMP B-TREE" in line
        for line in plan
    )


def told(plan: list[str]) -> str:
    """Return the line of a plan that says how cases are found."""
    return next((line.strip() for line in plan if "correction_case" in line), plan[0])


@contextmanager
def engines(folder: Path) -> Iterator[Mapping[str, sa.Engine]]:
    (folder / "postgres").mkdir()
    with (
        postgres.started(folder / "postgres") as server,
        server.database(template=migrations.upgrade) as elephant,
    ):
        file = connect(f"sqlite:///{folder / 'queue.sqlite'}")
        migrations.upgrade(file)
        yield {"sqlite": file, "postgresql": elephant}


def deep_key(engine: sa.Engine) -> correction_queue.Key:
    """Return where the middle of the busy queue is."""
    with reading(engine) as db:
        found = queued(db, Wanted([BUSY]), limit=10**6)
    middle = found[int(len(found) * _DEEP)]
    assert middle.due_on is not None
    return middle.due_on, middle.id


def main() -> None:
    count, rounds = (FEW, 3) if quick() else (CASES, 7)
    plans: dict[str, dict[str, list[str]]] = {}
    with TemporaryDirectory() as folder, engines(Path(folder)) as found:
        for name, engine in found.items():
            fill(engine, count)
            asked = wanted(deep_key(engine))
            plans[name] = {topic: plan_of(engine, each) for topic, each in asked.items()}
            measure(name, engine, asked, rounds)
    keep("case-queue-plans", {"cases": count, "plans": plans})
    bad = [(name, topic) for name, of in plans.items() for topic, plan in of.items() if scans(plan)]
    for name, of in plans.items():
        for topic, plan in of.items():
            print(f"{name:>11}  {topic:<16} {told(plan)}")
    if bad:
        sys.exit(f"scans all cases: {bad}")


def measure(name: str, engine: sa.Engine, asked: Mapping[str, Wanted], rounds: int) -> None:
    """Print how many pages a second gives, ours and by offset; the database's work included."""
    deep = asked["deep page"]

    def ours() -> int:
        with reading(engine) as db:
            for _ in range(20):
                queued(db, deep, limit=PAGE)
        return 20

    def by_offset() -> int:
        skip = queue_query(Wanted([BUSY]), PAGE).offset(5_000)
        with reading(engine) as db:
            for _ in range(20):
                [case_of(row) for row in db.execute(skip)]
        return 20

    ways = {"next page by key": ours, "the same by offset": by_offset}
    done = interleaved(ways, rounds=rounds, clock=time.perf_counter)
    report(f"case queue {name}", done, unit="pages", goal="no scan of the table", packages=PACKAGES)


if __name__ == "__main__":
    main()
