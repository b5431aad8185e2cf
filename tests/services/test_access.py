import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from labour_book.database import Cursor, Db, Driver, reading
from labour_book.errors import Invalid, NotFound, Unavailable
from labour_book.queries.rows import table_of
from labour_book.services import access
from labour_book.services.access import (
    ANYBODY,
    Action,
    Caller,
    DeniedToRole,
    NotFoundForCaller,
    Role,
    deed,
    operator,
)
from labour_book.services.auditing import Entry, trace_all, verify_chain
from labour_book.services.callers import PERMITTED, ROLES_OF_KIND
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.permission import looks
from labour_book.tables import Trace
from tests.services import people

OPERATOR = operator("test")
HOUR = timedelta(hours=1)
WORKER = Caller("worker", "w1", "", Role.WORKER, person_id=people.person_id(1))
MACHINE = Caller("machine", "m1", "", Role.READER)


@dataclass
class Counting:
    """A driver's connection that notes what it is asked."""

    driver: Driver
    seen: list[str]

    def execute(self, sql: str, *values: object) -> Cursor:
        self.seen.append(sql)
        return self.driver.execute(sql, *values)


def official(unit: str, role: Role = Role.APPROVER) -> Caller:
    return Caller("official", "o1", "", role, unit_code=unit)


def traced(inst: Installation) -> list[sa.RowMapping]:
    table = table_of(Trace)
    with reading(inst.engine) as db:
        query = sa.select(table).where(table.c.action.not_like("key.%")).order_by(table.c.seq)
        return list(db.execute(query).mappings())


def open_book(
    inst: Installation, caller: Caller, person: UUID, now: datetime, purpose: str = "check"
) -> object:
    with deed(inst.engine) as db:
        return access.open_book(db, inst, caller, person, purpose=purpose, now=now)


class TestPermitted:
    def test_says_for_every_action_who(self) -> None:
        assert set(PERMITTED) == set(Action)

    def test_every_role_belongs_to_one_kind(self) -> None:
        roles = [role for each in ROLES_OF_KIND.values() for role in each]

        assert sorted(roles) == sorted(Role)

    def test_lets_nobody_without_account_do_more_than_look_at_what_was_handed_over_and_open_shares(
        self,
    ) -> None:
        allowed = {each for each in Action if ANYBODY.may(each)}

        assert allowed == {Action.BOOK_VERIFY, Action.SHARE_OPEN}


NOBODY, FIRST, BOTH = (False, False), (True, False), (True, True)
SCOPES = [
    (WORKER, FIRST),
    (Caller("worker", "w2", "", Role.WORKER), NOBODY),
    (official("BNV"), BOTH),
    (official("SNV-01"), BOTH),
    (official("SNV-01", Role.AUDITOR), BOTH),
    (official("SNV-79"), NOBODY),
    (official("UB-00070", Role.INSPECTOR), BOTH),
    (official("UB-26734"), NOBODY),
    (official("GONE"), NOBODY),
    (Caller("official", "o2", "", Role.APPROVER), NOBODY),
    (MACHINE, BOTH),
    (OPERATOR, BOTH),
]
"""Which of two people in one commune a caller may look at."""


