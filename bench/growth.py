"""What each hot path costs as the number of people grows, on PostgreSQL, with the plans it makes.

    python bench/growth.py [--most 100000] [--quick]

Cost is told in pages of the database that the path's statements touch, which other work on the
machine does not change, and in milliseconds of PostgreSQL's own, which it does. The statements are
those that the path really sends, recorded as they go; their plans are kept in
``results/growth-plans.json``. Worse than n log n would be a line that rises with the number of
people: only what reads everybody may.
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from _measure import RESULTS, keep

import migrations
from labour_book.database import Db, reading, transaction
from labour_book.documents.charts import svg_of
from labour_book.queries import trace, versions
from labour_book.queries.people import named_by
from labour_book.services import issuing, jobs, verifying
from labour_book.services.access import open_book, operator
from labour_book.services.installation import Installation
from tests.services import people
from tests.support import postgres
from tests.support.installations import installed
from tests.support.statements import plan_of, recorded

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
OPERATOR = operator("bench")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
SAMPLE = 40
"""People whose book is really issued; the others' versions are rows of the same shape but short."""

LIKE_THE_FIRST = """
INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series({first}, {last}) AS n
CROSS JOIN (SELECT * FROM {table} ORDER BY id LIMIT 1) one
"""
OF_EACH_ONE = {
    "id": "(lpad(to_hex({kind}), 8, '0') || lpad(to_hex(n), 24, '0'))::uuid",
    "person_id": "(lpad(to_hex(1), 8, '0') || lpad(to_hex(n), 24, '0'))::uuid",
    "source_ref": "'{kind}-' || n",
    "blind_index": "sha256(n::text::bytea)",
    "contract_id": "'HD-' || lpad(n::text, 8, '0')",
    "number": "'A-' || n",
}
KINDS = {
    "person": 1,
    "person_identifier": 2,
    "profile_fact": 3,
    "employment_fact": 4,
    "insurance_fact": 5,
    "qualification_fact": 6,
}
"""What is kept of a person, and how the ids of it begin: as ``tests/services/people.py`` has it."""

FILLED = """
INSERT INTO book (person_id, book_no, current_version, created_at)
SELECT id, 'G' || substr(md5(id::text), 1, 16), 1, now() FROM person ON CONFLICT DO NOTHING;
INSERT INTO book_version ({columns}) SELECT {values} FROM person p
CROSS JOIN (SELECT * FROM book_version LIMIT 1) one
WHERE NOT EXISTS (SELECT 1 FROM book_version v WHERE v.person_id = p.id);
"""
OF_EACH = {
    "id": "gen_random_uuid()",
    "person_id": "p.id",
    "credential": "'\\x00'",
    "document": "'{}'",
    "lookup_hash": "sha256(p.id::text::bytea)",
    "status_list_id": "1",
    "status_index": "(SELECT coalesce(max(status_index), 0) FROM book_version)"
    " + row_number() OVER (ORDER BY p.id)",
    "state": "CASE WHEN abs(hashtext(p.id::text)) %% 100 = 0 THEN 'revoked' ELSE 'current' END",
    "version": "1",
}
TRACED = """
INSERT INTO trace ({columns}) SELECT {values} FROM person p
CROSS JOIN generate_series(1, 5) CROSS JOIN (SELECT * FROM trace LIMIT 1) one
WHERE NOT EXISTS (SELECT 1 FROM trace t WHERE t.person_id = p.id);
UPDATE trace_head SET seq = (SELECT max(seq) FROM trace);
"""
OF_EACH_TRACE = {
    "seq": "(SELECT max(seq) FROM trace) + row_number() OVER (ORDER BY p.id)",
    "person_id": "p.id",
}


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--most", type=int, default=100_000)
    arguments.add_argument("--quick", action="store_true")
    chosen = arguments.parse_args()
    most = 10_000 if chosen.quick else chosen.most
    costs: dict[str, dict[int, tuple[int, float]]] = {}
    plans: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pg").mkdir()
        with (
            postgres.started(folder / "pg") as server,
            server.database(template=migrations.upgrade) as engine,
        ):
            inst = installed(engine, folder / "data", NOW)
            before = 0
            for size in (each for each in SIZES if each <= most):
                grow(inst, before, size)
                for path, (pages, ms, found) in measured(inst).items():
                    costs.setdefault(path, {})[size] = (pages, ms)
                    plans[path] = found
                before = size
    told(costs)
    draw_and_keep(costs, plans)


