"""Sorting out the rows of a batch: what cannot be read is refused, the rest is recorded."""

from collections.abc import Sequence

from labour_book.database import Db
from labour_book.domain.findings import Finding, Severity, severity_of
from labour_book.registers import Parsed
from labour_book.services.collecting import LIMITS, Collector, Row
from labour_book.services.receipts import Judged, Numbered, Outcome
from labour_book.services.recording import Run

RECORDED_ALL_THE_SAME = frozenset({"ENTERPRISE_CODE_CHECK", "UNKNOWN_VALUE"})
"""Causes for an official to look at that are no reason to keep a row back: a worker's months count
although the unit's code was mistyped, and one answer that nobody can read does not spoil a form."""


def sort_out(db: Db, run: Run, rows: Sequence[Numbered], collector: Collector) -> list[Judged]:
    """Say what becomes of each row of a batch, recording those that can be."""
    judged = [_turned_away(run.kind, each.parsed) for each in rows]
    readable = [
        Row(row.parsed.row, row.parsed.findings)
        for row, turned_away in zip(rows, judged, strict=True)
        if turned_away is None and row.parsed.row is not None
    ]
    collected = iter(collector.collect(db, run, readable))
    return [next(collected) if each is None else each for each in judged]


def _turned_away(kind: str, parsed: Parsed) -> Judged | None:
    """Return why a row goes no further; None if it does."""
    findings = parsed.findings
    if parsed.row is None:
        cause = _first(findings, Severity.REFUSE) or findings[0].cause
        return Judged(Outcome.REFUSED, cause, findings)
    for field, limit in LIMITS[kind].items():
        value = getattr(parsed.row, field)
        size = value if isinstance(value, int) else len(value or "")
        if size > limit:
            found = Finding("FIELD_TOO_LONG", field, {"characters": size, "allowed": limit})
            return Judged(Outcome.REFUSED, found.cause, (found, *findings))
    held_back = _first(findings, Severity.REVIEW) if findings else None
    return None if held_back is None else Judged(Outcome.NEEDS_REVIEW, held_back, findings)


def _first(findings: Sequence[Finding], severity: Severity) -> str | None:
    return next(
        (
            each.cause
            for each in findings
            if severity_of(each.cause) is severity and each.cause not in RECORDED_ALL_THE_SAME
        ),
        None,
    )
