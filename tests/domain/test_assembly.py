from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from labour_book.domain.assurance import Assurance, Source
from labour_book.domain.book import LabourBook
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from tests.domain.factories import (
    ACME,
    OTHER,
    STATED_AT,
    book,
    employer,
    identity,
    insured,
    job,
    qualification,
    remembered,
)


def causes(made: LabourBook) -> list[str]:
    return [each.cause for each in made.discrepancies]


def spans(made: LabourBook) -> list[tuple[str, str | None]]:
    return [(entry.first_day, entry.last_day) for entry in made.employments]


def wire(ranges: tuple[object, ...]) -> list[str]:
    return [str(each) for each in ranges]


class TestSpells:
    def test_join_ranges_that_adjoin(self) -> None:
        made = book(insured("1", "2020-01", "2020-12"), insured("2", "2021-01", "2021-06"))

        assert spans(made) == [("2020-01", "2021-06")]

    def test_end_at_a_gap(self) -> None:
        made = book(insured("1", "2020-01", "2020-12"), insured("2", "2021-02", "2021-06"))

        assert spans(made) == [("2020-01", "2020-12"), ("2021-02", "2021-06")]

    def test_go_on_through_a_gap_that_a_contract_bridges(self) -> None:
        made = book(
            insured("1", "2020-01", "2020-12"),
            insured("2", "2021-04", "2021-06"),
            job("c", "2020-01-15", "2021-06-30"),
        )

        assert spans(made) == [("2020-01-15", "2021-06-30")]
        assert wire(made.employments[0].months_unknown) == ["2021-01/2021-03"]

    def test_hold_the_contracts_of_one_employer_that_follow_each_other(self) -> None:
        made = book(
            job("1", "2021-01-26", "2022-01-25", running=False, contract_kind="FIXED_TERM"),
            job("2", "2022-01-26", position="Kỹ thuật viên"),
        )

        (entry,) = made.employments
        assert (entry.contract_id, entry.contract_kind) == ("HD-2", "INDEFINITE")
        assert (entry.first_day, entry.last_day, entry.running) == ("2021-01-26", None, True)
        assert entry.position == "Kỹ thuật viên"

    def test_know_an_employer_by_the_first_ten_digits(self) -> None:
        made = book(
            insured("1", "2020-01", "2020-12"),
            insured("2", "2021-01", "2021-06", employer_code=f"{ACME}-001"),
        )

        assert [entry.enterprise_code for entry in made.employments] == [f"{ACME}-001"]

    def test_know_an_employer_by_name_where_there_is_no_code(self) -> None:
        made = book(
            insured("1", "2015-01", "2015-12", employer_name="Công ty TNHH May An Bình"),
            remembered("2", "2015-01", "2015-12", employer_name="CTY TNHH MAY AN BINH"),
        )

        (entry,) = made.employments
        assert entry.enterprise_code == ACME
        assert [each.source for each in entry.sources] == [Source.FORM03, Source.INSURANCE]

    def test_know_an_employer_by_its_former_name(self) -> None:
        renamed = employer(
            names=(
                ("Công ty May Cũ", None, date(2018, 6, 30)),
                ("Công ty May Mới", date(2018, 7, 1), None),
            )
        )
        made = book(
            insured("1", "2015-01", "2015-12", employer_name="CÔNG TY MAY MỚI"),
            remembered("2", "2015-03", "2015-12", employer_name="Cty May Cũ"),
            employers={ACME: renamed},
        )

        assert [entry.employer for entry in made.employments] == ["Công ty May Cũ"]

    def test_do_not_join_a_name_that_two_employers_share(self) -> None:
        made = book(
            insured("1", "2015-01", "2015-12"),
            insured("2", "2015-01", "2015-12", employer_code=OTHER),
            remembered("3", "2015-01", "2015-12"),
        )

        assert len(made.employments) == 3

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
    def test_go_on_where_one_digit_of_the_code_is_mistyped(self, order: tuple[int, ...]) -> None:
        ranges = [
            insured("1", "2013-12", "2019-12", employer_code="4191244139"),
            insured(
                "2",
                "2020-01",
                "2020-12",
                employer_code="4191242139",
                employer_name="CTY TNHH MAY AN BÌNH",
                flags=("ENTERPRISE_CODE_CHECK",),
            ),
            insured("3", "2021-01", "2021-06", employer_code="4191244139"),
        ]

        made = book(*[ranges[at] for at in order])

        assert [entry.enterprise_code for entry in made.employments] == ["4191244139"]
        assert spans(made) == [("2013-12", "2021-06")]
        assert causes(made) == ["ENTERPRISE_CODE_CHECK"]

    def test_take_the_code_of_the_register_for_a_mistyped_one(self) -> None:
        mistyped = employer("4191242139", names=(("Cty May An Bình", None, None),))
        made = book(
            insured("1", "2020-01", "2020-12", employer_code="4191244139"),
            insured("2", "2021-01", "2021-12", employer_code="4191242139"),
            employers={"4191242139": mistyped, "4191244139": employer("4191244139")},
        )

        (entry,) = made.employments
        assert (entry.employer, entry.enterprise_code) == ("Công ty TNHH May An Bình", "4191244139")

    def test_show_a_mistyped_code_that_nobody_states_better(self) -> None:
        made = book(insured("1", "2020-01", "2020-12", employer_code="4191242139"))

        assert made.employments[0].enterprise_code == "4191242139"

    def test_never_join_two_sound_codes(self) -> None:
        made = book(
            insured("1", "2020-01", "2020-12"),
            insured("2", "2021-01", "2021-12", employer_code=OTHER),
        )

        assert [entry.enterprise_code for entry in made.employments] == [ACME, OTHER]

    def test_keep_two_employers_apart(self) -> None:
        made = book(
            insured("1", "2020-01", "2020-12"),
            insured("2", "2020-06", "2021-06", employer_code=OTHER),
        )

        assert [entry.number for entry in made.employments] == [1, 2]
        assert made.insurance.by_fund["SI"] == 18


