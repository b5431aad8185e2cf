from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from labour_book.database import reading
from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.domain.correction_limits import CorrectionLimits
from labour_book.domain.corrections import CaseMoved, CaseState, CaseTaken, Outcome, Owner, Step
from labour_book.errors import Invalid
from labour_book.queries import versions
from labour_book.services import deciding
from labour_book.services.callers import Caller
from labour_book.services.case_access import OwnMatter
from labour_book.services.case_settling import KeyTaken, NothingToReverse
from labour_book.services.case_views import CaseFile
from labour_book.services.deciding import (
    QueueFilter,
    SecondNeeded,
    TooManyDecisions,
    Verdict,
)
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, NotFoundForCaller, deed
from labour_book.tables import InsuranceFact, QualificationFact
from tests.services import cases, people, shares
from tests.services.cases import APPROVE, COLLEAGUE, COMMUNE, EMPLOYER, FIRST_DAY, INSURANCE

DAY = timedelta(days=1)
POSITION = replace(FIRST_DAY, claimed={"position": "Thợ hàn bậc 5"})


def reversed_(
    inst: Installation, case: CaseFile, now: datetime, caller: Caller = cases.INSPECTOR
) -> CaseFile:
    with deed(inst.engine) as db:
        return deciding.reverse(
            db,
            inst,
            caller,
            case.line.case_id,
            reason_code="DECIDED_IN_ERROR",
            words="Nhầm người.",
            key="r",
            now=now,
        )


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


