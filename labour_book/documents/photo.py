"""The photo of a CV: made small, and rid of everything a camera writes beside the picture."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from labour_book.errors import Invalid

LARGEST_FILE = 10 * 1024 * 1024
"""Bytes."""

MOST_PIXELS = 40_000_000
WIDTH, HEIGHT = 354, 472
"""Pixels of the printed 3 x 4 cm at 300 dpi."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_UNREADABLE = (
    Image.DecompressionBombError,
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    Warning,
)


def printable_photo(content: bytes) -> bytes:
    """Return the photo as a JPEG of 3 x 4 cm: upright, cropped around its middle, no metadata.

    Place and time of the picture (EXIF) must not travel with a CV.

    Raises:
        Invalid: it is no JPEG, PNG or WebP picture, or too large. A picture that is cut off is
            printed as far as it goes: WeasyPrint tells Pillow so for the whole process.
    """
    if len(content) > LARGEST_FILE:
        raise Invalid("the photo is larger than 10 MB", largest=LARGEST_FILE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _small(content)
    except _UNREADABLE as error:
        raise Invalid("the photo cannot be read as JPEG, PNG or WebP") from error


def _small(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise Invalid("the photo has too many pixels", most=MOST_PIXELS)
        upright = ImageOps.exif_transpose(picture)
        seen = upright.convert("RGBA")
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    written = BytesIO()
    ImageOps.fit(paper, (WIDTH, HEIGHT)).save(written, "JPEG", quality=88)
    return written.getvalue()
