"""What a check needs of people besides their books, and the marks it leaves on them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from json import loads
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.domain.assurance import Source
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import own_cv
from labour_book.queries.portions import among
from labour_book.queries.rows import table_of
from labour_book.queries.vault import Vault
from labour_book.tables import (
    EmploymentFact,
    InsuranceFact,
    LineConfirmation,
    OwnCv,
    Person,
    PersonMerge,
    ProfileFact,
    QualityMark,
    ReviewDecision,
    RowReceipt,
)

_PERSON = table_of(Person)
_MERGE = table_of(PersonMerge)
_PROFILE = table_of(ProfileFact)
_EMPLOYMENT = table_of(EmploymentFact)
_INSURANCE = table_of(InsuranceFact)
_CONFIRMATION = table_of(LineConfirmation)
_CV = table_of(OwnCv)
_RECEIPT = table_of(RowReceipt)
_DECISION = table_of(ReviewDecision)
_MARK = table_of(QualityMark)


@dataclass(frozen=True, slots=True)
class Counted:
    """Somebody who counts: alive, as far as anybody knows, and not merged into another record."""

    commune_code: str | None
    ethnic_code: str | None


def counted(db: Db, person_ids: Collection[UUID]) -> dict[UUID, Counted]:
    """Return which of some people count, in order of id."""
    merged = sa.exists().where(_MERGE.c.merged_id == _PERSON.c.id, _MERGE.c.state == "done")
    query = (
        sa.select(_PERSON.c.id, _PERSON.c.residence_commune, _PERSON.c.ethnic_code)
        .where(among(db, _PERSON.c.id, list(person_ids)), ~merged)
        .where(_PERSON.c.life_status != "DECEASED")
        .order_by(_PERSON.c.id)
    )
    return {row[0]: Counted(row[1], row[2]) for row in db.execute(query)}


def forms_of(db: Db, person_ids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Return what the newest Form 03 of each person says."""
    query = (
        sa.select(_PROFILE.c.person_id, _PROFILE.c.body)
        .where(
            among(db, _PROFILE.c.person_id, list(person_ids)),
            _PROFILE.c.kind == "form03",
            _PROFILE.c.voided_at.is_(None),
        )
        .order_by(_PROFILE.c.stated_at, _PROFILE.c.recorded_at, _PROFILE.c.id)
    )
    return {row[0]: loads(row[1]) for row in db.execute(query)}


def confirmed_of(db: Db, person_ids: Collection[UUID]) -> dict[UUID, date]:
    """Return when anybody last said something of each person's work: registers, forms, themselves.

    The population register says nothing of work, and an old paper book nothing of today.
    """
    ids = list(person_ids)
    found: dict[UUID, date] = {}
    for table, said, at in (
        (_EMPLOYMENT, _EMPLOYMENT.c.source != Source.PAPER_BOOK.value, "stated_at"),
        (_INSURANCE, sa.true(), "stated_at"),
        (_PROFILE, _PROFILE.c.kind == "form03", "stated_at"),
        (_CONFIRMATION, sa.true(), "confirmed_at"),
    ):
        live = [table.c.voided_at.is_(None)] if "voided_at" in table.c else []
        query = (
            sa.select(table.c.person_id, sa.func.max(table.c[at]))
            .where(among(db, table.c.person_id, ids), said, *live)
            .group_by(table.c.person_id)
            .order_by(table.c.person_id)
        )
        for person_id, instant in db.execute(query):
            day = vietnam_day(instant)
            found[person_id] = max(day, found.get(person_id, day))
    return found


