"""Files of registers made for tests, importing them, and what the record then says."""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import reading
from labour_book.queries.people import numbers_of
from labour_book.queries.rows import table_of
from labour_book.queries.vault import Vault
from labour_book.services.collection import RunSummary, import_file
from labour_book.tables import (
    Employer,
    EmployerName,
    EmployerStatus,
    EmploymentFact,
    InsuranceFact,
    Person,
    ProfileFact,
    QualificationFact,
)
from signing import BlindIndex, Sealer

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
VAULT = Vault(Sealer(bytes(range(32))), BlindIndex(bytes(range(32, 64))))
FACTS = (EmploymentFact, InsuranceFact, ProfileFact, QualificationFact)

PERSON = {
    "personal_id": "001090123456",
    "full_name": "NGUYỄN VĂN HÒA",
    "birth_date": "1990-03-04",
    "sex": "Nam",
    "ethnic_code": "01",
    "residence_commune_code": "00004",
    "status": "ALIVE",
    "status_date": "",
    "old_ids": "",
}
ENTERPRISE = {
    "enterprise_code": "0100109106",
    "name": "Công ty TNHH Sao Mai",
    "legal_form": "TNHH1TV",
    "status": "ACTIVE",
    "status_date": "",
    "vsic_code": "10",
    "commune_code": "00004",
    "zone": "",
    "zone_kind": "",
    "expected_headcount": "33",
    "registered_on": "2004-03-17",
    "name_before": "",
    "renamed_on": "",
}
PERIOD = {
    "si_number": "0111991390",
    "personal_id": "001090123456",
    "full_name": "Nguyễn Văn Hòa",
    "birth_date": "1990-03-04",
    "sex": "Nam",
    "enterprise_code": "0100109106",
    "unit_name": "Công ty TNHH Sao Mai",
    "from_month": "2020-01",
    "to_month": "2021-12",
    "position_text": "Công nhân may",
    "wage_base_vnd": "7000000",
    "funds": "SI;HI;UI",
    "status": "contributed",
    "last_updated": "2022-01-15",
}
EVENT = {
    "message_id": "m-1",
    "delivered_at": "2026-07-01T00:02:00+07:00",
    "contract_id": "HDDT26-A",
    "event": "SIGNED",
    "sequence": 1,
    "personal_id": "001090123456",
    "enterprise_code": "0100109106",
    "position": "Thợ may",
    "vsco_code": "75",
    "contract_kind": "INDEFINITE",
    "first_day": "2026-01-05",
    "last_day": None,
    "workplace_commune_code": "00004",
    "signed_at": "2025-12-28T12:27:49+07:00",
    "effective_on": "2026-01-05",
    "reason_clause": None,
}
CERTIFICATE = {
    "personal_id": "001090123456",
    "kind": "DIPLOMA",
    "level": "4",
    "field": "Điện dân dụng",
    "issuer": "Trường Trung cấp nghề Sao Mai",
    "issued_on": "2012-06-19",
    "number": "C9545354",
}
PAPER_LINE = {
    "personal_id": "001060123456",
    "full_name": "Trần Thị Bé",
    "employer_name": "Nhà máy Dệt số 3",
    "first_month": "1984-03",
    "last_month": "1986-03",
    "position": "Thợ dệt",
    "page_ref": "01-273185/tr.6",
    "transcribed_by": "cb.mot",
    "checked_by": "cb.hai",
}


def csv_file(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    every = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(every[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(every)
    return path


def json_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Importer:
    """Writes rows to a file and imports it; the number of the file keeps them apart."""

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        self.engine = engine
        self._folder = folder
        self._files = 0

    def __call__(self, kind: str, *rows: Mapping[str, Any], batch: int = 2_000) -> RunSummary:
        self._files += 1
        write = json_lines if kind == "contracts" else csv_file
        path = write(self._folder / f"{kind}-{self._files}", rows)
        return import_file(self.engine, VAULT, kind, path, by="tester", now=NOW, batch=batch)

    def live(self, model: type[Any]) -> list[dict[str, Any]]:
        table = table_of(model)
        query = sa.select(table).where(table.c.voided_at.is_(None)).order_by(table.c.id)
        return self._rows(query)

    def every(self, model: type[Any]) -> list[dict[str, Any]]:
        table = table_of(model)
        return self._rows(sa.select(table).order_by(table.c.id))

    def _rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with reading(self.engine) as db:
            return [dict(row) for row in db.execute(query).mappings()]


def outcomes(summary: RunSummary) -> dict[str, dict[str, int]]:
    """Return rows per outcome and, of those not accepted, per cause."""
    held = {name: summary.causes.get(name, {}) for name in ("needs_review", "refused")}
    return {"rows": dict(sorted(summary.rows.items()))} | {
        name: dict(sorted(causes.items())) for name, causes in held.items()
    }


def state_of(engine: sa.Engine) -> str:
    """Return a hash of all that is on record but for ids and times of recording."""
    with reading(engine) as db:
        every = {
            model: [dict(row) for row in db.execute(sa.select(table_of(model))).mappings()]
            for model in (Person, Employer, EmployerName, EmployerStatus, *FACTS)
        }
        people = [row["id"] for row in every[Person]]
        numbers = {each: sorted(found) for each, found in numbers_of(db, VAULT, people).items()}
    employers = {row["id"]: row["code"] for row in every[Employer]}
    told = [
        [model.__name__, sorted(json.dumps(_told(row, numbers, employers)) for row in rows)]
        for model, rows in every.items()
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


_NOT_TOLD = frozenset(
    {"id", "run_id", "source_ref", "recorded_at", "created_at", "changed_at", "voided_at"}
    | {"replaced_by", "void_reason", "voided_by", "fingerprint", "stated_at", "recorded_by"}
)


def _told(
    row: Mapping[str, Any],
    numbers: Mapping[UUID, list[tuple[str, str]]],
    employers: Mapping[Any, str],
) -> dict[str, Any]:
    told = {name: str(value) for name, value in row.items() if name not in _NOT_TOLD}
    told["voided"] = str(row.get("voided_at") is not None)
    told["numbers"] = str(numbers.get(row.get("person_id", row["id"])))
    told["person_id"] = ""
    told["employer_id"] = employers.get(row.get("employer_id", row["id"]), "")
    return told
