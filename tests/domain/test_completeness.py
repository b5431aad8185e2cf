from datetime import date
from typing import Any

from labour_book import data
from labour_book.domain.completeness import completeness, fields_on
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from tests.domain.factories import book, identity, insured, job, qualification, remembered

FORM: dict[str, Any] = {
    "general_education": "UPPER_SECONDARY",
    "technical_qualification": "NONE",
    "economic_activity": "INACTIVE",
}
REPORTED = Month.parse("2026-10")


class TestCompleteness:
    def test_asks_of_somebody_without_work_only_what_concerns_everybody(self) -> None:
        whole = completeness(book(economic_activity="INACTIVE"), FORM, "01")

        assert whole.missing == ()
        assert "position" not in whole.required
        assert len(whole.required) == 9

    def test_takes_a_diploma_for_the_qualification_and_the_register_for_the_state(self) -> None:
        of = book(
            job("j", "2025-01-01"),
            insured("i", "2025-01"),
            qualification("q"),
            insurance_as_of=REPORTED,
        )

        assert completeness(of, {}, "01").missing == ("general_education",)

    def test_misses_what_the_employer_has_to_declare_for_the_insured(self) -> None:
        of = book(insured("i", "2025-01"), insurance_as_of=REPORTED)

        missing = completeness(of, FORM, "01").missing

        assert missing == ("occupation", "workplace", "contract_kind")

    def test_asks_no_contract_of_those_outside_compulsory_insurance(self) -> None:
        form = FORM | {"economic_activity": "EMPLOYED", "si_type": "NONE"}
        of = book(
            remembered("j", "2025-01-01", occupation_code="75", workplace_commune="00097"),
            economic_activity="EMPLOYED",
        )

        assert completeness(of, form, "01").missing == ()

    def test_wants_a_whole_birth_date_and_the_ethnic_group(self) -> None:
        of = book(person=identity(birth_date=PartialDate(1990)), economic_activity="INACTIVE")

        assert completeness(of, FORM, None).missing == ("birth_date", "ethnic_group")


class TestFieldsOn:
    def test_follows_the_law_of_the_day(self) -> None:
        before = {name for name, _ in fields_on(date(2025, 12, 31))}
        after = {name for name, _ in fields_on(date(2026, 1, 1))}

        assert after - before == {"occupation", "contract_kind", "employer_code"}
        assert before < after

    def test_every_field_has_words_and_a_source(self) -> None:
        assert all(
            each["label_vi"] and each["label_en"] and each["source"]
            for each in data.required_fields()
        )
