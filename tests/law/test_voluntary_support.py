import pytest

from labour_book.domain.months import Month
from labour_book.errors import Invalid
from labour_book.law.voluntary_support import (
    GROUPS,
    own_payment,
    subsidy,
    voluntary_contribution,
)

NOVEMBER = Month.of(2026, 11)


class TestSubsidy:
    def test_depends_on_the_group(self) -> None:
        amounts = [subsidy([group], NOVEMBER) for group in GROUPS]

        assert amounts == [165_000, 132_000, 99_000, 66_000]

    def test_is_the_highest_of_several(self) -> None:
        assert subsidy(["ETHNIC_MINORITY", "NEAR_POOR"], NOVEMBER) == 132_000
        assert subsidy([], NOVEMBER) == 66_000

    def test_ends_after_ten_years(self) -> None:
        assert subsidy(["OTHER"], NOVEMBER, months_supported=119) == 66_000
        assert subsidy(["OTHER"], NOVEMBER, months_supported=120) == 0


class TestOwnPayment:
    def test_is_what_the_state_does_not_pay(self) -> None:
        assert voluntary_contribution(3_000_000, NOVEMBER) == 660_000
        assert own_payment(3_000_000, ["NEAR_POOR"], NOVEMBER) == 528_000

    @pytest.mark.parametrize("income", [1_499_999, 50_600_001])
    def test_refuses_an_income_out_of_bounds(self, income: int) -> None:
        with pytest.raises(Invalid):
            own_payment(income, [], NOVEMBER)
