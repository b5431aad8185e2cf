import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

import signing
from labour_book.database import reading
from labour_book.errors import Conflict, Invalid, NotFound, Unavailable
from labour_book.queries.rows import table_of
from labour_book.services import keys, numbering
from labour_book.services.access import (
    Caller,
    DeniedToRole,
    NotFoundForCaller,
    Role,
    deed,
    open_credential,
    operator,
)
from labour_book.services.auditing import verify_chain
from labour_book.services.drafting import take_entries
from labour_book.services.installation import Installation
from labour_book.services.issuing import (
    Issued,
    Unchanged,
    issue_book,
    printed_code,
    revoke,
    verify_url,
)
from labour_book.services.verifying import record_in
from labour_book.tables import Book, BookVersion, StatusList, Trace
from signing import Use
from tests.services import people
from tests.support.databases import stored_in

BOOK, VERSION = table_of(Book), table_of(BookVersion)
OPERATOR = operator("test")
LATER = timedelta(days=1)


def issue(inst: Installation, person: UUID, now: datetime) -> Issued | Unchanged:
    with deed(inst.engine) as db:
        return issue_book(db, inst, person, by=OPERATOR, now=now)


def issued(inst: Installation, person: UUID, now: datetime) -> Issued:
    result = issue(inst, person, now)
    assert isinstance(result, Issued)
    return result


def versions(inst: Installation) -> list[sa.RowMapping]:
    with reading(inst.engine) as db:
        query = sa.select(VERSION).order_by(VERSION.c.person_id, VERSION.c.version)
        return list(db.execute(query).mappings())


def count(inst: Installation, model: type) -> int:
    with reading(inst.engine) as db:
        query = sa.select(sa.func.count()).select_from(table_of(model))
        return int(db.execute(query).scalar_one())


