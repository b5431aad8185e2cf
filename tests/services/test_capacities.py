"""One e-ID, several accounts: which one a sign-in means, and how to go on as another."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import transaction
from labour_book.errors import NotFound
from labour_book.queries.rows import table_of
from labour_book.services import access, acting, signing_in
from labour_book.services.access import NotSignedIn, Role, deed
from labour_book.services.capacities import kind_meant
from labour_book.services.installation import Installation
from labour_book.services.permission import check_own
from labour_book.services.signing_in import Capacity, SignInRefused
from labour_book.tables import Session, Unit
from tests.services import acting as a
from tests.services import people, shares
from tests.support.databases import stored_in

DAY = timedelta(days=1)


@pytest.fixture
def filled(inst: Installation) -> Installation:
    people.add_people(inst.engine, 2)
    people.add_units(inst.engine)
    return inst


@pytest.fixture
def small(sqlite_inst: Installation) -> Installation:
    people.add_people(sqlite_inst.engine, 2)
    people.add_units(sqlite_inst.engine)
    return sqlite_inst


def choices(inst: Installation, secret: str, now: datetime) -> list[Capacity]:
    with deed(inst.engine) as db:
        caller = signing_in.signed_in(db, inst, secret, now=now).caller
        return signing_in.choices(db, secret, caller, now=now)


def go_on(inst: Installation, secret: str, account: UUID, now: datetime) -> signing_in.Begun:
    with deed(inst.engine) as db:
        caller = signing_in.signed_in(db, inst, secret, now=now).caller
        return signing_in.go_on_as(db, inst, secret, caller, account, now=now)


class TestSignInOfAnOfficial:
    def test_needs_no_book(self, filled: Installation, now: datetime) -> None:
        account = a.official(filled, now, e_id=a.STRANGER_ID)

        caller = a.begun(filled, a.STRANGER, now).caller

        assert (caller.id, caller.role, caller.unit_code) == (
            *(str(account), Role.APPROVER),
            "UB-00070",
        )
        assert caller.person_id is None

    def test_keeps_no_personal_id(self, small: Installation, now: datetime) -> None:
        a.official(small, now, e_id=a.STRANGER_ID)
        a.begun(small, a.STRANGER, now)

        assert a.STRANGER_ID.encode() not in stored_in(small.engine)

    def test_is_refused_at_level_1(self, filled: Installation, now: datetime) -> None:
        a.official(filled, now, e_id=a.STRANGER_ID)

        with pytest.raises(SignInRefused) as error:
            a.begun(filled, a.at_level_1(a.STRANGER), now)

        assert error.value.facts == {"cause": "LEVEL_TOO_LOW"}
        assert shares.traces(filled, "session.begin")[0]["outcome"] == "refused"

    def test_at_level_1_leaves_the_worker_to_themselves(
        self, small: Installation, now: datetime
    ) -> None:
        a.official(small, now, e_id=a.WORKER_ID)

        begun = a.begun(small, a.at_level_1(a.WORKER), now, "/desk")

        assert begun.caller.kind == "worker"
        assert [each.caller.kind for each in choices(small, begun.secret, now)] == ["worker"]

    def test_ends_with_the_last_day_of_the_e_id(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now)
        with deed(small.engine) as db:
            today = date(2026, 11, 20)
            acting.add_holder(
                db, small.vault, a.OPERATOR, account, a.STRANGER_ID, last_day=today, now=now
            )

        a.begun(small, a.STRANGER, now)
        with pytest.raises(SignInRefused):
            a.begun(small, a.STRANGER, now + DAY)

    def test_that_nobody_named_is_refused(self, small: Installation, now: datetime) -> None:
        with pytest.raises(SignInRefused) as error:
            a.begun(small, a.STRANGER, now)

        assert error.value.facts == {"cause": "PERSON_UNKNOWN"}


class TestOfficialWhoIsAWorkerToo:
    def test_is_known_as_that_person_and_opens_no_book_of_their_own(
        self, filled: Installation, now: datetime
    ) -> None:
        a.official(filled, now, e_id=a.WORKER_ID)
        begun = a.begun(filled, a.WORKER, now, "/desk")
        token = a.token_of(filled, begun.secret, now)

        callers = [
            begun.caller,
            a.caller_of(filled, begun.secret, now),
            a.caller_by(filled, token, now),
        ]

        assert {(each.kind, each.person_id) for each in callers} == {
            ("official", people.person_id(1))
        }
        with pytest.raises(NotFound), deed(filled.engine) as db:
            check_own(db, begun.caller, access.Action.BOOK_OPEN, now)

    def test_is_known_as_who_signed_in_where_others_open_the_account_too(
        self, filled: Installation, now: datetime
    ) -> None:
        account = a.official(filled, now, e_id=a.WORKER_ID)
        with deed(filled.engine) as db:
            acting.add_holder(
                *(db, filled.vault, a.OPERATOR, account, people.personal_id(2)),
                last_day=date(2026, 11, 20),
                now=now + timedelta(minutes=1),
            )

        begun = a.begun(filled, a.WORKER, now + DAY, "/desk")
        token = a.token_of(filled, begun.secret, now + DAY)

        assert a.caller_of(filled, begun.secret, now + DAY).person_id == people.person_id(1)
        assert a.caller_by(filled, token, now + DAY).person_id == people.person_id(1)

    def test_is_nobody_else_once_the_e_id_opens_the_account_no_more(
        self, small: Installation, now: datetime
    ) -> None:
        account = a.official(small, now, e_id=a.WORKER_ID)
        with deed(small.engine) as db:
            (holder,) = acting.holders_of(db, a.OPERATOR, account, now=now)
            acting.end_holder(db, a.OPERATOR, account, holder.id, now=now)
            acting.add_holder(db, small.vault, a.OPERATOR, account, a.STRANGER_ID, now=now)

        assert a.begun(small, a.STRANGER, now, "/desk").caller.person_id is None


class TestMeant:
    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("/desk", "official"),
            ("/desk/queue?page=2", "official"),
            ("/desk?lang=en", "official"),
            ("/employer/shares/1", "employer"),
            ("/", "worker"),
            ("/app", "worker"),
            ("/desks", "worker"),
        ],
    )
    def test_is_by_the_page_that_the_person_was_going_to(self, path: str, kind: str) -> None:
        assert kind_meant(path) == kind

    @pytest.mark.parametrize(("path", "kind"), [("/desk", "official"), ("/", "worker")])
    def test_is_certain_where_one_account_fits(
        self, small: Installation, now: datetime, path: str, kind: str
    ) -> None:
        a.official(small, now, e_id=a.WORKER_ID)

        begun = a.begun(small, a.WORKER, now, path)

        assert (begun.caller.kind, begun.is_certain) == (kind, True)

    def test_is_in_doubt_where_two_fit_or_none(self, small: Installation, now: datetime) -> None:
        for unit in ("UB-00070", "SNV-01"):
            a.official(small, now, unit=unit, e_id=a.WORKER_ID)

        certain = {
            path: a.begun(small, a.WORKER, now, path).is_certain
            for path in ("/desk", "/employer", "/")
        }

        assert certain == {"/desk": False, "/employer": False, "/": True}


class TestGoOnAs:
    def test_replaces_the_session(self, filled: Installation, now: datetime) -> None:
        account = a.official(filled, now, e_id=a.WORKER_ID)
        before = a.begun(filled, a.WORKER, now)
        token = a.token_of(filled, before.secret, now)

        after = go_on(filled, before.secret, account, now + timedelta(minutes=5))

        assert after.caller.id == str(account)
        assert a.caller_of(filled, after.secret, now).role is Role.APPROVER
        with pytest.raises(NotSignedIn):
            a.caller_of(filled, before.secret, now)
        with pytest.raises(NotSignedIn):
            a.caller_by(filled, token, now)

    def test_and_back_again(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now, e_id=a.WORKER_ID)
        first = a.begun(small, a.WORKER, now)
        second = go_on(small, first.secret, account, now)

        third = go_on(small, second.secret, UUID(first.caller.id), now)

        assert third.caller == first.caller

    def test_does_not_prolong_the_session(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now, e_id=a.WORKER_ID)
        begun = a.begun(small, a.WORKER, now)
        later = now + timedelta(minutes=20)

        go_on(small, begun.secret, account, later)

        table = table_of(Session)
        with transaction(small.engine) as db:
            ends = db.execute(sa.select(table.c.expires_at).order_by(table.c.id)).scalars().all()
        assert set(ends) == {now + timedelta(hours=small.sessions.hours)}

    def test_opens_nobody_elses_account(self, filled: Installation, now: datetime) -> None:
        account = a.official(filled, now, e_id=a.STRANGER_ID)
        begun = a.begun(filled, a.WORKER, now)

        with pytest.raises(NotFound):
            go_on(filled, begun.secret, account, now)
        assert a.caller_of(filled, begun.secret, now) == begun.caller

    def test_is_traced_as_end_and_beginning(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now, e_id=a.WORKER_ID)
        begun = a.begun(small, a.WORKER, now)

        go_on(small, begun.secret, account, now)

        actors = [row["actor"] for row in shares.traces(small, "session.begin")]
        assert actors == [begun.caller.id, str(account)]
        assert [row["actor"] for row in shares.traces(small, "session.end")] == [begun.caller.id]

    def test_is_not_open_to_an_organisation(self, small: Installation, now: datetime) -> None:
        begun = a.begun(small, a.AGENT, now)

        assert choices(small, begun.secret, now) == []

    def test_does_not_offer_what_has_ended(self, small: Installation, now: datetime) -> None:
        account = a.official(small, now, e_id=a.WORKER_ID)
        begun = a.begun(small, a.WORKER, now)
        assert len(choices(small, begun.secret, now)) == 2

        with deed(small.engine) as db:
            acting.close(db, a.OPERATOR, account, now=now)

        assert len(choices(small, begun.secret, now)) == 1

    def test_does_not_follow_a_name_at_another_provider(
        self, small: Installation, now: datetime
    ) -> None:
        other = replace(a.WORKER, issuer="https://other.example.vn", personal_id=a.STRANGER_ID)
        a.official(small, now, e_id=a.STRANGER_ID)
        a.begun(small, a.WORKER, now)

        begun = a.begun(small, other, now)

        kinds = [each.caller.kind for each in choices(small, begun.secret, now)]
        assert kinds == ["official"]


class TestUnitThatHasEnded:
    def test_leaves_its_officials_nobody_to_look_after(
        self, small: Installation, now: datetime
    ) -> None:
        a.official(small, now, e_id=a.STRANGER_ID)
        units = table_of(Unit)
        with transaction(small.engine) as db:
            db.execute(
                sa.update(units)
                .where(units.c.code == "UB-00070")
                .values(valid_to=date(2026, 11, 19))
            )
        caller = a.begun(small, a.STRANGER, now, "/desk").caller

        with pytest.raises(NotFound), deed(small.engine) as db:
            access.open_book(db, small, caller, people.person_id(1), purpose="x", now=now)
