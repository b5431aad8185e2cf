from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, get_args
from uuid import UUID

import pytest
import sqlalchemy as sa

import signing
from labour_book.database import reading
from labour_book.errors import NotFound
from labour_book.queries.rows import table_of
from labour_book.services import keys, numbering, verifying
from labour_book.services.access import deed, open_credential, operator
from labour_book.services.auditing import trace_all
from labour_book.services.explaining import Question, explain
from labour_book.services.installation import Installation
from labour_book.services.issuing import Issued, issue_book, revoke
from labour_book.services.verifying import Checked, PublicEntry
from labour_book.tables import BookVersion, Trace
from signing import Reason, Use
from tests.services import people
from tests.support.databases import new_file
from tests.support.installations import installed

OPERATOR = operator("test")
DAY = timedelta(days=1)
VERSION = table_of(BookVersion)

Answers = tuple[str, str, str]
GOOD = ("yes OK", "yes OK", "yes OK")


def answers(checked: Checked) -> Answers:
    genuine, current, issuer = (
        f"{each.state} {each.reason}" for each in (checked.genuine, checked.current, checked.issuer)
    )
    return genuine, current, issuer


def issue(inst: Installation, person: UUID, now: datetime) -> Issued:
    with deed(inst.engine) as db:
        result = issue_book(db, inst, person, by=OPERATOR, now=now)
    assert isinstance(result, Issued)
    return result


def issued(inst: Installation, now: datetime) -> Issued:
    (person,) = people.add_people(inst.engine)
    return issue(inst, person, now)


def by_code(inst: Installation, code: str, now: datetime) -> Checked:
    with deed(inst.engine) as db:
        checked, entry = verifying.verify_code(db, inst, code, now=now)
        trace_all(db, [entry])
        return checked


def by_document(inst: Installation, content: str | bytes, now: datetime) -> Checked:
    raw = content.encode() if isinstance(content, str) else content
    with deed(inst.engine) as db:
        return verifying.verify_document(db, inst, raw, now=now)


def token_of(inst: Installation, now: datetime, version: int | None = None) -> str:
    with deed(inst.engine) as db:
        return open_credential(
            db, inst, OPERATOR, people.person_id(), purpose="", now=now, version=version
        )


def withdraw(inst: Installation, use: Use, now: datetime) -> None:
    with deed(inst.engine) as db:
        kid = inst.key_ring.signer(use).kid
        keys.withdraw(db, kid, revoked_from=now, by=OPERATOR, now=now)


