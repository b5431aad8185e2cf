"""What became of the files that registers and communes sent."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.dependencies import Calling, Db, Now
from api.problems import problems
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import deliveries
from labour_book.services.access import NotSignedIn

router = APIRouter(tags=["imports"])


class Remark(BaseModel):
    """Something to say of the file as a whole."""

    cause: str = Field(examples=["COLUMN_NOT_READ"])
    field: str | None
    message_vi: str
    message_en: str
    what_to_do_vi: str
    what_to_do_en: str


class Delivery(BaseModel):
    """One delivery of one file, and what became of its rows."""

    run_id: UUID
    kind: str = Field(examples=["insurance"])
    file_name: str
    state: str = Field(examples=["done"])
    failure: str | None
    rows_done: int
    rows: Mapping[str, int] = Field(
        description="Outcome to rows.", examples=[{"created": 2987, "refused": 13}]
    )
    causes: Mapping[str, Mapping[str, int]] = Field(
        description="Outcome to cause to rows; for accepted rows the causes are flags.",
        examples=[{"refused": {"PERSONAL_ID_MALFORMED": 13}}],
    )
    remarks: list[Remark]
    started_at: datetime
    finished_at: datetime | None
    recorded_by: str


@router.get(
    "/imports/{run_id}", responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable)
)
def delivery(
    run_id: Annotated[UUID, Path(description="The run's id, as printed by the import.")],
    calling: Calling,
    db: Db,
    now: Now,
) -> Delivery:
    """Return what became of the rows of an import, for officials. Says nothing of any person."""
    return Delivery(**asdict(deliveries.open_run(db, calling, run_id, now=now)))
