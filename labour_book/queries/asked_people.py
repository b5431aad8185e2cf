"""What is said of a person when a register is asked about them."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.partial_dates import PartialDate
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import Person

_PERSON = table_of(Person)


def name_and_birth(db: Db, person_id: UUID) -> tuple[str, PartialDate | None]:
    """Return the name and the birth date on record of a person who is there."""
    return names_and_births(db, [person_id])[person_id]


def names_and_births(
    db: Db, people: Collection[UUID]
) -> dict[UUID, tuple[str, PartialDate | None]]:
    """Return the name and the birth date on record of some people; who is not there is left out."""
    found: dict[UUID, tuple[str, PartialDate | None]] = {}
    for some in portions(people):
        query = (
            sa.select(_PERSON.c.id, _PERSON.c.full_name, _PERSON.c.birth_date)
            .where(among(db, _PERSON.c.id, some))
            .order_by(_PERSON.c.id)
        )
        for person_id, full_name, born in db.execute(query):
            found[person_id] = full_name, None if born is None else PartialDate.parse(born)
    return found