class TestDates:
    def test_are_the_contract_s_days(self) -> None:
        made = book(insured("1", "2021-04", "2025-09"), job("c", "2021-03-21", "2025-09-30"))

        assert spans(made) == [("2021-03-21", "2025-09-30")]
        assert wire(made.employments[0].months_unknown) == ["2021-03/2021-03"]

    def test_are_months_where_only_the_insurance_knows(self) -> None:
        assert spans(book(insured("1", "2021-04", "2025-09"))) == [("2021-04", "2025-09")]

    def test_stay_as_vague_as_their_source(self) -> None:
        assert spans(book(remembered("1", "1998", "2003-05"))) == [("1998", "2003-05")]

    def test_hold_every_paid_month_even_after_the_contract(self) -> None:
        made = book(insured("1", "2021-01", "2022-06"), job("c", "2021-01-04", "2021-12-31"))

        assert spans(made) == [("2021-01-04", "2022-06")]
        assert causes(made) == ["CONTRIBUTIONS_AFTER_CONTRACT_END"]

    def test_follow_a_decision_rather_than_the_contract(self) -> None:
        made = book(
            job("c", "2021-01-04"),
            job("d", "2021-01-04", "2024-03-31", source=Source.DECISION, contract_id=None),
        )

        (entry,) = made.employments
        assert (entry.last_day, entry.running) == ("2024-03-31", False)
        assert entry.assurance is Assurance.DECIDED

    def test_are_not_stretched_by_what_somebody_remembers(self) -> None:
        made = book(insured("1", "2015-01", "2016-12"), remembered("2", "2014-01", "2017-06"))

        assert spans(made) == [("2015-01", "2016-12")]
        assert causes(made) == ["DATES_DIFFER", "DATES_DIFFER"]

    def test_agree_with_a_year_that_holds_them(self) -> None:
        made = book(insured("1", "2015-03", "2016-12"), remembered("2", "2015", "2016"))

        assert causes(made) == []

    def test_show_no_last_day_of_a_contract_that_runs(self) -> None:
        made = book(job("c", "2026-01-01", "2027-12-31", running=True))

        assert spans(made) == [("2026-01-01", None)]
        assert made.employments[0].running

    def test_end_with_the_term_of_a_contract_nobody_reports_on(self) -> None:
        made = book(job("c", "2021-01-01", "2021-12-31", running=True))

        assert spans(made) == [("2021-01-01", "2021-12-31")]
        assert not made.employments[0].running


