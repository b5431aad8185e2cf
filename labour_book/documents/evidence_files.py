"""Takes in a photo or PDF as evidence: what it is, whether it can be read, nothing in it that runs.

What a file is, its content says; its name and what the sender calls it are never asked. Photos are
decoded and encoded anew, so that only a picture is kept. PDFs are kept as they are, never shown
inline, and refused with anything in them that acts when they are opened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate

import pikepdf
from PIL import Image, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

from labour_book.errors import Invalid

LARGEST = 10 * 1024 * 1024
"""Bytes of a file as it is sent."""
MOST_PIXELS = 40_000_000
"""More than any phone's camera takes; a picture that claims more is meant to exhaust memory."""
LEAST_SIDE = 500
"""Pixels of the shorter side: a page of print has some 60 lines, and a letter needs 8 pixels."""
LEAST_CONTRAST = 40
"""From the darkest to the brightest 0.5 % of brightness (0 to 255): less is no ink on paper."""
LEAST_SHARPNESS = 20.0
"""Variance of the Laplacian at 1,024 pixels: less has no edge that a letter could have."""
MOST_PAGES = 50
MOST_OBJECTS = 50_000
_MEASURED_AT = 1_024
_PREVIEW_SIDE = 900
_QUALITY = 88
_FORMATS = ("JPEG", "PNG", "WEBP")
_LAPLACIAN = ImageFilter.Kernel((3, 3), [0, 1, 0, 1, -4, 1, 0, 1, 0], scale=1, offset=128)
_ACTING_KEYS = ("/JS", "/JavaScript", "/AA", "/XFA", "/RichMediaContent")
_ACTING = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMedia"})
_CARRYING = ("/EmbeddedFiles", "/EF")


class FileRefused(Invalid):
    """The file cannot be evidence. ``cause`` says why; the words say what to do."""

    slug = "file-refused"
    title = "The file cannot be taken as evidence"
    title_vi = "Không nhận được tệp này làm chứng cứ"


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file as it is kept."""

    media_type: str
    content: bytes
    preview: bytes | None
    """A small JPEG of a photo."""
    pages: int


def taken(content: bytes) -> TakenFile:
    """Return a file as it is kept.

    Raises:
        FileRefused: neither a photo nor a PDF, too large, locked, with something in it that runs,
            or too small, too dark or too blurred to be read.
    """
    if len(content) > LARGEST:
        raise _refused("TOO_LARGE")
    if not content:
        raise _refused("EMPTY")
    return _document(content) if content[:1024].lstrip().startswith(b"%PDF-") else _photo(content)


def _photo(content: bytes) -> TakenFile:
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            _check_size(opened)
            upright = ImageOps.exif_transpose(opened) or opened
            picture = _on_white(upright)
    except UnidentifiedImageError as error:
        raise _refused("NOT_A_PHOTO") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _refused("TOO_MANY_PIXELS") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _refused("BROKEN") from error
    _check_legible(picture)
    small = picture.copy()
    small.thumbnail((_PREVIEW_SIDE, _PREVIEW_SIDE))
    return TakenFile("image/jpeg", _encoded(picture), _encoded(small), 1)


def _check_size(opened: Image.Image) -> None:
    if opened.width * opened.height > MOST_PIXELS:
        raise _refused("TOO_MANY_PIXELS")
    if min(opened.size) < LEAST_SIDE:
        raise _refused("TOO_SMALL")


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture without transparency: what cannot be seen is no evidence."""
    if picture.mode in {"RGBA", "LA", "P", "PA"}:
        page = Image.new("RGBA", picture.size, "white")
        page.alpha_composite(picture.convert("RGBA"))
        return page.convert("RGB")
    return picture.convert("RGB")


