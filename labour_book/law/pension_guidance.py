"""What a person is told of the pension: months so far, months left, the day, the rate."""

from datetime import date

from labour_book.domain.insured_months import InsuredMonths
from labour_book.domain.lines import Identity
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.law.guidance import Entitlement, NotKnown, Right, Sheet
from labour_book.law.pension import contributed_long_enough, pension_rate, pension_years
from labour_book.law.provisions import amount
from labour_book.law.retirement import Retirement, retirement_of

_ACT = "Luật BHXH 41/2024/QH15, art. 64"
_RATE = "Luật BHXH 41/2024/QH15, art. 66"
_AGE = "ND 135/2020/ND-CP, art. 3, 4"
_PER_YEAR = 12
_DAY_RESULTS = ("retirement_age", "retirement_day", "pension_from", "months_missing_then")


def pension_guidance(identity: Identity, insured: InsuredMonths, today: date) -> Entitlement:
    """Return what can be told of the pension on a day; amounts are left out on purpose."""
    sheet = Sheet.of(Right.PENSION, _ACT, _RATE, _AGE)
    counted = insured.for_pension.bit_count()
    sheet.from_book("months_compulsory", insured.paid["SI"].bit_count(), "months")
    sheet.from_book("months_voluntary", insured.paid["VOL"].bit_count(), "months")
    sheet.from_book("months_credited", insured.credited.bit_count(), "months")
    sheet.from_book("reported_through", str(insured.reported), "month")
    sheet.result("months_counted", counted, "months")

    def months() -> None:
        sheet.from_law(["pension.years_needed"], "years", on=today)
        needed = amount("pension.years_needed", on=today) * _PER_YEAR
        sheet.result("months_needed", needed, "months")
        sheet.result("months_missing", max(0, needed - counted), "months")
        sheet.found("contributed_long_enough", contributed_long_enough(counted, today))

    sheet.attempt(("months_needed", "months_missing"), months)
    sheet.attempt(_DAY_RESULTS, lambda: _day(sheet, identity, counted, today))
    sheet.attempt(("rate",), lambda: _rate(sheet, identity, counted, today))
    sheet.condition("no_lower_age", _AGE)
    sheet.condition("nothing_withdrawn", "Luật BHXH 41/2024/QH15, art. 70")
    return sheet.closed()


def _day(sheet: Sheet, identity: Identity, counted: int, today: date) -> None:
    sex, birth = _born(identity)
    sheet.from_book("birth_date", str(birth), "day")
    found = retirement_of(sex, birth)
    who = {"M": "men", "F": "women"}[sex]
    rule = [f"retirement.{who}.{part}" for part in ("age_at_start", "step", "highest_age")]
    sheet.from_law(rule, "months", on=found.last_day)
    sheet.result("retirement_age", found.age_months, "months")
    sheet.result("retirement_day", found.last_day.isoformat(), "day")
    sheet.result("pension_from", found.pension_from.isoformat(), "day")
    _missing_then(sheet, found, counted, today)
    sheet.condition("age_reached", _AGE, holds=today >= found.pension_from)


def _missing_then(sheet: Sheet, found: Retirement, counted: int, today: date) -> None:
    left = max(0, Month.of_day(found.last_day) - Month.of_day(today))
    needed = amount("pension.years_needed", on=today) * _PER_YEAR
    sheet.result("months_until", left, "months")
    sheet.result("months_missing_then", max(0, needed - counted - left), "months")


def _rate(sheet: Sheet, identity: Identity, counted: int, today: date) -> None:
    if not contributed_long_enough(counted, today).holds:
        raise NotKnown("TOO_FEW_MONTHS")
    sex, _ = _born(identity)
    rate = pension_rate(sex, pension_years(counted), today)
    start = "pension.rate_at_start_women" if sex == "F" else "pension.rate_at_start_men"
    sheet.from_law([start, "pension.rate_step", "pension.rate_highest"], "percent", on=today)
    shown = f"{rate.numerator}" if rate.denominator == 1 else f"{float(rate):.2f}".rstrip("0")
    sheet.result("rate", shown, "percent")


def _born(identity: Identity) -> tuple[str, PartialDate]:
    if identity.birth_date is None:
        raise NotKnown("BIRTH_UNKNOWN")
    if identity.sex is None:
        raise NotKnown("SEX_UNKNOWN")
    return identity.sex, PartialDate.parse(identity.birth_date)
