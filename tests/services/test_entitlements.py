from datetime import datetime

import pytest
import sqlalchemy as sa

from labour_book.domain.gap_advice import Way
from labour_book.services import entitlements
from labour_book.services.callers import Action, Caller, Role
from labour_book.services.entitlements import Right, Rights
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, deed
from tests.services import people, shares
from tests.services.shares import WORKER


def rights(inst: Installation, now: datetime, caller: Caller = WORKER) -> Rights:
    with deed(inst.engine) as db:
        return entitlements.rights(db, inst, caller, now=now)


class TestRights:
    def test_are_told_from_what_the_registers_report(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine, 1)

        told = rights(inst, now)

        assert (str(told.as_of), str(told.reported_through)) == ("2026-11-20", "2026-10")
        assert [each.right for each in told.entitlements] == list(Right)
        months = {each.name: each.value for each in told.entitlements[0].results}
        # 2021-03 to 2026-10
        assert (months["months_counted"], months["months_missing"]) == (68, 112)
        level = {each.name: each.value for each in told.entitlements[1].results}
        assert level["monthly_lowest"] == 4_592_593  # 60 % of 7,654,321, rounded
        assert told.gaps == ()

    def test_tell_of_the_months_that_are_missing_and_what_to_do(
        self, inst: Installation, now: datetime
    ) -> None:
        people.add_people(inst.engine, 1)
        with inst.engine.begin() as connection:
            connection.execute(sa.text("UPDATE insurance_fact SET last_month = '2025-12'"))
            connection.execute(sa.text("UPDATE employer_status SET status = 'CLOSED'"))

        (found,) = rights(inst, now).gaps
        gap = found.gap

        assert gap.employer == "Công ty Cổ phần Thép Hồng Hà"
        assert gap.employer_is_gone
        assert [str(each) for each in gap.unseen] == ["2026-01/2026-09"]
        assert gap.ways == (Way.CORRECT, Way.COMPLAIN, Way.BRIDGE)

    def test_are_traced(self, sqlite_inst: Installation, now: datetime) -> None:
        (person,) = people.add_people(sqlite_inst.engine, 1)

        rights(sqlite_inst, now)

        (row,) = shares.traces(sqlite_inst, Action.RIGHTS_READ)
        assert row["person_id"] == person

    def test_are_ones_own(self, sqlite_inst: Installation, now: datetime) -> None:
        people.add_people(sqlite_inst.engine, 1)

        with pytest.raises(DeniedToRole):
            rights(sqlite_inst, now, Caller("official", "o", "", Role.APPROVER, unit_code="BNV"))
