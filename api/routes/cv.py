"""The e-CV: what stands in it, its files, and who may look at it to find work for its owner."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Path, Query, Response

from api.dependencies import Admission, Admitted, Calling, Db, Inst, Now, Purpose, own_person
from api.problems import BodyTooLarge, MediaTypeUnknown, problems
from api.routes.cv_forms import (
    ChoicesForm,
    CvOut,
    LineForm,
    SeekersOut,
    SeekingForm,
    SeekingOut,
    naming_parts,
    told_page,
    told_seekers,
    told_seeking,
)
from api.routes.media import JPEG, JSON, PDF, PNG, answers
from api.routes.submission import Submitted
from labour_book.domain.cv import to_json_resume
from labour_book.domain.europass import to_europass
from labour_book.domain.own_cv import TooManyLines
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import cv_printing, job_seeking, own_cv
from labour_book.services.access import NotSignedIn
from labour_book.services.cv_printing import PrintableCv
from labour_book.services.job_seeking import AT_ONCE, MOST_AT_ONCE
from labour_book.services.own_cv import CvChanged
from labour_book.services.permission import OWN_USE

router = APIRouter(tags=["cv"])

OWN = problems(NotSignedIn, Denied, NotFound, Unavailable)
FILE = OWN | problems(Conflict)
CHANGE = OWN | problems(Invalid, CvChanged)
CREATED, NOTHING_TO_SAY = 201, 204
LineId = Annotated[str, Path(description="The line's ref.", max_length=40)]


@router.get("/me/cv", responses=OWN)
def own_choices(calling: Calling, db: Db, inst: Inst, now: Now) -> CvOut:
    """Return every line that can stand in the worker's CV, in its order, and what was chosen."""
    return told_page(own_cv.cv_page(db, inst, calling, now=now))


@router.put("/me/cv", responses=CHANGE)
def change_choices(form: ChoicesForm, calling: Calling, db: Db, inst: Inst, now: Now) -> CvOut:
    """Store which lines stand in the CV, in what order, and what the worker says of themself."""
    with naming_parts():
        page = own_cv.save_choices(db, inst, calling, form.revision, form.to_choices(), now=now)
    return told_page(page)


@router.post("/me/cv/lines", status_code=CREATED, responses=CHANGE | problems(TooManyLines))
def add_own_line(form: LineForm, calling: Calling, db: Db, inst: Inst, now: Now) -> CvOut:
    """Add a line of the worker's own: marked everywhere as self-declared, not verified."""
    with naming_parts():
        return told_page(own_cv.add_line(db, inst, calling, form.to_line(), now=now))


