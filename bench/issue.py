"""Books issued per second and core, against signing alone.

    python -m bench.issue [--people 4000] [--rounds 3] [--postgres]

*sign*: raw ES256 over a credential's bytes. *value*: an assembled book to canonical JSON, hash,
SD-JWT VC and the written row, in batches of 500. *whole*: ``issue_all``, which also reads the
facts and assembles. Rates are CPU time of this process; the database server's is not in it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import cryptography
import sqlalchemy as sa
from _measure import keep

import migrations
from labour_book.database import connect, reading, transaction
from labour_book.garbage import look_seldom
from labour_book.queries import versions
from labour_book.queries.rows import table_of
from labour_book.services.access import operator
from labour_book.services.books import books_as_of
from labour_book.services.drafting import (
    Draft,
    Signing,
    draft_of,
    open_signing,
    signed_row,
    take_entries,
)
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_all
from labour_book.tables import Book, BookVersion
from signing import Use
from tests.services import people
from tests.support import postgres
from tests.support.installations import installed

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
BATCH = 500
CREDENTIAL_BYTES = 1_800
GOAL_PER_SECOND = 3_000


def main() -> None:
    look_seldom()  # as the commands do; the limit gains by it as ours does
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--people", type=int, default=4_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--postgres", action="store_true")
    arguments.add_argument("--quick", action="store_true")
    chosen = arguments.parse_args()
    count = 800 if chosen.quick else chosen.people
    results = {}
    for kind in ["sqlite", "postgresql"][: 1 + chosen.postgres]:
        with installation(kind) as inst:
            results[kind] = measure(inst, count, chosen.rounds)
    report(results, count)


def measure(inst: Installation, count: int, rounds: int) -> dict[str, float]:
    """Return the rates per second, the middle one of the rounds, interleaved."""
    ids = people.add_people(inst.engine, count)
    rates: dict[str, list[float]] = {"sign": [], "value": [], "whole": []}
    for number in range(rounds):
        now = NOW + timedelta(days=number)
        rates["sign"].append(rate(5_000, lambda: sign(inst, 5_000)))
        rates["value"].append(value_rate(inst, ids, now))
        forget(inst)
        rates["whole"].append(rate(count, partial(issue_all, inst, by=operator("bench"), now=now)))
        forget(inst)
    return {name: round(statistics.median(each), 1) for name, each in rates.items()}


def value_rate(inst: Installation, ids: list[UUID], now: datetime) -> float:
    with reading(inst.engine) as db:
        run = open_signing(db, inst, by=operator("bench"), now=now)
        books = []
        for at in range(0, len(ids), BATCH):
            some = ids[at : at + BATCH]
            numbers = {each: f"SLD-{each.int % 10**9:09d}" for each in some}
            made = books_as_of(db, inst.vault, some, numbers, at=run.standpoint, places=inst.places)
            books.append(list(made))

    def issue() -> None:
        for batch in books:
            drafts = [draft_of(person, book, None, run) for person, book in batch]
            write(inst, [each for each in drafts if each is not None], run)

    return rate(len(ids), issue)


def write(inst: Installation, drafts: list[Draft], run: Signing) -> None:
    with transaction(inst.engine) as db:
        entries = take_entries(db, inst, len(drafts), run.at)
        rows = [
            signed_row(inst, draft, entry, run)
            for draft, entry in zip(drafts, entries, strict=True)
        ]
        numbers = {draft.person_id: draft.book_no for draft in drafts}
        versions.begin_books(db, numbers, run.at)
        versions.lock_books(db, list(numbers))
        versions.add_versions(db, rows, run.at)


def sign(inst: Installation, times: int) -> None:
    signer = inst.key_ring.signer(Use.CREDENTIAL)
    content = bytes(CREDENTIAL_BYTES)
    for _ in range(times):
        signer.sign(content)


def forget(inst: Installation) -> None:
    with transaction(inst.engine) as db:
        for each in (BookVersion, Book):
            db.execute(sa.delete(table_of(each)))


def rate(count: int, work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return count / (time.process_time() - start)


@contextmanager
def installation(kind: str) -> Iterator[Installation]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        if kind == "postgresql":
            (folder / "pg").mkdir()
            server = stack.enter_context(postgres.started(folder / "pg"))
            engine = stack.enter_context(server.database(template=migrations.upgrade))
            url = engine.url.render_as_string(hide_password=False)
        engine = connect(url)
        stack.callback(engine.dispose)
        migrations.upgrade(engine)
        yield installed(engine, folder / "data", NOW)


def report(results: dict[str, dict[str, float]], count: int) -> None:
    print(f"books issued per second and core; {count} people, batches of {BATCH}\n")
    print(f"{'database':12}{'sign':>10}{'value':>10}{'whole':>10}{'value/sign':>12}{'goal':>16}")
    for kind, each in results.items():
        met = "met" if each["value"] >= GOAL_PER_SECOND else "missed"
        print(
            f"{kind:12}{each['sign']:10,.0f}{each['value']:10,.0f}{each['whole']:10,.0f}"
            f"{each['value'] / each['sign']:12.3f}{f'{GOAL_PER_SECOND:,} {met}':>16}"
        )
    facts = {
        "cryptography": cryptography.__version__,
        "sqlalchemy": sa.__version__,
        "people": count,
        "unit": "books per second of CPU time",
    }
    keep("issue", {"facts": facts, "results": results})


if __name__ == "__main__":
    main()
