from typing import Any

import pytest

from labour_book.domain.claims import claims
from labour_book.domain.confirmations import LineKind, key_of, lines_in
from tests.domain.factories import book, insured, job, qualification

JOB: dict[str, Any] = {
    "no": 2,
    "employer": "Công ty A",
    "position": "Thợ hàn",
    "first_day": "2021-03-15",
    "months_paid": 68,
    "months_arrears": 0,
    "months_unknown": 0,
    "paid": ["2021-03/2026-10"],
    "arrears": [],
    "unknown": [],
    "assurance": "CONTRIBUTION_MATCHED",
    "wage_base_vnd": 7_654_321,
}


def key(**changes: Any) -> str:
    return key_of(LineKind.EMPLOYMENT, JOB | changes)


class TestKeyOf:
    @pytest.mark.parametrize(
        "changes",
        [
            {"no": 3},
            {"assurance": "DECIDED"},
            {"paid": ["2021-03/2026-11"], "months_paid": 69},
        ],
    )
    def test_stays_while_the_line_says_the_same(self, changes: dict[str, Any]) -> None:
        assert key(**changes) == key()

    @pytest.mark.parametrize(
        "changes",
        [
            {"employer": "Công ty B"},
            {"position": "Tổ trưởng"},
            {"first_day": "2021-03-16"},
            {"last_day": "2026-10-31"},
            {"wage_base_vnd": 8_000_000},
            {"contract_kind": "INDEFINITE"},
            {"arrears": ["2026-11/2026-11"], "months_arrears": 1},
            {"paid": ["2021-03/2026-08"], "arrears": ["2026-09/2026-10"]},
            {"paid": ["2021-04/2026-10"], "unknown": ["2021-03/2021-03"]},
        ],
    )
    def test_changes_with_what_the_line_says(self, changes: dict[str, Any]) -> None:
        assert key(**changes) != key()

    def test_is_that_of_before_if_the_line_says_the_same_again(self) -> None:
        unknown = key(unknown=["2026-11/2026-11"])
        paid = key(paid=["2021-03/2026-11"])

        assert unknown != key() == paid

    def test_tells_the_length_of_a_job_that_has_ended(self) -> None:
        ended = {"last_day": "2026-10"}

        assert key(**ended) != key(**ended, paid=["2021-03/2026-09"])

    def test_tells_a_job_from_a_diploma_that_reads_alike(self) -> None:
        assert key_of(LineKind.EMPLOYMENT, {}) != key_of(LineKind.QUALIFICATION, {})


class TestLinesIn:
    def test_numbers_the_lines_of_each_part(self) -> None:
        record = claims(
            book(insured("1", "2020-01", "2020-12"), job("2", "2021-03-01"), qualification("3"))
        )

        lines = list(lines_in(record))

        assert [(each.kind, each.number) for each in lines] == [
            (LineKind.EMPLOYMENT, 1),
            (LineKind.EMPLOYMENT, 2),
            (LineKind.QUALIFICATION, 1),
        ]
        assert len({each.key for each in lines}) == 3
        assert all(len(each.key) == 32 for each in lines)

    def test_finds_none_in_a_book_without_lines(self) -> None:
        assert list(lines_in({})) == []
