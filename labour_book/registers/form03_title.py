"""What stands around the table of a Form 03 sheet: the commune and the day of collection."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from labour_book import data
from labour_book.domain.people import PartialDate, fold
from labour_book.errors import Invalid

_CODE_IN_NAME = re.compile(r"(?<![0-9])([0-9]{5})(?![0-9])")
_CODE_IN_TITLE = re.compile(r"\bma xa\b[^0-9]*([0-9]{5})(?![0-9])")
_COLLECTED = re.compile(
    r"thoi diem[^0-9]*?(?:(?:ngay (?P<day>[0-9]{1,2}) )?"
    r"thang (?P<month>[0-9]{1,2}) )?nam (?P<year>[0-9]{4})"
)
_SIGNED = re.compile(r"ngay ([0-9]{1,2}) thang ([0-9]{1,2}) nam ([0-9]{4})")
_COMMITTEE = re.compile(r"^(?:ubnd|uy ban nhan dan) ((?:xa|phuong|dac khu) .+)$")
_PROVINCE = re.compile(r"^(?:tinh|thanh pho|tp\.?) .+$")


def collected_on(rows: Iterable[Sequence[str]]) -> PartialDate | None:
    """Return when the form was collected: from 'Thời điểm ...' in the title."""
    for row in rows:
        for cell in row:
            match = _COLLECTED.search(fold(cell)) if cell else None
            if match:
                day = int(match["day"]) if match["day"] else None
                month = int(match["month"]) if match["month"] else None
                return _date(int(match["year"]), month, day)
    return None


def signed_on(rows: Iterable[Sequence[str]]) -> PartialDate | None:
    """Return the day of the last line 'Xã ..., ngày ... tháng ... năm ...'."""
    found = None
    for row in rows:
        for cell in row:
            match = _SIGNED.search(fold(cell)) if cell and "ng" in cell else None
            if match:
                found = _date(int(match[3]), int(match[2]), int(match[1])) or found
    return found


def collected_line(collected_on: PartialDate) -> str:
    """Return the line of the title that ``collected_on`` reads."""
    day = f"ngày {collected_on.day} " if collected_on.day else ""
    month = f"tháng {collected_on.month} " if collected_on.month else ""
    return f"Thời điểm thu thập: {day}{month}năm {collected_on.year}"


def _date(year: int, month: int | None, day: int | None) -> PartialDate | None:
    try:
        return PartialDate(year, month, day)
    except Invalid:
        return None


def commune_in_name(path: Path) -> str | None:
    """Return the commune code in a file name like form03_26206.xlsx; None if there is none."""
    communes = {row["code"] for row in data.communes()}
    return next((code for code in _CODE_IN_NAME.findall(path.stem) if code in communes), None)


def commune_code_in_title(rows: Iterable[Sequence[str]]) -> str | None:
    """Return the code in a line 'Mã xã: 26206' of the title, which rows sent back have."""
    texts = [fold(cell) for row in rows for cell in row if cell.strip()]
    return next((match[1] for text in texts if (match := _CODE_IN_TITLE.search(text))), None)


def communes_in_title(rows: Iterable[Sequence[str]]) -> frozenset[str] | None:
    """Return the communes that 'UBND XÃ ...' can mean, narrowed by a province line if there is one.

    None if the title names no commune. Names recur in many provinces: more than one code is no
    answer.
    """
    texts = [fold(cell) for row in rows for cell in row if cell.strip()]
    named = next((match[1] for text in texts if (match := _COMMITTEE.match(text))), None)
    if named is None:
        return None
    found = [row for row in data.communes() if fold(row["full_name"]) == named]
    provinces = {text for text in texts if _PROVINCE.match(text)}
    full_names = {fold(row["full_name"]): row["code"] for row in data.provinces()}
    codes = {full_names[text] for text in provinces if text in full_names}
    return frozenset(row["code"] for row in found if not codes or row["province_code"] in codes)
