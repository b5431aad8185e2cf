from collections import Counter
from datetime import datetime, timedelta
from typing import Self

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.queries.rows import table_of
from labour_book.services.access import (
    Caller,
    DeniedToRole,
    Role,
    deed,
    open_credential,
    operator,
)
from labour_book.services.auditing import verify_chain
from labour_book.services.installation import Installation
from labour_book.services.issuing import Progress, Summary, issue_all, issue_book
from labour_book.services.verifying import verify_document
from labour_book.tables import Book, BookVersion, ProfileFact, QualificationFact, Trace
from tests.services import people
from tests.services.test_issuing import Broken, failing_at
from tests.support import issue_process
from tests.support.processes import CONTEXT

BOOK, VERSION, TRACE = table_of(Book), table_of(BookVersion), table_of(Trace)
OPERATOR = operator("test")
DAY = timedelta(days=1)


def run(
    inst: Installation,
    now: datetime,
    *,
    processes: int = 1,
    limit: int | None = None,
    batch_size: int = 500,
) -> Summary:
    return issue_all(
        inst, by=OPERATOR, now=now, processes=processes, limit=limit, batch_size=batch_size
    )


def states(inst: Installation) -> Counter[tuple[int, str]]:
    with reading(inst.engine) as db:
        query = sa.select(VERSION.c.version, VERSION.c.state).order_by(VERSION.c.id)
        return Counter((row.version, row.state) for row in db.execute(query))


def check_sound(inst: Installation) -> None:
    """Check that every book is before or after a version, and the trace is whole."""
    with reading(inst.engine) as db:
        books = db.execute(sa.select(BOOK).order_by(BOOK.c.person_id))
        newest = {row.person_id: row.current_version for row in books}
        query = sa.select(VERSION.c.person_id, VERSION.c.version, VERSION.c.state)
        rows = db.execute(query.order_by(VERSION.c.person_id, VERSION.c.version)).all()
        assert verify_chain(db).is_whole
    for person, last in newest.items():
        own = [(row.version, row.state) for row in rows if row.person_id == person]
        assert [number for number, _ in own] == list(range(1, last + 1))
        assert [state for _, state in own] == ["superseded"] * (last - 1) + ["current"]
    assert {row.person_id for row in rows} == set(newest)


