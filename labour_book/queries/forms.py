"""Forms entered by hand: each once, however often it is sent."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once
from labour_book.queries.rows import table_of
from labour_book.tables import EnteredForm, ProfileFact

_FORM = table_of(EnteredForm)
_PROFILE = table_of(ProfileFact)


def form_entered(db: Db, key: UUID) -> tuple[UUID, str] | None:
    """Return the delivery that a form made and who entered it; None if it is new."""
    query = sa.select(_FORM.c.run_id, _FORM.c.entered_by).where(_FORM.c.key == key)
    row = db.execute(query).one_or_none()
    return None if row is None else (row.run_id, row.entered_by)


def add_form(db: Db, row: Mapping[str, Any]) -> bool:
    """Note that a form was entered; False if it was entered before."""
    return insert_once(db, _FORM, row)


def last_answers(db: Db, person_id: UUID) -> str | None:
    """Return what a person answered last, as JSON; None if they never did."""
    query = (
        sa.select(_PROFILE.c.body)
        .where(
            _PROFILE.c.person_id == person_id,
            _PROFILE.c.kind == "form03",
            _PROFILE.c.voided_at.is_(None),
        )
        .order_by(_PROFILE.c.stated_at.desc(), _PROFILE.c.id)
        .limit(1)
    )
    found: str | None = db.execute(query).scalar_one_or_none()
    return found
