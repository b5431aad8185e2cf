from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.corrections import CLOCK_IN, CaseState, Clock, Owner
from labour_book.errors import Invalid
from labour_book.law.correction_deadlines import days_of, due_in
from labour_book.law.provisions import LawNotModelled
from labour_book.law.working_days import Calendar, calendar_with, overrides_in, public_holidays

CALENDAR = calendar_with(None)
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
STATUTORY = [  # in the order of Labour Code 45/2019/QH14, art. 112
    date(2026, 1, 1),
    date(2026, 2, 16),
    date(2026, 2, 17),
    date(2026, 2, 18),
    date(2026, 2, 19),
    date(2026, 2, 20),
    date(2026, 4, 26),
    date(2026, 4, 30),
    date(2026, 5, 1),
    date(2026, 9, 1),
    date(2026, 9, 2),
    date(2027, 1, 1),
    date(2027, 2, 6),
    date(2027, 4, 16),
    date(2027, 4, 30),
    date(2027, 9, 2),
]


class TestCalendar:
    @pytest.mark.parametrize("day", STATUTORY)
    def test_rests_on_public_holidays(self, day: date) -> None:
        assert not CALENDAR.is_working_day(day)

    def test_rests_on_the_day_that_stands_in_for_a_sunday(self) -> None:
        assert date(2026, 4, 26).weekday() == 6
        assert not CALENDAR.is_working_day(date(2026, 4, 27))

    def test_works_on_a_swapped_saturday_and_rests_for_it(self) -> None:
        assert CALENDAR.is_working_day(date(2026, 8, 22))
        assert not CALENDAR.is_working_day(date(2026, 8, 31))

    def test_works_on_the_day_that_nobody_has_verified(self) -> None:
        assert date(2026, 11, 24) in public_holidays(2026)
        assert CALENDAR.is_working_day(date(2026, 11, 24))

    def test_counts_over_tet(self) -> None:
        assert CALENDAR.after(date(2026, 2, 13), 1) == date(2026, 2, 23)

    def test_does_not_count_the_day_it_begins(self) -> None:
        assert CALENDAR.after(date(2026, 11, 20), 5) == date(2026, 11, 27)

    @given(DAYS, st.integers(0, 30))
    def test_ends_on_a_working_day_that_many_days_away(self, day: date, count: int) -> None:
        due = CALENDAR.after(day, count)

        assert CALENDAR.is_working_day(due)
        if count or CALENDAR.is_working_day(day):
            assert CALENDAR.between(day, due) == count

    @given(DAYS, DAYS)
    def test_counts_back_as_forth(self, one: date, other: date) -> None:
        assert CALENDAR.between(one, other) == -CALENDAR.between(other, one)

    @given(DAYS)
    def test_adds_up(self, day: date) -> None:
        later = day + timedelta(days=40)
        middle = day + timedelta(days=17)

        parts = CALENDAR.between(day, middle) + CALENDAR.between(middle, later)
        assert parts == CALENDAR.between(day, later)


class TestCalendarWith:
    def test_lets_the_installations_own_file_go_before(self, tmp_path: Path) -> None:
        path = tmp_path / "days.csv"
        path.write_text("date,works\n2026-11-24,no\n2026-11-21,yes\n", encoding="utf-8")

        own = calendar_with(path)

        assert not own.is_working_day(date(2026, 11, 24))
        assert own.is_working_day(date(2026, 11, 21))
        assert own.is_working_day(date(2026, 8, 22))

    @pytest.mark.parametrize("text", ["date,works\n2026-11-24,maybe\n", "date,works\n24/11,no\n"])
    def test_refuses_a_file_it_cannot_read(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "days.csv"
        path.write_text(text, encoding="utf-8")

        with pytest.raises(Invalid):
            calendar_with(path)

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(Invalid):
            calendar_with(tmp_path / "none.csv")

    def test_names_the_row(self) -> None:
        with pytest.raises(Invalid) as error:
            overrides_in([{"date": "2026-01-05", "works": "no"}, {"date": "", "works": "no"}])

        assert error.value.facts["row"] == 2


class TestDueIn:
    @pytest.mark.parametrize("state", list(CaseState))
    @pytest.mark.parametrize("owner", list(Owner))
    def test_knows_every_clock(self, state: CaseState, owner: Owner) -> None:
        due = due_in(state, owner, date(2026, 11, 20), CALENDAR)

        assert (due is None) == (CLOCK_IN[state] is Clock.NONE)
        assert due is None or due > date(2026, 11, 20)

    def test_keeps_the_two_days_of_the_population_register(self) -> None:
        assert days_of(Clock.OWNER, Owner.POPULATION, date(2026, 11, 20)) == 2

    def test_is_not_guessed_before_the_first_value(self) -> None:
        with pytest.raises(LawNotModelled):
            due_in(CaseState.ROUTED, Owner.COMMUNE, date(2025, 12, 31), Calendar())
