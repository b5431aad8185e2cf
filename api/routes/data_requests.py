"""What people ask about their own data, and how offices deal with it in time."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import Calling, Db, Inst, Now
from api.problems import problems
from labour_book.domain.data_requests import LONGEST_WORDS
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import answering_requests, data_requests
from labour_book.services.access import NotSignedIn
from labour_book.services.data_requests import DataRequestKind, DataRequestState

router = APIRouter(tags=["data requests"])

CREATED, DONE = 201, 204
OWN = problems(NotSignedIn, Denied, NotFound, Unavailable)
DEALING = problems(NotSignedIn, Denied, NotFound, Conflict, Invalid, Unavailable)
RequestId = Annotated[UUID, Path(description="The request's id.")]


class DataRequestWanted(BaseModel):
    """A request about the own data."""

    model_config = ConfigDict(extra="forbid")

    kind: DataRequestKind = Field(examples=["access"])
    words: str = Field(
        min_length=1, max_length=LONGEST_WORDS, examples=["Cho tôi biết ai giữ dữ liệu của tôi."]
    )


class DataRequestTold(BaseModel):
    """A request with the days by which it is dealt with. ``kind``, ``state`` are permanent."""

    id: UUID
    kind: DataRequestKind
    words: str
    created_at: datetime
    acknowledge_by: date = Field(description="Two working days.", examples=["2026-11-24"])
    due_on: date = Field(description="Calendar days, by kind.", examples=["2026-11-30"])
    third_party: bool = Field(description="A processor or third party gives it more days.")
    state: DataRequestState
    is_late: bool = Field(description="The next step should have been done by now.")
    acknowledged_at: datetime | None
    answer: str = Field(description="What was done, or why not; empty while there is none.")
    answered_at: datetime | None
    office: str = Field(description="Who dealt with it last; empty while nobody did.")


class DataRequestWaiting(BaseModel):
    """A request that waits, and who asked."""

    request: DataRequestTold
    full_name: str
    birth_date: str = Field(examples=["1990-05-17"])


class Acknowledged(BaseModel):
    """That an office has a request."""

    model_config = ConfigDict(extra="forbid")

    third_party: bool = Field(
        default=False, description="A processor or third party has to do its part: more days."
    )


class AnswerBy(BaseModel):
    """By when a request is answered."""

    due_on: date = Field(examples=["2026-12-05"])


class DataRequestWords(BaseModel):
    """What was done about a request, or why not."""

    model_config = ConfigDict(extra="forbid")

    words: str = Field(
        min_length=1, max_length=LONGEST_WORDS, examples=["Đã gửi bản sao dữ liệu cho ông/bà."]
    )


@router.get("/me/data-requests", responses=OWN)
def list_own_data_requests(calling: Calling, db: Db, inst: Inst, now: Now) -> list[DataRequestTold]:
    """Return what the worker has asked about the own data, the newest first."""
    found = data_requests.own_requests(db, inst, calling, now=now)
    return [DataRequestTold(**asdict(each)) for each in found]


@router.post("/me/data-requests", status_code=CREATED, responses=DEALING)
def make_data_request(
    body: DataRequestWanted, calling: Calling, db: Db, inst: Inst, now: Now
) -> DataRequestTold:
    """Ask to see, correct, get, restrict or delete the own data, object, or withdraw a consent."""
    made = data_requests.ask(db, inst, calling, body.kind, body.words, now=now)
    return DataRequestTold(**asdict(made))


@router.get("/data-requests", responses=problems(NotSignedIn, Denied, Unavailable))
def list_data_requests(calling: Calling, db: Db, inst: Inst, now: Now) -> list[DataRequestWaiting]:
    """Return what people of the office's area wait for, due first first; 100 at most."""
    found = answering_requests.waiting(db, inst, calling, now=now)
    return [DataRequestWaiting(**asdict(each)) for each in found]


@router.post("/data-requests/{request_id}/acknowledge", responses=DEALING)
def acknowledge_data_request(
    request_id: RequestId, body: Acknowledged, calling: Calling, db: Db, now: Now
) -> AnswerBy:
    """Say that a request has arrived, and whether a third party has a part in it."""
    due_on = answering_requests.acknowledge(
        db, calling, request_id, third_party=body.third_party, now=now
    )
    return AnswerBy(due_on=due_on)


@router.post("/data-requests/{request_id}/answer", status_code=DONE, responses=DEALING)
def answer_data_request(
    request_id: RequestId, body: DataRequestWords, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> None:
    """Answer a request: what was done about it."""
    answering_requests.answer(db, inst, calling, request_id, body.words, now=now)


@router.post("/data-requests/{request_id}/refuse", status_code=DONE, responses=DEALING)
def refuse_data_request(
    request_id: RequestId, body: DataRequestWords, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> None:
    """Refuse a request, with the reason."""
    answering_requests.refuse(db, inst, calling, request_id, body.words, now=now)
