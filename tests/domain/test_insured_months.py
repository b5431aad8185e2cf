from labour_book.domain.insured_months import insured_months
from labour_book.domain.months import Month
from tests.domain.factories import AS_OF, OTHER, insured

VOL = frozenset({"VOL"})


class TestInsuredMonths:
    def test_counts_a_month_of_two_jobs_once(self) -> None:
        found = insured_months(
            [
                insured("1", "2020-01", "2020-12"),
                insured("2", "2020-07", "2021-06", employer_code=OTHER, wage_base_vnd=9_000_000),
            ],
            AS_OF,
        )

        assert found.paid["SI"].bit_count() == 18
        assert found.wages[Month.of(2020, 12)] == 6_000_000
        assert found.wages[Month.of(2021, 1)] == 9_000_000

    def test_counts_voluntary_and_recognised_months_for_the_pension_only(self) -> None:
        found = insured_months(
            [
                insured("1", "1990-01", "1991-12", status="credited_duration_only"),
                insured("2", "2020-01", "2020-06", funds=VOL),
                insured("3", "2021-01", "2021-03", status="arrears"),
            ],
            AS_OF,
        )

        assert found.for_pension.bit_count() == 30
        assert found.paid["UI"] == 0
        assert found.wages == {}

    def test_counts_a_running_range_through_the_month_that_was_reported(self) -> None:
        found = insured_months([insured("1", "2026-01")], AS_OF)

        assert str(found.reported) == "2026-10"
        assert found.last_paid("SI") == Month.of(2026, 10)
        assert found.paid_within("UI", Month.of(2026, 6), Month.of(2026, 12)) == 5

    def test_gives_the_last_wages_oldest_first(self) -> None:
        found = insured_months(
            [insured("1", "2026-01", "2026-02"), insured("2", "2026-05", wage_base_vnd=8_000_000)],
            AS_OF,
        )

        wages = found.last_wages(7)

        assert [str(month) for month, _ in wages][:2] == ["2026-02", "2026-05"]
        assert [wage for _, wage in wages] == [6_000_000, *[8_000_000] * 6]
