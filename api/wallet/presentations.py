"""A verifier asks, a wallet shows, the verifier reads the result."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Inst, Now, ReadingDb
from api.problems import problems
from api.routes.media import answers
from api.wallet.forms import Fields
from api.wallet.refusals import refusals
from labour_book.documents.qr import qr_svg
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import presented, presenting
from labour_book.services.access import NotSignedIn
from labour_book.services.limiting import TooMany
from labour_book.services.presenting import PresentationOver

router = APIRouter(tags=["wallets"])

REQUEST_MEDIA = "application/oauth-authz-req+jwt"
Code = Annotated[str, Path(max_length=100, description="The id of the request.")]


class AskIn(BaseModel):
    """What to ask a wallet for, and what for."""

    preset: str = Field(max_length=16, examples=["GENERAL"])
    purpose: str = Field(min_length=1, max_length=200, examples=["Tuyển dụng thợ may tháng 12"])
    redirect_uri: str | None = Field(
        default=None,
        max_length=1000,
        description="On the same device: where the wallet sends the person afterwards.",
    )
    encrypted: bool = Field(default=True, description="Have the wallet encrypt its answer.")


class AskOut(BaseModel):
    """A request to show to whoever has the wallet."""

    id: str = Field(examples=["7K2MQ9XD04TB..."])
    request_uri: str
    link: str = Field(description="Opens a wallet on this device; also what the QR holds.")
    qr_svg: str = Field(examples=["<svg ...>"])
    expires_at: datetime


class AnswerOut(BaseModel):
    """The answer to one question, with its permanent reason code."""

    state: str = Field(examples=["yes"])
    reason: str = Field(examples=["OK"])


class ResultOut(BaseModel):
    """What came of a request: three answers, whether it is the holder, and what was disclosed."""

    answered: bool
    expires_at: datetime
    genuine: AnswerOut | None = None
    current: AnswerOut | None = None
    issuer: AnswerOut | None = None
    holder: AnswerOut | None = None
    version: int | None = None
    newest_version: int | None = None
    claims: dict[str, Any] | None = None


@router.post(
    "/vp",
    status_code=201,
    responses=problems(NotSignedIn, Denied, Conflict, Invalid, TooMany, Unavailable),
)
def ask_wallet(calling: Calling, body: AskIn, db: Db, inst: Inst, now: Now) -> AskOut:
    """Ask whichever wallet opens it for what a preset shows; for employers and machines."""
    made = presenting.ask(
        db,
        inst,
        calling,
        preset=body.preset,
        purpose=body.purpose,
        redirect_uri=body.redirect_uri,
        is_encrypted=body.encrypted,
        now=now,
    )
    return AskOut(
        id=made.code,
        request_uri=made.address,
        link=made.link,
        qr_svg=qr_svg(made.link),
        expires_at=made.expires_at,
    )


@router.get(
    "/vp/{code}/request",
    response_class=Response,
    responses=answers(REQUEST_MEDIA, "eyJ...")
    | problems(NotFound, PresentationOver, Invalid, Unavailable),
)
def presentation_request(code: Code, db: ReadingDb, inst: Inst, now: Now) -> Response:
    """Return the signed request to a wallet."""
    token = presenting.request_object(db, inst, code, now=now)
    return Response(token, media_type=REQUEST_MEDIA)


@router.post(
    "/vp/{code}/response",
    responses=refusals("invalid_request")
    | problems(NotFound, PresentationOver, Invalid, Unavailable)
    | {200: {"content": {"application/json": {"example": {}}}}},
)
def presentation_response(code: Code, form: Fields, inst: Inst, now: Now) -> dict[str, str]:
    """Take a wallet's answer, once; tell the wallet where to send the person."""
    onward = presented.receive(inst, code, form, now=now)
    return {} if onward is None else {"redirect_uri": onward}


@router.get(
    "/vp/{code}/result",
    responses=problems(NotSignedIn, Denied, NotFound, PresentationOver, Invalid, Unavailable),
    response_model_exclude_none=True,
)
def presentation_result(
    code: Code,
    *,
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    response_code: Annotated[
        str, Query(max_length=100, description="On the same device: what came back with it.")
    ] = "",
) -> ResultOut:
    """Return what came of an own request; for ten minutes after the answer."""
    found = presenting.result_of(db, inst, calling, code, response_code=response_code, now=now)
    return ResultOut(
        answered=found.is_answered, expires_at=found.expires_at, **(found.answers or {})
    )
