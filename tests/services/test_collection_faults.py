"""Imports that are killed, that race, and that fail at any statement."""

from collections.abc import Iterator
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.queries import imports
from labour_book.services.collection import import_file
from labour_book.services.recording import Seen
from labour_book.tables import EmploymentFact, InsuranceFact
from tests.conftest import new_database
from tests.services import import_process
from tests.services.collecting import (
    EVENT,
    NOW,
    PERIOD,
    PERSON,
    VAULT,
    Importer,
    csv_file,
    json_lines,
    outcomes,
    state_of,
)
from tests.support.processes import CONTEXT

PEOPLE = 40


def people() -> Iterator[dict[str, str]]:
    for number in range(PEOPLE):
        yield PERSON | {"personal_id": f"001090{number * 37:06}", "full_name": f"{NAMES[number]}"}


NAMES = [f"NGUYỄN VĂN {a}{b}" for a in "BCDGHKLM" for b in ("A", "E", "I", "O", "U")]


def periods(years: int = 12) -> Iterator[dict[str, str]]:
    """Yield the periods of everybody: some repeated, some of strangers, some without a number."""
    for number, person in enumerate(people()):
        for year in range(years):
            has_number = year % 3 != 0
            period = PERIOD | {
                "si_number": f"01{number:08}",
                "personal_id": person["personal_id"] if has_number else "",
                "full_name": person["full_name"],
                "from_month": f"{2008 + year}-01",
                "to_month": f"{2008 + year}-12",
            }
            yield period
            if year == 5:
                yield period
            if year == 7:
                yield period | {"wage_base_vnd": "6000000"}
            if year == 9:
                yield period | {
                    "personal_id": "",
                    "full_name": "Lê Không Quen",
                    "birth_date": "1971-01-02",
                }


@pytest.fixture(scope="module")
def insurance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return csv_file(tmp_path_factory.mktemp("files") / "insurance.csv", periods())


@pytest.fixture(scope="module")
def expected(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, insurance: Path
) -> str:
    """The state that an import leaves that nothing interrupts."""
    folder = tmp_path_factory.mktemp("expected")
    for engine in new_database(request, "sqlite"):
        Importer(engine, folder)("population", *people())
        import_file(engine, VAULT, "insurance", insurance, by="tester", now=NOW)
        state = state_of(engine)
    return state


def started(engine: sa.Engine, path: Path, batch: int) -> tuple[ForkServerProcess, Connection]:
    url = engine.url.render_as_string(hide_password=False)
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=import_process.work, args=(url, path, batch, theirs))
    process.start()
    theirs.close()
    return process, ours


class TestKill:
    def test_in_the_middle_is_made_good_by_importing_again(
        self, engine: sa.Engine, tmp_path: Path, insurance: Path, expected: str
    ) -> None:
        Importer(engine, tmp_path)("population", *people())
        for batches in (1, 4):
            process, told = started(engine, insurance, batch=20)
            for _ in range(batches):
                assert told.recv()
            process.kill()
            process.join()
            told.close()
        with reading(engine) as db:
            (before,) = [run for run in imports.newest_runs(db, 9) if run.kind == "insurance"]

        done = import_file(engine, VAULT, "insurance", insurance, by="t", now=NOW, batch=70)

        assert before.state == "running"
        assert 0 < before.rows_done < done.rows_done
        assert done.run_id == before.id
        assert state_of(engine) == expected
        assert done.rows == {"created": 480, "duplicate": 40, "needs_review": 80}
        assert outcomes(done)["needs_review"] == {
            "CONTRADICTS_EARLIER_ROW": 40,
            "SOMEONE_ELSES_NUMBER": 40,
        }


class TestTwoProcesses:
    def test_never_record_a_row_twice(
        self, engine: sa.Engine, tmp_path: Path, insurance: Path, expected: str
    ) -> None:
        Importer(engine, tmp_path)("population", *people())

        racing = [started(engine, insurance, batch=20) for _ in range(2)]
        for process, told in racing:
            process.join()
            told.close()
        codes = [process.exitcode for process, _ in racing]

        with reading(engine) as db:
            runs = [run for run in imports.newest_runs(db, 9) if run.kind == "insurance"]
        assert 0 in codes
        assert set(codes) <= {0, import_process.RAN_ALREADY}
        assert {run.state for run in runs} == {"done"}
        assert state_of(engine) == expected


class _Failing:
    """Makes the n-th statement of an engine fail."""

    def __init__(self, engine: sa.Engine, nth: int) -> None:
        self._left = nth
        self._engine = engine

    def __enter__(self) -> None:
        sa.event.listen(self._engine, "before_cursor_execute", self._count)

    def __exit__(self, *_exc: object) -> None:
        sa.event.remove(self._engine, "before_cursor_execute", self._count)

    def _count(self, *_args: object) -> None:
        self._left -= 1
        if self._left == 0:
            raise RuntimeError("power cut")


class TestEveryStatement:
    def test_may_fail_without_a_half_written_import(
        self, sqlite_engine: sa.Engine, tmp_path: Path
    ) -> None:
        imported = Importer(sqlite_engine, tmp_path)
        imported("population", *people())
        events = [
            EVENT | {"message_id": f"m-{sequence}", "sequence": sequence, "personal_id": person}
            for sequence in (2, 1, 3)
            for person in [next(people())["personal_id"]]
        ]
        file = json_lines(tmp_path / "events.jsonl", [*events, events[0]])
        money = csv_file(tmp_path / "money.csv", list(periods(2))[:6])
        wanted = None
        for kind, path in (("contracts", file), ("insurance", money)):
            for nth in count(1):
                with _Failing(sqlite_engine, nth):
                    try:
                        done = import_file(
                            sqlite_engine, VAULT, kind, path, by="t", now=NOW, batch=2
                        )
                    except RuntimeError:
                        continue
                break
            wanted = done
            assert done.state == "done"
        assert wanted is not None
        assert len(imported.live(EmploymentFact)) == 1
        assert len(imported.every(EmploymentFact)) in {3, 4}
        assert len(imported.live(InsuranceFact)) == 6


class TestSeen:
    def test_is_a_set_of_numbers(self) -> None:
        keys = [(number * 0x9E3779B97F4A7C15) % 2**64 - 2**63 for number in range(20_000)]

        seen = Seen(keys[:10_000])

        assert all(key in seen for key in keys[:10_000])
        assert not any(key in seen for key in keys[10_000:])
        assert len(seen) == 10_000
