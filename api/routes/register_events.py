"""Notifications of changes: registers send theirs, and registered systems fetch ours."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, status
from pydantic import BaseModel, Field

from api.dependencies import Admitted, Inst, Now
from api.problems import BodyTooLarge, problems
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import own_events, receiving_events
from labour_book.services.access import NotSignedIn
from labour_book.services.receiving_events import NotThatRegister

router = APIRouter(tags=["events"])

EVENTS_PATH = "/registers/{register}/events"
Name = Annotated[
    Literal["enterprises", "population", "insurance", "contracts"],
    Path(description="Which register sends."),
]


class RefusedMessage(BaseModel):
    """A message that is not taken, and why: sent again as it is, it will not be."""

    message_id: str
    cause: str = Field(examples=["NOT_SIGNED"])


class ReceivedMessages(BaseModel):
    """What became of the messages of one call. What is named here need not be sent again."""

    taken: list[str] = Field(description="New ones.", examples=[["p-2026-000187"]])
    known: list[str] = Field(description="Those that came before.")
    refused: list[RefusedMessage]


class BookEvents(BaseModel):
    """What has become of books: to be read, and the same signed, to be kept."""

    envelope: dict[str, Any] = Field(
        description="`body` has `events` (`number`, `kind`: book.issued or book.revoked, `at`, "
        "`book`: a pseudonym that only your system knows the book by), `next`: the number to go on "
        "from, and `more`.",
        examples=[{"service": "books.events", "body": {"events": [], "next": 0, "more": False}}],
    )
    signed: str = Field(
        description="Compact JWS (ES256, `typ` data-answer+jwt) with the envelope as its payload; "
        "the key is in `/services/jwks`.",
        examples=["eyJ...eyJ...MEU"],
    )


async def _content(request: Request) -> bytes:
    return await request.body()


Content = Annotated[bytes, Depends(_content)]


@router.post(
    EVENTS_PATH,
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(NotThatRegister, NotFound, Invalid, BodyTooLarge, Unavailable),
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "One notification, or a list of at most 500: envelopes, each signed "
            "with the secret that both sides share. `service` is the register's name with "
            "`.changed`, `body` a row in the columns of the register's file.",
            "content": {
                "application/json": {
                    "schema": {"oneOf": [{"type": "object"}, {"type": "array"}]},
                    "example": [],
                }
            },
        }
    },
)
def send_events(register: Name, content: Content, inst: Inst, now: Now) -> ReceivedMessages:
    """Take notifications into the inbox: for a connected register, by its signature.

    They take effect within seconds. Sending the same again, or in another order, changes nothing.
    """
    found = receiving_events.receive(inst, register, content, now=now)
    return ReceivedMessages(
        taken=list(found.taken),
        known=list(found.known),
        refused=[
            RefusedMessage(message_id=each.message_id, cause=each.cause) for each in found.refused
        ],
    )


@router.get("/services/events", responses=problems(NotSignedIn, Denied, Invalid, Unavailable))
def fetch_events(
    admitted: Admitted,
    purpose: Annotated[str, Query(max_length=200, description="What for.", examples=["Đồng bộ"])],
    after: Annotated[
        int, Query(ge=0, le=2**62, description="The last number you have; 0 to begin.")
    ] = 0,
) -> BookEvents:
    """Tell what has become of books, at most 500 at a time: for systems whose scope names this.

    Nothing in it says whose book it is, or what is in it.
    """
    with admitted() as (db, calling):
        found = own_events.fetch(
            db, admitted.inst, calling, after=after, purpose=purpose, now=admitted.now
        )
    return BookEvents(envelope=dict(found.envelope), signed=found.signed)
