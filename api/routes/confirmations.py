"""Line by line: what the worker has called right."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Now
from api.problems import problems
from api.routes.share_forms import Form
from labour_book.domain.confirmations import KEY_BYTES, Confirmation, LineKind
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import confirming
from labour_book.services.access import NotSignedIn
from labour_book.services.confirming import LineChanged

router = APIRouter(tags=["books"])

OWN = problems(NotSignedIn, Denied, NotFound, Unavailable)
KEY = "d5a1e4b2c7f80936d5a1e4b2c7f80936"


class ConfirmedLine(BaseModel):
    """A line of the newest version, and when its owner called it right as it reads."""

    kind: LineKind
    no: int = Field(description="Its place in that part of the book; 1 is the first.")
    key: str = Field(
        description="Of what the line says: another text, another key.", examples=[KEY]
    )
    confirmed_at: datetime | None = Field(description="None: nobody has; that means nothing.")


class Word(Form):
    """Whether a line is right, as it was read."""

    key: str = Field(min_length=2 * KEY_BYTES, max_length=2 * KEY_BYTES, examples=[KEY])
    right: bool = Field(
        default=True,
        description="False takes back an earlier word; what is wrong is asked to be mended.",
    )


@router.get("/me/book/confirmations", responses=OWN)
def own_confirmations(calling: Calling, db: Db, now: Now) -> list[ConfirmedLine]:
    """Return each line of the worker's book, and whether the worker has called it right."""
    return [_told(each) for each in confirming.confirmations(db, calling, now=now)]


@router.post("/me/book/confirmations", responses=OWN | problems(Invalid, LineChanged))
def confirm_line(word: Word, calling: Calling, db: Db, now: Now) -> ConfirmedLine:
    """Call a line right, or take that back. A line that is changed later is unconfirmed again."""
    return _told(confirming.confirm(db, calling, word.key, right=word.right, now=now))


def _told(each: Confirmation) -> ConfirmedLine:
    line = each.line
    return ConfirmedLine(
        kind=line.kind, no=line.number, key=line.key, confirmed_at=each.confirmed_at
    )
