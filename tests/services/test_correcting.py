from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from labour_book.domain.correction_fields import CaseKind
from labour_book.domain.corrections import CaseMoved, CaseState, Outcome, Owner, Step
from labour_book.errors import Invalid
from labour_book.services import case_clock, correcting, deciding
from labour_book.services.callers import Caller
from labour_book.services.case_views import CaseFile
from labour_book.services.correcting import AppealOver, RatedBefore
from labour_book.services.installation import Installation
from labour_book.services.permission import NotFoundForCaller, deed
from tests.services import cases, people
from tests.services.cases import COLLEAGUE, COMMUNE, EMPLOYER, REPRESENTATIVE, WORKER

DAY = timedelta(days=1)


def asked_on_appeal(inst: Installation, now: datetime) -> CaseFile:
    """Return a case that was approved, appealed, and of which the province wants to know more."""
    cases.ready(inst, now)
    case = cases.submitted(inst, now)
    cases.decided(inst, case, now)
    cases.appealed(inst, case, now)
    with deed(inst.engine) as db:
        return deciding.ask_more(
            db, inst, cases.PROVINCE, case.line.case_id, "Gửi bản gốc.", now=now
        )


def appeal_proposed(inst: Installation, now: datetime) -> CaseFile:
    """Bring a case so far that its appeal waits for the second official."""
    cases.ready(inst, now)
    case = cases.submitted(inst, now, cases.MISSING)
    cases.decided(inst, case, now, cases.REFUSE)
    cases.appealed(inst, case, now)
    cases.proposed(inst, case, now, caller=cases.PROVINCE)
    return case