class TestMonths:
    def test_of_a_running_range_are_reported_before_it_was_stated(self) -> None:
        made = book(insured("1", "2026-01"))

        assert str(made.insurance.as_of_month) == "2026-10"
        assert wire(made.employments[0].months_paid) == ["2026-01/2026-10"]

    def test_are_paid_owed_or_unknown_and_only_one_of_them(self) -> None:
        made = book(
            insured("1", "2025-01", "2025-06"),
            insured("2", "2025-06", "2025-09", status="arrears"),
            job("c", "2025-01-01"),
        )

        (entry,) = made.employments
        assert wire(entry.months_paid) == ["2025-01/2025-06"]
        assert wire(entry.months_arrears) == ["2025-07/2025-09"]
        assert wire(entry.months_unknown) == ["2025-10/2026-10"]
        assert made.insurance.arrears["SI"] == made.insurance.arrears_months == 3

    def test_credited_without_payment_count_apart(self) -> None:
        made = book(
            insured("1", "1990-01", "1994-12", status="credited_duration_only", wage_base_vnd=0),
            insured("2", "1995-01", "1995-12"),
        )

        (entry,) = made.employments
        assert made.insurance.credited_months == 60
        assert made.insurance.by_fund["SI"] == 12
        assert wire(entry.months_credited) == ["1990-01/1994-12"]

    def test_of_voluntary_insurance_make_no_entry(self) -> None:
        made = book(insured("1", "2025-01", "2025-12", funds=frozenset({"VOL"})))

        assert made.employments == ()
        assert made.insurance.by_fund == {"SI": 0, "UI": 0, "HI": 0, "VOL": 12}

    def test_go_as_far_as_the_register_s_latest_extract(self) -> None:
        made = book(job("c", "2026-01-01"), insurance_as_of=Month.of(2026, 8))

        assert wire(made.employments[0].months_unknown) == ["2026-01/2026-08"]

    def test_paid_by_one_employer_are_not_owed_by_the_person_s_fund(self) -> None:
        made = book(
            insured("1", "2025-01", "2025-06"),
            insured("2", "2025-01", "2025-06", employer_code=OTHER, status="arrears"),
        )

        assert made.insurance.arrears_months == 0


class TestEntry:
    def test_names_the_employer_as_of_then_and_its_status_now(self) -> None:
        changed = employer(
            names=(("Cũ", None, date(2016, 7, 26)), ("Mới", date(2016, 7, 27), None)),
            statuses=(("ACTIVE", None), ("CLOSED", date(2021, 8, 24))),
        )
        made = book(insured("1", "2010-01", "2015-12"), employers={ACME: changed})

        assert made.employments[0].employer == "Cũ"
        assert made.employments[0].employer_status == "CLOSED"

    def test_takes_position_and_pay_from_the_latest(self) -> None:
        made = book(
            insured("1", "2020-01", "2020-12", position="Thợ phụ", wage_base_vnd=4_000_000),
            insured("2", "2021-01", "2021-12", position="Thợ chính", wage_base_vnd=7_000_000),
        )

        assert made.employments[0].position == "Thợ chính"
        assert made.employments[0].wage_base_vnd == 7_000_000

    def test_names_the_workplace(self) -> None:
        made = book(job("c", "2026-01-01"))

        assert made.employments[0].workplace == "Phường Hồng Hà, Thành phố Hà Nội"

    @pytest.mark.parametrize(
        ("facts", "level"),
        [
            ([remembered("1", "2015", "2016")], Assurance.SELF_DECLARED),
            ([remembered("1", "2015", "2016", source=Source.PAPER_BOOK)], Assurance.ATTESTED),
            (
                [insured("1", "2015-01", "2015-12", status="credited_duration_only")],
                Assurance.ATTESTED,
            ),
            ([insured("1", "2015-01", "2015-12", status="arrears")], Assurance.EMPLOYER_DECLARED),
            ([job("1", "2015-01-01", "2015-12-31")], Assurance.CONTRACT_MATCHED),
            ([insured("1", "2015-01", "2015-12")], Assurance.CONTRIBUTION_MATCHED),
            (
                [insured("1", "2015-01", "2015-12"), job("2", "2015-01-01", "2015-12-31")],
                Assurance.CONTRIBUTION_MATCHED,
            ),
        ],
    )
    def test_is_vouched_for_by_its_best_source(self, facts: list, level: Assurance) -> None:  # type: ignore[type-arg]  # mixed facts
        assert book(*facts).employments[0].assurance is level

    def test_keeps_the_reason_of_the_end_from_the_contract_only(self) -> None:
        ended = job("1", "2020-01-01", "2021-12-31", end_reason_clause=3)

        assert book(ended).employments[0].end_reason_clause == 3
        assert book(replace(ended, source=Source.FORM03)).employments[0].end_reason_clause is None

    def test_has_no_reason_while_it_runs(self) -> None:
        made = book(
            job("1", "2020-01-01", "2021-12-31", end_reason_clause=3), job("2", "2022-01-01")
        )

        assert made.employments[0].end_reason_clause is None

    def test_tells_each_source_once_with_its_latest_day(self) -> None:
        older = STATED_AT.replace(year=2020)
        made = book(
            insured("1", "2019-01", "2019-12", stated_at=older), insured("2", "2020-01", "2020-06")
        )

        (source,) = made.employments[0].sources
        assert (source.source, source.stated_on) == (Source.INSURANCE, date(2026, 11, 8))


