"""What software of employers sends, and what it is told: declarations, workbooks, receipts."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.requests import Request

from api.dependencies import MOST
from api.problems import MediaTypeUnknown
from api.routes.imports import Delivery
from api.routes.media import XLSX
from api.routes.share_forms import Form
from labour_book.domain.filings import FilingKind, Said
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.law.filing_deadlines import deadline_of
from labour_book.services.filing import NamedWorker, NewFiling, StoredFiling
from labour_book.services.receipts import Outcome, Receipt, Told
from labour_book.services.uploading import Delivery as SentWorkbook


class Worker(Form):
    """The worker, as on the ID card: all three must fit one person on file."""

    personal_id: str = Field(pattern=r"^[0-9]{12}$", repr=False)
    full_name: str = Field(min_length=1, max_length=200, repr=False)
    birth_date: date = Field(repr=False)


class FilingForm(Form):
    """A declaration. Days are inclusive; what is not said is left out."""

    kind: FilingKind = Field(examples=["hire"])
    worker: Worker | None = Field(None, description="Of a hire; else this or `worker_id`.")
    worker_id: UUID | None = Field(None, description="One of the own, from `/employer/workers`.")
    corrects: UUID | None = Field(
        None, description="The declaration that this one corrects or, with `cancel`, takes back."
    )
    first_day: date | None = Field(None, description="Of a hire.", examples=["2026-11-02"])
    changed_on: date | None = Field(None, description="Of a change.")
    last_day: date | None = Field(None, description="Of an end.")
    position: str | None = Field(None, min_length=1, max_length=300)
    occupation_code: str | None = Field(None, max_length=5, description="VSCO 2020, level 1 or 2.")
    contract_kind: str | None = Field(None, max_length=12, examples=["INDEFINITE", "FIXED_TERM"])
    contract_ends_on: date | None = Field(None, description="The planned end of a fixed term.")
    contract_id: str | None = Field(
        None, max_length=40, description="On the contract platform; it never changes."
    )
    workplace_commune: str | None = Field(None, max_length=5, examples=["00070"])
    workplace_text: str | None = Field(None, max_length=300)
    end_reason_clause: int | None = Field(
        None,
        ge=0,
        le=MOST,
        description="Clause of Labour Code, art. 34. Shown to the worker alone.",
        examples=[9],
    )


class Remark(BaseModel):
    """Something to know of a declaration or a row, and what to do."""

    cause: str = Field(examples=["CONTRACT_NOT_SEEN"])
    field: str | None
    message_vi: str
    message_en: str
    what_to_do_vi: str
    what_to_do_en: str


class Filed(BaseModel):
    """A declaration on record, with its receipt (biên nhận khai báo)."""

    filing_id: UUID
    receipt_no: str = Field(examples=["KB-7K2M-Q9XD-04"])
    kind: FilingKind
    worker_id: UUID
    full_name: str
    effective_on: date
    filed_at: datetime
    filed_by: str = Field(description="The agent or delegate.")
    corrects: UUID | None
    set_aside_by: UUID | None = Field(description="The later one because of which it is void.")
    due_on: date | None = Field(
        description="The last day to file in time; null where the law of then is not modelled."
    )
    days_late: int | None
    deadline_source: str | None = Field(examples=["Luật BHXH 41/2024/QH15, art. 28(1)"])
    deadline_provenance: str | None = Field(
        description="How well the source is known: seen, secondary or unverified.",
        examples=["unverified"],
    )
    run_id: UUID | None = Field(description="The workbook it came in, as an import.")
    row: int | None = Field(description="Its place among the rows of that workbook.")
    remarks: list[Remark] = []


class FiledPage(BaseModel):
    """A page of declarations, the latest first."""

    filings: list[Filed]
    next: UUID | None = Field(description="Ask again with `before`; null on the last page.")


class SentFile(BaseModel):
    """A workbook that was sent in, and what became of its rows so far."""

    file_id: UUID
    file_name: str
    state: str = Field(description="waiting, running, done or failed.", examples=["waiting"])
    sent_at: datetime
    failure: Remark | None = Field(description="Why nothing of it could be read.")
    run: Delivery | None


class RowReceipt(BaseModel):
    """What became of one row. Says nothing of what stands in it."""

    row: int = Field(description="As a spreadsheet counts: the first line is 1.")
    ordinal: int
    outcome: Outcome
    cause: str | None = Field(examples=["FILING_NOBODY"])
    remarks: list[Remark]


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as it was sent."""

    name: str
    content: bytes


async def workbook(request: Request) -> Workbook:
    """Return the file in the body: in a form, or by itself.

    Raises:
        MediaTypeUnknown: it comes in a form we do not read.
        Invalid: the form has no file.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in {XLSX, "application/octet-stream"}:
        return Workbook("khai-bao", await request.body())
    if media_type != "multipart/form-data":
        raise MediaTypeUnknown(f"send multipart/form-data, {XLSX} or application/octet-stream")
    async with request.form(max_files=1, max_fields=2) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise Invalid("the form has no file in a field named file")
        return Workbook(sent.filename or "khai-bao", await sent.read())


def filed_told(found: StoredFiling, remarks: list[Remark] | None = None) -> Filed:
    """Return a declaration as it is told."""
    deadline = deadline_of(found.kind, found.effective_on)
    return Filed(
        filing_id=found.id,
        receipt_no=found.receipt_no,
        kind=found.kind,
        worker_id=found.person_id,
        full_name=found.full_name,
        effective_on=found.effective_on,
        filed_at=found.filed_at,
        filed_by=found.filed_by_name,
        corrects=found.corrects_id,
        set_aside_by=found.set_aside_by,
        due_on=found.due_on,
        days_late=found.days_late,
        deadline_source=None if deadline is None else deadline.source,
        deadline_provenance=None if deadline is None else deadline.provenance,
        run_id=found.run_id,
        row=found.row_ordinal,
        remarks=remarks or [],
    )


def remark(found: Told) -> Remark:
    """Return a finding as it is told."""
    return Remark.model_validate(found, from_attributes=True)


def new_of(form: FilingForm) -> NewFiling:
    """Return what a form declares."""
    values = {each.name: getattr(form, each.name, None) for each in fields(Said)}
    first = None if form.first_day is None else PartialDate.of_day(form.first_day)
    worker = form.worker
    return NewFiling(
        kind=form.kind,
        worker=form.worker_id
        if worker is None
        else NamedWorker(worker.personal_id, worker.full_name, worker.birth_date),
        said=Said(**values | {"first_day": first}),
        corrects=form.corrects,
    )


def file_told(found: SentWorkbook) -> SentFile:
    """Return a workbook as it is told."""
    return SentFile(
        file_id=found.id,
        file_name=found.file_name,
        state=found.state,
        sent_at=found.sent_at,
        failure=None if found.failure is None else remark(found.failure),
        run=None if found.run is None else Delivery.model_validate(found.run, from_attributes=True),
    )


def row_told(found: Receipt) -> RowReceipt:
    """Return the receipt of a row as it is told."""
    return RowReceipt(
        row=found.row_number,
        ordinal=found.ordinal,
        outcome=found.outcome,
        cause=found.cause,
        remarks=[remark(each) for each in found.told],
    )
