from typing import Any

from labour_book.services.summaries import public_summary

RECORD: dict[str, Any] = {
    "book_no": "SLD-0001",
    "version": 1,
    "as_of": "2026-11-20",
    "worker": {"full_name": "Nguyễn Thị Số 1", "population_check": "NOT_FOUND"},
    "employments": [
        {
            "employer": "Cty May An Bình",
            "known_since": "2026-09",
            "months_paid": 0,
            "assurance": "SELF_DECLARED",
        },
        {
            "employer": "Công ty B",
            "first_day": "2019-02-03",
            "known_until": "2022-04",
            "months_paid": 39,
            "assurance": "CONTRIBUTION_MATCHED",
        },
    ],
    "insurance": {
        "SI": 39,
        "UI": 39,
        "HI": 39,
        "VOL": 0,
        "credited_months": 6,
        "as_of_month": "2026-10",
    },
}


class TestPublicSummary:
    def test_never_counts_the_months_that_tell_of_sickness_and_maternity(self) -> None:
        assert set(public_summary(RECORD).months) == {"SI", "UI", "HI", "VOL"}

    def test_tells_what_came_of_looking_the_person_up(self) -> None:
        assert public_summary(RECORD).population_check == "NOT_FOUND"

    def test_invents_neither_start_nor_end(self) -> None:
        held, left_open = public_summary(RECORD).employments

        assert (held.first_month, held.known_since) == (None, "2026-09")
        assert (left_open.first_month, left_open.last_month) == ("2019-02", None)
        assert left_open.known_until == "2022-04"
