"""What an administrator does with the accounts of officials."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.services import acting
from labour_book.services.access import Caller, DeniedToRole, NotSignedIn, Role, deed
from labour_book.services.acting import InvitationOver
from labour_book.services.hashed_secrets import hashed
from labour_book.services.installation import Installation
from labour_book.services.permission import LevelTooLow
from labour_book.services.signing_in import Began, Begun, SignInRefused, sign_in
from tests.services import acting as a
from tests.services import people, shares
from tests.support.databases import stored_in

DAY = timedelta(days=1)


@pytest.fixture
def filled(inst: Installation) -> Installation:
    people.add_people(inst.engine)
    people.add_units(inst.engine)
    return inst


@pytest.fixture
def small(sqlite_inst: Installation) -> Installation:
    people.add_people(sqlite_inst.engine)
    people.add_units(sqlite_inst.engine)
    return sqlite_inst


class TestScopeOfAnAdministrator:
    @pytest.mark.parametrize(
        ("own", "unit", "may"),
        [
            ("BNV", "UB-26734", True),
            ("SNV-01", "UB-00070", True),
            ("SNV-01", "SNV-01", True),
            ("SNV-01", "UB-26734", False),
            ("SNV-01", "BNV", False),
            ("UB-00070", "SNV-01", False),
        ],
    )
    def test_is_the_own_unit_and_what_is_under_it(
        self, small: Installation, now: datetime, own: str, unit: str, *, may: bool
    ) -> None:
        account = a.official(small, now, unit=unit)

        try:
            with deed(small.engine) as db:
                acting.close(db, a.admin(own), account, now=now)
        except DeniedToRole:
            assert not may
            (row,) = shares.traces(small, "account.close")
            assert (row["outcome"], row["detail"]) == ("refused", '{"cause":"UNIT"}')
        else:
            assert may

    def test_lists_no_others(self, filled: Installation, now: datetime) -> None:
        near = a.official(filled, now, unit="UB-00070")
        far = a.official(filled, now, unit="UB-26734")

        with deed(filled.engine) as db:
            seen = {
                own: {each.id for each in acting.accounts_of(db, a.admin(own), now=now)}
                for own in ("SNV-01", "BNV")
            }

        assert seen == {"SNV-01": {near}, "BNV": {near, far}}

    def test_pages_by_key(self, small: Installation, now: datetime) -> None:
        every = sorted(a.official(small, now) for _ in range(3))

        with deed(small.engine) as db:
            first = acting.accounts_of(db, a.admin(), now=now, limit=2)
            rest = acting.accounts_of(db, a.admin(), after=first[-1].id, now=now, limit=2)

        assert [each.id for each in (*first, *rest)] == every

    def test_is_not_an_officials_of_another_role(self, small: Installation, now: datetime) -> None:
        caller = Caller("official", "o", "", Role.APPROVER, unit_code="BNV")

        with pytest.raises(DeniedToRole), deed(small.engine) as db:
            acting.accounts_of(db, caller, now=now)


class TestAddHolder:
    def test_is_refused_twice_and_possible_again_after_its_end(
        self, filled: Installation, now: datetime
    ) -> None:
        account = a.official(filled, now, e_id=a.STRANGER_ID)
        with pytest.raises(Conflict), deed(filled.engine) as db:
            acting.add_holder(db, filled.vault, a.admin(), account, a.STRANGER_ID, now=now)

        with deed(filled.engine) as db:
            (holder,) = acting.holders_of(db, a.admin(), account, now=now)
            acting.end_holder(db, a.admin(), account, holder.id, now=now)
            acting.add_holder(db, filled.vault, a.admin(), account, a.STRANGER_ID, now=now)
            states = [each.ended_at for each in acting.holders_of(db, a.admin(), account, now=now)]

        assert sorted(states, key=str) == [now, None]

    def test_keeps_the_number_nowhere(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now)

        with deed(small.engine) as db:
            acting.add_holder(db, small.vault, a.admin(), account, a.STRANGER_ID, now=now)

        assert a.STRANGER_ID.encode() not in stored_in(small.engine)
        assert a.STRANGER_ID not in str(shares.traces(small, "account.map"))

    @pytest.mark.parametrize("number", ["12345678901", "", "0011900000a1"])
    def test_refuses_what_is_no_personal_id(
        self, small: Installation, now: datetime, number: str
    ) -> None:
        account = a.official(small, now)

        with pytest.raises(Invalid), deed(small.engine) as db:
            acting.add_holder(db, small.vault, a.admin(), account, number, now=now)

    def test_refuses_a_last_day_that_is_over(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now)
        yesterday = date(2026, 11, 19)

        with pytest.raises(Invalid), deed(small.engine) as db:
            acting.add_holder(
                db, small.vault, a.admin(), account, a.STRANGER_ID, last_day=yesterday, now=now
            )

    def test_refuses_the_administrators_own(self, small: Installation, now: datetime) -> None:
        a.official(small, now, Role.ADMIN, "BNV", e_id=a.STRANGER_ID)
        caller = a.begun(small, a.STRANGER, now, "/desk").caller
        account = a.official(small, now)

        with pytest.raises(Conflict), deed(small.engine) as db:
            acting.add_holder(db, small.vault, caller, account, a.STRANGER_ID, now=now)

    def test_is_for_officials_accounts_alone(self, small: Installation, now: datetime) -> None:
        worker = UUID(a.begun(small, a.WORKER, now).caller.id)

        with pytest.raises(NotFound), deed(small.engine) as db:
            acting.add_holder(db, small.vault, a.admin(), worker, a.STRANGER_ID, now=now)


class TestEndOfAccess:
    @pytest.fixture
    def signed_in(self, filled: Installation, now: datetime) -> tuple[UUID, Begun, str]:
        account = a.official(filled, now, e_id=a.STRANGER_ID)
        begun = a.begun(filled, a.STRANGER, now)
        return account, begun, a.token_of(filled, begun.secret, now)

    def check_over(self, inst: Installation, begun: Begun, token: str, now: datetime) -> None:
        with pytest.raises(NotSignedIn):
            a.caller_of(inst, begun.secret, now)
        with pytest.raises(NotSignedIn):
            a.caller_by(inst, token, now)

    def test_is_at_once_when_the_account_is_closed(
        self, filled: Installation, now: datetime, signed_in: tuple[UUID, Begun, str]
    ) -> None:
        account, begun, token = signed_in

        with deed(filled.engine) as db:
            acting.close(db, a.admin(), account, now=now)

        self.check_over(filled, begun, token, now)
        with pytest.raises(SignInRefused):
            a.begun(filled, a.STRANGER, now)
        with pytest.raises(Conflict), deed(filled.engine) as db:
            acting.close(db, a.admin(), account, now=now)

    def test_is_at_once_when_the_e_id_opens_it_no_more(
        self, filled: Installation, now: datetime, signed_in: tuple[UUID, Begun, str]
    ) -> None:
        account, begun, token = signed_in

        with deed(filled.engine) as db:
            (holder,) = acting.holders_of(db, a.admin(), account, now=now)
            acting.end_holder(db, a.admin(), account, holder.id, now=now)

        self.check_over(filled, begun, token, now)

    def test_is_at_once_when_the_seat_changes(
        self, filled: Installation, now: datetime, signed_in: tuple[UUID, Begun, str]
    ) -> None:
        account, begun, token = signed_in

        with deed(filled.engine) as db:
            acting.change_seat(
                db, a.admin(), account, role=Role.INSPECTOR, unit_code="SNV-01", now=now
            )

        self.check_over(filled, begun, token, now)
        caller = a.begun(filled, a.STRANGER, now).caller
        assert (caller.role, caller.unit_code) == (Role.INSPECTOR, "SNV-01")

    def test_ends_nobody_elses(
        self, filled: Installation, now: datetime, signed_in: tuple[UUID, Begun, str]
    ) -> None:
        _, begun, token = signed_in
        other = a.official(filled, now)

        with deed(filled.engine) as db:
            acting.close(db, a.admin(), other, now=now)

        assert a.caller_of(filled, begun.secret, now) == a.caller_by(filled, token, now)


class TestChangeSeat:
    def test_refuses_what_does_not_fit(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now)
        for role, unit, error in (
            (Role.WORKER, "BNV", Invalid),
            (Role.APPROVER, "GONE", Conflict),
        ):
            with pytest.raises(error), deed(small.engine) as db:
                acting.change_seat(db, a.admin(), account, role=role, unit_code=unit, now=now)

    def test_does_not_lift_anybody_above_the_administrator(
        self, small: Installation, now: datetime
    ) -> None:
        account = a.official(small, now)

        with pytest.raises(DeniedToRole), deed(small.engine) as db:
            acting.change_seat(
                db, a.admin("SNV-01"), account, role=Role.ADMIN, unit_code="BNV", now=now
            )

    def test_is_not_for_oneself(self, small: Installation, now: datetime) -> None:
        a.official(small, now, Role.ADMIN, "BNV", e_id=a.STRANGER_ID)
        caller = a.begun(small, a.STRANGER, now, "/desk").caller

        with pytest.raises(Conflict), deed(small.engine) as db:
            acting.change_seat(
                db, caller, UUID(caller.id), role=Role.APPROVER, unit_code="BNV", now=now
            )
        with pytest.raises(Conflict), deed(small.engine) as db:
            acting.close(db, caller, UUID(caller.id), now=now)


class TestInvitation:
    def invite(self, inst: Installation, account: UUID, now: datetime) -> str:
        with deed(inst.engine) as db:
            return acting.invite(db, inst, a.admin(), account, now=now).secret

    def take(
        self, inst: Installation, secret: str, now: datetime, level: int = 2, number: str = ""
    ) -> Begun:
        began = Began("/desk", hashed(secret))
        who = a.STRANGER if level == 2 else a.at_level_1(a.STRANGER)
        if number:
            who = a.WORKER
        return sign_in(inst, who, replaces=None, now=now, began=began)

    def test_gives_the_account_to_whoever_signs_in(
        self, filled: Installation, now: datetime
    ) -> None:
        account = a.official(filled, now)

        begun = self.take(filled, self.invite(filled, account, now), now)

        assert begun.caller.id == str(account)
        assert a.begun(filled, a.STRANGER, now + DAY).caller.id == str(account)

    def test_is_good_once(self, filled: Installation, now: datetime) -> None:
        secret = self.invite(filled, a.official(filled, now), now)
        self.take(filled, secret, now)

        with pytest.raises(InvitationOver):
            self.take(filled, secret, now, number=a.WORKER_ID)

    def test_is_not_for_whoever_made_it(self, small: Installation, now: datetime) -> None:
        a.official(small, now, Role.ADMIN, "BNV", e_id=a.STRANGER_ID)
        caller = a.begun(small, a.STRANGER, now, "/desk").caller
        account = a.official(small, now)
        with deed(small.engine) as db:
            secret = acting.invite(db, small, caller, account, now=now).secret

        with pytest.raises(InvitationOver):
            self.take(small, secret, now)

        assert self.take(small, secret, now, number=a.WORKER_ID).caller.id == str(account)

    def test_is_over_after_a_week(self, small: Installation, now: datetime) -> None:
        secret = self.invite(small, a.official(small, now), now)

        with pytest.raises(InvitationOver):
            self.take(small, secret, now + 7 * DAY)

    def test_ends_when_another_one_is_made(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now)
        first, second = (self.invite(small, account, now) for _ in range(2))

        with pytest.raises(InvitationOver):
            self.take(small, first, now)
        assert self.take(small, second, now).caller.id == str(account)

    def test_ends_with_the_account(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now)
        secret = self.invite(small, account, now)
        with deed(small.engine) as db:
            acting.close(db, a.admin(), account, now=now)

        with pytest.raises(InvitationOver):
            self.take(small, secret, now)

    def test_needs_level_2_and_is_not_used_up_by_less(
        self, filled: Installation, now: datetime
    ) -> None:
        secret = self.invite(filled, a.official(filled, now), now)

        with pytest.raises(LevelTooLow):
            self.take(filled, secret, now, level=1)

        self.take(filled, secret, now)

    def test_is_stored_by_its_hash(self, small: Installation, now: datetime) -> None:
        secret = self.invite(small, a.official(small, now), now)

        assert secret.encode() not in stored_in(small.engine)

    @pytest.mark.parametrize("secret", ["", "x", "\ud800"])
    def test_is_none_for_anything_else(
        self, small: Installation, now: datetime, secret: str
    ) -> None:
        with pytest.raises(InvitationOver):
            self.take(small, secret, now)
