"""The history of employers out of notifications, the same in whatever order they come.

What was on record before the first notification is kept. One that comes after newer ones makes the
history be told again from there, in the register's order; so it is what it would have been.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.findings import Finding
from labour_book.queries import register_events
from labour_book.queries.register_events import EmployerOnRecord, StoredBefore, StoredEvent
from labour_book.registers.rows import EnterpriseRow
from labour_book.services.collecting.enterprises import EnterpriseCollector
from labour_book.services.collecting.rows import Row
from labour_book.services.event_rows import parsed_rows, values_of
from labour_book.services.installation import Installation
from labour_book.services.receipts import Judged, Outcome
from labour_book.services.recording import Run, Seen, new_id

_OLDER = Judged(Outcome.UNCHANGED, None, (Finding("OLDER_STATEMENT"),))
_TICK = timedelta(microseconds=1)
_ABSENT: Mapping[str, Any] = {
    "registered": False,
    "legal_form": None,
    "vsic_code": None,
    "commune_code": None,
    "zone": None,
    "zone_kind": None,
    "expected_headcount": None,
    "registered_on": None,
    "fingerprint": bytes(16),
}
"""An employer of which its own register has said nothing."""
Told = tuple[datetime, str, Row[EnterpriseRow]]
"""When the register knew it, by which message, and the row."""


class NotifiedEnterprises:
    """Records notifications of the enterprise register, in the register's order."""

    def __init__(self, inst: Installation, events: Sequence[StoredEvent]) -> None:
        self._inst = inst
        self._events = events
        """By the ordinals of their rows, from 1."""

    def collect(self, db: Db, run: Run, rows: Sequence[Row[EnterpriseRow]]) -> list[Judged]:
        """Record the rows of one batch."""
        by_code: dict[str, list[Row[EnterpriseRow]]] = {}
        for row in rows:
            by_code.setdefault(row.said.enterprise_code, []).append(row)
        befores = register_events.befores(db, by_code)
        on_record = register_events.employers_on_record(db, by_code)
        judged: dict[int, Judged] = {}
        queues: list[list[Row[EnterpriseRow]]] = []
        for code, some in by_code.items():
            before = _begin(db, code, befores.get(code), on_record.get(code), some)
            fresh = [each for each in some if before.base_at is None or _at(each) > before.base_at]
            judged.update({each.ordinal: _OLDER for each in some if each not in fresh})
            if not fresh:
                continue
            if code in befores and _at(fresh[0]) <= before.newest_at:
                judged.update(self._tell_again(db, run, before, on_record[code], fresh))
            else:
                queues.append(fresh)
            _note(db, before, max(_at(each) for each in fresh))
        judged.update(_in_waves(db, self._inst, run, queues))
        return [judged[row.ordinal] for row in rows]

    def _tell_again(
        self,
        db: Db,
        run: Run,
        before: StoredBefore,
        employer: EmployerOnRecord,
        fresh: Sequence[Row[EnterpriseRow]],
    ) -> dict[int, Judged]:
        """Put an employer back to what was known first, and record everything in its order."""
        known = _known_since(*register_events.history_rows(db, employer.id))
        told = [(_at(each), self._events[each.ordinal - 1].message_id, each) for each in fresh]
        told += self._recorded(db, before, self._events[fresh[0].ordinal - 1].subject)
        _restore(db, before, employer)
        order = [row for _, _, row in sorted(told, key=lambda each: each[:2])]
        judged = _in_waves(db, self._inst, run, [order])
        register_events.date_back(db, employer.id, known)
        return {row.ordinal: judged[row.ordinal] for row in fresh}

    def _recorded(self, db: Db, before: StoredBefore, subject: bytes) -> list[Told]:
        stored = register_events.told_of(db, "enterprises", [subject]).get(subject, [])
        stored = [
            each for each in stored if before.base_at is None or each.data_as_of > before.base_at
        ]
        said = [values_of(self._inst, each) for each in stored]
        with TemporaryDirectory() as between:
            parsed = parsed_rows("enterprises", said, Path(between), as_of=date.max)
        return [
            (
                event.data_as_of,
                event.message_id,
                Row(each.row, each.findings, -at, event.data_as_of),
            )
            for at, (event, each) in enumerate(zip(stored, parsed, strict=True), start=1)
            if isinstance(each.row, EnterpriseRow)
        ]


