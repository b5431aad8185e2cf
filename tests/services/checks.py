"""Rounds of checks over people put straight into the tables, and a recount by hand."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice
from json import dumps, loads
from statistics import median
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import insert_rows, transaction
from labour_book.domain.check_rules import unclean_codes
from labour_book.queries.rows import table_of
from labour_book.services import access, checking
from labour_book.services.installation import Installation
from labour_book.tables import (
    CheckFinding,
    Employer,
    EmploymentFact,
    InsuranceFact,
    Person,
    ProfileFact,
    QualityMark,
    QualitySnapshot,
)
from tests.services.people import COMMUNE, EMPLOYER_CODE, RECORDED, STATED, person_id, uid

OPERATOR = access.operator("test")
FORM = (
    '{"economic_activity": "EMPLOYED", "general_education": "UPPER_SECONDARY", "si_type": "NONE",'
    ' "technical_qualification": "NONE"}'
)


JUMP: dict[str, str | int] = {
    "month": "2026-09",
    "before": 20,
    "after": 45,
    "change": "+25",
    "median": "0",
    "mad": "1",
    "months": 36,
    "z": "16,9",
    "threshold": "3,5",
}


def add_finding(inst: Installation, number: int, rule: str, **values: Any) -> UUID:
    """Put in a finding about the enterprise that everybody works for: a jump, unless it is said."""
    row = {
        "id": uid(60, number),
        "rule": rule,
        "subject_kind": "enterprise",
        "subject": EMPLOYER_CODE,
        "place": f"{number}",
        "commune_code": COMMUNE,
        "unit_code": None,
        "detail": dumps(JUMP),
        "state": "open",
        "reason": "",
        "first_seen": RECORDED,
        "last_seen": RECORDED,
    }
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(CheckFinding), [row | values])
    return uid(60, number)


def run(
    inst: Installation, now: datetime, *, everybody: bool = True, batch: int = 500
) -> checking.Progress:
    *_, last = checking.check(inst, by=OPERATOR, now=now, everybody=everybody, batch=batch)
    return last


def stop_after(inst: Installation, now: datetime, steps: int, *, batch: int = 1) -> None:
    """Begin a round and walk away in the middle of it."""
    round_of = checking.check(inst, by=OPERATOR, now=now, everybody=True, batch=batch)
    for _ in islice(round_of, steps):
        pass
    round_of.close()  # type: ignore[attr-defined]  # an iterator made by a generator


def rows(inst: Installation, table: type[Any], *where: Any) -> list[Mapping[str, Any]]:
    stored = table_of(table)
    query = sa.select(stored).where(*where).order_by(*stored.primary_key.columns)
    with transaction(inst.engine) as db:
        return list(db.execute(query).mappings())


def findings(inst: Installation, *, cleared: bool = False) -> dict[tuple[str, str], Any]:
    """Return the detail of what stands, by rule and subject."""
    found = rows(inst, CheckFinding)
    return {
        (row["rule"], row["subject"]): loads(row["detail"])
        for row in found
        if (row["cleared_at"] is not None) == cleared
    }


def stored(inst: Installation) -> list[tuple[object, ...]]:
    """Return everything that a round leaves but ids and times, to compare two by."""
    told: list[tuple[object, ...]] = [
        (row["rule"], row["subject"], row["place"], row["detail"], row["cleared_at"] is None)
        for row in rows(inst, CheckFinding)
    ]
    told += [
        (str(row["person_id"]), row["missing"], row["required"], row["confirmed_on"])
        for row in rows(inst, QualityMark)
    ]
    told += [
        tuple(value for name, value in row.items() if name != "measured_at")
        for row in rows(inst, QualitySnapshot)
    ]
    return sorted(told, key=str)


def change(inst: Installation, table: type[Any], number: int, kind: int, **values: Any) -> None:
    """Change a fact or person in place, as if it had always been so."""
    stored = table_of(table)
    key = person_id(number) if table is Person else uid(kind, number)
    with transaction(inst.engine) as db:
        done = db.execute(sa.update(stored).where(stored.c.id == key).values(values))
        assert done.rowcount == 1  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def add_form(inst: Installation, number: int, body: str = FORM, at: datetime = STATED) -> None:
    row = {
        **_fact(number, 30, "FORM03"),
        "kind": "form03",
        "body": body,
        "stated_at": at,
    }
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(ProfileFact), [row])


def add_firm(inst: Installation, number: int, code: str, **values: Any) -> None:
    row = {
        "id": uid(9, number),
        "code": code,
        "registered": True,
        "fingerprint": bytes(16),
        "recorded_at": RECORDED,
        **values,
    }
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(Employer), [row])


def add_insured(
    inst: Installation, number: int, firm: int, code: str, *, last: str | None = None
) -> None:
    """Insure somebody who is on file at a further firm."""
    row = {
        **_fact(number, 40 + firm, "INSURANCE"),
        "employer_id": uid(9, firm),
        "employer_code": code,
        "employer_name": "Khác",
        "first_month": "2025-01",
        "last_month": last,
        "position": "Thợ",
        "wage_base_vnd": 6_000_000,
        "fund_si": True,
        "fund_ui": True,
        "fund_hi": True,
        "fund_vol": False,
        "status": "contributed",
    }
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(InsuranceFact), [row])


def recount(inst: Installation, day: date) -> dict[str, Any]:
    """Count the country's four numbers from the tables, row by row, without the code's SQL."""
    people = {row["id"]: row for row in rows(inst, Person) if row["life_status"] != "DECEASED"}
    marks = {row["person_id"]: row for row in rows(inst, QualityMark)}
    assert set(marks) == set(people)
    dirty = {
        row["person_id"]
        for row in rows(inst, CheckFinding)
        if row["cleared_at"] is None
        and row["state"] != "ignored"
        and row["rule"] in unclean_codes()
    }
    ages = [(day - _newest(inst, each)).days for each in people if _newest(inst, each) < date.max]
    return {
        "people": len(people),
        "matched": sum(row["match_state"] == "MATCHED" for row in people.values()),
        "complete": sum(not marks[each]["missing"].strip() for each in people),
        "clean": sum(each not in dirty for each in people),
        "dated": len(ages),
        "within_year": sum(age <= 365 for age in ages),
        "median_age_days": float(median(ages)) if ages else None,
    }


def _newest(inst: Installation, person: Any) -> date:
    stated = [
        row["stated_at"].date()
        for table in (EmploymentFact, InsuranceFact, ProfileFact)
        for row in rows(inst, table)
        if row["person_id"] == person
        and row["voided_at"] is None
        and row["source"] not in {"PAPER_BOOK", "POPULATION"}
    ]
    return max(stated, default=date.max)


def _fact(number: int, kind: int, source: str) -> dict[str, Any]:
    return {
        "id": uid(kind, number),
        "person_id": person_id(number),
        "source": source,
        "source_ref": f"{kind}-{number}",
        "fingerprint": bytes(16),
        "stated_at": STATED,
        "recorded_at": RECORDED,
        "recorded_by": "test",
        "flags": "",
    }
