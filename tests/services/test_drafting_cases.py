"""Corrections are drafted: by whom, for which line, and what is refused."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from labour_book.domain.correction_fields import CaseKind
from labour_book.domain.correction_limits import CorrectionLimits
from labour_book.domain.corrections import CaseMoved, CaseState, Step
from labour_book.errors import Invalid
from labour_book.services import correcting
from labour_book.services.callers import Caller, Role
from labour_book.services.case_lines import StaleLine
from labour_book.services.correcting import TooManyCases
from labour_book.services.installation import Installation
from labour_book.services.permission import LevelTooLow, NotFoundForCaller, deed
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
