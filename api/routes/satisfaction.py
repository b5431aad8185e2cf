"""How it was: asked after each finished request, one tap and words if one likes."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import Calling, Db, Inst, Now
from api.problems import problems
from labour_book.domain.correction_claims import LONGEST_WORDS
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import satisfaction
from labour_book.services.access import NotSignedIn
from labour_book.services.satisfaction import RequestKind

router = APIRouter(tags=["satisfaction"])

AboutId = Annotated[UUID, Path(description="The finished request's id.")]


class SatisfactionSaid(BaseModel):
    """How it was."""

    model_config = ConfigDict(extra="forbid")

    score: int = Field(ge=1, le=5, description="1 very dissatisfied to 5 very satisfied.")
    words: str = Field(default="", max_length=LONGEST_WORDS, examples=["Giải quyết nhanh."])


class SatisfactionAsked(BaseModel):
    """A finished request of the worker, and what was said of it so far."""

    about_id: UUID
    kind: RequestKind
    what: str = Field(
        description="Number, kind, procedure or employer, by ``kind``.", examples=["YC-7K2M9Q4T"]
    )
    finished_at: datetime
    score: int | None = Field(description="None while nothing was said.")
    words: str
    may_change: bool
    changeable_until: datetime | None


@router.get("/me/satisfaction", responses=problems(NotSignedIn, Denied, NotFound, Unavailable))
def satisfaction_asked(calling: Calling, db: Db, inst: Inst, now: Now) -> list[SatisfactionAsked]:
    """Return the worker's requests that were over in the last 90 days, the newest first."""
    found = satisfaction.asked(db, inst, calling, now=now)
    return [SatisfactionAsked(**asdict(each)) for each in found]


@router.put(
    "/me/satisfaction/{about_id}",
    responses=problems(NotSignedIn, Denied, NotFound, Conflict, Invalid, Unavailable),
)
def say_satisfaction(
    about_id: AboutId, body: SatisfactionSaid, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> SatisfactionAsked:
    """Say how satisfied one is with a finished request; it can be changed for 14 days."""
    said = satisfaction.say(
        db, inst, calling, about_id, score=body.score, words=body.words, now=now
    )
    return SatisfactionAsked(**asdict(said))
