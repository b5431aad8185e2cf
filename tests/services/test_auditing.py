from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.errors import Conflict, Invalid, Unavailable
from labour_book.queries.rows import table_of
from labour_book.services import auditing, keys
from labour_book.services.access import Action, deed, operator
from labour_book.services.auditing import AuditReport, checkpoint, trace, verify_trace
from labour_book.services.installation import Installation
from labour_book.tables import Trace, TraceHead
from signing import GENESIS, Checkpoint, Use, chain_hash, sign_checkpoint
from tests.services import people
from tests.support.installations import installed

TRACE, HEAD = table_of(Trace), table_of(TraceHead)
OPERATOR = operator("test")
ROWS = 20


def look(inst: Installation, now: datetime, number: int = 1) -> int:
    with deed(inst.engine) as db:
        return trace(
            db,
            OPERATOR,
            Action.BOOK_OPEN,
            at=now,
            purpose="đối chiếu",
            person_id=people.person_id(number),
            detail={"version": number},
        )


def filled(inst: Installation, now: datetime, rows: int = ROWS) -> None:
    with reading(inst.engine) as db:
        last = db.execute(sa.select(sa.func.coalesce(sa.func.max(TRACE.c.seq), 0))).scalar_one()
    for number in range(last + 1, rows + 1):
        look(inst, now, number)


def audited(inst: Installation, now: datetime) -> AuditReport:
    with reading(inst.engine) as db:
        return verify_trace(db, inst, keys.trust_bundle(db, inst, now), now)


def checked(inst: Installation, now: datetime) -> Checkpoint | None:
    with reading(inst.engine) as db:
        return checkpoint(db, inst, keys.trust_bundle(db, inst, now), now)


def tamper(inst: Installation, *statements: sa.Executable) -> None:
    with inst.engine.begin() as connection:
        for each in statements:
            connection.execute(each)


def rechained(inst: Installation, from_seq: int) -> None:
    """Do what a thief of the database can: hash everything anew from a row on."""
    with inst.engine.begin() as connection:
        rows = connection.execute(
            sa.select(TRACE).where(TRACE.c.seq >= from_seq).order_by(TRACE.c.seq)
        ).mappings()
        previous: bytes | None = None
        for row in list(rows):
            new = dict(row) | ({"prev_hash": previous} if previous else {})
            previous = chain_hash(new["prev_hash"], auditing._content(new))
            connection.execute(
                sa.update(TRACE)
                .where(TRACE.c.seq == row["seq"])
                .values(prev_hash=new["prev_hash"], hash=previous)
            )
        connection.execute(sa.update(HEAD).values(hash=previous))


