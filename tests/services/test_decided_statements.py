"""What a decision set aside does not come back when its register says it again."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from labour_book.database import reading
from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.queries.rows import table_of
from labour_book.services.correcting import Request
from labour_book.services.installation import Installation
from labour_book.tables import EmploymentFact, InsuranceFact, Person, QualificationFact
from tests.services import cases
from tests.services.collecting import CERTIFICATE, EVENT, NOW, PERIOD, PERSON, Importer
from tests.support.installations import VAULT

LATER = NOW + timedelta(days=1)


@pytest.fixture
def importer(inst: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Importer:
    """Import with the keys of the installation that decides."""
    monkeypatch.setattr("tests.services.collecting.VAULT", VAULT)
    return Importer(inst.engine, tmp_path)


def worker_of(inst: Installation) -> cases.Caller:
    person = table_of(Person)
    with reading(inst.engine) as db:
        found = db.execute(person.select().order_by(person.c.id)).one()
    return replace(cases.WORKER, person_id=found.id)


def decided(
    inst: Installation, request: Request, *, confirm: bool, now: datetime
) -> cases.CaseFile:
    """Let the province decide on a line, alone or by two."""
    case = cases.submitted(inst, now, request, worker_of(inst))
    owner = cases.owner_of(case)[1]
    one, other = cases.official("a", owner), cases.official("b", owner)
    if not confirm:
        return cases.decided(inst, case, now, caller=one)
    cases.proposed(inst, case, now, caller=one)
    return cases.confirmed(inst, case, now, caller=other)


class TestInsurance:
    def test_is_unchanged_when_it_is_said_again(
        self, inst: Installation, importer: Importer
    ) -> None:
        cases.add_units(inst.engine)
        importer("population", PERSON)
        importer("insurance", PERIOD)
        removed = Request(CaseKind.EMPLOYMENT, Ask.REMOVE, line=1)
        case = decided(inst, removed, confirm=True, now=LATER)
        assert importer.live(InsuranceFact) == []

        again = importer("insurance", PERIOD)
        other = importer(
            "insurance", PERIOD | {"to_month": "2022-06", "last_updated": "2022-08-01"}
        )

        assert again.rows == {"unchanged": 1}
        assert again.causes == {"unchanged": {"SET_ASIDE_BY_DECISION": 1}}
        assert other.rows == {"needs_review": 1}
        assert other.causes["needs_review"] == {"DECIDED_OTHERWISE": 1}
        assert importer.live(InsuranceFact) == []

        next_day = LATER + timedelta(days=1)
        cases.reversal_proposed(inst, case, next_day, cases.official("y", "BNV"))
        cases.reversal_confirmed(inst, case, next_day, cases.official("z", "BNV"))
        assert importer("insurance", PERIOD | {"position_text": "Công nhân may "}).rows == {
            "unchanged": 1
        }
        assert len(importer.live(InsuranceFact)) == 1


class TestContracts:
    def test_stay_set_aside_and_further_events_are_looked_at(
        self, inst: Installation, importer: Importer
    ) -> None:
        cases.add_units(inst.engine)
        importer("population", PERSON)
        importer("contracts", EVENT)
        change = Request(
            CaseKind.EMPLOYMENT, Ask.CHANGE, line=1, claimed={"first_day": "2026-01-02"}
        )
        decided(inst, change, confirm=False, now=LATER)

        again = importer("contracts", EVENT)
        ended = {"message_id": "m-2", "event": "ENDED", "sequence": 2, "last_day": "2026-06-30"}
        further = importer("contracts", EVENT | ended)

        assert again.rows == {"unchanged": 1}
        assert further.rows == {"needs_review": 1}
        assert [each["source"] for each in importer.live(EmploymentFact)] == ["DECISION"]


class TestQualifications:
    def test_are_unchanged_when_they_are_said_again(
        self, inst: Installation, importer: Importer
    ) -> None:
        cases.add_units(inst.engine)
        importer("population", PERSON)
        importer("qualifications", CERTIFICATE)
        change = Request(
            CaseKind.QUALIFICATION, Ask.CHANGE, line=1, claimed={"field": "Điện công nghiệp"}
        )
        decided(inst, change, confirm=False, now=LATER)

        again = importer("qualifications", CERTIFICATE)

        assert again.rows == {"unchanged": 1}
        assert [each["field"] for each in importer.live(QualificationFact)] == ["Điện công nghiệp"]
