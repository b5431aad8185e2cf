"""What the worker is told about the own data: what stands behind the book, and who looked."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.dependencies import Admitted, Calling, Db, Inst, Now, OwnPerson, own_person
from api.problems import BodyTooLarge, MediaTypeUnknown, problems
from api.routes.submission import Submitted
from labour_book.domain import findings
from labour_book.domain.lines import Discrepancy
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import access, asking_reasons, own_accesses, scanning
from labour_book.services.access import NotSignedIn
from labour_book.services.auditing import MAX_PURPOSE
from labour_book.services.permission import OWN_USE
from labour_book.services.scanning import COMPACT

router = APIRouter(tags=["books"])

DONE = 204
Number = Annotated[int, Path(ge=1, le=2**62, description="The number of the access.")]
OWN = problems(NotSignedIn, Denied, NotFound, Unavailable)


class StatedBy(BaseModel):
    """A source that vouches for a line, and the day it last did."""

    source: str = Field(examples=["INSURANCE"])
    stated_on: date


class LineBackground(BaseModel):
    """The sources of one line of work, by its number in the book."""

    no: int
    sources: list[StatedBy]


class Doubt(BaseModel):
    """Where two sources do not fit together. ``cause`` is permanent: programs may decide by it."""

    cause: str = Field(examples=["DATES_DIFFER"])
    line: int | None = Field(description="The line of work it is about, if it is about one.")
    text_vi: str
    text_en: str


class BookBackground(BaseModel):
    """What stands behind a book as of today; for the worker alone, and in no credential."""

    lines: list[LineBackground]
    doubts: list[Doubt]


class OwnedAccess(BaseModel):
    """One deed about the worker: who, when, what, what for. ``deed`` is permanent."""

    number: int
    at: datetime
    who_kind: str = Field(
        description="public, employer, official, machine, worker or system.", examples=["official"]
    )
    who_name: str = Field(description="Empty for whoever has no account here.")
    deed: str = Field(examples=["book.open"])
    purpose: str = Field(description="As they stated it.", examples=["Đối chiếu hồ sơ 2026/1187"])
    refused: bool = Field(description="They were not let in.")
    reason: Literal["none", "possible", "asked", "answered"] = Field(
        description="Whether its reason was asked for; none: nobody answers for who looked."
    )
    answer: str | None = Field(description="The reason, in the words of whoever looked.")


class Answer(BaseModel):
    """The reason of an office or enterprise for an access that a worker asked about."""

    words: str = Field(
        min_length=1, max_length=MAX_PURPOSE, examples=["Đối chiếu hồ sơ hưởng trợ cấp 2026/1187"]
    )


class InPicture(BaseModel):
    """What a QR code says. A signed one goes to `/verify`; a link is for the worker to open."""

    kind: Literal["signed", "link", "other"]
    text: str = Field(examples=["VNL1:NCFOXN%TSMAHN-HR S..."])


@router.get("/me/book/background", responses=OWN | problems(Conflict))
def own_background(
    calling: Calling, person: OwnPerson, db: Db, inst: Inst, now: Now
) -> BookBackground:
    """Return who vouches for each line of the worker's book, and what does not fit together."""
    book = access.open_book(db, inst, calling, person, purpose=OWN_USE, now=now)
    return BookBackground(
        lines=[
            LineBackground(
                no=each.number,
                sources=[StatedBy(source=s.source, stated_on=s.stated_on) for s in each.sources],
            )
            for each in book.employments
        ],
        doubts=[_doubt(each) for each in book.discrepancies],
    )


@router.get("/me/accesses", responses=OWN)
def list_accesses(calling: Calling, _: OwnPerson, db: Db, now: Now) -> list[OwnedAccess]:
    """Return who did or saw what about the worker, the newest first; refusals too."""
    found = own_accesses.own_accesses(db, calling, now=now)
    return [OwnedAccess(**asdict(each)) for each in found]


@router.post(
    "/me/accesses/{number}/reason",
    status_code=DONE,
    responses=OWN | problems(Conflict, Invalid),
)
def ask_reason(number: Number, calling: Calling, _: OwnPerson, db: Db, now: Now) -> None:
    """Ask the office or enterprise behind an access why it looked; the answer is a notice."""
    asking_reasons.ask(db, calling, number, now=now)


@router.post(
    "/accesses/{number}/reason",
    status_code=DONE,
    responses=problems(NotSignedIn, Denied, NotFound, Conflict, Invalid, Unavailable),
)
def answer_reason(number: Number, body: Answer, calling: Calling, db: Db, now: Now) -> None:
    """Answer a worker who asked the caller's office or enterprise why it looked."""
    asking_reasons.answer(db, calling, number, body.words, now=now)


@router.post(
    "/me/scanned",
    responses=problems(NotSignedIn, Denied, Invalid, BodyTooLarge, MediaTypeUnknown, Unavailable),
)
def read_picture(admitted: Admitted, picture: Submitted) -> InPicture:
    """Return what the QR code in a photo (PNG, JPEG) says, a signed one first; nothing is kept."""
    with admitted() as (_, calling):
        own_person(calling)
    texts = sorted(scanning.texts_in(picture), key=lambda each: not each.startswith(COMPACT))
    if not texts:
        raise Invalid("there is no QR code in the picture", cause="NO_CODE")
    signed, link = texts[0].startswith(COMPACT), scanning.is_link(texts[0])
    kind: Literal["signed", "link", "other"] = "signed" if signed else "link" if link else "other"
    return InPicture(kind=kind, text=texts[0].decode())


def _doubt(found: Discrepancy) -> Doubt:
    vi, en = (findings.message(found.cause, found.detail, language) for language in ("vi", "en"))
    return Doubt(cause=found.cause, line=found.entry_number, text_vi=vi, text_en=en)
