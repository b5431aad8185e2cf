"""A report on coverage as a workbook: the same numbers as on paper, in cells of their kind.

Counts are numbers, shares are fractions shown as per cent, days are dates; text is never a formula.
The same input gives the same bytes: a workbook is a ZIP archive, and neither the times in it nor
those in its properties are those of the clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import tostring

from labour_book.documents import report_words as say
from labour_book.documents.report_words import ReportPaper
from labour_book.domain.cells import FORMULA_STARTS

_WHOLE = 10_000
_FORMATS = {"share": "0.00%", "count": "#,##0", "day": "dd/mm/yyyy"}
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_WIDEST, _NARROWEST = 70, 12


class Share(int):
    """A share in hundredths of a per cent, to be told apart from a count."""

    __slots__ = ()


Value = str | int | date | Share | None
Row = Sequence[Value]


def report_xlsx(paper: ReportPaper) -> bytes:
    """Return a report as a workbook: indicators, trend, places, definitions, sources."""
    book = Workbook()
    sheets = [
        ("Chỉ tiêu", _top(paper), _INDICATORS, _indicators(paper.body)),
        (
            "Diễn biến",
            [],
            ["Chỉ tiêu", "Ngày chốt", "Tử số", "Mẫu số", "Tỷ lệ"],
            _trend(paper.body),
        ),
        ("Địa bàn", _few(paper.body), _PLACES, _places(paper.body)),
        ("Định nghĩa", [], ["Chỉ tiêu", "Tử số", "Mẫu số", "Căn cứ"], _definitions(paper.body)),
        (
            "Mốc chỉ tiêu",
            [],
            ["Chỉ tiêu", "Đến ngày", "Tỷ lệ", "Nguồn", "Mức tin cậy"],
            _goals(paper.body),
        ),
    ]
    for number, (title, top, headers, rows) in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        assert isinstance(sheet, Worksheet)
        sheet.title = title
        _fill(sheet, top, headers, rows)
    return _repeatable(book, paper)


_INDICATORS = (
    *("Chỉ tiêu", "Tử số", "Mẫu số", "Tỷ lệ", "Đường chỉ tiêu", "So với đường (điểm %)"),
    *("Mốc tiếp theo", "Chỉ tiêu của mốc", "Dự phóng đến mốc", "Số quý của dự phóng"),
    *("Nguồn tử số", "Nguồn mẫu số"),
)
_PLACES = ("Mã", "Địa bàn", "Chỉ tiêu", "Tử số", "Mẫu số", "Tỷ lệ", "Đường chỉ tiêu", "Ghi chú")


def _top(paper: ReportPaper) -> list[str]:
    body = paper.body
    known_at = say.day(body["round"]["known_at"][:10])
    draft = ["DỰ THẢO - chưa được duyệt"] if paper.is_draft else []
    return [
        f"{body['unit']['name']} - Số: {paper.number}",
        f"{paper.title} - {body['place']['name']}",
        f"Chốt đến {say.day(body['as_of'])}, theo dữ liệu có đến {known_at}",
        f"Định nghĩa {body['definitions']}; SHA-256 của số liệu: {paper.body_sha256}",
        *draft,
    ]


def _few(body: Mapping[str, Any]) -> list[str]:
    return [f"Số dưới {body['fewest']} người, và những số có thể suy ra nó, không được nêu."]


def _named(body: Mapping[str, Any], indicator: str) -> str:
    return str(body["in_words"][indicator]["label_vi"])


def _indicators(body: Mapping[str, Any]) -> Iterable[Row]:
    for each in body["indicators"]:
        goal, ahead = say.next_goal(each), each["projection"]
        yield (
            _named(body, each["indicator"]),
            each["numerator"],
            each["denominator"],
            _share(each["share"]),
            _share(each["line"]),
            say.points(each["ahead"]),
            None if goal is None else say.day_of(goal["by"]),
            None if goal is None else _share(goal["share"]),
            None if ahead is None else _share(ahead["share"]),
            None if ahead is None else ahead["points"],
            _source(each, "numerator"),
            _source(each, "denominator"),
        )


def _source(each: Mapping[str, Any], name: str) -> str:
    found = each[f"{name}_from"]
    if found is not None:
        return say.figure(found)
    return "chưa được cung cấp" if each[name] is None else "dữ liệu trong hệ thống"


def _trend(body: Mapping[str, Any]) -> Iterable[Row]:
    for each in body["indicators"]:
        for at in each["trend"]:
            name, day = _named(body, each["indicator"]), say.day_of(at["as_of"])
            yield name, day, at["numerator"], at["denominator"], _share(at["share"])


def _places(body: Mapping[str, Any]) -> Iterable[Row]:
    for each in body["below"]:
        for indicator in (one["indicator"] for one in body["indicators"]):
            cell = each["cells"][indicator]
            yield (
                each["code"],
                each["name"],
                _named(body, indicator),
                cell["numerator"],
                cell["denominator"],
                _share(cell["share"]),
                _share(cell["line"]),
                say.HIDDEN if cell["hidden"] else None,
            )


def _definitions(body: Mapping[str, Any]) -> Iterable[Row]:
    for each in body["indicators"]:
        words = body["in_words"][each["indicator"]]
        yield words["label_vi"], words["numerator_vi"], words["denominator_vi"], words["article"]


def _goals(body: Mapping[str, Any]) -> Iterable[Row]:
    for each in body["indicators"]:
        for goal in each["goals"]:
            yield (
                _named(body, each["indicator"]),
                say.day_of(goal["by"]),
                _share(goal["share"]),
                goal["source"],
                say.PROVENANCE[goal["provenance"]],
            )


def _share(hundredths: int | None) -> Share | None:
    return None if hundredths is None else Share(hundredths)


def _fill(
    sheet: Worksheet, top: Sequence[str], headers: Sequence[str], rows: Iterable[Row]
) -> None:
    for number, line in enumerate(top, start=1):
        _put(sheet.cell(number, 1), line)
    head = len(top) + 1
    for column, header in enumerate(headers, start=1):
        cell = sheet.cell(head, column)
        _put(cell, header)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    widths = [len(each) for each in headers]
    for number, row in enumerate(rows, start=head + 1):
        for column, value in enumerate(row, start=1):
            _put(sheet.cell(number, column), value)
            widths[column - 1] = max(widths[column - 1], len(str(value or "")))
    for column, width in enumerate(widths, start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = min(max(width + 2, _NARROWEST), _WIDEST)
    sheet.freeze_panes = f"A{head + 1}"


def _put(cell: Cell | Any, value: Value) -> None:  # noqa: ANN401 - openpyxl also knows merged cells
    if isinstance(value, Share):
        cell.value, cell.number_format = value / _WHOLE, _FORMATS["share"]
    elif isinstance(value, int):
        cell.value, cell.number_format = value, _FORMATS["count"]
    elif isinstance(value, date):
        cell.value, cell.number_format = value, _FORMATS["day"]
    elif value is not None:
        cell.value = value
        cell.data_type = "s"  # openpyxl takes text with "=" in front for a formula
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
        cell.alignment = Alignment(wrap_text=len(value) > _WIDEST, vertical="top")


def _repeatable(book: Workbook, paper: ReportPaper) -> bytes:
    """Return a workbook with the day of the report in place of every time of the clock."""
    at = datetime.combine(paper.issued_on, datetime.min.time())
    properties = DocumentProperties(
        creator=str(paper.body["unit"]["name"]), title=paper.title, created=at, modified=at
    )
    written, rewritten = BytesIO(), BytesIO()
    book.save(written)
    with ZipFile(written) as source, ZipFile(rewritten, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = tostring(properties.to_tree())
            info = ZipInfo(name, _ZIP_TIME)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
            target.writestr(info, content)
    return rewritten.getvalue()
