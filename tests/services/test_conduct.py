"""Warnings about how officials decide and look: against colleagues, with the numbers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from labour_book.database import insert_rows, transaction
from labour_book.queries.rows import table_of
from labour_book.services.access import Role
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.tables import CorrectionCase, CorrectionDecision
from tests.services import checks, people
from tests.services.desk import official

PEERS = 6


@pytest.fixture
def office(inst: Installation) -> Installation:
    people.add_units(inst.engine)
    people.add_people(inst.engine, 30)
    return inst


def seats(inst: Installation, role: Role, now: datetime) -> list[Caller]:
    return [official(inst, role, "UB-00070", now) for _ in range(PEERS)]


def add_case(inst: Installation, number: int, at: datetime) -> UUID:
    row: dict[str, Any] = {
        "id": people.uid(20, number),
        "number": f"YC-{number:08d}",
        "person_id": people.person_id(number),
        "kind": "employment",
        "ask": "change",
        "line_facts": "[]",
        "changes": "[]",
        "employer_name": "",
        "assurance": "",
        "declared_kind": "worker",
        "declared_by": "w",
        "assisted": False,
        "created_at": at,
        "state": "closed",
        "state_since": at,
        "revision": 1,
        "escalations": 0,
        "high_impact": False,
        "alternative": False,
    }
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(CorrectionCase), [row])
    return people.uid(20, number)


def decide(
    inst: Installation,
    case: UUID,
    by: Caller,
    outcomes: list[str],
    *,
    at: datetime,
    apart: timedelta,
) -> None:
    rows = [
        {
            "id": UUID(int=(UUID(by.id).int + ordinal) % 2**128),
            "case_id": case,
            "person_id": people.person_id(1),
            "ordinal": ordinal + (UUID(by.id).int >> 80) % 10**7 * 100,
            "at": at + ordinal * apart,
            "outcome": outcome,
            "automatic": False,
            "appeal": False,
            "high_impact": False,
            "unit_code": by.unit_code,
            "decided_by": by.id,
            "decided_name": by.name,
            "reason_code": "X",
            "changes": "[]",
            "in_time": True,
        }
        for ordinal, outcome in enumerate(outcomes)
    ]
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(CorrectionDecision), rows)


class TestDecisions:
    def test_warns_of_who_approves_far_more_than_colleagues_and_of_who_is_too_quick(
        self, office: Installation, now: datetime
    ) -> None:
        callers = seats(office, Role.APPROVER, now)
        case, begun = add_case(office, 1, now), now - timedelta(days=20)
        hour, seconds = timedelta(hours=1), timedelta(seconds=20)
        for number, caller in enumerate(callers[:-1]):
            some = ["approved"] * (12 + number % 2) + ["refused"] * 8
            apart = seconds if number == 0 else hour
            decide(office, case, caller, some, at=begun, apart=apart)
        decide(office, case, callers[-1], ["approved"] * 25, at=begun, apart=hour)

        checks.run(office, now)

        found = checks.findings(office)
        unusual = found["APPROVALS_UNUSUAL", callers[-1].id]
        assert (unusual["approved"], unusual["decided"], unusual["share"]) == (25, 25, 100)
        assert (unusual["peers"], unusual["median"]) == (5, "61")
        quick = found["DECISIONS_TOO_QUICK", callers[0].id]
        assert (quick["quick"], quick["decided"], quick["seconds"]) == (19, 20, 60)
        assert len(found) == 2

    def test_says_nothing_where_there_are_too_few_colleagues_to_compare(
        self, office: Installation, now: datetime
    ) -> None:
        callers = seats(office, Role.APPROVER, now)[:4]
        case, begun = add_case(office, 1, now), now - timedelta(days=20)
        for number, caller in enumerate(callers):
            some = ["approved"] * 20 if number == 0 else ["refused"] * 20
            decide(office, case, caller, some, at=begun, apart=timedelta(hours=1))

        checks.run(office, now)

        assert checks.findings(office) == {}


class TestLookups:
    def test_warns_of_who_opens_many_books_without_a_case(
        self, office: Installation, now: datetime
    ) -> None:
        callers = seats(office, Role.COLLECTOR, now)
        for number in range(1, 4):
            add_case(office, number, now - timedelta(days=5))
        for caller in callers[:-1]:
            look(office, caller, range(1, 6), now)
        look(office, callers[-1], range(1, 28), now)

        checks.run(office, now)

        found = checks.findings(office)
        assert set(found) == {("LOOKUPS_WITHOUT_CASE", callers[-1].id)}
        (detail,) = found.values()
        assert (detail["opened"], detail["without"], detail["median"]) == (27, 24, "2")
        (row,) = checks.rows(office, checks.CheckFinding)
        assert (row["unit_code"], row["person_id"]) == ("UB-00070", None)

    def test_finds_nothing_in_looks_with_a_case_or_long_ago(
        self, office: Installation, now: datetime
    ) -> None:
        callers = seats(office, Role.COLLECTOR, now)
        for number in range(1, 28):
            add_case(office, number, now - timedelta(days=5))
        look(office, callers[0], range(1, 28), now - timedelta(days=40))
        for caller in callers:
            look(office, caller, range(1, 28), now)

        checks.run(office, now)

        assert checks.findings(office) == {}


def look(inst: Installation, caller: Caller, numbers: range, at: datetime) -> None:
    with transaction(inst.engine) as db:
        for number in numbers:
            person = people.person_id(number)
            trace(db, caller, Action.BOOK_OPEN, at=at, purpose="x", person_id=person)
