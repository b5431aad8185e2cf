from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from labour_book.domain.check_rules import rules
from labour_book.domain.firm_checks import Headcounts, Standing, checked_firm, headcounts
from labour_book.domain.months import Month

REPORTED = Month.parse("2026-10").ordinal
LIMITS = {code: each.threshold for code, each in rules().items() if each.threshold is not None}
FIRM = Standing("0100109106", "00097", 20, "ACTIVE", None, 20, 0, 20, 0)


def steady(count: int, months: int, *then: int) -> Headcounts:
    counts = (*[count] * months, *then)
    return Headcounts(REPORTED - len(counts) + 1, counts)


def found(
    firm: Standing = FIRM, counts: Headcounts | None = None
) -> Mapping[str, Mapping[str, str | int]]:
    given = counts or steady(20, 36)
    return {each.rule: each.detail for each in checked_firm(firm, given, LIMITS)}


class TestHeadcounts:
    def test_count_a_range_in_its_last_month_too(self) -> None:
        begun, ended = {REPORTED - 3: 2}, {REPORTED - 2: 1}

        assert headcounts(begun, ended, REPORTED).counts == (2, 2, 1, 1)

    def test_do_not_fall_where_one_range_follows_another(self) -> None:
        begun, ended = {REPORTED - 3: 5, REPORTED - 1: 5}, {REPORTED - 2: 5}

        assert headcounts(begun, ended, REPORTED).counts == (5, 5, 5, 5)

    def test_are_none_where_nobody_was_ever_insured(self) -> None:
        assert headcounts({}, {}, REPORTED).counts == ()


class TestCheckedFirm:
    def test_finds_nothing_where_the_numbers_agree(self) -> None:
        assert found() == {}

    def test_finds_fewer_insured_than_expected(self) -> None:
        assert "FIRM_HEADCOUNT_GAP" not in found(replace(FIRM, insured=10))

        assert found(replace(FIRM, insured=9))["FIRM_HEADCOUNT_GAP"] == {
            "expected": 20,
            "insured": 9,
            "ours": 20,
            "threshold": "50",
        }

    def test_leaves_small_firms_alone(self) -> None:
        assert found(replace(FIRM, expected=9, insured=0, ours=2, uninsured=2)) == {}

    def test_finds_contracts_without_insurance_and_arrears(self) -> None:
        assert set(found(replace(FIRM, uninsured=4, arrears=6))) == {
            "FIRM_CONTRACTS_UNINSURED",
            "FIRM_ARREARS",
        }
        assert found(replace(FIRM, uninsured=3, arrears=5)) == {}

    def test_asks_of_a_firm_that_is_gone_only_who_is_left(self) -> None:
        gone = replace(FIRM, status="CLOSED", since=date(2026, 3, 5), insured=2, arrears=2)

        assert found(gone) == {
            "FIRM_GONE_WITH_INSURED": {"insured": 2, "ours": 20, "closed": "2026-03"}
        }

    def test_finds_workers_who_vanish_in_one_month_and_calls_it_no_jump_as_well(self) -> None:
        detail = found(counts=steady(20, 36, 8, 8))

        assert set(detail) == {"FIRM_WORKERS_VANISH"}
        assert detail["FIRM_WORKERS_VANISH"] == {
            "month": "2026-09",
            "before": 20,
            "after": 8,
            "share": 60,
            "threshold": "50",
        }

    def test_does_not_call_it_vanishing_when_half_stay_or_it_was_long_ago(self) -> None:
        assert "FIRM_WORKERS_VANISH" not in found(counts=steady(20, 36, 11))
        assert "FIRM_WORKERS_VANISH" not in found(counts=steady(20, 5, *[8] * 13))

    def test_finds_a_jump_against_the_firms_own_months(self) -> None:
        jump = found(counts=steady(20, 30, 45, 45))["HEADCOUNT_JUMP"]

        assert jump["change"] == "+25"
        assert jump["median"] == "0"
        assert jump["z"] == "16,9"
        assert jump["threshold"] == "3,5"

    def test_knows_firms_that_always_go_up_and_down(self) -> None:
        seasonal = [20, 35] * 18

        assert found(counts=Headcounts(REPORTED - 35, tuple(seasonal))) == {}

    def test_says_nothing_of_a_firm_too_young_to_have_a_usual_month(self) -> None:
        assert found(counts=steady(20, 6, 45)) == {}
