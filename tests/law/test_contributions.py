import pytest

from labour_book.domain.months import Month
from labour_book.law.contributions import (
    REGIONS,
    employee_contribution,
    employer_contribution,
    health_base,
    insurance_base,
    unemployment_base,
)
from labour_book.law.provisions import LawNotModelled

NOVEMBER = Month.of(2026, 11)


class TestInsuranceBase:
    @pytest.mark.parametrize(("month", "base"), [("2026-06", 46_800_000), ("2026-07", 50_600_000)])
    def test_has_the_ceiling_of_its_month(self, month: str, base: int) -> None:
        assert insurance_base(60_000_000, Month.parse(month)) == base
        assert health_base(60_000_000, Month.parse(month)) == base

    def test_has_a_floor(self) -> None:
        assert insurance_base(1_000_000, NOVEMBER) == 2_530_000

    def test_is_not_guessed_for_earlier_law(self) -> None:
        with pytest.raises(LawNotModelled):
            insurance_base(5_000_000, Month.of(2025, 6))


class TestUnemploymentBase:
    def test_has_the_ceiling_of_the_region(self) -> None:
        ceilings = [unemployment_base(200_000_000, NOVEMBER, region) for region in REGIONS]

        assert ceilings == [106_200_000, 94_600_000, 82_800_000, 74_000_000]


class TestContribution:
    def test_of_both_sides(self) -> None:
        worker = employee_contribution(10_000_000, NOVEMBER, region="I")
        firm = employer_contribution(10_000_000, NOVEMBER, region="I")

        assert (worker.pension, worker.health, worker.unemployment) == (800_000, 150_000, 100_000)
        assert worker.total == 1_050_000
        assert firm.total == 2_150_000
