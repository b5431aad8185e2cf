"""Requests about the own data that are late: offices hear of it, and overseers see how many."""

from datetime import datetime, timedelta

import pytest

from labour_book.services import answering_requests, data_requests, late_requests
from labour_book.services.callers import Caller, Role
from labour_book.services.data_requests import DataRequestKind, OwnRequest
from labour_book.services.installation import Installation
from labour_book.services.permission import DeniedToRole, deed
from tests.services import people, shares
from tests.services.shares import OPERATOR, WORKER

DAY = timedelta(days=1)
OFFICIAL = Caller("official", "o1", "Cán", Role.APPROVER, unit_code="UB-00070")
ELSEWHERE = Caller("official", "o2", "Cán", Role.APPROVER, unit_code="UB-26734")
NUMBERS = Caller("official", "o3", "Số", Role.STATISTICIAN, unit_code="BNV")


@pytest.fixture
def served(inst: Installation) -> Installation:
    people.add_people(inst.engine, 1)
    people.add_units(inst.engine)
    return inst


def asked(inst: Installation, now: datetime) -> OwnRequest:
    with deed(inst.engine) as db:
        return data_requests.ask(
            db, inst, WORKER, DataRequestKind.ACCESS, "Ai giữ dữ liệu của tôi?", now=now
        )


def reminded(inst: Installation, now: datetime) -> int:
    with deed(inst.engine) as db:
        return late_requests.remind_late(db, OPERATOR, now=now)


def told(inst: Installation) -> list[str]:
    return [each["recipient"] for each in shares.notices(inst, "data-request.late")]


class TestRemindLate:
    def test_tells_the_office_and_the_one_above_every_few_days(
        self, served: Installation, now: datetime
    ) -> None:
        request = asked(served, now)
        in_time = datetime.combine(request.acknowledge_by, now.timetz())

        assert reminded(served, in_time) == 0
        assert reminded(served, in_time + DAY) == 1
        assert sorted(told(served)) == ["SNV-01", "UB-00070"]
        assert reminded(served, in_time + 2 * DAY) == 0
        assert reminded(served, in_time + 5 * DAY) == 1
        assert len(told(served)) == 4

    def test_says_nothing_of_what_is_answered(self, served: Installation, now: datetime) -> None:
        request = asked(served, now)
        with deed(served.engine) as db:
            answering_requests.answer(db, served, OFFICIAL, request.id, "Đã gửi", now=now)

        assert reminded(served, now + 90 * DAY) == 0
        assert told(served) == []

    def test_is_the_installations_own(self, served: Installation, now: datetime) -> None:
        with pytest.raises(DeniedToRole), deed(served.engine) as db:
            late_requests.remind_late(db, OFFICIAL, now=now)


class TestWaitingByCommune:
    def test_counts_what_waits_and_what_is_late(self, served: Installation, now: datetime) -> None:
        asked(served, now)
        later = now + 60 * DAY

        for caller, seen in ((OFFICIAL, 1), (NUMBERS, 1), (ELSEWHERE, 0)):
            with deed(served.engine) as db:
                found = late_requests.waiting_by_commune(db, caller, now=later)
            assert [(each.commune_code, each.waiting, each.late) for each in found] == [
                (people.COMMUNE, 1, 1)
            ] * seen
        with deed(served.engine) as db:
            (found_now,) = late_requests.waiting_by_commune(db, OFFICIAL, now=now)
        assert found_now.late == 0
