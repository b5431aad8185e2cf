"""From the claims of a signed version back to the book they were made from."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from labour_book.domain.assurance import Assurance
from labour_book.domain.lines import (
    EmploymentEntry,
    Gap,
    Identity,
    InsuranceTotals,
    LabourBook,
    QualificationLine,
)
from labour_book.domain.months import Month, MonthRange

FUNDS = ("SI", "UI", "HI", "VOL")


def book_in(record: Mapping[str, Any], *, known_at: datetime) -> LabourBook:
    """Return the book that a record states, for printing it as it was signed.

    What the record does not hold is empty: sources, open discrepancies, the employer's status,
    and what each fund is owed.
    """
    as_of_month = Month.parse(record["insurance"]["as_of_month"])
    return LabourBook(
        book_no=record["book_no"],
        as_of=date.fromisoformat(record["as_of"]),
        known_at=known_at,
        identity=_identity(record["worker"]),
        employments=tuple(_employment(each) for each in record["employments"]),
        insurance=_insurance(record["insurance"]),
        gaps=tuple(_gap(each, as_of_month) for each in record["gaps"]),
        qualifications=tuple(_qualification(each) for each in record["qualifications"]),
        discrepancies=(),
        registration_group=record.get("registration_group"),
    )


def _identity(worker: Mapping[str, Any]) -> Identity:
    return Identity(
        full_name=worker["full_name"],
        birth_date=worker.get("birth_date"),
        sex=worker.get("sex"),
        nationality=worker["nationality"],
        personal_id=worker.get("personal_id"),
        residence=worker.get("residence"),
        life_status="",
        match_state=worker.get("population_check", ""),
    )


def _employment(entry: Mapping[str, Any]) -> EmploymentEntry:
    return EmploymentEntry(
        number=entry["no"],
        employer=entry["employer"],
        enterprise_code=entry.get("enterprise_code"),
        employer_status=None,
        position=entry["position"],
        occupation_code=entry.get("occupation_code"),
        contract_kind=entry.get("contract_kind"),
        contract_id=entry.get("contract_id"),
        workplace=entry.get("workplace"),
        first_day=entry.get("first_day"),
        last_day=entry.get("last_day"),
        running=not {"last_day", "known_until"} & entry.keys(),
        months_paid=_ranges(entry["paid"]),
        months_arrears=_ranges(entry["arrears"]),
        months_unknown=_ranges(entry["unknown"]),
        months_credited=(),
        assurance=Assurance[entry["assurance"]],
        sources=(),
        wage_base_vnd=entry.get("wage_base_vnd"),
        end_reason_clause=None,
        fact_ids=(),
        known_since=_month(entry.get("known_since")),
        known_until=_month(entry.get("known_until")),
    )


def _month(text: str | None) -> Month | None:
    return None if text is None else Month.parse(text)


def _ranges(texts: list[str]) -> tuple[MonthRange, ...]:
    return tuple(MonthRange.parse(each) for each in texts)


def _insurance(totals: Mapping[str, Any]) -> InsuranceTotals:
    return InsuranceTotals(
        by_fund={fund: totals[fund] for fund in FUNDS},
        arrears={},
        arrears_months=totals["arrears_months"],
        credited_months=totals["credited_months"],
        first_month=_month(totals.get("first_month")),
        last_month=_month(totals.get("last_month")),
        as_of_month=Month.parse(totals["as_of_month"]),
    )


def _gap(gap: Mapping[str, Any], as_of_month: Month) -> Gap:
    return Gap(
        Month.parse(gap["first"]), Month.parse(gap["last"]) if "last" in gap else as_of_month
    )


def _qualification(line: Mapping[str, Any]) -> QualificationLine:
    return QualificationLine(
        kind=line["kind"],
        level=line["level"],
        field=line["field"],
        issuer=line["issuer"],
        issued_on=line["issued_on"],
        number=line["number"],
        assurance=Assurance[line["assurance"]],
        sources=(),
        fact_ids=(),
    )
