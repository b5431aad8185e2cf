"""What a register's answer says of the fields of a correction, to be read beside the claim."""

from collections.abc import Iterable, Mapping

from labour_book.queries.corrections import StoredCase
from labour_book.services.asking_registers import (
    ContractsAnswer,
    Fetched,
    InsuranceAnswer,
    QualificationsAnswer,
)

_MOST = 5
"""Of several periods or contracts, so many are told."""


def told_fields(case: StoredCase, answer: Fetched) -> Mapping[str, str]:
    """Return what the register says, by field; several values apart by semicolons."""
    body = answer.body
    claimed = {each.field: each.after for each in case.changes}
    codes = {claimed.get("enterprise_code"), case.employer_code} - {None, ""}
    match body:
        case ContractsAnswer():
            found = [each for each in body.newest() if each.enterprise_code in codes]
            return {
                "enterprise_code": _joined(each.enterprise_code for each in found),
                "position": _joined(each.position for each in found),
                "contract_kind": _joined(each.contract_kind for each in found),
                "first_day": _joined(each.first_day for each in found),
                "last_day": _joined(each.last_day or "" for each in found),
            }
        case InsuranceAnswer():
            periods = [each for each in body.periods if each.enterprise_code in codes]
            return {
                "employer": _joined(each.unit_name for each in periods),
                "months": _joined(
                    f"{each.first_month}..{each.last_month or ''} {each.status}" for each in periods
                ),
                "reported_through": str(body.reported_through),
            }
        case QualificationsAnswer():
            number = claimed.get("number")
            held = [each for each in body.qualifications if number in {None, "", each.number}]
            names = ("kind", "level", "field", "issuer", "issued_on", "number")
            return {name: _joined(getattr(each, name) for each in held) for name in names}
        case _:
            return {}


def _joined(values: Iterable[object]) -> str:
    found = dict.fromkeys(str(each) for each in values)
    return "; ".join(list(found)[:_MOST])
