"""The mapping file of a commune: unusual columns and values, without code.

A YAML file; every part may be left out::

    commune_code: "28315"          # when neither the file name nor the title gives it
    collected_on: "2026-09"        # YYYY, YYYY-MM or YYYY-MM-DD
    sheets: ["Mẫu 03"]             # read only these
    columns:                       # header text -> field; 'Group / Text' where headers are grouped
      "Tên gọi": full_name
      "Việc / Đang làm": economic_activity=EMPLOYED     # a mark in this column means this code
      "Zalo": ignore
    values:                        # field -> text in the cells -> code of the list
      si_type:
        "BH ngành": COMPULSORY

Fields are those of ``form03_fields.csv``, and number, age and note; codes those of
``form03_code_lists.csv``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from labour_book.domain.people import PartialDate
from labour_book.errors import Invalid
from labour_book.registers.form03_codes import LIST_OF_FIELD, is_code, key_of, table

IGNORE = "ignore"
MAX_BYTES = 1 << 20
_PARTS = frozenset({"commune_code", "collected_on", "sheets", "columns", "values"})
_COMMUNE = re.compile(r"[0-9]{5}")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A checked mapping."""

    commune_code: str | None = None
    collected_on: PartialDate | None = None
    sheets: frozenset[str] | None = None
    columns: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    """Key of a header text -> field, or ``ignore``, and code."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field -> key of a cell text -> code."""


def read_mapping(path: Path) -> Mapping[str, object]:
    """Read a mapping file and check it.

    Raises:
        Invalid: it is not YAML, or names a part, field or code that does not exist.
    """
    if path.stat().st_size > MAX_BYTES:
        raise _wrong("the file is too large")
    try:
        found = yaml.safe_load(path.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise _wrong("the file is not YAML") from error
    mapping = {} if found is None else found
    if not isinstance(mapping, dict) or not all(isinstance(key, str) for key in mapping):
        raise _wrong("the file must hold names and values")
    check_mapping(mapping)
    return mapping


def check_mapping(mapping: Mapping[str, object] | None) -> Mapped:
    """Return a mapping in checked form.

    Raises:
        Invalid: with what is wrong in it.
    """
    if mapping is None:
        return Mapped()
    for name in mapping:
        if name not in _PARTS:
            raise _wrong(f"there is no part '{name}'; the parts are {', '.join(sorted(_PARTS))}")
    return Mapped(
        commune_code=_commune_code(mapping.get("commune_code")),
        collected_on=_collected_on(mapping.get("collected_on")),
        sheets=_sheets(mapping.get("sheets")),
        columns={
            key_of(text): _target(text, target)
            for text, target in _named(mapping.get("columns"), "columns").items()
        },
        values={
            name: _codes(name, _named(texts, f"values: {name}"))
            for name, texts in _named(mapping.get("values"), "values").items()
        },
    )


def _commune_code(given: object) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or not _COMMUNE.fullmatch(given):
        raise _wrong("commune_code must be five digits in quotes")
    return given


def _collected_on(given: object) -> PartialDate | None:
    if given is None:
        return None
    try:
        return PartialDate.parse(str(given))
    except Invalid as error:
        raise _wrong("collected_on must be YYYY, YYYY-MM or YYYY-MM-DD") from error


def _sheets(given: object) -> frozenset[str] | None:
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise _wrong("sheets must be a list of names")
    return frozenset(given)


def _named(given: object, part: str) -> Mapping[str, object]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise _wrong(f"'{part}' must hold names and values")
    return {str(name): value for name, value in given.items()}


def _target(text: str, given: object) -> tuple[str, str | None]:
    if given == IGNORE:
        return IGNORE, None
    name, equals, code = str(given).partition("=")
    if name not in {row["field"] for row in table("form03_headers.csv")}:
        raise _wrong(f"the column '{text}' is mapped to '{name}', which is no field")
    if not equals:
        return name, None
    if name not in LIST_OF_FIELD or not is_code(name, code):
        raise _wrong(f"the column '{text}' is mapped to '{given}', but '{code}' is no code of it")
    return name, code


def _codes(name: str, texts: Mapping[str, object]) -> Mapping[str, str]:
    if name not in LIST_OF_FIELD:
        raise _wrong(f"values are given for '{name}', which is no field with codes")
    for text, code in texts.items():
        if not is_code(name, str(code)):
            raise _wrong(f"the value '{text}' of '{name}' is mapped to '{code}', which is no code")
    return {key_of(text): str(code) for text, code in texts.items()}


def _wrong(what: str) -> Invalid:
    return Invalid(f"The mapping is wrong: {what}", cause="BAD_MAPPING", what=what)
