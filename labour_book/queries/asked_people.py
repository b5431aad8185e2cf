"""What is said of a person when a register is asked about them."""

from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.partial_dates import PartialDate
from labour_book.queries.rows import table_of
from labour_book.tables import Person

_PERSON = table_of(Person)


def name_and_birth(db: Db, person_id: UUID) -> tuple[str, PartialDate | None]:
    """Return the name and the birth date on record of a person who is there."""
    row = db.execute(
        sa.select(_PERSON.c.full_name, _PERSON.c.birth_date).where(_PERSON.c.id == person_id)
    ).one()
    born = row.birth_date
    return row.full_name, None if born is None else PartialDate.parse(born)