class TestAsOf:
    def test_knows_nothing_of_what_begins_later(self) -> None:
        made = book(
            insured("1", "2020-01", "2020-12"), job("c", "2021-01-01"), as_of=date(2020, 6, 15)
        )

        (entry,) = made.employments
        assert entry.running
        assert entry.last_day is None
        assert wire(entry.months_paid) == ["2020-01/2020-05"]

    def test_reports_through_the_month_before_without_insurance(self) -> None:
        assert str(book(job("c", "2020-01-01")).insurance.as_of_month) == "2026-10"


class TestGaps:
    def test_are_the_months_without_an_entry(self) -> None:
        made = book(
            insured("1", "2020-01", "2020-12"),
            insured("2", "2021-03", "2026-08", employer_code=OTHER),
        )

        assert [(str(gap.first), str(gap.last)) for gap in made.gaps] == [
            ("2021-01", "2021-02"),
            ("2026-09", "2026-10"),
        ]

    def test_do_not_exist_without_entries(self) -> None:
        assert book().gaps == ()


class TestQualifications:
    def test_stand_once_oldest_first(self) -> None:
        made = book(
            qualification("1"),
            qualification("2", source=Source.WORKER),
            qualification("3", issued_on=PartialDate(2008), number="B1"),
        )

        assert [line.fact_ids for line in made.qualifications] == [("3",), ("1", "2")]
        assert made.qualifications[1].assurance is Assurance.ATTESTED


class TestUnknownStart:
    """Jobs on Form 03 without the day they began: dated by the day of the collection."""

    HELD = remembered("f", "2026-09-14", flags=("START_UNKNOWN",))

    def test_is_no_first_day(self) -> None:
        (entry,) = book(self.HELD).employments

        assert (entry.first_day, entry.known_since) == (None, Month.of(2026, 9))
        assert entry.running

    def test_is_known_where_another_source_says(self) -> None:
        (entry,) = book(self.HELD, insured("1", "2021-03")).employments

        assert (entry.first_day, entry.known_since) == ("2021-03", None)

    def test_contradicts_no_record_of_the_start(self) -> None:
        made = book(self.HELD, insured("1", "2021-03"))

        assert causes(made) == ["START_UNKNOWN"]

    def test_of_a_form_without_a_workplace_says_how_the_person_works(self) -> None:
        alone = replace(self.HELD, employer_name="Tự làm", employment_position="OWN_ACCOUNT")

        (entry,) = book(alone).employments

        assert entry.employer == "(không ghi nơi làm việc; tự làm)"


class TestDeclaredEnds:
    """The employer has filed the end; the registers have not closed their ranges yet."""

    FILED = datetime(2026, 11, 15, 8, 0, tzinfo=UTC)
    END = job(
        "e", "2021-03", "2026-10-31", source=Source.EMPLOYER, stated_at=FILED, contract_id=None
    )
    OPEN = (insured("i", "2021-03"), job("c", "2021-03-15"))

    def test_end_what_no_register_has_closed_yet(self) -> None:
        (entry,) = book(*self.OPEN, self.END).employments

        assert (entry.running, entry.last_day) == (False, "2026-10-31")
        assert entry.first_day == "2021-03-15"
        assert Source.EMPLOYER in {each.source for each in entry.sources}
        assert entry.months_unknown == ()

    def test_are_no_planned_end_of_a_contract(self) -> None:
        planned = job("c", "2021-03-15", "2027-03-14", running=True)

        (entry,) = book(planned, self.END).employments

        assert (entry.running, entry.last_day) == (False, "2026-10-31")

    def test_give_way_to_months_reported_after_them(self) -> None:
        early = replace(self.END, last_day=PartialDate(2026, 6, 30))

        made = book(*self.OPEN, early)

        assert made.employments[0].running
        assert causes(made) == ["CONTRIBUTIONS_AFTER_CONTRACT_END", "STATED_RUNNING_DIFFERS"]

    def test_give_way_to_a_contract_that_is_stated_after_them(self) -> None:
        renewed = job("c", "2021-03-15", stated_at=self.FILED + timedelta(days=1))

        assert book(renewed, self.END).employments[0].running

    def test_give_way_to_a_contract_that_begins_after_them(self) -> None:
        made = book(self.END, job("c", "2026-11-02"))

        assert made.employments[-1].running

    def test_are_not_the_term_that_has_run_out(self) -> None:
        term = replace(self.END, running=True)

        assert book(*self.OPEN, term).employments[0].running

    def test_give_way_to_a_hire_after_them(self) -> None:
        again = replace(
            self.END,
            fact_id="h",
            first_day=PartialDate(2026, 11, 3),
            last_day=None,
            running=True,
        )

        assert book(*self.OPEN, self.END, again).employments[-1].running

    def test_end_what_was_decided_before_them(self) -> None:
        decided = job("d", "2021-03-01", source=Source.DECISION, contract_id=None)

        (entry,) = book(self.OPEN[0], decided, self.END).employments

        assert (entry.running, entry.last_day) == (False, "2026-10-31")


