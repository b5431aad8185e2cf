"""What all messages share: the forms of values, wrapped ones, and how a body is read.

A value may come wrapped, ``{value, state, source, as_of}``: then ``states`` says of every one that
is not simply present what is known of it, and ``origins`` where it is from. Keys nobody knows are
kept out: what no form names, such as anything about health, is never even held. A missing or
malformed value that the answer is useless without makes the whole answer unusable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.registers.envelope import ValueState, unusable

MOST_ITEMS = 2000
"""Nobody has more periods, contracts or diplomas."""
_WRAPPING = frozenset({"value", "state", "source", "as_of"})
_NO_VALUE = frozenset({ValueState.ABSENT, ValueState.UNKNOWN, ValueState.WITHHELD})
_OURS = frozenset({"states", "origins"})


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


def _written(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
MonthOfYear = Annotated[Month, BeforeValidator(_month), _written(r"^\d{4}-\d{2}$")]
DayOrMonth = Annotated[
    PartialDate, BeforeValidator(_day_or_month), _written(r"^\d{4}(-\d{2}(-\d{2})?)?$")
]
Text = Annotated[str, Field(strict=True, max_length=400)]
Code = Annotated[str, Field(strict=True, min_length=1, max_length=64)]
Number = Annotated[int, Field(strict=True, ge=0, le=10**9)]
PersonalId = Annotated[str, Field(strict=True, pattern=r"^\d{9,12}$")]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a wrapped value is from, as far as it says."""

    source: str | None
    as_of: str | None


class Asked(BaseModel):
    """The body of a question."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Answered(BaseModel):
    """A part of an answer, its values unwrapped."""

    model_config = ConfigDict(extra="ignore", frozen=True, arbitrary_types_allowed=True)

    states: Mapping[str, ValueState] = Field(default_factory=dict)
    """By name, the values of which something has to be said."""
    origins: Mapping[str, Origin] = Field(default_factory=dict, repr=False)
    """By name, the values that said where they are from."""

    @model_validator(mode="before")
    @classmethod
    def _unwrapped(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        values: dict[str, Any] = {}
        states: dict[str, ValueState] = {}
        origins: dict[str, Origin] = {}
        for name, value in given.items():
            if name in _OURS or name not in cls.model_fields:
                continue  # ours alone, or nobody's: a register does not fill that in
            values[name], state = _value_and_state(value)
            if state is not ValueState.PRESENT:
                states[name] = state
            if _is_wrapped(value):
                origins[name] = Origin(_text(value.get("source")), _text(value.get("as_of")))
        return values | {"states": states, "origins": origins}


def _is_wrapped(value: object) -> bool:
    return isinstance(value, dict) and "state" in value and value.keys() <= _WRAPPING


def _value_and_state(value: Any) -> tuple[object, ValueState]:  # noqa: ANN401 - a value as JSON
    if not _is_wrapped(value):
        return value, ValueState.PRESENT
    state = ValueState(value["state"])
    return (None if state in _NO_VALUE else value.get("value")), state


def _text(given: object) -> str | None:
    return given[:100] if isinstance(given, str) else None


T = TypeVar("T", bound=Answered)


def read_body(form: type[T], body: Mapping[str, Any]) -> T:
    """Read the body of an answer.

    Raises:
        Unavailable: it is not of that form (SCHEMA).
    """
    try:
        return form.model_validate(dict(body))
    except (ValidationError, TypeError) as error:
        raise unusable("SCHEMA") from error
