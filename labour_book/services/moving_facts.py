"""Stating the facts of one person anew of another, and taking that back.

Where a source has made the same statement of both, the newer one is kept. Which fact became which
is written down, so that the way back is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.months import Month
from labour_book.domain.people import fold
from labour_book.queries import facts, merges
from labour_book.queries.facts import FactKind
from labour_book.queries.vault import Vault
from labour_book.services.collecting import form03, insurance
from labour_book.services.recording import new_id, statement

IDENTITY = "identity"
_FUNDS = (("fund_si", "SI"), ("fund_vol", "VOL"), ("fund_ui", "UI"), ("fund_hi", "HI"))


@dataclass(frozen=True, slots=True)
class Moving:
    """From whom to whom facts move, in which merge, by whom and when."""

    merge_id: UUID
    merged_id: UUID
    kept_id: UUID
    by: str
    at: datetime


def move_facts(db: Db, vault: Vault, moving: Moving) -> dict[str, list[dict[str, Any]]]:
    """Move every live fact; return which became which, by what they are and were."""
    moved: list[dict[str, Any]] = []
    given_up: list[dict[str, Any]] = []
    names = _Names(db, vault, moving)
    for kind in FactKind:
        theirs = merges.live_facts_of(db, kind, moving.kept_id)
        has_identity = any(each.get("kind") == IDENTITY for each in theirs)
        for row in merges.live_facts_of(db, kind, moving.merged_id):
            ref = names.of(kind, row)
            other = merges.live_fact(db, kind, row["source"], ref)
            if other is not None and other["person_id"] != moving.kept_id:
                other = None
            is_dropped = (row.get("kind") == IDENTITY and has_identity) or (
                other is not None and other["stated_at"] >= row["stated_at"]
            )
            if is_dropped:
                _end(db, kind, row, None, moving)
                moved.append(_entry(kind, row["id"], None))
                continue
            if other is not None:
                _end(db, kind, other, None, moving)
                given_up.append(_entry(kind, other["id"], None))
            moved.append(
                _entry(
                    kind,
                    row["id"],
                    _restate(db, kind, row, moving, person_id=moving.kept_id, ref=ref),
                )
            )
    return {"facts": moved, "given_up": given_up}


def move_back(db: Db, moving: Moving, moved: Mapping[str, Any]) -> None:
    """Undo it: what each moved fact has become since goes back, and what was given up returns."""
    for entry in moved["facts"]:
        kind, before = FactKind(entry["kind"]), UUID(entry["before"])
        origin = merges.fact_of(db, kind, before)
        row = origin if entry["after"] is None else _become(db, kind, UUID(entry["after"]), moving)
        if row is None:
            continue
        _restate(db, kind, row, moving, person_id=moving.merged_id, ref=origin["source_ref"])
    for entry in moved["given_up"]:
        kind = FactKind(entry["kind"])
        row = merges.fact_of(db, kind, UUID(entry["before"]))
        if merges.live_fact(db, kind, row["source"], row["source_ref"]) is None:
            _restate(db, kind, row, moving, person_id=moving.kept_id, ref=row["source_ref"])


class _Names:
    """What statements about the kept person are called that were made about the merged one.

    Some sources name a statement after the person; their next delivery has to find it.
    """

    def __init__(self, db: Db, vault: Vault, moving: Moving) -> None:
        self._vault = vault
        self._moving = moving
        self._forms = {
            row["source_ref"]: loads(row["body"])["commune_code"]
            for row in merges.live_facts_of(db, FactKind.PROFILE, moving.merged_id)
            if row["source"] == Source.FORM03
        }

    def of(self, kind: FactKind, row: Mapping[str, Any]) -> str:
        """Return the name of a fact's statement once it is about the kept person."""
        ref, kept = str(row["source_ref"]), self._moving.kept_id
        match row["source"]:
            case Source.FORM03 if ref in self._forms:
                return self._named(form03.name_of(kept, self._forms[ref]))
            case Source.INSURANCE if kind is FactKind.INSURANCE:
                unit = row["employer_code"] or fold(row["employer_name"])
                funds = [name for column, name in _FUNDS if row[column]]
                first = Month.parse(row["first_month"])
                return self._named(insurance.name_of(kept, unit, first, funds))
            case _:
                return ref

    def _named(self, name: str) -> str:
        return statement(self._vault, name, (), self._moving.at).reference


def _become(db: Db, kind: FactKind, fact_id: UUID, moving: Moving) -> dict[str, Any] | None:
    """Return what a moved fact is by now; None if its source took it back, or moved it on."""
    stated = merges.fact_of(db, kind, fact_id)
    row = merges.live_fact(db, kind, stated["source"], stated["source_ref"])
    return row if row is not None and row["person_id"] == moving.kept_id else None


def _end(
    db: Db, kind: FactKind, row: Mapping[str, Any], replacement: UUID | None, moving: Moving
) -> None:
    ended = {
        "id": row["id"],
        "at": moving.at,
        "by": moving.by,
        "reason": f"merge {moving.merge_id}",
        "replaced_by": replacement,
    }
    facts.void_facts(db, kind, [ended])


def _restate(
    db: Db,
    kind: FactKind,
    row: Mapping[str, Any],
    moving: Moving,
    *,
    person_id: UUID,
    ref: str,
) -> UUID:
    """State a fact anew of somebody; one that is live ends."""
    fact_id = new_id(moving.at)
    if row["voided_at"] is None:
        _end(db, kind, row, fact_id, moving)
    anew = dict(row) | {
        "id": fact_id,
        "person_id": person_id,
        "source_ref": ref,
        "recorded_at": moving.at,
        "recorded_by": moving.by,
        "voided_at": None,
        "voided_by": None,
        "void_reason": None,
        "replaced_by": None,
    }
    if "message_id" in anew:
        anew["message_id"] = None  # a message is recorded once
    facts.add_facts(db, kind, [anew])
    return fact_id


def _entry(kind: FactKind, before: UUID, after: UUID | None) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "before": str(before),
        "after": None if after is None else str(after),
    }
