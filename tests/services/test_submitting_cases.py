"""Corrections are submitted, and come to whoever decides them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from labour_book.domain.correction_fields import Ask
from labour_book.domain.corrections import CaseState, Owner, Step
from labour_book.errors import Invalid
from labour_book.services import case_forwarding, correcting
from labour_book.services.callers import Caller, Role
from labour_book.services.case_settling import KeyTaken
from labour_book.services.installation import Installation
from labour_book.services.routing import NoOwner
from tests.services import cases, people
from tests.services.cases import FIRST_DAY, WORKER

DAY = timedelta(days=1)
REPRESENTATIVE = Caller("proxy", "r1", "Chị", Role.REPRESENTATIVE, person_id=people.person_id(1))


class TestSubmit:
    def test_routes_and_tells_both_sides(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)

        case = cases.submitted(inst, now)

        assert case.line.state is CaseState.ROUTED
        assert cases.owner_of(case) == (Owner.COMMUNE, "UB-00070")
        assert case.line.due_on is not None
        assert (case.line.due_on - now.date()).days == 7  # five working days
        assert [each.step for each in case.steps] == [Step.BEGIN, Step.SUBMIT, Step.ROUTE]
        assert cases.told(inst, "official") == [("UB-00070", "case.arrived")]
        assert cases.told(inst, "worker") == [(str(people.person_id()), "case.submitted")]

    def test_is_done_once_under_one_key(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)

        again = correcting.submit(inst, WORKER, case.line.case_id, key="k", now=now + DAY)

        assert again == replace(again, revision=case.revision)
        assert again.line.submitted_at == now

    def test_refuses_the_key_of_another_case(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        cases.submitted(sqlite_inst, now)
        other = cases.drafted(sqlite_inst, now)

        with pytest.raises(KeyTaken):
            correcting.submit(sqlite_inst, WORKER, other.line.case_id, key="k", now=now)

    @pytest.mark.parametrize("key", ["", "x" * 37, "ê", "a\nb"])
    def test_needs_a_plain_key(self, sqlite_inst: Installation, now: datetime, key: str) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.drafted(sqlite_inst, now)

        with pytest.raises(Invalid):
            correcting.submit(sqlite_inst, WORKER, case.line.case_id, key=key, now=now)

    def test_asks_the_employer_for_what_it_declares(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)

        case = cases.submitted(
            sqlite_inst, now, replace(FIRST_DAY, claimed={"position": "Thợ hàn bậc 5"})
        )

        assert cases.owner_of(case) == (Owner.EMPLOYER, people.EMPLOYER_CODE)
        assert cases.told(sqlite_inst, "employer") == [(people.EMPLOYER_CODE, "case.arrived")]

    @pytest.mark.parametrize("status", ["CLOSED", "BANKRUPTCY", "NOT_AT_ADDRESS", "REVOKED_TAX"])
    def test_takes_other_evidence_when_the_employer_is_gone(
        self, sqlite_inst: Installation, now: datetime, status: str
    ) -> None:
        cases.ready(sqlite_inst, now)
        cases.close_employer(sqlite_inst.engine, status)

        case = cases.submitted(
            sqlite_inst, now, replace(FIRST_DAY, claimed={"position": "Thợ hàn bậc 5"})
        )

        assert cases.owner_of(case) == (Owner.PROVINCE, "SNV-01")
        assert case.line.is_alternative

    def test_hands_identity_over_and_is_done(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)

        case = cases.submitted(sqlite_inst, now, cases.IDENTITY)

        assert case.line.state is CaseState.CLOSED
        assert cases.owner_of(case)[0] is Owner.POPULATION
        assert case.hand_over is not None
        assert case.hand_over.working_days == 2
        assert "VNeID" in case.hand_over.where_vi
        assert "ND 70/2024" in case.hand_over.article
        assert all(each.after == "" for each in case.changes)
        assert (str(people.person_id()), "case.handed-over") in cases.told(sqlite_inst, "worker")

    def test_goes_straight_through_when_a_register_confirms_it(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        cases.restate(inst, employer_code="0300588569", employer_id=None, employer_name="Nơi khác")
        cases.issue_again(inst, now)
        right = {"enterprise_code": people.EMPLOYER_CODE}

        case = cases.submitted(inst, now, replace(FIRST_DAY, version=2, line=2, claimed=right))

        assert case.line.state is CaseState.DECIDED
        (decision,) = case.decisions
        assert decision.is_automatic
        assert decision.reason_code == "REGISTER_CONFIRMS"
        assert decision.version_after == 3
        (job,) = cases.live(inst)
        assert (job["employer_code"], job["source"]) == (people.EMPLOYER_CODE, "DECISION")

    def test_waits_until_there_is_an_agency(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine)
        case = cases.drafted(sqlite_inst, now, replace(FIRST_DAY, version=None))

        with pytest.raises(NoOwner):
            correcting.submit(sqlite_inst, WORKER, case.line.case_id, key="k", now=now)
        assert cases.cases(sqlite_inst.engine)[0]["state"] == "submitted"
        assert case_forwarding.forward_left(sqlite_inst, now=now + DAY) == 0

        cases.add_units(sqlite_inst.engine)

        assert case_forwarding.forward_left(sqlite_inst, now=now) == 0  # may still be under way
        assert case_forwarding.forward_left(sqlite_inst, now=now + DAY) == 1
        assert cases.cases(sqlite_inst.engine)[0]["state"] == "routed"


class TestMissingLine:
    def test_needs_no_line(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)

        case = cases.submitted(sqlite_inst, now, cases.MISSING)

        assert case.line.ask is Ask.ADD
        assert case.line.is_high_impact
        assert case.line.employer_name == "Nhà máy Dệt 8/3"
        assert all(each.before == "" for each in case.changes)
