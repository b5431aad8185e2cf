"""Notices: what the caller is told, with no value of a book in it."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Now
from api.problems import problems
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import notifying
from labour_book.services.access import NotSignedIn

router = APIRouter(tags=["notices"])

NOTHING_TO_SAY = 204


class NoticeTold(BaseModel):
    """A notice in the caller's inbox. ``kind`` is permanent: programs may decide by it."""

    id: UUID
    kind: str = Field(examples=["share.viewed"])
    about: str
    facts: Mapping[str, str | int] = Field(examples=[{"view": 1}])
    created_at: datetime
    read_at: datetime | None


class Unread(BaseModel):
    """How many notices were not read."""

    unread: int = Field(examples=[3])


class UpTo(BaseModel):
    """The newest notice that was seen; without one, all."""

    up_to: UUID | None = None


@router.get("/me/notices", responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable))
def list_notices(
    calling: Calling,
    db: Db,
    now: Now,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 200,
    before: Annotated[
        UUID | None, Query(description="The last one of the page before: those older follow.")
    ] = None,
) -> list[NoticeTold]:
    """Return the newest notices to the caller: the worker, the enterprise, or the unit."""
    found = notifying.inbox(db, calling, now=now, limit=limit, before=before)
    return [NoticeTold(**asdict(each)) for each in found]


@router.get("/me/notices/count", responses=problems(NotSignedIn, Denied, Unavailable))
def count_notices(calling: Calling, db: Db, now: Now) -> Unread:
    """Return how many notices the caller has not read."""
    return Unread(unread=notifying.count_unread(db, calling, now=now))


@router.post(
    "/me/notices/read",
    responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable),
)
def mark_all_notices_read(body: UpTo, calling: Calling, db: Db, now: Now) -> Unread:
    """Note that the caller has read all notices, or all up to one; says how many were unread."""
    return Unread(unread=notifying.mark_all_read(db, calling, up_to=body.up_to, now=now))


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
