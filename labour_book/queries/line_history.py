"""Every fact about one person, also what was voided: who stated it, who ended it, and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import table_of
from labour_book.tables import (
    CorrectionCase,
    EmploymentFact,
    InsuranceFact,
    ProfileFact,
    QualificationFact,
)

_CASE = table_of(CorrectionCase)
_SHOWN: Mapping[str, tuple[sa.Table, tuple[str, ...]]] = {
    "employment": (
        table_of(EmploymentFact),
        (
            *("employer_code", "employer_name", "position", "occupation_code", "contract_kind"),
            *("first_day", "last_day", "workplace_text"),
        ),
    ),
    "insurance": (
        table_of(InsuranceFact),
        ("employer_code", "employer_name", "first_month", "last_month", "position", "status"),
    ),
    "qualification": (
        table_of(QualificationFact),
        ("kind", "level", "field", "issuer", "issued_on", "number"),
    ),
}
"""By kind of fact, its table and what of it is shown: neither pay nor why somebody left."""
_PROFILE = table_of(ProfileFact)
_IDENTITY = ("full_name", "birth_date", "sex", "ethnic_code")
_OF_ALL = (
    *("id", "source", "stated_at", "recorded_at", "recorded_by", "run_id"),
    *("voided_at", "voided_by", "void_reason", "replaced_by"),
)


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A fact as it stands in the table, live or not."""

    kind: str
    id: UUID
    source: str
    stated_at: datetime
    recorded_at: datetime
    recorded_by: str
    run_id: UUID | None
    """The delivery that it came in with."""
    voided_at: datetime | None
    voided_by: str | None
    void_reason: str | None
    replaced_by: UUID | None
    values: Mapping[str, str]
    """Field to what was stated; what was not is not in it."""


def recorded_facts(db: Db, person_id: UUID, kind: str) -> list[RecordedFact]:
    """Return all facts of a kind about a person, as they came in."""
    if kind == "identity":
        return _identities(db, person_id)
    table, shown = _SHOWN[kind]
    rows = db.execute(
        sa.select(*(table.c[name] for name in (*_OF_ALL, *shown)))
        .where(table.c.person_id == person_id)
        .order_by(table.c.recorded_at, table.c.id)
    )
    return [_fact(kind, row, _stated(row, shown)) for row in rows.mappings()]


def line_facts_of(db: Db, case_id: UUID) -> frozenset[UUID]:
    """Return the facts that the line of a case was made of when the case began."""
    query = sa.select(_CASE.c.line_facts).where(_CASE.c.id == case_id)
    return frozenset(UUID(each) for _, each in json.loads(db.execute(query).scalar_one()))


def _identities(db: Db, person_id: UUID) -> list[RecordedFact]:
    rows = db.execute(
        sa.select(*(_PROFILE.c[name] for name in (*_OF_ALL, "body")))
        .where(_PROFILE.c.person_id == person_id, _PROFILE.c.kind == "identity")
        .order_by(_PROFILE.c.recorded_at, _PROFILE.c.id)
    )
    return [
        _fact("identity", row, _stated(json.loads(row["body"]), _IDENTITY))
        for row in rows.mappings()
    ]


def _fact(kind: str, row: Mapping[Any, Any], values: Mapping[str, str]) -> RecordedFact:
    columns = {name: row[name] for name in _OF_ALL}
    return RecordedFact(kind=kind, values=values, **columns)


def _stated(row: Mapping[Any, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: str(row[name]) for name in names if row.get(name)}
