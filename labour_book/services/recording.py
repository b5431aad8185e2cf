"""Recording what sources state: a fact comes new, is unchanged, or is voided and replaced."""

import os
from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.findings import Finding
from labour_book.queries import correction_decisions, facts, imports
from labour_book.queries.facts import FactKind, LiveFact
from labour_book.queries.people import PersonOnFile
from labour_book.queries.vault import Vault
from labour_book.services.matching import MERELY_WRITTEN
from labour_book.services.receipts import Judged, Outcome

_REFERENCE_LENGTH = 40
_KEY_BYTES = 8
_FINGERPRINT_BYTES = 16
_FLAGS_LENGTH = 400
_RANDOM_BITS = (0xFFF << 64) | ((1 << 62) - 1)
"""Of a UUID of version 7. Source: RFC 9562, section 5.7."""
_RECEIPT_ONLY = frozenset(
    {"MATCHED_BY_NAME", "SECOND_SI_NUMBER", "OLDER_STATEMENT", "LATE_EVENT"}
    | {"RESTORED_LEADING_ZERO", "CALCULATED_VALUE", "HOUSEHOLD_CARRIED_DOWN", "DATE_FROM_SERIAL"}
    | {"LAST_LINE_OPEN", "UNKNOWN_KEY", "SET_ASIDE_BY_DECISION"}
    | MERELY_WRITTEN
)
"""Said on the receipt: remarks on the file or the link, not on what was stated."""
OLDER = "OLDER_STATEMENT"
"""There is a newer statement of the same on record: the row does nothing."""
_OF_A_MOMENT = frozenset(
    {"NAME_NEAR", "NAME_DIFFERS", "BIRTH_DIFFERS", "SEX_DIFFERS", "NUMBER_SHARED"}
    | {"OTHER_ID_STATED", "ID_TYPO"}
)
"""How a row compares with what is on file when it comes. Notifications come in any order, and a
fact must not depend on it."""
HELD_BACK = frozenset({"WORK_BEFORE_BIRTH"})
"""Found once it is known who is meant: then nothing is recorded before somebody has looked."""


Plain = str | int | date | tuple[str, object] | None
"""What a statement says, in values whose written form never changes."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """An official has looked at a row that went to review: it is recorded as said here."""

    person: PersonOnFile | None
    """Whom it is about; None for somebody who is not on file yet."""


@dataclass(frozen=True, slots=True)
class Run:
    """The delivery that is being recorded."""

    id: UUID
    kind: str
    by: str
    at: datetime
    """When the batch at hand is recorded: from then on it is known."""
    started_at: datetime
    """When the run began; when a file says so that does not say when it was written."""
    on: date
    """The same, as a day in Việt Nam."""
    unit_code: str | None = None
    """Of the unit that sent it: rows about other communes are refused. None: all are recorded."""
    ruling: Ruling | None = None
    notified: bool = False
    """The rows are notifications: each says when it was known, and the newest counts, whenever it
    comes. To hear the same again is to know it of a later day."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one row states, and the name of that statement inside its source."""

    reference: str
    key: int
    fingerprint: bytes
    stated_at: datetime


def statement(
    vault: Vault, name: str, content: tuple[Plain, ...], stated_at: datetime
) -> Statement:
    """Name a statement, and take the fingerprint of what it says.

    Both are keyed hashes, since either may hold a personal ID, and an unkeyed hash of one falls in
    seconds.
    """
    index = vault.index.of(name)
    key = int.from_bytes(index[:_KEY_BYTES], signed=True)
    fingerprint = vault.index.of(repr(content))[:_FINGERPRINT_BYTES]
    return Statement(index.hex()[:_REFERENCE_LENGTH], key, fingerprint, stated_at)


def statement_key(vault: Vault, name: str) -> int:
    """Return the key of a statement by its name."""
    return int.from_bytes(vault.index.of(name)[:_KEY_BYTES], signed=True)


def key_of(reference: str) -> int:
    """Return the key of a statement by its reference, which begins with it."""
    return int.from_bytes(bytes.fromhex(reference[: 2 * _KEY_BYTES]), signed=True)


def new_id(at: datetime) -> UUID:
    """Return an id that sorts by time (UUID version 7), which keeps inserting in bulk quick."""
    rest = int.from_bytes(os.urandom(10)) & _RANDOM_BITS
    return UUID(int=_beginning(at) | rest)


