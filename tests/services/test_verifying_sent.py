"""What is sent in is checked by itself, whoever else sends something at the same time."""

from contextvars import copy_context
from datetime import datetime
from typing import Any

import pytest

from labour_book import patience
from labour_book.errors import Unavailable
from labour_book.services import verifying_sent
from labour_book.services.access import deed
from labour_book.services.installation import Installation
from labour_book.services.issuing import revoke
from labour_book.services.verifying import Checked
from labour_book.services.verifying_sent import Sent, verify_sent, verify_several
from signing import Use
from tests.services.test_access import traced
from tests.services.test_verifying import GOOD, OPERATOR, answers, issued, token_of, withdraw


class TestWhatIsSent:
    def test_with_a_key_withdrawn_since_the_last_time_refuses_at_once(
        self, inst: Installation, now: datetime
    ) -> None:
        issued(inst, now)
        token = token_of(inst, now)
        before = verify_sent(inst, token.encode(), now=now)
        withdraw(inst, Use.CREDENTIAL, now)

        after = verify_sent(inst, token.encode(), now=now)

        assert answers(before) == GOOD
        assert answers(after)[2] == "no KEY_WITHDRAWN"
        assert after.claims is None

    def test_shown_again_after_a_revocation_is_revoked_at_once(
        self, inst: Installation, now: datetime
    ) -> None:
        version = issued(inst, now)
        token = token_of(inst, now).encode()
        before = verify_sent(inst, token, now=now)
        with deed(inst.engine) as db:
            revoke(db, version.version_id, "cấp nhầm", by=OPERATOR, now=now)

        after = verify_sent(inst, token, now=now)

        assert answers(before) == GOOD
        assert answers(after)[1] == "no REVOKED"

    def test_that_is_not_genuine_keeps_nobody_from_writing(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        issued(sqlite_inst, now)
        head, body, rest = token_of(sqlite_inst, now).split(".", 2)
        with deed(sqlite_inst.engine):  # SQLite lets one write at a time
            checked = verify_sent(sqlite_inst, f"{head}.A{body}.{rest}".encode(), now=now)

        assert answers(checked)[0].startswith("no ")


class TestSeveralAtOnce:
    def test_tells_each_its_own_and_traces_what_is_genuine(
        self, inst: Installation, now: datetime
    ) -> None:
        issued(inst, now)
        token = token_of(inst, now)
        altered = token.replace(".", ".A", 1)
        before = len(traced(inst))

        found = verify_several(
            inst, [Sent(each.encode(), now) for each in (token, altered, token, "no token")]
        )

        good, bad, again, malformed = (each for each in found if isinstance(each, Checked))
        assert answers(good) == answers(again) == GOOD
        assert {bad.genuine.state, malformed.genuine.state} == {"no"}
        assert [row.action for row in traced(inst)[before:]] == ["book.verify"] * 2

    def test_where_nothing_can_be_written_answers_what_needs_no_trace(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        issued(sqlite_inst, now)
        token = token_of(sqlite_inst, now)

        def hurried() -> list[Checked | Exception]:
            patience.begin(0)
            return verify_several(sqlite_inst, [Sent(token.encode(), now), Sent(b"no token", now)])

        with deed(sqlite_inst.engine):  # SQLite lets one write at a time
            ours, strange = copy_context().run(hurried)

        assert isinstance(ours, Unavailable)
        assert isinstance(strange, Checked)
        assert strange.genuine.state == "no"

    def test_what_one_of_them_runs_into_is_not_the_others(
        self, sqlite_inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        issued(sqlite_inst, now)
        token = token_of(sqlite_inst, now).encode()
        verify = verifying_sent.verify_offline

        def broken(content: bytes, *given: Any, **named: Any) -> Checked:
            if content == b"breaks":
                raise ZeroDivisionError
            return verify(content, *given, **named)

        monkeypatch.setattr(verifying_sent, "verify_offline", broken)

        one, other = verify_several(sqlite_inst, [Sent(b"breaks", now), Sent(token, now)])

        assert isinstance(one, ZeroDivisionError)
        assert isinstance(other, Checked)
        assert answers(other) == GOOD
