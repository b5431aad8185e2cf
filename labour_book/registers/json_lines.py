"""JSON Lines: one object per line, each line on its own, in bounded memory."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from labour_book.registers.encodings import check_start, decode_line
from labour_book.registers.notes import MAX_RAW_FIELD, Notes, check_cells
from labour_book.registers.returned import MARK, is_added
from labour_book.registers.rows import Parsed, Row, RowPlace

MAX_LINE_BYTES = 1 << 20
UNSPLIT = f"{MARK}nguyên dòng / whole line"
"""Key in ``raw`` of a line that is not an object."""

Build = Callable[[Mapping[str, str], Notes], Row]


class _Refused(ValueError):
    """What JSON allows but we do not: a key twice, NaN."""


def read_json_lines(
    path: Path,
    keys: Mapping[str, type],
    optional: frozenset[str],
    build: Build,
    *,
    mapping: Mapping[str, object] | None = None,
    skip: int = 0,
) -> Iterator[Parsed]:
    """Yield one ``Parsed`` per line that is not blank.

    Values reach ``build`` as text, null as the empty text; their JSON type is checked here, but
    for keys of the type ``object``, which may hold anything. What stands under keys that nobody
    asked for is not even kept in ``raw``.
    ``mapping["columns"]`` may name keys anew. The first ``skip`` lines are passed over.

    Raises:
        Invalid: the file is not UTF-8 text.
    """
    renamed = mapping.get("columns") if mapping else None
    names = renamed if isinstance(renamed, Mapping) else {}
    with path.open("rb") as file:
        file.seek(check_start(file))
        for number, line in islice(_lines(file), skip, None):
            yield _parsed(number, line, keys=keys, optional=optional, names=names, build=build)


def first_object(path: Path) -> Mapping[str, object] | None:
    """Return the first object of the file, to see what kind of file it is; None if there is none.

    Raises:
        Invalid: the file is not UTF-8 text.
    """
    with path.open("rb") as file:
        file.seek(check_start(file))
        for _number, line in _lines(file):
            try:
                return _object(line)
            except (ValueError, RecursionError):
                return None
    return None


def _lines(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield the lines with their number; of one beyond the limit only the beginning."""
    number = 0
    while raw := file.readline(MAX_LINE_BYTES):
        number += 1
        if len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n"):
            _pass_rest_of_line(file)
        if raw.strip():
            yield number, decode_line(raw, number)


def _pass_rest_of_line(file: BinaryIO) -> None:
    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass


def _object(line: str) -> Mapping[str, object]:
    found = json.loads(line, object_pairs_hook=_unique, parse_constant=_no_constant)
    if not isinstance(found, dict):
        raise _Refused("NOT_AN_OBJECT")
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("KEY_TWICE")
    return found


def _no_constant(_name: str) -> object:
    raise _Refused("NOT_A_NUMBER")


def _parsed(
    number: int,
    line: str,
    *,
    keys: Mapping[str, type],
    optional: frozenset[str],
    names: Mapping[object, object],
    build: Build,
) -> Parsed:
    place = RowPlace(None, number)
    notes = Notes()
    try:
        given = _object(line)
    except (ValueError, RecursionError) as error:
        notes.refuse(_cause_of(error, line), None)
        return Parsed(place, {UNSPLIT: _safe(line.strip())}, None, tuple(notes.findings))
    found = {str(names.get(key, key)): value for key, value in given.items() if not is_added(key)}
    raw = {key: _text(value) for key, value in found.items()}
    if not line.endswith("\n"):
        notes.note("LAST_LINE_OPEN", None)  # a whole object all the same
    _check_types(notes, found, keys, optional)
    check_cells(notes, list(raw), list(raw.values()))
    row = None if notes.refused else build(_blank(keys) | raw, notes)
    findings = tuple(notes.findings)
    if row is None or notes.refused:
        safe = {_safe(key): _safe(value) for key, value in raw.items() if key in keys}
        return Parsed(place, safe, None, findings)
    known = {key: value for key, value in raw.items() if key in keys}
    return Parsed(place, known, replace(row, findings=findings) if findings else row, findings)


def _check_types(
    notes: Notes, found: Mapping[str, object], keys: Mapping[str, type], optional: frozenset[str]
) -> None:
    for key, wanted in keys.items():
        value = found.get(key)
        if value is None:
            if key not in optional:
                notes.refuse("MISSING_VALUE", key)
        elif wanted is not object and type(value) is not wanted:
            notes.refuse("WRONG_TYPE", key)
    if len(found) > len(keys) or not found.keys() <= keys.keys():
        notes.note("UNKNOWN_KEY", None, keys=len(found.keys() - keys.keys()))
        check_cells(notes, ["(key)"] * len(found), list(found))


def _cause_of(error: Exception, line: str) -> str:
    if isinstance(error, _Refused):
        return str(error)
    if isinstance(error, RecursionError):
        return "TOO_DEEP"
    if len(line) >= MAX_LINE_BYTES // 4 and not line.endswith("\n"):
        return "FIELD_TOO_LONG"
    return "BAD_JSON" if line.endswith("\n") else "TRUNCATED"


def _blank(keys: Mapping[str, type]) -> dict[str, str]:
    return dict.fromkeys(keys, "")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _safe(text: str) -> str:
    """Return the text with lone surrogates written out, so that it can be stored and exported."""
    return text[:MAX_RAW_FIELD].encode("utf-8", "backslashreplace").decode()
