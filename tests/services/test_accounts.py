from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.errors import Conflict, Denied, Invalid, NotFound
from labour_book.queries.rows import table_of
from labour_book.services import access
from labour_book.services.access import ANYBODY, Caller, NotSignedIn, Role, deed, operator
from labour_book.services.installation import Installation
from labour_book.tables import AccessToken, Account
from tests.services import people
from tests.support.databases import stored_in

OPERATOR = operator("test")
HOUR = timedelta(hours=1)


class TestCallerOf:
    def grant(self, inst: Installation, now: datetime, hours: int = 8) -> tuple[UUID, str]:
        people.add_people(inst.engine)
        with deed(inst.engine) as db:
            account = access.open_account(
                db,
                OPERATOR,
                kind="worker",
                name="Thị Số 1",
                role=Role.WORKER,
                person_id=people.person_id(),
                now=now,
            )
            return account, access.grant_token(db, OPERATOR, account, hours=hours, now=now)

    def test_is_the_account_that_holds_the_token(self, inst: Installation, now: datetime) -> None:
        account, token = self.grant(inst, now)

        with reading(inst.engine) as db:
            caller = access.caller_of(db, token, now)

        assert caller == Caller(
            "worker", str(account), "Thị Số 1", Role.WORKER, None, people.person_id()
        )

    def test_ends_with_the_hours_of_the_token(self, inst: Installation, now: datetime) -> None:
        _, token = self.grant(inst, now)

        with reading(inst.engine) as db:
            access.caller_of(db, token, now + 8 * HOUR - timedelta(seconds=1))
            with pytest.raises(NotSignedIn):
                access.caller_of(db, token, now + 8 * HOUR)

    def test_ends_when_tokens_are_taken_back(self, inst: Installation, now: datetime) -> None:
        account, token = self.grant(inst, now)

        with deed(inst.engine) as db:
            assert access.revoke_tokens(db, OPERATOR, account, now=now) == 1

        with reading(inst.engine) as db, pytest.raises(NotSignedIn):
            access.caller_of(db, token, now)

    def test_ends_when_the_account_is_closed(self, inst: Installation, now: datetime) -> None:
        account, token = self.grant(inst, now)
        table = table_of(Account)
        with transaction(inst.engine) as db:
            db.execute(sa.update(table).where(table.c.id == account).values(closed_at=now))

        with reading(inst.engine) as db, pytest.raises(NotSignedIn):
            access.caller_of(db, token, now)
        with pytest.raises(NotFound), deed(inst.engine) as db:
            access.grant_token(db, OPERATOR, account, hours=1, now=now)

    @pytest.mark.parametrize("token", ["", "lb_", "x" * 10_000, "\ud800", "lb_\x00"])
    def test_is_nobody_for_anything_else(
        self, sqlite_inst: Installation, now: datetime, token: str
    ) -> None:
        with reading(sqlite_inst.engine) as db, pytest.raises(NotSignedIn):
            access.caller_of(db, token, now)

    def test_keeps_the_token_nowhere(self, sqlite_inst: Installation, now: datetime) -> None:
        _, token = self.grant(sqlite_inst, now)

        with reading(sqlite_inst.engine) as db:
            table = table_of(AccessToken)
            (row,) = db.execute(sa.select(table).order_by(table.c.token_hash)).mappings()
        assert token.encode() not in stored_in(sqlite_inst.engine)
        assert len(row["token_hash"]) == 32


@dataclass(frozen=True)
class Wish:
    """An account somebody asks for."""

    kind: str
    role: Role
    unit: str | None = None
    person: UUID | None = None

    def open(self, inst: Installation, now: datetime) -> None:
        with deed(inst.engine) as db:
            access.open_account(
                db,
                OPERATOR,
                kind=self.kind,
                name="N",
                role=self.role,
                unit_code=self.unit,
                person_id=self.person,
                now=now,
            )


class TestOpenAccount:
    @pytest.mark.parametrize(
        "wish",
        [
            Wish("worker", Role.APPROVER, person=people.person_id()),
            Wish("worker", Role.WORKER),
            Wish("official", Role.WORKER, "SNV-01"),
            Wish("official", Role.APPROVER),
            Wish("machine", Role.READER, "SNV-01"),
            Wish("system", Role.OPERATOR),
            Wish("nothing", Role.READER),
        ],
    )
    def test_refuses_what_does_not_fit(
        self, sqlite_inst: Installation, now: datetime, wish: Wish
    ) -> None:
        with pytest.raises(Invalid):
            wish.open(sqlite_inst, now)

    @pytest.mark.parametrize(
        "wish",
        [
            Wish("official", Role.APPROVER, "GONE"),
            Wish("worker", Role.WORKER, person=people.person_id(404)),
        ],
    )
    def test_refuses_a_unit_or_person_that_is_not_there(
        self, sqlite_inst: Installation, now: datetime, wish: Wish
    ) -> None:
        with pytest.raises(Conflict):
            wish.open(sqlite_inst, now)

    def test_is_for_administrators(self, sqlite_inst: Installation, now: datetime) -> None:
        others = [
            Caller("worker", "w", "", Role.WORKER, person_id=people.person_id()),
            Caller("machine", "m", "", Role.READER),
            Caller("official", "o", "", Role.APPROVER, unit_code="BNV"),
            ANYBODY,
        ]
        for caller in others:
            with pytest.raises(Denied), deed(sqlite_inst.engine) as db:
                access.open_account(db, caller, kind="machine", name="N", role=Role.READER, now=now)

    def test_of_a_machine_may_read(self, sqlite_inst: Installation, now: datetime) -> None:
        with deed(sqlite_inst.engine) as db:
            account = access.open_account(
                db, OPERATOR, kind="machine", name="N", role=Role.READER, now=now
            )
            token = access.grant_token(db, OPERATOR, account, hours=1, now=now)
            assert access.caller_of(db, token, now).role is Role.READER


class TestGrantToken:
    @pytest.mark.parametrize("hours", [0, -1, 24 * 366 + 1])
    def test_refuses_a_life_without_sense(
        self, sqlite_inst: Installation, now: datetime, hours: int
    ) -> None:
        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            access.grant_token(db, OPERATOR, people.uid(1, 1), hours=hours, now=now)
