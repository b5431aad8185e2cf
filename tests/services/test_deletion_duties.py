import json
from datetime import date, datetime, timedelta

import pytest

from labour_book.errors import NotFound
from labour_book.services import deletion_duties as duties
from labour_book.services import withdrawing
from labour_book.services.access import DeniedToRole, NotFoundForCaller, deed
from labour_book.services.callers import ANYBODY, Caller, Role
from labour_book.services.deletion_duties import CopyDecided
from labour_book.services.installation import Installation
from labour_book.services.own_shares import StoredCopy
from labour_book.services.sharing import Created, ShareOver
from labour_book.services.visits import ShareEnded
from tests.services import people, shares
from tests.services.shares import (
    EMPLOYER,
    OPERATOR,
    OTHER,
    RIVAL,
    RIVAL_CODE,
    TO_EMPLOYER,
    WORKER,
)

DAY = timedelta(days=1)
AUDITOR = Caller("official", "o1", "", Role.AUDITOR, unit_code="BNV")


def seen(inst: Installation, now: datetime) -> Created:
    """A share that the employer has opened."""
    shares.issued(inst, now)
    created = shares.share(inst, now, TO_EMPLOYER)
    shares.look(inst, created.code, now, EMPLOYER)
    return created


def copy_in(inst: Installation, now: datetime) -> StoredCopy:
    ((copy,),) = (each.copies for each in shares.mine(inst, now))
    return copy


class TestMarkNotHired:
    def test_begins_the_duty_with_its_last_day(self, inst: Installation, now: datetime) -> None:
        created = seen(inst, now)

        with deed(inst.engine) as db:
            due_on = duties.mark_not_hired(db, EMPLOYER, created.share_id, now=now)

        assert due_on == date(2026, 12, 10)
        copy = copy_in(inst, now)
        assert (copy.state, copy.cause, copy.due_on) == ("due", "not_hired", due_on)
        (notice,) = shares.notices(inst, "copy.deletion-due")
        assert notice["recipient"] == people.EMPLOYER_CODE
        with pytest.raises(ShareEnded):
            shares.look(inst, created.code, now, EMPLOYER)
        assert shares.row_of(inst, created.share_id)["views"] == 1

    def test_is_decided_once(self, inst: Installation, now: datetime) -> None:
        created = seen(inst, now)
        with deed(inst.engine) as db:
            duties.mark_not_hired(db, EMPLOYER, created.share_id, now=now)

        for decide in (duties.mark_not_hired, duties.mark_hired):
            with pytest.raises(CopyDecided), deed(inst.engine) as db:
                decide(db, EMPLOYER, created.share_id, now=now)

    def test_is_for_who_holds_a_copy(self, sqlite_inst: Installation, now: datetime) -> None:
        created = seen(sqlite_inst, now)
        unseen = shares.share(sqlite_inst, now, TO_EMPLOYER)
        shares.add_enterprise(sqlite_inst.engine, RIVAL_CODE, "ACTIVE")

        for caller, share_id in (
            (RIVAL, created.share_id),
            (EMPLOYER, unseen.share_id),
            (EMPLOYER, people.uid(99, 1)),
        ):
            with pytest.raises(NotFound), deed(sqlite_inst.engine) as db:
                duties.mark_not_hired(db, caller, share_id, now=now)
        for caller in (WORKER, ANYBODY, AUDITOR):
            with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
                duties.mark_not_hired(db, caller, created.share_id, now=now)

    def test_holds_for_a_share_for_anyone_too(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)
        shares.look(sqlite_inst, created.code, now, EMPLOYER)
        shares.look(sqlite_inst, created.code, now)

        with deed(sqlite_inst.engine) as db:
            assert duties.mark_not_hired(db, EMPLOYER, created.share_id, now=now)
        assert shares.look(sqlite_inst, created.code, now)


class TestMarkHired:
    def test_lets_the_lapse_begin_no_duty(self, inst: Installation, now: datetime) -> None:
        created = seen(inst, now)
        with deed(inst.engine) as db:
            duties.mark_hired(db, EMPLOYER, created.share_id, now=now)

        with deed(inst.engine) as db:
            assert duties.begin_lapsed_duties(db, OPERATOR, now=now + 8 * DAY) == 0
        assert copy_in(inst, now).state == "kept"


