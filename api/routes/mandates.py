"""Whom a worker lets act for them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.dependencies import Calling, Db, Inst, Now
from api.problems import problems
from labour_book.domain.mandates import Scope
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import mandates
from labour_book.services.access import DeniedToRole, NotSignedIn
from labour_book.services.mandates import Given, Wish
from labour_book.services.permission import LevelTooLow

router = APIRouter(tags=["mandates"])

_SAID = (NotSignedIn, DeniedToRole, LevelTooLow, NotFound, Unavailable)


class Wanted(BaseModel):
    """A mandate that a worker gives."""

    model_config = ConfigDict(extra="forbid")

    personal_id: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] = Field(
        description="Of whoever is to act for you; it is not kept.", examples=["001190000002"]
    )
    name: str = Field(min_length=1, max_length=120, examples=["Nguyễn Văn Bình"])
    scope: list[Scope] = Field(min_length=1, max_length=3, examples=[["view"]])
    first_day: date = Field(examples=["2026-11-20"])
    last_day: date = Field(description="A year at most.", examples=["2027-05-20"])


class MandateGiven(BaseModel):
    """A mandate as the worker sees it."""

    id: UUID
    name: str = Field(examples=["Nguyễn Văn Bình"])
    scope: list[Scope]
    first_day: date
    last_day: date
    given_at: datetime
    revoked_at: datetime | None
    state: str = Field(description="coming, running, over or revoked.", examples=["running"])


class MandateId(BaseModel):
    """The mandate that was given."""

    id: UUID


@router.get("/me/mandates", responses=problems(*_SAID))
def own_mandates(calling: Calling, db: Db, now: Now) -> list[MandateGiven]:
    """List whom you let act for you, or did once."""
    return [_told(each) for each in mandates.given_by(db, calling, now=now)]


@router.post("/me/mandates", status_code=201, responses=problems(*_SAID, Invalid, Conflict))
def give_mandate(wanted: Wanted, calling: Calling, db: Db, inst: Inst, now: Now) -> MandateId:
    """Let somebody act for you: for what, and until when."""
    wish = Wish(
        wanted.name, [str(each) for each in wanted.scope], wanted.first_day, wanted.last_day
    )
    given = mandates.give(db, inst.vault, calling, wanted.personal_id, wish, now=now)
    return MandateId(id=given)


@router.post(
    "/me/mandates/{mandate_id}/revoke",
    status_code=204,
    responses=problems(*_SAID, Invalid, Conflict, Denied),
)
def revoke_mandate(mandate_id: UUID, calling: Calling, db: Db, now: Now) -> None:
    """Take a mandate back; it ends at once."""
    mandates.revoke(db, calling, mandate_id, now=now)


def _told(given: Given) -> MandateGiven:
    return MandateGiven(
        id=given.id,
        name=given.name,
        scope=list(given.scope),
        first_day=given.first_day,
        last_day=given.last_day,
        given_at=given.given_at,
        revoked_at=given.revoked_at,
        state=given.state,
    )
