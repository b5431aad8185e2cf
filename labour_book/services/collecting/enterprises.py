"""Recording extracts of the enterprise register (đăng ký doanh nghiệp)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.periods import Period
from labour_book.queries import employers, imports
from labour_book.queries.employers import EmployerOnFile, NameOnFile
from labour_book.queries.vault import Vault
from labour_book.registers.rows import EnterpriseRow
from labour_book.services.collecting.rows import Row, contradiction
from labour_book.services.receipts import Judged, Outcome
from labour_book.services.recording import Plain, Run, Seen, Statement, new_id, statement


class EnterpriseCollector:
    """Records employers with the history of their names and legal states."""

    def __init__(self, vault: Vault, seen: Seen) -> None:
        self._vault = vault
        self._seen = seen
        self._held: set[tuple[int, bytes]] = set()

    def collect(self, db: Db, run: Run, rows: Sequence[Row[EnterpriseRow]]) -> list[Judged]:
        """Record the rows of one batch."""
        known = employers.employers_by_code(db, {each.said.enterprise_code for each in rows})
        stated: dict[str, bytes] = {code: each.fingerprint for code, each in known.items()}
        every = [self._statement(run, each) for each in rows]
        self._held = imports.held_statements(db, [each.key for each in every])
        new = _New()
        judged = []
        for row, said in zip(rows, every, strict=True):
            code = row.said.enterprise_code
            judged.append(self._judge(row, said, known.get(code), stated.get(code)))
            if judged[-1].outcome is Outcome.CREATED:
                new.enter(run, row.said, said)
            elif judged[-1].outcome is Outcome.UPDATED:
                _rewrite(db, run, row.said, said, known[code])
            if judged[-1].is_written:
                stated[code] = said.fingerprint
        new.write(db)
        return judged

    def _statement(self, run: Run, row: Row[EnterpriseRow]) -> Statement:
        name = name_of(row.said.enterprise_code)
        return statement(self._vault, name, _content(row.said), row.stated_at or run.started_at)

    def _judge(
        self,
        row: Row[EnterpriseRow],
        said: Statement,
        known: EmployerOnFile | None,
        stated: bytes | None,
    ) -> Judged:
        findings, key = row.findings, said.key
        if key in self._seen:
            if stated == said.fingerprint:
                return Judged(Outcome.DUPLICATE, None, findings, statement_key=key)
            return contradiction("CONTRADICTS_EARLIER_ROW", said, findings)
        if stated not in {None, said.fingerprint} and (key, said.fingerprint) in self._held:
            return contradiction("STILL_CONTRADICTS", said, findings)
        self._seen.add(key)
        if stated is None:
            return Judged(Outcome.CREATED, None, findings, statement_key=key)
        is_same = stated == said.fingerprint and known is not None and known.registered
        outcome = Outcome.UNCHANGED if is_same else Outcome.UPDATED
        return Judged(outcome, None, findings, statement_key=key)


def name_of(code: str) -> str:
    """Return the name of the statement of an enterprise, inside the register."""
    return f"enterprise|{code}"


class _New:
    """Employers that are new, and their names and states."""

    def __init__(self) -> None:
        self._employers: list[Mapping[str, Any]] = []
        self._names: list[Mapping[str, Any]] = []
        self._statuses: list[Mapping[str, Any]] = []

    def enter(self, run: Run, row: EnterpriseRow, said: Statement) -> None:
        employer_id = new_id(run.at)
        self._employers.append(
            {"id": employer_id, "code": row.enterprise_code} | _values(run, row, said)
        )
        self._names += _names(run, employer_id, row, None, vietnam_day(said.stated_at))
        self._statuses.append(_status(run, employer_id, row.status, row.status_since))

    def write(self, db: Db) -> None:
        employers.add_employers(db, self._employers)
        employers.add_names(db, self._names)
        employers.add_statuses(db, self._statuses)


def _rewrite(db: Db, run: Run, row: EnterpriseRow, said: Statement, known: EmployerOnFile) -> None:
    """State an employer anew: its history is added to, never taken from."""
    employers.rewrite_employer(db, known.id, _values(run, row, said))
    on = vietnam_day(said.stated_at)
    names = known.names if known.registered else ()
    if not known.registered:
        employers.drop_hearsay_names(db, known.id)
    current = next((each for each in names if each.valid_to is None), None)
    if current is None or current.name != row.name:
        if current is not None:
            employers.end_name(db, current.id, _eve_of(row.renamed_on or on))
        employers.add_names(db, _names(run, known.id, row, current, on))
    last = max(known.statuses, key=lambda each: each[1] or date.min, default=None)
    if last is None or last[0] != row.status or row.status_since not in {last[1], None}:
        since = row.status_since or (on if last is not None else None)
        if (row.status, since) not in known.statuses:
            employers.add_statuses(db, [_status(run, known.id, row.status, since)])


def _names(
    run: Run, employer_id: UUID, row: EnterpriseRow, before: NameOnFile | None, on: date
) -> list[Mapping[str, Any]]:
    """Return the name of today, and the one before it if that is not on file."""
    renamed_on = row.renamed_on or (on if before is not None else None)
    names: list[tuple[str, date | None, date | None]] = [(row.name, renamed_on, None)]
    if before is None and row.name_before is not None and row.renamed_on is not None:
        names.insert(0, (row.name_before, None, _eve_of(row.renamed_on)))
    return [
        {
            "id": new_id(run.at),
            "employer_id": employer_id,
            "name": name,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "recorded_at": run.at,
        }
        for name, valid_from, valid_to in names
    ]


def _eve_of(day: date) -> date:
    """Return the day before, on which a name was borne for the last time."""
    last_day = Period(date.min, day).last_day
    assert last_day is not None
    return last_day


def _status(run: Run, employer_id: UUID, status: str, since: date | None) -> Mapping[str, Any]:
    return {
        "id": new_id(run.at),
        "employer_id": employer_id,
        "status": status,
        "since": since,
        "recorded_at": run.at,
    }


def _values(run: Run, row: EnterpriseRow, said: Statement) -> dict[str, Any]:
    return {
        "registered": True,
        "legal_form": row.legal_form,
        "vsic_code": row.vsic_code,
        "commune_code": row.commune_code,
        "zone": row.zone,
        "zone_kind": row.zone_kind,
        "expected_headcount": row.expected_headcount,
        "registered_on": row.registered_on,
        "fingerprint": said.fingerprint,
        "recorded_at": run.at,
        "run_id": run.id,
    }


def _content(row: EnterpriseRow) -> tuple[Plain, ...]:
    return (
        row.enterprise_code,
        row.name,
        row.legal_form,
        row.status,
        row.status_since,
        row.vsic_code,
        row.commune_code,
        row.zone,
        row.zone_kind,
        row.expected_headcount,
        row.registered_on,
        row.name_before,
        row.renamed_on,
    )
