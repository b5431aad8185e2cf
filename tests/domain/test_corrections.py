from pathlib import Path

import pytest

from labour_book import data
from labour_book.domain.correction_diagram import mermaid
from labour_book.domain.correction_fields import FIELDS, Ask, CaseKind
from labour_book.domain.corrections import (
    CLOCK_IN,
    OVER,
    TRANSITIONS,
    TURN_IN,
    UNDECIDED,
    WAITING_FOR_OWNER,
    Actor,
    CaseMoved,
    CaseState,
    Clock,
    Step,
    Turn,
    sources_of,
    steps_in,
    transition,
)

README = Path(__file__).parents[2] / "README.md"
PAIRS = [(state, step) for state in CaseState for step in Step]


class TestTables:
    def test_give_every_state_a_turn_and_a_clock(self) -> None:
        assert set(TURN_IN) == set(CLOCK_IN) == set(CaseState)

    def test_use_every_step_but_the_one_that_begins(self) -> None:
        assert {step for _, step in TRANSITIONS} == set(Step) - {Step.BEGIN}

    def test_say_who_takes_each_step(self) -> None:
        assert all(each.by for each in TRANSITIONS.values())

    def test_lead_from_a_draft_to_every_state(self) -> None:
        reached = {CaseState.DRAFT}
        for _ in CaseState:
            reached |= {each.after for (at, _), each in TRANSITIONS.items() if at in reached}

        assert reached == set(CaseState)

    @pytest.mark.parametrize("state", [each for each in CaseState if each not in OVER])
    def test_lead_on_from_every_state_that_is_not_over(self, state: CaseState) -> None:
        assert any(at is state and each.after is not state for (at, _), each in TRANSITIONS.items())

    @pytest.mark.parametrize("state", sorted(WAITING_FOR_OWNER))
    def test_run_a_clock_and_escalate_where_an_owner_is_waited_for(self, state: CaseState) -> None:
        assert CLOCK_IN[state] is not Clock.NONE
        assert (state, Step.ESCALATE) in TRANSITIONS

    @pytest.mark.parametrize("state", sorted(UNDECIDED))
    def test_let_the_asking_side_take_back_what_is_undecided(self, state: CaseState) -> None:
        assert Step.WITHDRAW in steps_in(state, Actor.ASKER)

    def test_keep_what_is_decided_decided_during_an_appeal(self) -> None:
        reached = {CaseState.APPEALED}
        for _ in CaseState:
            reached |= {
                each.leads_to(appealed=True)
                for (at, _), each in TRANSITIONS.items()
                if at in reached
            }

        assert reached.isdisjoint({CaseState.ROUTED, CaseState.WITHDRAWN, CaseState.DRAFT})
        assert CaseState.DECIDED in reached

    @pytest.mark.parametrize("state", [CaseState.MORE_NEEDED, CaseState.PROPOSED])
    def test_lead_back_to_the_appeal_as_without_one_to_the_owner(self, state: CaseState) -> None:
        back = [
            (each.after, each.leads_to(appealed=True))
            for (at, step), each in TRANSITIONS.items()
            if at is state and step in {Step.ANSWER, Step.LAPSE, Step.SEND_BACK}
        ]

        assert set(back) == {(CaseState.ROUTED, CaseState.APPEALED)}

    @pytest.mark.parametrize("state", sorted(sources_of(Step.WITHDRAW)))
    def test_leave_the_decision_when_an_appeal_is_taken_back(self, state: CaseState) -> None:
        if state not in {CaseState.DRAFT, CaseState.SUBMITTED}:  # which come before any appeal
            after = transition(state, Step.WITHDRAW).leads_to(appealed=True)
            assert after is CaseState.DECIDED

    def test_take_a_decision_back_only_after_it_was_proposed(self) -> None:
        can_be = sources_of(Step.PROPOSE_BACK)

        assert can_be == sources_of(Step.LET_STAND) == sources_of(Step.REVERSE)
        assert all(
            TRANSITIONS[state, Step.PROPOSE_BACK].after is state
            and TRANSITIONS[state, Step.PROPOSE_BACK].by == {Actor.OVERSEER}
            for state in can_be
        )

    def test_let_nobody_but_the_installation_act_when_it_is_its_turn(self) -> None:
        for state, turn in TURN_IN.items():
            moves = [
                each
                for (at, step), each in TRANSITIONS.items()
                if at is state and step is not Step.WITHDRAW
            ]
            if turn is Turn.SYSTEM:
                assert all(each.by == {Actor.SYSTEM} for each in moves)

    def test_never_erase_a_decision(self) -> None:
        after = {each.after for (at, _), each in TRANSITIONS.items() if at is CaseState.DECIDED}

        assert after == {CaseState.DECIDED, CaseState.APPEALED, CaseState.CLOSED}


class TestTransition:
    @pytest.mark.parametrize(("state", "step"), PAIRS)
    def test_is_in_the_table_or_refused(self, state: CaseState, step: Step) -> None:
        if (state, step) in TRANSITIONS:
            assert transition(state, step) is TRANSITIONS[state, step]
            assert state in sources_of(step)
            return

        with pytest.raises(CaseMoved) as refused:
            transition(state, step)
        assert refused.value.facts == {"state": str(state), "step": str(step)}


class TestMermaid:
    def test_draws_every_state_and_step(self) -> None:
        drawn = mermaid()

        assert all(f"    {state} --> " in drawn for state in CaseState)
        assert all(str(step) in drawn for step in Step)

    def test_is_what_the_readme_shows(self) -> None:
        assert f"```mermaid\n{mermaid()}```" in README.read_text(encoding="utf-8")


class TestFields:
    def test_are_none_of_the_reason_for_leaving(self) -> None:
        assert not any("reason" in name for names in FIELDS.values() for name in names)

    def test_have_codes_that_fit_their_columns(self) -> None:
        assert all(len(each) <= 12 for each in (*Step, *CaseState))
        assert all(len(each) <= 16 for each in (*CaseKind, *Ask))
        assert all(len(each) <= 24 for each in data.evidence_classes())
        assert all(len(each) <= 40 for each in data.decision_reasons())
