from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.errors import Invalid
from labour_book.queries.rows import table_of
from labour_book.services import access, deletion_duties, sharing, signing_in
from labour_book.services.access import NotSignedIn, deed
from labour_book.services.callers import (
    AT_LEVEL_1,
    PERMITTED,
    Action,
    Caller,
    Role,
)
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.permission import LevelTooLow
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.signing_in import Identity, SignedIn, SignInOver, SignInRefused
from labour_book.tables import AccessToken, Account, Person, Session, SignInIdentity
from tests.services import people, shares
from tests.support.databases import stored_in

PROVIDER = "https://id.example.vn"
PERSON = Identity(PROVIDER, "pairwise-1", 2, people.personal_id(1), name="Nguyễn Thị Số 1")
AGENT = Identity(PROVIDER, "pairwise-9", 2, organisation=people.EMPLOYER_CODE, name="Phòng NS")
MINUTE = timedelta(minutes=1)
ADDRESS = "203.0.113.9"
COOKIE = "what the browser holds"


def signed_in(inst: Installation, secret: str, now: datetime) -> SignedIn:
    with deed(inst.engine) as db:
        return signing_in.signed_in(db, inst, secret, now=now)


def sign_in(
    inst: Installation, now: datetime, identity: Identity = PERSON, replaces: str | None = None
) -> str:
    return signing_in.sign_in(inst, identity, replaces=replaces, now=now).secret


def token_of(inst: Installation, secret: str, now: datetime) -> str:
    with deed(inst.engine) as db:
        session = signing_in.signed_in(db, inst, secret, now=now)
        return signing_in.token_for(db, inst, session, now=now).token


def caller_of(inst: Installation, token: str, now: datetime) -> Caller:
    with reading(inst.engine) as db:
        return access.caller_of(db, token, now)


def rows(inst: Installation, model: type) -> list[sa.RowMapping]:
    table = table_of(model)
    with reading(inst.engine) as db:
        key = next(iter(table.primary_key.columns))
        return list(db.execute(sa.select(table).order_by(key)).mappings())


def change(inst: Installation, model: type, **values: object) -> None:
    with transaction(inst.engine) as db:
        db.execute(sa.update(table_of(model)).values(**values))


class TestBeginAndFinish:
    def begin(self, inst: Installation, now: datetime, secret: str = COOKIE) -> None:
        with deed(inst.engine) as db:
            signing_in.begin(db, inst, secret, return_to="/a", address=ADDRESS, now=now)

    def finish(self, inst: Installation, now: datetime, secret: str = COOKIE) -> str:
        with deed(inst.engine) as db:
            return signing_in.finish(db, inst, secret, now=now).return_to

    def test_gives_back_the_way_back_once(self, inst: Installation, now: datetime) -> None:
        self.begin(inst, now)

        assert self.finish(inst, now + MINUTE) == "/a"
        with pytest.raises(SignInOver):
            self.finish(inst, now + MINUTE)

    def test_is_over_after_ten_minutes(self, inst: Installation, now: datetime) -> None:
        self.begin(inst, now)

        with pytest.raises(SignInOver):
            self.finish(inst, now + 10 * MINUTE)

    def test_knows_no_other_browser(self, sqlite_inst: Installation, now: datetime) -> None:
        self.begin(sqlite_inst, now)

        with pytest.raises(SignInOver):
            self.finish(sqlite_inst, now, "t")
        assert self.finish(sqlite_inst, now) == "/a"

    def test_is_limited_by_address(self, inst: Installation, now: datetime) -> None:
        for number in range(inst.sessions.starts.most):
            self.begin(inst, now, f"s{number}")

        with pytest.raises(TooMany):
            self.begin(inst, now, "one more")
        self.begin(inst, now + 2 * MINUTE, "later")


