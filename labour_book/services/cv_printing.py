"""The e-CV as files. It is the worker's own document: not sealed, but with the book's address."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.documents import picture_of, render_cv_pdf
from labour_book.domain.cv import Cv
from labour_book.domain.cv import cv_of as lines_of
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import own_cv
from labour_book.services.callers import Caller
from labour_book.services.installation import Installation
from labour_book.services.issuing import verify_url
from labour_book.services.numbering import grouped
from labour_book.services.printing import printable_of

PREVIEW_DPI = 110
"""Of the picture of a page: good to read on a phone, and below half a megabyte."""


@dataclass(frozen=True, slots=True)
class PrintableCv:
    """A CV as its owner wants it, ready to be printed without the database."""

    cv: Cv
    photo: bytes | None = field(default=None, repr=False)


def cv_of(
    db: Db, inst: Installation, caller: Caller, person_id: UUID, *, purpose: str, now: datetime
) -> PrintableCv:
    """Return the e-CV: lines of the newest version as chosen, own lines, and where to check it.

    Raises:
        NotFound, Conflict, Invalid, DeniedToRole, NotFoundForCaller: as ``printable_of``.
    """
    found = printable_of(db, inst, caller, person_id, purpose=purpose, now=now)
    own = own_cv.own_cv(db, inst.vault, person_id).cv
    choices = own.choices
    cv = lines_of(
        found.book,
        [each.as_cv_line() for each in own.lines],
        contact=choices.contact,
        headline=choices.headline,
        summary=choices.summary,
        hidden=choices.hidden,
        order=choices.order,
        verify_at=verify_url(inst, found.version.id),
    )
    photo = own_cv.photo(db, inst.vault, person_id) if choices.with_photo else None
    return PrintableCv(cv, photo)


def print_cv(printable: PrintableCv, *, now: datetime) -> bytes:
    """Return the CV as PDF, to be printed after the transaction that made it."""
    cv = printable.cv
    code = (cv.verify_at or "").rpartition("/")[2]
    return render_cv_pdf(
        cv, issued_on=vietnam_day(now), lookup_code=grouped(code), photo=printable.photo
    )


def preview_of(printable: PrintableCv, *, page: int = 1, now: datetime) -> bytes:
    """Return a page of the printed CV as PNG: exactly what the PDF shows.

    Raises:
        NotFound: the CV has fewer pages.
    """
    return picture_of(print_cv(printable, now=now), page=page, dpi=PREVIEW_DPI)
