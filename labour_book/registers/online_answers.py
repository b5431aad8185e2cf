"""What registers answer about one person or enterprise, read strictly and typed.

A value may come wrapped, ``{value, state, source, as_of}``: then ``states`` says of every one that
is not simply present what is known of it. Keys nobody knows are kept out; a missing or malformed
value that the answer is useless without makes the whole answer unusable.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.registers.envelope import ValueState, unusable

MOST_ITEMS = 2000
"""Nobody has more periods, contracts or diplomas."""
_WRAPPING = frozenset({"value", "state", "source", "as_of"})
_NO_VALUE = frozenset({ValueState.ABSENT, ValueState.UNKNOWN, ValueState.WITHHELD})


def _day(value: object) -> date:
    if not isinstance(value, str) or len(value) != len("YYYY-MM-DD"):
        raise ValueError("a day is written YYYY-MM-DD")
    return date.fromisoformat(value)


def _month(value: object) -> Month:
    if not isinstance(value, str):
        raise TypeError("a month is written YYYY-MM")
    try:
        return Month.parse(value)
    except Invalid as error:
        raise ValueError(str(error)) from error


def _day_or_month(value: object) -> PartialDate:
    if not isinstance(value, str):
        raise TypeError("a date is written YYYY, YYYY-MM or YYYY-MM-DD")
    try:
        return PartialDate.parse(value)
    except Invalid as error:
        raise ValueError(str(error)) from error


Day = Annotated[date, BeforeValidator(_day)]
MonthOfYear = Annotated[Month, BeforeValidator(_month)]
DayOrMonth = Annotated[PartialDate, BeforeValidator(_day_or_month)]
Text = Annotated[str, Field(strict=True, max_length=400)]
Code = Annotated[str, Field(strict=True, min_length=1, max_length=64)]
Number = Annotated[int, Field(strict=True, ge=0, le=10**9)]


class _Answered(BaseModel):
    """A part of an answer, its values unwrapped."""

    model_config = ConfigDict(extra="ignore", frozen=True, arbitrary_types_allowed=True)

    states: Mapping[str, ValueState] = Field(default_factory=dict)
    """By name, the values of which something has to be said."""

    @model_validator(mode="before")
    @classmethod
    def _unwrapped(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        values: dict[str, Any] = {}
        states: dict[str, ValueState] = {}
        for name, value in given.items():
            if name == "states":
                continue  # ours alone; a register does not fill it in
            values[name], state = _value_and_state(value)
            if state is not ValueState.PRESENT:
                states[name] = state
        return values | {"states": states}


def _value_and_state(value: object) -> tuple[object, ValueState]:
    if not isinstance(value, dict) or "state" not in value or not value.keys() <= _WRAPPING:
        return value, ValueState.PRESENT
    state = ValueState(value["state"])
    return (None if state in _NO_VALUE else value.get("value")), state


class PopulationAnswer(_Answered):
    """Whether number, name and birth date belong together (xác thực thông tin công dân).

    Yes or no and why not, never the right value. ``causes`` are such as NAME_SPELLING,
    NAME_TONE_MARKS, NAME_DIFFERS, BIRTH_DATE_PARTIAL, BIRTH_DATE_SWAPPED, BIRTH_DATE_YEAR_ONLY,
    BIRTH_DATE_DIFFERS, OLD_NUMBER, CANCELLED_NUMBER, ONE_DIGIT.
    """

    result: Literal["MATCHED", "MISMATCH", "NOT_FOUND", "DECEASED"]
    causes: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    deceased_on: Day | None = None


class InsuredMonths(_Answered):
    """Months of insurance at one unit, both ends included; no last month while it runs."""

    enterprise_code: Code | None = None
    unit_name: Text
    first_month: MonthOfYear
    last_month: MonthOfYear | None = None
    status: Literal["contributed", "arrears", "credited_duration_only"]
    funds: Annotated[tuple[Literal["SI", "UI", "HI", "VOL"], ...], Field(max_length=4)] = ()
    si_number: Code | None = None


class InsuranceAnswer(_Answered):
    """Where and when somebody took part in social insurance (quá trình tham gia BHXH)."""

    periods: Annotated[tuple[InsuredMonths, ...], Field(max_length=MOST_ITEMS)]
    reported_through: MonthOfYear
    """The last month of which the register knows anything."""


class ContractEvent(_Answered):
    """An event of one labour contract; the state after it. Days inclusive."""

    message_id: Code
    contract_id: Code
    event: Literal["SIGNED", "AMENDED", "SUSPENDED", "ENDED"]
    sequence: Annotated[Number, Field(ge=1)]
    enterprise_code: Code
    position: Text
    contract_kind: Literal["INDEFINITE", "FIXED_TERM"]
    first_day: Day
    last_day: Day | None = None
    effective_on: Day


class ContractsAnswer(_Answered):
    """The events of all labour contracts of somebody, each once, in order whatever came."""

    events: Annotated[tuple[ContractEvent, ...], Field(max_length=MOST_ITEMS)]

    def newest(self) -> tuple[ContractEvent, ...]:
        """Return the state of each contract: its last event, by contract."""
        return tuple({each.contract_id: each for each in self.events}.values())


class Qualification(_Answered):
    """A diploma or certificate (văn bằng, chứng chỉ)."""

    kind: Code
    level: Code
    field: Text
    issuer: Text
    issued_on: DayOrMonth
    number: Code


class QualificationsAnswer(_Answered):
    """The diplomas and certificates that were issued to somebody."""

    qualifications: Annotated[tuple[Qualification, ...], Field(max_length=MOST_ITEMS)]


class EnterpriseAnswer(_Answered):
    """What the enterprise register makes public of an enterprise (ND 01/2021, art. 36)."""

    enterprise_code: Code
    name: Text
    legal_form: Code
    status: Code
    status_since: Day | None = None
    commune_code: Code | None = None
    registered_on: Day
    name_before: Text | None = None
    renamed_on: Day | None = None


T = TypeVar("T", bound=_Answered)
Body = (
    PopulationAnswer | InsuranceAnswer | ContractsAnswer | QualificationsAnswer | EnterpriseAnswer
)


def read_body(form: type[T], body: Mapping[str, Any]) -> T:
    """Read the body of an answer.

    Raises:
        Unavailable: it is not of that form (SCHEMA).
    """
    try:
        return form.model_validate(dict(body))
    except (ValidationError, TypeError) as error:
        raise unusable("SCHEMA") from error


def in_order(answer: ContractsAnswer) -> ContractsAnswer:
    """Return the events by contract and sequence, each once however often it came.

    Raises:
        Unavailable: one message says two things (CONTRADICTION).
    """
    by_id: dict[str, ContractEvent] = {}
    for event in answer.events:
        if by_id.setdefault(event.message_id, event) != event:
            raise unusable("CONTRADICTION")
    events = sorted(by_id.values(), key=lambda each: (each.contract_id, each.sequence))
    return answer.model_copy(update={"events": tuple(events)})
