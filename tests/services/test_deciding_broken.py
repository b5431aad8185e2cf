"""A decision that fails at any statement leaves everything as before it, or as after it."""

from collections.abc import Callable
from datetime import datetime

import psycopg
import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.services import correcting
from labour_book.services.auditing import verify_chain
from labour_book.services.case_views import CaseFile
from labour_book.services.installation import Installation
from tests.services import cases
from tests.services.cases import WORKER
from tests.services.test_issuing import Broken, failing_at

MOST = 300
EVERYWHERE = pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.faults)], indirect=True
)
"""Every statement is the same on both: `make test` breaks them on one."""


def breaking_everywhere(inst: Installation, deed: Callable[[], object], *, least: int) -> None:
    """Fail the n-th statement of a deed for every n; at the end it is done once."""
    before = cases.everything(inst.engine)
    for number in range(1, MOST):
        try:
            with failing_at(inst.engine, number):
                deed()
        except Broken:
            assert cases.everything(inst.engine) == before
        else:
            break
    assert least < number < MOST
    assert cases.everything(inst.engine) != before
    with reading(inst.engine) as db:
        assert verify_chain(db).is_whole


def decidable(inst: Installation, now: datetime) -> CaseFile:
    cases.ready(inst, now)
    return cases.submitted(inst, now)


class TestDecide:
    @EVERYWHERE
    def test_is_done_whole_or_not_at_all(self, inst: Installation, now: datetime) -> None:
        case = decidable(inst, now)

        breaking_everywhere(inst, lambda: cases.decided(inst, case, now), least=30)

        assert [each["source"] for each in cases.live(inst)] == ["DECISION"]
        assert cases.read(inst, case, now).decisions[0].version_after == 2

    def test_leaves_no_decision_without_its_version(
        self, inst: Installation, now: datetime
    ) -> None:
        case = decidable(inst, now)
        before = cases.everything(inst.engine)
        refuse_versions(inst.engine)

        with pytest.raises((sa.exc.DBAPIError, psycopg.Error), match="refused"):
            cases.decided(inst, case, now)

        assert cases.everything(inst.engine) == before


class TestReverse:
    @EVERYWHERE
    def test_is_done_whole_or_not_at_all(self, inst: Installation, now: datetime) -> None:
        case = decidable(inst, now)
        cases.decided(inst, case, now)

        cases.reversal_proposed(inst, case, now)

        breaking_everywhere(inst, lambda: cases.reversal_confirmed(inst, case, now), least=30)

        assert [each["source"] for each in cases.live(inst)] == ["CONTRACT_PLATFORM"]


class TestSubmit:
    @EVERYWHERE
    def test_is_handed_in_or_not_and_routed_in_the_end(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        case = cases.drafted(inst, now)
        seen = set()
        for number in range(1, MOST):
            try:
                with failing_at(inst.engine, number):
                    correcting.submit(inst, WORKER, case.line.case_id, key="k", now=now)
            except Broken:
                seen.add(cases.cases(inst.engine)[0]["state"])
            else:
                break

        assert seen == {"draft", "submitted", "routed"}
        done = correcting.submit(inst, WORKER, case.line.case_id, key="k", now=now)
        assert [str(each.step) for each in done.steps] == ["begin", "submit", "route"]


def refuse_versions(engine: sa.Engine) -> None:
    """Let the database refuse a second version, whoever writes it and how."""
    on_sqlite = (
        "CREATE TRIGGER refuse BEFORE INSERT ON book_version WHEN NEW.version = 2"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END"
    )
    on_postgres = (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.version = 2 THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$;"
        " CREATE TRIGGER refuse BEFORE INSERT ON book_version"
        " FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    with engine.begin() as connection:
        connection.exec_driver_sql(
            on_postgres if engine.dialect.name == "postgresql" else on_sqlite
        )
