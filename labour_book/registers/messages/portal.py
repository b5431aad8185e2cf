"""The National Public Service Portal (Cổng Dịch vụ công quốc gia): a dossier is handed over to it.

The person goes on there and sends it in; the result comes back as a notification.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from labour_book.registers.envelope import Reply, unusable
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

SERVICE = "portal.hand-over"
RESULT = "portal.result"
"""The service of the notification by which the result comes back."""
LEGAL_BASIS = "ND 224/2026/ND-CP, art. 15"
RECOGNISE = "qualification.recognise"
"""The recognition of a diploma or certificate by the body that issued it."""
UNEMPLOYMENT = "unemployment-benefit.apply"
"""The application for unemployment benefit, within three months of the end of the contract.

Source: Luat Viec lam 74/2025/QH15, art. 38.
"""
COMPLAIN = "contribution.complain"
"""The complaint to the social insurance office that an employer has not paid for some months."""
VOLUNTARY = "voluntary-insurance.register"
"""The registration for voluntary social insurance. Source: Luật BHXH 41/2024/QH15, art. 36."""
Procedure = Literal[
    "qualification.recognise",
    "unemployment-benefit.apply",
    "contribution.complain",
    "voluntary-insurance.register",
]
PROCEDURES: Mapping[str, tuple[str, ...]] = {
    RECOGNISE: ("kind", "level", "field", "issuer", "issued_on", "number"),
    UNEMPLOYMENT: ("employer", "last_day", "receive_at"),
    COMPLAIN: ("employer", "enterprise_code", "declared_unpaid", "undeclared", "request"),
    VOLUNTARY: ("from_month", "months", "income", "group"),
}
"""What is handed over, each with the fields that are filled in."""


class Question(Asked):
    """A dossier that is filled in as far as the book knows."""

    personal_id: PersonalId
    full_name: Text
    birth_date: DayOrMonth | None = None
    procedure: Procedure
    dossier: Code
    """What the dossier is called here: the result names it again."""
    said: dict[str, Text]
    """Fields of the form by name, as far as the person has said them."""
    return_to: Text
    """Where the person comes back to."""
    evidence: Annotated[str, Field(strict=True, max_length=100_000)] | None = None
    """A part of the signed book as an SD-JWT VC: whoever gets it can check it by itself."""


class PortalAnswer(Answered):
    """Where the person goes on."""

    dossier: Code
    reference: Code
    """What the portal calls it."""
    address: Annotated[str, Field(strict=True, pattern=r"^https?://", max_length=500)]


class QualificationResult(Answered):
    """The diploma or certificate as the body that issued it has recognised it."""

    kind: Code
    level: Code
    field: Text
    issuer: Text
    issued_on: DayOrMonth
    number: Code


class PortalResult(Answered):
    """What became of a dossier; with the diploma if one was to be recognised, and was."""

    dossier: Code
    reference: Code
    procedure: Procedure = "qualification.recognise"
    outcome: Literal["GRANTED", "REFUSED"]
    decided_on: Day
    qualification: QualificationResult | None = None
    reason: Text | None = None
    """Why it was refused, for the person to read."""


def read(reply: Reply) -> PortalAnswer:
    """Read where the person goes on.

    Raises:
        Unavailable: SCHEMA.
    """
    return read_body(PortalAnswer, reply.body)


def read_result(body: Mapping[str, object]) -> PortalResult:
    """Read what became of a dossier.

    Raises:
        Unavailable: SCHEMA, or CONTRADICTION: a diploma was recognised and it does not say which,
            or the other way round.
    """
    result = read_body(PortalResult, body)
    recognised = result.outcome == "GRANTED" and result.procedure == RECOGNISE
    if recognised is (result.qualification is None):
        raise unusable("CONTRADICTION")
    return result