class TestIssueAll:
    def test_issues_to_everybody_once(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine, 60)

        first = run(inst, now, batch_size=25)
        second = run(inst, now + DAY, batch_size=25)

        assert (first.people, first.issued, first.unchanged, first.failed) == (60, 60, 0, ())
        assert (second.people, second.issued, second.unchanged) == (60, 0, 60)
        assert states(inst) == {(1, "current"): 60}
        check_sound(inst)

    def test_issues_only_what_changed(self, inst: Installation, now: datetime) -> None:
        ids = people.add_people(inst.engine, 30)
        run(inst, now)
        for number, person in enumerate(ids[::10]):
            people.add_diploma(inst.engine, person, number, at=now + DAY)

        summary = run(inst, now + 2 * DAY, batch_size=7)

        assert (summary.issued, summary.unchanged) == (3, 27)
        assert states(inst) == {(1, "current"): 27, (1, "superseded"): 3, (2, "current"): 3}
        check_sound(inst)

    def test_tells_how_far_it_is(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine, 25)
        told: list[Progress] = []

        issue_all(sqlite_inst, by=OPERATOR, now=now, on_progress=told.append, batch_size=10)

        assert [(each.done, each.people) for each in told] == [(10, 25), (20, 25), (25, 25)]

    def test_stops_at_the_limit(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine, 25)

        assert run(sqlite_inst, now, limit=12, batch_size=10).people == 12

    def test_of_nobody_does_nothing(self, sqlite_inst: Installation, now: datetime) -> None:
        assert run(sqlite_inst, now).people == 0

    def test_gives_every_version_an_entry_of_its_own(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        people.add_people(sqlite_inst.engine, 120)
        run(sqlite_inst, now, batch_size=50)

        with reading(sqlite_inst.engine) as db:
            query = sa.select(VERSION.c.status_index).order_by(VERSION.c.person_id)
            entries = list(db.execute(query).scalars())
        assert len(set(entries)) == 120
        assert entries != sorted(entries)

    def test_leaves_one_trace_row_for_each_batch_and_says_who_issued(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        people.add_people(sqlite_inst.engine, 25)
        summary = run(sqlite_inst, now, batch_size=10)

        with reading(sqlite_inst.engine) as db:
            query = sa.select(TRACE.c.detail).where(TRACE.c.action == "book.issue-all")
            details = list(db.execute(query.order_by(TRACE.c.seq)).scalars())
            by = db.execute(sa.select(VERSION.c.issued_by, VERSION.c.run_id).distinct()).all()
        assert details == [
            f'{{"issued":{count},"people":{count},"run":"{summary.run_id}"}}'
            for count in (10, 10, 5)
        ]
        assert [tuple(row) for row in by] == [("test", summary.run_id)]

    def test_passes_over_a_person_whose_book_cannot_be_made(
        self, inst: Installation, now: datetime
    ) -> None:
        ids = people.add_people(inst.engine, 5)
        table = table_of(QualificationFact)
        with transaction(inst.engine) as db:
            db.execute(
                sa.update(table).where(table.c.person_id == ids[2]).values(issued_on="2012-13")
            )

        summary = run(inst, now)

        assert (summary.issued, summary.failed) == (4, ((ids[2], "Invalid"),))
        check_sound(inst)

    def test_by_anybody_else_is_denied(self, sqlite_inst: Installation, now: datetime) -> None:
        approver = Caller("official", "r", "R", Role.APPROVER, unit_code="X")

        with pytest.raises(DeniedToRole):
            issue_all(sqlite_inst, by=approver, now=now)

    def test_in_two_processes_does_the_same(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine, 60)

        summary = run(inst, now, processes=2, batch_size=10)

        assert (summary.people, summary.issued) == (60, 60)
        check_sound(inst)

    def test_the_deceased_have_a_book_too(self, sqlite_inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(sqlite_inst.engine)
        table = table_of(ProfileFact)
        with transaction(sqlite_inst.engine) as db:
            (body,) = db.execute(sa.select(table.c.body)).scalars()
            dead = body.replace('"ALIVE"', '"DECEASED"')
            db.execute(sa.update(table).where(table.c.person_id == person).values(body=dead))

        assert run(sqlite_inst, now).issued == 1


class TestIssueAllBroken:
    def test_at_any_statement_leaves_each_book_before_or_after(
        self, inst: Installation, now: datetime
    ) -> None:
        ids = people.add_people(inst.engine, 4)
        with deed(inst.engine) as db:
            issue_book(db, inst, ids[0], by=OPERATOR, now=now)
        people.add_diploma(inst.engine, ids[0], 1, at=now + DAY)

        for number in range(1, 200):
            try:
                with failing_at(inst.engine, number):
                    run(inst, now + 2 * DAY, batch_size=2)
            except Broken:
                check_sound(inst)
            else:
                break

        assert number > 30
        check_sound(inst)
        assert states(inst) == {(1, "superseded"): 1, (2, "current"): 1, (1, "current"): 3}


class Process:
    """An issuing process of its own, waiting to be let go."""

    def __init__(self, inst: Installation, now: datetime, batch: int) -> None:
        url = inst.engine.url.render_as_string(hide_password=False)
        self._talk, theirs = CONTEXT.Pipe()
        given = (url, inst.data_dir, now, batch, theirs)
        self._process = CONTEXT.Process(target=issue_process.work, args=given)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        self._talk.close()

    def wait_until_ready(self) -> None:
        assert self._talk.recv() == issue_process.READY

    def go(self) -> None:
        self._talk.send(issue_process.GO)

    def kill_after(self, batches: int) -> None:
        for _ in range(batches):
            self._talk.recv()
        self._kill()

    def issued(self) -> int:
        """Wait until it has issued to everybody, and return to how many."""
        what, count = self._talk.recv()
        while what != "issued":
            what, count = self._talk.recv()
        self._process.join()
        assert self._process.exitcode == 0
        return int(count)

    def _kill(self) -> None:
        self._process.kill()
        self._process.join()


class TestIssueAllKilled:
    def test_is_started_again_and_issues_the_rest_once(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine, 200)
        for batch, batches in ((7, 0), (11, 3)):
            with Process(inst, now, batch) as process:
                process.wait_until_ready()
                process.go()
                process.kill_after(batches)
            check_sound(inst)

        done = sum(states(inst).values())
        summary = run(inst, now, batch_size=50)

        assert 0 < done < 200
        assert (summary.issued, summary.unchanged) == (200 - done, done)
        assert states(inst) == {(1, "current"): 200}
        check_sound(inst)


class TestIssueAllTwiceAtOnce:
    def test_never_issues_a_version_twice(self, inst: Installation, now: datetime) -> None:
        ids = people.add_people(inst.engine, 240)
        run(inst, now, limit=120)
        for number, person in enumerate(ids[:60]):
            people.add_diploma(inst.engine, person, number, at=now + DAY)
        with Process(inst, now + 2 * DAY, 10) as one, Process(inst, now + 2 * DAY, 10) as other:
            for each in (one, other):
                each.wait_until_ready()
            for each in (one, other):
                each.go()
            counts = [each.issued() for each in (one, other)]

        assert sum(counts) == 60 + 120
        assert states(inst) == {(1, "superseded"): 60, (2, "current"): 60, (1, "current"): 180}
        check_sound(inst)
        with deed(inst.engine) as db:
            for person in ids[::10]:
                token = open_credential(db, inst, OPERATOR, person, purpose="", now=now)
                later = now + 3 * DAY
                assert verify_document(db, inst, token.encode(), now=later).is_good
