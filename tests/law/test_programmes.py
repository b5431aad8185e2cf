"""Support programmes: seven lives, and what data as code must never do."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from labour_book.domain.months import Month
from labour_book.law.programmes import FACTS, Eligibility, eligibility, programmes
from labour_book.law.provisions import LawNotModelled

LIVES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "lives.yaml").read_text(encoding="utf-8")
)
CODES = sorted(programmes())
TODAY = date(2026, 11, 1)


def facts_of(life: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = dict(life["facts"])
    if "last_month" in facts:
        facts["last_month"] = Month.parse(facts["last_month"])
    return facts


def written(found: Eligibility) -> str:
    if found.sum is None:
        return ""
    most = "" if found.sum.most is None else f"-{found.sum.most}"
    return f"{found.sum.value}{most} {found.sum.unit}"


@pytest.mark.parametrize("life", LIVES, ids=[each["life"] for each in LIVES])
def test_of_a_life_is_as_reckoned_by_hand(life: dict[str, Any]) -> None:
    on, facts = life["day"], facts_of(life)
    live = [each for each in programmes().values() if each.is_live(on)]
    found = {each.code: eligibility(each, facts, on) for each in live}

    gets = {code: written(each) for code, each in found.items() if each.holds}
    fails = {
        code: [condition.name for condition in each.conditions if condition.holds is False]
        for code, each in found.items()
        if each.holds is False
    }
    assert gets == life["gets"]
    assert fails == life["not"]


class TestEligibility:
    @pytest.mark.parametrize("code", CODES)
    def test_is_open_while_something_is_not_known(self, code: str) -> None:
        programme = programmes()[code]
        on = programme.since
        full = next(
            (facts_of(each) for each in LIVES if code in each["gets"]),
            {"clause": 1, "worked_months": 24, "uninsured_worked_months": 24}
            | {"ended_unlawfully": False, "pension_eligible": False},
        )
        for condition in programme.conditions:
            found = eligibility(programme, full | {condition.fact: None}, on)

            assert found.holds is (False if condition.is_known else None), condition.name

    def test_is_over_with_the_last_day(self) -> None:
        fund, facts = programmes()["unemployment-fund-2021"], facts_of(LIVES[4])

        assert eligibility(fund, facts, date(2022, 9, 10)).holds
        assert eligibility(fund, facts, date(2022, 9, 11)).holds is False
        assert eligibility(fund, facts, date(2021, 9, 30)).holds is False

    @pytest.mark.parametrize(
        ("months", "vnd"),
        [
            *((1, 1_800_000), (11, 1_800_000), (12, 2_100_000), (59, 2_100_000)),
            *((60, 2_400_000), (84, 2_650_000), (108, 2_900_000), (132, 3_300_000)),
            (400, 3_300_000),
        ],
    )
    def test_pays_what_the_table_of_2021_says(self, months: int, vnd: int) -> None:
        facts = facts_of(LIVES[4]) | {"ui_months_unused": months}

        found = eligibility(programmes()["unemployment-fund-2021"], facts, date(2021, 11, 1))

        assert found.sum is not None
        assert (found.sum.value, found.sum.unit) == (vnd, "VND")

    def test_tells_no_sum_by_law_that_is_not_modelled(self) -> None:
        benefit = programmes()["unemployment-benefit"]
        facts = facts_of(LIVES[5]) | {"last_month": Month.parse("2014-12")}

        found = eligibility(benefit, facts, TODAY)

        assert (found.holds, found.sum) == (True, None)

    def test_takes_the_number_of_the_law_of_the_day(self) -> None:
        voluntary = programmes()["voluntary-insurance-support"]
        facts = facts_of(LIVES[2]) | {"voluntary_months": 120}

        found = eligibility(voluntary, facts, TODAY)

        assert [each.name for each in found.conditions if each.holds is False] == ["support_left"]

    def test_does_not_guess_earlier_law(self) -> None:
        severance = programmes()["severance"]
        facts = facts_of(LIVES[0]) | {"uninsured_worked_months": 1}

        assert eligibility(severance, facts, date(2020, 12, 31)).holds is False
        with pytest.raises(LawNotModelled):
            severance.conditions[2].test(12, date(2020, 12, 31))


class TestProgrammes:
    def test_ask_only_for_facts_of_a_situation_and_use_each(self) -> None:
        asked = {each.fact for one in programmes().values() for each in one.conditions}
        reckoned = {"average_wage", "last_month", "region", "groups"}

        assert asked | reckoned == FACTS

    @pytest.mark.parametrize("code", CODES)
    def test_say_where_they_stand_in_both_languages(self, code: str) -> None:
        programme = programmes()[code]

        assert programme.article
        assert programme.title_vi != programme.title_en
        assert programme.provenance in {"seen", "secondary", "unverified"}
        assert programme.service_level in range(1, 5)
        assert all(told.article for each in programme.conditions for told in each.told.values())