class TestAnswerMore:
    def test_gives_it_back_to_its_owner(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        with deed(inst.engine) as db:
            asked = deciding.ask_more(
                db, inst, COMMUNE, case.line.case_id, "Gửi thêm hợp đồng.", now=now
            )
        cases.attached(inst, case, now + DAY)

        with deed(inst.engine) as db:
            answered = correcting.answer_more(
                db, inst, WORKER, case.line.case_id, "Đây ạ.", now=now + DAY
            )

        assert asked.line.state is CaseState.MORE_NEEDED
        assert asked.line.turn == "asker"
        assert answered.line.state is CaseState.ROUTED
        assert len(answered.evidence) == 1
        assert ("UB-00070", "case.answered") in cases.told(inst, "official")
        assert (str(people.person_id()), "case.more-needed") in cases.told(inst, "worker")


class TestWithdraw:
    def test_ends_it_while_it_is_undecided(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)

        with deed(sqlite_inst.engine) as db:
            gone = correcting.withdraw(db, sqlite_inst, WORKER, case.line.case_id, now=now)

        assert gone.line.state is CaseState.WITHDRAWN
        assert gone.line.due_on is None
        with pytest.raises(CaseMoved):
            cases.decided(sqlite_inst, case, now)

    def test_is_not_for_what_is_decided(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)

        with pytest.raises(CaseMoved), deed(sqlite_inst.engine) as db:
            correcting.withdraw(db, sqlite_inst, WORKER, case.line.case_id, now=now)


class TestOnBehalf:
    """What was asked for on the worker's behalf is the worker's; an employer's own is its own."""

    @pytest.mark.parametrize("asker", [REPRESENTATIVE, COMMUNE])
    def test_is_answered_and_taken_back_by_the_worker(
        self, sqlite_inst: Installation, now: datetime, asker: Caller
    ) -> None:
        inst = sqlite_inst
        (person,) = cases.ready(inst, now)
        case = cases.submitted(inst, now, caller=asker, person_id=person, present=True)
        with deed(inst.engine) as db:
            deciding.ask_more(db, inst, COLLEAGUE, case.line.case_id, "Gửi thêm.", now=now)
        with deed(inst.engine) as db:
            answered = correcting.answer_more(
                db, inst, WORKER, case.line.case_id, "Đây ạ.", now=now
            )
        with deed(inst.engine) as db:
            gone = correcting.withdraw(db, inst, WORKER, case.line.case_id, now=now)

        assert Step.WITHDRAW in answered.possible
        assert gone.line.state is CaseState.WITHDRAWN

    def test_leaves_an_employers_own_request_to_it(self, inst: Installation, now: datetime) -> None:
        (person,) = cases.ready(inst, now)
        case = cases.submitted(inst, now, caller=EMPLOYER, person_id=person)
        with deed(inst.engine) as db:
            seen = correcting.own_case(db, inst, WORKER, case.line.case_id, now=now)

        assert seen.possible == ()
        for deed_of in (withdrawn, answered):
            with pytest.raises(NotFoundForCaller):
                deed_of(inst, case, now, WORKER)
        assert withdrawn(inst, case, now, EMPLOYER).line.state is CaseState.WITHDRAWN

    def test_lets_the_worker_appeal_what_is_decided_for_the_employer(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        (person,) = cases.ready(inst, now)
        case = cases.submitted(inst, now, caller=EMPLOYER, person_id=person)
        cases.decided(inst, case, now)
        with deed(inst.engine) as db:
            seen = correcting.own_case(db, inst, WORKER, case.line.case_id, now=now)

        assert seen.possible == (Step.APPEAL,)
        assert cases.appealed(inst, case, now).line.state is CaseState.APPEALED


def withdrawn(inst: Installation, case: CaseFile, now: datetime, caller: Caller) -> CaseFile:
    with deed(inst.engine) as db:
        return correcting.withdraw(db, inst, caller, case.line.case_id, now=now)


def answered(inst: Installation, case: CaseFile, now: datetime, caller: Caller) -> CaseFile:
    with deed(inst.engine) as db:
        return correcting.answer_more(db, inst, caller, case.line.case_id, "Đây ạ.", now=now)


class TestAppeal:
    def test_goes_to_the_next_unit_up_once(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        cases.decided(inst, case, now, cases.REFUSE)

        appealed = cases.appealed(inst, case, now + DAY)
        done = cases.decided(inst, case, now + DAY, caller=cases.PROVINCE)

        assert appealed.line.state is CaseState.APPEALED
        assert cases.owner_of(appealed) == (Owner.PROVINCE, "SNV-01")
        assert done.line.outcome is Outcome.APPROVED
        assert [each.is_appeal for each in done.decisions] == [False, True]
        with pytest.raises(AppealOver):
            cases.appealed(inst, case, now + 2 * DAY)

    def test_is_over_after_the_clock(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        refused = cases.decided(sqlite_inst, case, now, cases.REFUSE)
        assert refused.appeal_until is not None

        with pytest.raises(AppealOver):
            cases.appealed(sqlite_inst, case, now + 60 * DAY)

    def test_can_be_taken_back_and_leaves_the_decision(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        cases.decided(sqlite_inst, case, now, cases.REFUSE)
        cases.appealed(sqlite_inst, case, now)

        with deed(sqlite_inst.engine) as db:
            after = correcting.withdraw(db, sqlite_inst, WORKER, case.line.case_id, now=now)

        assert after.line.state is CaseState.DECIDED
        assert after.line.outcome is Outcome.REFUSED
        assert after.appeal_until is None
        with pytest.raises(AppealOver):
            cases.appealed(sqlite_inst, case, now)

    def test_can_be_taken_back_after_more_was_asked(
        self, inst: Installation, now: datetime
    ) -> None:
        case = asked_on_appeal(inst, now)

        with deed(inst.engine) as db:
            after = correcting.withdraw(db, inst, WORKER, case.line.case_id, now=now)

        assert (after.line.state, after.line.outcome) == (CaseState.DECIDED, Outcome.APPROVED)
        assert cases.live(inst)[0]["source"] == "DECISION"
        assert cases.reversed_(inst, case, now, cases.MINISTRY).line.outcome is Outcome.REVERSED

    def test_goes_on_once_it_is_answered(self, inst: Installation, now: datetime) -> None:
        case = asked_on_appeal(inst, now)

        with deed(inst.engine) as db:
            after = correcting.answer_more(db, inst, WORKER, case.line.case_id, "Đây.", now=now)

        assert after.line.state is CaseState.APPEALED
        assert cases.owner_of(after) == (Owner.PROVINCE, "SNV-01")
        done = cases.decided(inst, case, now, cases.REFUSE, cases.PROVINCE, key="p")
        assert done.line.state is CaseState.DECIDED

    def test_goes_on_when_nobody_answers(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = sqlite_inst
        case = asked_on_appeal(inst, now)

        with deed(inst.engine) as db:
            assert case_clock.lapse_unanswered(db, inst, cases.OPERATOR, now=now + 30 * DAY) == 1

        after = cases.read(inst, case, now, cases.PROVINCE)
        assert after.line.state is CaseState.APPEALED

    def test_goes_on_when_the_second_official_disagrees(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        case = appeal_proposed(inst, now)

        with deed(inst.engine) as db:
            after = deciding.send_back(
                db, inst, cases.PROVINCE_COLLEAGUE, case.line.case_id, "Chưa đủ.", now=now
            )

        assert after.line.state is CaseState.APPEALED

    def test_can_be_taken_back_while_a_decision_is_proposed(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        case = appeal_proposed(inst, now)

        with deed(inst.engine) as db:
            correcting.withdraw(db, inst, WORKER, case.line.case_id, now=now)

        after = cases.read(inst, case, now, cases.PROVINCE)
        assert (after.line.state, after.line.outcome) == (CaseState.DECIDED, Outcome.REFUSED)
        assert after.proposal is None


class TestRate:
    def test_is_said_once(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)

        def rate(stars: int) -> int | None:
            with deed(sqlite_inst.engine) as db:
                return correcting.rate(
                    db, sqlite_inst, WORKER, case.line.case_id, stars=stars, now=now
                ).rating

        with pytest.raises(Invalid):
            rate(6)
        assert rate(5) == 5
        with pytest.raises(RatedBefore):
            rate(4)


class TestOwnCases:
    def test_lists_the_newest_first_and_no_drafts_of_others(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = cases.ready(sqlite_inst, now)
        cases.drafted(sqlite_inst, now)
        cases.drafted(sqlite_inst, now + DAY, caller=EMPLOYER, person_id=person)
        cases.submitted(sqlite_inst, now + 2 * DAY, cases.DIPLOMA)

        with deed(sqlite_inst.engine) as db:
            own = correcting.own_cases(db, sqlite_inst, WORKER, now=now)
            firm = correcting.own_cases(db, sqlite_inst, EMPLOYER, now=now)

        assert [each.kind for each in own] == [CaseKind.QUALIFICATION, CaseKind.EMPLOYMENT]
        assert [each.state for each in firm] == [CaseState.DRAFT]

    def test_finds_no_case_that_is_not_there(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        with pytest.raises(NotFoundForCaller), deed(sqlite_inst.engine) as db:
            correcting.own_case(db, sqlite_inst, WORKER, uuid4(), now=now)
