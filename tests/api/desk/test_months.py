"""The months of a working life as a picture."""

from datetime import date

from api.pages import texts
from api.pages.desk.months import KINDS, years_of
from labour_book.domain.months import Month
from tests.domain.factories import ACME, book, employer, insured


def test_months_that_another_source_contradicts_are_not_drawn_as_paid() -> None:
    gone = employer(statuses=(("ACTIVE", None), ("CLOSED", date(2025, 3, 10))))
    of = book(
        insured("i", "2025-01", "2025-06"),
        employers={ACME: gone},
        insurance_as_of=Month.parse("2025-12"),
    )

    (year, *_) = years_of(of)

    assert year.cells[:6] == ("paid",) * 3 + ("contradicted",) * 3


def test_every_kind_of_month_has_a_word_and_a_sign() -> None:
    assert {f"desk.month.{kind}" for kind in KINDS} <= texts.catalogue().keys()
