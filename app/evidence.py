"""Whether a file can be sent at all: looked at here, before it takes up anybody's time."""

from struct import unpack

LARGEST = 10 * 1024 * 1024
"""Bytes."""
SHORTEST_SIDE = 600
"""Pixels: less than this of a page cannot be read."""
PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"
KINDS = ("jpg", "jpeg", "png", "pdf")
_SIZES = frozenset({*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)})
"""Markers of a JPEG that are followed by its size (ISO/IEC 10918-1, table B.1)."""
_ALONE = frozenset({0x01, *range(0xD0, 0xDA)})
"""Markers without a length."""


def wrong_with(content: bytes) -> str | None:
    """Return the key of what is wrong with a file; None if it can be sent.

    Whether a photo is sharp and bright enough, the service says.
    """
    if not content:
        return "evidence.wrong.empty"
    if len(content) > LARGEST:
        return "evidence.wrong.size"
    if content.startswith(PDF):
        return None
    if not content.startswith((PNG, JPEG)):
        return "evidence.wrong.kind"
    size = size_of(content)
    if size is None:
        return "evidence.wrong.kind"
    return "evidence.wrong.small" if min(size) < SHORTEST_SIDE else None


def size_of(picture: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or JPEG in pixels; None if it does not say."""
    if picture.startswith(PNG):
        header = picture[16:24]
        return None if len(header) < 8 else unpack(">II", header)  # noqa: PLR2004 - two numbers of four bytes
    return _size_of_jpeg(picture)


def _size_of_jpeg(picture: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(picture) and picture[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = picture[at + 1]
        if marker in _SIZES:
            height, width = unpack(">HH", picture[at + 5 : at + 9])
            return width, height
        length = 0 if marker in _ALONE else int(unpack(">H", picture[at + 2 : at + 4])[0])
        at += 2 + length
    return None
