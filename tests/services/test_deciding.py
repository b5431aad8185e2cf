from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from labour_book.database import reading
from labour_book.domain.correction_limits import CorrectionLimits
from labour_book.domain.corrections import CaseMoved, CaseState, CaseTaken, Outcome, Owner
from labour_book.errors import Invalid
from labour_book.queries import versions
from labour_book.services import deciding
from labour_book.services.callers import Caller
from labour_book.services.case_access import OwnMatter
from labour_book.services.case_settling import KeyTaken
from labour_book.services.deciding import (
    SecondNeeded,
    TooManyDecisions,
    Verdict,
)
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, NotFoundForCaller, deed
from tests.services import cases, people, shares
from tests.services.cases import APPROVE, COLLEAGUE, COMMUNE, EMPLOYER, FIRST_DAY, INSURANCE

DAY = timedelta(days=1)


def document(inst: Installation, person: int = 1) -> str:
    with reading(inst.engine) as db:
        found = versions.stored_version(db, people.person_id(person), None)
    assert found is not None
    assert found.book is not None
    return found.book.document


class TestDecide:
    def test_voids_and_replaces_in_one_go(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)

        done = cases.decided(inst, case, now + DAY)

        (job,) = cases.live(inst)
        assert (job["first_day"], job["source"]) == ("2021-03-01", "DECISION")
        assert job["contract_id"] == "HD-00000001"
        assert job["running"]
        assert done.line.state is CaseState.DECIDED
        assert done.decisions[0].version_after == 2
        assert done.decisions[0].article
        assert '"assurance":"DECIDED"' in document(inst)
        assert cases.traced(inst, "case.decide") == ["ok"]
        assert (str(people.person_id()), "case.decided") in cases.told(inst, "worker")

    def test_tells_who_looked_that_a_newer_version_exists(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        shares.look(inst, shares.share(inst, now, shares.TO_EMPLOYER).code, now, EMPLOYER)
        case = cases.submitted(inst, now)

        cases.decided(inst, case, now + DAY)

        assert (people.EMPLOYER_CODE, "book.newer-version") in cases.told(inst, "employer")

    def test_accepts_only_some_fields(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        both = replace(
            FIRST_DAY, claimed={"first_day": "2021-03-01", "contract_kind": "FIXED_TERM"}
        )
        case = cases.submitted(inst, now, both)
        partly = Verdict(Outcome.PARTLY, "PARTLY_PROVEN", accepted=["first_day"])

        done = cases.decided(inst, case, now, partly)

        (job,) = cases.live(inst)
        assert (job["first_day"], job["contract_kind"]) == ("2021-03-01", "INDEFINITE")
        assert {each.field: each.accepted for each in done.changes} == {
            "contract_kind": False,
            "first_day": True,
        }

    def test_refuses_without_changing_anything(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        before = cases.live(inst)

        done = cases.decided(inst, case, now, cases.REFUSE)

        assert cases.live(inst) == before
        assert done.line.outcome is Outcome.REFUSED
        assert done.decisions[0].version_after is None
        assert done.decisions[0].reason_vi

    @pytest.mark.parametrize(
        "verdict",
        [
            replace(APPROVE, reason_code="NOT_PROVEN"),
            replace(APPROVE, reason_code="no such"),
            replace(APPROVE, outcome=Outcome.REVERSED),
            Verdict(Outcome.PARTLY, "PARTLY_PROVEN"),
            Verdict(Outcome.PARTLY, "PARTLY_PROVEN", accepted=["first_day"]),
            Verdict(Outcome.PARTLY, "PARTLY_PROVEN", accepted=["position"]),
        ],
    )
    def test_refuses_a_verdict_that_does_not_hold_together(
        self, sqlite_inst: Installation, now: datetime, verdict: Verdict
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)

        with pytest.raises(Invalid):
            cases.decided(sqlite_inst, case, now, verdict)

    def test_is_done_once_under_one_key(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        other = cases.submitted_again(inst, now)
        done = cases.decided(inst, case, now)

        again = cases.decided(inst, case, now + DAY)

        assert [each.decision_id for each in again.decisions] == [
            each.decision_id for each in done.decisions
        ]
        with pytest.raises(KeyTaken):
            cases.decided(inst, other, now)

    def test_says_who_was_quicker(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        cases.decided(inst, case, now)

        with pytest.raises(CaseMoved) as late:
            cases.decided(inst, case, now, caller=COLLEAGUE, key="other")

        assert late.value.facts["by"] == COMMUNE.id
        assert late.value.facts["last_step"] == "decide"
        assert late.value.facts["at"] == now.isoformat()

    def test_belongs_to_whoever_has_claimed_it(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        cases.claimed(inst, case, COLLEAGUE, now)

        with pytest.raises(CaseTaken) as taken:
            cases.decided(inst, case, now)

        assert taken.value.facts["by"] == COLLEAGUE.id
        assert taken.value.facts["at"] == now.isoformat()
        assert cases.decided(inst, case, now, caller=COLLEAGUE).line.outcome is Outcome.APPROVED

    @pytest.mark.parametrize("caller", [cases.ELSEWHERE, cases.PROVINCE, INSURANCE, EMPLOYER])
    def test_is_the_owners_alone(
        self, sqlite_inst: Installation, now: datetime, caller: Caller
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)

        with pytest.raises((NotFoundForCaller, DeniedToRole)):
            cases.decided(sqlite_inst, case, now, caller=caller)
        assert cases.traced(sqlite_inst, "case.decide") == ["refused"]

    def test_is_not_on_the_own_book(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        same = replace(COMMUNE, person_id=people.person_id())

        with pytest.raises(OwnMatter) as error:
            cases.decided(sqlite_inst, case, now, caller=same)
        assert error.value.facts["cause"] == "OWN_BOOK"

    def test_is_not_on_a_relatives_book(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        cases.claimed(inst, case, COMMUNE, now)
        with deed(inst.engine) as db:
            deciding.declare_relation_in(
                db, inst, COMMUNE, case.line.case_id, relation="spouse", now=now
            )

        with pytest.raises(OwnMatter) as error:
            cases.decided(inst, case, now)

        assert error.value.facts["cause"] == "RELATED"
        assert cases.decided(inst, case, now, caller=COLLEAGUE).line.outcome is Outcome.APPROVED

    def test_is_not_on_what_one_took_down_oneself(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, caller=COMMUNE, person_id=person, present=True)

        with pytest.raises(OwnMatter) as error:
            cases.decided(sqlite_inst, case, now)

        assert error.value.facts["cause"] == "OWN_REQUEST"
        cases.decided(sqlite_inst, case, now, caller=COLLEAGUE)

    def test_has_its_pace(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = replace(sqlite_inst, corrections=CorrectionLimits(decisions_per_hour=1))
        cases.ready(inst, now)
        case, other = cases.submitted(inst, now), cases.submitted_again(inst, now)
        cases.decided(inst, case, now)

        with pytest.raises(TooManyDecisions):
            cases.decided(inst, other, now, key="2")
        cases.decided(inst, other, now + timedelta(minutes=61), key="2")


class TestTwoOfficials:
    def test_are_needed_for_months(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MONTHS)
        assert cases.owner_of(case) == (Owner.INSURANCE, "BHXH01")

        with pytest.raises(SecondNeeded):
            cases.decided(inst, case, now, caller=INSURANCE)
        proposed = cases.proposed(inst, case, now)
        with pytest.raises(OwnMatter):
            cases.confirmed(inst, case, now, caller=INSURANCE)
        done = cases.confirmed(inst, case, now)

        assert proposed.line.state is CaseState.PROPOSED
        assert proposed.proposal is not None
        assert proposed.proposal.by == INSURANCE.id
        assert (done.decisions[0].decided_by, done.decisions[0].confirmed_by) == (
            INSURANCE.name,
            cases.INSURANCE_COLLEAGUE.name,
        )

    def test_are_not_needed_to_refuse(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, cases.MONTHS)

        done = cases.decided(sqlite_inst, case, now, cases.REFUSE, INSURANCE)

        assert done.line.outcome is Outcome.REFUSED

    def test_can_disagree(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MONTHS)
        cases.proposed(inst, case, now)

        with deed(inst.engine) as db:
            back = deciding.send_back(
                db, inst, cases.INSURANCE_COLLEAGUE, case.line.case_id, "Thiếu chứng từ.", now=now
            )

        assert back.line.state is CaseState.ROUTED
        assert back.proposal is None

    def test_do_not_propose_twice_in_a_row_for_one_person(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MONTHS)
        cases.proposed(inst, case, now)
        cases.confirmed(inst, case, now)
        again = cases.submitted_again(inst, now, replace(cases.MONTHS, version=2))

        with pytest.raises(OwnMatter) as error:
            cases.proposed(inst, again, now)

        assert error.value.facts["cause"] == "TWICE_IN_A_ROW"
        cases.proposed(inst, again, now, caller=cases.INSURANCE_COLLEAGUE)
        cases.confirmed(inst, again, now, caller=INSURANCE, key="c2")

    def test_take_back_withdrawn_proposals(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, cases.MONTHS)

        with pytest.raises(CaseMoved):
            cases.confirmed(sqlite_inst, case, now)
