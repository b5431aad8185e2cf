"""Coverage recounted by hand; what was counted stays, whatever arrives; few people are not told."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from labour_book.database import transaction
from labour_book.domain.coverage import Indicator, Measure
from labour_book.errors import Invalid
from labour_book.queries import coverage_counts
from labour_book.services import coverage, coverage_figures, coverage_rounds
from labour_book.services.access import Caller, DeniedToRole, NotFoundForCaller
from labour_book.services.coverage import Coverage, NotCounted
from labour_book.services.coverage_figures import NewTarget
from labour_book.services.installation import Installation
from tests.services import coverage as c
from tests.services import people

DAY = timedelta(days=1)


def told(
    inst: Installation, now: datetime, by: Caller = c.COUNTING, code: str = "", **asked: date
) -> Coverage:
    with transaction(inst.engine) as db:
        return coverage.told(db, inst, by, code=code, as_of=asked.get("as_of"), now=now)


@pytest.fixture
def country(inst: Installation, now: datetime) -> Installation:
    """On both databases."""
    c.add_country(inst)
    c.count(inst, now)
    return inst


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Installation:
    c.add_country(sqlite_inst)
    c.count(sqlite_inst, now)
    return sqlite_inst


class TestCount:
    def test_counts_what_counting_by_hand_gives(self, country: Installation) -> None:
        found = {each["place_kind"] + each["place_code"]: each for each in c.counts(country)}

        whole = found["countryVN"]
        assert (whole["people"], whole["working_age"], whole["insured"]) == (11, 9, 8)
        assert (whole["in_arrears"], whole["voluntary"], whole["unemployment"]) == (1, 1, 7)
        assert found["province79"]["insured"] == found[f"commune{c.ELSEWHERE}"]["insured"] == 2
        assert found["province01"]["working_age"] == 7

    def test_stays_when_more_arrives(self, country: Installation, now: datetime) -> None:
        before = c.counts(country)
        later = now + 10 * DAY
        c.late_insurance(country, 8, later)
        people.add_people(country.engine, 3, first=20)

        with transaction(country.engine) as db:
            (first,) = coverage_counts.rounds(db, until=c.QUARTER, known_at=later)
            assert coverage_rounds.is_whole(db, first.id)
            differing = coverage_rounds.differences(db, first.id)
        c.count(country, later)

        after = c.counts(country)
        assert all(each in after for each in before)
        assert set(differing) == {people.COMMUNE}  # three were put on file as if before
        assert told(country, now).counts.insured == 8
        assert told(country, later + DAY).counts.insured == 12

    def test_is_the_same_anew_out_of_what_was_known_then(
        self, country: Installation, now: datetime
    ) -> None:
        c.late_insurance(country, 8, now + DAY)

        with transaction(country.engine) as db:
            (first,) = coverage_counts.rounds(db, until=c.QUARTER, known_at=now)
            assert coverage_rounds.differences(db, first.id) == {}

    def test_is_for_ends_of_months_that_are_over(self, small: Installation, now: datetime) -> None:
        for day in (date(2026, 9, 29), date(2026, 11, 30)):
            with pytest.raises(Invalid):
                c.count(small, now, day)

    def test_goes_day_by_day_by_the_clock(self, small: Installation, now: datetime) -> None:
        def run(at: datetime) -> int:
            with transaction(small.engine) as db:
                return coverage_rounds.count_due(db, c.CLOCK, now=at)

        done = sum(iter(lambda: run(now), 0))

        with transaction(small.engine) as db:
            days = [each.as_of for each in coverage.days_counted(db, now=now)]
        assert done == len(days) - 1
        assert days[:2] == [date(2026, 10, 31), c.QUARTER]
        assert run(now + DAY) == 0
        assert run(now + 7 * DAY) == 1  # late filings: once a week anew


class TestTold:
    def test_says_what_is_missing_and_makes_nothing_up(
        self, small: Installation, now: datetime
    ) -> None:
        found = told(small, now)

        assert found.standing(Indicator.SOCIAL).lacks is Measure.LABOUR_FORCE
        assert found.standing(Indicator.RETIRED).lacks is Measure.PAST_AGE
        assert all(each.now.share is None for each in found.standings)

    def test_divides_by_the_newest_figure_of_the_day_or_before(
        self, country: Installation, now: datetime
    ) -> None:
        c.supply(country, now, ("VN", 18), ("01", 12))
        c.supply(country, now, ("VN", 1), day=date(2026, 10, 1))
        c.supply(country, now + DAY, ("VN", 16))

        first = told(country, now).standing(Indicator.SOCIAL)
        second = told(country, now + DAY)

        assert (first.now.numerator, first.now.denominator, first.now.share) == (8, 18, 4444)
        assert second.standing(Indicator.SOCIAL).now.share == 5000
        shares = {each.place.code: each.cells[Indicator.SOCIAL] for each in second.below}
        assert shares["01"].point.share == 5000
        assert shares["79"].point.share is None
        assert first.ahead == 4444 - (first.line or 0)

    def test_follows_a_target_that_was_assigned(self, small: Installation, now: datetime) -> None:
        with transaction(small.engine) as db:
            new = NewTarget("social_insurance", "01", 2030, 5550, "QĐ 1")
            coverage_figures.assign(db, small, c.APPROVING, new, now=now)
            with pytest.raises(Invalid):
                coverage_figures.assign(db, small, c.APPROVING, replace(new, code=""), now=now)

        (*_, goal) = told(small, now, code="01").standing(Indicator.SOCIAL).goals
        (*_, other) = told(small, now, code="79").standing(Indicator.SOCIAL).goals

        assert (goal.share, goal.provenance) == (5550, "assigned")
        assert (other.share, other.provenance) == (6000, "seen")

    def test_is_for_those_in_charge(self, small: Installation, now: datetime) -> None:
        assert told(small, now, c.PROVINCE).place.code == "01"
        assert told(small, now, c.PROVINCE, people.COMMUNE).counts.insured == 6
        for code in ("VN", "79", c.ELSEWHERE, "99"):
            with pytest.raises(NotFoundForCaller):
                told(small, now, c.PROVINCE, code)
        elsewhere = replace(c.COMMUNE, unit_code="UB-26734")  # on no list of communes
        assert told(small, now, elsewhere).place.kind == "commune"
        with pytest.raises(NotFoundForCaller):
            told(small, now, elsewhere, "01")
        with pytest.raises(NotCounted):
            told(small, now, as_of=date(2026, 6, 30))

    def test_tells_machines_nothing_of_few_people(self, small: Installation, now: datetime) -> None:
        found = told(small, now, c.MACHINE)
        cells = {each.place.code: each.cells[Indicator.SOCIAL] for each in found.below}

        assert cells["79"].hidden
        assert cells["01"].hidden  # else it would be the sum less the other
        assert told(small, now, c.MACHINE, "79").standing(Indicator.SOCIAL).now.numerator is None
        with pytest.raises(NotFoundForCaller):
            told(small, now, c.MACHINE, people.COMMUNE)

    def test_opens_the_records_to_who_may_see_people(
        self, small: Installation, now: datetime
    ) -> None:
        round_id = told(small, now).round.id

        def rows(by: Caller) -> int:
            with transaction(small.engine) as db:
                return len(
                    coverage.people_of(
                        *(db, small, by, Indicator.SOCIAL, people.COMMUNE),
                        round_id=round_id,
                        after=None,
                        now=now,
                    )
                )

        assert rows(c.COMMUNE) == told(small, now, c.COMMUNE).counts.insured == 6
        with pytest.raises(DeniedToRole):
            rows(c.COUNTING)


class TestSupply:
    @pytest.mark.parametrize(
        "changes",
        [
            {"source": " "},
            {"measure": "people"},
            {"day": date(2026, 12, 1)},
            {"values": (("VN", 0),)},
            {"values": (("VN", 1), ("VN", 2))},
        ],
    )
    def test_takes_no_figure_without_a_source_day_and_value(
        self, small: Installation, now: datetime, changes: dict[str, object]
    ) -> None:
        with pytest.raises(Invalid):
            c.supply(small, now, ("VN", 18), **changes)

    def test_is_for_places_under_the_own_unit(self, small: Installation, now: datetime) -> None:
        c.supply(small, now, (people.COMMUNE, 9), by=c.PROVINCE)

        with pytest.raises(NotFoundForCaller):
            c.supply(small, now, ("79", 9), by=c.PROVINCE)
        with pytest.raises(DeniedToRole):
            c.supply(small, now, ("VN", 9), by=c.APPROVING)

    def test_reads_files_as_people_send_them(self) -> None:
        text = "\ufeffMã;Số\r\n01;1.234.567\r\n79; 89\r\n\r\n"

        assert coverage_figures.rows_in(text) == [("01", 1_234_567), ("79", 89)]
        with pytest.raises(Invalid):
            coverage_figures.rows_in("01,abc")
