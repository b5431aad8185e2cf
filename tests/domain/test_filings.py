from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.filings import (
    DAY_OF,
    DECLARED,
    Declared,
    FilingKind,
    Job,
    KnownCodes,
    Said,
    day_of,
    faults_of,
    is_too_long,
    job_of,
    out_of_order,
    relevant,
    standing,
)
from labour_book.domain.partial_dates import PartialDate

HIRE, CHANGE, END, CANCEL = FilingKind
FIRST = PartialDate(2026, 11, 2)
HIRED = Said(first_day=FIRST, position="Kế toán viên", contract_kind="INDEFINITE")
CHANGED = Said(first_day=FIRST, changed_on=date(2026, 11, 10), position="Kế toán trưởng")
ENDED = Said(first_day=FIRST, last_day=date(2026, 11, 18), end_reason_clause=9)
KNOWN = KnownCodes(frozenset({"33"}), frozenset({"00070"}), frozenset({"9"}))
TODAY = date(2026, 11, 20)


def said(number: int, kind: FilingKind, what: Said, corrects: int | None = None) -> Declared:
    day = day_of(kind, what) or TODAY
    return Declared(UUID(int=number), kind, day, what, UUID(int=corrects) if corrects else None)


THREE = (said(1, HIRE, HIRED), said(2, CHANGE, CHANGED), said(3, END, ENDED))


class TestJobOf:
    def test_is_what_all_declarations_say_together(self) -> None:
        job = job_of(THREE)

        assert job == Job(
            FIRST,
            "Kế toán trưởng",
            contract_kind="INDEFINITE",
            ended_on=date(2026, 11, 18),
            end_reason_clause=9,
        )

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_does_not_depend_on_the_order_of_filing(self, order: tuple[int, ...]) -> None:
        assert job_of([THREE[each] for each in order]) == job_of(THREE)

    def test_leaves_out_what_was_corrected(self) -> None:
        anew = said(4, HIRE, replace(HIRED, first_day=PartialDate(2026, 11, 3)), corrects=1)

        job = job_of([*THREE, anew])

        assert job is not None
        assert job.first_day == PartialDate(2026, 11, 3)

    def test_leaves_out_what_was_taken_back(self) -> None:
        job = job_of([*THREE, said(4, CANCEL, Said(), corrects=3)])

        assert job is not None
        assert job.runs

    def test_is_nothing_once_all_is_taken_back(self) -> None:
        assert job_of([THREE[0], said(4, CANCEL, Said(), corrects=1)]) is None

    def test_of_work_that_others_reported_begins_as_they_say(self) -> None:
        ended = replace(ENDED, first_day=PartialDate(2021, 3), position_before="Thợ hàn")

        job = job_of([said(1, END, ended)])

        assert job == Job(
            PartialDate(2021, 3), "Thợ hàn", ended_on=date(2026, 11, 18), end_reason_clause=9
        )

    def test_drops_the_end_of_a_term_that_became_indefinite(self) -> None:
        fixed = replace(HIRED, contract_kind="FIXED_TERM", contract_ends_on=date(2027, 1, 1))
        anew = replace(CHANGED, contract_kind="INDEFINITE")

        job = job_of([said(1, HIRE, fixed), said(2, CHANGE, anew)])

        assert job is not None
        assert job.contract_ends_on is None

    @given(st.lists(st.integers(1, 5), max_size=5))
    def test_never_counts_what_was_set_aside(self, corrected: list[int]) -> None:
        aside = [
            said(10 + place, CANCEL, Said(), corrects=each) for place, each in enumerate(corrected)
        ]

        left = {each.id.int for each in standing([*THREE, *aside])}

        assert left == {1, 2, 3} - set(corrected)


class TestSaid:
    @pytest.mark.parametrize("what", [HIRED, CHANGED, ENDED, Said()])
    def test_comes_back_from_its_body(self, what: Said) -> None:
        assert Said.of_body(what.as_body()) == what

    def test_of_an_end_keeps_nothing_of_what_the_work_was(self) -> None:
        assert relevant(END, replace(ENDED, position="x")).position is None
        assert relevant(HIRE, HIRED) == HIRED


class TestFaultsOf:
    @pytest.mark.parametrize("kind", DECLARED)
    def test_name_every_field_that_is_missing(self, kind: FilingKind) -> None:
        missing = {each.field for each in faults_of(kind, Said(), today=TODAY, known=KNOWN)}

        assert DAY_OF[kind] in missing

    @pytest.mark.parametrize(("kind", "what"), [(HIRE, HIRED), (CHANGE, CHANGED), (END, ENDED)])
    def test_are_none_of_a_sound_declaration(self, kind: FilingKind, what: Said) -> None:
        assert faults_of(kind, what, today=TODAY, known=KNOWN) == []

    def test_tell_what_belongs_to_another_kind(self) -> None:
        mixed = replace(HIRED, last_day=date(2026, 11, 18))

        (found,) = faults_of(HIRE, mixed, today=TODAY, known=KNOWN)

        assert (found.cause, found.field) == ("FILING_OTHER_KIND", "last_day")

    @given(st.integers(-30, 30))
    def test_allow_no_day_that_has_not_come(self, days: int) -> None:
        ended = replace(ENDED, last_day=TODAY + timedelta(days=days))

        causes = {each.cause for each in faults_of(END, ended, today=TODAY, known=KNOWN)}

        assert ("FUTURE_DATE" in causes) == (days > 0)


class TestOutOfOrder:
    @pytest.mark.parametrize(("day", "is_wrong"), [(1, True), (2, False), (3, False)])
    def test_is_before_the_first_day(self, day: int, *, is_wrong: bool) -> None:
        job = Job(FIRST, "x")
        ended = Said(last_day=date(2026, 11, day))

        assert bool(out_of_order(END, ended, job)) == is_wrong


class TestIsTooLong:
    @pytest.mark.parametrize(
        ("ends", "too_long"),
        [(None, False), (date(2029, 11, 1), False), (date(2029, 11, 2), True)],
    )
    def test_is_a_term_of_more_than_36_months(self, ends: date | None, *, too_long: bool) -> None:
        assert is_too_long(FIRST, ends) == too_long