class TestEffects:
    def test_cut_the_decided_months_out_of_the_range(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MONTHS)
        cases.proposed(inst, case, now)

        cases.confirmed(inst, case, now)

        assert cases.insured(inst) == [
            ("2021-03", "2021-12", "contributed", "DECISION"),
            ("2022-01", "2022-03", "arrears", "DECISION"),
            ("2022-04", None, "contributed", "DECISION"),
        ]
        assert '"arrears":["2022-01/2022-03"]' in document(inst).replace("..", "/")

    def test_leave_nothing_of_months_that_never_were(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        never = {"first_month": "2021-03", "last_month": "2021-05", "status": "none"}
        case = cases.submitted(inst, now, replace(cases.MONTHS, claimed=never))
        cases.proposed(inst, case, now)

        cases.confirmed(inst, case, now)

        assert cases.insured(inst) == [("2021-06", None, "contributed", "DECISION")]

    def test_remove_a_job_with_all_that_was_reported_for_it(
        self, inst: Installation, now: datetime
    ) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.NEVER_THERE)
        assert cases.owner_of(case) == (Owner.INSURANCE, "BHXH01")
        cases.proposed(inst, case, now)

        done = cases.confirmed(inst, case, now)

        assert cases.live(inst) == cases.live(inst, InsuranceFact) == []
        assert '"employments":[]' in document(inst)
        assert done.decisions[0].version_after == 2

    def test_add_a_missing_job(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MISSING)
        cases.proposed(inst, case, now, caller=COMMUNE)

        cases.confirmed(inst, case, now, caller=COLLEAGUE)

        assert "Nhà máy Dệt 8/3" in document(inst)
        assert [each["source"] for each in cases.live(inst)] == ["DECISION", "CONTRACT_PLATFORM"]

    def test_end_a_job_that_was_said_to_run(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        with inst.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM insurance_fact")
        ended = replace(FIRST_DAY, version=None, claimed={"last_day": "2023-06-30"})
        case = cases.submitted(inst, now, ended)

        cases.decided(inst, case, now)

        (job,) = cases.live(inst)
        assert (job["last_day"], job["running"]) == ("2023-06-30", False)

    def test_move_a_job_and_its_months_to_the_right_employer(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        right = {"enterprise_code": "0300588569", "employer": "Công ty TNHH Khác"}
        case = cases.submitted(inst, now, replace(FIRST_DAY, claimed=right))
        cases.decided(inst, case, now, caller=INSURANCE)

        assert [each["employer_code"] for each in cases.live(inst)] == ["0300588569"]
        assert [each["employer_code"] for each in cases.live(inst, InsuranceFact)] == ["0300588569"]
        assert "Thép Hồng Hà" not in document(inst)

    def test_change_a_diploma(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.DIPLOMA)
        assert cases.owner_of(case)[0] is Owner.PROVINCE

        cases.decided(inst, case, now, caller=cases.PROVINCE)

        (diploma,) = cases.live_of(inst, QualificationFact)
        assert (diploma["field"], diploma["level"]) == ("Hàn công nghệ cao", "4")

    def test_keep_the_reason_for_leaving_to_the_worker(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        with inst.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE employment_fact SET end_reason_clause = 3, running = 0,"
                " last_day = '2026-10-31'"
            )
            connection.exec_driver_sql("UPDATE insurance_fact SET last_month = '2026-10'")
        case = cases.submitted(inst, now, replace(FIRST_DAY, version=None))

        done = cases.decided(inst, case, now)

        assert cases.live(inst)[0]["end_reason_clause"] == 3
        assert "reason" not in document(inst)
        assert "clause" not in repr(done)


class TestReverse:
    def test_restores_what_stood_before(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        before = cases.live(inst)[0]
        case = cases.submitted(inst, now)
        cases.decided(inst, case, now)

        done = reversed_(inst, case, now + DAY)

        (job,) = cases.live(inst)
        same = {"source", "source_ref", "fingerprint", "first_day", "stated_at", "contract_id"}
        assert {name: job[name] for name in same} == {name: before[name] for name in same}
        assert done.line.outcome is Outcome.REVERSED
        assert [each.outcome for each in done.decisions] == [Outcome.APPROVED, Outcome.REVERSED]
        assert done.decisions[1].version_after == 3
        assert cases.traced(inst, "case.reverse") == ["ok"]
        with pytest.raises(NothingToReverse):
            reversed_again(inst, case, now)

    def test_restores_months(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MONTHS)
        cases.proposed(inst, case, now)
        cases.confirmed(inst, case, now)

        reversed_(inst, case, now)

        assert cases.insured(inst) == [("2021-03", None, "contributed", "INSURANCE")]

    def test_is_not_for_who_decided(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        cases.decided(sqlite_inst, case, now)

        with pytest.raises(OwnMatter):
            reversed_(sqlite_inst, case, now, COMMUNE)

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
            reversed_(inst, case, now)

    def test_has_nothing_to_do_for_a_refusal(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        cases.decided(sqlite_inst, case, now, cases.REFUSE)

        with pytest.raises(NothingToReverse):
            reversed_(sqlite_inst, case, now)

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


def reversed_again(inst: Installation, case: CaseFile, now: datetime) -> None:
    with deed(inst.engine) as db:
        deciding.reverse(
            db,
            inst,
            cases.PROVINCE,
            case.line.case_id,
            reason_code="DECIDED_IN_ERROR",
            words="Nữa.",
            key="r2",
            now=now,
        )


class TestClaim:
    def test_shows_others_who_has_it(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        cases.claimed(inst, case, COMMUNE, now)

        seen = cases.read(inst, case, now, COLLEAGUE)
        with pytest.raises(CaseTaken):
            cases.claimed(inst, case, COLLEAGUE, now)

        assert seen.line.claimed_by == COMMUNE.id
        with deed(inst.engine) as db:
            deciding.release(db, inst, COMMUNE, case.line.case_id, now=now)
        assert cases.claimed(inst, case, COLLEAGUE, now).line.claimed_by == COLLEAGUE.id

    def test_gives_the_next_case_to_each(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        first = cases.submitted(inst, now)
        second = cases.submitted_again(inst, now + DAY)

        with deed(inst.engine) as db:
            one = deciding.next_case(db, inst, COMMUNE, now=now + DAY)
            other = deciding.next_case(db, inst, COLLEAGUE, now=now + DAY)
            none = deciding.next_case(db, inst, cases.official("c3"), now=now + DAY)

        assert one is not None
        assert other is not None
        assert (one.line.number, other.line.number) == (first.line.number, second.line.number)
        assert none is None


class TestEmployerAnswers:
    def test_go_to_the_commune(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        case = cases.submitted(inst, now, POSITION)

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
        case = cases.submitted(sqlite_inst, now, POSITION)

        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            deciding.employer_answers(
                db, sqlite_inst, EMPLOYER, case.line.case_id, agrees=False, words="", now=now
            )

    def test_see_the_claim_and_nothing_else(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, POSITION)
        cases.attached(sqlite_inst, case, now)

        seen = cases.read(sqlite_inst, case, now, EMPLOYER)

        assert [each.after for each in seen.changes] == ["Thợ hàn bậc 5"]
        assert (seen.words, seen.evidence, seen.steps) == ("", (), ())
        assert set(seen.possible) == {Step.AGREE, Step.CONTEST}


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


class TestQueue:
    def test_pages_by_key_due_first(self, inst: Installation, now: datetime) -> None:
        cases.ready(inst, now)
        numbers = [cases.submitted_again(inst, now + each * DAY).line.number for each in (3, 0, 4)]
        found: list[str] = []
        cursor: str | None = None
        for _ in range(3):
            with deed(inst.engine) as db:
                page = deciding.queue(db, inst, COMMUNE, cursor=cursor, limit=1, now=now)
            found += [each.number for each in page.cases]
            cursor = page.next_cursor

        assert found == [numbers[1], numbers[0], numbers[2]]
        assert cursor is None

    @pytest.mark.parametrize(
        ("wanted", "count"),
        [
            (QueueFilter(), 2),
            (QueueFilter(claimed="me"), 1),
            (QueueFilter(claimed="nobody"), 1),
            (QueueFilter(claimed="others"), 0),
            (QueueFilter(overdue=True), 0),
            (QueueFilter(overdue=False), 2),
            (QueueFilter(kinds=frozenset({CaseKind.INSURANCE})), 0),
            (QueueFilter(states=frozenset({CaseState.MORE_NEEDED})), 0),
            (QueueFilter(owner_kinds=frozenset({Owner.PROVINCE})), 0),
        ],
    )
    def test_filters(
        self, sqlite_inst: Installation, now: datetime, wanted: QueueFilter, count: int
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        cases.submitted_again(inst, now)
        cases.claimed(inst, case, COMMUNE, now)

        with deed(inst.engine) as db:
            page = deciding.queue(db, inst, COMMUNE, wanted, now=now)

        assert len(page.cases) == count

    def test_shows_units_below_when_asked(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        cases.submitted(sqlite_inst, now)

        def count(caller: Caller, *, below: bool) -> int:
            with deed(sqlite_inst.engine) as db:
                wanted = QueueFilter(below=below)
                return len(deciding.queue(db, sqlite_inst, caller, wanted, now=now).cases)

        assert (count(cases.PROVINCE, below=False), count(cases.PROVINCE, below=True)) == (0, 1)
        assert count(cases.MINISTRY, below=True) == 1
        assert count(cases.ELSEWHERE, below=True) == 0

    def test_refuses_a_cursor_that_is_none(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)

        with pytest.raises(Invalid), deed(sqlite_inst.engine) as db:
            deciding.queue(db, sqlite_inst, COMMUNE, cursor="x", now=now)


class TestCase:
    @pytest.mark.parametrize(
        ("caller", "may"),
        [
            (COMMUNE, True),
            (cases.PROVINCE, True),
            (cases.MINISTRY, True),
            (cases.ELSEWHERE, False),
            (EMPLOYER, False),
        ],
    )
    def test_is_open_to_its_owner_and_those_above(
        self, sqlite_inst: Installation, now: datetime, caller: Caller, *, may: bool
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)

        if may:
            assert cases.read(sqlite_inst, case, now, caller).line.number == case.line.number
            return
        with pytest.raises(NotFoundForCaller):
            cases.read(sqlite_inst, case, now, caller)

    def test_is_found_by_its_number(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)

        with deed(sqlite_inst.engine) as db:
            found = deciding.case_by_number(
                db, sqlite_inst, COMMUNE, case.line.number.lower().removeprefix("yc-"), now=now
            )

        assert found.line.case_id == case.line.case_id

    def test_has_company(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now)
        other = cases.submitted_again(inst, now)

        with deed(inst.engine) as db:
            (similar,) = deciding.similar_cases(db, inst, COMMUNE, case.line.case_id, now=now)

        assert similar.number == other.line.number
        assert case.line.ask is Ask.CHANGE
