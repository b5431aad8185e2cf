from dataclasses import replace

from labour_book.domain.book import claims
from labour_book.domain.months import Month
from labour_book.services.records import book_in
from tests.domain.factories import KNOWN_AT, STATED_AT, book, insured, job, remembered

STALE = insured("1", "2019-02", stated_at=STATED_AT.replace(year=2022, month=5))
HELD = remembered("2", "2026-09-14", flags=("START_UNKNOWN",), employer_name="Cty B")
RUNS = job("3", "2023-01-01")


class TestBookIn:
    def test_is_the_book_that_was_signed(self) -> None:
        record = claims(book(STALE, HELD, RUNS, insurance_as_of=Month.of(2026, 9)))

        assert claims(book_in(record, known_at=KNOWN_AT)) == record

    def test_tells_a_job_nobody_vouches_for_from_one_that_runs(self) -> None:
        record = claims(book(STALE, HELD, RUNS, insurance_as_of=Month.of(2026, 9)))

        entries = book_in(record, known_at=KNOWN_AT).employments

        assert [entry.running for entry in entries] == [False, True, True]

    def test_says_nothing_of_a_check_that_an_old_record_does_not_hold(self) -> None:
        made = book(RUNS)
        old = claims(replace(made, identity=replace(made.identity, match_state="")))

        assert book_in(old, known_at=KNOWN_AT).identity.match_state == ""
