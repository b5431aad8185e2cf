"""What of a book is hashed and signed. Holds no reason for leaving: there is no field for it."""

from collections.abc import Iterable, Mapping
from typing import Any

from labour_book.domain.lines import (
    EmploymentEntry,
    Gap,
    Identity,
    InsuranceTotals,
    LabourBook,
    QualificationLine,
)
from labour_book.domain.months import MonthRange

Claims = dict[str, Any]
FUNDS = ("SI", "UI", "HI", "VOL")


def claims(book: LabourBook) -> Claims:
    """Return the canonical record of a book: text, whole numbers, lists and objects only.

    What is not known is left out. ``version`` and ``prev_sha256`` are added by issuing.
    """
    return _known(
        {
            "book_no": book.book_no,
            "as_of": book.as_of.isoformat(),
            "worker": _worker(book.identity),
            "employments": [_employment(entry) for entry in book.employments],
            "insurance": _insurance(book.insurance),
            "gaps": [_gap(gap, book.insurance) for gap in book.gaps],
            "qualifications": [_qualification(line) for line in book.qualifications],
            "registration_group": book.registration_group,
        }
    )


def content_of(record: Mapping[str, Any]) -> Claims:
    """Return the part of the claims whose change makes a new version: all but the as-of days."""
    content = {
        name: value
        for name, value in record.items()
        if name not in {"version", "prev_sha256", "as_of"}
    }
    insurance = record["insurance"]
    content["insurance"] = {
        name: value for name, value in insurance.items() if name != "as_of_month"
    }
    return content


def _worker(identity: Identity) -> Claims:
    return _known(
        {
            "full_name": identity.full_name,
            "birth_date": identity.birth_date,
            "sex": identity.sex,
            "nationality": identity.nationality,
            "personal_id": identity.personal_id,
            "residence": identity.residence,
            "population_check": _population_check(identity.match_state),
        }
    )


def _population_check(match_state: str) -> str | None:
    """Return what came of looking the person up in the population register; None if unknown.

    Who has died was found there. A signed book does not say more, not even by leaving this out.
    """
    return "MATCHED" if match_state == "DECEASED" else match_state or None


def _employment(entry: EmploymentEntry) -> Claims:
    return _known(
        {
            "no": entry.number,
            "employer": entry.employer,
            "enterprise_code": entry.enterprise_code,
            "position": entry.position,
            "occupation_code": entry.occupation_code,
            "contract_kind": entry.contract_kind,
            "contract_id": entry.contract_id,
            "workplace": entry.workplace,
            "first_day": entry.first_day,
            "last_day": entry.last_day,
            "known_since": None if entry.known_since is None else str(entry.known_since),
            "known_until": None if entry.known_until is None else str(entry.known_until),
            "months_paid": _count(entry.months_paid),
            "months_arrears": _count(entry.months_arrears),
            "months_unknown": _count(entry.months_unknown),
            "paid": [str(each) for each in entry.months_paid],
            "arrears": [str(each) for each in entry.months_arrears],
            "unknown": [str(each) for each in entry.months_unknown],
            "assurance": entry.assurance.name,
            "wage_base_vnd": entry.wage_base_vnd,
        }
    )


def _insurance(totals: InsuranceTotals) -> Claims:
    return _known(
        {fund: totals.by_fund[fund] for fund in FUNDS}
        | {
            "credited_months": totals.credited_months,
            "arrears_months": totals.arrears_months,
            "first_month": None if totals.first_month is None else str(totals.first_month),
            "last_month": None if totals.last_month is None else str(totals.last_month),
            "as_of_month": str(totals.as_of_month),
        }
    )


def _gap(gap: Gap, totals: InsuranceTotals) -> Claims:
    # A gap that is still open has no last month: it would make a new version every month.
    open_ended = gap.last == totals.as_of_month
    return (
        {"first": str(gap.first)}
        if open_ended
        else {"first": str(gap.first), "last": str(gap.last)}
    )


def _qualification(line: QualificationLine) -> Claims:
    return {
        "kind": line.kind,
        "level": line.level,
        "field": line.field,
        "issuer": line.issuer,
        "issued_on": line.issued_on,
        "number": line.number,
        "assurance": line.assurance.name,
    }


def _count(ranges: Iterable[MonthRange]) -> int:
    return sum(len(each) for each in ranges)


def _known(values: Claims) -> Claims:
    return {name: value for name, value in values.items() if value is not None}
