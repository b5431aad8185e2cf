"""What becomes of each row of an import, and how that is told to whoever sent it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from string import Formatter
from typing import Any
from uuid import UUID

from labour_book import data
from labour_book.database import Db
from labour_book.domain.findings import Finding, Language, message, what_to_do
from labour_book.errors import NotFound
from labour_book.queries import imports
from labour_book.queries.imports import ReceiptOnFile, RunOnFile
from labour_book.queries.vault import Vault
from labour_book.registers.rows import Parsed

PAGE = 500
"""Receipts that are read at a time."""


class Outcome(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    NEEDS_REVIEW = "needs_review"
    REFUSED = "refused"
    VANISHED = "vanished"
    """No row at all: a full file no longer states what is on record."""


ACCEPTED = frozenset({Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED})
"""The row's statement is on record, and the row is the first of its file to make it."""
NOT_NAMED = "NOT_NAMED_ANY_MORE"
"""Of a statement on record that a full file no longer makes."""
_COMMUNES = ("commune_code", "residence_commune", "workplace_commune")
_COMMUNE_DIGITS = 5
MENDABLE = frozenset({Outcome.NEEDS_REVIEW, Outcome.REFUSED})
"""The row is kept, sealed, for an official or for whoever sent it to mend."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one row, why, and what it was found to be about."""

    outcome: Outcome
    cause: str | None = None
    findings: tuple[Finding, ...] = ()
    person_id: UUID | None = None
    matched_by: str | None = None
    statement_key: int | None = None
    fingerprint: bytes | None = None
    """What the row states, if it contradicts another statement: sent again, it still does."""

    @property
    def is_written(self) -> bool:
        """Whether the row makes a fact: it says something new, or something old anew."""
        return self.outcome is Outcome.CREATED or self.outcome is Outcome.UPDATED


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row of a file with its place among the data rows, from 1."""

    ordinal: int
    parsed: Parsed
    stated_at: datetime | None = None
    """When the register knew it, where the row came with that: in a notification."""


@dataclass(slots=True)
class Tally:
    """Rows by outcome; causes by outcome, which for accepted rows are flags."""

    rows: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    causes: defaultdict[str, defaultdict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    remarks: list[Finding] = field(default_factory=list)
    """What there is to say of the file as a whole."""
    is_full: bool = False
    """The file was declared to hold all that the register states, not only what has changed."""

    @classmethod
    def parse(cls, text: str) -> "Tally":
        read = json.loads(text)
        tally = cls(remarks=_read(read.get("remarks", ())), is_full=read.get("full", False))
        tally.rows.update(read.get("rows", {}))
        for outcome, causes in read.get("causes", {}).items():
            tally.causes[outcome].update(causes)
        return tally

    def count(self, judged: Iterable[Judged]) -> None:
        for each in judged:
            self.rows[each.outcome] += 1
            if each.cause is not None:
                self.causes[each.outcome][each.cause] += 1
            elif each.findings:
                for cause in {found.cause for found in each.findings}:
                    self.causes[each.outcome][cause] += 1

    def note_vanished(self, rows: int) -> None:
        """Count the statements that a full file no longer names."""
        self.rows[Outcome.VANISHED] = rows
        self.causes[Outcome.VANISHED][NOT_NAMED] = rows

    def __str__(self) -> str:
        remarks = _as_json(self.remarks)
        told = {"rows": self.rows, "causes": self.causes, "remarks": remarks}
        declared = {"full": True} if self.is_full else {}
        return json.dumps(told | declared, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One delivery of one file, and what became of its rows."""

    run_id: UUID
    kind: str
    file_name: str
    state: str
    failure: str | None
    rows_done: int
    rows: Mapping[str, int]
    """Outcome -> rows."""
    causes: Mapping[str, Mapping[str, int]]
    """Outcome -> cause -> rows. For rows that were accepted the causes are flags."""
    remarks: tuple["Told", ...]
    """What there is to say of the file as a whole: columns and sheets that were not read."""
    started_at: datetime
    finished_at: datetime | None
    recorded_by: str
    is_full: bool = False
    """The file was declared to hold all that the register states."""


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words."""

    cause: str
    field: str | None
    message_vi: str
    message_en: str
    what_to_do_vi: str
    what_to_do_en: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one row, in words; ``raw`` only for rows that can be mended."""

    ordinal: int
    sheet: str | None
    row_number: int
    outcome: Outcome
    cause: str | None
    told: tuple[Told, ...]
    person_id: UUID | None
    matched_by: str | None
    raw: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class MendableRow:
    """A refused row as it stood in its file, and why it was refused."""

    sheet: str | None
    row_number: int
    outcome: Outcome
    raw: Mapping[str, str]
    told: tuple[Told, ...]
    """Why, one for each cause."""


def summary_of(run: RunOnFile) -> RunSummary:
    """Return what became of the rows of a run."""
    tally = Tally.parse(run.counts)
    return RunSummary(
        run_id=run.id,
        kind=run.kind,
        file_name=run.file_name,
        state=run.state,
        failure=run.failure,
        rows_done=run.rows_done,
        rows=dict(tally.rows),
        causes={outcome: dict(causes) for outcome, causes in tally.causes.items()},
        remarks=tuple(told(each) for each in tally.remarks),
        started_at=run.started_at,
        finished_at=run.finished_at,
        recorded_by=run.recorded_by,
        is_full=tally.is_full,
    )


def run_of(db: Db, run_id: UUID) -> RunSummary:
    """Return one delivery of one file with its rows per outcome and cause.

    Raises:
        NotFound: there is no such run.
    """
    run = imports.run_by_id(db, run_id)
    if run is None:
        raise NotFound("there is no such import")
    return summary_of(run)


