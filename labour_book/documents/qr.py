"""QR codes: level M, quiet zone of four modules, black on white.

Two makers. A link goes through ``qrcode``: 8 ms for version 4, three hundredths of a page's cost,
and since everything of ours reads with zxing-cpp, what we print has been made by one library and
read by another. ``qrcode`` searches the mask in Python, though, and needs 64 ms for the dense codes
of an offline book; those go through zxing-cpp, which needs 3 ms.
"""

import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import cast

import qrcode
import zxingcpp
from qrcode.constants import ERROR_CORRECT_M

from labour_book.errors import Invalid

QUIET_ZONE = 4
"""Modules on each side (ISO/IEC 18004, 9.1)."""

LONGEST_LINK = 120
"""Characters up to which ``qrcode`` is quick enough (version 7)."""

LONGEST_TEXT = 1_460
"""Bytes. More would need a code too dense for a phone's camera."""

Modules = Sequence[Sequence[bool]]


def modules(text: str) -> Modules:
    """Return the rows of the code with its quiet zone; True is black.

    Raises:
        Invalid: there is no text, or too much of it for one code.
    """
    if not 0 < len(text.encode()) <= LONGEST_TEXT:
        raise Invalid("a QR code holds 1 to 1,460 bytes", longest=LONGEST_TEXT)
    return _by_qrcode(text) if len(text) <= LONGEST_LINK else _by_zxing(text)


def qr_png(text: str, *, scale: int = 8) -> bytes:
    """Return the code as a PNG, ``scale`` pixels to the module.

    Written by hand: one bit to the pixel, and the same bytes whatever version of an imaging
    library is installed.

    Raises:
        Invalid: there is no text, or too much of it for one code.
    """
    rows = modules(text)
    width = len(rows) * scale
    lines = b"".join(_scanline(row, scale) * scale for row in rows)
    header = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(lines, 9)), _chunk(b"IEND", b""))
    )


def qr_svg(text: str) -> str:
    """Return the code as an SVG of one path, one unit to the module; the page sets its size.

    Raises:
        Invalid: there is no text, or too much of it for one code.
    """
    rows = modules(text)
    path = "".join(
        f"M{x} {y}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for x, length in _black_runs(row)
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"'
        ' shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def _by_qrcode(text: str) -> Modules:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    return rows


def _by_zxing(text: str) -> Modules:
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = code.to_image(scale=1, add_quiet_zones=True)
    width = image.shape[1]
    pixels = bytes(cast("bytes", image))  # it has the buffer protocol, and no type that says so
    return [[pixel == 0 for pixel in row] for row in _cut(pixels, width)]


def _cut(pixels: bytes, width: int) -> Iterator[bytes]:
    for start in range(0, len(pixels), width):
        yield pixels[start : start + width]


def _black_runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Return start and length of each run of black modules."""
    runs, at = [], 0
    for black, run in groupby(row):
        length = len(list(run))
        if black:
            runs.append((at, length))
        at += length
    return runs


def _scanline(row: Sequence[bool], scale: int) -> bytes:
    bits = "".join(("0" if black else "1") * scale for black in row)
    padded = bits.ljust((len(bits) + 7) // 8 * 8, "0")
    return b"\0" + int(padded, 2).to_bytes(len(padded) // 8, "big")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
