"""Books printed as PDF: ours against WeasyPrint used naively and against a bare page.

* ours: ``render_book_pdf``, a book of eight entries on two pages with QR code and attachments.
* naive: the same words through WeasyPrint as everybody first writes it: style sheet in the page,
  fonts by address, automatic column widths, borders on cells, "page 1 of 2", nothing kept. It
  shares our lean mark-up (one text with line breaks to the cell), so the ratio is not flattered.
* bare: WeasyPrint with one line of text and a kept font configuration; the floor.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import qrcode
import weasyprint
from _measure import interleaved, quick, report
from weasyprint.text.fonts import FontConfiguration

from labour_book.documents import paper
from tests.documents import books

PACKAGES = ("weasyprint", "pydyf", "qrcode")
GOAL = "seconds <= 0.65 x naive, that is ours/naive >= 1.54"
FOLDER = Path(paper.__file__).parent
FONTS = f"{(FOLDER / 'fonts').as_uri()}/"
NAIVE = """
table { table-layout: auto !important }
.lines td, .lines th { border: 0.4pt solid #999 }
.foot .page::after { content: counter(page) "/" counter(pages) !important }
"""


def printed_sheet(entries: int) -> paper.Sheet:
    """Catch what would be printed, so that the naive way prints the same words."""
    with mock.patch("labour_book.documents.book_pdf.print_pdf") as printing:
        books.printed(books.book(entries))
    sheet: paper.Sheet = printing.call_args[0][0]
    return sheet


def naive(sheet: paper.Sheet, folder: Path) -> bytes:
    style = "".join(
        (FOLDER / "templates" / f"{name}.css").read_text() for name in ("paper", "book")
    )
    style = style.replace('url("font:', f'url("{FONTS}') + NAIVE
    qrcode.make(books.ADDRESS).save(folder / "qr.png")
    page = paper.html_of(sheet).replace("picture:qr", (folder / "qr.png").as_uri())
    page = page.replace("</head>", f"<style>{style}</style></head>")
    files = [
        weasyprint.Attachment(string=each.content, name=name)
        for name, each in sheet.enclosures.items()
    ]
    written: bytes = weasyprint.HTML(string=page).write_pdf(
        pdf_variant="pdf/a-3b", attachments=files
    )
    return written


def bare(fonts: FontConfiguration) -> bytes:
    written: bytes = weasyprint.HTML(string="<p>Trang").write_pdf(font_config=fonts)
    return written


def main() -> None:
    sheet, kept = printed_sheet(8), FontConfiguration()
    with TemporaryDirectory() as name:
        folder = Path(name)
        ways = {
            "ours, 8 entries on 2 pages": lambda: min(1, len(books.printed(books.book(8)))),
            "WeasyPrint used naively, the same words": lambda: min(1, len(naive(sheet, folder))),
            "WeasyPrint, a bare page": lambda: min(1, len(bare(kept))),
            "ours, 30 entries on 5 pages": lambda: min(1, len(books.printed(books.book(30)))),
        }
        for work in ways.values():
            work()
        measured = interleaved(ways, rounds=5 if quick() else 20)
    report("pdf", measured, unit="documents", goal=GOAL, packages=PACKAGES)


if __name__ == "__main__":
    main()
