"""The registers that are asked while somebody waits, and what each of them is asked and answers.

The forms of a register's messages stand in its file below ``messages``; a ministry's own message
format is mapped there and nowhere else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from labour_book.registers.envelope import Reply, Status, unusable
from labour_book.registers.messages import (
    contracts,
    enterprises,
    insurance,
    population,
    portal,
    qualifications,
    social,
    vssid,
)
from labour_book.registers.messages.forms import Asked
from labour_book.registers.online_answers import Body


class Register(StrEnum):
    """A register that can be asked online."""

    POPULATION = "population"
    """CSDL quốc gia về dân cư: do number, name and birth date belong together?"""
    INSURANCE = "insurance"
    """CSDL quốc gia về Bảo hiểm: where and when somebody took part."""
    CONTRACTS = "contracts"
    """Nền tảng hợp đồng lao động điện tử: the events of somebody's contracts."""
    QUALIFICATIONS = "qualifications"
    """CSDL về văn bằng, chứng chỉ."""
    ENTERPRISES = "enterprises"
    """CSDL quốc gia về đăng ký doanh nghiệp: an enterprise by its code."""
    SOCIAL = "social"
    """CSDL an sinh xã hội: does somebody get support already? Yes or no."""
    VSSID = "vssid"
    """VssID: the months that it shows a worker."""
    PORTAL = "portal"
    """Cổng Dịch vụ công quốc gia: takes a dossier over, and sends the result back."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The one question that a register is asked, and how its answer is read."""

    service: str
    legal_basis: str
    question: type[Asked]
    read: Callable[[Reply], Body]


MESSAGES: Mapping[Register, Spoken] = {
    Register(name): Spoken(each.SERVICE, each.LEGAL_BASIS, each.Question, each.read)
    for name, each in {
        "population": population,
        "insurance": insurance,
        "contracts": contracts,
        "qualifications": qualifications,
        "enterprises": enterprises,
        "social": social,
        "vssid": vssid,
        "portal": portal,
    }.items()
}

SERVICES = {each: spoken.service for each, spoken in MESSAGES.items()}
"""The name of the one question that each register is asked."""

LEGAL_BASIS = {each: spoken.legal_basis for each, spoken in MESSAGES.items()}

ORGANISATIONS = {each: f"Z00.{each.upper()}" for each in Register}
"""What organisations are called in messages until agreements name them (QD 20/2020/QD-TTg)."""

BY_INSURANCE_NUMBER = frozenset({Register.INSURANCE, Register.VSSID})
"""Registers that know people by their old insurance numbers too."""

_ANSWERS = frozenset({Status.OK, Status.PARTIAL, Status.NOT_FOUND, Status.MISMATCH})


@dataclass(frozen=True, slots=True)
class Answer:
    """A register's answer, typed, and how old it is."""

    status: Status
    data_as_of: datetime
    valid_until: datetime
    body: Body | None
    """None where the register has nothing on the person or enterprise, or refuses to say."""


def naming(numbers: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return how a question names a person, from the kinds and digits of their numbers."""
    found: dict[str, list[str]] = {}
    for kind, digits in numbers:
        found.setdefault(kind, []).append(digits)
    named: dict[str, Any] = {"personal_id": found["PIN"][0]} if "PIN" in found else {}
    insured = [*found.get("BHXH10", ()), *found.get("JOINED_BHXH10", ())]
    return named | ({"si_numbers": insured} if insured else {})


def names_somebody(body: Mapping[str, Any], register: Register) -> bool:
    """Say whether a register can tell from a question who is meant."""
    if register is Register.ENTERPRISES:
        return "enterprise_code" in body
    return "personal_id" in body or (register in BY_INSURANCE_NUMBER and "si_numbers" in body)


def answer_of(register: Register, reply: Reply) -> Answer:
    """Return the typed answer of a register.

    Raises:
        Unavailable: it is not of the agreed form (SCHEMA), contradicts itself (CONTRADICTION), or
            the register says that it is not available (SAYS_UNAVAILABLE).
    """
    if reply.status is Status.UNAVAILABLE:
        raise unusable("SAYS_UNAVAILABLE")
    says = reply.status in _ANSWERS and (
        register is Register.POPULATION or reply.status is not Status.NOT_FOUND
    )
    body = MESSAGES[register].read(reply) if says else None
    return Answer(reply.status, reply.data_as_of, reply.valid_until, body)