def _check_legible(picture: Image.Image) -> None:
    grey = picture.convert("L")
    grey.thumbnail((_MEASURED_AT, _MEASURED_AT))
    if _contrast(grey) < LEAST_CONTRAST:
        raise _refused("NO_CONTRAST")
    inner = (1, 1, grey.width - 1, grey.height - 1)  # a filter leaves the edge as it was
    if ImageStat.Stat(grey.filter(_LAPLACIAN).crop(inner)).var[0] < LEAST_SHARPNESS:
        raise _refused("BLURRED")


def _contrast(grey: Image.Image) -> int:
    """Return how far apart the dark and the bright parts are."""
    few = grey.width * grey.height // 200
    counted = list(accumulate(grey.histogram()))
    darkest = next(level for level, count in enumerate(counted) if count > few)
    brightest = next(level for level, count in enumerate(counted) if count >= counted[-1] - few)
    return brightest - darkest


def _encoded(picture: Image.Image) -> bytes:
    into = BytesIO()
    picture.save(into, "JPEG", quality=_QUALITY)
    return into.getvalue()


def _document(content: bytes) -> TakenFile:
    try:
        with pikepdf.open(BytesIO(content)) as document:
            if document.is_encrypted:
                raise _refused("LOCKED")
            pages = len(document.pages)
            if not 1 <= pages <= MOST_PAGES:
                raise _refused("TOO_MANY_PAGES" if pages else "BROKEN")
            _check_inert(document)
    except pikepdf.PasswordError as error:
        raise _refused("LOCKED") from error
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        raise _refused("BROKEN") from error
    return TakenFile("application/pdf", content, None, pages)


def _check_inert(document: pikepdf.Pdf) -> None:
    """Refuse a document that does something when it is opened, or carries other files."""
    for number, each in enumerate(_dictionaries(document)):
        if number > MOST_OBJECTS:
            raise _refused("BROKEN")
        if any(key in each for key in _ACTING_KEYS) or str(each.get("/S", "")) in _ACTING:
            raise _refused("RUNS")
        if any(key in each for key in _CARRYING) or str(each.get("/Type", "")) == "/Filespec":
            raise _refused("CARRIES_FILES")


def _dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield every dictionary of a document, those inside others too."""
    waiting: list[pikepdf.Object] = [*document.objects, document.trailer]
    while waiting:
        each = waiting.pop()
        if isinstance(each, pikepdf.Stream):
            each = each.stream_dict
        if isinstance(each, pikepdf.Dictionary):
            yield each
            waiting += [value for value in each.values() if _is_inside(value)]
        elif isinstance(each, pikepdf.Array):
            waiting += [value for value in each if _is_inside(value)]


def _is_inside(value: object) -> bool:
    """Say whether something is a part of what holds it; what has a number of its own comes up."""
    inside = isinstance(value, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream)
    return inside and not value.is_indirect  # type: ignore[attr-defined]  # one of the three


_WHY = {
    "TOO_LARGE": "larger than 10 MB: take the photo again with a lower resolution",
    "EMPTY": "the file is empty: choose it again",
    "NOT_A_PHOTO": "neither a photo (JPEG, PNG, WebP) nor a PDF: take a photo of the paper",
    "TOO_MANY_PIXELS": "more pixels than any camera takes: take the photo again",
    "TOO_SMALL": "too small to be read: come closer, or send the photo in its full size",
    "BROKEN": "the file is damaged: send it again, or take another photo",
    "NO_CONTRAST": "hardly anything can be seen: take the photo in the light, paper flat",
    "BLURRED": "too blurred to be read: hold the phone still, wipe the lens, take it again",
    "LOCKED": "the PDF is locked with a password: save it without one",
    "TOO_MANY_PAGES": "more than 50 pages: send only those that matter",
    "RUNS": "the PDF holds something that runs: print it to a new PDF, or take photos",
    "CARRIES_FILES": "the PDF carries other files: send them one by one",
}


def _refused(cause: str) -> FileRefused:
    return FileRefused(_WHY[cause], cause=cause)
