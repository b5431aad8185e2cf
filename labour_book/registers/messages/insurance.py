"""The insurance register (CSDL quốc gia về Bảo hiểm): where and when somebody took part.

QD 3680/QD-BHXH, the register's own message structure, is not public; its names are mapped to ours
here once they are known. Nothing about sickness, treatment or benefits is asked, and what of it
comes nevertheless has no field to go into (QD 3074/QD-BYT).
"""

from typing import Annotated, Literal

from pydantic import Field

from labour_book.registers.envelope import Reply, unusable
from labour_book.registers.messages.forms import (
    MOST_ITEMS,
    Answered,
    Asked,
    Code,
    MonthOfYear,
    PersonalId,
    Text,
    read_body,
)

SERVICE = "insurance.participation"
LEGAL_BASIS = "ND 47/2020/ND-CP, art. 23"


class Question(Asked):
    """Whose months are asked for, by the personal ID or by old insurance numbers."""

    personal_id: PersonalId | None = None
    si_numbers: tuple[Code, ...] = ()


class InsuredMonths(Answered):
    """Months of insurance at one unit, both ends included; no last month while it runs."""

    enterprise_code: Code | None = None
    unit_name: Text
    first_month: MonthOfYear
    last_month: MonthOfYear | None = None
    status: Literal["contributed", "arrears", "credited_duration_only"]
    funds: Annotated[tuple[Literal["SI", "UI", "HI", "VOL"], ...], Field(max_length=4)] = ()
    si_number: Code | None = None


class InsuranceAnswer(Answered):
    """Where and when somebody took part in social insurance (quá trình tham gia BHXH)."""

    periods: Annotated[tuple[InsuredMonths, ...], Field(max_length=MOST_ITEMS)]
    reported_through: MonthOfYear
    """The last month of which the register knows anything."""


def read(reply: Reply) -> InsuranceAnswer:
    """Read where and when somebody took part.

    Raises:
        Unavailable: SCHEMA, or CONTRADICTION: a period ends before it begins.
    """
    body = read_body(InsuranceAnswer, reply.body)
    for period in body.periods:
        if period.last_month is not None and period.last_month < period.first_month:
            raise unusable("CONTRADICTION")
    return body
