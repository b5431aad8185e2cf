"""Whom lines of paper books may mean: who has the name, and worked there at that time.

A line tells no birth date, so name alone says nothing. A register that states the same employer in
overlapping months of somebody with that name is a second and a third thing that agree. Where no
register reaches so far back, the book does: its number begins with the province that issued it,
as a personal ID begins with that of the birth registration, and nobody was handed one as a child.
It is proposed to an official, never linked.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.employers import name_key
from labour_book.domain.people import fold
from labour_book.domain.personal_ids import read_personal_id
from labour_book.queries import people, register_lines
from labour_book.queries.people import PersonOnFile
from labour_book.queries.register_lines import RegisterLine
from labour_book.queries.vault import Vault
from labour_book.services.held_rows import Held, Work


@dataclass(frozen=True, slots=True)
class Rule:
    """What agrees beside the name, and how much that says."""

    name: str
    levels: Mapping[str, str]
    likely: int
    """In a million, shared among all whom a line may mean: by judgement, not measured."""


WORKED_THERE = Rule(
    "NAME_EMPLOYER", {"name": "same", "employer": "same", "months": "same"}, 900_000
)
BOOK_OF_PROVINCE = Rule("NAME_BOOK", {"name": "same", "book": "same"}, 700_000)
MOST_NAMESAKES = 200
"""People of one name who are looked at; a name that more have says too little."""
MOST = 3
"""People proposed for one line; more who have but a book of their province are not proposed."""
GROWN_UP = 15
"""Years of age at which somebody could be employed (Labour Code 1994, art. 6)."""
_BOOK = re.compile(r"([0-9]{2})-[0-9]{6}/")
"""Number and page of a book: province, running number."""
_MONTH = 7
"""Characters of a month, YYYY-MM, at the head of a day."""
_OPEN = "9999-12"


@dataclass(frozen=True, slots=True)
class Alike:
    """That a row may mean somebody, why, and how likely, in a million."""

    row: Held
    person_id: UUID
    rule: Rule
    probability: int


def meant_by_lines(db: Db, vault: Vault, rows: Iterable[Held]) -> Iterator[Alike]:
    """Yield whom lines of paper books may mean; some queries for each kind of line."""
    asked = [(row, row.work) for row in rows if row.work is not None]
    named = people.people_named(
        db, {fold(work.full_name) for _, work in asked}, most=MOST_NAMESAKES
    )
    everybody = {each for some in named.values() for each in some}
    lines = register_lines.lines_of(db, everybody)
    known = people.people_by_ids(db, everybody)
    provinces = _provinces(db, vault, everybody)
    for row, work in asked:
        namesakes = named.get(fold(work.full_name), ())
        there = [each for each in namesakes if _worked(lines.get(each, ()), work)]
        held = [each for each in namesakes if _may_hold(known[each], provinces.get(each), work)]
        rule, fitting = (WORKED_THERE, there) if there else (BOOK_OF_PROVINCE, held)
        if there or len(held) <= MOST:
            for person_id in fitting[:MOST]:
                yield Alike(row, person_id, rule, rule.likely // len(fitting))


def _provinces(db: Db, vault: Vault, everybody: Collection[UUID]) -> dict[UUID, str]:
    """Return in which province, of 63, the birth of each was registered."""
    return {
        person_id: read_personal_id(digits).registration_code
        for person_id, numbers in people.numbers_of(db, vault, everybody).items()
        for kind, digits in numbers
        if kind == "PIN"
    }


def _may_hold(person: PersonOnFile, province: str | None, work: Work) -> bool:
    """Say whether the book was issued where the person comes from, and not to a child."""
    book = _BOOK.match(work.page_ref)
    if book is None or person.birth_date is None:
        return False
    is_grown_up = int(work.first[:4]) - person.birth_date.year >= GROWN_UP
    return province == f"0{book[1]}" and is_grown_up


def _worked(lines: Sequence[RegisterLine], work: Work) -> bool:
    wanted = name_key(work.employer_name)
    return any(
        name_key(each.employer_name) == wanted
        and each.first[:_MONTH] <= work.last
        and (each.last or _OPEN)[:_MONTH] >= work.first
        for each in lines
    )
