"""Employers answer, and offices send on what another has to decide."""

from dataclasses import replace
from datetime import datetime

import pytest

from labour_book.domain.corrections import Outcome, Owner, Step
from labour_book.errors import Invalid
from labour_book.services import deciding
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from tests.services import cases, people
from tests.services.cases import APPROVE, COMMUNE, EMPLOYER


class TestEmployerAnswers:
    def test_go_to_the_commune(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.POSITION)

        with deed(inst.engine) as db:
            answered = deciding.employer_answers(
                db, inst, EMPLOYER, case.line.case_id, agrees=True, words="", now=now
            )

        assert answered.employer_answer == "agrees"
        assert cases.owner_of(answered) == (Owner.COMMUNE, "UB-00070")
        done = cases.decided(inst, case, now, replace(APPROVE, reason_code="EMPLOYER_CONFIRMS"))
        assert done.line.outcome is Outcome.APPROVED
        assert (people.EMPLOYER_CODE, "case.decided") in cases.told(inst, "employer")

    def test_need_words_to_contest(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, cases.POSITION)

        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            deciding.employer_answers(
                db, sqlite_inst, EMPLOYER, case.line.case_id, agrees=False, words="", now=now
            )

    def test_see_the_claim_and_nothing_else(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, cases.POSITION)
        cases.attached(sqlite_inst, case, now)

        seen = cases.read(sqlite_inst, case, now, EMPLOYER)

        assert [each.after for each in seen.changes] == ["Thợ hàn bậc 5"]
        assert (seen.words, seen.evidence, seen.steps) == ("", (), ())
        assert set(seen.possible) == {Step.AGREE, Step.CONTEST, Step.ATTACH}


class TestSendOn:
    def test_begins_the_clock_of_the_other_owner(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now)

        with deed(inst.engine) as db:
            sent = deciding.send_on(
                db,
                inst,
                COMMUNE,
                case.line.case_id,
                owner=Owner.INSURANCE,
                words="Thuộc BHXH.",
                now=now,
            )

        assert cases.owner_of(sent) == (Owner.INSURANCE, "BHXH01")
        assert sent.line.due_on != case.line.due_on
        assert ("BHXH01", "case.arrived") in cases.told(inst, "official")

    @pytest.mark.parametrize("owner", [Owner.COMMUNE, Owner.POPULATION])
    def test_refuses_an_owner_that_is_none(
        self, sqlite_inst: Installation, now: datetime, owner: Owner
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)

        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            deciding.send_on(
                db, sqlite_inst, COMMUNE, case.line.case_id, owner=owner, words="x", now=now
            )
