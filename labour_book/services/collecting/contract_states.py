"""The recorded events of the contracts of one batch, and which of them is live."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.findings import Finding
from labour_book.queries import correction_decisions, facts
from labour_book.queries.facts import ContractEvent, FactKind
from labour_book.registers.rows import ContractEventRow
from labour_book.services.receipts import Outcome
from labour_book.services.recording import Run, new_id, voided

HOLE = "SEQUENCE_HOLE"
"""Events that came before the live one are missing."""


@dataclass(slots=True)
class _Recorded:
    """An event on record; ``row`` while it is not written yet."""

    fact_id: UUID
    sequence: int
    person_id: UUID
    employer_code: str | None
    fingerprint: bytes
    live: bool
    flags: str
    row: dict[str, Any] | None = None


class ContractStates:
    """Says what a contract event does to the record, and holds what is to be written."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._events: defaultdict[str, dict[int, _Recorded]] = defaultdict(dict)
        self._messages: dict[str, bytes] = {}
        self._set_aside: set[str] = set()
        self._new: list[dict[str, Any]] = []
        self._voided: list[dict[str, Any]] = []
        self._completed: dict[UUID, tuple[str, int]] = {}

    def look_up(self, db: Db, rows: Sequence[ContractEventRow]) -> None:
        """Fetch the recorded events of these contracts and messages, in two queries."""
        for contract_id, events in facts.events_of(db, {row.contract_id for row in rows}).items():
            for event in sorted(events, key=lambda each: each.live):
                self._events[contract_id][event.sequence] = _recorded(event)
        contracts = {row.contract_id for row in rows}
        kind, source = str(FactKind.EMPLOYMENT), Source.CONTRACT_PLATFORM
        decided = correction_decisions.set_aside_statements(db, kind, source, contracts)
        self._set_aside.update(decided)
        for message_id, event in facts.events_with(db, {row.message_id for row in rows}).items():
            self._messages[message_id] = event.fingerprint

    def check(
        self, row: ContractEventRow, person_id: UUID, fingerprint: bytes
    ) -> tuple[Outcome, str | None] | None:
        """Say why an event is not recorded: it is already, or it contradicts the record."""
        message = self._messages.get(row.message_id)
        if message is not None:
            if message == fingerprint:
                decided = row.contract_id in self._set_aside
                return Outcome.UNCHANGED, "SET_ASIDE_BY_DECISION" if decided else None
            return Outcome.REFUSED, "MESSAGE_REUSED"
        events = self._events.get(row.contract_id, {})
        for event in events.values():
            if (event.person_id, event.employer_code) != (person_id, row.enterprise_code):
                return Outcome.REFUSED, "CONTRACT_OTHER_PARTY"
        same = events.get(row.sequence)
        if same is None:
            is_decided = row.contract_id in self._set_aside and self._run.ruling is None
            return (Outcome.NEEDS_REVIEW, "DECIDED_OTHERWISE") if is_decided else None
        if same.fingerprint == fingerprint:
            return Outcome.DUPLICATE, None
        return Outcome.NEEDS_REVIEW, "SEQUENCE_TWICE"

    def add(
        self, row: ContractEventRow, fact: dict[str, Any]
    ) -> tuple[Outcome, tuple[Finding, ...]]:
        """Record an event; it is live only if none with a higher sequence is on record."""
        events = self._events[row.contract_id]
        live = next((each for each in events.values() if each.live), None)
        new = _Recorded(
            fact["id"],
            row.sequence,
            fact["person_id"],
            fact["employer_code"],
            fact["fingerprint"],
            live=live is None or row.sequence > live.sequence,
            flags=fact["flags"],
            row=fact,
        )
        events[row.sequence] = new
        self._messages[row.message_id] = new.fingerprint
        self._new.append(fact)
        if new.live:
            self._mark_hole(new, events)
            if live is not None:
                self._end(live, new.fact_id, f"superseded by sequence {row.sequence}")
            return (Outcome.CREATED if live is None else Outcome.UPDATED), ()
        assert live is not None
        self._end(new, live.fact_id, f"came after sequence {live.sequence}")
        if HOLE in live.flags.split() and not _has_hole(events):
            self._complete(live, row.contract_id)
        return Outcome.UNCHANGED, (Finding("LATE_EVENT", "sequence", {"live": live.sequence}),)

    def write(self, db: Db) -> None:
        """Void what is superseded, insert what is new, state complete contracts anew."""
        self._restate(db)
        facts.void_facts(db, FactKind.EMPLOYMENT, self._voided)
        facts.add_facts(db, FactKind.EMPLOYMENT, self._new)

    def _mark_hole(self, event: _Recorded, events: dict[int, _Recorded]) -> None:
        if _has_hole(events):
            assert event.row is not None
            event.flags = event.row["flags"] = f"{event.flags} {HOLE}".strip()

    def _end(self, event: _Recorded, replacement: UUID, reason: str) -> None:
        ended = voided(self._run, event.fact_id, replacement, reason)
        event.live = False
        self._completed.pop(event.fact_id, None)
        if event.row is None:
            self._voided.append(ended)
            return
        event.row["voided_at"], event.row["voided_by"] = ended["at"], ended["by"]
        event.row["void_reason"], event.row["replaced_by"] = ended["reason"], replacement

    def _complete(self, live: _Recorded, contract_id: str) -> None:
        """Take the flag from the live event now that the ones before it have come."""
        live.flags = " ".join(flag for flag in live.flags.split() if flag != HOLE)
        if live.row is not None:
            live.row["flags"] = live.flags
        else:
            self._completed[live.fact_id] = (contract_id, live.sequence)

    def _restate(self, db: Db) -> None:
        """Replace stored live facts by the same without the flag; facts are never edited."""
        rows = facts.fact_rows(db, FactKind.EMPLOYMENT, self._completed)
        for fact_id, (contract_id, sequence) in self._completed.items():
            anew = rows[fact_id] | {
                "id": new_id(self._run.at),
                "recorded_at": self._run.at,
                "recorded_by": self._run.by,
                "run_id": self._run.id,
                "flags": self._events[contract_id][sequence].flags,
                "message_id": None,
            }
            self._new.append(anew)
            reason = "earlier events have come"
            self._voided.append(voided(self._run, fact_id, anew["id"], reason))


def _recorded(event: ContractEvent) -> _Recorded:
    return _Recorded(
        event.fact_id,
        event.sequence,
        event.person_id,
        event.employer_code,
        event.fingerprint,
        event.live,
        event.flags,
    )


def _has_hole(events: dict[int, _Recorded]) -> bool:
    return len(events) != max(events)