class TestSignIn:
    def test_finds_the_person_by_the_personal_id(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine, 2)

        session = signed_in(inst, sign_in(inst, now), now)

        assert session.caller.kind == "worker"
        assert session.caller.person_id == people.person_id(1)
        assert session.caller.level == 2
        assert session.expires_at == now + timedelta(hours=12)

    def test_keeps_the_account_but_never_the_session(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine)

        first, second = sign_in(inst, now), sign_in(inst, now + MINUTE)

        assert first != second
        ids = {signed_in(inst, each, now + MINUTE).caller.id for each in (first, second)}
        assert len(ids) == 1
        assert len(rows(inst, Account)) == 1

    def test_ends_the_session_that_the_browser_had(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine, 2)
        other = replace(PERSON, subject="pairwise-2", personal_id=people.personal_id(2))
        before = sign_in(inst, now)
        token = token_of(inst, before, now)

        sign_in(inst, now, other, replaces=before)

        with pytest.raises(NotSignedIn):
            signed_in(inst, before, now)
        with pytest.raises(NotSignedIn):
            caller_of(inst, token, now)

    def test_stores_neither_the_secret_nor_the_personal_id(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        people.add_people(sqlite_inst.engine)
        secret = sign_in(sqlite_inst, now)
        token = token_of(sqlite_inst, secret, now)

        raw = stored_in(sqlite_inst.engine)
        for told in (secret, token, people.personal_id(1)):
            assert told.encode() not in raw
        assert people.personal_id(1) not in repr(PERSON)
        assert secret not in repr(signed_in(sqlite_inst, secret, now))
        (identity,) = rows(sqlite_inst, SignInIdentity)
        assert (identity["subject"], identity["acts_for"]) == ("pairwise-1", "")

    def test_is_traced_where_the_person_sees_it(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)

        sign_in(inst, now, replace(PERSON, level=1))

        (row,) = shares.traces(inst, "session.begin")
        assert (row["person_id"], row["outcome"]) == (people.person_id(1), "ok")
        assert row["detail"] == '{"level":1}'

    @pytest.mark.parametrize(
        ("identity", "cause"),
        [
            (replace(PERSON, personal_id=people.personal_id(404)), "PERSON_UNKNOWN"),
            (replace(PERSON, personal_id=None), "PERSONAL_ID_MISSING"),
        ],
    )
    def test_refuses_whom_nobody_here_knows(
        self, inst: Installation, now: datetime, identity: Identity, cause: str
    ) -> None:
        people.add_people(inst.engine)

        with pytest.raises(SignInRefused) as error:
            sign_in(inst, now, identity)

        assert error.value.facts == {"cause": cause}
        assert rows(inst, Session) == []
        (row,) = shares.traces(inst, "session.begin")
        assert (row["outcome"], row["person_id"]) == ("refused", None)

    @pytest.mark.parametrize("number", ["12345678901", "0011900000010", "00119000000a", "١" * 12])
    def test_refuses_what_is_no_personal_id(
        self, sqlite_inst: Installation, now: datetime, number: str
    ) -> None:
        with pytest.raises(Invalid) as error:
            sign_in(sqlite_inst, now, replace(PERSON, personal_id=number))

        assert number not in str(error.value)

    def test_refuses_the_dead(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine)
        change(sqlite_inst, Person, life_status="DECEASED")

        with pytest.raises(SignInRefused) as error:
            sign_in(sqlite_inst, now)

        assert error.value.facts == {"cause": "DECEASED"}
        (row,) = shares.traces(sqlite_inst, "session.begin")
        assert row["person_id"] == people.person_id(1)

    def test_refuses_a_closed_account(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)
        secret = sign_in(inst, now)
        change(inst, Account, closed_at=now)

        with pytest.raises(SignInRefused) as error:
            sign_in(inst, now)

        assert error.value.facts == {"cause": "ACCOUNT_CLOSED"}
        with pytest.raises(NotSignedIn):
            signed_in(inst, secret, now)

    def test_refuses_a_name_that_meant_somebody_else(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        people.add_people(sqlite_inst.engine, 2)
        sign_in(sqlite_inst, now)

        with pytest.raises(SignInRefused) as error:
            sign_in(sqlite_inst, now, replace(PERSON, personal_id=people.personal_id(2)))

        assert error.value.facts == {"cause": "IDENTITY_CHANGED"}


class TestSignInOfAnEnterprise:
    def test_calls_for_the_enterprise(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)

        caller = signed_in(inst, sign_in(inst, now, AGENT), now).caller

        assert (caller.kind, caller.role) == ("employer", Role.EMPLOYER)
        assert caller.enterprise_code == people.EMPLOYER_CODE
        assert (caller.name, caller.level, caller.person_id) == ("Phòng NS", 2, None)

    def test_has_no_levels(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine)

        secret = sign_in(sqlite_inst, now, replace(AGENT, level=1))

        assert signed_in(sqlite_inst, secret, now).caller.level == 2

    def test_of_two_by_one_agent_are_two_accounts(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        people.add_people(sqlite_inst.engine)
        shares.add_enterprise(sqlite_inst.engine, shares.RIVAL_CODE, "ACTIVE")

        codes = {
            signed_in(sqlite_inst, sign_in(sqlite_inst, now, each), now).caller.enterprise_code
            for each in (AGENT, replace(AGENT, organisation=shares.RIVAL_CODE))
        }

        assert codes == {people.EMPLOYER_CODE, shares.RIVAL_CODE}
        assert len(rows(sqlite_inst, Account)) == 2

    @pytest.mark.parametrize("status", ["CLOSED", "REVOKED_TAX", "NOT_AT_ADDRESS"])
    def test_is_refused_with_its_status(
        self, inst: Installation, now: datetime, status: str
    ) -> None:
        shares.add_enterprise(inst.engine, shares.RIVAL_CODE, status)

        with pytest.raises(EnterpriseRefused) as error:
            sign_in(inst, now, replace(AGENT, organisation=shares.RIVAL_CODE))

        assert error.value.facts == {"enterprise_status": status}
        assert rows(inst, Session) == []
        assert shares.traces(inst, "session.begin")[0]["outcome"] == "refused"

    @pytest.mark.parametrize(
        ("code", "error"), [("0101234567", Invalid), (shares.RIVAL_CODE, EnterpriseRefused)]
    )
    def test_is_refused_to_codes_that_nobody_has(
        self, sqlite_inst: Installation, now: datetime, code: str, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            sign_in(sqlite_inst, now, replace(AGENT, organisation=code))


class TestSession:
    @pytest.fixture
    def secret(self, inst: Installation, now: datetime) -> str:
        people.add_people(inst.engine)
        return sign_in(inst, now)

    def test_ends_when_it_is_idle(self, inst: Installation, now: datetime, secret: str) -> None:
        signed_in(inst, secret, now + 29 * MINUTE)

        signed_in(inst, secret, now + 58 * MINUTE)
        with pytest.raises(NotSignedIn):
            signed_in(inst, secret, now + 88 * MINUTE)

    def test_ends_after_its_hours_however_busy(
        self, inst: Installation, now: datetime, secret: str
    ) -> None:
        for minutes in range(20, 720, 20):
            signed_in(inst, secret, now + minutes * MINUTE)

        with pytest.raises(NotSignedIn):
            signed_in(inst, secret, now + 720 * MINUTE)

    @pytest.mark.parametrize("secret", ["", "x" * 43, "\ud800", "\x00", "x" * 10_000])
    def test_is_nobodys_for_anything_else(
        self, sqlite_inst: Installation, now: datetime, secret: str
    ) -> None:
        with pytest.raises(NotSignedIn):
            signed_in(sqlite_inst, secret, now)

    def test_ends_with_its_tokens_when_signed_out(
        self, inst: Installation, now: datetime, secret: str
    ) -> None:
        token = token_of(inst, secret, now)
        other = sign_in(inst, now)
        caller = caller_of(inst, token, now)

        with deed(inst.engine) as db:
            signing_in.sign_out(db, secret, caller, now=now)

        with pytest.raises(NotSignedIn):
            signed_in(inst, secret, now)
        with pytest.raises(NotSignedIn):
            caller_of(inst, token, now)
        assert signed_in(inst, other, now).caller == caller

    def test_ends_everywhere(self, inst: Installation, now: datetime, secret: str) -> None:
        others = [sign_in(inst, now) for _ in range(2)]
        tokens = [token_of(inst, each, now) for each in others]
        caller = signed_in(inst, secret, now).caller

        with deed(inst.engine) as db:
            assert signing_in.sign_out_everywhere(db, caller, now=now) == 3

        for each in (secret, *others):
            with pytest.raises(NotSignedIn):
                signed_in(inst, each, now)
        for each in tokens:
            with pytest.raises(NotSignedIn):
                caller_of(inst, each, now)

    def test_is_forgotten_long_after(self, inst: Installation, now: datetime, secret: str) -> None:
        token_of(inst, secret, now)
        later = now + timedelta(days=31)

        sign_in(inst, later)

        assert [row["started_at"] for row in rows(inst, Session)] == [later]
        assert rows(inst, AccessToken) == []


class TestToken:
    def test_is_the_same_caller_for_a_quarter_of_an_hour(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine)
        secret = sign_in(inst, now, replace(PERSON, level=1))

        token = token_of(inst, secret, now)

        assert caller_of(inst, token, now + 14 * MINUTE) == signed_in(inst, secret, now).caller
        with pytest.raises(NotSignedIn):
            caller_of(inst, token, now + 15 * MINUTE)

    def test_does_not_outlive_the_session(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)
        short = replace(inst, sessions=replace(inst.sessions, hours=1, idle_minutes=60))
        secret = sign_in(short, now)

        token = token_of(short, secret, now + 50 * MINUTE)

        caller_of(short, token, now + 59 * MINUTE)
        with pytest.raises(NotSignedIn):
            caller_of(short, token, now + 60 * MINUTE)


class TestLevel:
    """Level 1 looks and takes back; all else needs level 2."""

    def low(self, inst: Installation, now: datetime) -> Caller:
        return signed_in(inst, sign_in(inst, now, replace(PERSON, level=1)), now).caller

    def test_1_does_not_share(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)
        caller = self.low(inst, now)

        with pytest.raises(LevelTooLow) as error, deed(inst.engine) as db:
            sharing.create_share(db, inst, caller, shares.OFFER, now=now)

        assert error.value.facts == {"level": 1, "level_needed": 2}
        (row,) = shares.traces(inst, "share.create")
        assert (row["outcome"], row["detail"]) == ("refused", '{"cause":"LEVEL"}')

    def test_1_opens_the_own_book_and_freezes_sharing(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        caller = self.low(sqlite_inst, now)

        with deed(sqlite_inst.engine) as db:
            book = access.open_book(
                db, sqlite_inst, caller, people.person_id(1), purpose="", now=now
            )
            assert sharing.freeze(db, caller, now=now)
        assert book.employments

    def test_2_shares(self, sqlite_inst: Installation, now: datetime) -> None:
        shares.issued(sqlite_inst, now)
        caller = signed_in(sqlite_inst, sign_in(sqlite_inst, now), now).caller

        with deed(sqlite_inst.engine) as db:
            created = sharing.create_share(db, sqlite_inst, caller, shares.OFFER, now=now)

        assert isinstance(created.share_id, UUID)

    def test_is_2_for_what_the_command_line_grants(self) -> None:
        assert Caller("worker", "w", "", Role.WORKER).level == 2

    def test_is_asked_of_every_deed_that_is_not_listed(self, now: datetime) -> None:
        for action in Action:
            role = min(PERMITTED[action])
            caller = Caller("worker", "w", "", role, level=1)
            if action in AT_LEVEL_1:
                access.check_role(caller, action, now)
            else:
                with pytest.raises(LevelTooLow):
                    access.check_role(caller, action, now)
        assert Action.SHARE_CREATE not in AT_LEVEL_1

    def test_is_asked_when_deletion_is_confirmed(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        caller = replace(shares.OTHER, level=1)

        with pytest.raises(LevelTooLow), deed(sqlite_inst.engine) as db:
            deletion_duties.confirm_deletion(db, caller, people.uid(1, 1), now=now)
