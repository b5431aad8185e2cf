"""Sorting out the rows of a batch: what cannot be read is refused, the rest is recorded."""

from collections.abc import Sequence

from labour_book.database import Db
from labour_book.domain.findings import Finding, Severity, severity_of
from labour_book.queries.accounts import unit_serves
from labour_book.registers import Parsed
from labour_book.services.collecting import LIMITS, Collector, Row
from labour_book.services.receipts import Judged, Numbered, Outcome, commune_of
from labour_book.services.recording import Run

RECORDED_ALL_THE_SAME = frozenset({"ENTERPRISE_CODE_CHECK", "UNKNOWN_VALUE"})
"""Causes for an official to look at that are no reason to keep a row back: a worker's months count
although the unit's code was mistyped, and one answer that nobody can read does not spoil a form."""


def sort_out(db: Db, run: Run, rows: Sequence[Numbered], collector: Collector) -> list[Judged]:
    """Say what becomes of each row of a batch, recording those that can be."""
    serves = _Serving(db, run)
    judged = [_turned_away(run, each.parsed, serves) for each in rows]
    readable = [
        Row(row.parsed.row, row.parsed.findings, row.ordinal, row.stated_at)
        for row, turned_away in zip(rows, judged, strict=True)
        if turned_away is None and row.parsed.row is not None
    ]
    collected = iter(collector.collect(db, run, readable))
    return [next(collected) if each is None else each for each in judged]


class _Serving:
    """Says whether the unit that sent a file serves a commune, asking once for each."""

    def __init__(self, db: Db, run: Run) -> None:
        self._db = db
        self._run = run
        self._known: dict[str | None, bool] = {}

    def __call__(self, commune_code: str | None) -> bool:
        unit = self._run.unit_code
        if unit is None:
            return True
        if commune_code not in self._known:
            self._known[commune_code] = unit_serves(self._db, unit, commune_code, self._run.on)
        return self._known[commune_code]


def _turned_away(run: Run, parsed: Parsed, serves: _Serving) -> Judged | None:
    """Return why a row goes no further; None if it does."""
    findings = parsed.findings
    if parsed.row is None:
        cause = _first(findings, Severity.REFUSE) or findings[0].cause
        return Judged(Outcome.REFUSED, cause, findings)
    if not serves(commune_of(parsed)):
        found = Finding("COMMUNE_NOT_YOURS", "commune_code")
        return Judged(Outcome.REFUSED, found.cause, (found, *findings))
    for field, limit in LIMITS[run.kind].items():
        value = getattr(parsed.row, field)
        size = value if isinstance(value, int) else len(value or "")
        if size > limit:
            found = Finding("FIELD_TOO_LONG", field, {"characters": size, "allowed": limit})
            return Judged(Outcome.REFUSED, found.cause, (found, *findings))
    is_open = bool(findings) and run.ruling is None
    held_back = _first(findings, Severity.REVIEW) if is_open else None
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
