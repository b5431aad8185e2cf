"""Corrections: what the asking side does, and reads of its own cases."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.dependencies import Admitted, Calling, Db, Inst, Now
from api.problems import BodyTooLarge, MediaTypeUnknown, problems
from api.routes.correction_forms import (
    CaseId,
    Evidence,
    FileId,
    Key,
    NewCorrection,
    Rating,
    Worded,
)
from api.routes.media import JPEG, PDF
from labour_book import data
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import case_files, correcting
from labour_book.services.access import NotSignedIn
from labour_book.services.case_files import OpenedFile
from labour_book.services.case_problems import (
    AppealOver,
    CaseMoved,
    CaseTaken,
    FileRefused,
    FilesFull,
    KeyTaken,
    NoOwner,
    RatedBefore,
    StaleLine,
    TooManyCases,
)
from labour_book.services.case_views import CaseFile, CaseLine, EvidenceTold

router = APIRouter(tags=["corrections"])

CREATED, NOTHING_TO_SAY = 201, 204
OWN = problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable)
MOVING = OWN | problems(CaseMoved, CaseTaken)
UPLOADED_TO = "/me/corrections/*/files"
"""Where files of up to 10 MB are sent."""
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "evidence_class": {"type": "string"},
                    },
                }
            }
        },
    }
}


class CodeTold(BaseModel):
    """A code with its words."""

    code: str = Field(examples=["CONTRACT"])
    label_vi: str
    label_en: str


def as_attachment(file: OpenedFile) -> Response:
    """Answer with a file that no browser shows in place or guesses about."""
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


FILE_ANSWER = {
    200: {
        "content": {
            each: {"schema": {"type": "string", "format": "binary"}, "example": "..."}
            for each in (JPEG, PDF)
        }
    }
}


@router.get("/me/corrections", responses=OWN)
def own_corrections(calling: Calling, db: Db, inst: Inst, now: Now) -> list[CaseLine]:
    """Return the caller's cases, newest first."""
    return correcting.own_cases(db, inst, calling, now=now)


@router.get("/me/corrections/evidence-classes", responses=OWN)
def evidence_classes(calling: Calling, db: Db, inst: Inst, now: Now) -> list[CodeTold]:  # noqa: ARG001 - who calls is asked all the same
    """Return what counts as evidence."""
    return [
        CodeTold(code=code, label_vi=row["label_vi"], label_en=row["label_en"])
        for code, row in data.evidence_classes().items()
    ]


@router.post(
    "/me/corrections", status_code=CREATED, responses=OWN | problems(StaleLine, TooManyCases)
)
def begin_correction(
    form: NewCorrection, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Begin a case as a draft that only the asking side sees."""
    return correcting.draft(
        db,
        inst,
        calling,
        form.to_request(),
        person_id=form.person_id,
        present=form.present,
        now=now,
    )


@router.get("/me/corrections/{case_id}", responses=OWN)
def own_correction(case_id: CaseId, calling: Calling, db: Db, inst: Inst, now: Now) -> CaseFile:
    """Return a case with its history, files and decisions."""
    return correcting.own_case(db, inst, calling, case_id, now=now)


@router.put("/me/corrections/{case_id}", responses=MOVING | problems(StaleLine))
def change_correction(
    case_id: CaseId, form: NewCorrection, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Replace what a draft asks for; its files stay."""
    return correcting.change_draft(db, inst, calling, case_id, form.to_request(), now=now)


@router.post("/me/corrections/{case_id}/submission", responses=MOVING | problems(KeyTaken, NoOwner))
def submit_correction(
    case_id: CaseId, key: Key, *, admitted: Admitted, inst: Inst, now: Now
) -> CaseFile:
    """Hand a case in; if a register confirms all of it, it is decided at once."""
    with admitted() as (_, calling):
        pass  # registers are asked next, with no transaction open
    return correcting.submit(inst, calling, case_id, key=key, now=now)


@router.post("/me/corrections/{case_id}/answer", responses=MOVING)
def answer_correction(
    case_id: CaseId, form: Worded, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Answer what the owner asked for; send files before."""
    return correcting.answer_more(db, inst, calling, case_id, form.words, now=now)


@router.post("/me/corrections/{case_id}/withdrawal", responses=MOVING)
def withdraw_correction(
    case_id: CaseId, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Take a case back while it is undecided."""
    return correcting.withdraw(db, inst, calling, case_id, now=now)


@router.post("/me/corrections/{case_id}/appeal", responses=MOVING | problems(AppealOver, NoOwner))
def appeal_correction(
    case_id: CaseId, form: Worded, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Ask the next unit up to decide anew, once."""
    return correcting.appeal(db, inst, calling, case_id, form.words, now=now)


@router.post("/me/corrections/{case_id}/rating", responses=MOVING | problems(RatedBefore))
def rate_correction(
    case_id: CaseId, form: Rating, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CaseFile:
    """Say how satisfied you are with how it was handled, once."""
    return correcting.rate(db, inst, calling, case_id, stars=form.stars, words=form.words, now=now)


@router.post(
    "/me/corrections/{case_id}/files",
    status_code=CREATED,
    responses=MOVING | problems(FileRefused, FilesFull, MediaTypeUnknown, BodyTooLarge),
    openapi_extra=_FORM,
)
def add_evidence(
    case_id: CaseId, sent: Evidence, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> EvidenceTold:
    """Add a photo (JPEG, PNG, WebP) or PDF of up to 10 MB; what it is, its content says.

    An enterprise that is asked about a claim adds what speaks against it before it answers.
    """
    return case_files.attach(
        db, inst, calling, case_id, sent.content, evidence_class=sent.evidence_class, now=now
    )


@router.delete(
    "/me/corrections/{case_id}/files/{file_id}", status_code=NOTHING_TO_SAY, responses=MOVING
)
def remove_evidence(
    case_id: CaseId, file_id: FileId, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> None:
    """Take back a file that was not handed in yet."""
    case_files.detach(db, inst, calling, case_id, file_id, now=now)


@router.get(
    "/me/corrections/{case_id}/files/{file_id}",
    response_class=Response,
    responses=FILE_ANSWER | OWN | problems(Conflict),
)
def own_evidence(
    case_id: CaseId, file_id: UUID, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> Response:
    """Return a file as an attachment under a neutral name."""
    return as_attachment(case_files.open_file(db, inst, calling, case_id, file_id, now=now))