class TestIssueBook:
    def test_signs_the_first_version(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)

        result = issued(inst, person, now)

        (row,) = versions(inst)
        assert (result.version, row["version"], row["state"]) == (1, 1, "current")
        assert row["id"] == result.version_id
        assert row["issued_by"] == "test"
        assert row["lookup_hash"] == sha256(result.lookup_code.encode()).digest()

    def test_twice_without_a_change_issues_nothing(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)
        issue(inst, person, now)

        assert issue(inst, person, now + LATER) == Unchanged(1)
        assert len(versions(inst)) == 1

    def test_months_later_without_news_issues_nothing(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = people.add_people(sqlite_inst.engine)
        issue(sqlite_inst, person, now)

        assert issue(sqlite_inst, person, now + timedelta(days=100)) == Unchanged(1)

    def test_after_a_change_supersedes(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)
        first = issued(inst, person, now)
        people.add_diploma(inst.engine, person, 1, at=now + LATER)

        second = issued(inst, person, now + 2 * LATER)

        old, new = versions(inst)
        assert (old["id"], old["state"], old["state_since"]) == (
            first.version_id,
            "superseded",
            now + 2 * LATER,
        )
        assert (new["id"], new["version"], new["state"]) == (second.version_id, 2, "current")

    def test_chains_the_records(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)
        issue(inst, person, now)
        people.add_diploma(inst.engine, person, 1, at=now + LATER)
        issue(inst, person, now + 2 * LATER)

        with deed(inst.engine) as db:
            tokens = [
                open_credential(db, inst, OPERATOR, person, purpose="", now=now, version=number)
                for number in (1, 2)
            ]

        first, second = (record_in(signing.read_disclosed(each)) for each in tokens)
        assert "prev_sha256" not in first
        assert second["prev_sha256"] == sha256(signing.canonical_json(first)).hexdigest()
        assert [sha256(signing.canonical_json(each)).digest() for each in (first, second)] == [
            row["record_hash"] for row in versions(inst)
        ]

    def test_keeps_no_personal_id_in_the_open(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = people.add_people(sqlite_inst.engine)
        issue(sqlite_inst, person, now)

        (row,) = versions(sqlite_inst)
        assert json.loads(row["document"])["worker"]["personal_id"] == "********0001"
        assert people.personal_id().encode() not in stored_in(sqlite_inst.engine)

    def test_again_after_the_version_has_expired(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = replace(sqlite_inst, book_life_days=30)
        (person,) = people.add_people(inst.engine)
        issue(inst, person, now)

        assert issue(inst, person, now + timedelta(days=29)) == Unchanged(1)
        assert issued(inst, person, now + timedelta(days=30)).version == 2

    def test_again_after_the_key_was_withdrawn(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        (person,) = people.add_people(inst.engine)
        issue(inst, person, now)
        kid = inst.key_ring.signer(Use.CREDENTIAL).kid
        with deed(inst.engine) as db:
            keys.withdraw(db, kid, revoked_from=now, by=OPERATOR, now=now)

        with pytest.raises(Unavailable, match="withdrawn"):
            issue(inst, person, now + LATER)

        with deed(inst.engine) as db:
            keys.rotate(db, inst, Use.CREDENTIAL, by=OPERATOR, now=now)
        with reading(inst.engine) as db:
            ring = keys.open_key_ring(db, inst.key_dir, issuer=inst.issuer, now=now)
        assert issued(replace(inst, key_ring=ring), person, now + LATER).version == 2

    def test_at_the_same_moment_issues_once(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)

        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda _: issue(inst, person, now), range(8)))

        assert sum(isinstance(each, Issued) for each in results) == 1
        assert len(versions(inst)) == 1

    def test_traces_each_deed(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)
        before = count(inst, Trace)

        issue(inst, person, now)
        issue(inst, person, now)

        with reading(inst.engine) as db:
            table = table_of(Trace)
            rows = db.execute(sa.select(table).where(table.c.seq > before).order_by(table.c.seq))
            assert [(row.action, row.person_id, row.outcome) for row in rows] == [
                ("book.issue", person, "ok"),
                ("book.issue", person, "unchanged"),
            ]

    def test_for_nobody_is_not_found(self, inst: Installation, now: datetime) -> None:
        with pytest.raises(NotFoundForCaller):
            issue(inst, people.person_id(404), now)

    def test_by_a_worker_is_denied(self, sqlite_inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(sqlite_inst.engine)
        worker = Caller("worker", "w", "W", Role.WORKER, person_id=person)

        with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
            issue_book(db, sqlite_inst, person, by=worker, now=now)

    def test_without_a_key_is_unavailable(self, sqlite_inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(sqlite_inst.engine)
        ring = replace(sqlite_inst.key_ring, signers={})

        with pytest.raises(Unavailable, match="no key"):
            issue(replace(sqlite_inst, key_ring=ring), person, now)

        assert count(sqlite_inst, Book) == 0


class Broken(Exception):
    """What a failing statement raises."""


@contextmanager
def failing_at(engine: sa.Engine, number: int) -> Iterator[list[str]]:
    """Let the statement with that number, or the commit after the last, fail."""
    seen: list[str] = []

    def statement(*given: object) -> None:
        seen.append(str(given[2]))
        if len(seen) == number:
            raise Broken

    def commit(_connection: sa.Connection) -> None:
        seen.append("COMMIT")
        if len(seen) == number:
            raise Broken

    sa.event.listen(engine, "before_cursor_execute", statement)
    sa.event.listen(engine, "commit", commit)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", statement)
        sa.event.remove(engine, "commit", commit)


class TestIssueBookBroken:
    def test_at_any_statement_leaves_before_or_after(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = people.add_people(inst.engine)
        issue(inst, person, now)
        people.add_diploma(inst.engine, person, 1, at=now + LATER)
        before = versions(inst), count(inst, Trace), count(inst, Book)

        for number in range(1, 100):
            try:
                with failing_at(inst.engine, number):
                    issue(inst, person, now + 2 * LATER)
            except Broken:
                assert (versions(inst), count(inst, Trace), count(inst, Book)) == before
            else:
                break

        assert number > 10
        assert [row["state"] for row in versions(inst)] == ["superseded", "current"]
        with reading(inst.engine) as db:
            assert verify_chain(db).is_whole

    def test_at_the_insert_itself_leaves_the_old_version_current(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = people.add_people(inst.engine)
        issue(inst, person, now)
        people.add_diploma(inst.engine, person, 1, at=now + LATER)
        _refuse_second_versions(inst.engine)

        with pytest.raises((sa.exc.DBAPIError, psycopg.Error), match="refused"):
            issue(inst, person, now + 2 * LATER)

        assert [row["state"] for row in versions(inst)] == ["current"]

    def test_at_revoking_leaves_before_or_after(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)
        version_id = issued(inst, person, now).version_id
        before = versions(inst), count(inst, Trace)

        for number in range(1, 50):
            try:
                with failing_at(inst.engine, number), deed(inst.engine) as db:
                    revoke(db, version_id, "issued in error", by=OPERATOR, now=now)
            except Broken:
                assert (versions(inst), count(inst, Trace)) == before
            else:
                break

        assert [row["state"] for row in versions(inst)] == ["revoked"]


ON_SQLITE = """
CREATE TRIGGER refuse BEFORE INSERT ON book_version WHEN NEW.version = 2
BEGIN SELECT RAISE(ABORT, 'refused'); END
"""
ON_POSTGRESQL = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'refused'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON book_version FOR EACH ROW
WHEN (NEW.version = 2) EXECUTE FUNCTION refuse()
"""


def _refuse_second_versions(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        sql = ON_SQLITE if engine.dialect.name == "sqlite" else ON_POSTGRESQL
        connection.exec_driver_sql(sql)


class TestDatabase:
    def test_refuses_a_version_twice_and_two_current_ones(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = people.add_people(inst.engine)
        issue(inst, person, now)
        (row,) = versions(inst)
        new = dict(row) | {"id": people.uid(7, 1), "lookup_hash": bytes(32), "status_index": 0}

        for change in ({"state": "superseded"}, {"version": 2}):
            with pytest.raises(sa.exc.IntegrityError), inst.engine.begin() as connection:
                connection.execute(sa.insert(VERSION), new | change)


class TestRevoke:
    def test_ends_the_version_for_ever(self, inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(inst.engine)
        version_id = issued(inst, person, now).version_id

        with deed(inst.engine) as db:
            revoke(db, version_id, "issued in error", by=OPERATOR, now=now + LATER)

        (row,) = versions(inst)
        assert (row["state"], row["state_reason"]) == ("revoked", "issued in error")
        with pytest.raises(Conflict), deed(inst.engine) as db:
            revoke(db, version_id, "again", by=OPERATOR, now=now + LATER)

    def test_lets_the_next_version_follow_with_the_same_content(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = people.add_people(inst.engine)
        version_id = issued(inst, person, now).version_id
        with deed(inst.engine) as db:
            revoke(db, version_id, "issued in error", by=OPERATOR, now=now)

        assert issued(inst, person, now + LATER).version == 2
        assert [row["state"] for row in versions(inst)] == ["revoked", "current"]

    def test_needs_a_reason(self, sqlite_inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(sqlite_inst.engine)
        version_id = issued(sqlite_inst, person, now).version_id

        for reason in ("", "  ", "two\nlines", "x" * 201):
            with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
                revoke(db, version_id, reason, by=OPERATOR, now=now)

    def test_of_nothing_is_not_found(self, sqlite_inst: Installation, now: datetime) -> None:
        with pytest.raises(NotFound), deed(sqlite_inst.engine) as db:
            revoke(db, people.uid(8, 1), "why", by=OPERATOR, now=now)


class TestTakeEntries:
    def test_never_gives_an_entry_twice(self, inst: Installation, now: datetime) -> None:
        with deed(inst.engine) as db:
            taken = take_entries(db, inst, 300, now) + take_entries(db, inst, 200, now)

        assert len({(each.list_id, each.index) for each in taken}) == 500
        assert [each.index for each in taken] != sorted(each.index for each in taken)

    def test_goes_on_in_the_next_list_when_one_is_full(
        self, inst: Installation, now: datetime
    ) -> None:
        table = table_of(StatusList)
        row = {"id": 1, "capacity": 10, "allocated": 7, "created_at": now}
        with inst.engine.begin() as connection:
            connection.execute(sa.insert(table), row)

        with deed(inst.engine) as db:
            taken = take_entries(db, inst, 5, now)

        assert [each.list_id for each in taken] == [1, 1, 1, 2, 2]


class TestPrintedCode:
    def test_leads_to_the_address(self, sqlite_inst: Installation) -> None:
        version_id = people.uid(7, 1)

        code = printed_code(sqlite_inst, version_id)

        assert len(code.split("-")) == 7
        read = numbering.read_code(code.lower().replace("0", "o"))
        assert verify_url(sqlite_inst, version_id) == f"https://so.example.vn/v/{read}"
