"""The e-CV on paper. It is the worker's own document: not sealed, but with the book's address."""

from datetime import datetime

from labour_book.documents import render_cv_pdf
from labour_book.domain.cv import Cv
from labour_book.domain.evidence import vietnam_day
from labour_book.services.numbering import grouped


def print_cv(cv: Cv, *, now: datetime) -> bytes:
    """Return the CV as PDF, to be printed after the transaction that made it."""
    code = (cv.verify_at or "").rpartition("/")[2]
    return render_cv_pdf(cv, issued_on=vietnam_day(now), lookup_code=grouped(code))
