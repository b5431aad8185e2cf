"""Where notices go besides the inbox, and the mails that could not be delivered."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.dependencies import Admitted, Calling, Db, Inst, Now
from api.problems import problems
from labour_book.domain.notices import NoticeKind
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import channels, mailing
from labour_book.services.access import NotSignedIn
from labour_book.services.channels import Language, NoMail, WrongCode
from labour_book.services.limiting import TooMany

router = APIRouter(tags=["notices"])

NOTHING_TO_SAY = 204
_WHO = (NotSignedIn, Denied, Invalid, Unavailable)


class ChannelsOut(BaseModel):
    """Where the caller is told things. The inbox always; e-mail once an address was confirmed."""

    email_available: bool = Field(description="Whether this installation sends mail at all.")
    language: Language = Field(examples=["vi"])
    muted: tuple[NoticeKind, ...] = Field(description="Kinds that come by inbox alone.")
    email: str | None = Field(examples=["n***@example.vn"])
    confirmed_at: datetime | None
    waiting_for: str | None = Field(description="An address whose code was not given yet.")
    code_until: datetime | None


class Choice(BaseModel):
    """In which language mails come, and which kinds of notices do not come by mail."""

    language: Language = "vi"
    muted: frozenset[NoticeKind] = Field(default=frozenset(), examples=[["share.viewed"]])


class Address(BaseModel):
    """An e-mail address."""

    address: str = Field(max_length=300, examples=["nguyen.thi.an@example.vn"])


class Code(BaseModel):
    """The code from the mail; spaces do not matter."""

    code: str = Field(max_length=40, examples=["1234 5678"])


class Undelivered(BaseModel):
    """A mail that was given up, and why; nothing says to whom."""

    id: UUID
    notice_kind: str | None = Field(description="None: the code that confirms an address.")
    recipient_kind: str = Field(examples=["worker"])
    made_at: datetime
    dead_at: datetime
    tries: int
    reason: str = Field(examples=["SMTP 550"])


@router.get("/me/channels", responses=problems(NotSignedIn, Denied, Unavailable))
def own_channels(calling: Calling, db: Db, inst: Inst, now: Now) -> ChannelsOut:
    """Return where the caller is told things: the worker, the enterprise, or the unit."""
    return ChannelsOut(**asdict(channels.channels_of(db, inst, calling, now=now)))


@router.put("/me/channels", responses=problems(*_WHO))
def choose_channels(body: Choice, calling: Calling, db: Db, inst: Inst, now: Now) -> ChannelsOut:
    """Choose the language of mails, and the kinds that come by inbox alone."""
    chosen = channels.choose(db, inst, calling, language=body.language, muted=body.muted, now=now)
    return ChannelsOut(**asdict(chosen))


@router.post("/me/channels/email", responses=problems(*_WHO, NoMail, TooMany))
def ask_for_email(body: Address, calling: Calling, db: Db, inst: Inst, now: Now) -> ChannelsOut:
    """Send a code to an address. Mail goes there once the code was given."""
    return ChannelsOut(**asdict(channels.ask_for_email(db, inst, calling, body.address, now=now)))


@router.post("/me/channels/email/confirm", responses=problems(*_WHO, Conflict, WrongCode))
def confirm_email(body: Code, admitted: Admitted) -> ChannelsOut:
    """Give the code from the mail: from now on notices go to that address as well."""
    inst, now = admitted.inst, admitted.now
    with admitted() as (db, caller):
        is_right = channels.try_code(db, inst, caller, body.code, now=now)
        shown = channels.channels_of(db, inst, caller, now=now)
    if not is_right:
        raise WrongCode
    return ChannelsOut(**asdict(shown))


@router.delete("/me/channels/email", responses=problems(NotSignedIn, Denied, Unavailable))
def forget_email(calling: Calling, db: Db, inst: Inst, now: Now) -> ChannelsOut:
    """Forget the address: from now on the inbox alone."""
    return ChannelsOut(**asdict(channels.forget_email(db, inst, calling, now=now)))


@router.get("/mail/undelivered", responses=problems(NotSignedIn, Denied, Unavailable))
def list_undelivered(calling: Calling, db: Db, now: Now) -> list[Undelivered]:
    """Return the mails that were given up, the latest first, for the administrator."""
    return [Undelivered(**asdict(each)) for each in mailing.undelivered(db, calling, now=now)]


@router.post(
    "/mail/undelivered/{mail_id}/retry",
    status_code=NOTHING_TO_SAY,
    responses=problems(*_WHO, NotFound),
)
def retry_undelivered(
    mail_id: Annotated[UUID, Path(description="The mail's id.")],
    calling: Calling,
    db: Db,
    now: Now,
) -> None:
    """Let a mail that was given up be tried again."""
    mailing.retry(db, calling, mail_id, now=now)
