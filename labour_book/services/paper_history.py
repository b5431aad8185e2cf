"""Whom lines of paper books may mean: who has the name, and worked there at that time.

A line tells no birth date, so name alone says nothing. A register that states the same employer in
overlapping months of somebody with that name is a second and a third thing that agree. It is
proposed to an official, never linked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.employers import name_key
from labour_book.domain.people import fold
from labour_book.queries import people, register_lines
from labour_book.queries.register_lines import RegisterLine
from labour_book.services.held_rows import Held, Work

RULE = "NAME_EMPLOYER"
LEVELS: Mapping[str, str] = {"name": "same", "employer": "same", "months": "same"}
LIKELY = 900_000
"""In a million, shared among all whom a line may mean: by judgement, not measured."""
MOST_NAMESAKES = 200
"""People of one name who are looked at; a name that more have says too little."""
MOST = 3
"""People proposed for one line."""
_MONTH = 7
"""Characters of a month, YYYY-MM, at the head of a day."""
_OPEN = "9999-12"


@dataclass(frozen=True, slots=True)
class Alike:
    """That a row may mean somebody, and how likely, in a million."""

    row: Held
    person_id: UUID
    probability: int


def worked_there(db: Db, rows: Iterable[Held]) -> Iterator[Alike]:
    """Yield whom lines of paper books may mean; two queries for each kind of line."""
    asked = [(row, row.work) for row in rows if row.work is not None]
    named = people.people_named(
        db, {fold(work.full_name) for _, work in asked}, most=MOST_NAMESAKES
    )
    lines = register_lines.lines_of(db, {each for some in named.values() for each in some})
    for row, work in asked:
        fitting = [
            person_id
            for person_id in named.get(fold(work.full_name), ())
            if _worked(lines.get(person_id, ()), work)
        ]
        for person_id in fitting[:MOST]:
            yield Alike(row, person_id, LIKELY // len(fitting))


def _worked(lines: Sequence[RegisterLine], work: Work) -> bool:
    wanted = name_key(work.employer_name)
    return any(
        name_key(each.employer_name) == wanted
        and each.first[:_MONTH] <= work.last
        and (each.last or _OPEN)[:_MONTH] >= work.first
        for each in lines
    )
