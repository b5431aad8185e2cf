import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given

from labour_book.domain.book import claims, content_of
from labour_book.domain.facts import QualificationFact
from labour_book.domain.months import Month
from tests.domain.factories import (
    AS_OF,
    OTHER,
    STATED_AT,
    book,
    insured,
    job,
    qualification,
    remembered,
)
from tests.domain.test_book_properties import Fact, fewer, made_of, some_facts

TYPICAL: list[Fact | QualificationFact] = [
    insured("1", "2020-01", "2020-12"),
    insured("2", "2021-03", employer_code=OTHER, employer_name="Công ty B"),
    job("3", "2021-03-01", employer_code=OTHER),
    qualification("4"),
]


def leaves(value: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for name, each in value.items() for leaf in leaves(each, f"{path}.{name}")]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each, path)]
    return [(path, value)]


class TestClaims:
    def test_have_exactly_the_agreed_names(self) -> None:
        record = claims(book(*TYPICAL))

        assert list(record) == [
            "book_no", "as_of", "worker", "employments", "insurance", "gaps", "qualifications",
            "registration_group",
        ]  # fmt: skip
        assert set(record["employments"][1]) == {
            "no", "employer", "enterprise_code", "position", "occupation_code", "contract_kind",
            "contract_id", "workplace", "first_day", "months_paid", "months_arrears",
            "months_unknown", "paid", "arrears", "unknown", "assurance", "wage_base_vnd",
        }  # fmt: skip
        assert set(record["insurance"]) == {
            "SI", "UI", "HI", "VOL", "credited_months", "arrears_months", "first_month",
            "last_month", "as_of_month",
        }  # fmt: skip
        assert record["employments"][0]["paid"] == ["2020-01/2020-12"]
        assert record["gaps"] == [{"first": "2021-01", "last": "2021-02"}]

    def test_say_when_a_job_was_found_where_nobody_knows_its_start(self) -> None:
        found = remembered("f", "2026-09-14", flags=("START_UNKNOWN",))

        (entry,) = claims(book(found))["employments"]

        assert "first_day" not in entry
        assert entry["known_since"] == "2026-09"

    def test_tell_a_job_nobody_vouches_for_from_one_that_runs(self) -> None:
        stale = insured("1", "2019-02", stated_at=STATED_AT.replace(year=2022, month=5))

        (left_open,) = claims(book(stale, insurance_as_of=Month.of(2026, 9)))["employments"]
        (runs,) = claims(book(insured("1", "2019-02")))["employments"]

        assert left_open["known_until"] == "2022-04"
        assert not {"last_day", "known_until"} & runs.keys()

    @pytest.mark.parametrize(
        ("match_state", "told"),
        [
            *((state, state) for state in ("MATCHED", "MISMATCH", "NOT_FOUND", "UNCHECKED")),
            ("DECEASED", "MATCHED"),
            ("", None),
        ],
    )
    def test_say_what_came_of_looking_the_person_up(
        self, match_state: str, told: str | None
    ) -> None:
        made = book(*TYPICAL)
        found = replace(made, identity=replace(made.identity, match_state=match_state))

        assert claims(found)["worker"].get("population_check") == told

    @fewer
    @given(some_facts())
    def test_never_say_why_a_job_ended(self, facts: list[Fact]) -> None:
        record = claims(made_of(facts, AS_OF))

        assert not [path for path, _ in leaves(record) if "reason" in path or "clause" in path]

    @fewer
    @given(some_facts())
    def test_hold_only_what_has_one_canonical_form(self, facts: list[Fact]) -> None:
        record = claims(made_of(facts, AS_OF))

        assert {type(value) for _, value in leaves(record)} <= {str, int}
        assert json.loads(json.dumps(record)) == record

    @fewer
    @given(some_facts())
    def test_count_what_they_list(self, facts: list[Fact]) -> None:
        for entry in claims(made_of(facts, AS_OF))["employments"]:
            assert bool(entry["months_paid"]) == bool(entry["paid"])
            assert bool(entry["months_unknown"]) == bool(entry["unknown"])


class TestContentOf:
    def test_does_not_change_from_day_to_day(self) -> None:
        today = content_of(claims(book(*TYPICAL)))
        tomorrow = content_of(claims(book(*TYPICAL, as_of=AS_OF + timedelta(days=1))))

        assert today == tomorrow

    def test_does_not_change_while_a_gap_stays_open(self) -> None:
        closed = insured("1", "2020-01", "2020-12")
        now = content_of(claims(book(closed)))
        later = content_of(claims(book(closed, as_of=date(2027, 3, 1))))

        assert now == later

    def test_changes_with_every_fact(self) -> None:
        whole = content_of(claims(book(*TYPICAL)))

        for left_out in TYPICAL:
            rest = [fact for fact in TYPICAL if fact is not left_out]
            assert content_of(claims(book(*rest))) != whole
