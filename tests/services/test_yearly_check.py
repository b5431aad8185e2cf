from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from labour_book.services import yearly_check
from labour_book.services.callers import Action
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, deed
from tests.services import people, shares
from tests.services.shares import OPERATOR, WORKER

DAY = timedelta(days=1)
KIND = "book.yearly-check"


def ask(inst: Installation, now: datetime) -> int:
    with deed(inst.engine) as db:
        return yearly_check.ask_to_check(db, OPERATOR, now=now)


class TestAskToCheck:
    def test_asks_everybody_with_a_book_once_a_year(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now, 2)

        asked = [ask(inst, now + days * DAY) for days in (0, 0, 1, 364, 365, 366, 730)]

        assert asked == [2, 0, 0, 0, 2, 0, 2]
        told = {each["recipient"] for each in shares.notices(inst, KIND)}
        assert told == {str(people.person_id(1)), str(people.person_id(2))}
        assert len(shares.notices(inst, KIND)) == 6

    def test_asks_whoever_gets_a_book_in_between(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        ask(inst, now)
        (second,) = people.add_people(inst.engine, 1, first=2)

        assert ask(inst, now + DAY) == 0
        shares.issue(inst, second, now + DAY)
        assert ask(inst, now + DAY) == 1

    def test_asks_nobody_who_has_died(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        with sqlite_inst.engine.begin() as connection:
            connection.execute(sa.text("UPDATE person SET life_status = 'DECEASED'"))

        assert ask(sqlite_inst, now) == 0

    def test_goes_in_batches(
        self, sqlite_inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(yearly_check, "AT_ONCE", 2)
        shares.issued(sqlite_inst, now, 3)

        assert [ask(sqlite_inst, now) for _ in range(3)] == [2, 1, 0]

    def test_leaves_a_trace_that_tells_how_many(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now, 2)

        ask(sqlite_inst, now)
        ask(sqlite_inst, now)

        (row,) = shares.traces(sqlite_inst, Action.YEARLY_CHECK)
        assert (row["person_id"], row["detail"]) == (None, '{"asked":2}')

    def test_is_the_installations_own(self, sqlite_inst: Installation, now: datetime) -> None:
        with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
            yearly_check.ask_to_check(db, WORKER, now=now)
