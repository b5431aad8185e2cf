"""What somebody who wants more than was shared may try, one refused case after the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from labour_book.database import connect, transaction
from labour_book.domain.limits import Limit, SharingLimits
from labour_book.errors import LabourBookError, Unavailable
from labour_book.queries.rows import table_of
from labour_book.services import limiting, visits
from labour_book.services.callers import ANYBODY
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.visits import ShareUnknown
from labour_book.tables import Attempt
from tests.services import shares
from tests.services.shares import ADDRESS, EMPLOYER, OTHER, TO_EMPLOYER
from tests.support.installations import opened

SECOND = timedelta(seconds=1)
WRONG = [f"{number:028d}" for number in range(100)]


def slug_of(opening: Callable[[], object]) -> str:
    try:
        opening()
    except LabourBookError as error:
        return error.slug
    return "shown"


class TestGuessing:
    def test_is_stopped_after_twenty_misses_a_minute(
        self, inst: Installation, now: datetime
    ) -> None:
        shares.issued(inst, now)
        created = shares.share(inst, now)

        slugs = [slug_of(lambda code=code: shares.look(inst, code, now)) for code in WRONG[:30]]

        assert slugs == ["not-found"] * 20 + ["too-many-attempts"] * 10
        with pytest.raises(TooMany):
            shares.look(inst, created.code, now)  # nor does the right code open any more
        assert shares.look(inst, created.code, now, address="198.51.100.1")
        assert shares.look(inst, created.code, now + 61 * SECOND)

    def test_of_an_enterprise_is_counted_by_its_code_wherever_it_sits(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)
        colleague = replace(EMPLOYER, id="e9")

        def look(code: str, number: int) -> str:
            caller, address = (EMPLOYER, ADDRESS) if number % 2 else (colleague, "198.51.100.1")
            return slug_of(lambda: shares.look(sqlite_inst, code, now, caller, address=address))

        slugs = [look(code, number) for number, code in enumerate(WRONG[:22])]

        assert slugs == ["not-found"] * 20 + ["too-many-attempts"] * 2
        assert shares.look(sqlite_inst, created.code, now)  # others on the same network open on

    def test_is_counted_when_peeking_too(self, sqlite_inst: Installation, now: datetime) -> None:
        def peek(code: str) -> object:
            return visits.peek(sqlite_inst, code, shares.visit(), now=now)

        def live(code: str) -> object:
            return visits.peek_live(sqlite_inst, code, shares.visit(), now=now)

        slugs = [slug_of(lambda code=code: peek(code)) for code in WRONG[:10]]
        slugs += [slug_of(lambda code=code: live(code)) for code in WRONG[:15]]

        assert slugs == ["not-found"] * 20 + ["too-many-attempts"] * 5

    def test_is_stopped_over_all_processes(self, inst: Installation, now: datetime) -> None:
        shares.issued(inst, now)

        some = [WRONG[start : start + 15] for start in (0, 15, 30)]
        outcomes = shares.in_processes(inst, now, means="link", codes=some)

        assert outcomes.count("not-found") == 20
        assert outcomes.count("too-many-attempts") == 25

    def test_is_remembered_through_a_restart(self, inst: Installation, now: datetime) -> None:
        for code in WRONG[:20]:
            slug_of(lambda code=code: shares.look(inst, code, now))
        url = inst.engine.url
        inst.engine.dispose()

        again = opened(connect(url.render_as_string(hide_password=False)), inst.data_dir, now)

        assert slug_of(lambda: shares.look(again, WRONG[50], now)) == "too-many-attempts"
        again.engine.dispose()

    def test_from_one_household_counts_as_one(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        slugs = [
            slug_of(
                lambda at=at: shares.look(sqlite_inst, WRONG[at], now, address=f"2001:db8::{at}")
            )
            for at in range(21)
        ]

        assert slugs[-1] == "too-many-attempts"

    def test_from_nowhere_counts_as_one(self, sqlite_inst: Installation, now: datetime) -> None:
        addresses = [None, "", "x", "1.2.3"]
        slugs = [
            slug_of(
                lambda at=at: shares.look(
                    sqlite_inst, WRONG[at], now, address=addresses[at % len(addresses)]
                )
            )
            for at in range(21)
        ]

        assert slugs[-1] == "too-many-attempts"

    def test_keeps_no_address(self, sqlite_inst: Installation, now: datetime) -> None:
        slug_of(lambda: shares.look(sqlite_inst, WRONG[0], now))

        with transaction(sqlite_inst.engine) as db:
            (row,) = db.execute(sa.select(table_of(Attempt))).all()
        assert ADDRESS not in repr(row)
        assert len(row.subject) == 32

    def test_opens_nothing_where_it_cannot_be_counted(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        created = shares.share(sqlite_inst, now)
        with transaction(sqlite_inst.engine) as db:
            db.execute(sa.text("DROP TABLE attempt"))

        with pytest.raises((Unavailable, sa.exc.DatabaseError)):
            shares.look(sqlite_inst, created.code, now)
        assert shares.row_of(sqlite_inst, created.share_id)["views"] == 0


class TestAnswers:
    def test_are_the_same_for_unknown_malformed_and_not_for_you(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now, 2)
        named = shares.share(sqlite_inst, now, TO_EMPLOYER)
        told = []
        for code, caller in (
            (WRONG[0], ANYBODY),
            ("", ANYBODY),
            ("' OR 1=1 --", ANYBODY),
            ("\x00" * 28, ANYBODY),
            ("A" * 100_000, ANYBODY),
            (named.code, ANYBODY),
            (named.code, OTHER),
        ):
            with pytest.raises(ShareUnknown) as error:
                shares.look(sqlite_inst, code, now, caller)
            told.append((type(error.value), str(error.value), error.value.facts))

        assert len({repr(each) for each in told}) == 1

    def test_take_the_same_path_for_unknown_and_malformed(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        shares.issued(sqlite_inst, now)
        shares.share(sqlite_inst, now)
        asked = []
        for code in (WRONG[0], "", "not a code", WRONG[1]):
            with statements(sqlite_inst.engine) as run:
                slug_of(lambda code=code: shares.look(sqlite_inst, code, now))
            asked.append(tuple(run))

        assert len(set(asked)) == 1
        assert len(asked[0]) == 3

    def test_take_the_same_path_for_forged_and_malformed_live_codes(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        asked = []
        for code in ("A" * 85, "", "B" * 85, "?" * 85):
            with statements(sqlite_inst.engine) as run:
                slug_of(
                    lambda code=code: visits.open_live(sqlite_inst, code, shares.visit(), now=now)
                )
            asked.append(tuple(run))

        assert len(set(asked)) == 1


class TestHarvesting:
    def test_by_one_recipient_is_limited(self, inst: Installation, now: datetime) -> None:
        limited = replace(
            inst, limits=SharingLimits(opens_by_recipient=Limit("share.recipient", 3, 3600))
        )
        shares.issued(limited, now)
        codes = [shares.share(limited, now).code for _ in range(5)]

        by_address = [slug_of(lambda c=c: shares.look(limited, c, now)) for c in codes]
        by_name = [
            slug_of(
                lambda c=c, at=at: shares.look(limited, c, now, EMPLOYER, address=f"10.0.0.{at}")
            )
            for at, c in enumerate(codes)
        ]

        assert by_address == by_name == ["shown"] * 3 + ["too-many-attempts"] * 2

    def test_of_one_share_is_limited(self, inst: Installation, now: datetime) -> None:
        limited = replace(inst, limits=SharingLimits(opens_of_share=Limit("share.opened", 2, 60)))
        shares.issued(limited, now)
        created = shares.share(limited, now, max_views=50)

        slugs = [
            slug_of(lambda at=at: shares.look(limited, created.code, now, address=f"10.0.0.{at}"))
            for at in range(4)
        ]

        assert slugs == ["shown", "shown", "too-many-attempts", "too-many-attempts"]
        assert shares.row_of(limited, created.share_id)["views"] == 2
        assert shares.look(limited, created.code, now + 60 * SECOND)


class TestForgetOldAttempts:
    def test_keeps_windows_that_are_open(self, sqlite_inst: Installation, now: datetime) -> None:
        slug_of(lambda: shares.look(sqlite_inst, WRONG[0], now))

        with transaction(sqlite_inst.engine) as db:
            assert limiting.forget_old_attempts(db, now + timedelta(hours=1)) == 0
            assert limiting.forget_old_attempts(db, now + timedelta(days=3)) == 1


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    """Collect the SQL that is run."""
    run: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        run.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
