"""Callers who come at once share a transaction; each gets an own answer."""

import asyncio
import threading

import pytest
import sqlalchemy as sa

from api.together import MOST, together, verified_together
from labour_book.database import Db
from labour_book.errors import NotFound, Unavailable
from labour_book.services.access import ANYBODY, Action, deed, open_credential
from labour_book.services.auditing import Entry
from labour_book.services.verifying import Checked
from labour_book.services.verifying_sent import Sent
from tests.api.conftest import OPERATOR, Office
from tests.services import people
from tests.services.test_access import traced

CALLERS = 3 * MOST


class TestTogether:
    def test_shares_transactions_and_gives_each_their_own(self, small_office: Office) -> None:
        inst, begun = small_office.inst, list[object]()
        go_on = threading.Event()
        before = len(traced(inst))
        sa.event.listen(inst.engine, "begin", begun.append)

        def look(number: int, db: Db) -> tuple[int, Entry]:
            assert db.connection()
            if number == 0:  # the first comes alone; the others wait meanwhile
                go_on.wait(30)
            if number == 1:
                raise NotFound("not that one")
            at, person = small_office.clock.now, people.person_id(1)
            return number, Entry(ANYBODY, Action.BOOK_VERIFY, at, "check", person)

        async def callers() -> list[object]:
            every = [
                asyncio.create_task(together(inst.engine, lambda db, each=each: look(each, db)))
                for each in range(CALLERS)
            ]
            await asyncio.sleep(0)  # all of them have asked
            go_on.set()
            return await asyncio.gather(*every, return_exceptions=True)

        found = asyncio.run(callers())

        assert isinstance(found[1], NotFound)
        assert [each for each in found if not isinstance(each, NotFound)] == [
            0,
            *range(2, CALLERS),
        ]
        assert len(begun) <= CALLERS / MOST + 1
        assert len(traced(inst)) - before == CALLERS - 1

    def test_answers_nobody_whose_trace_is_not_written(self, small_office: Office) -> None:
        engine = small_office.inst.engine

        def look(_db: Db) -> tuple[str, Entry]:
            return "seen", Entry(ANYBODY, Action.BOOK_VERIFY, small_office.clock.now, "check")

        def full(_connection: sa.Connection) -> None:
            raise Unavailable("the disk is full")

        async def callers() -> list[object]:
            every = (together(engine, look) for _ in range(5))
            return await asyncio.gather(*every, return_exceptions=True)

        sa.event.listen(engine, "commit", full)
        try:
            found = asyncio.run(callers())
        finally:
            sa.event.remove(engine, "commit", full)

        assert {type(each) for each in found} == {Unavailable}
        with pytest.raises(NotFound):
            asyncio.run(together(engine, _nothing))


class TestVerifiedTogether:
    def test_shares_transactions_and_tells_each_their_own(self, small_office: Office) -> None:
        inst, begun = small_office.inst, list[object]()
        small_office.issue(small_office.people[0])
        before = len(traced(inst))
        with deed(inst.engine) as db:
            token = open_credential(
                db,
                inst,
                OPERATOR,
                small_office.people[0],
                purpose="check",
                now=small_office.clock.now,
            )
        sent = [token if number % 2 else f"no token {number}" for number in range(CALLERS)]

        async def callers() -> list[Checked]:
            now = small_office.clock.now
            return await asyncio.gather(
                *(verified_together(inst, Sent(each.encode(), now)) for each in sent)
            )

        sa.event.listen(inst.engine, "begin", begun.append)
        found = asyncio.run(callers())

        assert [each.is_good for each in found] == [bool(n % 2) for n in range(CALLERS)]
        assert len(begun) <= 2 * (CALLERS / MOST + 1)
        assert len(traced(inst)) - before == 1 + CALLERS // 2


def _nothing(_db: Db) -> tuple[str, Entry]:
    raise NotFound("there is nothing")
