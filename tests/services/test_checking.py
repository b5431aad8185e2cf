"""Rounds of checks: what is kept, what is cleared, and that a stop at any moment does no harm."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from labour_book.database import transaction
from labour_book.domain.own_cv import OwnCv
from labour_book.queries import check_findings, check_runs, own_cv
from labour_book.services import checking
from labour_book.services.access import DeniedToRole
from labour_book.services.installation import Installation
from labour_book.services.noting_findings import TIME_TO_MEND
from labour_book.tables import (
    CheckFinding,
    CheckRun,
    EmploymentFact,
    InsuranceFact,
    Person,
)
from tests.services import checks, people, shares
from tests.services.people import EMPLOYER_CODE, person_id

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FIRM_2 = "0300588569"


def subject(number: int) -> str:
    return str(person_id(number))


@pytest.fixture
def firm(inst: Installation) -> Installation:
    """Six people of one firm; the first has a contract and no contributions."""
    people.add_units(inst.engine)
    people.add_people(inst.engine, 6)
    void_insurance(inst, 1)
    return inst


@pytest.fixture
def small_firm(sqlite_inst: Installation) -> Installation:
    people.add_units(sqlite_inst.engine)
    people.add_people(sqlite_inst.engine, 6)
    void_insurance(sqlite_inst, 1)
    return sqlite_inst


def void_insurance(inst: Installation, number: int) -> None:
    checks.change(
        inst,
        InsuranceFact,
        number,
        5,
        voided_at=people.RECORDED,
        voided_by="test",
        void_reason="wrong",
    )


class TestRound:
    def test_keeps_what_the_rules_find_of_people_and_firms(
        self, firm: Installation, now: datetime
    ) -> None:
        checks.run(firm, now)

        found = checks.findings(firm)

        assert set(found) == {
            ("CONTRACT_WITHOUT_CONTRIBUTIONS", subject(1)),
            ("MONTHS_UNKNOWN", subject(1)),
        }
        assert found["CONTRACT_WITHOUT_CONTRIBUTIONS", subject(1)]["first"] == "2021-03"

    def test_finds_nothing_new_the_second_time_and_clears_what_is_mended(
        self, firm: Installation, now: datetime
    ) -> None:
        checks.run(firm, now)
        before = checks.stored(firm)
        checks.run(firm, now + HOUR)
        assert checks.stored(firm) == before
        checks.change(firm, InsuranceFact, 1, 5, voided_at=None, voided_by=None, void_reason=None)

        checks.run(firm, now + 2 * HOUR)

        assert checks.findings(firm) == {}
        assert len(checks.findings(firm, cleared=True)) == 2

    @pytest.mark.parametrize("steps", [1, 3, 4, 6, 7, 9, 12])
    def test_stopped_at_any_step_ends_the_same(
        self, small_firm: Installation, now: datetime, steps: int
    ) -> None:
        checks.stop_after(small_firm, now, steps, batch=2)
        checks.run(small_firm, now, batch=2)
        stopped = checks.stored(small_firm)
        (run,) = checks.rows(small_firm, CheckRun)

        checks.run(small_firm, now, batch=500)

        assert run["state"] == "done"
        assert run["people"] == 6
        assert stopped == checks.stored(small_firm)

    def test_killed_before_a_step_is_written_leaves_it_undone(
        self, small_firm: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*_: object, **__: object) -> int:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(checking, "note", killed)
            with pytest.raises(KeyboardInterrupt):
                checks.run(small_firm, now)
        (run,) = checks.rows(small_firm, CheckRun)

        assert (run["stage"], run["cursor"]) == ("firms", "")
        assert checks.run(small_firm, now).is_done

    def test_lets_only_one_of_two_processes_take_a_step(
        self, firm: Installation, now: datetime
    ) -> None:
        round_of = checking.check(firm, by=checks.OPERATOR, now=now, everybody=True, batch=2)
        next(round_of)
        with transaction(firm.engine) as db:
            run = check_runs.running(db)
            assert run is not None
            assert check_runs.move(db, run.id, run.revision, {"people": 4})

        with pytest.raises(checking.CheckedElsewhere):
            next(round_of)

    def test_is_the_installations_own(self, small_firm: Installation, now: datetime) -> None:
        with pytest.raises(DeniedToRole):
            list(checking.check(small_firm, by=shares.WORKER, now=now, everybody=True))


class TestChanged:
    def test_looks_only_at_whom_something_was_recorded_of(
        self, firm: Installation, now: datetime
    ) -> None:
        checks.run(firm, now)
        people.add_diploma(firm.engine, person_id(3), 3, at=now + HOUR)
        people.void_employment(firm.engine, 4, at=now + HOUR)

        assert checks.run(firm, now + DAY, everybody=False).people == 2
        assert checks.run(firm, now + 2 * DAY, everybody=False).people == 0

    def test_looks_at_everybody_once_the_register_reports_a_further_month(
        self, small_firm: Installation, now: datetime
    ) -> None:
        checks.run(small_firm, now)
        later = now + 31 * DAY
        checks.change(small_firm, InsuranceFact, 2, 5, stated_at=later, recorded_at=now)

        assert checks.run(small_firm, later, everybody=False).people == 6


class TestSettled:
    @pytest.fixture
    def settled(self, small_firm: Installation, now: datetime) -> Installation:
        checks.run(small_firm, now)
        table = checks.rows(small_firm, CheckFinding)
        for state, row in zip(("handled", "ignored"), table, strict=True):
            settle(small_firm, row["id"], state, now)
        return small_firm

    def test_what_is_right_as_it_is_stays_so(self, settled: Installation, now: datetime) -> None:
        checks.run(settled, now + 2 * TIME_TO_MEND)

        assert states(settled)["ignored"] == 1

    def test_what_was_dealt_with_comes_back_if_it_stays(
        self, settled: Installation, now: datetime
    ) -> None:
        checks.run(settled, now + TIME_TO_MEND - DAY)
        assert states(settled)["handled"] == 1

        checks.run(settled, now + TIME_TO_MEND + DAY)

        assert states(settled)["handled"] == 0

    def test_what_says_something_else_now_is_open_again(
        self, settled: Installation, now: datetime
    ) -> None:
        checks.change(settled, EmploymentFact, 1, 4, first_day="2021-03-16", last_day="2024-06-30")
        checks.change(settled, EmploymentFact, 1, 4, running=False)

        checks.run(settled, now + DAY)

        assert states(settled)["ignored"] == 0


def settle(inst: Installation, finding: UUID, state: str, now: datetime) -> None:
    with transaction(inst.engine) as db:
        assert check_findings.settle(db, finding, state=state, reason="x", by="me", now=now)


def states(inst: Installation) -> dict[str, int]:
    found = [row["state"] for row in checks.rows(inst, CheckFinding) if row["cleared_at"] is None]
    return {each: found.count(each) for each in ("open", "handled", "ignored")}


class TestFirms:
    def test_finds_who_vanished_from_a_firm_in_one_month(
        self, firm: Installation, now: datetime
    ) -> None:
        checks.add_firm(firm, 2, FIRM_2, expected_headcount=12, commune_code="26734")
        for number in range(1, 7):
            last = None if number == 6 else "2026-07"
            checks.add_insured(firm, number, 2, FIRM_2, last=last)

        checks.run(firm, now)

        found = checks.findings(firm)
        assert found["FIRM_WORKERS_VANISH", FIRM_2] == {
            "month": "2026-08",
            "before": 6,
            "after": 1,
            "share": 83,
            "threshold": "50",
        }
        assert found["FIRM_HEADCOUNT_GAP", FIRM_2]["insured"] == 1

    def test_counts_a_branch_with_its_enterprise_and_a_person_once(
        self, firm: Installation, now: datetime
    ) -> None:
        checks.add_firm(firm, 3, f"{EMPLOYER_CODE}-001")
        checks.change(firm, InsuranceFact, 2, 5, employer_id=people.uid(9, 3))
        checks.add_insured(firm, 3, 3, f"{EMPLOYER_CODE}-001")
        for number in (4, 5, 6):
            void_insurance(firm, number)

        checks.run(firm, now)

        assert checks.findings(firm)["FIRM_CONTRACTS_UNINSURED", EMPLOYER_CODE] == {
            "insured": 2,
            "ours": 6,
            "uninsured": 4,
            "share": 67,
            "threshold": "20",
        }

    def test_finds_people_left_at_a_firm_that_is_gone(
        self, small_firm: Installation, now: datetime
    ) -> None:
        shares.add_enterprise(small_firm.engine, FIRM_2, "CLOSED")
        gone = people.uid(9, 2)
        checks.change(small_firm, EmploymentFact, 2, 4, employer_id=gone, employer_code=FIRM_2)

        checks.run(small_firm, now)

        assert checks.findings(small_firm)["FIRM_GONE_WITH_INSURED", FIRM_2]["ours"] == 1


class TestAcrossPeople:
    def test_finds_a_wage_far_from_its_kind_and_does_not_tell_it(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_units(inst.engine)
        people.add_people(inst.engine, 24)
        for number in range(1, 25):
            wage = 90_000_000 if number == 7 else 7_000_000 + 50_000 * number
            checks.change(inst, InsuranceFact, number, 5, wage_base_vnd=wage)

        checks.run(inst, now)

        found = {key: each for key, each in checks.findings(inst).items() if "WAGE" in key[0]}
        assert set(found) == {("WAGE_OUTLIER", subject(7))}
        detail = found["WAGE_OUTLIER", subject(7)]
        assert (detail["side"], detail["people"], detail["province"]) == ("high", 24, "01")
        assert not {"90", "90000000", "7"} & {str(each) for each in detail.values()}

    def test_finds_one_phone_on_many_cvs_however_it_is_written(
        self, small_firm: Installation, now: datetime
    ) -> None:
        for number in range(1, 6):
            with_phone(small_firm, number, "0901 234 567" if number % 2 else "+84 901234567", now)
        with_phone(small_firm, 6, "0909 999 999", now)

        checks.run(small_firm, now)

        ((key, detail),) = (
            (key, each)
            for key, each in checks.findings(small_firm).items()
            if key[0] == "ONE_PHONE_MANY_PEOPLE"
        )
        assert detail == {"people": 5, "communes": 1, "threshold": "5"}
        assert len(key[1]) == 64


def with_phone(inst: Installation, number: int, phone: str, now: datetime) -> None:
    cv = OwnCv()
    choices = replace(cv.choices, contact=replace(cv.choices.contact, phone=phone))
    with transaction(inst.engine) as db:
        whole = replace(cv, choices=choices)
        assert own_cv.save_cv(db, inst.vault, person_id(number), whole, revision=0, now=now)


class TestDoubles:
    def test_finds_people_who_may_be_one_unless_the_register_knows_both(
        self, small_firm: Installation, now: datetime
    ) -> None:
        for number in (2, 3):
            checks.change(small_firm, Person, number, 1, identity_key=b"k" * 16)
        checks.run(small_firm, now)
        assert not [key for key in checks.findings(small_firm) if key[0].startswith("DUPL")]
        checks.change(small_firm, Person, 3, 1, match_state="NOT_FOUND")

        checks.run(small_firm, now)

        found = {key[1] for key in checks.findings(small_firm) if key[0] == "DUPLICATE_CANDIDATE"}
        assert found == {subject(2), subject(3)}