def phones_of(db: Db, vault: Vault, person_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Return the keyed hash of the phone number on each person's CV; the number stays here."""
    query = (
        sa.select(_CV.c.person_id)
        .where(among(db, _CV.c.person_id, list(person_ids)))
        .order_by(_CV.c.person_id)
    )
    found: dict[UUID, bytes] = {}
    for person_id in list(db.execute(query).scalars()):
        phone = own_cv.own_cv(db, vault, person_id).cv.choices.contact.phone
        digits = "".join(each for each in phone if each.isdigit()).removeprefix("84").lstrip("0")
        if digits:
            found[person_id] = vault.index.of(f"phone:{digits}")
    return found


def doubles_of(db: Db, person_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many others have the name and birth date of each of some people.

    Left out are groups in which the population register knows everybody: those are several people.
    """
    same = _PERSON.alias()
    merged = sa.exists().where(_MERGE.c.merged_id == same.c.id, _MERGE.c.state == "done")
    query = (
        sa.select(_PERSON.c.id, sa.func.count())
        .join(same, same.c.identity_key == _PERSON.c.identity_key)
        .where(
            among(db, _PERSON.c.id, list(person_ids)),
            same.c.id != _PERSON.c.id,
            ~merged,
            sa.or_(same.c.match_state != "MATCHED", _PERSON.c.match_state != "MATCHED"),
        )
        .group_by(_PERSON.c.id)
        .order_by(_PERSON.c.id)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def proposed_to_merge(db: Db, person_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return of whom somebody proposed that they are on file twice, and nobody decided."""
    found: set[UUID] = set()
    for column in (_MERGE.c.kept_id, _MERGE.c.merged_id):
        query = (
            sa.select(column)
            .where(among(db, column, list(person_ids)), _MERGE.c.state == "proposed")
            .order_by(column)
        )
        found |= set(db.execute(query).scalars())
    return frozenset(found)


def rows_in_review(db: Db, person_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return how many delivered rows about each person wait for a decision."""
    decided = sa.exists().where(
        _DECISION.c.run_id == _RECEIPT.c.run_id, _DECISION.c.ordinal == _RECEIPT.c.ordinal
    )
    query = (
        sa.select(_RECEIPT.c.person_id, sa.func.count())
        .where(
            among(db, _RECEIPT.c.person_id, list(person_ids)),
            _RECEIPT.c.outcome == "needs_review",
            ~decided,
        )
        .group_by(_RECEIPT.c.person_id)
        .order_by(_RECEIPT.c.person_id)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def save(db: Db, person_ids: Collection[UUID], rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace the marks of some people; who no longer counts has none."""
    db.execute(sa.delete(_MARK).where(among(db, _MARK.c.person_id, list(person_ids))))
    insert_rows(db, _MARK, rows)


def sharing_a_phone(db: Db, least: int) -> list[tuple[bytes, UUID, str | None]]:
    """Return everybody whose phone stands on so many CVs: its hash, the person and their commune.

    In order of the hash.
    """
    many = (
        sa.select(_MARK.c.phone_index)
        .where(_MARK.c.phone_index.is_not(None))
        .group_by(_MARK.c.phone_index)
        .having(sa.func.count() >= least)
        .scalar_subquery()
    )
    query = (
        sa.select(_MARK.c.phone_index, _MARK.c.person_id, _PERSON.c.residence_commune)
        .join(_PERSON, _PERSON.c.id == _MARK.c.person_id)
        .where(_MARK.c.phone_index.in_(many))
        .order_by(_MARK.c.phone_index, _MARK.c.person_id)
    )
    return [(row[0], row[1], row[2]) for row in db.execute(query)]


def people_of_phone(
    db: Db, index: bytes, communes: Collection[str] | None, *, limit: int
) -> list[UUID]:
    """Return some of the people with a phone on their CVs who live in the communes."""
    query = (
        sa.select(_MARK.c.person_id)
        .join(_PERSON, _PERSON.c.id == _MARK.c.person_id)
        .where(_MARK.c.phone_index == index)
        .order_by(_MARK.c.person_id)
        .limit(limit)
    )
    if communes is not None:
        query = query.where(_PERSON.c.residence_commune.in_(sorted(communes)))
    return list(db.execute(query).scalars())


@dataclass(frozen=True, slots=True)
class Lacking:
    """Somebody whose record would raise a number; nothing of who that is."""

    person_id: UUID
    commune_code: str | None
    match_state: str
    match_cause: str | None
    missing: tuple[str, ...]
    confirmed_on: date | None


def lacking(
    db: Db,
    communes: Collection[str] | None,
    condition: "Lack",
    *,
    after: UUID | None,
    limit: int,
) -> list[Lacking]:
    """Return people of some communes who lack something, in order of id."""
    query = (
        sa.select(
            _PERSON.c.id,
            _PERSON.c.residence_commune,
            _PERSON.c.match_state,
            _PERSON.c.match_cause,
            _MARK.c.missing,
            _MARK.c.confirmed_on,
        )
        .join(_MARK, _MARK.c.person_id == _PERSON.c.id)
        .where(condition.clause())
        .order_by(_PERSON.c.id)
        .limit(limit)
    )
    if communes is not None:
        query = query.where(_PERSON.c.residence_commune.in_(sorted(communes)))
    if after is not None:
        query = query.where(_PERSON.c.id > after)
    return [
        Lacking(person, commune, state, cause, tuple(missing.split()), day)
        for person, commune, state, cause, missing, day in db.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Lack:
    """What is lacking: a match, a field (or any), or a word since a day."""

    word: str
    """right, complete or alive."""
    since: date
    field: str = ""

    def clause(self) -> sa.ColumnElement[bool]:
        """Return the condition on a person and their marks."""
        if self.word == "right":
            return _PERSON.c.match_state != "MATCHED"
        if self.word == "complete" and self.field:
            return _MARK.c.missing.contains(f" {self.field} ", autoescape=True)
        if self.word == "complete":
            return _MARK.c.missing != " "
        return sa.or_(_MARK.c.confirmed_on.is_(None), _MARK.c.confirmed_on < self.since)