class TestOpenBook:
    def test_is_for_whom_the_person_is_in_scope(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        ids = people.add_people(sqlite_inst.engine, 2)
        people.add_units(sqlite_inst.engine)

        for caller, in_scope in SCOPES:
            for person, allowed in zip(ids, in_scope, strict=True):
                if allowed:
                    assert open_book(sqlite_inst, caller, person, now)
                else:
                    with pytest.raises(NotFoundForCaller):
                        open_book(sqlite_inst, caller, person, now)

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.STATISTICIAN])
    def test_is_for_nobody_who_needs_no_person(
        self, sqlite_inst: Installation, now: datetime, role: Role
    ) -> None:
        people.add_people(sqlite_inst.engine)
        people.add_units(sqlite_inst.engine)

        with pytest.raises(DeniedToRole):
            open_book(sqlite_inst, official("BNV", role), people.person_id(), now)

    def test_is_traced_once_with_its_purpose(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)
        people.add_units(inst.engine)

        open_book(inst, official("SNV-01"), people.person_id(), now, "hồ sơ 12/2026")

        (row,) = traced(inst)
        assert (row["actor_kind"], row["actor"], row["action"]) == ("official", "o1", "book.open")
        assert (row["person_id"], row["purpose"]) == (people.person_id(), "hồ sơ 12/2026")
        assert (row["outcome"], row["detail"]) == ("ok", "{}")

    def test_has_the_facts_as_of_today(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)

        with deed(inst.engine) as db:
            book = access.open_book(db, inst, WORKER, people.person_id(), purpose="", now=now)

        assert book.identity.personal_id == people.personal_id()
        assert [entry.position for entry in book.employments] == ["Thợ hàn"]

    @pytest.mark.parametrize("caller", [official("SNV-01"), MACHINE])
    def test_needs_a_purpose(
        self, sqlite_inst: Installation, now: datetime, caller: Caller
    ) -> None:
        for purpose in ("", "  "):
            with pytest.raises(Invalid, match="purpose"):
                open_book(sqlite_inst, caller, people.person_id(), now, purpose)

    @pytest.mark.parametrize("purpose", ["x" * 201, "a\nb", "a\x00b", "a\u202eb"])
    def test_refuses_a_purpose_that_is_no_line_of_text(
        self, sqlite_inst: Installation, now: datetime, purpose: str
    ) -> None:
        with pytest.raises(Invalid):
            open_book(sqlite_inst, OPERATOR, people.person_id(), now, purpose)

    def test_answers_alike_for_unknown_and_not_permitted(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine, 2)
        answers = []

        for person in (people.person_id(2), people.person_id(404)):
            with pytest.raises(NotFoundForCaller) as refused:
                open_book(inst, WORKER, person, now)
            answers.append((str(refused.value), refused.value.slug, refused.value.facts))

        assert answers[0] == answers[1]

    def test_traces_the_refusal_although_nothing_else_stays(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine, 2)

        for person in (people.person_id(2), people.person_id(404)):
            with pytest.raises(NotFoundForCaller):
                open_book(inst, WORKER, person, now)
        with pytest.raises(DeniedToRole):
            open_book(inst, ANYBODY, people.person_id(2), now)

        assert [(row["person_id"], row["outcome"], row["detail"]) for row in traced(inst)] == [
            (people.person_id(2), "refused", '{"cause":"NOT_THEIRS"}'),
            (people.person_id(404), "refused", '{"cause":"UNKNOWN"}'),
            (people.person_id(2), "refused", '{"cause":"ROLE"}'),
        ]


