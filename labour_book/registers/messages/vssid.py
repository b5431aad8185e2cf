"""What VssID shows a worker of the own participation: month by month, as it stands there.

VssID is the insurance agency's app; the worker looks at it beside the book. It is asked only for
the worker, so that a month in which the two differ can be named and reported.
"""

from typing import Annotated, Literal

from pydantic import Field

from labour_book.registers.envelope import Reply, unusable
from labour_book.registers.messages.forms import (
    Answered,
    Asked,
    Code,
    MonthOfYear,
    PersonalId,
    Text,
    read_body,
)

SERVICE = "vssid.months"
LEGAL_BASIS = "ND 43/2021/ND-CP, art. 10(8)"
MOST_MONTHS = 6000
"""Months of all employers together."""


class Question(Asked):
    """Whose months are asked for."""

    personal_id: PersonalId | None = None
    si_numbers: tuple[Code, ...] = ()


class ShownMonth(Answered):
    """One month at one unit, as VssID shows it."""

    month: MonthOfYear
    enterprise_code: Code | None = None
    unit_name: Text
    status: Literal["contributed", "arrears", "credited_duration_only"]


class VssidAnswer(Answered):
    """The months of somebody, the oldest first, each once at one unit."""

    months: Annotated[tuple[ShownMonth, ...], Field(max_length=MOST_MONTHS)]
    shown_through: MonthOfYear
    """The last month that VssID shows anything of."""


def read(reply: Reply) -> VssidAnswer:
    """Read the months in order.

    Raises:
        Unavailable: SCHEMA, or CONTRADICTION: one month at one unit is two things.
    """
    answer = read_body(VssidAnswer, reply.body)
    once: dict[tuple[int, str], ShownMonth] = {}
    for each in answer.months:
        key = (each.month.ordinal, each.enterprise_code or each.unit_name)
        if once.setdefault(key, each) != each:
            raise unusable("CONTRADICTION")
    return answer.model_copy(update={"months": tuple(once[key] for key in sorted(once))})
