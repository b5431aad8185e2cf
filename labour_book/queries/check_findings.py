"""Findings of checks: written, seen again, cleared; listed and settled by people."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import CheckFinding, CheckReview, CheckThreshold

_FINDING = table_of(CheckFinding)
_REVIEW = table_of(CheckReview)
_THRESHOLD = table_of(CheckThreshold)
_IS_OPEN = _FINDING.c.cleared_at.is_(None)
Key = tuple[str, str, str]
"""Subject, rule and place."""


@dataclass(frozen=True, slots=True)
class FindingOnFile:
    """A finding as stored, its detail read."""

    id: UUID
    rule: str
    subject_kind: str
    subject: str
    place: str
    person_id: UUID | None
    commune_code: str | None
    unit_code: str | None
    detail: Mapping[str, str | int]
    state: str
    reason: str
    settled_at: datetime | None
    first_seen: datetime
    last_seen: datetime
    cleared_at: datetime | None

    @property
    def key(self) -> Key:
        return self.subject, self.rule, self.place


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody may see of findings: in which communes, and of officials in which units."""

    communes: Collection[str] | None
    """None for everywhere."""
    units: Collection[str]


_COLUMNS = tuple(_FINDING.c[name] for name in FindingOnFile.__slots__)
_DETAIL = FindingOnFile.__slots__.index("detail")


def open_of(
    db: Db, rules: Collection[str], subjects: Collection[str] | None = None
) -> dict[Key, FindingOnFile]:
    """Return what rules found and nothing has cleared, of some subjects or all."""
    found: dict[Key, FindingOnFile] = {}
    wanted = _FINDING.c.rule.in_(sorted(rules))
    for some in [None] if subjects is None else portions(subjects):
        query = sa.select(*_COLUMNS).where(wanted, _IS_OPEN).order_by(_FINDING.c.id)
        if some is not None:
            query = query.where(among(db, _FINDING.c.subject, some))
        found.update((each.key, each) for each in map(_finding, db.execute(query)))
    return found


def add(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_rows(db, _FINDING, rows)


def see_again(db: Db, ids: Collection[UUID], now: datetime) -> None:
    _set(db, ids, {"last_seen": now})


def clear(db: Db, ids: Collection[UUID], now: datetime) -> None:
    """Note that these are no longer found."""
    _set(db, ids, {"cleared_at": now})


def rewrite(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Change findings by their ``id``; all rows have the same further keys."""
    if not rows:
        return
    names = [name for name in rows[0] if name != "id"]
    values = {name: sa.bindparam(f"new_{name}", type_=_FINDING.c[name].type) for name in names}
    statement = (
        sa.update(_FINDING)
        .where(_FINDING.c.id == sa.bindparam("finding_id"), _IS_OPEN)
        .values(values)
    )
    given = [
        {"finding_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in rows
    ]
    db.connection().execute(statement, given)


def _set(db: Db, ids: Collection[UUID], values: Mapping[str, Any]) -> None:
    for some in portions(ids):
        db.execute(
            sa.update(_FINDING).where(among(db, _FINDING.c.id, some), _IS_OPEN).values(dict(values))
        )


def finding(db: Db, finding_id: UUID) -> FindingOnFile | None:
    """Return one finding; None if there is no such one."""
    row = db.execute(sa.select(*_COLUMNS).where(_FINDING.c.id == finding_id)).one_or_none()
    return None if row is None else _finding(row)


def listed(
    db: Db,
    seen: Seen,
    *,
    rules: Collection[str],
    subject: str = "",
    states: Collection[str] = ("open",),
    after: UUID | None = None,
    limit: int,
) -> list[FindingOnFile]:
    """Return findings that somebody may see, in order of id: those after one, if one is said."""
    query = (
        sa.select(*_COLUMNS)
        .where(
            _IS_OPEN,
            _FINDING.c.rule.in_(sorted(rules)),
            _FINDING.c.state.in_(sorted(states)),
            _within(seen),
        )
        .order_by(_FINDING.c.id)
        .limit(limit)
    )
    if subject:
        query = query.where(_FINDING.c.subject == subject)
    if after is not None:
        query = query.where(_FINDING.c.id > after)
    return [_finding(row) for row in db.execute(query)]


def counted(db: Db, seen: Seen, rules: Collection[str]) -> dict[tuple[str, str], int]:
    """Return how many findings stand, by rule and state."""
    query = (
        sa.select(_FINDING.c.rule, _FINDING.c.state, sa.func.count())
        .where(_IS_OPEN, _FINDING.c.rule.in_(sorted(rules)), _within(seen))
        .group_by(_FINDING.c.rule, _FINDING.c.state)
        .order_by(_FINDING.c.rule, _FINDING.c.state)
    )
    return {(row[0], row[1]): row[2] for row in db.execute(query)}


def settle(db: Db, finding_id: UUID, *, state: str, reason: str, by: str, now: datetime) -> bool:
    """Note what somebody decided of an open finding; False if somebody did before."""
    return one_changed(
        db,
        sa.update(_FINDING)
        .where(_FINDING.c.id == finding_id, _FINDING.c.state == "open", _IS_OPEN)
        .values(state=state, reason=reason, settled_by=by, settled_at=now),
    )


def add_review(db: Db, row: Mapping[str, Any]) -> bool:
    """Note what somebody said of a warning; False if somebody did before."""
    return insert_once(db, _REVIEW, row)


def reviewed(db: Db, since: Mapping[str, datetime]) -> dict[str, tuple[int, int]]:
    """Return how many warnings were useful, and how many looked at, by rule.

    ``since`` says for a rule when its threshold was last changed: older words are about another.
    """
    newer = [
        sa.and_(_REVIEW.c.rule == rule, _REVIEW.c.at >= at) for rule, at in sorted(since.items())
    ]
    query = (
        sa.select(
            _REVIEW.c.rule,
            sa.func.sum(sa.case((_REVIEW.c.useful, 1), else_=0)),
            sa.func.count(),
        )
        .where(sa.or_(_REVIEW.c.rule.not_in(sorted(since)), *newer))
        .group_by(_REVIEW.c.rule)
        .order_by(_REVIEW.c.rule)
    )
    return {row[0]: (int(row[1]), row[2]) for row in db.execute(query)}


def thresholds(db: Db) -> dict[str, tuple[int, int, datetime]]:
    """Return the accepted thresholds by rule: number, value in tenths, and since when."""
    query = sa.select(
        _THRESHOLD.c.rule, _THRESHOLD.c.number, _THRESHOLD.c.value, _THRESHOLD.c.set_at
    ).order_by(_THRESHOLD.c.rule, _THRESHOLD.c.number)
    return {row.rule: (row.number, row.value, row.set_at) for row in db.execute(query)}


def add_threshold(db: Db, row: Mapping[str, Any]) -> bool:
    """Set a threshold; False if somebody set one at the same moment."""
    return insert_once(db, _THRESHOLD, row)


def _within(seen: Seen) -> sa.ColumnElement[bool]:
    """Return the condition that somebody may see a finding; of officials it goes by unit."""
    of_official = _FINDING.c.subject_kind == "official"
    theirs = sa.and_(of_official, _FINDING.c.unit_code.in_(sorted(seen.units)))
    if seen.communes is None:
        return sa.or_(~of_official, theirs)
    here = _FINDING.c.commune_code.in_(sorted(seen.communes))
    return sa.or_(sa.and_(~of_official, here), theirs)


def _finding(row: sa.Row[Any]) -> FindingOnFile:
    values = list(row)
    values[_DETAIL] = json.loads(values[_DETAIL])
    return FindingOnFile(*values)
