from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.errors import Conflict, Invalid, NotFound, Unavailable
from labour_book.queries.rows import table_of
from labour_book.services import doing_jobs, job_works, jobs
from labour_book.services.access import Caller, DeniedToRole, Role, operator
from labour_book.services.doing_jobs import LEASE, MOST_TRIES, Held, Work, do_next
from labour_book.services.installation import Installation
from labour_book.services.jobs import RunOnFile
from labour_book.services.permission import deed
from labour_book.tables import Job
from tests.services import job_process, people
from tests.services.test_bulk_issuing import check_sound, states
from tests.support.processes import CONTEXT

OPERATOR = operator("test")
JOB = table_of(Job)
MINUTE = timedelta(minutes=1)
PERSONAL_ID = "012345678901"


@dataclass
class Worker:
    """A process that does jobs, as far as the database can tell."""

    inst: Installation
    now: datetime
    steps: list[str] = field(default_factory=list)
    most: int = 1_000
    """After so many steps it is told to stop."""

    def do(self, work: Work) -> bool:
        return do_next(
            self.inst,
            dict.fromkeys(jobs.KINDS, work),
            holder="test",
            clock=lambda: self.now,
            is_stopping=lambda: len(self.steps) >= self.most,
        )

    def count(self, held: Held) -> Iterator[None]:
        """Count to ten, each number in a transaction."""
        for number in range(held.job.done + 1, 11):
            with transaction(self.inst.engine) as db:
                held.advance(db, str(number), done=number, counts={"n": number})
            self.steps.append(str(number))
            yield


def ask(inst: Installation, now: datetime, kind: str = "check") -> UUID:
    with deed(inst.engine) as db:
        return jobs.start(db, OPERATOR, kind, now=now)


def only_run(inst: Installation, now: datetime) -> RunOnFile:
    with deed(inst.engine) as db:
        (run,) = jobs.overview(db, OPERATOR, now=now)
    return run