@router.put("/me/cv/lines/{line_id}", responses=CHANGE)
def change_own_line(
    line_id: LineId, form: LineForm, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> CvOut:
    """Put a line in place of one of the worker's own."""
    with naming_parts():
        return told_page(own_cv.change_line(db, inst, calling, form.to_line(line_id), now=now))


@router.delete("/me/cv/lines/{line_id}", responses=CHANGE)
def remove_own_line(line_id: LineId, calling: Calling, db: Db, inst: Inst, now: Now) -> CvOut:
    """Delete one of the worker's own lines."""
    return told_page(own_cv.remove_line(db, inst, calling, line_id, now=now))


@router.get("/me/cv/photo", response_class=Response, responses=answers(JPEG) | OWN)
def own_photo(calling: Calling, db: Db, inst: Inst, now: Now) -> Response:
    """Return the photo of the CV."""
    return Response(own_cv.photo(db, inst, calling, now=now), media_type=JPEG)


@router.put(
    "/me/cv/photo",
    status_code=NOTHING_TO_SAY,
    responses=OWN | problems(Invalid, BodyTooLarge, MediaTypeUnknown),
)
def put_photo(picture: Submitted, calling: Calling, db: Db, inst: Inst, now: Now) -> None:
    """Take a photo (JPEG, PNG, WebP): written anew, without place, time and camera; kept sealed."""
    own_cv.put_photo(db, inst, calling, picture, now=now)


@router.delete("/me/cv/photo", status_code=NOTHING_TO_SAY, responses=OWN)
def remove_photo(calling: Calling, db: Db, now: Now) -> None:
    """Delete the photo."""
    own_cv.remove_photo(db, calling, now=now)


@router.get(
    "/me/cv/json-resume",
    response_class=Response,
    responses=answers(JSON, {"basics": {"name": "Nguyễn Thị Mẫu"}}) | FILE,
)
def cv_as_json_resume(admitted: Admitted) -> Response:
    """Return the worker's CV as JSON Resume 1.0.0."""
    return Response(orjson.dumps(to_json_resume(_cv(admitted).cv)), media_type=JSON)


@router.get(
    "/me/cv/europass",
    response_class=Response,
    responses=answers(JSON, {"SkillsPassport": {}}) | FILE,
)
def cv_as_europass(admitted: Admitted) -> Response:
    """Return the worker's CV as Europass-style JSON."""
    return Response(orjson.dumps(to_europass(_cv(admitted).cv)), media_type=JSON)


@router.get("/me/cv.pdf", response_class=Response, responses=answers(PDF) | FILE)
def cv_as_pdf(admitted: Admitted) -> Response:
    """Return the worker's CV as PDF, with the address where its verified lines can be checked."""
    printable = _cv(admitted)
    name = f'attachment; filename="cv-{printable.cv.book_no}.pdf"'
    printed = cv_printing.print_cv(printable, now=admitted.now)
    return Response(printed, headers={"Content-Disposition": name}, media_type=PDF)


@router.get(
    "/me/cv/preview.png",
    response_class=Response,
    responses=answers(PNG) | FILE | problems(Invalid),
)
def cv_preview(
    admitted: Admitted,
    page: Annotated[int, Query(ge=1, le=50, description="1 is the first.")] = 1,
) -> Response:
    """Return a page of the CV as it will be printed."""
    painted = cv_printing.preview_of(_cv(admitted), page=page, now=admitted.now)
    return Response(painted, media_type=PNG)


@router.get("/me/job-seeking", responses=OWN)
def own_job_seeking(calling: Calling, db: Db, now: Now) -> SeekingOut:
    """Return whether public employment services may see the CV, and what is agreed to by that."""
    found = job_seeking.job_seeking(db, calling, now=now)
    return told_seeking(found, job_seeking.home_province(db, calling))


@router.put("/me/job-seeking", responses=OWN | problems(Invalid, Conflict))
def begin_job_seeking(
    form: SeekingForm, calling: Calling, db: Db, inst: Inst, now: Now
) -> SeekingOut:
    """Let public employment services of some provinces see the CV, for a year at most."""
    with naming_parts():
        begun = job_seeking.begin(db, inst, calling, form.to_wish(), now=now)
    return told_seeking(begun, job_seeking.home_province(db, calling))


@router.delete("/me/job-seeking", status_code=NOTHING_TO_SAY, responses=OWN)
def end_job_seeking(calling: Calling, db: Db, now: Now) -> None:
    """Take that back at once."""
    job_seeking.end(db, calling, now=now)


@router.get("/job-seekers", responses=problems(NotSignedIn, Denied, Invalid, Unavailable))
def list_job_seekers(
    purpose: Purpose,
    *,
    calling: Calling,
    db: Db,
    inst: Inst,
    now: Now,
    after: Annotated[UUID | None, Query(description="Of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = AT_ONCE,
) -> SeekersOut:
    """Return people who let the caller's employment service see their CV; they can read that."""
    page = job_seeking.job_seekers(
        db, inst, calling, purpose=purpose, now=now, after=after, limit=limit
    )
    return told_seekers(page)


def _cv(admitted: Admission) -> PrintableCv:
    inst, now = admitted.inst, admitted.now
    with admitted() as (db, calling):
        return cv_printing.cv_of(db, inst, calling, own_person(calling), purpose=OWN_USE, now=now)
