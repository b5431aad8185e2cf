import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.domain.people import PartialDate
from labour_book.errors import Conflict, NotFound
from labour_book.queries.rows import table_of
from labour_book.registers import labels
from labour_book.services import access, entering
from labour_book.services.access import DeniedToRole, NotFoundForCaller, Role
from labour_book.services.collection import import_file
from labour_book.services.entering import Entered, Form
from labour_book.services.installation import Installation
from labour_book.services.likeness import OwnRecord
from labour_book.services.mending import mendable_file
from labour_book.services.receipts import Outcome
from labour_book.tables import EmploymentFact, Person, ProfileFact, Trace
from tests.services.desk import Desk, official, opened_desk
from tests.services.people import personal_id

COLLECTED = PartialDate(2026, 11, 18)
TEXTS = {
    "full_name": "Trần Thị Mai",
    "birth_date": "12/05/1991",
    "gender": "F",
    "personal_id": "001191000111",
    "village": "Thôn 2",
    "household_code": "H-17",
    "relationship_to_head": "HEAD",
    "ethnic_group": "01",
    "general_education": "UPPER_SECONDARY",
    "technical_qualification": "NONE",
    "priority_groups": "POOR;DISABLED",
    "economic_activity": "EMPLOYED",
    "employment_position": "EMPLOYEE",
    "job_title": "Thợ may",
    "si_type": "NONE",
    "has_contract": "x",
    "contract_kind": "INDEFINITE",
    "contract_start": "02/2025",
    "workplace_name": "Cơ sở may Hoa",
    "workplace_type": "HOUSEHOLD_BUSINESS",
}


@pytest.fixture
def desk(inst: Installation, now: datetime) -> Desk:
    return opened_desk(inst, now, people=2)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Desk:
    return opened_desk(sqlite_inst, now, people=2)


def form(commune: str = "00070", key: UUID | None = None, **texts: str) -> Form:
    return Form(key or uuid4(), commune, COLLECTED, {**TEXTS, **texts})


def entered(desk: Desk, filled: Form, now: datetime) -> Entered:
    with access.deed(desk.inst.engine) as db:
        return entering.enter_form(db, desk.inst, desk.collector, filled, now=now)


def answers(desk: Desk) -> list[Mapping[str, object]]:
    table = table_of(ProfileFact)
    with reading(desk.inst.engine) as db:
        query = sa.select(table.c.body).where(table.c.kind == "form03").order_by(table.c.id)
        return [json.loads(body) for body in db.execute(query).scalars()]


