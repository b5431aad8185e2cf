"""The register of diplomas and certificates (CSDL về văn bằng, chứng chỉ)."""

from typing import Annotated

from pydantic import Field

from labour_book.registers.envelope import Reply
from labour_book.registers.messages.forms import (
    MOST_ITEMS,
    Answered,
    Asked,
    Code,
    DayOrMonth,
    PersonalId,
    Text,
    read_body,
)

SERVICE = "qualifications.held"
LEGAL_BASIS = "ND 47/2020/ND-CP, art. 23"


class Question(Asked):
    """Whose diplomas are asked for."""

    personal_id: PersonalId
    si_numbers: tuple[Code, ...] = ()


class Qualification(Answered):
    """A diploma or certificate (văn bằng, chứng chỉ)."""

    kind: Code
    level: Code
    field: Text
    issuer: Text
    issued_on: DayOrMonth
    number: Code


class QualificationsAnswer(Answered):
    """The diplomas and certificates that were issued to somebody."""

    qualifications: Annotated[tuple[Qualification, ...], Field(max_length=MOST_ITEMS)]


def read(reply: Reply) -> QualificationsAnswer:
    """Read the diplomas and certificates of somebody.

    Raises:
        Unavailable: SCHEMA.
    """
    return read_body(QualificationsAnswer, reply.body)
