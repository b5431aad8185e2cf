"""What is printed: the book and the CV as PDF, QR codes, and tables of refused rows.

Knows the domain's values and the words for them; must not know where the values come from, and
asks neither the network nor the file system for anything but the fonts beside it.
"""

from labour_book.documents.book_pdf import render_book_pdf
from labour_book.documents.charts import Chart, Line, drawn
from labour_book.documents.cv_pdf import render_cv_pdf
from labour_book.documents.diagrams import Bar, Tile, bars, pyramid, tiles
from labour_book.documents.paper import Issuer
from labour_book.documents.preview import picture_of
from labour_book.documents.qr import qr_png, qr_svg
from labour_book.documents.report_pdf import render_report_pdf, trend_lines
from labour_book.documents.report_words import ReportPaper
from labour_book.documents.report_xlsx import report_xlsx
from labour_book.documents.scan import page_scan
from labour_book.documents.tables import Sheet, refused_rows_csv, sheets_xlsx

__all__ = [
    "Bar",
    "Chart",
    "Issuer",
    "Line",
    "ReportPaper",
    "Sheet",
    "Tile",
    "bars",
    "drawn",
    "page_scan",
    "picture_of",
    "pyramid",
    "qr_png",
    "qr_svg",
    "refused_rows_csv",
    "render_book_pdf",
    "render_cv_pdf",
    "render_report_pdf",
    "report_xlsx",
    "sheets_xlsx",
    "tiles",
    "trend_lines",
]
