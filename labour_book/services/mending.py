"""Files of refused rows: mended in their cells, they can be imported as they are.

Each kind goes back in its own format, since only that is read: CSV, JSON Lines, or for Form 03 a
workbook whose title says which commune and when, whatever the file is called.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from uuid import UUID

from labour_book.database import Db
from labour_book.documents import Sheet, refused_rows_csv, sheets_xlsx
from labour_book.domain.people import PartialDate
from labour_book.domain.places import places
from labour_book.errors import Invalid
from labour_book.queries.vault import Vault
from labour_book.registers import KINDS, Parsed, RowPlace, employer_filings
from labour_book.registers.contracts import KEYS
from labour_book.registers.form03 import COLLECTED_ON, COMMUNE
from labour_book.registers.form03 import read_again as read_form03_again
from labour_book.registers.form03_title import collected_line
from labour_book.registers.returned import MARK
from labour_book.services.receipts import MendableRow, Outcome, Told, refused_rows, run_of

_TITLE = "TỔNG HỢP THÔNG TIN VỀ NGƯỜI LAO ĐỘNG (Mẫu số 03) - các dòng cần sửa / rows to mend"
_ORIGIN = frozenset({COMMUNE, COLLECTED_ON})


def suffix_of(kind: str) -> str:
    """Return how a file of refused rows of a kind must end, since its importer reads that alone."""
    if KINDS[kind].is_json:
        return ".jsonl"
    return ".csv" if KINDS[kind].columns else ".xlsx"


def mendable_file(db: Db, vault: Vault, run_id: UUID, suffix: str) -> tuple[bytes, int]:
    """Return the refused rows of a run as a file to mend and import, and how many they are.

    Raises:
        NotFound: there is no such run.
        Invalid: a file with another suffix could not be imported again.
    """
    kind = run_of(db, run_id).kind
    wanted = suffix_of(kind)
    if suffix != wanted:
        detail = f"rows of the kind '{kind}' can only be imported again from a {wanted} file"
        raise Invalid(detail, cause="WRONG_SUFFIX", kind=kind, wanted=wanted)
    rows = list(refused_rows(db, vault, run_id))
    return file_of(kind, rows), len(rows)


def read_again(kind: str, row: MendableRow, folder: Path, *, as_of: date) -> Parsed:
    """Read a kept row anew, by the way on which it came; ``folder`` is for what is in between.

    Raises:
        Invalid: it cannot be read as a row of that kind at all.
    """
    if kind == "form03":
        return read_form03_again(row.raw, RowPlace(row.sheet, row.row_number))
    (parsed,) = read_rows(kind, [row.raw], folder, as_of=as_of)
    return replace(parsed, line=RowPlace(row.sheet, row.row_number), raw=row.raw)


def read_rows(
    kind: str, raws: Sequence[Mapping[str, str]], folder: Path, *, as_of: date
) -> list[Parsed]:
    """Read rows as those of a file, one for each given; ``folder`` is for the file in between.

    Raises:
        Invalid: they cannot be read as rows of that kind at all.
    """
    path = folder / f"rows{suffix_of(kind)}"
    rows = [MendableRow(None, at, Outcome.REFUSED, raw, ()) for at, raw in enumerate(raws, 1)]
    path.write_bytes(file_of(kind, rows))
    parsed = list(KINDS[kind].read(path, as_of=as_of))
    if len(parsed) != len(raws):
        raise Invalid("the rows cannot be read")
    return parsed


def file_of(kind: str, rows: Sequence[MendableRow]) -> bytes:
    """Return rows as a file of their kind."""
    wanted = suffix_of(kind)
    if wanted == ".jsonl":
        return _json_lines(rows)
    if kind == "employer_filings":
        headers = _names(rows, list(employer_filings.headings().values()))
        return sheets_xlsx([Sheet("Khai báo", [], *_table(headers, rows))])
    if wanted == ".xlsx":
        return _workbook(rows)
    headers = _names(rows, KINDS[kind].columns)
    return refused_rows_csv(*_table(headers, rows))


def _table(
    headers: Sequence[str], rows: Iterable[MendableRow]
) -> tuple[list[str], list[list[str]]]:
    body = [[*(row.raw.get(name, "") for name in headers), *_added(row).values()] for row in rows]
    return [*headers, *_ADDED], body


def _names(rows: Iterable[MendableRow], first: Sequence[str] = ()) -> list[str]:
    """Return the columns of the rows: those that must be there, then whatever else they have."""
    found = dict.fromkeys(first) | dict.fromkeys(name for row in rows for name in row.raw)
    return [name for name in found if name not in _ORIGIN]


def _workbook(rows: Sequence[MendableRow]) -> bytes:
    return sheets_xlsx([_sheet(list(some)) for _place, some in groupby(rows, _form_of)])


def _form_of(row: MendableRow) -> tuple[str | None, str, str]:
    return row.sheet, row.raw.get(COMMUNE, ""), row.raw.get(COLLECTED_ON, "")


def _sheet(rows: Sequence[MendableRow]) -> Sheet:
    sheet, code, collected_on = _form_of(rows[0])
    commune = places().communes.get(code)
    name = "" if commune is None else f"{commune.full_name} - "
    top = [_TITLE, f"{name}mã xã: {code}", collected_line(PartialDate.parse(collected_on))]
    return Sheet(sheet or "Mẫu 03", top, *_table(_names(rows), rows))


def _json_lines(rows: Iterable[MendableRow]) -> bytes:
    lines = [json.dumps(_object(row), ensure_ascii=False) + "\n" for row in rows]
    return "".join(lines).encode()


def _object(row: MendableRow) -> dict[str, object]:
    """Return an event with the types that its keys have, as far as its values can have them."""
    values: dict[str, object] = {
        key: _typed(row.raw.get(key, ""), wanted) for key, wanted in KEYS.items()
    }
    others = {key: text for key, text in row.raw.items() if key not in KEYS}
    return values | others | _added(row)


def _typed(text: str, wanted: type) -> object:
    if not text:
        return None
    is_number = wanted is not str and text.isascii() and text.isdigit()
    return int(text) if is_number else text


def _added(row: MendableRow) -> dict[str, str]:
    """Return where a row stood, and in two languages why it was refused and what to do."""
    told = row.told
    found = (
        row.sheet or "",
        str(row.row_number),
        ", ".join(dict.fromkeys(each.field for each in told if each.field)),
        _joined(told, "message_vi"),
        _joined(told, "message_en"),
        _joined(told, "what_to_do_vi"),
        _joined(told, "what_to_do_en"),
    )
    return dict(zip(_ADDED, found, strict=True))


def _joined(told: Iterable[Told], part: str) -> str:
    return " ".join(dict.fromkeys(str(getattr(each, part)) for each in told))


_ADDED: Sequence[str] = [
    MARK + name
    for name in (
        "trang tính / sheet",
        "dòng / row",
        "ô / field",
        "lý do",
        "reason",
        "cách sửa",
        "what to do",
    )
]