@contextmanager
def looked_meanwhile(inst: Installation, now: datetime) -> Iterator[None]:
    """Let somebody look at a book after each statement that reads the trace."""
    looking = False

    def look_too(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal looking
        if not looking and "FROM trace" in statement:
            looking = True
            look(inst, now)
            looking = False

    sa.event.listen(inst.engine, "after_cursor_execute", look_too)
    try:
        yield
    finally:
        sa.event.remove(inst.engine, "after_cursor_execute", look_too)


class TestTrace:
    def test_numbers_rows_without_a_gap(self, inst: Installation, now: datetime) -> None:
        first = look(inst, now)

        assert [look(inst, now) for _ in range(3)] == [first + 1, first + 2, first + 3]

    def test_by_many_at_once_makes_one_chain(self, inst: Installation, now: datetime) -> None:
        before = look(inst, now)

        with ThreadPoolExecutor(8) as pool:
            numbers = list(pool.map(lambda _: look(inst, now), range(40)))

        assert sorted(numbers) == list(range(before + 1, before + 41))
        assert audited(inst, now).is_whole

    def test_does_not_depend_on_the_clock_for_its_order(
        self, inst: Installation, now: datetime
    ) -> None:
        first = look(inst, now)

        assert look(inst, now - timedelta(hours=1)) == first + 1
        assert audited(inst, now).is_whole

    def test_leaves_nothing_of_a_deed_that_failed(self, inst: Installation, now: datetime) -> None:
        first = look(inst, now)
        with pytest.raises(ZeroDivisionError), deed(inst.engine) as db:
            trace(db, OPERATOR, Action.BOOK_OPEN, at=now, purpose="x")
            raise ZeroDivisionError

        assert look(inst, now) == first + 1

    def test_refuses_a_purpose_that_is_no_line(self, inst: Installation, now: datetime) -> None:
        with pytest.raises(Invalid), deed(inst.engine) as db:
            trace(db, OPERATOR, Action.BOOK_OPEN, at=now, purpose="x" * 201)

    def test_begins_in_an_empty_database(self, engine: sa.Engine, now: datetime) -> None:
        with deed(engine) as db:
            assert trace(db, OPERATOR, Action.BOOK_OPEN, at=now, purpose="x") == 1


Tampering = Callable[[Installation], int]
"""Does something to the rows, and returns the row that the audit must name."""


def edit(inst: Installation) -> int:
    tamper(inst, sa.update(TRACE).where(TRACE.c.seq == 7).values(purpose="something else"))
    return 7


def edit_time(inst: Installation) -> int:
    tamper(
        inst,
        sa.update(TRACE)
        .where(TRACE.c.seq == 7)
        .values(at=datetime.fromisoformat("2026-01-01T00Z")),
    )
    return 7


def edit_previous(inst: Installation) -> int:
    tamper(inst, sa.update(TRACE).where(TRACE.c.seq == 7).values(prev_hash=bytes(32)))
    return 7


def edit_and_hash(inst: Installation) -> int:
    tamper(inst, sa.update(TRACE).where(TRACE.c.seq == 7).values(person_id=None))
    with inst.engine.begin() as connection:
        row = connection.execute(sa.select(TRACE).where(TRACE.c.seq == 7)).mappings().one()
        content = auditing._content(dict(row))
        new = chain_hash(row["prev_hash"], content)
        connection.execute(sa.update(TRACE).where(TRACE.c.seq == 7).values(hash=new))
    return 8


def delete(inst: Installation) -> int:
    tamper(inst, sa.delete(TRACE).where(TRACE.c.seq == 9))
    return 9


def delete_first(inst: Installation) -> int:
    tamper(inst, sa.delete(TRACE).where(TRACE.c.seq == 1))
    return 1


def delete_all(inst: Installation) -> int:
    tamper(inst, sa.delete(TRACE))
    return 1


def close_the_gap(inst: Installation) -> int:
    tamper(inst, sa.delete(TRACE).where(TRACE.c.seq == 9))
    for seq in range(10, ROWS + 1):
        tamper(inst, sa.update(TRACE).where(TRACE.c.seq == seq).values(seq=seq - 1))
    tamper(inst, sa.update(HEAD).values(seq=ROWS - 1))
    return 9


def insert(inst: Installation) -> int:
    with inst.engine.begin() as connection:
        row = connection.execute(sa.select(TRACE).where(TRACE.c.seq == ROWS)).mappings().one()
        connection.execute(sa.insert(TRACE), dict(row) | {"seq": ROWS + 1})
    return ROWS + 1


def reorder(inst: Installation) -> int:
    for old, new in ((5, 1005), (6, 5), (1005, 6)):
        tamper(inst, sa.update(TRACE).where(TRACE.c.seq == old).values(seq=new))
    return 5


def cut_off(inst: Installation) -> int:
    tamper(inst, sa.delete(TRACE).where(TRACE.c.seq > ROWS - 3))
    return ROWS - 2


def move_head(inst: Installation) -> int:
    tamper(inst, sa.update(HEAD).values(hash=bytes(32)))
    return ROWS


def lose_head(inst: Installation) -> int:
    tamper(inst, sa.delete(HEAD))
    return 1


class TestVerifyChain:
    @pytest.mark.parametrize(
        "tampering",
        [
            edit,
            edit_time,
            edit_previous,
            edit_and_hash,
            delete,
            delete_first,
            delete_all,
            close_the_gap,
            insert,
            reorder,
            cut_off,
            move_head,
            lose_head,
        ],
    )
    def test_names_the_first_broken_row(
        self, sqlite_inst: Installation, now: datetime, tampering: Tampering
    ) -> None:
        filled(sqlite_inst, now)
        assert audited(sqlite_inst, now).is_whole

        expected = tampering(sqlite_inst)

        assert audited(sqlite_inst, now).first_broken_seq == expected

    def test_finds_nothing_where_nothing_is(self, engine: sa.Engine) -> None:
        with reading(engine) as db:
            assert auditing.verify_chain(db) == AuditReport(0, None, GENESIS, 0)

    def test_reads_further_than_one_page(self, inst: Installation, now: datetime) -> None:
        with deed(inst.engine) as db:
            for _ in range(2_100):
                trace(db, OPERATOR, Action.BOOK_OPEN, at=now, purpose="x")

        report = audited(inst, now)

        assert report.is_whole
        assert report.rows > 2_100


class TestVerifyTrace:
    def test_is_proven_to_the_last_checkpoint(self, inst: Installation, now: datetime) -> None:
        filled(inst, now)
        checked(inst, now)
        filled(inst, now, ROWS + 4)

        report = audited(inst, now)

        assert (report.rows, report.proven_to, report.is_whole) == (ROWS + 4, ROWS, True)

    def test_finds_an_edit_that_was_chained_anew(self, inst: Installation, now: datetime) -> None:
        filled(inst, now, 10)
        checked(inst, now)
        filled(inst, now)
        checked(inst, now)
        tamper(inst, sa.update(TRACE).where(TRACE.c.seq == 14).values(purpose="x"))
        rechained(inst, 14)

        report = audited(inst, now)

        assert (report.first_broken_seq, report.proven_to) == (ROWS, 10)

    def test_finds_a_cut_although_the_head_was_moved(
        self, inst: Installation, now: datetime
    ) -> None:
        filled(inst, now)
        checked(inst, now)
        with inst.engine.begin() as connection:
            last = sa.select(TRACE.c.hash).where(TRACE.c.seq == ROWS - 2)
            end = connection.execute(last).scalar_one()
            connection.execute(sa.delete(TRACE).where(TRACE.c.seq > ROWS - 2))
            connection.execute(sa.update(HEAD).values(seq=ROWS - 2, hash=end))

        assert audited(inst, now).first_broken_seq == ROWS - 1

    def test_counts_checkpoints_that_nobody_trusted_signed(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        filled(inst, now)
        checked(inst, now)
        stranger = installed(inst.engine, inst.data_dir, now)
        forged = Checkpoint(auditing.origin_of(inst), ROWS, bytes(32))
        note = sign_checkpoint(forged, signer=stranger.key_ring.signer(Use.LOG))
        good = inst.checkpoints.read_text()
        damaged = note.replace("A", "B", 1)
        inst.checkpoints.write_text(good + damaged)

        report = audited(inst, now)

        assert (report.first_broken_seq, report.checkpoints_refused) == (None, 1)
        assert not report.is_whole
        with pytest.raises(Conflict, match="not signed"):
            checked(inst, now)


class TestCheckpoint:
    def test_is_made_only_when_something_was_added(self, inst: Installation, now: datetime) -> None:
        filled(inst, now)

        first, second = checked(inst, now), checked(inst, now)
        look(inst, now)
        third = checked(inst, now)

        assert (first and first.size, second, third and third.size) == (ROWS, None, ROWS + 1)

    def test_is_not_made_of_a_broken_trace(self, inst: Installation, now: datetime) -> None:
        filled(inst, now)
        checked(inst, now)
        filled(inst, now, ROWS + 5)
        tamper(inst, sa.update(TRACE).where(TRACE.c.seq == ROWS + 2).values(purpose="x"))

        with pytest.raises(Conflict, match="broken"):
            checked(inst, now)

    def test_replaces_one_that_was_cut_off_by_a_crash(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        filled(inst, now)
        checked(inst, now)
        look(inst, now)
        whole = inst.checkpoints.read_text()
        inst.checkpoints.write_text(whole + whole[:40])

        made = checked(inst, now)

        assert made is not None
        assert audited(inst, now) == AuditReport(ROWS + 1, None, made.head, ROWS + 1)

    def test_needs_a_key(self, sqlite_inst: Installation, now: datetime) -> None:
        ring = replace(sqlite_inst.key_ring, signers={})

        with pytest.raises(Unavailable):
            checked(replace(sqlite_inst, key_ring=ring), now)


class TestAmongOthers:
    def test_signs_and_proves_while_others_append(self, inst: Installation, now: datetime) -> None:
        before = look(inst, now)

        with looked_meanwhile(inst, now):
            made = checked(inst, now)
            report = audited(inst, now)

        assert made is not None
        assert report.is_whole
        assert before <= made.size == report.proven_to < report.rows
        assert audited(inst, now).rows > report.rows
