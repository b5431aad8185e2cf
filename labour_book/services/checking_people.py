"""Checks some hundred people: their books, what else is on file of them, how complete that is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book_checks import checked
from labour_book.domain.check_rules import Family, Found, of_family
from labour_book.domain.completeness import completeness
from labour_book.queries import books, quality_marks
from labour_book.services.books import NO_NUMBER, Standpoint, assembled
from labour_book.services.installation import Installation
from labour_book.services.noting_findings import note

RULES = frozenset(each.code for each in of_family(Family.BOOK))


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at some people gave; nothing is written yet."""

    person_ids: Sequence[UUID]
    found: Sequence[Found]
    marks: Sequence[Mapping[str, Any]]


def look(
    db: Db, inst: Installation, person_ids: Sequence[UUID], *, at: Standpoint, now: datetime
) -> Looked:
    """Return what the rules find of some people, and their marks.

    Who is dead or merged into another record has no marks; a book of the dead is checked all the
    same: contributions may go on.
    """
    known = books.facts_of(db, inst.vault, person_ids, at.known_at)
    counted = quality_marks.counted(db, person_ids)
    forms = quality_marks.forms_of(db, person_ids)
    confirmed = quality_marks.confirmed_of(db, person_ids)
    phones = quality_marks.phones_of(db, inst.vault, person_ids)
    found: list[Found] = [*_of_records(db, counted)]
    marks: list[Mapping[str, Any]] = []
    for person_id, person in known.people.items():
        book = assembled(person, known.employers, NO_NUMBER, at=at, places=inst.places)
        found += checked(book, person_id, person.identity.residence_commune)
        if person_id not in counted:
            continue
        form = forms.get(person_id, {})
        whole = completeness(book, form, counted[person_id].ethnic_code)
        marks.append(
            {
                "person_id": person_id,
                "required": len(whole.required),
                "missing": " ".join(("", *whole.missing, "")) if whole.missing else " ",
                "confirmed_on": confirmed.get(person_id),
                "phone_index": phones.get(person_id),
                "checked_at": now,
            }
        )
    return Looked(person_ids, found, marks)


def write(db: Db, looked: Looked, *, now: datetime) -> int:
    """Keep what a look gave; return how many findings that is."""
    quality_marks.save(db, looked.person_ids, looked.marks)
    subjects = [str(each) for each in looked.person_ids]
    return note(db, RULES, subjects, looked.found, now=now)


def _of_records(db: Db, counted: Mapping[UUID, quality_marks.Counted]) -> Iterator[Found]:
    """Yield who may be on file twice, and of whom rows wait."""
    proposed = dict.fromkeys(quality_marks.proposed_to_merge(db, counted), 1)
    for rule, name, numbers in (
        ("DUPLICATE_CANDIDATE", "others", quality_marks.doubles_of(db, counted)),
        ("MERGE_PROPOSED", "merges", proposed),
        ("ROW_IN_REVIEW", "rows", quality_marks.rows_in_review(db, counted)),
    ):
        for person_id, number in numbers.items():
            if person_id in counted:
                commune = counted[person_id].commune_code
                yield Found(rule, str(person_id), {name: number}, "", commune)