def grow(inst: Installation, before: int, size: int) -> None:
    """Add people up to a size, each with a version and five rows of the trace."""
    if before:
        with transaction(inst.engine) as db:
            for table, kind in KINDS.items():
                multiply(db, table, kind, first=before + 1, last=size)
    else:
        people.add_people(inst.engine, size)
        for number in range(1, SAMPLE + 1):
            issue(inst, people.person_id(number), NOW)
    with transaction(inst.engine) as db:
        for sql, table, values in (
            (FILLED, "book_version", OF_EACH),
            (TRACED, "trace", OF_EACH_TRACE),
        ):
            columns = sa.inspect(db.connection()).get_columns(table)
            names = [column["name"] for column in columns]
            each = ", ".join(values.get(name, f'one."{name}"') for name in names)
            for part in sql.format(columns=", ".join(names), values=each).split(";\n"):
                if part.strip():
                    db.connection().exec_driver_sql(part)
    with inst.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def multiply(db: Db, table: str, kind: int, *, first: int, last: int) -> None:
    """Add rows like the first one, in the database: through us it takes twenty times as long."""
    names = [each["name"] for each in sa.inspect(db.connection()).get_columns(table)]
    values = [OF_EACH_ONE.get(name, f'one."{name}"').format(kind=kind) for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    given = {"table": table, "columns": columns, "values": ", ".join(values)}
    sql = LIKE_THE_FIRST.format(**given, first=first, last=last)
    db.connection().exec_driver_sql(sql)


def issue(inst: Installation, person: UUID, now: datetime) -> None:
    with transaction(inst.engine) as db:
        issuing.issue_book(db, inst, person, by=OPERATOR, now=now)


def measured(inst: Installation) -> dict[str, tuple[int, float, list[str]]]:
    """Return pages, milliseconds and plans of each path, for one person."""
    person = people.person_id(SAMPLE // 2)
    with reading(inst.engine) as db:
        version = versions.signed_version(db, person, None)
    assert version is not None
    code = issuing.printed_code(inst, version.id)
    personal_id = inst.vault.index.of(people.personal_id(SAMPLE // 2))
    paths: dict[str, Callable[[Db], object]] = {
        "read the stored book": lambda db: versions.stored_version(db, person, None),
        "assemble the book": lambda db: open_book(
            db, inst, OPERATOR, person, purpose="bench", now=NOW
        ),
        "verify the printed code": lambda db: verifying.verify_code(db, inst, code, now=NOW),
        "find by personal ID": lambda db: named_by(db, [personal_id]),
        "who looked at the book": lambda db: trace.rows_about(db, person, limit=50),
        "look whether to issue": lambda db: issuing.issue_book(
            db, inst, person, by=OPERATOR, now=NOW + timedelta(days=1)
        ),
        "make a status list": lambda db: versions.entries_not_valid(db, 1),
        "background work": lambda db: jobs.overview(db, OPERATOR, now=NOW),
    }
    return {name: cost_of(inst, path) for name, path in paths.items()}


def cost_of(inst: Installation, path: Callable[[Db], object]) -> tuple[int, float, list[str]]:
    """Do it, and then each of its statements once more under EXPLAIN, all taken back."""
    pages, ms, plans = 0, 0.0, []
    with inst.engine.connect() as connection, connection.begin() as begun:
        with recorded() as said:
            path(Db(connection))
        for sql, values in list(said):
            if not sql.lstrip().upper().startswith("SELECT"):
                continue
            plan = plan_of(connection, sql, values)
            pages += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
            ms += plan["Actual Total Time"]
            plans.append(" > ".join(nodes(plan)))
        begun.rollback()
    return pages, ms, plans


def nodes(plan: dict[str, Any]) -> list[str]:
    """Return how a plan finds its rows: its nodes with their index or table."""
    by = plan.get("Index Name") or plan.get("Relation Name")
    own = f"{plan['Node Type']} {by}" if by else plan["Node Type"]
    return [own, *(each for inner in plan.get("Plans", ()) for each in nodes(inner))]


def told(costs: dict[str, dict[int, tuple[int, float]]]) -> None:
    sizes = list(next(iter(costs.values())))
    print(f"\npages touched (ms of PostgreSQL) by people on file; load {os.getloadavg()[0]:.1f}")
    print(f"  {'':28}" + "".join(f"{size:>20,}" for size in sizes))
    for path, of in costs.items():
        cells = "".join(f"{f'{pages:,} ({ms:.2f})':>20}" for pages, ms in of.values())
        print(f"  {path:28}{cells}")


def draw_and_keep(
    costs: dict[str, dict[int, tuple[int, float]]], plans: dict[str, list[str]]
) -> None:
    facts = {
        path: {str(size): {"pages": pages, "ms": round(ms, 3)} for size, (pages, ms) in of.items()}
        for path, of in costs.items()
    }
    keep("growth", {"paths": facts})
    keep("growth-plans", {"plans": plans})
    points = [
        {"people": size, "pages": max(pages, 1), "path": path}
        for path, of in costs.items()
        for size, (pages, _) in of.items()
    ]
    scale = {"type": "log"}
    spec = {
        "data": {"values": points},
        "mark": {"type": "line", "point": True},
        "width": 560,
        "height": 300,
        "encoding": {
            "x": {"field": "people", "type": "quantitative", "scale": scale},
            "y": {"field": "pages", "type": "quantitative", "scale": scale},
            "color": {"field": "path", "type": "nominal"},
        },
    }
    title = "Pages touched by each hot path as people grow, both scales logarithmic"
    (RESULTS / "growth.svg").write_text(svg_of(spec, title), encoding="utf-8")


if __name__ == "__main__":
    main()
