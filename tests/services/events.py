"""Notifications of registers made for tests, and the whole state that they leave, to compare."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, reading
from labour_book.queries.people import numbers_of
from labour_book.queries.rows import table_of
from labour_book.services.applying_events import Cycle, run_cycle
from labour_book.services.bulk_issuing import issue_all
from labour_book.services.callers import operator
from labour_book.services.collection import import_file
from labour_book.services.installation import Installation
from labour_book.services.receiving_events import import_events
from labour_book.tables import (
    BookVersion,
    Employer,
    EmployerName,
    EmployerStatus,
    EmploymentFact,
    InsuranceFact,
    LineAlert,
    Notice,
    Person,
    ProfileFact,
    RegisterEvent,
)
from tests.services.collecting import (
    ENTERPRISE,
    EVENT,
    NOW,
    PERIOD,
    PERSON,
    csv_file,
    json_lines,
)

BY = operator("events")
CORRELATION = "0192f3a1-0000-7000-8000-000000000001"
BEFORE = NOW - timedelta(days=2)
"""When the files came in from which the notifications go on."""
LAN = PERSON | {
    "personal_id": "001192000777",
    "full_name": "TRẦN THỊ LAN",
    "birth_date": "1992-07-09",
    "sex": "Nữ",
}
BRIGHT = ENTERPRISE | {"enterprise_code": "0100112437", "name": "Công ty CP Bình Minh"}
RUNNING = PERIOD | {"from_month": "2026-01", "to_month": "", "last_updated": "2026-11-01"}
OF_LAN = {
    "si_number": "0112345678",
    "personal_id": LAN["personal_id"],
    "full_name": "Trần Thị Lan",
    "birth_date": LAN["birth_date"],
    "sex": "Nữ",
}
_NOT_COMPARED = frozenset(
    {"id", "run_id", "source_ref", "recorded_at", "recorded_by", "created_at", "changed_at"}
    | {"message_id", "fingerprint", "replaced_by", "voided_at", "voided_by", "void_reason"}
    | {"opened_at", "closed_at", "closed_by", "close_reason", "read_at"}
)
_OF_A_VERSION = frozenset({"version", "as_of", "prev_sha256", "book_no"})


def notification(
    register: str, name: str, row: Mapping[str, Any], minute: int, **more: object
) -> dict[str, Any]:
    """Return a notification that its register knew at some minute of the day before ``NOW``."""
    as_of = NOW - timedelta(days=1) + timedelta(minutes=minute)
    return {
        "message_id": f"{register}-{name}",
        "correlation_id": CORRELATION,
        "sender_org": f"Z00.{register.upper()}",
        "receiver_org": "Z00.LABOURBOOK",
        "service": f"{register}.changed",
        "version": "1",
        "purpose": "Thông báo dữ liệu thay đổi",
        "legal_basis": "ND 47/2020/ND-CP, art. 24",
        "status": "OK",
        "data_as_of": as_of.isoformat(),
        "valid_until": (as_of + timedelta(days=365)).isoformat(),
        "body": dict(row),
    } | more


def registers_at_first(inst: Installation, folder: Path) -> None:
    """Let files bring two people at a firm each, and issue their books."""
    for kind, rows in (
        ("population", [PERSON, LAN]),
        ("enterprises", [ENTERPRISE, BRIGHT]),
        ("insurance", [RUNNING, RUNNING | OF_LAN | {"enterprise_code": "0100112437"}]),
    ):
        path = csv_file(folder / f"{kind}.csv", rows)
        import_file(inst.engine, inst.vault, kind, path, by="tester", now=BEFORE)
    path = json_lines(folder / "contracts.jsonl", [EVENT])
    import_file(inst.engine, inst.vault, "contracts", path, by="tester", now=BEFORE)
    issue_all(inst, by=operator("tester"), now=BEFORE)


def sent(
    inst: Installation,
    folder: Path,
    told: Iterable[Mapping[str, Any]],
    *,
    now: datetime = NOW,
) -> Path:
    """Put notifications into the inbox by way of a file."""
    lines = [json.dumps(each, ensure_ascii=False) for each in told]
    path = folder / "events.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    done = import_events(inst, path, by=BY, now=now)
    assert not done.refused_count, done.refused
    return path


def cycle(inst: Installation, *, now: datetime = NOW, batch: int = 100) -> Cycle:
    return run_cycle(inst, by=BY, clock=lambda: now, batch=batch)


def state(inst: Installation, *, notices: bool = False) -> str:
    """Return all that is on record but for ids, times of recording and what is void, as text.

    With ``notices``, what people were told counts as well: that depends on when cycles ran.
    """
    with reading(inst.engine) as db:
        told = _state(db, inst)
        if notices:
            told["notices"] = sorted(
                [row["recipient_kind"], row["kind"]] for row in _rows(db, Notice)
            )
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)


def _state(db: Db, inst: Installation) -> dict[str, Any]:
    people = [row["id"] for row in _rows(db, Person)]
    numbers = {each: sorted(found) for each, found in numbers_of(db, inst.vault, people).items()}
    codes = {row["id"]: row["code"] for row in _rows(db, Employer)}
    told: dict[str, Any] = {}
    for model in (Person, Employer, EmployerName, EmployerStatus):
        told[model.__name__] = _told(_rows(db, model), numbers, codes)
    for model in (EmploymentFact, InsuranceFact, ProfileFact):
        live = [row for row in _rows(db, model) if row["voided_at"] is None]
        told[model.__name__] = _told(live, numbers, codes)
    is_open = [row for row in _rows(db, LineAlert) if row["closed_at"] is None]
    told["LineAlert"] = _told(is_open, numbers, codes)
    told["books"] = sorted(
        json.dumps([numbers[row["person_id"]], _content(row["document"])], ensure_ascii=False)
        for row in _rows(db, BookVersion)
        if row["state"] == "current"
    )
    told["inbox"] = sorted(
        [row["message_id"], row["state"], row["cause"] or ""] for row in _rows(db, RegisterEvent)
    )
    return told


def _told(
    rows: Sequence[Mapping[str, Any]],
    numbers: Mapping[UUID, list[tuple[str, str]]],
    codes: Mapping[UUID, str],
) -> list[str]:
    told = []
    for row in rows:
        values = {name: _value(value) for name, value in row.items() if name not in _NOT_COMPARED}
        values["person_id"] = str(numbers.get(row.get("person_id", row["id"])))
        values["employer_id"] = codes.get(row.get("employer_id", row["id"]), "")
        told.append(json.dumps(values, ensure_ascii=False, sort_keys=True))
    return sorted(told)


def _value(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _content(document: str) -> dict[str, Any]:
    return {
        name: value for name, value in json.loads(document).items() if name not in _OF_A_VERSION
    }


def _rows(db: Db, model: type[Any]) -> list[dict[str, Any]]:
    table = table_of(model)
    query = sa.select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in db.execute(query).mappings()]
