"""People with facts, valid by default, put straight into the tables."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, insert_rows, transaction
from labour_book.domain.people import fold
from labour_book.queries.people import seal_number
from labour_book.queries.rows import table_of
from labour_book.tables import (
    Employer,
    EmployerName,
    EmployerStatus,
    EmploymentFact,
    InsuranceFact,
    Person,
    PersonIdentifier,
    Place,
    ProfileFact,
    QualificationFact,
    Unit,
)
from tests.support.installations import VAULT

RECORDED = datetime(2026, 11, 16, 3, 0, tzinfo=UTC)
STATED = datetime(2026, 11, 13, 2, 0, tzinfo=UTC)
COMMUNE = "00070"
EMPLOYER_CODE = "0100109106"


def uid(kind: int, number: int) -> UUID:
    """Return an id that tells what it is of when a test fails."""
    return UUID(int=(kind << 96) | number)


def person_id(number: int = 1) -> UUID:
    return uid(1, number)


def add_people(engine: sa.Engine, count: int = 1, *, first: int = 1) -> list[UUID]:
    """Add people, each with identity, personal ID, a contract, insurance and a diploma."""
    numbers = range(first, first + count)
    with transaction(engine) as db:
        if first == 1:
            _add_employer(db)
        _insert(db, Person, [_person(each) for each in numbers])
        _insert(db, PersonIdentifier, [_identifier(each) for each in numbers])
        _insert(db, ProfileFact, [_identity(each) for each in numbers])
        _insert(db, EmploymentFact, [_employment(each) for each in numbers])
        _insert(db, InsuranceFact, [_insurance(each) for each in numbers])
        _insert(db, QualificationFact, [_qualification(each) for each in numbers])
    return [person_id(each) for each in numbers]


def add_diploma(engine: sa.Engine, person: UUID, number: int, *, at: datetime) -> None:
    """Let something new be learned of a person: the content of the book changes."""
    row = _qualification(1) | {
        "id": uid(50, number),
        "person_id": person,
        "source_ref": f"second-diploma-{number}",
        "number": f"D-{number}",
        "recorded_at": at,
    }
    with transaction(engine) as db:
        _insert(db, QualificationFact, [row])


def void_employment(engine: sa.Engine, number: int, *, at: datetime) -> None:
    table = table_of(EmploymentFact)
    with transaction(engine) as db:
        db.execute(
            sa.update(table)
            .where(table.c.id == uid(4, number))
            .values(voided_at=at, voided_by="test", void_reason="wrong")
        )


def add_units(engine: sa.Engine) -> None:
    """Add a ministry, two provinces, and a commune in each."""
    day = datetime(2025, 7, 1, tzinfo=UTC).date()
    places = [
        ("province", "01", "Hà Nội", None),
        ("province", "79", "Hồ Chí Minh", None),
        ("commune", COMMUNE, "Hoàn Kiếm", "01"),
        ("commune", "26734", "Bến Nghé", "79"),
    ]
    units = [
        ("BNV", "ministry", None, None),
        ("SNV-01", "province", "BNV", "01"),
        ("SNV-79", "province", "BNV", "79"),
        ("UB-00070", "commune", "SNV-01", COMMUNE),
        ("UB-26734", "commune", "SNV-79", "26734"),
    ]
    with transaction(engine) as db:
        for level, code, name, parent in places:
            row = {"level": level, "code": code, "name": name, "parent_code": parent}
            db.execute(sa.insert(table_of(Place)), row | {"valid_from": day})
        for code, kind, parent, place in units:
            row = {"code": code, "name": code, "kind": kind, "parent_code": parent}
            db.execute(sa.insert(table_of(Unit)), row | {"place_code": place, "valid_from": day})


def _insert(db: Db, model: Any, rows: list[Mapping[str, Any]]) -> None:
    insert_rows(db, table_of(model), rows)


def _person(number: int) -> dict[str, Any]:
    name = f"Nguyễn Thị Số {number}"
    return {
        "id": person_id(number),
        "full_name": name,
        "search_key": fold(name),
        "birth_date": "1990-05-17",
        "birth_year": 1990,
        "sex": "F",
        "ethnic_code": "01",
        "residence_commune": COMMUNE,
        "life_status": "ALIVE",
        "match_state": "MATCHED",
        "created_at": RECORDED,
        "changed_at": RECORDED,
    }


def personal_id(number: int = 1) -> str:
    return f"001190{number:06d}"


def _identifier(number: int) -> dict[str, Any]:
    identifier = uid(2, number)
    return {
        "id": identifier,
        "person_id": person_id(number),
        "kind": "PIN",
        "blind_index": VAULT.index.of(personal_id(number)),
        "sealed": seal_number(VAULT, identifier, personal_id(number)),
        "source": "POPULATION",
        "recorded_at": RECORDED,
        "recorded_by": "test",
    }


def _fact(kind: int, number: int, source: str) -> dict[str, Any]:
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


def _identity(number: int) -> dict[str, Any]:
    body = {
        "full_name": f"NGUYỄN THỊ SỐ {number}",
        "birth_date": "1990-05-17",
        "sex": "F",
        "ethnic_code": "01",
        "residence_commune": COMMUNE,
        "life_status": "ALIVE",
        "life_status_on": None,
    }
    return _fact(3, number, "POPULATION") | {"kind": "identity", "body": json.dumps(body)}


def _employment(number: int) -> dict[str, Any]:
    return _fact(4, number, "CONTRACT_PLATFORM") | {
        "employer_id": uid(9, 1),
        "employer_code": EMPLOYER_CODE,
        "employer_name": "Công ty Cổ phần Thép Hồng Hà",
        "position": "Thợ hàn",
        "occupation_code": "72",
        "contract_kind": "INDEFINITE",
        "contract_id": f"HD-{number:08d}",
        "first_day": "2021-03-15",
        "last_day": None,
        "running": True,
        "workplace_commune": COMMUNE,
        "suspended": False,
        "end_reason_clause": None,
    }


def _insurance(number: int) -> dict[str, Any]:
    return _fact(5, number, "INSURANCE") | {
        "employer_id": uid(9, 1),
        "employer_code": EMPLOYER_CODE,
        "employer_name": "CTY CP THEP HONG HA",
        "first_month": "2021-03",
        "last_month": None,
        "position": "Thợ hàn",
        "wage_base_vnd": 7_654_321,
        "fund_si": True,
        "fund_ui": True,
        "fund_hi": True,
        "fund_vol": False,
        "status": "contributed",
    }


def _qualification(number: int) -> dict[str, Any]:
    return _fact(6, number, "QUALIFICATION_REGISTER") | {
        "kind": "DIPLOMA",
        "level": "4",
        "field": "Hàn",
        "issuer": "Trường Cao đẳng Cơ điện Hà Nội",
        "issued_on": "2012-07-01",
        "number": f"A-{number}",
    }


def _add_employer(db: Db) -> None:
    employer = {
        "id": uid(9, 1),
        "code": EMPLOYER_CODE,
        "registered": True,
        "fingerprint": bytes(16),
        "recorded_at": RECORDED,
    }
    name = {"id": uid(10, 1), "employer_id": uid(9, 1), "recorded_at": RECORDED}
    status = {"id": uid(11, 1), "employer_id": uid(9, 1), "recorded_at": RECORDED}
    _insert(db, Employer, [employer])
    _insert(db, EmployerName, [name | {"name": "Công ty Cổ phần Thép Hồng Hà"}])
    _insert(db, EmployerStatus, [status | {"status": "ACTIVE"}])
