"""From a stored row to the domain's value of the fact."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from labour_book.domain.assurance import Source
from labour_book.domain.facts import (
    EmploymentFact,
    IdentityFact,
    InsuranceFact,
    QualificationFact,
)
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate

AnyRow = Row[Any]

_OF_EVERY_FACT = ("id", "person_id", "source", "source_ref", "stated_at", "flags")
# What is read of each kind: a column less is a conversion less, a million times over.
EMPLOYMENT = (
    *_OF_EVERY_FACT,
    "employer_id",
    "employer_code",
    "employer_name",
    "position",
    "occupation_code",
    "contract_kind",
    "contract_id",
    "first_day",
    "last_day",
    "running",
    "workplace_commune",
    "workplace_text",
    "end_reason_clause",
    "suspended",
    "employment_position",
)
INSURANCE = (
    *_OF_EVERY_FACT,
    "employer_id",
    "employer_code",
    "employer_name",
    "first_month",
    "last_month",
    "position",
    "wage_base_vnd",
    "fund_si",
    "fund_ui",
    "fund_hi",
    "fund_vol",
    "status",
)
QUALIFICATION = (*_OF_EVERY_FACT, "kind", "level", "field", "issuer", "issued_on", "number")
PROFILE = ("person_id", "source", "stated_at", "kind", "body")

_month = lru_cache(maxsize=4_096)(Month.parse)
_day = lru_cache(maxsize=65_536)(PartialDate.parse)
_source = {each.value: each for each in Source}


def employment(row: AnyRow) -> EmploymentFact:
    return EmploymentFact(
        fact_id=str(row.id),
        source=_source[row.source],
        source_ref=row.source_ref,
        stated_at=row.stated_at,
        employer_code=row.employer_code,
        employer_name=row.employer_name,
        employer_id=_text(row.employer_id),
        position=row.position,
        occupation_code=row.occupation_code,
        contract_kind=row.contract_kind,
        contract_id=row.contract_id,
        first_day=_day(row.first_day),
        last_day=_day(row.last_day) if row.last_day else None,
        running=row.running,
        workplace_commune=row.workplace_commune,
        workplace_text=row.workplace_text,
        end_reason_clause=row.end_reason_clause,
        suspended=row.suspended,
        employment_position=row.employment_position,
        flags=tuple(row.flags.split()),
    )


def insurance(row: AnyRow) -> InsuranceFact:
    return InsuranceFact(
        fact_id=str(row.id),
        source_ref=row.source_ref,
        stated_at=row.stated_at,
        employer_code=row.employer_code,
        employer_name=row.employer_name,
        employer_id=_text(row.employer_id),
        first_month=_month(row.first_month),
        last_month=_month(row.last_month) if row.last_month else None,
        position=row.position,
        wage_base_vnd=row.wage_base_vnd,
        funds=_funds(si=row.fund_si, ui=row.fund_ui, hi=row.fund_hi, vol=row.fund_vol),
        status=row.status,
        flags=tuple(row.flags.split()),
        source=_source[row.source],
    )


def qualification(row: AnyRow) -> QualificationFact:
    return QualificationFact(
        fact_id=str(row.id),
        source=_source[row.source],
        source_ref=row.source_ref,
        stated_at=row.stated_at,
        kind=row.kind,
        level=row.level,
        field=row.field,
        issuer=row.issuer,
        issued_on=_day(row.issued_on),
        number=row.number,
        flags=tuple(row.flags.split()),
    )


def identity(row: AnyRow) -> IdentityFact:
    """Return what an identity row states; its body has the names of the value's fields."""
    body: Mapping[str, Any] = json.loads(row.body)
    return IdentityFact(
        full_name=body["full_name"],
        birth_date=_day(body["birth_date"]) if body.get("birth_date") else None,
        sex=body.get("sex"),
        ethnic_code=body.get("ethnic_code"),
        residence_commune=body.get("residence_commune"),
        life_status=body.get("life_status", "ALIVE"),
        life_status_on=_date(body.get("life_status_on")),
        source=_source[row.source],
        stated_at=row.stated_at,
    )


def identity_of_person(row: AnyRow, source: Source) -> IdentityFact:
    """Return the identity of a person of whom no register has stated one: as first met."""
    return IdentityFact(
        full_name=row.full_name,
        birth_date=_day(row.birth_date) if row.birth_date else None,
        sex=row.sex,
        ethnic_code=row.ethnic_code,
        residence_commune=row.residence_commune,
        life_status=row.life_status,
        life_status_on=row.life_status_on,
        source=source,
        stated_at=row.created_at,
    )


@lru_cache(maxsize=16)
def _funds(*, si: bool, ui: bool, hi: bool, vol: bool) -> frozenset[str]:
    pairs = (("SI", si), ("UI", ui), ("HI", hi), ("VOL", vol))
    return frozenset(name for name, is_paid in pairs if is_paid)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
