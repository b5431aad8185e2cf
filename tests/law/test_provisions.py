from datetime import date

import pytest

from labour_book.errors import Invalid
from labour_book.law import pension, unemployment_benefit
from labour_book.law.provisions import (
    PROVISIONS,
    LawNotModelled,
    amount,
    parameters,
    permille_of,
    value_of,
)

NAMES = sorted(parameters())


class TestParameters:
    @pytest.mark.parametrize("name", NAMES)
    def test_have_unit_source_and_provenance(self, name: str) -> None:
        parameter = parameters()[name]

        assert parameter["label"]
        assert parameter["unit"]
        for since, row in parameter["values"].items():
            assert isinstance(since, date)
            assert isinstance(row["value"], int)
            assert row["source"]
            assert row["provenance"] in {"seen", "secondary", "unverified"}

    @pytest.mark.parametrize("name", NAMES)
    def test_fail_before_their_first_known_value(self, name: str) -> None:
        first = min(parameters()[name]["values"])

        assert amount(name, on=first) == parameters()[name]["values"][first]["value"]
        with pytest.raises(LawNotModelled):
            amount(name, on=date(first.year - 1, 12, 31))

    def test_change_on_their_day(self) -> None:
        assert amount("reference_level", on=date(2026, 6, 30)) == 2_340_000
        assert amount("reference_level", on=date(2026, 7, 1)) == 2_530_000
        assert value_of("reference_level", on=date(2026, 7, 1)).source == "ND 161/2026"

    def test_are_not_invented(self) -> None:
        with pytest.raises(KeyError):
            amount("no.such.parameter", on=date(2026, 1, 1))


class TestProvision:
    def test_is_named_by_its_findings(self) -> None:
        found = pension.contributed_long_enough(179, date(2026, 11, 20))

        assert not found.holds
        assert found.article == PROVISIONS["contributed_long_enough"].article
        assert found.reason == "179 of the 180 months needed"

    def test_holds_from_the_least_months_on(self) -> None:
        on = date(2026, 11, 20)

        assert unemployment_benefit.insured_long_enough(12, on).holds
        assert not unemployment_benefit.insured_long_enough(11, on, short_contract=True).holds
        assert unemployment_benefit.lookback_months(on) == 24
        assert unemployment_benefit.lookback_months(on, short_contract=True) == 36

    def test_knows_no_law_before_its_day(self) -> None:
        assert issubclass(LawNotModelled, Invalid)
        assert all(each.since <= date(2026, 1, 1) for each in PROVISIONS.values())


class TestPermilleOf:
    def test_rounds_half_up(self) -> None:
        assert permille_of(100, 5) == 1
        assert permille_of(99, 5) == 0
