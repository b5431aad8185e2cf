"""Deeds that a process is killed in: what is there before, the deed, and what must be there after.

Each deed is safe to be done again; that is how it is finished after a kill.
"""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import sqlalchemy as sa

from labour_book.database import connect, reading, transaction
from labour_book.queries import keys as stored_keys
from labour_book.services import deciding, keys
from labour_book.services.auditing import verify_chain
from labour_book.services.bulk_issuing import issue_all
from labour_book.services.collection import import_file
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from signing import Use
from tests.conftest import NOW
from tests.services import cases, events, people
from tests.services.collecting import PERIOD, PERSON, VAULT, csv_file, state_of
from tests.support.installations import opened

BOOKS = 24
PERIODS = 60
IMPORTED = "insurance.csv"


@dataclass(frozen=True)
class Deed:
    """Something that is done to an installation, to the end or not."""

    prepare: Callable[[Installation], None]
    do: Callable[[Installation], None]
    state: Callable[[Installation], object]
    """What is the same after one deed, however often it was begun."""


def doomed(name: str, url: str, folder: str, cpu_seconds: float, told: Connection) -> None:
    """Do a deed, and be ended by the kernel after so much of the processor's time; 0: not at all.

    The signal is one that nobody handles: as with kill -9, nothing of the process runs any more.
    """
    inst = opened(connect(url), Path(folder), NOW)
    before = time.process_time()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    DEEDS[name].do(inst)
    signal.setitimer(signal.ITIMER_PROF, 0)
    told.send(time.process_time() - before)


def check_sound(inst: Installation) -> None:
    """Check what holds at every moment: a whole trace, and whole books with one current version."""
    with reading(inst.engine) as db:
        assert verify_chain(db).is_whole
        books = db.execute(sa.text("SELECT person_id, current_version FROM book")).all()
        rows = db.execute(sa.text("SELECT person_id, version, state, credential FROM book_version"))
        versions: dict[object, list[tuple[int, str]]] = {}
        for person, version, state, credential in rows:
            assert credential, "a version without its credential"
            versions.setdefault(person, []).append((version, state))
    for person, last in books:
        own = sorted(versions.pop(person))
        assert own == [(n, "current" if n == last else "superseded") for n in range(1, last + 1)]
    assert versions == {}, "a version without its book"


def _to_import(inst: Installation) -> None:
    rows = [
        PERIOD
        | {"from_month": f"{2000 + n // 6}-{n % 6 * 2 + 1:02}", "to_month": ""}
        | {"to_month": f"{2000 + n // 6}-{n % 6 * 2 + 2:02}"}
        for n in range(PERIODS)
    ]
    csv_file(inst.data_dir / IMPORTED, rows)
    path = csv_file(inst.data_dir / "population.csv", [PERSON])
    import_file(inst.engine, VAULT, "population", path, by="x", now=NOW)


def _import(inst: Installation) -> None:
    import_file(inst.engine, VAULT, "insurance", inst.data_dir / IMPORTED, by="x", now=NOW, batch=7)


def _counted(inst: Installation) -> object:
    with reading(inst.engine) as db:
        rows = db.execute(
            sa.text("SELECT version, state, count(*) FROM book_version GROUP BY version, state")
        ).all()
        indexes = db.execute(
            sa.text("SELECT count(*), count(DISTINCT status_index) FROM book_version")
        ).one()
        return sorted(tuple(each) for each in rows), tuple(indexes)


def _to_decide(inst: Installation) -> None:
    cases.ready(inst, NOW)
    cases.submitted(inst, NOW)


def _decide(inst: Installation) -> None:
    (row,) = cases.cases(inst.engine)
    with deed(inst.engine) as db:
        deciding.decide(db, inst, cases.COMMUNE, row["id"], cases.APPROVE, key="d", now=NOW)


def _decided(inst: Installation) -> object:
    said = {name: len(rows) for name, rows in cases.everything(inst.engine).items()}
    live = [(each["source"], str(each["first_day"])) for each in cases.live(inst)]
    # a repeated question leaves a row in the trace, and only there
    said.pop("trace")
    return said, live, [each["state"] for each in cases.cases(inst.engine)]


def _to_apply(inst: Installation) -> None:
    from tests.services.test_applying_events import STORY  # noqa: PLC0415 - it collects tests

    events.registers_at_first(inst, inst.data_dir)
    events.sent(inst, inst.data_dir, STORY)


def _apply(inst: Installation) -> None:
    events.cycle(inst, now=NOW, batch=3)


def _to_rotate(inst: Installation) -> None:
    people.add_people(inst.engine, 1)
    issue_all(inst, by=cases.OPERATOR, now=NOW)


def _rotate(inst: Installation) -> None:
    """Rotate once: whoever finds it done has nothing left to do."""
    with transaction(inst.engine) as db:
        if len(_of_use(inst)) == 1:
            keys.rotate(db, inst, Use.CREDENTIAL, by=cases.OPERATOR, now=NOW)


def _rotated(inst: Installation) -> object:
    """One key in use, one retired, both published; the ring opens, and what was signed is good."""
    again = opened(inst.engine, inst.data_dir, NOW)
    with reading(inst.engine) as db:
        (credential,) = db.execute(sa.text("SELECT id FROM book_version")).all()
        bundle = keys.trust_bundle(db, again, NOW)
    of_use = _of_use(inst)
    assert all(each.kid in bundle.keys for each in of_use)
    assert credential
    return sorted(each.retired_at is None for each in of_use)


def _of_use(inst: Installation) -> list[stored_keys.PublishedKey]:
    with reading(inst.engine) as db:
        return [each for each in stored_keys.published_keys(db) if each.use == Use.CREDENTIAL]


DEEDS = {
    "import": Deed(_to_import, _import, lambda inst: state_of(inst.engine)),
    "issuing": Deed(
        lambda inst: people.add_people(inst.engine, BOOKS) and None,
        lambda inst: issue_all(inst, by=cases.OPERATOR, now=NOW, batch_size=5) and None,
        _counted,
    ),
    "decision": Deed(_to_decide, _decide, _decided),
    "event cycle": Deed(_to_apply, _apply, lambda inst: events.state(inst, notices=True)),
    "key rotation": Deed(_to_rotate, _rotate, _rotated),
}
