"""Ten officials at once on many cases: none decided twice, none lost."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import insert_rows, reading, transaction
from labour_book.domain.correction_limits import CorrectionLimits
from labour_book.errors import LabourBookError
from labour_book.queries.rows import table_of
from labour_book.services import deciding
from labour_book.services.auditing import verify_chain
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.tables import (
    BookVersion,
    CorrectionCase,
    CorrectionDecision,
    CorrectionStep,
    EmploymentFact,
)
from tests.conftest import new_database
from tests.services import cases, people
from tests.services.conftest import new_installation

OFFICIALS = 10
CASES = [50, pytest.param(500, marks=pytest.mark.faults)]
ON_PAGE = 200


def add_cases(engine: sa.Engine, count: int, now: datetime) -> None:
    """Let so many people contest the first day of their job; all cases lie with one commune."""
    common = {
        "kind": "employment",
        "ask": "change",
        "assurance": "CONTRACT_MATCHED",
        "declared_kind": "worker",
        "assisted": False,
        "created_at": now,
        "submitted_at": now,
        "state": "routed",
        "state_since": now,
        "revision": 3,
        "owner_kind": "commune",
        "owner_code": "UB-00070",
        "queue": "commune:UB-00070",
        "due_on": date(2026, 11, 27),
        "escalations": 0,
        "high_impact": False,
        "alternative": False,
        "employer_code": people.EMPLOYER_CODE,
        "employer_name": "Công ty Cổ phần Thép Hồng Hà",
        "changes": '[{"field": "first_day", "before": "2021-03-15", "after": "2021-03-01",'
        ' "accepted": null}]',
    }
    rows = [
        common
        | {
            "id": people.uid(70, number),
            "number": f"YC-{number:08d}",
            "person_id": people.person_id(number),
            "declared_by": str(people.person_id(number)),
            "line_facts": f'[["employment", "{people.uid(4, number)}"]]',
        }
        for number in range(1, count + 1)
    ]
    with transaction(engine) as db:
        insert_rows(db, table_of(CorrectionCase), rows)


def work(inst: Installation, name: str, now: datetime) -> Counter[str]:
    """Decide whatever the queue shows until it is empty; count what came of each attempt."""
    caller = cases.official(name)
    order = random.Random(name)  # noqa: S311 - to differ from colleagues, not to be secret
    came: Counter[str] = Counter()
    while True:
        with deed(inst.engine) as db:
            page = deciding.queue(db, inst, caller, limit=ON_PAGE, now=now).cases
        if not page:
            return came
        for line in order.sample(page, min(len(page), 25)):
            came[decide(inst, name, line.case_id, now)] += 1


def decide(inst: Installation, name: str, case_id: UUID, now: datetime) -> str:
    try:
        with deed(inst.engine) as db:
            deciding.decide(
                db,
                inst,
                cases.official(name),
                case_id,
                cases.APPROVE,
                key=case_id.hex,
                now=now,
            )
    except LabourBookError as error:
        return error.slug
    return "decided"


@pytest.mark.timeout(240)
class TestTenOfficials:
    @pytest.mark.parametrize("cases_there", CASES)
    def test_decide_each_case_once(
        self, request: pytest.FixtureRequest, tmp_path: Path, now: datetime, cases_there: int
    ) -> None:
        for engine in new_database(request, "postgresql"):
            inst = ready(engine, tmp_path, cases_there, now)

            came = at_work(inst, now)

            assert came["decided"] == cases_there
            assert set(came) <= {"decided", "case-moved", "case-taken"}
            assert came.total() > cases_there, "nobody met anybody"
            check_once(inst, cases_there)


def at_work(inst: Installation, now: datetime) -> Counter[str]:
    """Let all officials work at once, each on a connection of its own."""
    with ThreadPoolExecutor(OFFICIALS) as pool:
        names = [f"c{number}" for number in range(OFFICIALS)]
        return sum(pool.map(lambda name: work(inst, name, now), names), Counter[str]())


def ready(engine: sa.Engine, folder: Path, count: int, now: datetime) -> Installation:
    inst = new_installation(engine, folder / "data", now)
    people.add_people(engine, count)
    cases.add_units(engine)
    add_cases(engine, count, now)
    return replace(inst, corrections=CorrectionLimits(decisions_per_hour=count))


def check_once(inst: Installation, expected: int) -> None:
    decision, fact = table_of(CorrectionDecision), table_of(EmploymentFact)
    step, version = table_of(CorrectionStep), table_of(BookVersion)
    with reading(inst.engine) as db:

        def count(query: sa.Select[tuple[int]]) -> int:
            return int(db.execute(query).scalar_one())

        assert count(sa.select(sa.func.count(decision.c.case_id.distinct()))) == expected
        assert count(sa.select(sa.func.count()).select_from(decision)) == expected
        assert count(sa.select(sa.func.count()).select_from(version)) == expected
        decided = sa.select(sa.func.count()).where(step.c.step == "decide")
        assert count(decided) == expected
        standing = sa.select(sa.func.count()).where(fact.c.voided_at.is_(None))
        assert count(standing) == count(standing.where(fact.c.source == "DECISION")) == expected
        assert verify_chain(db).is_whole
