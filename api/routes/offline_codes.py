"""The worker's offline code: a signed QR code that is verified without a network."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.dependencies import Admitted, own_person
from api.problems import problems
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import offline_codes
from labour_book.services.access import NotSignedIn

router = APIRouter(tags=["books"])


class OfflineCode(BaseModel):
    """A code to show. ``left_out`` counts the jobs asked for that it could not hold."""

    text: str = Field(examples=["VNL1:NCFOXN%TSMAHN-HR S..."])
    svg: str = Field(examples=["<svg ...>"])
    version: int
    issued_at: datetime
    expires_at: datetime
    lines: int
    left_out: int


@router.get(
    "/me/offline-code",
    responses=problems(NotSignedIn, Denied, NotFound, Conflict, Invalid, Unavailable),
)
def own_offline_code(
    admitted: Admitted,
    days: Annotated[int, Query(ge=1, le=offline_codes.LONGEST_LIFE)] = 1,
    lines: Annotated[int, Query(ge=0, le=offline_codes.MOST_LINES)] = 3,
) -> OfflineCode:
    """Return the newest version as a QR code for places without a network: a few facts, a few days.

    Name, birth date, last four digits of the personal ID, the latest jobs and the months of
    insurance; never pay, and never the whole personal ID. It can be copied: show it, never post it.
    """
    with admitted() as (db, calling):
        code = offline_codes.offline_code(
            db,
            admitted.inst,
            calling,
            own_person(calling),
            days=days,
            lines=lines,
            now=admitted.now,
        )
    return OfflineCode(
        text=code.text,
        svg=code.svg,
        version=code.version,
        issued_at=code.issued_at,
        expires_at=code.expires_at,
        lines=code.lines,
        left_out=code.left_out,
    )
