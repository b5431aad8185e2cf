"""The rules of the law by name, each with what it asks for: for whoever wants to follow one.

The rules themselves are the functions of this package; here stands only what they are called with.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from labour_book.domain.data_requests import DataRequestKind
from labour_book.domain.filings import DECLARED
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.law import contributions, pension, severance, unemployment_benefit
from labour_book.law import voluntary_support as voluntary
from labour_book.law.data_subject_deadlines import answer_by
from labour_book.law.filing_deadlines import deadline_of
from labour_book.law.provisions import LawNotModelled, amount
from labour_book.law.retirement import retirement_age_months, retirement_of
from labour_book.law.severance import Service
from labour_book.law.steps import Step, unwatched, watching
from labour_book.law.working_days import Calendar

_LARGEST = 10**12
_PER_YEAR = 12


class Kind(StrEnum):
    """What an input is, and so how it is written."""

    VND = "vnd"
    """Whole đồng."""
    COUNT = "count"
    """A whole number: months, working days, a clause."""
    DAY = "day"
    """YYYY-MM-DD."""
    MONTH = "month"
    """YYYY-MM."""
    BIRTH = "birth"
    """YYYY, YYYY-MM or YYYY-MM-DD."""
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a rule asks for. ``usual`` is an example that the rule can be followed with."""

    name: str
    kind: Kind
    usual: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What a rule comes to; the unit is one of ``parameters.yaml``, ``day`` or ``yes_no``."""

    name: str
    value: object
    unit: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by name: what it asks for, and how it is reckoned."""

    name: str
    inputs: tuple[Input, ...]
    reckon: Callable[[Mapping[str, Any]], list[Result]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a rule was applied: with what, in which steps, to what end."""

    rule: str
    given: Mapping[str, str]
    results: Sequence[Result] = field(default_factory=tuple)
    steps: Sequence[Step] = field(default_factory=tuple)
    unknown: str = ""
    """Set where the law of that time is not modelled: what is not known."""


def explain(name: str, given: Mapping[str, str], calendar: Calendar) -> Explanation:
    """Apply a rule to inputs as they are written, and tell how.

    Raises:
        Invalid: an input is missing or is written wrongly; ``field`` says which.
        KeyError: there is no such rule.
    """
    rule = RULES[name]
    values: dict[str, Any] = {
        each.name: _read(each, given.get(each.name, "")) for each in rule.inputs
    }
    said = {each.name: given[each.name].strip() for each in rule.inputs}
    with watching() as steps:
        try:
            results = rule.reckon(values | {"calendar": calendar})
        except LawNotModelled as error:
            known = str(error.facts.get("parameter", error))
            return Explanation(name, said, (), tuple(steps), known)
    return Explanation(name, said, tuple(results), tuple(steps))


def _read(wanted: Input, text: str) -> Any:  # noqa: ANN401 - as many types as kinds of input
    text = text.strip()
    if wanted.kind is Kind.CHOICE and text not in wanted.choices:
        raise _wrong(wanted)
    try:
        value = _READ[wanted.kind](text)
    except (ValueError, OverflowError, Invalid) as error:
        raise _wrong(wanted) from error
    if isinstance(value, int) and not 0 <= value <= _LARGEST:
        raise _wrong(wanted)
    return value


def _wrong(wanted: Input) -> Invalid:
    written = ", ".join(wanted.choices) or _WRITTEN[wanted.kind]
    return Invalid(f"{wanted.name}: {written}", field=wanted.name)


_READ: Mapping[Kind, Callable[[str], Any]] = {
    Kind.VND: lambda text: int(text.replace(".", "").replace(",", "")),
    Kind.COUNT: int,
    Kind.DAY: date.fromisoformat,
    Kind.MONTH: Month.parse,
    Kind.BIRTH: PartialDate.parse,
    Kind.CHOICE: str,
}
_WRITTEN = {
    Kind.VND: "an amount in whole đồng",
    Kind.COUNT: "a whole number, 0 or more",
    Kind.DAY: "a day, YYYY-MM-DD",
    Kind.MONTH: "a month, YYYY-MM",
    Kind.BIRTH: "a birth date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD",
}


def _contributions(given: Mapping[str, Any]) -> list[Result]:
    side = {
        "employee": contributions.employee_contribution,
        "employer": contributions.employer_contribution,
    }[given["payer"]]
    found = side(given["wage"], given["month"], region=given["region"])
    funds = ("pension", "sickness_maternity", "accident", "health", "unemployment", "total")
    return [Result(fund, getattr(found, fund), "VND per month") for fund in funds]


def _voluntary(given: Mapping[str, Any]) -> list[Result]:
    whole = voluntary.voluntary_contribution(given["income"], given["month"])
    state = voluntary.subsidy(
        [given["group"]], given["month"], months_supported=given["months_supported"]
    )
    return [
        Result("voluntary_contribution", whole, "VND per month"),
        Result("subsidy", state, "VND per month"),
        Result("own_payment", whole - state, "VND per month"),
    ]


def _unemployment(given: Mapping[str, Any]) -> list[Result]:
    ended, total = given["ended_on"], given["months_insured"]
    short = given["short_contract"] == "yes"
    enough = unemployment_benefit.insured_long_enough(
        given["months_in_lookback"], ended, short_contract=short
    )
    if not enough.holds:
        return [Result("insured_long_enough", value=False, unit="yes_no")]
    level = unemployment_benefit.monthly_benefit(
        given["average_wage"], region=given["region"], last_month=given["last_month"]
    )
    return [
        Result("insured_long_enough", value=True, unit="yes_no"),
        Result("monthly_benefit", level, "VND per month"),
        Result("benefit_months", unemployment_benefit.benefit_months(total, ended), "months"),
        Result("reserved_months", unemployment_benefit.reserved_months(total, ended), "months"),
        Result("apply_by", unemployment_benefit.apply_by(ended), "day"),
    ]


def _retirement(given: Mapping[str, Any]) -> list[Result]:
    with unwatched():  # each year is tried until the age is reached in it
        found = retirement_of(given["sex"], given["birth"])
    age = retirement_age_months(given["sex"], found.last_day.year)
    return [
        Result("retirement_age_months", age, "months"),
        Result("last_day", found.last_day, "day"),
        Result("pension_from", found.pension_from, "day"),
    ]


def _pension(given: Mapping[str, Any]) -> list[Result]:
    on, months = given["on"], given["months"]
    enough = pension.contributed_long_enough(months, on).holds
    told = [Result("contributed_long_enough", enough, "yes_no")]
    if not enough:
        missing = amount("pension.years_needed", on=on) * _PER_YEAR - months
        return [*told, Result("months_missing", missing, "months")]
    years = pension.pension_years(months)
    rate = pension.pension_rate(given["sex"], years, on)
    return [*told, Result("pension_years", years, "years"), Result("pension_rate", rate, "percent")]


def _severance(given: Mapping[str, Any]) -> list[Result]:
    on, clause = given["ended_on"], given["clause"]
    service = Service(given["worked"], given["insured"], given["paid"])
    lawful = given["lawful"] == "yes"
    owed = severance.severance_is_owed(clause, service, on, lawful=lawful).holds
    redundant = severance.job_loss_allowance_is_owed(clause, service, on).holds
    told = [
        Result("severance_is_owed", owed, "yes_no"),
        Result("job_loss_allowance_is_owed", redundant, "yes_no"),
    ]
    if owed:
        told.append(Result("severance", severance.severance(service, on), "months of wage"))
    if redundant:
        allowance = severance.job_loss_allowance(service, on)
        told.append(Result("job_loss_allowance", allowance, "months of wage"))
    return told


def _filing(given: Mapping[str, Any]) -> list[Result]:
    with unwatched():
        found = deadline_of(given["what"], given["happened_on"])
    days = amount(f"filing.{given['what']}", on=given["happened_on"])
    assert found is not None
    return [Result("days", days, "calendar days"), Result("due_on", found.due_on, "day")]


def _data_request(given: Mapping[str, Any]) -> list[Result]:
    asked = given["asked_on"]
    calendar: Calendar = given["calendar"]
    hear_by = calendar.after(asked, amount("data_subject.acknowledgement", on=asked))
    third = given["third_party"] == "yes"
    answer = answer_by(DataRequestKind(given["request"]), asked, third_party=third)
    return [Result("acknowledge_by", hear_by, "day"), Result("answer_by", answer, "day")]


def _working_days(given: Mapping[str, Any]) -> list[Result]:
    calendar: Calendar = given["calendar"]
    return [Result("due_on", calendar.after(given["begins_on"], given["days"]), "day")]


_MONTH = Input("month", Kind.MONTH, "2026-07")
_REGION = Input("region", Kind.CHOICE, "I", contributions.REGIONS)
_SEX = Input("sex", Kind.CHOICE, "F", ("F", "M"))
_YES_NO = ("yes", "no")

RULES: Mapping[str, Rule] = {
    each.name: each
    for each in (
        Rule(
            "contributions",
            (
                Input("payer", Kind.CHOICE, "employee", ("employee", "employer")),
                Input("wage", Kind.VND, "60000000"),
                _MONTH,
                _REGION,
            ),
            _contributions,
        ),
        Rule(
            "voluntary",
            (
                Input("income", Kind.VND, "3000000"),
                Input("group", Kind.CHOICE, "NEAR_POOR", voluntary.GROUPS),
                Input("months_supported", Kind.COUNT, "0"),
                _MONTH,
            ),
            _voluntary,
        ),
        Rule(
            "unemployment",
            (
                Input("ended_on", Kind.DAY, "2026-04-15"),
                Input("months_insured", Kind.COUNT, "48"),
                Input("months_in_lookback", Kind.COUNT, "24"),
                Input("short_contract", Kind.CHOICE, "no", _YES_NO),
                Input("average_wage", Kind.VND, "40000000"),
                Input("last_month", Kind.MONTH, "2026-03"),
                _REGION,
            ),
            _unemployment,
        ),
        Rule("retirement", (_SEX, Input("birth", Kind.BIRTH, "1969-09-01")), _retirement),
        Rule(
            "pension",
            (_SEX, Input("months", Kind.COUNT, "187"), Input("on", Kind.DAY, "2026-11-01")),
            _pension,
        ),
        Rule(
            "severance",
            (
                Input("clause", Kind.COUNT, "11"),
                Input("lawful", Kind.CHOICE, "yes", _YES_NO),
                Input("worked", Kind.COUNT, "100"),
                Input("insured", Kind.COUNT, "80"),
                Input("paid", Kind.COUNT, "0"),
                Input("ended_on", Kind.DAY, "2026-04-15"),
            ),
            _severance,
        ),
        Rule(
            "filing",
            (
                Input("what", Kind.CHOICE, "hire", tuple(sorted(DECLARED))),
                Input("happened_on", Kind.DAY, "2026-07-01"),
            ),
            _filing,
        ),
        Rule(
            "data-request",
            (
                Input("request", Kind.CHOICE, "delete", tuple(DataRequestKind)),
                Input("third_party", Kind.CHOICE, "no", _YES_NO),
                Input("asked_on", Kind.DAY, "2026-11-02"),
            ),
            _data_request,
        ),
        Rule(
            "working-days",
            (Input("begins_on", Kind.DAY, "2026-02-13"), Input("days", Kind.COUNT, "5")),
            _working_days,
        ),
    )
}
"""In the order in which they are listed."""