class TestOpenVersion:
    def test_gives_the_newest_or_a_numbered_one(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)
        with deed(inst.engine) as db:
            issue_book(db, inst, person, by=OPERATOR, now=now)
        people.add_diploma(inst.engine, person, 1, at=now + HOUR)
        with deed(inst.engine) as db:
            issue_book(db, inst, person, by=OPERATOR, now=now + 2 * HOUR)

        with deed(inst.engine) as db:
            looked = [
                access.open_version(db, WORKER, person, purpose="", now=now, version=number)
                for number in (None, 1, 2)
            ]
            trace_all(db, [entry for _, entry in looked])
        found = [book for book, _ in looked]

        assert [(each.version, each.state) for each in found] == [
            (2, "current"),
            (1, "superseded"),
            (2, "current"),
        ]
        document = json.loads(found[0].document)
        assert document["worker"]["personal_id"] == "********0001"
        assert document["version"] == 2
        assert [row["detail"] for row in traced(inst)][-3:] == [
            '{"version":2}',
            '{"version":1}',
            '{"version":2}',
        ]

    def test_of_a_book_never_issued_is_not_found(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)

        for version in (None, 1):
            with pytest.raises(NotFound), deed(inst.engine) as db:
                access.open_version(
                    db, WORKER, people.person_id(), purpose="", now=now, version=version
                )

    def test_of_others_is_not_found(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine, 2)

        for person in (people.person_id(2), people.person_id(404)):
            with pytest.raises(NotFoundForCaller), deed(inst.engine) as db:
                access.open_version(db, WORKER, person, purpose="", now=now)

    def test_takes_one_query_besides_the_trace(
        self, inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (person,) = people.add_people(inst.engine)
        with deed(inst.engine) as db:
            issue_book(db, inst, person, by=OPERATOR, now=now)
        seen: list[str] = []

        with deed(inst.engine) as db:
            monkeypatch.setattr(db, "_driver", Counting(db.driver, seen))
            sa.event.listen(
                inst.engine, "before_cursor_execute", lambda *given: seen.append(given[2])
            )
            _, entry = access.open_version(db, WORKER, person, purpose="", now=now)
            trace_all(db, [entry])

        assert [each.split()[0] for each in seen] == ["SELECT", "SELECT", "INSERT", "UPDATE"]


class TestLooks:
    def test_leave_a_trace_each_refusals_too_and_share_one_transaction(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine, 2)
        with deed(inst.engine) as db:
            issue_book(db, inst, people.person_id(1), by=OPERATOR, now=now)
        begun: list[object] = []
        sa.event.listen(inst.engine, "begin", begun.append)
        before = len(traced(inst))
        begun.clear()

        found = looks(inst.engine, [look(1, now), look(2, now), look(404, now), look(1, now)])

        assert len(begun) == 1
        assert [type(each).__name__ for each in found] == [
            "StoredBook",
            "NotFoundForCaller",
            "NotFoundForCaller",
            "StoredBook",
        ]
        rows = traced(inst)[before:]
        assert [(row["person_id"], row["outcome"]) for row in rows] == [
            (people.person_id(1), "ok"),
            (people.person_id(2), "refused"),
            (people.person_id(404), "refused"),
            (people.person_id(1), "ok"),
        ]
        with reading(inst.engine) as db:
            assert verify_chain(db).is_whole

    def test_what_breaks_in_one_is_nobody_elses(self, inst: Installation, now: datetime) -> None:
        people.add_people(inst.engine)
        with deed(inst.engine) as db:
            issue_book(db, inst, people.person_id(1), by=OPERATOR, now=now)
        before = len(traced(inst))

        found = looks(inst.engine, [look(1, now), broken, look(1, now)])

        assert [type(each).__name__ for each in found] == ["StoredBook", "Invalid", "StoredBook"]
        assert [row["outcome"] for row in traced(inst)[before:]] == ["ok", "ok"]

    def test_show_nothing_to_anybody_where_no_trace_can_be_written(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine)
        with deed(inst.engine) as db:
            issue_book(db, inst, people.person_id(1), by=OPERATOR, now=now)
        before = len(traced(inst))
        sa.event.listen(inst.engine, "commit", full, once=True)

        with pytest.raises(Unavailable):
            looks(inst.engine, [look(1, now), look(1, now)])

        assert len(traced(inst)) == before


def look(number: int, now: datetime) -> Callable[[Db], tuple[access.StoredBook, Entry]]:
    def opened(db: Db) -> tuple[access.StoredBook, Entry]:
        return access.open_version(db, WORKER, people.person_id(number), purpose="", now=now)

    return opened


def broken(db: Db) -> tuple[access.StoredBook, Entry]:
    """Ask what no database can store: the transaction is of no more use."""
    if db.connection().dialect.name == "sqlite":
        raise psycopg.DataError
    db.driver.execute("SELECT 1 / 0")
    raise AssertionError


def full(_connection: sa.Connection) -> None:
    raise Unavailable("the disk is full")


class TestOpenCredential:
    def test_of_a_book_never_issued_is_not_found(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        people.add_people(sqlite_inst.engine)

        with pytest.raises(NotFound), deed(sqlite_inst.engine) as db:
            access.open_credential(db, sqlite_inst, WORKER, people.person_id(), purpose="", now=now)
