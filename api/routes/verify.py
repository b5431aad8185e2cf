"""Is it genuine, is it current, who issued it? For machines; people get pages."""

from datetime import datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.dependencies import Opened, aside
from api.problems import BodyTooLarge, Malformed, MediaTypeUnknown, problems
from api.routes.media import JSON
from api.routes.submission import submitted
from api.together import verified_together
from labour_book.errors import Invalid, Unavailable
from labour_book.services import verifying
from labour_book.services.explaining import Question, explain
from labour_book.services.verifying import Checked, Seal
from labour_book.services.verifying_sent import Sent, verify_sent
from signing import State

router = APIRouter(tags=["verify"])

LARGEST_TOGETHER = 64 * 1024
"""Bytes of a credential that is checked among others: one with forty jobs has half as many."""
EXAMPLE = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImRjK3NkLWp3dCJ9.eyJpc3MiOi4uLn0.c2lnbg~d2lz~"
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["credential"],
                "properties": {"credential": {"type": "string"}},
            },
            "example": {"credential": EXAMPLE},
        },
        "application/dc+sd-jwt": {"schema": {"type": "string"}, "example": EXAMPLE},
        "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string", "format": "binary"}},
            }
        },
    },
}


class Said(BaseModel):
    """The answer to one question. ``reason`` is permanent: programs may decide by it."""

    answer: State
    reason: str = Field(examples=["OK"])
    text_vi: str = Field(examples=["Còn hiệu lực"])
    text_en: str = Field(examples=["Valid now"])
    why_vi: str
    why_en: str
    next_vi: str = Field(description="What to do; empty where there is nothing to do.")
    next_en: str


class SealSaid(BaseModel):
    """How much the seal of a PDF proves by itself (PAdES)."""

    level: str = Field(description="B-B, B-T or B-LT.", examples=["B-T"])
    timestamp: Said = Field(description="Has an authority confirmed the time?")
    at: datetime | None = Field(
        description="The confirmed time; without one what the sealer stated."
    )


class Verified(BaseModel):
    """Three answers, apart. What could not be found out is ``unknown``, never ``no``."""

    genuine: Said = Field(description="Is it unaltered?")
    current: Said = Field(description="Is it valid now?")
    issuer: Said = Field(description="Did the issuing body issue it?")
    good: bool = Field(description="All three are yes.")
    newest_version: int | None
    state_since: datetime | None
    status_as_of: datetime | None = Field(description="How old the evidence for `current` is.")
    trust_as_of: datetime | None = Field(description="How old the list of trusted keys is.")
    kid: str | None = Field(description="The key that signed it.")
    seal: SealSaid | None = Field(description="Of a PDF with a genuine seal of the issuing body.")
    claims: dict[str, Any] | None = Field(
        description="What the document sent in discloses, if it is genuine; nothing is added."
    )


@router.post(
    "/verify",
    response_model=Verified,
    openapi_extra={"requestBody": BODY},
    responses=problems(Malformed, BodyTooLarge, MediaTypeUnknown, Invalid, Unavailable),
)
async def verify(request: Request, opened: Opened) -> Response:
    """Verify a credential or a PDF. Needs no account; nothing that is sent is kept."""
    content, inst, now = await submitted(request), opened.inst, opened.now
    if len(content) > LARGEST_TOGETHER or verifying.is_pdf(content):  # nobody waits for that
        checked = await aside(partial(verify_sent, inst, content, now=now))
    else:
        checked = await verified_together(inst, Sent(content, now))
    # Written here, and not by the framework, which would use another thread for it.
    return Response(_told(checked).model_dump_json(), media_type=JSON)


def _told(checked: Checked) -> Verified:
    return Verified(
        genuine=_said("genuine", checked.genuine),
        current=_said("current", checked.current),
        issuer=_said("issuer", checked.issuer),
        good=checked.is_good,
        newest_version=checked.newest_version,
        state_since=checked.state_since,
        status_as_of=checked.status_as_of,
        trust_as_of=checked.trust_as_of,
        kid=checked.kid,
        seal=None if checked.seal is None else _sealed(checked.seal),
        claims=None if checked.claims is None else dict(checked.claims),
    )


def _sealed(seal: Seal) -> SealSaid:
    return SealSaid(level=seal.level, timestamp=_said("timestamp", seal.timestamp), at=seal.at)


def _said(question: Question, answer: verifying.Answer) -> Said:
    vi, en = (explain(question, answer.reason, language) for language in ("vi", "en"))
    return Said(
        answer=answer.state,
        reason=answer.reason,
        text_vi=vi.said,
        text_en=en.said,
        why_vi=vi.why,
        why_en=en.why,
        next_vi=vi.next,
        next_en=en.next,
    )
