"""Lists that leave the service as a file: for a stated purpose, with their length in the trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from labour_book.database import Db
from labour_book.documents import Sheet, refused_rows_csv, sheets_xlsx
from labour_book.domain.evidence import VIETNAM
from labour_book.errors import Invalid
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role

Form = Literal["csv", "xlsx"]
Cell = str | int | None
MEDIA_TYPES: dict[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it was shown: what it is called, its columns and rows."""

    name: str
    """Such as ``ageing``: it stands in the trace and in the name of the file."""
    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def export(
    db: Db, caller: Caller, listed: Listed, form: Form, *, purpose: str, now: datetime
) -> bytes:
    """Return a list as a file whose cells are text, never formulas; traced with its row count.

    Raises:
        Invalid: no purpose is stated.
        DeniedToRole: the caller may take no lists away.
    """
    check_purpose(purpose)
    check_role(caller, Action.LIST_EXPORT, now)
    if not purpose.strip():
        raise Invalid("say for what purpose", cause="PURPOSE")
    content = _written(listed, form, purpose.strip(), caller, now)
    trace(
        db,
        caller,
        Action.LIST_EXPORT,
        at=now,
        purpose=purpose.strip(),
        detail={"list": listed.name, "rows": len(listed.rows), "form": form},
    )
    return content


def _written(listed: Listed, form: Form, purpose: str, caller: Caller, now: datetime) -> bytes:
    if form == "csv":
        return refused_rows_csv(listed.headers, listed.rows)
    taken = f"{now.astimezone(VIETNAM):%d/%m/%Y %H:%M}, {caller.name}, {caller.unit_code or ''}"
    top = [listed.title, f"Mục đích / Purpose: {purpose}", taken, f"{len(listed.rows)} dòng / rows"]
    return sheets_xlsx([Sheet(listed.title, top, listed.headers, listed.rows)])
