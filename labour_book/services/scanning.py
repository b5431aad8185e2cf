"""What a picture holds: the text of the QR code in a photo or screenshot."""

from io import BytesIO

import zxingcpp
from PIL import Image, UnidentifiedImageError

from labour_book.errors import Invalid

COMPACT = b"VNL1:"
"""How the text of an offline code begins."""
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_MOST_PIXELS = 50_000_000
_LINKS = (b"http://", b"https://")
_UNREADABLE = (
    Image.DecompressionBombError,
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
)


def is_picture(content: bytes) -> bool:
    """Say whether a file is a PNG or JPEG, told by how it begins."""
    return content.startswith(_PICTURES)


def code_in(picture: bytes) -> bytes:
    """Return the text of the signed code in a picture.

    Raises:
        Invalid: no picture, too large, no code in it, or a code that is only a link.
    """
    texts = texts_in(picture)
    for text in texts:
        if text.startswith(COMPACT):
            return text
    if any(map(is_link, texts)):
        raise Invalid("the code is a link: open it, or check the file it leads to", cause="LINK")
    raise Invalid("there is no signed QR code in the picture", cause="NO_CODE")


def is_link(text: bytes) -> bool:
    """Say whether the text of a code is an address."""
    return text.startswith(_LINKS)


def texts_in(picture: bytes) -> list[bytes]:
    """Return the text of every QR code in a picture.

    Raises:
        Invalid: no picture, or too large.
    """
    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise Invalid("the picture is too large", cause="TOO_LARGE")
            pixels = opened.convert("L")
    except _UNREADABLE as error:
        raise Invalid("the picture cannot be read", cause="NO_PICTURE") from error
    codes = zxingcpp.read_barcodes(pixels, formats=_QR)
    return [each.text.encode() for each in codes]
