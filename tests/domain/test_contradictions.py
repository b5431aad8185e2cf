from datetime import date

from labour_book.domain.partial_dates import PartialDate
from tests.domain.factories import (
    ACME,
    OTHER,
    THIRD,
    book,
    employer,
    identity,
    insured,
    job,
    qualification,
    remembered,
)
from tests.domain.test_assembly import causes


class TestDiscrepancies:
    def test_contract_runs_but_contributions_stopped(self) -> None:
        made = book(insured("1", "2024-01", "2025-03"), job("c", "2024-01-01"))

        assert causes(made) == ["CONTRIBUTIONS_STOPPED"]
        assert made.discrepancies[0].detail == {"contract": "2026-11", "insurance": "2025-03"}

    def test_a_suspended_contract_owes_nothing(self) -> None:
        made = book(insured("1", "2024-01", "2025-03"), job("c", "2024-01-01", suspended=True))

        assert causes(made) == []

    def test_contributions_began_late(self) -> None:
        made = book(insured("1", "2024-06", "2024-12"), job("c", "2024-01-01", "2024-12-31"))

        assert causes(made) == ["CONTRIBUTIONS_BEGAN_LATE"]

    def test_contributions_after_the_employer_closed(self) -> None:
        closed = employer(statuses=(("CLOSED", date(2021, 8, 24)),))
        made = book(insured("1", "2020-01", "2022-12"), employers={ACME: closed})

        assert causes(made) == ["CONTRIBUTIONS_AFTER_CLOSURE"]

    def test_a_job_that_runs_at_a_closed_employer(self) -> None:
        closed = employer(statuses=(("CLOSED", date(2021, 8, 24)),))

        assert causes(book(job("c", "2020-01-01"), employers={ACME: closed})) == ["EMPLOYER_GONE"]

    def test_two_employers_paid_for_the_same_months(self) -> None:
        made = book(
            insured("1", "2020-01", "2020-12"),
            insured("2", "2020-06", "2021-06", employer_code=OTHER),
        )

        assert causes(made) == ["ENTRIES_OVERLAP_PAID"]
        assert made.discrepancies[0].detail == {"other": 1, "months": 7}

    def test_two_contracts_at_once(self) -> None:
        made = book(
            job("1", "2020-01-01", "2020-12-31"),
            job("2", "2020-06-01", "2021-06-30", employer_code=OTHER),
            job("3", "2021-06-30", "2021-12-31", employer_code=THIRD),
        )

        assert causes(made) == ["ENTRIES_OVERLAP"]

    def test_work_before_15(self) -> None:
        child = identity(birth_date=PartialDate(2000, 5, 3))

        assert (
            causes(book(insured("1", "2015-04", "2015-12"), person=child))[-1] == "WORK_BEFORE_15"
        )
        assert "WORK_BEFORE_15" not in causes(
            book(insured("1", "2015-05", "2015-12"), person=child)
        )

    def test_contributions_after_death(self) -> None:
        dead = identity(life_status="DECEASED", life_status_on=date(2020, 3, 1))

        assert causes(book(insured("1", "2020-01", "2020-12"), person=dead)) == [
            "CONTRIBUTIONS_AFTER_DEATH"
        ]

    def test_what_somebody_says_still_runs(self) -> None:
        made = book(insured("1", "2015-01", "2016-12"), remembered("2", "2015-01"))

        assert causes(made) == ["STATED_RUNNING_DIFFERS"]

    def test_flags_of_the_intake_stay_visible(self) -> None:
        made = book(
            insured("1", "2015-01", "2016-12", flags=("WAGE_ABOVE_CEILING",)),
            insured("2", "2017-01", "2017-12", funds=frozenset({"VOL"}), flags=("A",)),
            qualification("3", flags=("B",)),
        )

        assert [(each.cause, each.entry_number) for each in made.discrepancies] == [
            ("A", None),
            ("B", None),
            ("WAGE_ABOVE_CEILING", 1),
        ]

    def test_the_personal_id_says_otherwise(self) -> None:
        assert causes(book(person=identity(sex="M"))) == ["PERSONAL_ID_SEX_DIFFERS"]
