from datetime import datetime, timedelta
from uuid import UUID

import pytest

from labour_book.database import insert_rows, transaction
from labour_book.domain.check_rules import rules
from labour_book.queries.rows import table_of
from labour_book.services import tuning
from labour_book.services.access import DeniedToRole, Role
from labour_book.services.callers import Caller
from labour_book.services.installation import Installation
from labour_book.services.tuning import NothingProposed, Tuned, proposal
from labour_book.tables import CheckFinding, CheckReview
from tests.services import people
from tests.services.desk import official

RULE = "HEADCOUNT_JUMP"


class TestProposal:
    @pytest.mark.parametrize(
        ("threshold", "useful", "reviewed", "proposed"),
        [
            (35, 0, 9, None),
            (35, 4, 10, 40),
            (35, 5, 10, None),
            (35, 8, 10, None),
            (35, 9, 10, 30),
            (80, 0, 50, None),
            (25, 50, 50, None),
        ],
    )
    def test_goes_one_step_within_the_bounds(
        self, threshold: int, useful: int, reviewed: int, proposed: int | None
    ) -> None:
        assert proposal(rules()[RULE], threshold, useful, reviewed) == proposed

    def test_is_none_for_a_rule_without_threshold(self) -> None:
        assert proposal(rules()["GAP_LONG"], None, 0, 50) is None


@pytest.fixture
def admin(inst: Installation, now: datetime) -> Caller:
    people.add_units(inst.engine)
    return official(inst, Role.ADMIN, "BNV", now)


def judged(inst: Installation, count: int, *, first: int, useful: bool, at: datetime) -> None:
    """Let so many warnings of the rule have been judged."""
    findings = [
        {
            "id": UUID(int=number),
            "rule": RULE,
            "subject_kind": "enterprise",
            "subject": f"{number:010d}",
            "place": "",
            "detail": "{}",
            "state": "handled",
            "reason": "x",
            "first_seen": at,
            "last_seen": at,
        }
        for number in range(first, first + count)
    ]
    said = {"rule": RULE, "useful": useful, "reason": "x", "threshold": 35, "by": "me", "at": at}
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(CheckFinding), findings)
        reviews = [said | {"finding_id": each["id"]} for each in findings]
        insert_rows(db, table_of(CheckReview), reviews)


def tuned(inst: Installation, caller: Caller, now: datetime) -> Tuned:
    with transaction(inst.engine) as db:
        return next(each for each in tuning.tuned(db, caller, now=now) if each.rule.code == RULE)


class TestAccept:
    def test_sets_what_was_proposed_and_counts_anew_from_then(
        self, inst: Installation, admin: Caller, now: datetime
    ) -> None:
        judged(inst, 10, first=1, useful=False, at=now)
        assert (tuned(inst, admin, now).hit_rate, tuned(inst, admin, now).proposed) == (0, 40)

        with transaction(inst.engine) as db:
            tuning.accept(db, admin, RULE, value=40, now=now + timedelta(minutes=1))

        after = tuned(inst, admin, now)
        assert (after.threshold, after.changes, after.reviewed, after.proposed) == (40, 1, 0, None)
        judged(inst, 10, first=100, useful=True, at=now + timedelta(hours=1))
        assert tuned(inst, admin, now).proposed == 35
        with transaction(inst.engine) as db:
            assert tuning.thresholds(db)[RULE] == 40

    @pytest.mark.parametrize("value", [35, 45])
    def test_takes_nothing_but_the_proposal(
        self, inst: Installation, admin: Caller, now: datetime, value: int
    ) -> None:
        judged(inst, 10, first=1, useful=False, at=now)

        with transaction(inst.engine) as db, pytest.raises(NothingProposed):
            tuning.accept(db, admin, RULE, value=value, now=now)

    def test_is_for_administrators(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_units(sqlite_inst.engine)
        inspector = official(sqlite_inst, Role.INSPECTOR, "BNV", now)

        with transaction(sqlite_inst.engine) as db, pytest.raises(DeniedToRole):
            tuning.accept(db, inspector, RULE, value=40, now=now)
