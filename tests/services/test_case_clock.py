from datetime import datetime, timedelta

import pytest

from labour_book.domain.corrections import CaseState, Outcome, Owner, Step
from labour_book.queries import correction_queue
from labour_book.services import case_clock, correcting, daily, deciding, overseeing
from labour_book.services.callers import Caller, Role
from labour_book.services.case_views import CaseFile
from labour_book.services.installation import Installation
from labour_book.services.overseeing import ReviewedBefore
from labour_book.services.permission import DeniedToRole, deed
from tests.services import cases, people
from tests.services.cases import COMMUNE, INSPECTOR, OPERATOR

DAY = timedelta(days=1)


def run(inst: Installation, now: datetime) -> dict[str, int]:
    """Do what is due that day, as far as the last step about cases."""
    done = {}
    for each in daily.daily(inst, by=OPERATOR, now=now):
        done[each.name] = each.count
        if each.name == "cases-closed":
            break
    return done


class TestEscalateOverdue:
    def test_gives_it_to_the_next_unit_up_and_says_so(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)

        assert run(inst, now + 7 * DAY)["cases-escalated"] == 0  # its last day
        assert run(inst, now + 8 * DAY)["cases-escalated"] == 1
        assert run(inst, now + 8 * DAY)["cases-escalated"] == 0

        moved = cases.read(inst, case, now + 8 * DAY, cases.PROVINCE)
        assert cases.owner_of(moved) == (Owner.PROVINCE, "SNV-01")
        assert moved.steps[-1].step is Step.ESCALATE
        assert {("UB-00070", "case.overdue"), ("SNV-01", "case.overdue")} <= set(
            cases.told(inst, "official")
        )
        assert run(inst, now + 60 * DAY)["cases-escalated"] == 1
        assert cases.owner_of(cases.read(inst, case, now, cases.MINISTRY))[1] == "BNV"

    def test_reminds_where_nobody_stands_above(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        for days in (20, 60, 120):
            assert run(inst, now + days * DAY)["cases-escalated"] == 1

        last = cases.read(inst, case, now + 120 * DAY, cases.MINISTRY)
        assert cases.owner_of(last)[1] == "BNV"
        assert not last.line.is_overdue

    def test_takes_it_from_an_employer_that_says_nothing(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, cases.POSITION)

        run(sqlite_inst, now + 10 * DAY)

        moved = cases.read(sqlite_inst, case, now + 10 * DAY)
        assert cases.owner_of(moved) == (Owner.COMMUNE, "UB-00070")
        assert moved.employer_answer == ""

    def test_keeps_what_was_proposed(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, cases.MONTHS)
        cases.proposed(sqlite_inst, case, now)

        run(sqlite_inst, now + 10 * DAY)
        done = cases.confirmed(sqlite_inst, case, now + 10 * DAY, caller=cases.MINISTRY)

        assert done.line.outcome is Outcome.APPROVED


class TestLapseUnanswered:
    def test_gives_it_back_to_be_decided_on_what_is_there(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        with deed(inst.engine) as db:
            deciding.ask_more(db, inst, COMMUNE, case.line.case_id, "Gửi thêm.", now=now)

        assert run(inst, now + 15 * DAY)["cases-unanswered"] == 1

        assert cases.read(inst, case, now + 15 * DAY).line.state is CaseState.ROUTED


class TestCloseSettled:
    def test_closes_what_can_be_appealed_no_more_and_asks_how_it_was(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.decided(inst, cases.submitted(inst, now), now)

        assert run(inst, now + 20 * DAY)["cases-closed"] == 0
        assert run(inst, now + 60 * DAY)["cases-closed"] == 1

        assert cases.read(inst, case, now).line.state is CaseState.CLOSED
        assert (str(people.person_id()), "case.rate") in cases.told(inst, "worker")


class TestTakenMeanwhile:
    """One case that somebody moves at that moment does not keep the clock from the others."""

    def test_is_left_when_it_is_answered_just_now(
        self, sqlite_inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        asked = [cases.submitted(inst, now), cases.submitted_again(inst, now)]
        for case in asked:
            with deed(inst.engine) as db:
                deciding.ask_more(db, inst, COMMUNE, case.line.case_id, "Gửi thêm.", now=now)
        read_before(inst, now + 30 * DAY, {CaseState.MORE_NEEDED}, monkeypatch)
        with deed(inst.engine) as db:
            correcting.answer_more(
                db, inst, cases.WORKER, asked[0].line.case_id, "Đây ạ.", now=now + DAY
            )

        with deed(inst.engine) as db:
            assert case_clock.lapse_unanswered(db, inst, OPERATOR, now=now + 30 * DAY) == 1

        assert steps(inst, asked[0], now)[-1] is Step.ANSWER
        assert steps(inst, asked[1], now)[-1] is Step.LAPSE

    def test_is_left_when_it_is_appealed_just_now(
        self, sqlite_inst: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        done = [cases.submitted(inst, now), cases.submitted_again(inst, now)]
        for number, case in enumerate(done):
            cases.decided(inst, case, now, cases.REFUSE, key=str(number))
        read_before(inst, now + 90 * DAY, {CaseState.DECIDED}, monkeypatch)
        cases.appealed(inst, done[0], now)

        with deed(inst.engine) as db:
            assert case_clock.close_settled(db, inst, OPERATOR, now=now + 90 * DAY) == 1

        assert steps(inst, done[0], now, cases.PROVINCE)[-1] is Step.APPEAL
        assert steps(inst, done[1], now)[-1] is Step.CLOSE


def read_before(
    inst: Installation, at: datetime, states: set[CaseState], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let the clock work on cases as they stand now, as if it had read them this moment."""
    with deed(inst.engine) as db:
        late = correction_queue.overdue_cases(db, at.date(), states, limit=9)
    assert len(late) == 2
    monkeypatch.setattr(correction_queue, "overdue_cases", lambda *_, **__: late)


def steps(
    inst: Installation, case: CaseFile, now: datetime, caller: Caller = COMMUNE
) -> list[Step]:
    return [each.step for each in cases.read(inst, case, now, caller).steps]


class TestAgeing:
    def test_counts_by_working_days_left(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        cases.submitted(inst, now)
        cases.submitted_again(inst, now - 3 * DAY)

        with deed(inst.engine) as db:
            (queue,) = overseeing.ageing(db, inst, cases.PROVINCE, now=now + 3 * DAY)
            assert overseeing.ageing(db, inst, cases.ELSEWHERE, now=now) == []

        assert (queue.code, queue.waiting, queue.overdue) == ("UB-00070", 2, 0)
        assert sum(queue.by_days.values()) == 2
        assert queue.oldest_submitted_at == now - 3 * DAY

    def test_tells_what_is_late(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        later = now + 30 * DAY

        with deed(sqlite_inst.engine) as db:
            (queue,) = overseeing.ageing(db, sqlite_inst, INSPECTOR, now=later)
            (late,) = overseeing.overdue(db, sqlite_inst, INSPECTOR, now=later)

        assert (queue.overdue, queue.by_days["late"]) == (1, 1)
        assert late.number == case.line.number
        assert late.is_overdue


class TestQuality:
    def test_counts_decisions(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        cases.decided(inst, case, now, cases.REFUSE)
        cases.appealed(inst, case, now)
        cases.decided(inst, case, now, caller=cases.PROVINCE)

        with deed(inst.engine) as db:
            found = overseeing.quality(
                db,
                inst,
                cases.official("st", "BNV", Role.STATISTICIAN),
                first_day=now.date(),
                last_day=now.date(),
                now=now,
            )

        assert found.decided == 2
        assert found.by_outcome == {"approved": 1, "refused": 1}
        assert (found.appealed, found.changed_on_appeal) == (1, 1)
        assert found.in_time == 2

    def test_is_not_for_workers(self, sqlite_inst: Installation, now: datetime) -> None:
        with pytest.raises(DeniedToRole), deed(sqlite_inst.engine) as db:
            overseeing.quality(
                db,
                sqlite_inst,
                cases.WORKER,
                first_day=now.date(),
                last_day=now.date(),
                now=now,
            )


class TestSamples:
    def drawn(self, inst: Installation, now: datetime) -> CaseFile:
        """Return a case that was decided by a register and drawn."""
        cases.ready(inst, now)
        cases.restate(inst, employer_code="0300588569", employer_id=None, employer_name="Nơi khác")
        cases.issue_again(inst, now)
        right = {"enterprise_code": people.EMPLOYER_CODE}
        request = cases.replaced(cases.FIRST_DAY, version=2, line=2, claimed=right)
        return cases.submitted(inst, now, request)

    def test_are_looked_at_once(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = cases.drawing(sqlite_inst, 1000)
        case = self.drawn(inst, now)

        with deed(inst.engine) as db:
            (sample,) = overseeing.samples(db, inst, INSPECTOR, now=now)
            overseeing.review(
                db, inst, INSPECTOR, case.line.case_id, was_right=True, words="", now=now
            )
        with deed(inst.engine) as db:
            (after,) = overseeing.samples(db, inst, INSPECTOR, now=now)

        assert (sample.reviewed_at, sample.was_right) == (None, None)
        assert (after.reviewed_at, after.was_right) == (now, True)
        with pytest.raises(ReviewedBefore), deed(inst.engine) as db:
            overseeing.review(
                db, inst, INSPECTOR, case.line.case_id, was_right=True, words="", now=now
            )

    def test_are_as_many_as_the_settings_say(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = cases.drawing(sqlite_inst, 0)
        self.drawn(inst, now)

        with deed(inst.engine) as db:
            assert overseeing.samples(db, inst, INSPECTOR, now=now) == []
