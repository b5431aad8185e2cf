"""What an employer declares of its workers: one by one, or as a workbook with receipts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from api.dependencies import MOST, Admitted, Calling, Db, Inst, Now
from api.problems import BodyTooLarge, Malformed, MediaTypeUnknown, problems
from api.routes.filing_forms import (
    Filed,
    FiledPage,
    FilingForm,
    RowReceipt,
    SentFile,
    Workbook,
    file_told,
    filed_told,
    new_of,
    remark,
    row_told,
    workbook,
)
from api.routes.media import XLSX, answers
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import filing, filing_files
from labour_book.services.access import NotSignedIn
from labour_book.services.filing import FilingFaulty, FilingRefused, KeyReused
from labour_book.services.limiting import TooMany
from labour_book.services.receipts import told
from labour_book.services.recipients import EnterpriseRefused

router = APIRouter(prefix="/filings", tags=["filings"])

READ = problems(NotSignedIn, Denied, EnterpriseRefused, Invalid, Unavailable)
OF_ONE = READ | problems(NotFound)
SENT = OF_ONE | problems(FilingFaulty, FilingRefused, KeyReused, TooMany)
TAKEN = READ | problems(Malformed, BodyTooLarge, MediaTypeUnknown)
CREATED, ACCEPTED = 201, 202


Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[\x21-\x7e]+$",
        description="Your own name for this declaration: sent again, it is filed once.",
    ),
]
FilingId = Annotated[UUID, Path(description="The declaration's id.")]
FileId = Annotated[UUID, Path(description="The file's id, from sending it.")]


@router.post("", status_code=CREATED, responses=SENT)
def file(form: FilingForm, key: Key, admitted: Admitted) -> Filed:
    """File a hire, a change or an end, correct one, or take one back.

    The worker's book is issued anew, and the worker is asked whether it is right.
    """
    with admitted() as (_, calling):
        caller = calling
    noted = filing.file(admitted.inst, caller, new_of(form), now=admitted.now, key=key)
    return filed_told(noted.filing, remarks=[remark(told(each)) for each in noted.notes])


@router.get("", responses=READ)
def filings(
    calling: Calling,
    db: Db,
    now: Now,
    before: Annotated[UUID | None, Query(description="The last one of the page before.")] = None,
    run_id: Annotated[UUID | None, Query(description="Only those of one workbook.")] = None,
) -> FiledPage:
    """Return what the enterprise has filed, the latest first. The workers can see that."""
    listed = filing.filed_by_enterprise(db, calling, before=before, run_id=run_id, now=now)
    more = listed[-1].id if len(listed) == filing.PAGE else None
    return FiledPage(filings=[filed_told(each) for each in listed], next=more)


@router.get(
    "/template",
    response_class=Response,
    responses=answers(XLSX) | problems(NotSignedIn, Denied, Unavailable),
)
def template(calling: Calling, db: Db, now: Now) -> Response:
    """Return the workbook to fill in."""
    filing_files.sent_files(db, calling, now=now)
    return Response(filing_files.template(), media_type=XLSX)


Sent = Annotated[Workbook, Depends(workbook)]


@router.post("/file", status_code=ACCEPTED, responses=TAKEN)
def send(sent: Sent, calling: Calling, db: Db, inst: Inst, now: Now) -> SentFile:
    """Send a workbook, in a form or by itself; its rows are recorded soon."""
    file_id = filing_files.send(
        db, inst, calling, file_name=sent.name, content=sent.content, now=now
    )
    return file_told(filing_files.sent_file(db, calling, file_id, now=now))


@router.get("/files", responses=READ)
def files(calling: Calling, db: Db, now: Now) -> list[SentFile]:
    """Return the workbooks that the enterprise sent, the newest first."""
    return [file_told(each) for each in filing_files.sent_files(db, calling, now=now)]


@router.get("/files/{file_id}", responses=OF_ONE)
def sent_file(file_id: FileId, calling: Calling, db: Db, now: Now) -> SentFile:
    """Return how a workbook stands."""
    return file_told(filing_files.sent_file(db, calling, file_id, now=now))


@router.get("/files/{file_id}/rows", responses=OF_ONE)
def rows(
    file_id: FileId,
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    *,
    after: Annotated[
        int, Query(ge=0, le=MOST, description="The last `ordinal` of the page before.")
    ] = 0,
) -> list[RowReceipt]:
    """Return what became of its rows, 50 at a time, in reading order."""
    found = filing_files.rows_of(db, inst, calling, file_id, after=after, now=now)
    return [row_told(each) for each in found]


@router.get("/files/{file_id}/refused", response_class=Response, responses=answers(XLSX) | OF_ONE)
def refused(file_id: FileId, calling: Calling, db: Db, inst: Inst, now: Now) -> Response:
    """Return the refused rows as a workbook to mend and send again."""
    content = filing_files.refused_file(db, inst, calling, file_id, now=now)
    return Response(content, media_type=XLSX)


@router.get("/{filing_id}", responses=OF_ONE)
def filed(filing_id: FilingId, calling: Calling, db: Db, now: Now) -> Filed:
    """Return one declaration of the enterprise."""
    return filed_told(filing.filed(db, calling, filing_id, now=now))