class TestConfirmDeletion:
    def test_gives_the_worker_a_receipt(self, inst: Installation, now: datetime) -> None:
        created = seen(inst, now)
        with deed(inst.engine) as db:
            duties.mark_not_hired(db, EMPLOYER, created.share_id, now=now)

        with deed(inst.engine) as db:
            receipt = duties.confirm_deletion(db, EMPLOYER, created.share_id, now=now + 5 * DAY)

        assert receipt.in_time
        copy = copy_in(inst, now)
        assert (copy.state, copy.confirmed_by) == ("deleted", "e1")
        assert copy.state_since == now + 5 * DAY
        (notice,) = shares.notices(inst, "copy.deletion-confirmed")
        assert notice["recipient"] == str(people.person_id())
        assert json.loads(notice["facts"])["recipient"] == people.EMPLOYER_CODE
        with pytest.raises(CopyDecided), deed(inst.engine) as db:
            duties.confirm_deletion(db, EMPLOYER, created.share_id, now=now)

    @pytest.mark.parametrize(("days", "in_time"), [(20, True), (21, False)])
    def test_says_whether_it_was_in_time(
        self,
        sqlite_inst: Installation,
        now: datetime,
        days: int,
        in_time: bool,  # noqa: FBT001 - a column of the table above
    ) -> None:
        created = seen(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            duties.mark_not_hired(db, EMPLOYER, created.share_id, now=now)

        with deed(sqlite_inst.engine) as db:
            receipt = duties.confirm_deletion(db, EMPLOYER, created.share_id, now=now + days * DAY)

        assert receipt.in_time is in_time


class TestBeginLapsedDuties:
    def test_counts_from_the_end_of_the_share(self, inst: Installation, now: datetime) -> None:
        seen(inst, now)

        with deed(inst.engine) as db:
            assert duties.begin_lapsed_duties(db, OPERATOR, now=now + 6 * DAY) == 0
        with deed(inst.engine) as db:
            assert duties.begin_lapsed_duties(db, OPERATOR, now=now + 15 * DAY) == 1
        with deed(inst.engine) as db:
            assert duties.begin_lapsed_duties(db, OPERATOR, now=now + 15 * DAY) == 0

        copy = copy_in(inst, now)
        assert (copy.cause, copy.due_on) == ("lapsed", date(2026, 12, 17))

    def test_is_for_the_clock(self, sqlite_inst: Installation, now: datetime) -> None:
        for caller in (WORKER, EMPLOYER, AUDITOR, ANYBODY):
            with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
                duties.begin_lapsed_duties(db, caller, now=now)


class TestRemindOverdue:
    def test_reminds_after_the_last_day_once_a_week(
        self, inst: Installation, now: datetime
    ) -> None:
        created = seen(inst, now)
        with deed(inst.engine) as db:
            duties.mark_not_hired(db, EMPLOYER, created.share_id, now=now)

        reminded = []
        for days in (20, 21, 22, 27, 28, 29):
            with deed(inst.engine) as db:
                at = now + days * DAY + timedelta(minutes=1)
                reminded.append(duties.remind_overdue(db, OPERATOR, now=at))

        assert reminded == [0, 1, 0, 0, 0, 1]
        assert len(shares.notices(inst, "copy.deletion-overdue")) == 2


class TestOverdue:
    @pytest.mark.parametrize(
        ("unit", "listed"),
        [("BNV", 1), ("SNV-01", 1), ("UB-00070", 1), ("SNV-79", 0), ("UB-26734", 0), ("GONE", 0)],
    )
    def test_is_listed_for_the_inspector_of_the_place(
        self, sqlite_inst: Installation, now: datetime, unit: str, listed: int
    ) -> None:
        inst = sqlite_inst
        people.add_units(inst.engine)
        shares.issued(inst, now)
        shares.add_enterprise(inst.engine, RIVAL_CODE, "ACTIVE")
        created = shares.share(inst, now, TO_EMPLOYER, enterprise_code=RIVAL_CODE)
        shares.look(inst, created.code, now, RIVAL)
        with deed(inst.engine) as db:
            duties.mark_not_hired(db, RIVAL, created.share_id, now=now)
        inspector = Caller("official", "o1", "", Role.AUDITOR, unit_code=unit)

        with deed(inst.engine) as db:
            assert duties.overdue(db, inspector, now=now + 20 * DAY) == []
        with deed(inst.engine) as db:
            late = duties.overdue(db, inspector, now=now + 23 * DAY)

        assert len(late) == listed
        for each in late:
            assert (each.recipient.id, each.days_late, each.cause) == (RIVAL_CODE, 3, "not_hired")
            assert str(people.person_id()) not in repr(each)

    def test_is_not_for_others(self, sqlite_inst: Installation, now: datetime) -> None:
        for caller in (WORKER, EMPLOYER, ANYBODY):
            with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
                duties.overdue(db, caller, now=now)


class TestWithdrawShare:
    def test_begins_the_duty_for_those_who_saw_it(self, inst: Installation, now: datetime) -> None:
        created = seen(inst, now)
        unseen = shares.share(inst, now, TO_EMPLOYER)

        with deed(inst.engine) as db:
            assert withdrawing.withdraw_share(db, WORKER, created.share_id, now=now) == 1
            assert withdrawing.withdraw_share(db, WORKER, unseen.share_id, now=now) == 0

        copies = [copy for each in shares.mine(inst, now) for copy in each.copies]
        assert [(each.cause, each.due_on) for each in copies] == [("withdrawn", date(2026, 12, 5))]
        assert len(shares.notices(inst, "share.ended")) == 2

    def test_happens_once(self, sqlite_inst: Installation, now: datetime) -> None:
        created = seen(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            withdrawing.withdraw_share(db, WORKER, created.share_id, now=now)

        with pytest.raises(ShareOver), deed(sqlite_inst.engine) as db:
            withdrawing.withdraw_share(db, WORKER, created.share_id, now=now)

    def test_is_for_its_owner(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now, 2)
        created = shares.share(sqlite_inst, now)

        for take_back in (withdrawing.withdraw_share, withdrawing.ask_deletion):
            with pytest.raises(NotFoundForCaller), deed(sqlite_inst.engine) as db:
                take_back(db, OTHER, created.share_id, now=now)
        assert shares.look(sqlite_inst, created.code, now)


class TestAskDeletion:
    @pytest.mark.parametrize("days", [0, 3, 8, 400])
    def test_is_possible_at_any_time(
        self, sqlite_inst: Installation, now: datetime, days: int
    ) -> None:
        created = seen(sqlite_inst, now)
        asked_at = now + days * DAY

        with deed(sqlite_inst.engine) as db:
            assert withdrawing.ask_deletion(db, WORKER, created.share_id, now=asked_at) == 1

        copy = copy_in(sqlite_inst, asked_at)
        assert (copy.cause, copy.due_on) == ("asked", date(2026, 11, 20) + (days + 20) * DAY)
        with pytest.raises(ShareEnded):
            shares.look(sqlite_inst, created.code, asked_at, EMPLOYER)

    def test_reaches_what_was_kept_after_hiring(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        created = seen(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            duties.mark_hired(db, EMPLOYER, created.share_id, now=now)

        with deed(sqlite_inst.engine) as db:
            assert withdrawing.ask_deletion(db, WORKER, created.share_id, now=now) == 1

    def test_moves_no_earlier_day(self, sqlite_inst: Installation, now: datetime) -> None:
        created = seen(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            due_on = duties.mark_not_hired(db, EMPLOYER, created.share_id, now=now)

        with deed(sqlite_inst.engine) as db:
            withdrawing.ask_deletion(db, WORKER, created.share_id, now=now + 9 * DAY)

        copy = copy_in(sqlite_inst, now)
        assert (copy.cause, copy.due_on) == ("not_hired", due_on)
