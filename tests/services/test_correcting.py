from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.domain.correction_limits import CorrectionLimits
from labour_book.domain.corrections import CaseMoved, CaseState, Outcome, Owner, Step
from labour_book.errors import Invalid
from labour_book.queries.rows import table_of
from labour_book.services import case_forwarding, correcting, deciding
from labour_book.services.callers import Caller, Role
from labour_book.services.case_lines import StaleLine
from labour_book.services.case_settling import KeyTaken
from labour_book.services.correcting import AppealOver, RatedBefore, TooManyCases
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.permission import LevelTooLow, NotFoundForCaller, deed
from labour_book.services.routing import NoOwner
from labour_book.tables import EmploymentFact
from tests.services import cases, people
from tests.services.cases import COMMUNE, EMPLOYER, FIRST_DAY, OTHER_WORKER, WORKER
from tests.support.databases import stored_in

DAY = timedelta(days=1)
REPRESENTATIVE = Caller("proxy", "r1", "Chị", Role.REPRESENTATIVE, person_id=people.person_id(1))


def cause(error: pytest.ExceptionInfo[Invalid]) -> str:
    return str(error.value.facts["cause"])


class TestDraft:
    def test_shows_before_and_after_of_the_line(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)

        case = cases.drafted(sqlite_inst, now)

        (change,) = case.changes
        assert (change.field, change.before, change.after) == (
            "first_day",
            "2021-03-15",
            "2021-03-01",
        )
        assert case.line.number.startswith("YC-")
        assert len(case.line.number) == 11
        assert case.line.state is CaseState.DRAFT
        assert Step.SUBMIT in case.possible

    def test_takes_only_a_line_of_the_newest_version(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)

        with pytest.raises(StaleLine):
            cases.drafted(sqlite_inst, now, replace(FIRST_DAY, version=2))

    @pytest.mark.parametrize("line", [None, 0, 2])
    def test_takes_only_a_line_that_is_there(
        self, sqlite_inst: Installation, now: datetime, line: int | None
    ) -> None:
        cases.ready(sqlite_inst, now)

        with pytest.raises(Invalid) as error:
            cases.drafted(sqlite_inst, now, replace(FIRST_DAY, line=line))
        assert cause(error) == "LINE_UNKNOWN"

    def test_refuses_a_line_whose_facts_have_gone(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        people.void_employment(sqlite_inst.engine, 1, at=now + DAY)

        with pytest.raises(StaleLine):
            cases.drafted(sqlite_inst, now + DAY)

    def test_refuses_what_the_line_says_already(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)

        with pytest.raises(Invalid) as error:
            cases.drafted(sqlite_inst, now, replace(FIRST_DAY, claimed={"position": "Thợ hàn"}))
        assert cause(error) == "NOTHING_CHANGES"

    @pytest.mark.parametrize(
        ("claimed", "said"),
        [({"first_day": "2021-05-01"}, "INSURED_BEFORE"), ({"last_day": "2024"}, "INSURED_AFTER")],
    )
    def test_refuses_days_that_leave_insured_months_outside(
        self, sqlite_inst: Installation, now: datetime, claimed: dict[str, str], said: str
    ) -> None:
        cases.ready(sqlite_inst, now)

        with pytest.raises(Invalid) as error:
            cases.drafted(sqlite_inst, now, replace(FIRST_DAY, claimed=claimed))
        assert cause(error) == said

    def test_is_for_the_own_book(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now, 2)

        with pytest.raises(NotFoundForCaller):
            cases.drafted(sqlite_inst, now, person_id=people.person_id(2))
        assert cases.traced(sqlite_inst, "case.draft") == ["refused"]

    def test_needs_level_2(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)

        with pytest.raises(LevelTooLow):
            cases.drafted(sqlite_inst, now, caller=replace(WORKER, level=1))

    def test_can_be_made_under_a_mandate(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)

        case = cases.drafted(sqlite_inst, now, caller=REPRESENTATIVE)

        assert case.declared_by == "representative"
        assert [each.by_kind for each in case.steps] == ["representative"]

    def test_of_the_worker_is_not_the_representatives_until_it_is_handed_in(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        draft = cases.drafted(sqlite_inst, now)

        with deed(sqlite_inst.engine) as db:
            before = correcting.own_cases(db, sqlite_inst, REPRESENTATIVE, now=now)
        correcting.submit(sqlite_inst, WORKER, draft.line.case_id, key="k", now=now)
        with deed(sqlite_inst.engine) as db:
            after = correcting.own_cases(db, sqlite_inst, REPRESENTATIVE, now=now)

        assert before == []
        assert [each.case_id for each in after] == [draft.line.case_id]

    def test_tells_an_enterprise_nothing_of_lines_of_others(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = cases.ready(sqlite_inst, now)
        stranger = replace(EMPLOYER, enterprise_code="0300588569")
        as_it_stands = replace(FIRST_DAY, claimed={"position": "Thợ hàn"})

        for asked in (FIRST_DAY, as_it_stands):
            with pytest.raises(NotFoundForCaller):
                cases.drafted(sqlite_inst, now, asked, stranger, person_id=person)

    def test_can_be_made_at_the_desk_with_the_person_present(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = cases.ready(sqlite_inst, now)

        with pytest.raises(Invalid) as error:
            cases.drafted(sqlite_inst, now, caller=COMMUNE, person_id=person)
        case = cases.drafted(sqlite_inst, now, caller=COMMUNE, person_id=person, present=True)

        assert cause(error) == "NOT_PRESENT"
        assert (case.assisted, case.declared_by) == (True, "official")

    def test_cannot_be_made_at_another_communes_desk(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = cases.ready(sqlite_inst, now)

        with pytest.raises(NotFoundForCaller):
            cases.drafted(sqlite_inst, now, caller=cases.ELSEWHERE, person_id=person, present=True)

    def test_can_be_made_by_the_employer_of_the_line(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        (person,) = cases.ready(sqlite_inst, now)
        rival = replace(EMPLOYER, enterprise_code="0300588569")

        case = cases.drafted(sqlite_inst, now, caller=EMPLOYER, person_id=person)

        assert case.declared_by == "employer"
        with pytest.raises(NotFoundForCaller):
            cases.drafted(sqlite_inst, now, caller=rival, person_id=person)

    def test_is_seen_by_nobody_else(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.drafted(sqlite_inst, now)

        for caller in (COMMUNE, cases.MINISTRY, EMPLOYER):
            with pytest.raises(NotFoundForCaller):
                cases.read(sqlite_inst, case, now, caller)
        with pytest.raises(NotFoundForCaller), deed(sqlite_inst.engine) as db:
            correcting.own_case(db, sqlite_inst, OTHER_WORKER, case.line.case_id, now=now)

    def test_is_begun_so_often_in_30_days(self, sqlite_inst: Installation, now: datetime) -> None:
        inst = replace(sqlite_inst, corrections=CorrectionLimits(cases_per_person=2))
        cases.ready(inst, now)
        cases.drafted(inst, now)
        cases.drafted(inst, now + DAY)

        with pytest.raises(TooManyCases) as error:
            cases.drafted(inst, now + 2 * DAY)
        cases.drafted(inst, now + 31 * DAY)

        assert error.value.facts["limit"] == "case.begin"

    def test_keeps_words_sealed(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)

        case = cases.drafted(sqlite_inst, now, replace(FIRST_DAY, words="số của tôi 001190000001"))

        assert case.words == "số của tôi 001190000001"
        assert b"001190000001" not in stored_in(sqlite_inst.engine)


class TestChangeDraft:
    def test_replaces_what_is_asked_for(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.drafted(sqlite_inst, now)

        with deed(sqlite_inst.engine) as db:
            changed = correcting.change_draft(
                db, sqlite_inst, WORKER, case.line.case_id, cases.MONTHS, now=now
            )

        assert changed.line.kind is CaseKind.INSURANCE
        assert changed.line.is_high_impact
        assert changed.words == ""

    def test_is_for_drafts(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)

        with pytest.raises(CaseMoved), deed(sqlite_inst.engine) as db:
            correcting.change_draft(db, sqlite_inst, WORKER, case.line.case_id, FIRST_DAY, now=now)


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
        restate(inst, employer_code="0300588569", employer_id=None, employer_name="Nơi khác")
        issue_again(inst, now)
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

        assert after.line.state is CaseState.CLOSED
        assert after.line.outcome is Outcome.REFUSED


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


class TestMissingLine:
    def test_needs_no_line(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)

        case = cases.submitted(sqlite_inst, now, cases.MISSING)

        assert case.line.ask is Ask.ADD
        assert case.line.is_high_impact
        assert case.line.employer_name == "Nhà máy Dệt 8/3"
        assert all(each.before == "" for each in case.changes)


def restate(inst: Installation, **values: str | None) -> None:
    """Let what the contract platform stated be as if it had always said so."""
    table = table_of(EmploymentFact)
    with inst.engine.begin() as connection:
        connection.execute(sa.update(table).values(**values))


def issue_again(inst: Installation, now: datetime) -> None:
    with deed(inst.engine) as db:
        issue_book(db, inst, people.person_id(), by=cases.OPERATOR, now=now)
