"""The person of a case is compared with the (sandbox) register before an official decides."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from api.sandbox.registers_moods import Mood
from labour_book.database import reading
from labour_book.domain.corrections import CaseState
from labour_book.queries.rows import table_of
from labour_book.services.asking_registers import Register
from labour_book.services.case_identity import compare_before_deciding, identity_on_file
from labour_book.services.case_views import CaseFile
from labour_book.services.connections import Connections
from labour_book.services.identity_checks import ways_out
from labour_book.services.issuing import issue_book
from labour_book.services.permission import NotFoundForCaller, deed
from labour_book.tables import Person
from tests.conftest import NOW
from tests.services import cases
from tests.services.asking import Desk, opened_desk
from tests.support.databases import SqliteFiles


@pytest.fixture(scope="module")
def desk(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One worker, who is called otherwise here than on the register."""
    folder = tmp_path_factory.mktemp("asked")
    with sqlite_files.database() as engine, opened_desk(engine, folder) as opened:
        with engine.begin() as connection:
            connection.execute(sa.update(table_of(Person)).values(full_name="Trần Xuân Bằng"))
        with deed(engine) as db:
            issue_book(db, opened.inst, opened.person, by=cases.OPERATOR, now=NOW)
        yield opened


@pytest.fixture(scope="module")
def case(desk: Desk) -> CaseFile:
    alone = replace(desk.inst, connections=Connections())
    return cases.submitted(alone, NOW)


class TestCompareBeforeDeciding:
    def test_shows_that_the_register_has_another_name_and_holds_nothing_up(
        self, desk: Desk, case: CaseFile
    ) -> None:
        compare_before_deciding(desk.inst, cases.COMMUNE, case.line.case_id, now=NOW)

        with reading(desk.inst.engine) as db:
            seen = identity_on_file(db, case)
        assert (seen.match_state, seen.occasion, seen.failure) == ("MISMATCH", "decision", None)
        (way,) = ways_out(seen)
        assert (way.cause, way.owner) == ("NAME_DIFFERS", "population")
        assert desk.traced()[-1].purpose == "Xác thực danh tính khi giải quyết đề nghị điều chỉnh"

    def test_says_that_the_register_did_not_answer_and_lets_the_decision_go_on(
        self, desk: Desk, case: CaseFile
    ) -> None:
        desk.behave(Register.POPULATION, Mood.DOWN)
        later = NOW + timedelta(days=2)

        compare_before_deciding(desk.inst, cases.COMMUNE, case.line.case_id, now=later)

        desk.behave(Register.POPULATION, Mood.NORMAL)
        with reading(desk.inst.engine) as db:
            seen = identity_on_file(db, case)
        assert (seen.match_state, seen.checked_at, seen.tried_at) == ("MISMATCH", NOW, later)
        assert seen.failure is not None
        assert cases.decided(desk.inst, case, later).line.state is CaseState.DECIDED

    def test_asks_nothing_for_an_office_that_the_case_does_not_lie_with(
        self, desk: Desk, case: CaseFile
    ) -> None:
        before = len(desk.traced())

        with pytest.raises(NotFoundForCaller):
            compare_before_deciding(
                desk.inst, cases.ELSEWHERE, case.line.case_id, now=NOW + timedelta(days=9)
            )

        assert len(desk.traced()) == before