def receipts_of(
    db: Db,
    vault: Vault,
    run_id: UUID,
    outcomes: Iterable[Outcome] = tuple(Outcome),
    *,
    after: int = 0,
    limit: int = PAGE,
    cause: str | None = None,
) -> list[Receipt]:
    """Return receipts with one of the outcomes that follow row ``after``, in reading order."""
    wanted = [Outcome(each).value for each in outcomes]
    found = imports.receipts(db, run_id, wanted, after=after, limit=limit, cause=cause)
    return [_receipt(vault, each) for each in found]


def receipt_of(db: Db, vault: Vault, run_id: UUID, ordinal: int) -> Receipt:
    """Return the receipt of one row.

    Raises:
        NotFound: there is no such row.
    """
    every = [each.value for each in Outcome]
    for each in imports.receipts(db, run_id, every, after=ordinal - 1, limit=1):
        if each.ordinal == ordinal:
            return _receipt(vault, each)
    raise NotFound("there is no such row")


def refused_rows(db: Db, vault: Vault, run_id: UUID) -> Iterator[MendableRow]:
    """Yield the rows that were refused or went to review, in the columns of their own file.

    Mended, the rows can be sent again as they are. Cells are as they were delivered: who writes
    them for a spreadsheet must escape formulas.
    """
    after = 0
    while page := receipts_of(db, vault, run_id, MENDABLE, after=after):
        for each in page:
            yield MendableRow(
                sheet=each.sheet,
                row_number=each.row_number,
                outcome=each.outcome,
                raw=each.raw or {},
                told=each.told,
            )
        after = page[-1].ordinal


def receipt_rows(
    vault: Vault, run_id: UUID, rows: Sequence[Numbered], judged: Sequence[Judged]
) -> list[dict[str, Any]]:
    """Return what is stored of each row; rows that can be mended are kept, sealed."""
    return [
        {
            "run_id": run_id,
            "ordinal": row.ordinal,
            "sheet": row.parsed.line.sheet,
            "row_number": row.parsed.line.number,
            "outcome": each.outcome.value,
            "cause": each.cause,
            "findings": written(each.findings) if each.findings else None,
            "person_id": each.person_id,
            "matched_by": each.matched_by,
            "statement_key": each.statement_key,
            "fingerprint": each.fingerprint,
            "raw": _sealed(vault, run_id, row) if each.outcome in MENDABLE else None,
            "commune_code": commune_of(row.parsed) if each.outcome in MENDABLE else None,
        }
        for row, each in zip(rows, judged, strict=True)
    ]


def commune_of(parsed: Parsed) -> str | None:
    """Return the commune of the people a row is about, as far as the row says."""
    for name in _COMMUNES:
        code = getattr(parsed.row, name, None)
        if code is not None and len(code) == _COMMUNE_DIGITS:
            return str(code)
    return None


def written(findings: Iterable[Finding]) -> str:
    """Return findings as a receipt stores them."""
    return json.dumps(_as_json(findings), ensure_ascii=False)


def _as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {"cause": each.cause, "field": each.field, "detail": dict(each.detail)} for each in findings
    ]


def _read(findings: Iterable[Mapping[str, Any]]) -> list[Finding]:
    return [Finding(each["cause"], each["field"], each["detail"]) for each in findings]


def _sealed(vault: Vault, run_id: UUID, row: Numbered) -> bytes:
    text = json.dumps(dict(row.parsed.raw), ensure_ascii=False)
    return vault.sealer.seal(text.encode(errors="replace"), bound_to=_place(run_id, row.ordinal))


def _place(run_id: UUID, ordinal: int) -> bytes:
    return b"row_receipt.raw:" + run_id.bytes + ordinal.to_bytes(8)


def told_of(row: ReceiptOnFile) -> tuple[Told, ...]:
    """Return why a row became what it did, in words; one for each cause."""
    findings = _read(json.loads(row.findings or "[]"))
    by_cause = {each.cause: told(each) for each in reversed(findings)}
    return tuple(reversed(by_cause.values()))


def _receipt(vault: Vault, row: ReceiptOnFile) -> Receipt:
    raw = None
    if row.raw is not None:
        raw = json.loads(vault.sealer.open(row.raw, bound_to=_place(row.run_id, row.ordinal)))
    return Receipt(
        ordinal=row.ordinal,
        sheet=row.sheet,
        row_number=row.row_number,
        outcome=Outcome(row.outcome),
        cause=row.cause,
        told=told_of(row),
        person_id=row.person_id,
        matched_by=row.matched_by,
        raw=raw,
    )


def told(found: Finding) -> Told:
    """Return a finding in words; in general ones where it has no values to tell."""
    return Told(
        cause=found.cause,
        field=found.field,
        message_vi=_message(found, "vi"),
        message_en=_message(found, "en"),
        what_to_do_vi=what_to_do(found.cause, found.detail, "vi"),
        what_to_do_en=what_to_do(found.cause, found.detail, "en"),
    )


def _message(found: Finding, language: Language) -> str:
    general = data.by("causes_in_general", "cause").get(found.cause)
    if general is not None and not _placeholders(found.cause) <= set(found.detail):
        return general[f"message_{language}"]
    return message(found.cause, found.detail, language)


@cache
def _placeholders(cause: str) -> frozenset[str]:
    text = data.causes()[cause]["message_vi"]
    return frozenset(name for _text, name, _format, _how in Formatter().parse(text) if name)
