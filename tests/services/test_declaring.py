from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from labour_book.domain.filings import FilingKind
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import LabourBookError, NotFound
from labour_book.services.filing import KeyReused, NewFiling
from labour_book.services.installation import Installation
from tests.services import filings
from tests.services.filings import ENDED, HIRED, begun, facts_of, filed, filings_of, hire, new
from tests.services.shares import EMPLOYER, RIVAL, traces
from tests.services.test_filing import causes

HIRE, CHANGE, END, CANCEL = FilingKind


class TestLateness:
    @pytest.mark.parametrize(
        ("first", "late"),
        [(date(2026, 11, 2), 0), (date(2026, 10, 21), 0), (date(2026, 10, 20), 1)],
    )
    def test_counts_from_the_day_it_happened(
        self, sqlite_inst: Installation, now: datetime, first: date, late: int
    ) -> None:
        begun(sqlite_inst, now)

        receipt = filed(sqlite_inst, now, hire(first_day=PartialDate.of_day(first)))

        assert receipt.due_on == first + timedelta(days=30)
        assert receipt.days_late == late

    def test_is_not_guessed_before_the_law(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now)

        receipt = filed(sqlite_inst, now, hire(first_day=PartialDate(2015, 12, 31)))

        assert (receipt.due_on, receipt.days_late) == (None, None)

    def test_does_not_grow_by_correcting(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now)
        first = filed(sqlite_inst, now, hire())
        later = now + timedelta(days=90)

        again = filed(
            sqlite_inst, later, NewFiling(HIRE, None, replace(HIRED, position="x"), first.id)
        )

        assert again.days_late == 0


class TestCorrecting:
    def test_sets_the_former_declaration_aside(self, inst: Installation, now: datetime) -> None:
        (person,) = begun(inst, now)
        first = filed(inst, now, hire())
        said = replace(HIRED, first_day=PartialDate(2026, 11, 3))

        again = filed(inst, now + timedelta(hours=1), NewFiling(HIRE, None, said, first.id))

        assert facts_of(inst, person)[0]["first_day"] == "2026-11-03"
        newest, oldest = filings_of(inst, now, RIVAL)
        assert (newest.id, oldest.set_aside_by) == (again.id, again.id)

    def test_happens_once(self, sqlite_inst: Installation, now: datetime) -> None:
        begun(sqlite_inst, now)
        first = filed(sqlite_inst, now, hire())
        again = NewFiling(HIRE, None, replace(HIRED, position="x"), first.id)
        filed(sqlite_inst, now, again)

        refused = causes(lambda: filed(sqlite_inst, now, again))

        assert refused == {"FILING_SET_ASIDE"}

    def test_does_not_reach_what_others_filed(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        begun(sqlite_inst, now)
        first = filed(sqlite_inst, now, hire())

        with pytest.raises(NotFound):
            filed(sqlite_inst, now, NewFiling(CANCEL, corrects=first.id), EMPLOYER)

    def test_takes_a_hire_back(self, inst: Installation, now: datetime) -> None:
        (person,) = begun(inst, now)
        first = filed(inst, now, hire())

        filed(inst, now, NewFiling(CANCEL, corrects=first.id))

        assert facts_of(inst, person) == []
        assert len(facts_of(inst, person, live=False)) == 1
        assert filings.version_of(inst, person, now) == 3

    def test_takes_an_end_back_so_that_the_work_goes_on(
        self, inst: Installation, now: datetime
    ) -> None:
        (person,) = begun(inst, now)
        filed(inst, now, hire())
        end = filed(inst, now, new(END, ENDED))

        filed(inst, now, NewFiling(CANCEL, corrects=end.id))

        (fact,) = facts_of(inst, person)
        assert (fact["running"], fact["last_day"]) == (True, None)

    def test_does_not_take_a_hire_from_under_its_end(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        begun(sqlite_inst, now)
        first = filed(sqlite_inst, now, hire())
        filed(sqlite_inst, now, new(END, ENDED))
        cancel = NewFiling(CANCEL, corrects=first.id)

        assert causes(lambda: filed(sqlite_inst, now, cancel)) == {"FILING_STILL_NEEDED"}


class TestIdempotency:
    def test_gives_the_same_receipt_again(self, inst: Installation, now: datetime) -> None:
        begun(inst, now)
        first = filed(inst, now, hire(), key="k-1")

        again = filed(inst, now + timedelta(hours=1), hire(), key="k-1")

        assert (again.id, again.receipt_no) == (first.id, first.receipt_no)
        assert len(traces(inst, "filing.make")) == 1

    def test_refuses_something_else_under_the_key(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        begun(sqlite_inst, now)
        filed(sqlite_inst, now, hire(), key="k-1")

        with pytest.raises(KeyReused):
            filed(sqlite_inst, now, new(END, ENDED), key="k-1")

    def test_files_once_however_many_send_at_once(self, inst: Installation, now: datetime) -> None:
        (person,) = begun(inst, now)

        def send(number: int) -> str:
            try:
                return str(filed(inst, now, hire(), key=f"k-{number}").id)
            except LabourBookError as error:
                return str(error.facts["cause"])

        with ThreadPoolExecutor(6) as pool:
            outcomes = list(pool.map(send, [1, 1, 1, 2, 3, 4]))

        assert len(facts_of(inst, person)) == 1
        assert len({each for each in outcomes if each != "FILING_JOB_RUNNING"}) == 1
