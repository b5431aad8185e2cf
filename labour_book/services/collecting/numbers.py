"""Learning social-insurance numbers before a file is recorded.

Many rows of the insurance register state nothing but their old 10-digit number. Other rows, often
further down, state the same number beside a personal ID. So the file is first read once for those
pairs alone; then every row of it finds the number on file, whatever the order of the rows, and a
second import of the file finds nothing that the first did not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.people import PartialDate, identifier_kind
from labour_book.errors import Invalid
from labour_book.queries import people
from labour_book.queries.vault import Vault
from labour_book.registers.csv_records import records
from labour_book.registers.csv_register import columns_of
from labour_book.services.collecting.people import number_rows
from labour_book.services.directory import Directory
from labour_book.services.matching import Wanted
from labour_book.services.recording import Run

_COLUMNS = ("si_number", "personal_id", "full_name", "birth_date", "sex")
_SEXES = {"Nam": "M", "Nữ": "F"}
_CERTAIN = frozenset({"PERSONAL_ID", "CANCELLED_ID", "OLD_ID"})

Pair = tuple[str, Wanted]
"""A 10-digit insurance number, and whom the row beside it names by other means."""


def stated_pairs(path: Path, mapping: Mapping[str, object] | None) -> Iterator[Pair]:
    """Yield each pair the file states, once where the rows of a person follow one another."""
    header = columns_of(path, mapping)
    places = [header.index(name) for name in _COLUMNS]
    last: list[str] = []
    for _line, cells, cause in islice(records(path), 1, None):
        if len(cells) != len(header) or cause is not None:
            continue
        found = [cells[place] for place in places]
        if found == last:
            continue
        last = found
        pair = _pair(*(cell.strip() for cell in found))
        if pair is not None:
            yield pair


def learn(db: Db, vault: Vault, run: Run, pairs: Sequence[Pair]) -> int:
    """Add the insurance numbers of people who are known by their ID, name and birth date.

    A number that names somebody already is left as it is: rows that give it to two people then
    go to review.
    """
    directory = Directory(db, vault)
    directory.look_up_numbers(_numbers(pairs))
    rows: list[Mapping[str, object]] = []
    for number, wanted in pairs:
        if directory.named_by(number):
            continue
        match = directory.find(wanted)
        if match.person is None or match.matched_by not in _CERTAIN:
            continue
        kinds = [("BHXH10", number)]
        rows += number_rows(vault, run, Source.INSURANCE, match.person.id, kinds)
        directory.learn(match.person, kinds)
    people.add_numbers(db, rows)
    return len(rows)


def _numbers(pairs: Iterable[Pair]) -> Iterator[str]:
    for number, wanted in pairs:
        yield number
        yield from wanted.numbers


def _pair(si_number: str, personal_id: str, name: str, birth: str, sex: str) -> Pair | None:
    if identifier_kind(si_number) != "BHXH10" or not si_number[:-1].strip("0"):
        return None
    if identifier_kind(personal_id) not in {"PIN", "CMND9"} or not name:
        return None
    try:
        birth_date = PartialDate.parse(birth) if birth else None
    except Invalid:
        return None
    return si_number, Wanted((personal_id,), name, birth_date, _SEXES.get(sex))
