"""Mandates: what somebody may do for another, until when, and that it ends at once."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from labour_book.domain.mandates import FOR_ENTERPRISE, FOR_WORKER, Scope
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.services import access, mandates, own_accesses, sharing
from labour_book.services.access import Caller, DeniedToRole, NotSignedIn, Role, deed
from labour_book.services.callers import PERMITTED, Action
from labour_book.services.installation import Installation
from labour_book.services.permission import LevelTooLow
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.scopes import ACTIONS, ALWAYS
from labour_book.services.signing_in import SignInRefused
from tests.services import acting as a
from tests.services import people, shares
from tests.support.databases import stored_in

DAY = timedelta(days=1)


@pytest.fixture
def filled(inst: Installation, now: datetime) -> Installation:
    shares.issued(inst, now)
    return inst


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Installation:
    shares.issued(sqlite_inst, now)
    return sqlite_inst


def worker(inst: Installation, now: datetime) -> Caller:
    return a.begun(inst, a.WORKER, now).caller


def agent(inst: Installation, now: datetime) -> Caller:
    return a.begun(inst, a.AGENT, now).caller


class TestRepresentative:
    def test_acts_with_the_workers_book(self, filled: Installation, now: datetime) -> None:
        a.given(filled, worker(filled, now), a.STRANGER_ID, a.wish(now), now)

        caller = a.begun(filled, a.STRANGER, now).caller
        with deed(filled.engine) as db:
            book = access.open_book(db, filled, caller, people.person_id(1), purpose="", now=now)

        assert (caller.role, caller.person_id) == (Role.REPRESENTATIVE, people.person_id(1))
        assert book.employments

    def test_is_told_to_the_worker_under_the_name_they_gave(
        self, filled: Installation, now: datetime
    ) -> None:
        owner = worker(filled, now)
        a.given(filled, owner, a.STRANGER_ID, a.wish(now), now)
        caller = a.begun(filled, a.STRANGER, now).caller
        with deed(filled.engine) as db:
            access.open_book(db, filled, caller, people.person_id(1), purpose="", now=now)

        with deed(filled.engine) as db:
            rows = own_accesses.own_accesses(db, owner, now=now)

        (seen,) = [each for each in rows if each.deed == "book.open"]
        assert (seen.who_kind, seen.who_name) == ("proxy", "Lê Thị Kế Toán")

    def test_sees_nobody_elses(self, small: Installation, now: datetime) -> None:
        people.add_people(small.engine, 1, first=7)
        a.given(small, worker(small, now), a.STRANGER_ID, a.wish(now), now)
        caller = a.begun(small, a.STRANGER, now).caller

        with pytest.raises(access.NotFoundForCaller), deed(small.engine) as db:
            access.open_book(db, small, caller, people.person_id(7), purpose="", now=now)

    def test_does_only_what_the_mandate_says(self, small: Installation, now: datetime) -> None:
        a.given(small, worker(small, now), a.STRANGER_ID, a.wish(now, "view"), now)
        caller = a.begun(small, a.STRANGER, now).caller

        with pytest.raises(DeniedToRole), deed(small.engine) as db:
            sharing.freeze(db, caller, now=now)

        (row,) = shares.traces(small, "share.freeze")
        assert (row["outcome"], row["detail"]) == ("refused", '{"cause":"SCOPE"}')

    def test_shares_where_the_mandate_says_so(self, small: Installation, now: datetime) -> None:
        a.given(small, worker(small, now), a.STRANGER_ID, a.wish(now, "share"), now)
        caller = a.begun(small, a.STRANGER, now).caller

        with deed(small.engine) as db:
            made = sharing.create_share(db, small, caller, shares.OFFER, now=now)

        assert made.share_id

    def test_passes_on_no_mandate(self, small: Installation, now: datetime) -> None:
        a.given(small, worker(small, now), a.STRANGER_ID, a.wish(now, *FOR_WORKER), now)
        caller = a.begun(small, a.STRANGER, now).caller

        with pytest.raises(DeniedToRole):
            a.given(small, caller, "000000000043", a.wish(now), now)

    def test_needs_level_2(self, small: Installation, now: datetime) -> None:
        a.given(small, worker(small, now), a.STRANGER_ID, a.wish(now), now)

        with pytest.raises(SignInRefused):
            a.begun(small, a.at_level_1(a.STRANGER), now)


class TestDelegate:
    def test_acts_for_the_enterprise(self, filled: Installation, now: datetime) -> None:
        a.given(filled, agent(filled, now), a.STRANGER_ID, a.wish(now, "file"), now)

        caller = a.begun(filled, a.STRANGER, now, "/employer").caller

        assert (caller.kind, caller.role) == ("employer", Role.DELEGATE)
        assert caller.enterprise_code == people.EMPLOYER_CODE
        assert caller.may(Action.WORKERS_LIST)
        assert not caller.may(Action.COPY_DECIDE)
        assert not caller.may(Action.MANDATE_GIVE)

    def test_is_refused_once_the_enterprise_is_gone(
        self, small: Installation, now: datetime
    ) -> None:
        shares.add_enterprise(small.engine, shares.RIVAL_CODE, "CLOSED")
        firm = Caller(
            *("employer", str(people.uid(9, 9)), "", Role.EMPLOYER),
            enterprise_code=shares.RIVAL_CODE,
        )
        a.given(small, firm, a.STRANGER_ID, a.wish(now, "file"), now)

        with pytest.raises(EnterpriseRefused):
            a.begun(small, a.STRANGER, now)


class TestDays:
    def test_begin_and_end_the_mandate(self, filled: Installation, now: datetime) -> None:
        asked = a.wish(now, days=1, first=1)
        a.given(filled, worker(filled, now), a.STRANGER_ID, asked, now)

        for days, may in ((0, False), (1, True), (2, True), (3, False)):
            try:
                a.begun(filled, a.STRANGER, now + days * DAY)
            except SignInRefused:
                assert not may
            else:
                assert may

    def test_end_sessions_and_tokens_too(self, filled: Installation, now: datetime) -> None:
        a.given(filled, worker(filled, now), a.STRANGER_ID, a.wish(now, days=0), now)
        late = now.replace(hour=16, minute=55)
        begun = a.begun(filled, a.STRANGER, late)
        token = a.token_of(filled, begun.secret, late)
        midnight = late + timedelta(minutes=5)

        a.caller_of(filled, begun.secret, midnight - timedelta(seconds=1))
        with pytest.raises(NotSignedIn):
            a.caller_of(filled, begun.secret, midnight)
        with pytest.raises(NotSignedIn):
            a.caller_by(filled, token, midnight)


class TestRevoke:
    def test_ends_sessions_and_tokens_at_once(self, filled: Installation, now: datetime) -> None:
        owner = worker(filled, now)
        mandate = a.given(filled, owner, a.STRANGER_ID, a.wish(now), now)
        begun = a.begun(filled, a.STRANGER, now)
        token = a.token_of(filled, begun.secret, now)

        with deed(filled.engine) as db:
            mandates.revoke(db, owner, mandate, now=now)

        with pytest.raises(NotSignedIn):
            a.caller_of(filled, begun.secret, now)
        with pytest.raises(NotSignedIn):
            a.caller_by(filled, token, now)
        with pytest.raises(SignInRefused):
            a.begun(filled, a.STRANGER, now)
        with pytest.raises(Conflict), deed(filled.engine) as db:
            mandates.revoke(db, owner, mandate, now=now)

    def test_is_for_whoever_gave_it_or_keeps_the_accounts(
        self, small: Installation, now: datetime
    ) -> None:
        owner, firm = worker(small, now), agent(small, now)
        mandate = a.given(small, owner, a.STRANGER_ID, a.wish(now), now)
        other = Caller("worker", "w", "", Role.WORKER, person_id=people.person_id(2))

        for caller in (firm, other):
            with pytest.raises(NotFound), deed(small.engine) as db:
                mandates.revoke(db, caller, mandate, now=now)
        with deed(small.engine) as db:
            mandates.revoke(db, a.OPERATOR, mandate, now=now)

    def test_at_level_1_is_possible(self, small: Installation, now: datetime) -> None:
        mandate = a.given(small, worker(small, now), a.STRANGER_ID, a.wish(now), now)
        low = a.begun(small, a.at_level_1(a.WORKER), now).caller

        with pytest.raises(LevelTooLow):
            a.given(small, low, a.STRANGER_ID, a.wish(now), now)
        with deed(small.engine) as db:
            mandates.revoke(db, low, mandate, now=now)


class TestGive:
    @pytest.mark.parametrize(
        ("scope", "first", "days"),
        [
            ((), 0, 1),
            (("everything",), 0, 1),
            (("file",), 0, 1),
            (("view",), -1, 5),
            (("view",), 0, -1),
            (("view",), 0, 366),
        ],
    )
    def test_refuses_terms_that_do_not_fit(
        self, small: Installation, now: datetime, scope: tuple[str, ...], first: int, days: int
    ) -> None:
        asked = mandates.Wish(
            *("X", scope),
            now.date() + first * DAY,
            now.date() + (first + days) * DAY,
        )

        with pytest.raises(Invalid):
            a.given(small, worker(small, now), a.STRANGER_ID, asked, now)

    def test_refuses_oneself_and_no_number(self, small: Installation, now: datetime) -> None:
        owner = worker(small, now)

        with pytest.raises(Conflict):
            a.given(small, owner, a.WORKER_ID, a.wish(now), now)
        with pytest.raises(Invalid):
            a.given(small, owner, "42", a.wish(now), now)

    def test_keeps_the_number_nowhere(self, small: Installation, now: datetime) -> None:
        a.given(small, worker(small, now), a.STRANGER_ID, a.wish(now), now)

        assert a.STRANGER_ID.encode() not in stored_in(small.engine)

    def test_shows_in_the_list_with_its_state(self, small: Installation, now: datetime) -> None:
        owner = worker(small, now)
        first = a.given(small, owner, a.STRANGER_ID, a.wish(now, days=2), now)
        second = a.given(small, owner, a.STRANGER_ID, a.wish(now, first=9), now + DAY)
        with deed(small.engine) as db:
            mandates.revoke(db, owner, second, now=now + 2 * DAY)

        states: list[dict[UUID, str]] = []
        for later in (now + DAY, now + 3 * DAY):
            with deed(small.engine) as db:
                listed = mandates.given_by(db, owner, now=later)
            states.append({each.id: each.state for each in listed})

        assert states == [
            {second: "revoked", first: "running"},
            {second: "revoked", first: "over"},
        ]

    def test_is_listed_to_nobody_else(self, small: Installation, now: datetime) -> None:
        a.given(small, worker(small, now), a.STRANGER_ID, a.wish(now), now)
        firm = agent(small, now)

        with deed(small.engine) as db:
            assert mandates.given_by(db, firm, now=now) == []
            assert len(mandates.newest(db, a.OPERATOR, now=now)) == 1


class TestScopes:
    def test_name_only_what_the_role_may(self) -> None:
        for scope in Scope:
            role = Role.REPRESENTATIVE if scope in FOR_WORKER else Role.DELEGATE
            assert all(role in PERMITTED[action] for action in ACTIONS[scope]), scope

    @pytest.mark.parametrize(
        ("role", "scopes"), [(Role.REPRESENTATIVE, FOR_WORKER), (Role.DELEGATE, FOR_ENTERPRISE)]
    )
    def test_cover_all_that_the_role_may(self, role: Role, scopes: tuple[Scope, ...]) -> None:
        everybodys = {each for each in Action if set(Role) <= PERMITTED[each]}
        may = {each for each in Action if role in PERMITTED[each]} - everybodys

        assert may <= ALWAYS.union(*(ACTIONS[each] for each in scopes))
