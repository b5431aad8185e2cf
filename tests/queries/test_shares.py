from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labour_book.database import transaction
from labour_book.domain.limits import Limit
from labour_book.domain.share_states import ShareState, ShareTerms, state_of
from labour_book.queries import attempts, shares
from labour_book.queries.guards import insert_once
from labour_book.queries.rows import table_of
from labour_book.tables import Share, SharingSwitch
from tests.services import people

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LIMIT = Limit("test", 3, 60)
TERMS = st.builds(
    ShareTerms,
    st.sampled_from([NOW - SECOND, NOW, NOW + SECOND]),
    st.just(2),
    st.integers(0, 2),
    st.sampled_from([None, NOW - SECOND]),
    st.sampled_from([None, NOW - SECOND]),
)


@pytest.fixture
def filled(engine: sa.Engine) -> sa.Engine:
    people.add_people(engine)
    return engine


class TestCountView:
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(TERMS)
    def test_counts_what_is_live_and_nothing_else(
        self, filled: sa.Engine, terms: ShareTerms
    ) -> None:
        with transaction(filled) as db:
            db.execute(sa.delete(table_of(Share)))
            db.execute(sa.delete(table_of(SharingSwitch)))
            shares.add_share(db, _row(terms), NOW)
            if terms.frozen_at is not None:
                shares.turn_switch(db, people.person_id(), frozen=True, now=terms.frozen_at)

            number = shares.count_view(db, people.uid(70, 1), NOW)

            stored = shares.share_by_id(db, people.uid(70, 1))
            assert stored is not None
            if state_of(terms, NOW) is ShareState.LIVE:
                assert number == stored.terms.views == terms.views + 1
            else:
                assert number is None
                assert stored.terms == terms


class TestTurnSwitch:
    def test_waits_for_openings_that_have_begun(self, filled: sa.Engine) -> None:
        def freeze() -> bool:
            with transaction(filled) as db:
                return shares.turn_switch(db, people.person_id(), frozen=True, now=NOW)

        with transaction(filled) as db:
            shares.turn_switch(db, people.person_id(), frozen=True, now=NOW)
            shares.turn_switch(db, people.person_id(), frozen=False, now=NOW)
        with ThreadPoolExecutor(1) as pool:
            with transaction(filled) as db:
                assert shares.lock_switch(db, people.person_id()) is None
                freezing = pool.submit(freeze)
                with pytest.raises(TimeoutError):
                    freezing.result(timeout=0.5)
            assert freezing.result(timeout=20)


class TestCountAttempt:
    def test_counts_within_the_window_from_the_first(self, engine: sa.Engine) -> None:
        with transaction(engine) as db:
            counted = [
                attempts.count_attempt(db, LIMIT, b"a", NOW + seconds * SECOND)
                for seconds in (0, 30, 59, 60, 61)
            ]
            other = attempts.count_attempt(db, LIMIT, b"b", NOW)

            assert counted == [1, 2, 3, 1, 2]
            assert other == 1
            assert attempts.attempts(db, LIMIT, b"a", NOW + 61 * SECOND) == 2
            assert attempts.attempts(db, LIMIT, b"a", NOW + 120 * SECOND) == 0
            assert attempts.attempts(db, LIMIT, b"none", NOW) == 0


class TestInsertOnce:
    def test_tells_who_was_first(self, filled: sa.Engine) -> None:
        row = {"person_id": people.person_id(), "frozen_at": None, "changed_at": NOW}
        with transaction(filled) as db:
            assert insert_once(db, table_of(SharingSwitch), row)
            assert not insert_once(db, table_of(SharingSwitch), row)


def _row(terms: ShareTerms) -> dict[str, object]:
    return {
        "id": people.uid(70, 1),
        "person_id": people.person_id(),
        "preset": "GENERAL",
        "selection": '{"claims": [], "employments": {"rule": "none", "count": 0, "keys": []},'
        ' "qualifications": {"rule": "none", "count": 0, "keys": []}}',
        "audience": "anyone",
        "purpose": "thử việc",
        "created_at": NOW,
        "expires_at": terms.expires_at,
        "max_views": terms.max_views,
        "views": terms.views,
        "withdrawn_at": terms.withdrawn_at,
        "code_hash": bytes(32),
    }
