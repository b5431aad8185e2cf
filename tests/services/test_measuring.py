"""The four numbers of a day, recounted by hand; their history; what a round leaves of them."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

import pytest

from labour_book.database import transaction
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import quality_snapshots
from labour_book.queries.quality_snapshots import COUNTRY, Numbers
from labour_book.services import measuring
from labour_book.services.installation import Installation
from labour_book.services.quality import four
from labour_book.tables import EmploymentFact, InsuranceFact, Person, QualitySnapshot
from tests.services import checks, people

ELSEWHERE = "26734"


@pytest.fixture
def country(inst: Installation) -> Installation:
    """Seven people of two communes, one of them dead, with every number below all."""
    people.add_units(inst.engine)
    people.add_people(inst.engine, 7)
    checks.change(inst, Person, 1, 1, match_state="NOT_FOUND", residence_commune=ELSEWHERE)
    checks.change(inst, Person, 2, 1, life_status="DECEASED", match_state="DECEASED")
    for number in (3, 4):
        checks.add_form(inst, number)
    old = datetime.fromisoformat("2024-05-01T03:00:00+00:00")
    for number in (5, 6):
        checks.change(inst, InsuranceFact, number, 5, stated_at=old, last_month="2024-04")
        checks.change(inst, EmploymentFact, number, 4, stated_at=old)
    return inst


def numbers(inst: Installation, kind: str, code: str) -> Numbers:
    with transaction(inst.engine) as db:
        (found,) = quality_snapshots.latest(db, kind, [code])
    return found


class TestMeasure:
    def test_counts_what_counting_by_hand_gives(self, country: Installation, now: datetime) -> None:
        checks.run(country, now)

        found = asdict(numbers(country, "country", COUNTRY))
        counted = checks.recount(country, vietnam_day(now))

        assert {name: found[name] for name in counted} == counted
        assert (found["people"], found["matched"], found["complete"]) == (6, 5, 2)
        assert (found["clean"], found["within_year"]) == (4, 4)

    def test_divides_by_place_employer_and_register(
        self, country: Installation, now: datetime
    ) -> None:
        checks.run(country, now)

        elsewhere = numbers(country, "commune", ELSEWHERE)
        province = numbers(country, "province", "01")
        employer = numbers(country, "employer", people.EMPLOYER_CODE)
        forms = numbers(country, "register", "FORM03")

        assert (elsewhere.people, elsewhere.matched) == (1, 0)
        assert (province.people, province.matched) == (5, 5)
        assert (employer.people, employer.dated) == (6, 6)
        assert (forms.people, forms.complete) == (2, 2)
        assert province.fields["general_education"] == 3
        assert province.missing == sum(province.fields.values())

    def test_keeps_no_numbers_of_an_employer_with_few_people(
        self, country: Installation, now: datetime
    ) -> None:
        for number in (3, 4):
            checks.change(country, EmploymentFact, number, 4, running=False)
            checks.change(country, InsuranceFact, number, 5, last_month="2025-01")

        checks.run(country, now)

        with transaction(country.engine) as db:
            assert quality_snapshots.latest(db, "employer") == []

    def test_keeps_one_row_for_a_day_and_the_days_before(
        self, country: Installation, now: datetime
    ) -> None:
        for after in (timedelta(), timedelta(hours=1), timedelta(days=1)):
            checks.run(country, now + after)

        with transaction(country.engine) as db:
            history = quality_snapshots.history(db, "country", COUNTRY, since=date(2026, 1, 1))
        assert [each.day for each in history] == [date(2026, 11, 20), date(2026, 11, 21)]
        assert [four(each)[0].value for each in history] == [83.3, 83.3]

    def test_thins_out_days_that_are_long_past(self, country: Installation, now: datetime) -> None:
        checks.run(country, now)
        late = now + measuring.KEPT_DAILY + timedelta(days=12)
        for at in (now + timedelta(days=11), late):
            with transaction(country.engine) as db:
                for kind in measuring.KINDS:
                    measuring.measure(db, kind, now=at)

        kept = {
            (row["scope_kind"], row["day"])
            for row in checks.rows(country, QualitySnapshot)
            if row["scope_kind"] in {"commune", "country"}
        }
        assert ("commune", date(2026, 11, 20)) not in kept
        assert {("commune", date(2026, 12, 1)), ("country", date(2026, 11, 20))} <= kept
