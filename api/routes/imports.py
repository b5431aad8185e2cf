"""What became of the files that registers and communes sent."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Path, Query, UploadFile, status
from pydantic import BaseModel, Field

from api.dependencies import MOST, Calling, Db, Inst, Instant, Now
from api.problems import BodyTooLarge, problems
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import deliveries, uploading
from labour_book.services.access import NotSignedIn
from labour_book.services.receipts import Outcome

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


class Sent(BaseModel):
    """A file that was sent in, how it stands, and what became of its rows so far."""

    file_id: UUID
    kind: str = Field(examples=["form03"])
    file_name: str
    file_bytes: int
    unit_code: str
    sent_at: datetime
    state: str = Field(
        description="waiting, running, done or failed.",
        examples=["waiting"],
    )
    failure: Remark | None = Field(description="Why the file as a whole could not be read.")
    run: Delivery | None

    @classmethod
    def of(cls, found: uploading.Delivery) -> "Sent":
        """Return a file as this interface tells it."""
        return cls(
            file_id=found.id,
            kind=found.kind,
            file_name=found.file_name,
            file_bytes=found.file_bytes,
            unit_code=found.unit_code,
            sent_at=found.sent_at,
            state=found.state,
            failure=None if found.failure is None else Remark(**asdict(found.failure)),
            run=None if found.run is None else Delivery(**asdict(found.run)),
        )


class RowReceipt(BaseModel):
    """What became of one row, and why; nothing of what stands in it."""

    ordinal: int = Field(description="1, 2, ... over the data rows; where to go on from.")
    sheet: str | None
    row_number: int = Field(description="As a person sees it in the file.")
    outcome: Outcome
    told: list[Remark]


@router.post(
    "/imports",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(NotSignedIn, Denied, BodyTooLarge, Invalid, Unavailable),
)
def send_file(
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    *,
    file: Annotated[UploadFile, File(description="A register's file, such as a workbook.")],
    kind: Annotated[str, Form(max_length=16, examples=["form03"])],
    commune_code: Annotated[
        str, Form(max_length=5, description="Of a Form 03 that does not say it itself.")
    ] = "",
    collected_on: Annotated[
        str, Form(max_length=10, description="The same; YYYY, YYYY-MM or YYYY-MM-DD.")
    ] = "",
) -> Sent:
    """Take in a file of rows; it is imported soon, and ``/imports/files`` says how it stands."""
    file_id = uploading.receive(
        db,
        inst,
        calling,
        kind=kind,
        file_name=file.filename or "",
        content=file.file.read(),
        commune_code=commune_code,
        collected_on=collected_on,
        now=now,
    )
    return Sent.of(uploading.delivery(db, calling, file_id, now=now))


@router.get("/imports/files", responses=problems(NotSignedIn, Denied, Invalid, Unavailable))
def files_sent(
    calling: Calling, db: Db, now: Now, before: Annotated[Instant | None, Query()] = None
) -> list[Sent]:
    """Return what the caller's unit and those under it sent, the newest first, by the page."""
    found = uploading.deliveries(db, calling, before=before, now=now)
    return [Sent.of(each) for each in found]


@router.get(
    "/imports/files/{file_id}",
    responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable),
)
def file_sent(calling: Calling, db: Db, now: Now, file_id: UUID) -> Sent:
    """Return how one of them stands."""
    return Sent.of(uploading.delivery(db, calling, file_id, now=now))


@router.get(
    "/imports/files/{file_id}/rows",
    responses=problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable),
)
def rows_of_file(
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    *,
    file_id: UUID,
    outcome: Annotated[list[Outcome] | None, Query()] = None,
    cause: Annotated[str | None, Query(max_length=40)] = None,
    after: Annotated[int, Query(ge=0, le=MOST)] = 0,
) -> list[RowReceipt]:
    """Return receipts of rows in reading order, by the page."""
    found = uploading.rows_of(
        db, inst, calling, file_id, outcome or list(Outcome), cause=cause, after=after, now=now
    )
    return [
        RowReceipt(
            ordinal=each.ordinal,
            sheet=each.sheet,
            row_number=each.row_number,
            outcome=each.outcome,
            told=[Remark(**asdict(found)) for found in each.told],
        )
        for each in found
    ]


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
