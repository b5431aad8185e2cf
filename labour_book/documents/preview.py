"""A page of a PDF of ours as a picture, for a look before printing."""

import threading
from io import BytesIO

import pypdfium2

from labour_book.errors import NotFound

_POINTS_PER_INCH = 72
_ONE_AT_A_TIME = threading.Lock()
"""PDFium is not made for threads."""


def picture_of(pdf: bytes, *, page: int, dpi: int) -> bytes:
    """Return a page (1 is the first) as PNG.

    Raises:
        NotFound: the document has fewer pages.
    """
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(pdf)
        try:
            if not 1 <= page <= len(document):
                raise NotFound("the document has fewer pages", pages=len(document))
            painted = document[page - 1].render(scale=dpi / _POINTS_PER_INCH).to_pil()
        finally:
            document.close()
    written = BytesIO()
    painted.convert("RGB").quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()
