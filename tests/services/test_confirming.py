from datetime import datetime, timedelta

import pytest

from labour_book.domain.confirmations import Confirmation
from labour_book.errors import NotFound
from labour_book.services import confirming
from labour_book.services.callers import Action, Caller, Role
from labour_book.services.confirming import LineChanged
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, LevelTooLow, deed
from tests.services import people, shares
from tests.services.shares import OTHER, WORKER

DAY = timedelta(days=1)


def told(inst: Installation, now: datetime, caller: Caller = WORKER) -> list[Confirmation]:
    with deed(inst.engine) as db:
        return confirming.confirmations(db, caller, now=now)


def say(
    inst: Installation, key: str, now: datetime, *, right: bool = True, caller: Caller = WORKER
) -> Confirmation:
    with deed(inst.engine) as db:
        return confirming.confirm(db, caller, key, right=right, now=now)


class TestConfirm:
    def test_is_silent_until_somebody_says_so(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)

        assert [each.confirmed_at for each in told(inst, now)] == [None, None]

    def test_keeps_the_day_of_the_first_word(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        key = told(inst, now)[0].line.key

        assert say(inst, key, now).confirmed_at == now
        assert say(inst, key, now + DAY).confirmed_at == now
        assert [each.confirmed_at for each in told(inst, now + DAY)] == [now, None]

    def test_can_be_taken_back(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        key = told(inst, now)[0].line.key
        say(inst, key, now)

        assert say(inst, key, now, right=False).confirmed_at is None
        assert say(inst, key, now, right=False).confirmed_at is None
        assert told(inst, now)[0].confirmed_at is None

    def test_is_of_what_the_line_says_so_a_changed_line_is_unconfirmed_again(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = shares.issued(inst, now)
        before = told(inst, now)
        for each in before:
            say(inst, each.line.key, now)
        people.void_employment(inst.engine, 1, at=now + DAY)  # its day and contract go with it
        shares.issue(inst, person, now + DAY)

        after = told(inst, now + DAY)

        assert [each.confirmed_at for each in after] == [None, now]
        with pytest.raises(LineChanged):
            say(inst, before[0].line.key, now + DAY)

    def test_is_ones_own(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now, 2)
        key = told(inst, now)[0].line.key
        say(inst, key, now)

        assert [each.confirmed_at for each in told(inst, now, OTHER)] == [None, None]

    def test_is_traced(self, sqlite_inst: Installation, now: datetime) -> None:
        (person,) = shares.issued(sqlite_inst, now)

        say(sqlite_inst, told(sqlite_inst, now)[0].line.key, now)

        (row,) = shares.traces(sqlite_inst, Action.LINE_CONFIRM)
        assert (row["person_id"], row["outcome"]) == (person, "ok")

    def test_needs_a_book(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine, 1)

        with pytest.raises(NotFound):
            told(sqlite_inst, now)

    @pytest.mark.parametrize(
        ("caller", "error"),
        [
            (Caller("official", "o", "", Role.APPROVER, unit_code="BNV"), DeniedToRole),
            (
                Caller("worker", "w", "", Role.WORKER, person_id=people.person_id(), level=1),
                LevelTooLow,
            ),
        ],
    )
    def test_is_for_the_owner_with_a_strong_sign_in(
        self, sqlite_inst: Installation, now: datetime, caller: Caller, error: type[Exception]
    ) -> None:
        shares.issued(sqlite_inst, now)
        key = told(sqlite_inst, now)[0].line.key

        with pytest.raises(error):
            say(sqlite_inst, key, now, caller=caller)
