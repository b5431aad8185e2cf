"""Notices: what the caller is told, with no value of a book in it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Now
from api.problems import problems
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import notifying
from labour_book.services.access import NotSignedIn

router = APIRouter(tags=["notices"])

NOTHING_TO_SAY = 204


class Told(BaseModel):
    """A notice in the caller's inbox. ``kind`` is permanent: programs may decide by it."""

    id: UUID
    kind: str = Field(examples=["share.viewed"])
    about: str
    facts: Mapping[str, str | int] = Field(examples=[{"view": 1}])
    created_at: datetime
    read_at: datetime | None


@router.get("/me/notices", responses=problems(NotSignedIn, Denied, Unavailable))
def list_notices(calling: Calling, db: Db, now: Now) -> list[Told]:
    """Return the newest notices to the caller: the worker, the enterprise, or the unit."""
    return [Told(**asdict(each)) for each in notifying.inbox(db, calling, now=now)]


@router.post(
    "/me/notices/{notice_id}/read",
    status_code=NOTHING_TO_SAY,
    responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable),
)
def mark_notice_read(
    notice_id: Annotated[UUID, Path(description="The notice's id.")],
    calling: Calling,
    db: Db,
    now: Now,
) -> None:
    """Note that the caller has read a notice."""
    notifying.mark_read(db, calling, notice_id, now=now)
