"""The cases of an office: their order, who has taken which, who may open them."""

from datetime import datetime, timedelta

import pytest

from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.domain.corrections import CaseState, CaseTaken, Owner
from labour_book.errors import Invalid
from labour_book.services import deciding
from labour_book.services.callers import Caller
from labour_book.services.deciding import QueueFilter
from labour_book.services.installation import Installation
from labour_book.services.permission import NotFoundForCaller, deed
from tests.services import cases
from tests.services.cases import COLLEAGUE, COMMUNE, EMPLOYER

DAY = timedelta(days=1)


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