class TestEnterForm:
    def test_records_what_a_workbook_would(self, desk: Desk, now: datetime) -> None:
        done = entered(desk, form(), now)

        assert done.is_accepted
        assert done.receipt.outcome is Outcome.CREATED
        (said,) = answers(desk)
        assert said["priority_groups"] == ["POOR", "DISABLED"]
        assert said["contract_start"] == "2025-02"
        assert said["village"] == "Thôn 2"
        table = table_of(EmploymentFact)
        with reading(desk.inst.engine) as db:
            query = sa.select(table.c.position).where(table.c.source == "FORM03")
            assert db.execute(query).scalar_one() == "Thợ may"

    def test_counts_once_however_often_it_is_sent(self, desk: Desk, now: datetime) -> None:
        filled = form()

        first, again = entered(desk, filled, now), entered(desk, filled, now)

        assert again.was_entered_before
        assert again.run_id == first.run_id
        assert len(answers(desk)) == 1
        with pytest.raises(Conflict), access.deed(desk.inst.engine) as db:
            entering.enter_form(db, desk.inst, desk.colleague, filled, now=now)

    def test_finds_whom_it_means_by_the_rules_of_every_row(self, desk: Desk, now: datetime) -> None:
        known = {
            "full_name": "Nguyễn Thị Một",
            "birth_date": "17/05/1990",
            "personal_id": personal_id(1),
        }

        done = entered(desk, form(**known), now)

        assert done.receipt.person_id == desk.people[0]

    def test_sends_two_branches_to_review(self, small: Desk, now: datetime) -> None:
        done = entered(small, form(unemployed_history="WORKED"), now)

        assert not done.is_accepted
        assert done.receipt.outcome is Outcome.NEEDS_REVIEW
        assert done.receipt.cause == "CONTRADICTORY_BRANCHES"

    def test_refuses_a_commune_elsewhere(self, small: Desk, now: datetime) -> None:
        done = entered(small, form("26734"), now)

        assert done.receipt.cause == "COMMUNE_NOT_YOURS"

    def test_gives_a_refused_form_back_as_a_workbook_that_can_be_mended(
        self, small: Desk, now: datetime, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        done = entered(small, form(birth_date="31/02/1991"), now)
        path = tmp_path_factory.mktemp("form") / "mended.xlsx"
        with reading(small.inst.engine) as db:
            content, rows = mendable_file(db, small.inst.vault, done.run_id, ".xlsx")
        path.write_bytes(content)

        again = import_file(
            small.inst.engine, small.inst.vault, "form03", path, by="tester", now=now
        )

        assert rows == 1
        assert again.causes["refused"] == {"BAD_DATE": 1}
        assert again.remarks == ()

    def test_is_not_for_the_own_record(self, small: Desk, now: datetime) -> None:
        own = official(small.inst, Role.COLLECTOR, "UB-00070", now, person_id=small.people[0])
        known = form(
            full_name="Nguyễn Thị Một", birth_date="17/05/1990", personal_id=personal_id(1)
        )
        with pytest.raises(OwnRecord), access.deed(small.inst.engine) as db:
            entering.enter_form(db, small.inst, own, known, now=now)
        assert answers(small) == []

    def test_comes_of_a_visit_that_there_is(self, small: Desk, now: datetime) -> None:
        with pytest.raises(NotFound):
            entered(small, replace(form(), visit_id=uuid4()), now)

        assert answers(small) == []

    @pytest.mark.parametrize("date", ["²", "²²²²", "１２"])
    def test_refuses_digits_that_are_no_numbers(
        self, small: Desk, now: datetime, date: str
    ) -> None:
        done = entered(small, form(birth_date=date), now)

        assert [each.cause for each in done.receipt.told] == ["BAD_DATE"]

    def test_is_for_those_who_collect(self, small: Desk, now: datetime) -> None:
        auditor = official(small.inst, Role.AUDITOR, "UB-00070", now)
        with pytest.raises(DeniedToRole), access.deed(small.inst.engine) as db:
            entering.enter_form(db, small.inst, auditor, form(), now=now)


class TestSimilarPeople:
    def test_are_found_by_name_and_by_a_mistyped_number(self, desk: Desk, now: datetime) -> None:
        entered(desk, form(), now)
        near = form(personal_id="001191000112", full_name="Trần Thị My")
        same = form(personal_id="")

        for each, says in ((near, "number"), (same, "name")):
            with access.deed(desk.inst.engine) as db:
                found = entering.similar_people(db, desk.inst, desk.collector, each, now=now)
            assert [one.says for one in found.people] == [says]
            assert found.people[0].personal_id.endswith("0111")
            assert "001191" not in found.people[0].personal_id

    def test_are_only_counted_when_they_live_elsewhere(self, desk: Desk, now: datetime) -> None:
        entered(desk, form(), now)
        with access.deed(desk.inst.engine) as db:
            found = entering.similar_people(db, desk.inst, desk.elsewhere, form(), now=now)

        assert found.people == []
        assert found.elsewhere == 1

    def test_leave_a_trace_of_each_look(self, small: Desk, now: datetime) -> None:
        entered(small, form(), now)
        with access.deed(small.inst.engine) as db:
            entering.similar_people(db, small.inst, small.collector, form(), now=now)
        table, person = table_of(Trace), table_of(Person)
        with reading(small.inst.engine) as db:
            query = sa.select(table.c.outcome).join(person, person.c.id == table.c.person_id)
            assert "similar" in db.execute(query.order_by(table.c.seq)).scalars().all()


class TestKnownAnswers:
    def test_begin_a_form_with_what_is_known(self, desk: Desk, now: datetime) -> None:
        person = entered(desk, form(), now).receipt.person_id
        assert person is not None

        with access.deed(desk.inst.engine) as db:
            known = entering.known_answers(db, desk.inst, desk.collector, person, now=now)

        whole = {**known, "personal_id": TEXTS["personal_id"]}
        again = Form(uuid4(), "00070", PartialDate(2026, 11, 19), whole)
        assert known["has_contract"] == "x"
        assert known["birth_date"] == "12/05/1991"
        assert known["contract_start"] == "02/2025"
        assert known["personal_id"] == "********0111"
        assert set(known) <= set(labels())
        assert entered(desk, again, now).receipt.outcome is Outcome.UPDATED

    def test_are_not_for_units_elsewhere(self, small: Desk, now: datetime) -> None:
        with pytest.raises(NotFoundForCaller), access.deed(small.inst.engine) as db:
            entering.known_answers(db, small.inst, small.elsewhere, small.people[0], now=now)
