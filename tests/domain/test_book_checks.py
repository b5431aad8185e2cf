from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from labour_book.domain.book import LabourBook
from labour_book.domain.book_checks import MonthState, checked, months_by_state
from labour_book.domain.months import Month, month_set, ranges_of
from tests.domain.factories import ACME, OTHER, book, employer, identity, insured, job

PERSON = UUID(int=1)
REPORTED = Month.parse("2026-10")


def found(of: LabourBook) -> Mapping[str, Mapping[str, str | int]]:
    return {each.rule: each.detail for each in checked(of, PERSON, "00097")}


def months(of: LabourBook, number: int = 1) -> dict[str, list[str]]:
    entry = of.employments[number - 1]
    states = months_by_state(of, entry)
    return {
        state.value: [str(each) for each in ranges_of(states[state])]
        for state in MonthState
        if states[state]
    }


class TestMonthsByState:
    def test_tells_paid_owed_and_unseen_months_apart(self) -> None:
        of = book(
            job("j", "2025-01-01", "2025-12-31"),
            insured("i", "2025-01", "2025-05"),
            insured("o", "2025-06", "2025-08", status="arrears"),
            insurance_as_of=REPORTED,
        )

        assert months(of) == {
            "paid": ["2025-01/2025-05"],
            "arrears": ["2025-06/2025-08"],
            "unknown": ["2025-09/2025-12"],
        }

    def test_contradicts_what_was_paid_after_the_enterprise_was_gone(self) -> None:
        gone = employer(statuses=(("ACTIVE", None), ("CLOSED", date(2025, 3, 10))))
        of = book(
            insured("i", "2025-01", "2025-06"), employers={ACME: gone}, insurance_as_of=REPORTED
        )

        assert months(of) == {"paid": ["2025-01/2025-03"], "contradicted": ["2025-04/2025-06"]}
        assert found(of)["MONTHS_CONTRADICTED"] == {
            "entry": 1,
            "months": 3,
            "first": "2025-04",
            "last": "2025-06",
        }

    def test_contradicts_only_the_later_of_two_payments(self) -> None:
        of = book(
            insured("a", "2025-01", "2025-06"),
            insured("b", "2025-03", "2025-08", employer_code=OTHER, employer_name="Khác"),
            insurance_as_of=REPORTED,
        )

        assert months(of, 1) == {"paid": ["2025-01/2025-06"]}
        assert months(of, 2) == {"paid": ["2025-07/2025-08"], "contradicted": ["2025-03/2025-06"]}

    @pytest.mark.parametrize("status", ["contributed", "arrears"])
    def test_puts_each_reported_month_in_exactly_one_state(self, status: str) -> None:
        of = book(
            job("j", "2024-01-01", "2025-12-31"),
            insured("i", "2024-02", "2025-03"),
            insured("o", "2025-02", "2025-09", status=status),
            insurance_as_of=REPORTED,
        )
        states = months_by_state(of, of.employments[0])
        entry = of.employments[0]
        every = month_set((*entry.months_paid, *entry.months_arrears, *entry.months_unknown))

        assert sum(each.bit_count() for each in states.values()) == every.bit_count()


class TestChecked:
    def test_finds_nothing_where_all_sources_agree(self) -> None:
        of = book(job("j", "2025-01-01"), insured("i", "2025-01"), insurance_as_of=REPORTED)

        assert found(of) == {}

    def test_finds_a_contract_without_any_contribution(self) -> None:
        of = book(job("j", "2025-01-01", "2025-06-30"), insurance_as_of=REPORTED)

        assert found(of)["CONTRACT_WITHOUT_CONTRIBUTIONS"]["months"] == 6
        assert found(of)["MONTHS_UNKNOWN"]["first"] == "2025-01"

    def test_notes_contributions_without_contract_since_there_is_a_platform(self) -> None:
        before = book(insured("i", "2026-06"), insurance_as_of=REPORTED)
        since = book(insured("i", "2026-07"), insurance_as_of=REPORTED)

        assert "CONTRIBUTIONS_WITHOUT_CONTRACT" not in found(before)
        assert "CONTRIBUTIONS_WITHOUT_CONTRACT" in found(since)

    def test_tells_the_longest_of_several_gaps_but_not_the_time_after_the_last_job(self) -> None:
        of = book(
            insured("a", "2015-01", "2015-12"),
            insured("b", "2017-01", "2017-12"),
            insured("c", "2020-01", "2020-12"),
            insurance_as_of=REPORTED,
        )

        assert found(of)["GAP_LONG"] == {
            "gaps": 2,
            "months": 24,
            "first": "2018-01",
            "last": "2019-12",
        }

    def test_takes_over_what_the_book_itself_finds_contradictory(self) -> None:
        died = identity(life_status="DECEASED", life_status_on=date(2025, 2, 1))
        of = book(insured("i", "2025-01", "2025-06"), person=died, insurance_as_of=REPORTED)

        assert found(of)["CONTRIBUTIONS_AFTER_DEATH"]["died"] == "2025-02"

    def test_names_the_same_thing_the_same_when_an_older_job_turns_up(self) -> None:
        facts = (job("j", "2025-01-01", "2025-06-30"),)
        older = insured("o", "2010-01", "2010-12", employer_code=OTHER, employer_name="Khác")

        places = [
            {each.place for each in checked(of, PERSON, None) if each.rule == "MONTHS_UNKNOWN"}
            for of in (
                book(*facts, insurance_as_of=REPORTED),
                book(*facts, older, insurance_as_of=REPORTED),
            )
        ]

        assert places[0] == places[1]