def _in_waves(
    db: Db, inst: Installation, run: Run, queues: Sequence[Sequence[Row[EnterpriseRow]]]
) -> dict[int, Judged]:
    """Record rows so that of each employer one comes after the other."""
    judged: dict[int, Judged] = {}
    for at in range(max((len(each) for each in queues), default=0)):
        wave = [each[at] for each in queues if len(each) > at]
        collector = EnterpriseCollector(inst.vault, Seen())
        found = collector.collect(db, replace(run, at=run.at + at * _TICK), wave)
        judged.update(zip((each.ordinal for each in wave), found, strict=True))
    return judged


def _at(row: Row[EnterpriseRow]) -> datetime:
    assert row.stated_at is not None
    return row.stated_at


def _begin(
    db: Db,
    code: str,
    before: StoredBefore | None,
    employer: EmployerOnRecord | None,
    rows: Sequence[Row[EnterpriseRow]],
) -> StoredBefore:
    """Return what was on record first: kept before, or now, also after a file has said more."""
    is_kept = before is not None and employer is not None and employer.notified
    if before is not None and is_kept:
        return before
    base_at, body = None, "null"
    if employer is not None:
        base_at = employer.recorded_at if employer.values["registered"] else None
        body = _written(employer, *register_events.history_rows(db, employer.id))
    return StoredBefore(code, base_at, body, min(_at(each) for each in rows))


def _note(db: Db, before: StoredBefore, newest_at: datetime) -> None:
    row = {
        "code": before.code,
        "base_at": before.base_at,
        "body": before.body,
        "newest_at": max(before.newest_at, newest_at),
    }
    register_events.put_before(db, row)


def _written(
    employer: EmployerOnRecord,
    names: Sequence[Mapping[str, Any]],
    statuses: Sequence[Mapping[str, Any]],
) -> str:
    kept = {
        "values": {name: _text(value) for name, value in employer.values.items()},
        "names": [{name: _text(value) for name, value in each.items()} for each in names],
        "statuses": [{name: _text(value) for name, value in each.items()} for each in statuses],
    }
    return json.dumps(kept, ensure_ascii=False)


def _restore(db: Db, before: StoredBefore, employer: EmployerOnRecord) -> None:
    kept = json.loads(before.body)
    if kept is None:
        values = dict(_ABSENT) | {"recorded_at": employer.recorded_at}
        register_events.restore_employer(db, employer.id, values, [], [])
        return
    register_events.restore_employer(
        db,
        employer.id,
        {name: _value(name, text) for name, text in kept["values"].items()},
        [_row(each, employer.id) for each in kept["names"]],
        [_row(each, employer.id) for each in kept["statuses"]],
    )


def _row(kept: Mapping[str, Any], employer_id: UUID) -> dict[str, Any]:
    row = {name: _value(name, value) for name, value in kept.items()}
    return row | {"id": new_id(row["recorded_at"]), "employer_id": employer_id}


def _known_since(
    names: Sequence[Mapping[str, Any]], statuses: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, Any, Any], datetime]:
    known = {("name", row["name"], row["valid_from"]): row["recorded_at"] for row in names}
    return known | {("status", row["status"], row["since"]): row["recorded_at"] for row in statuses}


def _text(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, UUID) else value


def _value(name: str, text: Any) -> Any:  # noqa: ANN401 - a column's value, as it was
    if text is None:
        return None
    if name == "fingerprint":
        return bytes.fromhex(text)
    if name == "recorded_at":
        return datetime.fromisoformat(text)
    if name in {"run_id", "id", "employer_id"}:
        return UUID(text)
    return date.fromisoformat(text) if name in _DAYS else text


_DAYS = frozenset({"registered_on", "valid_from", "valid_to", "since"})