class TestStart:
    def test_refuses_what_is_no_work(self, sqlite_inst: Installation, now: datetime) -> None:
        with pytest.raises(Invalid):
            ask(sqlite_inst, now, "dance")

    def test_takes_the_same_once_a_minute(self, inst: Installation, now: datetime) -> None:
        ask(inst, now)

        with pytest.raises(Conflict):
            ask(inst, now)
        ask(inst, now + MINUTE)

    def test_is_not_for_whoever_looks_after_a_province(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        people.add_units(sqlite_inst.engine)
        admin = Caller("official", "a", "x", Role.ADMIN, unit_code="SNV-01")

        with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
            jobs.start(db, admin, "check", now=now)

    def test_cuts_issuing_into_ranges_that_hold_everybody_once(
        self, inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "PEOPLE_OF_PART", 10)
        people.add_people(inst.engine, 30)

        ask(inst, now, "issue")

        run = only_run(inst, now)
        assert (run.total, run.parts) == (30, {"waiting": 3})


class TestDoNext:
    def test_does_a_job_to_its_end(self, inst: Installation, now: datetime) -> None:
        ask(inst, now)
        worker = Worker(inst, now)

        assert worker.do(worker.count)
        assert not worker.do(worker.count)

        run = only_run(inst, now)
        assert (run.state, run.done, len(worker.steps)) == ("done", 10, 10)

    def test_goes_on_where_it_was_told_to_stop(self, inst: Installation, now: datetime) -> None:
        ask(inst, now)
        first, second = Worker(inst, now, most=4), Worker(inst, now)

        first.do(first.count)
        second.do(second.count)

        assert first.steps + second.steps == [str(number) for number in range(1, 11)]

    def test_leaves_to_others_what_somebody_holds_until_the_lease_lapses(
        self, inst: Installation, now: datetime
    ) -> None:
        ask(inst, now)
        late = Worker(inst, now)
        asleep, other = late.count, Worker(inst, now + LEASE + MINUTE)

        def work(held: Held) -> Iterator[None]:
            steps = asleep(held)
            next(steps)
            assert not late.do(late.count)  # held: nobody else takes it
            assert other.do(other.count)  # asleep for longer than the lease
            yield from steps

        late.do(work)

        assert late.steps + other.steps == [str(number) for number in range(1, 11)]
        assert only_run(inst, now).done == 10

    def test_writes_nothing_of_a_step_after_a_cancellation(
        self, inst: Installation, now: datetime
    ) -> None:
        run_id = ask(inst, now)
        worker = Worker(inst, now)

        def work(held: Held) -> Iterator[None]:
            steps = worker.count(held)
            next(steps)
            with deed(inst.engine) as db:
                jobs.cancel(db, OPERATOR, run_id, now=now)
            yield from steps

        worker.do(work)

        run = only_run(inst, now)
        assert (run.state, run.done, worker.steps) == ("cancelled", 1, ["1"])

    def test_waits_where_something_does_not_answer(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        ask(sqlite_inst, now)
        worker, later = Worker(sqlite_inst, now), Worker(sqlite_inst, now + MINUTE)

        def away(_: Held) -> Iterator[None]:
            raise Unavailable
            yield

        worker.do(away)

        assert only_run(sqlite_inst, now).cause == "unavailable"
        assert not worker.do(worker.count)
        assert later.do(later.count)

    def test_tells_a_bug_without_its_values_and_goes_on_when_told(
        self, sqlite_inst: Installation, now: datetime, caplog: pytest.LogCaptureFixture
    ) -> None:
        run_id = ask(sqlite_inst, now)
        worker = Worker(sqlite_inst, now)

        def broken(_: Held) -> Iterator[None]:
            raise KeyError(PERSONAL_ID)
            yield

        worker.do(broken)
        assert (only_run(sqlite_inst, now).state, only_run(sqlite_inst, now).cause) == (
            "failed",
            "BUG",
        )
        assert "KeyError" in caplog.text
        assert PERSONAL_ID not in caplog.text
        with deed(sqlite_inst.engine) as db:
            jobs.retry(db, OPERATOR, run_id, now=now)
        worker.do(worker.count)
        assert only_run(sqlite_inst, now).state == "done"

    def test_gives_up_what_kills_its_processes(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        ask(sqlite_inst, now)
        for number in range(MOST_TRIES):
            with transaction(sqlite_inst.engine) as db:
                at = now + number * 2 * MINUTE
                job = doing_jobs.jobs.next_open(db, at)
                assert job is not None
                assert doing_jobs.jobs.take(db, job, holder="x", until=at + LEASE, now=at)

        late = Worker(sqlite_inst, now + timedelta(hours=1))

        assert not late.do(late.count)
        assert only_run(sqlite_inst, now).cause == "DIED"


class TestSteering:
    def test_finds_no_other_work(self, sqlite_inst: Installation, now: datetime) -> None:
        with pytest.raises(NotFound), deed(sqlite_inst.engine) as db:
            jobs.cancel(db, OPERATOR, UUID(int=1), now=now)

    def test_stops_nothing_that_is_done(self, sqlite_inst: Installation, now: datetime) -> None:
        run_id = ask(sqlite_inst, now)
        worker = Worker(sqlite_inst, now)
        worker.do(worker.count)

        for steer in (jobs.cancel, jobs.retry):
            with pytest.raises(Conflict), deed(sqlite_inst.engine) as db:
                steer(db, OPERATOR, run_id, now=now)


class TestPlanDaily:
    AT = time(1, 15)

    @pytest.mark.parametrize(
        ("hour", "day"), [(17, 20), (18, 20), (19, 21)], ids=["before", "still before", "after"]
    )
    def test_means_the_time_in_viet_nam(self, hour: int, day: int) -> None:
        now = datetime(2026, 11, 19, hour, tzinfo=UTC)  # 0, 1 and 2 o'clock of the 20th

        assert jobs.next_time(self.AT, now) == datetime(2026, 11, day - 1, 18, 15, tzinfo=UTC)

    def test_makes_one_job_for_each_night(self, inst: Installation, now: datetime) -> None:
        inst = replace(inst, daily_at=self.AT)
        planned = [jobs.plan_daily(inst, now=now + timedelta(hours=hours)) for hours in (0, 1, 24)]

        assert planned == [True, False, True]


class TestWorks:
    def test_issue_once_to_everybody_through_kills_and_races(
        self, inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "PEOPLE_OF_PART", 20)
        people.add_people(inst.engine, 60)
        ask(inst, now, "issue")
        inst.engine.dispose()
        for minutes, steps in ((0, 1), (2, 2)):
            kill_after(inst, now + minutes * MINUTE, steps)
        check_sound(inst)

        racing = [begun(inst, now + 9 * MINUTE) for _ in range(2)]
        for ours, process in racing:
            while ours.recv() == "step":
                ours.send("go")
            process.join()

        run = only_run(inst, now)
        assert (run.state, run.done, run.total) == ("done", 60, 60)
        assert states(inst) == {(1, "current"): 60}
        check_sound(inst)
        with reading(inst.engine) as db:
            counts = db.execute(sa.select(JOB.c.counts).order_by(JOB.c.part)).scalars()
            assert set(counts) == {'{"issued": 20, "unchanged": 0, "failed": 0}'}

    @pytest.mark.parametrize("kind", ["daily", "check", "reconcile"])
    def test_come_to_their_end(self, sqlite_inst: Installation, now: datetime, kind: str) -> None:
        people.add_people(sqlite_inst.engine, 3)
        ask(sqlite_inst, now, kind)
        worker = Worker(sqlite_inst, now)

        assert worker.do(job_works.WORKS[kind])

        assert only_run(sqlite_inst, now).state == "done"

    def test_are_one_for_each_kind(self) -> None:
        assert set(job_works.WORKS) == set(jobs.KINDS)


def begun(inst: Installation, now: datetime) -> tuple[Any, Any]:
    ours, theirs = CONTEXT.Pipe()
    url = inst.engine.url.render_as_string(hide_password=False)
    given = (url, str(inst.data_dir), now.isoformat(), 7, theirs)
    process = CONTEXT.Process(target=job_process.work, args=given)
    process.start()
    return ours, process


def kill_after(inst: Installation, now: datetime, steps: int) -> None:
    ours, process = begun(inst, now)
    for _ in range(steps):
        assert ours.recv() == "step"
        ours.send("go")
    process.kill()  # kill -9
    process.join()
