"""Finding a commune or an occupation in the code lists by what people type of its name.

Tones, case and punctuation do not count, and the beginning of a word is enough. Who knows a commune
only by what it was called until 2025-06-30 finds the one that took it over.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from labour_book import data
from labour_book.domain.names import fold
from labour_book.domain.places import places

T = TypeVar("T")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_NO_LETTER = re.compile(r"\W+")
_SHORT = {
    "tp": "thanh pho",
    "tphcm": "thanh pho ho chi minh",
    "hcm": "ho chi minh",
    "hn": "ha noi",
    "p": "phuong",
    "x": "xa",
}
"""What people write for short."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A commune of today."""

    code: str
    name: str
    """With its province."""
    formerly: str = ""
    """The unit that was looked for and went into this one; empty where this one was."""


@dataclass(frozen=True, slots=True)
class FoundOccupation:
    """An occupation of the national list."""

    code: str
    name: str
    group: str = ""
    """What it belongs to; empty for a group itself."""


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    """Something to be found: ``own`` is its name, ``words`` all that it is found by."""

    found: T
    own: str
    words: str
    spelt: frozenset[str]
    """The words with their tones: who types tones means them (may is not máy)."""


def find_places(typed: str, limit: int) -> list[FoundPlace]:
    """Return communes of today by name or code, the nearest first; none for nothing typed."""
    code, wanted = typed.strip(), _words(typed)
    if code in places().communes:
        return [FoundPlace(code, _full_name(code))]
    if not wanted:
        return []
    found: dict[str, FoundPlace] = {}
    for each in _nearest((*_communes(), *_former_communes()), wanted, _spelt(typed)):
        found.setdefault(each.code, each)
    return list(found.values())[:limit]


def find_occupations(typed: str, limit: int) -> list[FoundOccupation]:
    """Return occupations by name or code, the nearest first; for nothing typed, in their order.

    Where none has all the words, those with any of them are returned: few people know what the
    list calls their work.
    """
    code, wanted, known = typed.strip(), _words(typed), _occupations()
    if code in data.occupations():
        return [each.found for each in known if each.found.code == code]
    found = _nearest(known, wanted, _spelt(typed)) or [
        each.found for each in known if any(f" {word}" in each.words for word in wanted)
    ]
    return found[:limit]


def _nearest(entries: Sequence[_Entry[T]], wanted: Sequence[str], spelt: frozenset[str]) -> list[T]:
    """Return what has all the words: first what is called so, then what begins so."""
    phrase = " ".join(wanted)

    def far(entry: _Entry[T]) -> tuple[bool, bool, bool, bool]:
        called_so = f"{phrase} ".startswith(f"{entry.own} ")
        begins_so = entry.own.startswith(phrase)
        return (
            not called_so,
            not begins_so,
            not spelt <= entry.spelt,
            f" {phrase}" not in entry.words,
        )

    found = [each for each in entries if all(f" {word}" in each.words for word in wanted)]
    return [each.found for each in sorted(found, key=far)]


def _words(text: str) -> list[str]:
    """Return the words of a text as they are compared, what is written for short in full."""
    plain = _NO_WORD.sub(" ", fold(text)).split()
    return " ".join(_SHORT.get(each, each) for each in plain).split()


def _spelt(text: str) -> frozenset[str]:
    return frozenset(_NO_LETTER.sub(" ", unicodedata.normalize("NFC", text).casefold()).split())


def _entry(found: T, own: str, *more: str) -> _Entry[T]:
    whole = " ".join((own, *more))
    return _Entry(found, " ".join(_words(own)), " " + " ".join(_words(whole)), _spelt(whole))


def _full_name(code: str) -> str:
    commune = places().communes[code]
    return f"{commune.full_name}, {places().provinces[commune.province_code]}"


@cache
def _communes() -> tuple[_Entry[FoundPlace], ...]:
    return tuple(
        _entry(FoundPlace(code, _full_name(code)), each.names[0], _full_name(code), *each.names[1:])
        for code, each in places().communes.items()
    )


@cache
def _former_communes() -> tuple[_Entry[FoundPlace], ...]:
    """Return the communes until 2025-06-30 under what each became, what took most of it first."""
    rows = sorted(data.commune_conversions(), key=lambda row: row["is_default"] != "1")
    return tuple(_formerly(rows))


def _formerly(rows: Sequence[Mapping[str, str]]) -> Iterator[_Entry[FoundPlace]]:
    for row in rows:
        code, name = row["new_ward_code"], row["old_ward"]
        if name and code in places().communes:
            whole = f"{name}, {row['old_district']}, {row['old_province']}"
            yield _entry(FoundPlace(code, _full_name(code), whole), _bare(name), whole)


def _bare(name: str) -> str:
    """Return the name of an old commune without what kind of one it was."""
    for kind in ("Thị trấn ", "Phường ", "Xã "):
        if name.startswith(kind):
            return name.removeprefix(kind)
    return name


@cache
def _occupations() -> tuple[_Entry[FoundOccupation], ...]:
    known = data.occupations()
    return tuple(
        _entry(FoundOccupation(code, row["name_vi"], group), row["name_vi"], group)
        for code, row in known.items()
        for group in [known[row["parent"]]["name_vi"] if row["parent"] else ""]
    )
