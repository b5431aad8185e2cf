"""Writing what a decision does to facts, and undoing it: void, state, state again; never erase."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.errors import Conflict
from labour_book.queries import correction_decisions, fact_chains, facts
from labour_book.queries.correction_decisions import MADE, RESTORED, VOIDED, Effect
from labour_book.queries.facts import FactKind
from labour_book.queries.vault import Vault
from labour_book.services.case_effects import Effects, Row
from labour_book.services.recording import new_id

_REASON_LENGTH = 200
_FINGERPRINT_BYTES = 16


class LineRestated(Conflict):
    """A register has restated the line meanwhile: nothing was decided, look at it again."""

    slug = "line-restated"
    title = "The line has changed while it was being decided; look at it again"
    title_vi = "Dòng này vừa thay đổi trong lúc giải quyết; hãy xem lại"


class NothingToReverse(Conflict):
    """No decision is in force, or a later one stands on it."""

    slug = "nothing-to-reverse"
    title = "There is no decision in force that could be taken back"
    title_vi = "Không có quyết định nào đang có hiệu lực để hủy bỏ"


@dataclass(frozen=True, slots=True)
class Writing:
    """By which decision, about whom, by whom and when facts are written."""

    decision: UUID
    person_id: UUID
    case_number: str
    by: str
    now: datetime


def put_into_force(db: Db, vault: Vault, writing: Writing, effects: Effects) -> None:
    """Void the facts that do not hold any more, and state what was decided.

    Raises:
        LineRestated: one of them stands no more.
    """
    made = [
        (kind, _made(vault, writing, number, values))
        for number, (kind, values) in enumerate(effects.state, start=1)
    ]
    successors = {kind: row["id"] for kind, row in reversed(made)}
    reason = f"decision on {writing.case_number}"
    for kind, row in effects.void:
        _void(db, writing, kind, row["id"], replaced_by=successors.get(kind), reason=reason)
    for kind in dict.fromkeys(kind for kind, _ in made):
        facts.add_facts(db, kind, [row for of_kind, row in made if of_kind is kind])
    noted = [Effect(str(kind), row["id"], VOIDED) for kind, row in effects.void]
    noted += [Effect(str(kind), row["id"], MADE) for kind, row in made]
    correction_decisions.add_effects(db, writing.decision, noted)
    correction_decisions.set_aside(db, _set_aside(writing.decision, effects.void))


def restore(db: Db, writing: Writing, earlier: UUID) -> None:
    """Undo what a decision did to facts: void what it made, state again what it voided.

    Raises:
        NothingToReverse: it was taken back before, or a later decision stands on it.
    """
    if not correction_decisions.take_back(db, earlier, writing.decision):
        raise NothingToReverse
    effects = correction_decisions.effects_of(db, earlier)
    noted: list[Effect] = []
    for kind in sorted({each.fact_kind for each in effects}):
        of_kind = [each for each in effects if each.fact_kind == kind]
        noted += _restore_kind(db, writing, FactKind(kind), of_kind)
    correction_decisions.add_effects(db, writing.decision, noted)


def _restore_kind(
    db: Db, writing: Writing, kind: FactKind, effects: Sequence[Effect]
) -> list[Effect]:
    ended = [each.fact_id for each in effects if each.deed in {MADE, RESTORED}]
    rows = facts.fact_rows(db, kind, [each.fact_id for each in effects if each.deed == VOIDED])
    anew = [
        _again(rows[each], writing) for each in sorted(rows) if not _is_stated(db, kind, rows[each])
    ]
    successor = anew[0]["id"] if anew else None
    for each in ended:
        try:
            _void(db, writing, kind, each, replaced_by=successor, reason="decision taken back")
        except LineRestated as error:
            raise NothingToReverse from error
    facts.add_facts(db, kind, anew)
    voided = [Effect(str(kind), each, VOIDED) for each in ended]
    return voided + [Effect(str(kind), row["id"], RESTORED) for row in anew]


def _made(vault: Vault, writing: Writing, number: int, values: Mapping[str, Any]) -> Row:
    """Return a fact that a decision states; what was stated before keeps when that was said."""
    said = repr(sorted((name, str(value)) for name, value in values.items()))
    return {
        **_once(values),
        **_standing(writing),
        "person_id": writing.person_id,
        "source": str(Source.DECISION),
        "source_ref": f"decision-{writing.decision.hex}-{number}",
        "fingerprint": vault.index.of(said)[:_FINGERPRINT_BYTES],
        "stated_at": values.get("stated_at", writing.now),
        "run_id": None,
        "flags": "",
    }


def _again(row: Row, writing: Writing) -> Row:
    """Return a fact as its source stated it, to stand once more."""
    once = {"message_id": None} if "message_id" in row else {}
    return {**row, **once, **_standing(writing)}


def _once(values: Mapping[str, Any]) -> Row:
    """Return the values without what names a message: each is recorded once."""
    without = {"message_id": None, "event_sequence": None}
    return {name: without.get(name, value) for name, value in values.items()}


def _standing(writing: Writing) -> Row:
    return {
        "id": new_id(writing.now),
        "recorded_at": writing.now,
        "recorded_by": writing.by,
        "voided_at": None,
        "voided_by": None,
        "void_reason": None,
        "replaced_by": None,
    }


def _set_aside(decision: UUID, void: Sequence[tuple[FactKind, Row]]) -> list[dict[str, object]]:
    return [
        {
            "decision_id": decision,
            "fact_kind": str(kind),
            "source_ref": row["source_ref"],
            "source": row["source"],
            "fingerprint": row["fingerprint"],
            "in_force": True,
        }
        for kind, row in void
        if row["source"] != Source.DECISION
    ]


def _is_stated(db: Db, kind: FactKind, row: Row) -> bool:
    """Say whether the source has stated it anew since, as an official let it."""
    return bool(facts.live_facts(db, kind, row["source"], [row["source_ref"]]))


def _void(
    db: Db,
    writing: Writing,
    kind: FactKind,
    fact_id: UUID,
    *,
    replaced_by: UUID | None,
    reason: str,
) -> None:
    voided = fact_chains.void_one(
        db,
        kind,
        fact_id,
        by=writing.by,
        at=writing.now,
        reason=reason[:_REASON_LENGTH],
        replaced_by=replaced_by,
    )
    if not voided:
        raise LineRestated
