"""Reads a PDF as those who get it do: its words, its pages as pictures, its QR codes."""

import re
from contextlib import closing
from io import BytesIO

import pikepdf
import pypdfium2
import zxingcpp
from PIL import Image

POINTS_PER_INCH = 72


def words(pdf: bytes) -> list[str]:
    """Return the text of each page, one line to the line."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_words_of(page) for page in document]


def _words_of(page: pypdfium2.PdfPage) -> str:
    with closing(page.get_textpage()) as text:
        return str(text.get_text_bounded()).replace("\r\n", "\n").replace("\x02", "-")


def flat(pdf: bytes) -> str:
    """Return all text with single spaces, for looking for words that a line break may split."""
    return re.sub(r"\s+", " ", " ".join(words(pdf)))


def pictures(pdf: bytes, *, dpi: int) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / POINTS_PER_INCH).to_pil() for page in document]


def qr_codes(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def letters_outside(pdf: bytes, *, margin: float) -> list[str]:
    """Return the letters that stand outside the page's side margins, in points."""
    outside = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            width = page.get_width()
            with closing(page.get_textpage()) as text:
                boxes = [text.get_charbox(each) for each in range(text.count_chars())]
                outside += [
                    f"{text.get_text_range(each, 1)} at {left:.0f}-{right:.0f}"
                    for each, (left, _, right, _) in enumerate(boxes)
                    if right > left and not margin <= left <= right <= width - margin
                ]
    return outside


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))


def fonts(pdf: bytes) -> dict[str, bool]:
    """Return the name of each font in the file, and whether the font itself is there."""
    with opened(pdf) as file:
        return {
            str(each.FontName).split("+")[-1]: "/FontFile2" in each or "/FontFile3" in each
            for each in file.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        }