class TestStaleRanges:
    """Ranges that are open only because nobody has closed them."""

    AS_OF = Month.of(2026, 9)
    LEFT_OPEN = insured("1", "2019-02", stated_at=STATED_AT.replace(year=2022, month=5))

    def test_end_with_the_last_month_they_are_known_of(self) -> None:
        made = book(self.LEFT_OPEN, insurance_as_of=self.AS_OF)

        (entry,) = made.employments
        assert (entry.running, entry.last_day) == (False, None)
        assert entry.known_until == Month.of(2022, 4)
        assert wire(entry.months_paid) == ["2019-02/2022-04"]
        assert entry.months_unknown == ()
        assert [str(each.first) for each in made.gaps] == ["2022-05"]

    def test_are_told(self) -> None:
        (found,) = book(self.LEFT_OPEN, insurance_as_of=self.AS_OF).discrepancies

        assert (found.cause, found.entry_number) == ("STALE_OPEN_RANGE", 1)
        assert found.detail == {"known": "2022-04", "reported": "2026-09"}

    def test_do_not_put_the_person_into_insurance(self) -> None:
        assert book(self.LEFT_OPEN, insurance_as_of=self.AS_OF).registration_group is None

    @pytest.mark.parametrize(("month", "runs"), [(6, False), (7, True)])
    def test_are_those_the_register_has_passed_by_more_than_two_months(
        self, month: int, *, runs: bool
    ) -> None:
        stated = insured("1", "2026-01", stated_at=STATED_AT.replace(month=month))
        made = book(stated, insurance_as_of=self.AS_OF)

        assert made.employments[0].running is runs
        assert made.registration_group == (1 if runs else None)
        assert ("STALE_OPEN_RANGE" in causes(made)) is not runs

    def test_go_on_with_a_contract_that_runs(self) -> None:
        made = book(self.LEFT_OPEN, job("c", "2019-01-15"), insurance_as_of=self.AS_OF)

        (entry,) = made.employments
        assert entry.running
        assert wire(entry.months_unknown) == ["2019-01/2019-01", "2022-05/2026-09"]
        assert made.registration_group == 2
        assert "STALE_OPEN_RANGE" in causes(made)

    def test_are_measured_against_the_register_not_the_day(self) -> None:
        assert book(self.LEFT_OPEN).employments[0].running


class TestRegistrationGroup:
    def test_one_is_in_compulsory_insurance(self) -> None:
        assert book(insured("1", "2026-01")).registration_group == 1
        assert book(insured("1", "2026-01", status="arrears")).registration_group == 1

    def test_two_works_outside_it(self) -> None:
        assert book(remembered("1", "2020")).registration_group == 2
        assert book(economic_activity="EMPLOYED").registration_group == 2

    def test_three_is_unemployed(self) -> None:
        assert book(economic_activity="UNEMPLOYED").registration_group == 3

    def test_is_not_guessed(self) -> None:
        assert book(insured("1", "2020-01", "2020-12")).registration_group is None
        assert book(economic_activity="INACTIVE").registration_group is None
        assert (
            book(
                insured("1", "2026-01"), person=identity(life_status="DECEASED")
            ).registration_group
            is None
        )


class TestIdentity:
    def test_is_as_on_the_register_in_title_case(self) -> None:
        person = book().identity

        assert person.full_name == "Nguyễn Thị Hoà"
        assert person.masked() == "********3456"
        assert person.residence == "Phường Hồng Hà, Thành phố Hà Nội"
