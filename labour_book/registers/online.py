"""The registers that are asked while somebody waits, and what each of them answers.

One function for each register turns an answer into its typed form; a ministry's own message
format is mapped there and nowhere else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from labour_book.registers.envelope import Reply, Status, unusable
from labour_book.registers.online_answers import (
    Body,
    ContractsAnswer,
    EnterpriseAnswer,
    InsuranceAnswer,
    PopulationAnswer,
    QualificationsAnswer,
    in_order,
    read_body,
)


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


SERVICES = {
    Register.POPULATION: "population.verify",
    Register.INSURANCE: "insurance.participation",
    Register.CONTRACTS: "contracts.events",
    Register.QUALIFICATIONS: "qualifications.held",
    Register.ENTERPRISES: "enterprises.by-code",
}
"""The name of the one question that each register is asked."""

ORGANISATIONS = {each: f"Z00.{each.upper()}" for each in Register}
"""What organisations are called in messages until agreements name them (QD 20/2020/QD-TTg)."""

LEGAL_BASIS = {
    Register.POPULATION: "ND 47/2020/ND-CP, art. 23",
    Register.INSURANCE: "ND 47/2020/ND-CP, art. 23",
    Register.CONTRACTS: "ND 47/2020/ND-CP, art. 23",
    Register.QUALIFICATIONS: "ND 47/2020/ND-CP, art. 23",
    Register.ENTERPRISES: "ND 01/2021/ND-CP, art. 36",
}

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
    return named | ({"si_numbers": found["BHXH10"]} if "BHXH10" in found else {})


def names_somebody(body: Mapping[str, Any], register: Register) -> bool:
    """Say whether a register can tell from a question who is meant."""
    if register is Register.ENTERPRISES:
        return "enterprise_code" in body
    return "personal_id" in body or (register is Register.INSURANCE and "si_numbers" in body)


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
    body = _READ[register](reply) if says else None
    return Answer(reply.status, reply.data_as_of, reply.valid_until, body)


def population(reply: Reply) -> PopulationAnswer:
    """Read whether number, name and birth date belong together."""
    body = read_body(PopulationAnswer, reply.body)
    agreeing = {
        "MATCHED": Status.OK,
        "DECEASED": Status.OK,
        "MISMATCH": Status.MISMATCH,
        "NOT_FOUND": Status.NOT_FOUND,
    }
    if agreeing[body.result] is not reply.status or (body.result == "MISMATCH") != bool(
        body.causes
    ):
        raise unusable("CONTRADICTION")
    return body


def insurance(reply: Reply) -> InsuranceAnswer:
    """Read where and when somebody took part."""
    body = read_body(InsuranceAnswer, reply.body)
    for period in body.periods:
        if period.last_month is not None and period.last_month < period.first_month:
            raise unusable("CONTRADICTION")
    return body


def contracts(reply: Reply) -> ContractsAnswer:
    """Read the events of somebody's contracts, in order."""
    return in_order(read_body(ContractsAnswer, reply.body))


def qualifications(reply: Reply) -> QualificationsAnswer:
    """Read the diplomas and certificates of somebody."""
    return read_body(QualificationsAnswer, reply.body)


def enterprises(reply: Reply) -> EnterpriseAnswer:
    """Read what is public of an enterprise."""
    return read_body(EnterpriseAnswer, reply.body)


_READ: Mapping[Register, Callable[[Reply], Body]] = {
    Register.POPULATION: population,
    Register.INSURANCE: insurance,
    Register.CONTRACTS: contracts,
    Register.QUALIFICATIONS: qualifications,
    Register.ENTERPRISES: enterprises,
}
