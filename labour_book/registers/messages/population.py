"""The population register (CSDL quốc gia về dân cư): do number, name and birth date agree?

The real service's response codes ("xác thực thông tin công dân") are not public: DOMAIN facts know
only that it answers match or mismatch. They are mapped to ours here once they are known.
"""

from typing import Annotated, Literal

from pydantic import Field

from labour_book.registers.envelope import Reply, Status, unusable
from labour_book.registers.messages.forms import (
    Answered,
    Asked,
    Code,
    Day,
    DayOrMonth,
    PersonalId,
    Text,
    read_body,
)

SERVICE = "population.verify"
LEGAL_BASIS = "ND 47/2020/ND-CP, art. 23"


class Question(Asked):
    """A number, a name and a birth date that are said to belong together."""

    personal_id: PersonalId
    full_name: Text
    birth_date: DayOrMonth | None = None
    si_numbers: tuple[Code, ...] = ()


class PopulationAnswer(Answered):
    """Whether number, name and birth date belong together (xác thực thông tin công dân).

    Yes or no and why not, never the right value. ``causes`` are such as NAME_SPELLING,
    NAME_TONE_MARKS, NAME_DIFFERS, BIRTH_DATE_PARTIAL, BIRTH_DATE_SWAPPED, BIRTH_DATE_YEAR_ONLY,
    BIRTH_DATE_DIFFERS, OLD_NUMBER, CANCELLED_NUMBER, ONE_DIGIT.
    """

    result: Literal["MATCHED", "MISMATCH", "NOT_FOUND", "DECEASED"]
    causes: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    deceased_on: Day | None = None


_AGREEING = {
    "MATCHED": Status.OK,
    "DECEASED": Status.OK,
    "MISMATCH": Status.MISMATCH,
    "NOT_FOUND": Status.NOT_FOUND,
}


def read(reply: Reply) -> PopulationAnswer:
    """Read whether number, name and birth date belong together.

    Raises:
        Unavailable: SCHEMA, or CONTRADICTION between the answer and its status or causes.
    """
    body = read_body(PopulationAnswer, reply.body)
    is_mismatch = body.result == "MISMATCH"
    if _AGREEING[body.result] is not reply.status or is_mismatch != bool(body.causes):
        raise unusable("CONTRADICTION")
    return body
