"""Photos and PDFs as people send them, and as they should not."""

from io import BytesIO

import pikepdf
from PIL import Image, ImageDraw


def photo(width: int = 1200, height: int = 1600, *, lines: int = 40, mime: str = "JPEG") -> bytes:
    """Return a sharp photo of a page of text."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for number in range(lines):
        draw.text(
            (60, 40 + number * height // (lines + 2)), f"HOP DONG {number} " * 8, fill="black"
        )
    return encoded(image, mime)


def encoded(image: Image.Image, mime: str = "JPEG", **given: object) -> bytes:
    into = BytesIO()
    image.save(into, mime, **given)
    return into.getvalue()


def pdf(pages: int = 1, **given: object) -> bytes:
    """Return a PDF with empty pages."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    return written(document, **given)


def written(document: pikepdf.Pdf, **given: object) -> bytes:
    into = BytesIO()
    document.save(into, **given)
    return into.getvalue()
