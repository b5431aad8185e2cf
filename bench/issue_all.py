"""Books issued to everybody by processes that share the work, on PostgreSQL, and for the country.

    python bench/issue_all.py [--people 20000] [--processes 2] [--quick]

The work is a background job cut into ranges of people (``services.jobs``): each process takes one
range after the other and notes how far it is in the transaction that holds the versions. Measured
is CPU time, ours and PostgreSQL's apart: other work on the machine does not count into it. The
limit is raw ES256 over a credential's bytes. PostgreSQL runs without fsync here, as in the tests;
an installation's disk adds what it adds.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from _measure import keep

import migrations
from labour_book.database import connect, reading
from labour_book.garbage import look_seldom
from labour_book.queries.rows import table_of
from labour_book.services import job_works, jobs
from labour_book.services.access import operator
from labour_book.services.doing_jobs import do_next
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.tables import BookVersion
from signing import Use
from tests.services import people
from tests.support import postgres
from tests.support.installations import installed

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
OPERATOR = operator("bench")
COUNTRY = 53_000_000
GOAL_MINUTES = 8
"""For 1,000,000 books by two processes on two cores."""
AT_ONCE = 20_000
"""People who are invented at a time."""
CREDENTIAL_BYTES = 1_800
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    look_seldom()  # as the commands do; the limit gains by it as ours does
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--people", type=int, default=20_000)
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--quick", action="store_true")
    chosen = arguments.parse_args()
    count = 4_000 if chosen.quick else chosen.people
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pg").mkdir()
        with (
            postgres.started(folder / "pg") as server,
            server.database(template=migrations.upgrade) as engine,
        ):
            inst = installed(engine, folder / "data", NOW)
            facts = measured(inst, folder, count, chosen.processes)
    told(facts)
    keep("issue-all", facts)


def measured(
    inst: Installation, folder: Path, count: int, processes: int
) -> dict[str, float | int | str]:
    for first in range(1, count + 1, AT_ONCE):
        people.add_people(inst.engine, min(AT_ONCE, count + 1 - first), first=first)
    limit = signing_rate(inst)
    with deed(inst.engine) as db:
        jobs.start(db, OPERATOR, "issue", now=NOW)
    url = inst.engine.url.render_as_string(hide_password=False)
    inst.engine.dispose()
    postmaster = int((folder / "pg" / "data" / "postmaster.pid").read_text().split()[0])
    server_before, ours_before = server_seconds(postmaster), children_seconds()
    started = time.monotonic()
    shared(processes, lambda: work(inst, url))
    wall = time.monotonic() - started
    ours = children_seconds() - ours_before
    theirs = server_seconds(postmaster) - server_before
    with reading(inst.engine) as db:
        query = sa.select(sa.func.count()).select_from(table_of(BookVersion))
        assert db.execute(query).scalar_one() == count
        size = db.execute(sa.text("SELECT pg_total_relation_size('book_version')")).scalar_one()
    inst.engine.dispose()
    return {
        "people": count,
        "processes": processes,
        "wall_seconds": round(wall, 1),
        "ours_us": round(ours / count * 1e6, 1),
        "server_us": round(theirs / count * 1e6, 1),
        "per_core_second": round(count / ours, 1),
        "sign_per_core_second": round(limit, 1),
        "ratio_to_sign": round(count / ours / limit, 4),
        "peak_mib_of_a_process": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "bytes_of_a_version": round(int(size or 0) / count),
        "minutes_of_a_million": round((ours + theirs) / count * 1e6 / processes / 60, 1),
        "load": round(os.getloadavg()[0], 1),
    }


def work(inst: Installation, url: str) -> None:
    """Take range after range until none is left."""
    inst.engine.dispose(close=False)
    object.__setattr__(inst, "engine", connect(url))
    holder = str(os.getpid())
    while do_next(
        inst, job_works.WORKS, holder=holder, clock=lambda: NOW, is_stopping=lambda: False
    ):
        pass
    inst.engine.dispose()


def shared(processes: int, task: Callable[[], None]) -> None:
    context = multiprocessing.get_context("fork")
    every = [context.Process(target=task) for _ in range(processes)]
    for each in every:
        each.start()
    for each in every:
        each.join()
        assert each.exitcode == 0


def signing_rate(inst: Installation) -> float:
    signer, content = inst.key_ring.signer(Use.CREDENTIAL), bytes(CREDENTIAL_BYTES)
    started = time.process_time()
    for _ in range(5_000):
        signer.sign(content)
    return 5_000 / (time.process_time() - started)


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def server_seconds(postmaster: int) -> float:
    """Return the CPU time of PostgreSQL so far: its processes now, and those that have ended."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        is_its_own = int(stat.parent.name) == postmaster
        if is_its_own or int(fields[1]) == postmaster:
            total += sum(map(int, fields[11 : 15 if is_its_own else 13])) / TICKS
    return total


def told(facts: dict[str, float | int | str]) -> None:
    ours, theirs = float(facts["ours_us"]), float(facts["server_us"])
    million = (ours + theirs) / 2 / 60
    hours = (ours + theirs) * COUNTRY / 1e6 / 3600
    size = int(facts["bytes_of_a_version"]) * COUNTRY / 1e12
    print(
        f"\nbooks issued by {facts['processes']} processes, {facts['people']:,} people, PostgreSQL"
        f" (load {facts['load']})\n"
        f"  ours {ours:,.0f} us + server {theirs:,.0f} us of CPU for a book;"
        f" {facts['per_core_second']:,}/s/core of ours,"
        f" {facts['ratio_to_sign']} x raw ES256 ({facts['sign_per_core_second']:,}/s)\n"
        f"  peak memory of a process {facts['peak_mib_of_a_process']} MiB;"
        f" {int(facts['bytes_of_a_version']):,} bytes a version, keys included\n"
        f"  1,000,000 on two idle cores: {million:,.1f} min of both"
        f" (goal {GOAL_MINUTES}: {'met' if million <= GOAL_MINUTES else 'missed'})\n"
        f"  {COUNTRY:,} people: {hours:,.0f} core hours, {hours / 64:,.1f} h on 64 cores of workers"
        f" and database together; {size:,.2f} TB for one version"
    )


if __name__ == "__main__":
    main()
