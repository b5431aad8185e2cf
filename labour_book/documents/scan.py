"""A scanned page: upright, as large as reading needs, and rid of what a camera adds."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from labour_book.errors import Invalid

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes."""
MOST_PIXELS = 40_000_000
FEWEST_PIXELS = 600
"""Of the shorter side: below that handwriting cannot be read."""
LONGEST_SIDE = 2_400
_FORMATS = ("JPEG", "PNG", "WEBP")
_UNREADABLE = (
    Image.DecompressionBombError,
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    Warning,
)


def page_scan(content: bytes) -> bytes:
    """Return a picture of a page as a JPEG without metadata, made anew from its pixels.

    Raises:
        Invalid: no JPEG, PNG or WebP, too large, or too small to be read; ``cause`` says which.
    """
    if len(content) > LARGEST_FILE:
        raise Invalid("the picture is larger than 10 MB", cause="SCAN_TOO_LARGE")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _page(content)
    except _UNREADABLE as error:
        raise Invalid("this is no JPEG, PNG or WebP picture", cause="SCAN_UNREADABLE") from error


def _page(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Invalid("the picture has too many pixels", cause="SCAN_TOO_LARGE")
        if min(picture.size) < FEWEST_PIXELS:
            raise Invalid("the picture is too small to be read", cause="SCAN_TOO_SMALL")
        seen = ImageOps.exif_transpose(picture).convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    paper.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = BytesIO()
    paper.save(written, "JPEG", quality=82)
    return written.getvalue()
