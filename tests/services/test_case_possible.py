"""What the page of a case offers an official, and why it does not offer the rest."""

from dataclasses import replace
from datetime import datetime

import pytest

from labour_book.domain.corrections import Step
from labour_book.services import deciding
from labour_book.services.callers import Caller
from labour_book.services.case_views import CaseFile
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from tests.services import cases, people
from tests.services.cases import COLLEAGUE, COMMUNE, INSURANCE, INSURANCE_COLLEAGUE

DECIDING = {Step.DECIDE, Step.PROPOSE, Step.CONFIRM, Step.PROPOSE_BACK, Step.REVERSE}
OWN = replace(COMMUNE, person_id=people.person_id())


def offered(
    inst: Installation, case: CaseFile, now: datetime, caller: Caller
) -> tuple[set[Step], str]:
    """Return the deciding steps that are offered, and why others are not."""
    seen = cases.read(inst, case, now, caller)
    return DECIDING & set(seen.possible), seen.barred


class TestPossible:
    def test_offers_a_colleague_all_that_the_state_allows(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)

        assert offered(sqlite_inst, case, now, COMMUNE) == ({Step.DECIDE, Step.PROPOSE}, "")

    def test_says_that_it_is_the_own_book(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)

        assert offered(sqlite_inst, case, now, OWN) == (set(), "OWN_BOOK")
        assert Step.CLAIM in cases.read(sqlite_inst, case, now, OWN).possible

    def test_says_that_it_is_a_relatives(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        with deed(sqlite_inst.engine) as db:
            deciding.declare_relation_in(
                db, sqlite_inst, COMMUNE, case.line.case_id, relation="child", now=now
            )

        assert offered(sqlite_inst, case, now, COMMUNE) == (set(), "RELATED")

    def test_says_that_one_took_it_down(self, sqlite_inst: Installation, now: datetime) -> None:
        (person,) = cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, caller=COMMUNE, person_id=person, present=True)

        assert offered(sqlite_inst, case, now, COMMUNE) == (set(), "OWN_REQUEST")
        assert offered(sqlite_inst, case, now, COLLEAGUE)[1] == ""

    def test_says_that_one_has_proposed_it(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now, cases.MONTHS)
        cases.proposed(sqlite_inst, case, now)

        assert offered(sqlite_inst, case, now, INSURANCE) == (set(), "OWN_PROPOSAL")
        assert offered(sqlite_inst, case, now, INSURANCE_COLLEAGUE) == ({Step.CONFIRM}, "")

    def test_says_that_one_has_decided_it(self, sqlite_inst: Installation, now: datetime) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)

        assert offered(sqlite_inst, case, now, COMMUNE) == (set(), "OWN_DECISION")
        assert offered(sqlite_inst, case, now, cases.PROVINCE) == ({Step.PROPOSE_BACK}, "")

    def test_says_that_it_would_be_twice_in_a_row(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        cases.ready(inst, now)
        case = cases.submitted(inst, now, cases.MONTHS)
        cases.proposed(inst, case, now)
        cases.confirmed(inst, case, now)
        again = cases.submitted_again(inst, now, replace(cases.MONTHS, version=2))

        assert offered(inst, again, now, INSURANCE) == ({Step.DECIDE}, "TWICE_IN_A_ROW")

    def test_has_nothing_to_reverse_in_a_refusal(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.submitted(sqlite_inst, now)
        cases.decided(sqlite_inst, case, now, cases.REFUSE)

        assert offered(sqlite_inst, case, now, cases.PROVINCE) == (set(), "")

    @pytest.mark.parametrize(
        ("caller", "expected"),
        [
            (cases.INSPECTOR, set()),
            (cases.PROVINCE, {Step.REVERSE, Step.LET_STAND}),
        ],
    )
    def test_lets_another_confirm_a_reversal(
        self, sqlite_inst: Installation, now: datetime, caller: Caller, expected: set[Step]
    ) -> None:
        cases.ready(sqlite_inst, now)
        case = cases.decided(sqlite_inst, cases.submitted(sqlite_inst, now), now)
        cases.reversal_proposed(sqlite_inst, case, now)

        seen = set(cases.read(sqlite_inst, case, now, caller).possible)

        assert expected <= seen
        assert (Step.REVERSE in seen) is bool(expected)
        assert Step.PROPOSE_BACK not in seen


class TestNextCase:
    def test_passes_over_what_another_has_to_decide(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        inst = sqlite_inst
        (person,) = cases.ready(inst, now)
        cases.submitted(inst, now, caller=COMMUNE, person_id=person, present=True)
        other = cases.submitted_again(inst, now)

        def taken() -> CaseFile | None:
            with deed(inst.engine) as db:
                return deciding.next_case(db, inst, COMMUNE, now=now)

        first, second = taken(), taken()

        assert first is not None
        assert first.line.number == other.line.number
        assert second is None
