"""How satisfied people were with finished requests; numbers never lead to a person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.months import Month
from labour_book.domain.satisfaction import RequestKind, Scores
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import (
    CorrectionCase,
    DataRequest,
    GapStep,
    Person,
    PortalDossier,
    Satisfaction,
)

_SAID = table_of(Satisfaction)
_CASE = table_of(CorrectionCase)
_REQUEST = table_of(DataRequest)
_DOSSIER = table_of(PortalDossier)
_STEP = table_of(GapStep)
_PERSON = table_of(Person)
_OFFICES = ("insurance", "commune", "province", "ministry")
_DECIDED = ("decided", "closed")


@dataclass(frozen=True, slots=True)
class UnitScores:
    """The answers about one kind of requests that one office dealt with in one month."""

    unit_code: str
    """The office; empty where none dealt with it (as the portal's dossiers)."""
    commune_code: str | None
    """Where those live who answered."""
    kind: RequestKind
    month: Month
    scores: Scores


@dataclass(frozen=True, slots=True)
class Finished:
    """A request of one person that is over."""

    about_id: UUID
    kind: RequestKind
    what: str
    """Number of the case, kind of the request, procedure of the dossier, name of the employer."""
    unit_code: str
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote beside a score; nothing says who. Sealed."""

    about_id: UUID
    kind: RequestKind
    score: int
    words: bytes
    month: str


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it is stored; the words are sealed."""

    about_id: UUID
    kind: RequestKind
    score: int
    words: bytes | None
    given_at: datetime
    changed_at: datetime


_STORED = tuple(_SAID.c[name] for name in StoredAnswer.__slots__)


def satisfaction_by_unit(
    db: Db,
    first: Month,
    last: Month,
    *,
    communes: Collection[str] | None = None,
    units: Collection[str] | None = None,
) -> list[UnitScores]:
    """Return the answers of some months (both included), counted: exact, nothing suppressed.

    Of people who live in some communes, about what some units dealt with; None for all. Add
    them up with ``Scores.together`` and read ``.index``, ``.satisfied``, ``.answers``; what is
    shown outside the unit in charge goes through ``domain.disclosure`` first.
    """
    keys = (_SAID.c.unit_code, _SAID.c.commune_code, _SAID.c.kind, _SAID.c.month)
    query = (
        sa.select(*keys, _SAID.c.score, sa.func.count())
        .where(_SAID.c.month.between(str(first), str(last)))
        .group_by(*keys, _SAID.c.score)
        .order_by(*keys, _SAID.c.score)
    )
    if communes is not None:
        query = query.where(_SAID.c.commune_code.in_(sorted(communes)))
    if units is not None:
        query = query.where(_SAID.c.unit_code.in_(sorted(units)))
    found: dict[tuple[str, str | None, str, str], list[int]] = {}
    for unit, commune, kind, month, score, count in db.execute(query):
        found.setdefault((unit, commune, kind, month), [0] * 5)[score - 1] = count
    return [
        UnitScores(unit, commune, RequestKind(kind), Month.parse(month), Scores((a, b, c, d, e)))
        for (unit, commune, kind, month), (a, b, c, d, e) in found.items()
    ]


def words_about(
    db: Db, first: Month, last: Month, units: Collection[str], *, limit: int
) -> list[Words]:
    """Return the newest words about what some units dealt with."""
    query = (
        sa.select(*(_SAID.c[name] for name in Words.__slots__))
        .where(_SAID.c.month.between(str(first), str(last)), _SAID.c.words.is_not(None))
        .where(_SAID.c.unit_code.in_(sorted(units)))
        .order_by(_SAID.c.changed_at.desc(), _SAID.c.about_id)
        .limit(limit)
    )
    found = (row._asdict() for row in db.execute(query))
    return [Words(**(each | {"kind": RequestKind(each["kind"])})) for each in found]


def finished_of(
    db: Db, person_id: UUID, *, since: datetime, about_id: UUID | None = None
) -> list[Finished]:
    """Return the requests of a person that were over since an instant, the newest first."""
    parts = [sa.select(each.of(person_id, since, about_id)) for each in _finished()]
    union = sa.union_all(*parts).subquery()
    query = sa.select(union).order_by(union.c.finished_at.desc(), union.c.about_id)
    found = (row._asdict() for row in db.execute(query))
    return [Finished(**(each | {"kind": RequestKind(each["kind"])})) for each in found]


def commune_of(db: Db, person_id: UUID) -> str | None:
    """Return where a person lives, as far as it is known."""
    query = sa.select(_PERSON.c.residence_commune).where(_PERSON.c.id == person_id)
    found: str | None = db.execute(query).scalar_one_or_none()
    return found


def rate_case(db: Db, case_id: UUID, *, before: int, score: int) -> bool:
    """Let the rating that stands at a correction follow a changed answer."""
    return one_changed(
        db,
        sa.update(_CASE)
        .where(_CASE.c.id == case_id, _CASE.c.rating == before)
        .values(rating=score),
    )


def answers_of(db: Db, about_ids: Collection[UUID]) -> dict[UUID, StoredAnswer]:
    """Return what was answered about some requests."""
    query = sa.select(*_STORED).where(_SAID.c.about_id.in_(set(about_ids)))
    return {row.about_id: _stored(row) for row in db.execute(query.order_by(_SAID.c.about_id))}


def add_answer(db: Db, row: Mapping[str, Any]) -> bool:
    """Store an answer; tell whether the request had none."""
    return insert_once(db, _SAID, row)


def change_answer(
    db: Db,
    about_id: UUID,
    *,
    score: int,
    words: bytes | None,
    given_after: datetime,
    seen: datetime,
    now: datetime,
) -> bool:
    """Change an answer that was given after an instant and was not changed since it was seen."""
    return one_changed(
        db,
        sa.update(_SAID)
        .where(_SAID.c.about_id == about_id, _SAID.c.given_at > given_after)
        .where(_SAID.c.changed_at == seen)
        .values(score=score, words=words, changed_at=now),
    )


def _stored(row: sa.Row[Any]) -> StoredAnswer:
    told = {name: getattr(row, name) for name in StoredAnswer.__slots__}
    return StoredAnswer(**(told | {"kind": RequestKind(row.kind)}))


@dataclass(frozen=True, slots=True)
class _Over:
    """How the requests of one kind are found that are over."""

    kind: RequestKind
    table: sa.Table
    what: sa.ColumnElement[Any]
    unit: sa.ColumnElement[Any]
    finished_at: sa.ColumnElement[Any]
    also: sa.ColumnElement[bool]

    def of(self, person_id: UUID, since: datetime, about_id: UUID | None) -> sa.CTE:
        query = sa.select(
            self.table.c.id.label("about_id"),
            sa.literal(str(self.kind)).label("kind"),
            self.what.label("what"),
            sa.func.coalesce(self.unit, "").label("unit_code"),
            self.finished_at.label("finished_at"),
        ).where(self.table.c.person_id == person_id, self.finished_at >= since, self.also)
        if about_id is not None:
            query = query.where(self.table.c.id == about_id)
        return query.cte(f"over_{self.table.name}")


def _finished() -> tuple[_Over, ...]:
    nobody, always = sa.literal(""), sa.true()
    office = sa.case((_CASE.c.owner_kind.in_(_OFFICES), _CASE.c.owner_code), else_=nobody)
    decided = _CASE.c.state.in_(_DECIDED) & (_CASE.c.declared_kind != "employer")
    asked, handed, step = _REQUEST.c, _DOSSIER.c, _STEP.c
    return (
        _Over(RequestKind.CORRECTION, _CASE, _CASE.c.number, office, _CASE.c.decided_at, decided),
        _Over(
            *(RequestKind.DATA_REQUEST, _REQUEST, asked.kind, asked.unit_code),
            *(asked.answered_at, always),
        ),
        _Over(
            *(RequestKind.DOSSIER, _DOSSIER, handed.procedure, nobody, handed.ended_at),
            also=always,
        ),
        _Over(
            *(RequestKind.GAP_QUESTION, _STEP, step.employer_name, nobody, step.answered_at),
            also=always,
        ),
    )