@lru_cache(maxsize=64)
def _beginning(at: datetime) -> int:
    """Return the bits that ids of one instant share: its milliseconds, version and variant."""
    return int(at.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62


class Seen:
    """The statements that rows of the file at hand have made: 64-bit numbers, 16 to 32 bytes each.

    An open hash table in one array: a set of a million ints would take several times the memory.
    """

    def __init__(self, keys: Iterable[int] = ()) -> None:
        self._slots = array("q", bytes(8 * 4096))
        self._count = 0
        for key in keys:
            self.add(key)

    def __contains__(self, key: int) -> bool:
        return self._slots[self._slot(key)] != 0

    def __len__(self) -> int:
        return self._count

    def add(self, key: int) -> None:
        slot = self._slot(key)
        if self._slots[slot] == 0:
            self._slots[slot] = key or 1
            self._count += 1
            if self._count * 2 > len(self._slots):
                self._grow()

    def _slot(self, key: int) -> int:
        key, last, slots = key or 1, len(self._slots) - 1, self._slots
        slot = key & last
        while slots[slot] not in (0, key):
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        before = self._slots
        self._slots = array("q", bytes(8 * 2 * len(before)))
        for key in before:
            if key:
                self._slots[self._slot(key)] = key


class Ledger:
    """The live facts that the statements of one batch touch, and what is to be written."""

    def __init__(self, kind: FactKind, source: Source, run: Run, seen: Seen) -> None:
        self._kind = kind
        self._source = source
        self._run = run
        self._seen = seen
        self._live: dict[str, LiveFact] = {}
        self._held: set[tuple[int, bytes]] = set()
        self._set_aside: dict[str, frozenset[bytes]] = {}
        self._new: dict[UUID, dict[str, Any]] = {}
        self._voided: list[dict[str, Any]] = []

    def look_up(self, db: Db, statements: Iterable[Statement]) -> None:
        """Fetch the live facts under some names, and what was held back of them before."""
        names = {each.reference: each.key for each in statements}
        self._live.update(facts.live_facts(db, self._kind, self._source, set(names)))
        self._set_aside.update(
            correction_decisions.set_aside_statements(
                db, str(self._kind), self._source, set(names) - self._live.keys()
            )
        )
        self._held |= imports.held_statements(
            db, [names[each] for each in self._live if each in names]
        )

    def judge(
        self, said: Statement, person_id: UUID, findings: tuple[Finding, ...], rule: str | None
    ) -> Judged:
        """Say what a statement does to the record, and remember that the file has made it."""
        before = self._live.get(said.reference)
        outcome, cause = Outcome.CREATED, None
        held_back = next((each for each in findings if each.cause in HELD_BACK), None)
        if held_back is not None and self._run.ruling is None:
            return Judged(
                Outcome.NEEDS_REVIEW, held_back.cause, findings, person_id, rule, said.key
            )
        if before is None:
            decided = self._decided(said, findings)
            if decided is not None:
                return replace(decided, person_id=person_id, matched_by=rule)
        else:
            outcome, cause = self._against(said, before, person_id)
            if cause == OLDER:
                older = (*findings, Finding(OLDER))
                return Judged(Outcome.UNCHANGED, None, older, person_id, rule, said.key)
        if cause is not None:
            findings = (Finding(cause), *findings)
        elif outcome is not Outcome.DUPLICATE:
            self._seen.add(said.key)
        held = None if cause is None else said.fingerprint
        return Judged(outcome, cause, findings, person_id, rule, said.key, held)

    def _against(
        self, said: Statement, before: LiveFact, person_id: UUID
    ) -> tuple[Outcome, str | None]:
        """Say what a statement does to the one on record, and why it does nothing."""
        if before.person_id != person_id and self._run.ruling is None:
            return Outcome.NEEDS_REVIEW, self._contradiction(said, "OTHER_PERSON_ON_RECORD")
        if self._run.notified and _rank(said) != _rank(before):
            return _newer_or_older(is_newer=_rank(said) > _rank(before))
        if before.fingerprint == said.fingerprint and before.person_id == person_id:
            repeated = said.key in self._seen
            return (Outcome.DUPLICATE if repeated else Outcome.UNCHANGED), None
        if self._contradicts(said, before):
            return Outcome.NEEDS_REVIEW, self._contradiction(said, "STILL_CONTRADICTS")
        return _newer_or_older(is_newer=before.stated_at <= said.stated_at)

    def record(
        self,
        said: Statement,
        judged: Judged,
        values: Mapping[str, Any],
    ) -> None:
        """Write a new or changed statement as a fact; the fact it replaces is voided."""
        assert judged.is_written
        assert judged.person_id is not None
        before = self._live.get(said.reference)
        row = fact_row(self._run, self._source, said, judged.person_id, judged.findings)
        self._new[row["id"]] = {**row, **values}
        if before is not None:
            self._void(voided(self._run, before.id, row["id"]))
        self._live[said.reference] = LiveFact(
            row["id"], judged.person_id, said.fingerprint, said.stated_at
        )

    def end(self, said: Statement) -> None:
        """Void the fact that a changed statement no longer makes, if there is one."""
        before = self._live.pop(said.reference, None)
        if before is not None:
            self._void(voided(self._run, before.id, None, "no longer stated"))

    def write(self, db: Db) -> None:
        """Void what is replaced, then insert what is new."""
        facts.void_facts(db, self._kind, self._voided)
        facts.add_facts(db, self._kind, list(self._new.values()))
        self._voided, self._new = [], {}

    def _void(self, ended: dict[str, Any]) -> None:
        """Void a fact, which may be one of the same batch that is not written yet."""
        row = self._new.get(ended["id"])
        if row is None:
            self._voided.append(ended)
            return
        row["voided_at"], row["voided_by"] = ended["at"], ended["by"]
        row["void_reason"], row["replaced_by"] = ended["reason"], ended["replaced_by"]

    def _decided(self, said: Statement, findings: tuple[Finding, ...]) -> Judged | None:
        """Say what becomes of a statement that a decision has set aside; None if none has.

        Said again as it was, it does not come back; said otherwise, somebody looks at it.
        """
        known = self._set_aside.get(said.reference)
        if known is None or self._run.ruling is not None:
            return None
        if said.fingerprint not in known:
            outcome, cause = Outcome.NEEDS_REVIEW, "DECIDED_OTHERWISE"
        elif said.key in self._seen:
            outcome, cause = Outcome.DUPLICATE, None
        else:
            outcome, cause = Outcome.UNCHANGED, None
            findings = (Finding("SET_ASIDE_BY_DECISION"), *findings)
            self._seen.add(said.key)
        if cause is not None:
            findings = (Finding(cause), *findings)
        return Judged(outcome, cause, findings, None, None, said.key)

    def _contradicts(self, said: Statement, before: LiveFact) -> bool:
        """Say whether a statement speaks against one that is no older, now or when sent before.

        Only its source can make it newer: to send the same rows again does not. What an official
        has ruled on contradicts nothing any more.
        """
        if self._run.ruling is not None:
            return False
        if said.stated_at > before.stated_at and said.stated_at != self._run.started_at:
            return False
        return said.key in self._seen or (said.key, said.fingerprint) in self._held

    def _contradiction(self, said: Statement, otherwise: str) -> str:
        return "CONTRADICTS_EARLIER_ROW" if said.key in self._seen else otherwise


def _newer_or_older(*, is_newer: bool) -> tuple[Outcome, str | None]:
    """Return what a statement does that is newer than the one on record, or older."""
    return (Outcome.UPDATED, None) if is_newer else (Outcome.UNCHANGED, OLDER)


def _rank(said: Statement | LiveFact) -> tuple[datetime, bytes]:
    """Return what orders what a register says of one thing; of one instant, always the same."""
    return said.stated_at, said.fingerprint


def voided(
    run: Run, fact_id: UUID, replacement: UUID | None, reason: str = "stated anew"
) -> dict[str, Any]:
    """Return how a fact ends when a later statement replaces it."""
    return {
        "id": fact_id,
        "at": run.at,
        "by": run.by,
        "reason": f"{reason}, import {run.id}",
        "replaced_by": replacement,
    }


def fact_row(
    run: Run, source: Source, said: Statement, person_id: UUID, findings: Collection[Finding]
) -> dict[str, Any]:
    """Return the columns that every fact has."""
    return {
        "id": new_id(run.at),
        "person_id": person_id,
        "source": source.value,
        "source_ref": said.reference,
        "fingerprint": said.fingerprint,
        "stated_at": said.stated_at,
        "recorded_at": run.at,
        "recorded_by": run.by,
        "run_id": run.id,
        "flags": flags_of(findings, _OF_A_MOMENT if run.notified else frozenset()),
        "voided_at": None,
        "voided_by": None,
        "void_reason": None,
        "replaced_by": None,
    }


def flags_of(findings: Collection[Finding], left_out: frozenset[str] = frozenset()) -> str:
    """Return the causes that stay with the fact, as many as fit."""
    flags = ""
    if not findings:
        return flags
    for cause in sorted({each.cause for each in findings} - _RECEIPT_ONLY - left_out):
        if len(flags) + len(cause) < _FLAGS_LENGTH:
            flags = f"{flags} {cause}" if flags else cause
    return flags
