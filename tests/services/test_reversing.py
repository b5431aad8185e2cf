"""Decisions are taken back, and what stood before them stands again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from labour_book.domain.corrections import CaseState, CaseTaken, Outcome, Step
from labour_book.services import case_clock, deciding, overseeing
from labour_book.services.callers import Caller
from labour_book.services.case_access import OwnMatter
from labour_book.services.case_settling import NothingToReverse
from labour_book.services.case_views import CaseLine
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from tests.services import cases, people
from tests.services.cases import COMMUNE, EMPLOYER, FIRST_DAY, INSPECTOR

DAY = timedelta(days=1)


def waiting_to_be_reversed(inst: Installation, now: datetime) -> list[CaseLine]:
    with deed(inst.engine) as db:
        return overseeing.reversals(db, inst, INSPECTOR, now=now)


class TestProposeReversal:
    def test_leaves_the_decision_as_it_is(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.decided(inst, cases.submitted(inst, now), now)

        proposed = cases.reversal_proposed(inst, case, now + DAY)

        assert (proposed.line.state, proposed.line.outcome) == (
            CaseState.DECIDED,
            Outcome.APPROVED,
        )
        assert proposed.line.due_on == case.line.due_on
        assert proposed.proposal is not None
        assert (proposed.proposal.outcome, proposed.proposal.by) == (
            Outcome.REVERSED,
            INSPECTOR.id,
        )
        assert cases.live(inst)[0]["source"] == "DECISION"
        assert [each.number for each in waiting_to_be_reversed(inst, now)] == [case.line.number]

    @pytest.mark.parametrize("caller", [COMMUNE, replace(INSPECTOR, person_id=people.person_id())])
    def test_is_not_for_who_decided_or_whose_book_it_is(
        self, sqlite_inst: Installation, now: datetime, caller: Caller
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)

        with pytest.raises(OwnMatter):
            cases.reversal_proposed(sqlite_inst, case, now, caller)

    def test_is_made_once(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)
        cases.reversal_proposed(sqlite_inst, case, now)

        with pytest.raises(CaseTaken):
            cases.reversal_proposed(sqlite_inst, case, now, cases.PROVINCE)

    def test_has_nothing_to_do_for_a_refusal(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        cases.decided(sqlite_inst, case, now, cases.REFUSE)

        with pytest.raises(NothingToReverse):
            cases.reversal_proposed(sqlite_inst, case, now)

    def test_is_gone_with_an_appeal(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.decided(inst, cases.submitted(inst, now), now)
        cases.reversal_proposed(inst, case, now)

        appealed = cases.appealed(inst, case, now)

        assert appealed.line.state is CaseState.APPEALED
        assert cases.read(inst, case, now, cases.PROVINCE).proposal is None
        with pytest.raises(NothingToReverse):
            cases.reversal_confirmed(inst, case, now)

    def test_outlives_the_closing_of_the_case(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.decided(inst, cases.submitted(inst, now), now)
        cases.reversal_proposed(inst, case, now)
        with deed(inst.engine) as db:
            case_clock.close_settled(db, inst, cases.OPERATOR, now=now + 90 * DAY)

        (waiting,) = waiting_to_be_reversed(inst, now)
        done = cases.reversal_confirmed(inst, case, now + 90 * DAY)

        assert waiting.state is CaseState.CLOSED
        assert done.line.outcome is Outcome.REVERSED
        assert waiting_to_be_reversed(inst, now) == []


class TestLetStand:
    def test_keeps_the_decision(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.decided(inst, cases.submitted(inst, now), now)
        cases.reversal_proposed(inst, case, now)

        with deed(inst.engine) as db:
            after = deciding.let_stand(
                db, inst, cases.PROVINCE, case.line.case_id, "Quyết định đúng.", now=now
            )

        assert after.proposal is None
        assert after.line.outcome is Outcome.APPROVED
        assert Step.PROPOSE_BACK in after.possible
        assert waiting_to_be_reversed(inst, now) == []
        with pytest.raises(NothingToReverse):
            cases.reversal_confirmed(inst, case, now)

    def test_needs_a_proposal(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)

        with pytest.raises(NothingToReverse), deed(sqlite_inst.engine) as db:
            deciding.let_stand(db, sqlite_inst, cases.PROVINCE, case.line.case_id, "Giữ.", now=now)


class TestReverse:
    def test_restores_what_stood_before(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        before = cases.live(inst)[0]
        case = cases.submitted(inst, now)
        cases.decided(inst, case, now)

        done = cases.reversed_(inst, case, now + DAY)

        (job,) = cases.live(inst)
        same = {"source", "source_ref", "fingerprint", "first_day", "stated_at", "contract_id"}
        assert {name: job[name] for name in same} == {name: before[name] for name in same}
        assert done.line.outcome is Outcome.REVERSED
        assert [each.outcome for each in done.decisions] == [Outcome.APPROVED, Outcome.REVERSED]
        assert (done.decisions[1].decided_by, done.decisions[1].confirmed_by) == (
            INSPECTOR.name,
            cases.PROVINCE_COLLEAGUE.name,
        )
        assert done.decisions[1].version_after == 3
        assert cases.traced(inst, "case.reverse") == ["ok", "ok"]
        with pytest.raises(NothingToReverse):
            cases.reversal_confirmed(inst, case, now, cases.PROVINCE, key="r2")

    def test_is_done_once_under_one_key(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)
        done = cases.reversed_(sqlite_inst, case, now)

        again = cases.reversal_confirmed(sqlite_inst, case, now)

        assert again.decisions == done.decisions

    @pytest.mark.parametrize(
        ("caller", "cause"), [(INSPECTOR, "OWN_PROPOSAL"), (COMMUNE, "OWN_DECISION")]
    )
    def test_takes_two_who_have_not_decided(
        self, sqlite_inst: Installation, now: datetime, caller: Caller, cause: str
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)
        cases.reversal_proposed(sqlite_inst, case, now)

        with pytest.raises(OwnMatter) as refused:
            cases.reversal_confirmed(sqlite_inst, case, now, caller)

        assert refused.value.facts["cause"] == cause
        assert cases.live(sqlite_inst)[0]["source"] == "DECISION"

    def test_restores_months(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MONTHS)
        cases.proposed(inst, case, now)
        cases.confirmed(inst, case, now)

        cases.reversed_(inst, case, now)

        assert cases.insured(inst) == [("2021-03", None, "contributed", "INSURANCE")]

    def test_does_not_pull_the_ground_from_a_later_decision(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        cases.decided(inst, case, now)
        later = cases.submitted_again(
            inst, now, replace(FIRST_DAY, version=2, claimed={"first_day": "2021-03-02"})
        )
        cases.decided(inst, later, now, caller=cases.PROVINCE, key="later")

        with pytest.raises(NothingToReverse):
            cases.reversed_(inst, case, now)

    def test_happens_on_appeal_against_what_an_employer_asked_for(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        (person,) = cases.ready(inst, now)
        case = cases.submitted(inst, now, caller=EMPLOYER, person_id=person)
        cases.decided(inst, case, now)
        cases.appealed(inst, case, now)

        cases.decided(inst, case, now, cases.REFUSE, cases.PROVINCE, key="p")

        assert [each["source"] for each in cases.live(inst)] == ["CONTRACT_PLATFORM"]