class TestVerifyCode:
    def test_answers_three_questions_and_shows_the_summary(
        self, inst: Installation, now: datetime
    ) -> None:
        version = issued(inst, now)

        checked = by_code(inst, version.lookup_code, now)

        assert answers(checked) == GOOD
        assert checked.is_good
        assert checked.claims is None
        summary = checked.summary
        assert summary is not None
        assert (summary.full_name, summary.birth_year) == ("Nguyễn Thị Số 1", "1990")
        assert summary.employments == (
            PublicEntry(
                "Công ty Cổ phần Thép Hồng Hà", "2021-03", None, 68, "CONTRIBUTION_MATCHED"
            ),
        )
        assert summary.months == {"SI": 68, "UI": 68, "HI": 68, "VOL": 0}

    def test_shows_no_id_pay_contract_or_day_of_birth(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        version = issued(sqlite_inst, now)

        shown = repr(by_code(sqlite_inst, version.lookup_code, now))

        for secret in (people.personal_id(), "0001'", "7654321", "HD-0000", "05-17", "Hoàn Kiếm"):
            assert secret not in shown

    def test_reads_the_code_as_people_type_it(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        version = issued(sqlite_inst, now)
        typed = numbering.grouped(version.lookup_code).lower().replace("0", "o").replace("1", "l")

        assert by_code(sqlite_inst, f" {typed} ", now).is_good

    def test_of_no_version_is_not_found_in_the_same_words(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        issued(sqlite_inst, now)
        codes = ["", "x", "0" * 28, "U" * 28, "0" * 29, "é" * 28, "\x00" * 28, "0" * 100_000]

        for code in codes:
            with pytest.raises(NotFound, match=r"^no book has this code$") as error:
                by_code(sqlite_inst, code, now)
            assert error.value.facts == {}

    def test_is_traced(self, inst: Installation, now: datetime) -> None:
        version = issued(inst, now)

        by_code(inst, version.lookup_code, now)

        table = table_of(Trace)
        with reading(inst.engine) as db:
            query = sa.select(table).order_by(table.c.seq.desc()).limit(1)
            row = db.execute(query).mappings().one()
        assert (row["actor_kind"], row["action"]) == ("public", "book.verify")
        assert row["person_id"] == people.person_id()
        assert row["detail"] == (
            '{"by":"address","current":"OK","genuine":"OK","issuer":"OK","version":1}'
        )

    def test_says_superseded_when_there_is_a_newer_version(
        self, inst: Installation, now: datetime
    ) -> None:
        first = issued(inst, now)
        people.add_diploma(inst.engine, people.person_id(), 1, at=now + DAY)
        second = issue(inst, people.person_id(), now + 2 * DAY)

        old, new = (by_code(inst, each.lookup_code, now + 3 * DAY) for each in (first, second))

        assert answers(old) == ("yes OK", "no SUPERSEDED", "yes OK")
        assert (old.newest_version, old.state_since) == (2, now + 2 * DAY)
        assert old.summary is not None
        assert answers(new) == GOOD

    def test_says_revoked_and_shows_nothing(self, inst: Installation, now: datetime) -> None:
        version = issued(inst, now)
        with deed(inst.engine) as db:
            revoke(db, version.version_id, "issued in error", by=OPERATOR, now=now)

        checked = by_code(inst, version.lookup_code, now)

        assert answers(checked) == ("yes OK", "no REVOKED", "yes OK")
        assert checked.summary is None

    def test_says_expired(self, sqlite_inst: Installation, now: datetime) -> None:
        version = issued(sqlite_inst, now)

        checked = by_code(sqlite_inst, version.lookup_code, now + 366 * DAY)

        assert answers(checked) == ("yes OK", "no EXPIRED", "yes OK")

    def test_does_not_believe_a_withdrawn_key(self, inst: Installation, now: datetime) -> None:
        version = issued(inst, now)
        withdraw(inst, Use.CREDENTIAL, now + DAY)

        checked = by_code(inst, version.lookup_code, now + DAY)

        assert answers(checked) == ("yes OK", "yes OK", "no KEY_WITHDRAWN")
        assert checked.summary is None
        assert not checked.is_good

    def test_still_believes_a_retired_key(self, inst: Installation, now: datetime) -> None:
        version = issued(inst, now)
        with deed(inst.engine) as db:
            keys.rotate(db, inst, Use.CREDENTIAL, by=OPERATOR, now=now + DAY)

        assert by_code(inst, version.lookup_code, now + 2 * DAY).is_good

    def test_does_not_believe_a_changed_database(self, inst: Installation, now: datetime) -> None:
        version = issued(inst, now)
        with inst.engine.begin() as connection:
            (sealed,) = connection.execute(sa.select(VERSION.c.credential)).scalars()
            changed = sealed[:100] + bytes([sealed[100] ^ 1]) + sealed[101:]
            connection.execute(sa.update(VERSION).values(credential=changed))

        checked = by_code(inst, version.lookup_code, now)

        assert answers(checked) == (
            "no RECORD_ALTERED",
            "unknown NOT_CHECKED",
            "unknown NOT_CHECKED",
        )
        assert checked.summary is None

    def test_does_not_show_a_changed_document(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        version = issued(sqlite_inst, now)
        with sqlite_inst.engine.begin() as connection:
            connection.execute(sa.update(VERSION).values(document='{"worker":{}}'))

        summary = by_code(sqlite_inst, version.lookup_code, now).summary

        assert summary is not None
        assert summary.full_name == "Nguyễn Thị Số 1"


class TestVerifyDocument:
    def test_of_a_whole_or_partial_credential_is_good(
        self, inst: Installation, now: datetime
    ) -> None:
        issued(inst, now)
        token = token_of(inst, now)
        part = signing.disclose(token, lambda path: path[-1] == "full_name")

        whole, some = (by_document(inst, each, now) for each in (token, part))

        assert answers(whole) == answers(some) == GOOD
        assert some.claims is not None
        assert some.claims["worker"] == {"full_name": "Nguyễn Thị Số 1"}
        assert whole.status_as_of == now

    def test_finds_every_changed_byte(self, sqlite_inst: Installation, now: datetime) -> None:
        issued(sqlite_inst, now)
        token = token_of(sqlite_inst, now)

        for place in range(0, len(token), 61):
            changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
            checked = by_document(sqlite_inst, changed, now)
            assert checked.genuine.state != "yes"
            assert checked.claims is None

    def test_of_something_else_is_not_genuine(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        for content in (b"", b"hello", b"\xff\xfe", b"a.b.c", b"%PDF-1.7\n%%EOF", b"{" * 100_000):
            checked = by_document(sqlite_inst, content, now)
            assert checked.genuine.state == "no"
            assert not checked.is_good

    def test_of_another_credential_of_the_issuer_is_no_book(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        token = signing.issue_book_credential(
            {"book_no": "X"},
            signer=sqlite_inst.key_ring.signer(Use.CREDENTIAL),
            issuer=sqlite_inst.issuer.uri,
            vct="https://so.example.vn/vct/something-else/1",
            issued_on=now.date(),
            expires_on=now.date() + DAY,
            status_uri=sqlite_inst.status_uri(1),
            status_index=0,
        )

        assert answers(by_document(sqlite_inst, token, now)) == (
            "no NOT_A_BOOK",
            "unknown NOT_CHECKED",
            "yes OK",
        )

    def test_of_a_stranger_could_not_be_checked(
        self, inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        issued(inst, now)
        token = token_of(inst, now)
        engine = new_file(tmp_path / "other.sqlite")
        other = installed(engine, tmp_path / "other", now)

        assert answers(by_document(other, token, now)) == (
            "unknown KEY_UNKNOWN",
            "unknown NOT_CHECKED",
            "no KEY_UNKNOWN",
        )
        engine.dispose()

    def test_tells_superseded_from_revoked(self, inst: Installation, now: datetime) -> None:
        issued(inst, now)
        people.add_diploma(inst.engine, people.person_id(), 1, at=now + DAY)
        second = issue(inst, people.person_id(), now + 2 * DAY)
        with deed(inst.engine) as db:
            revoke(db, second.version_id, "issued in error", by=OPERATOR, now=now + 2 * DAY)

        old, new = (token_of(inst, now, version) for version in (1, 2))

        later = now + 3 * DAY
        assert answers(by_document(inst, old, later))[1] == "no SUPERSEDED"
        assert answers(by_document(inst, new, later))[1] == "no REVOKED"

    def test_of_a_version_the_register_does_not_know_could_not_be_checked(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        issued(sqlite_inst, now)
        token = token_of(sqlite_inst, now)
        with sqlite_inst.engine.begin() as connection:
            connection.execute(sa.delete(VERSION))

        assert answers(by_document(sqlite_inst, token, now))[1] == "unknown NOT_ON_RECORD"

    def test_with_a_withdrawn_key_refuses(self, inst: Installation, now: datetime) -> None:
        issued(inst, now)
        token = token_of(inst, now)
        withdraw(inst, Use.CREDENTIAL, now)

        checked = by_document(inst, token, now)

        assert answers(checked)[2] == "no KEY_WITHDRAWN"
        assert checked.claims is None


class TestReasons:
    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_each_code_has_its_words(self, language: Literal["vi", "en"]) -> None:
        codes = {str(each) for each in Reason} | verifying.OWN_REASONS

        for code in codes - {"OK"}:
            assert explain("genuine", code, language).said
        for question in get_args(Question):
            assert explain(question, "OK", language).said
