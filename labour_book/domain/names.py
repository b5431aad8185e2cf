"""Vietnamese names: kept as registered, compared on keys, sorted by given name."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from labour_book.errors import Invalid

LONGEST_NAME = 120
"""Characters; the longest name in the population register has fewer than half."""

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng, in their order
_STROKES = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "Ɖ": "D", "ɖ": "d"})
_BARE = dict.fromkeys(range(768, 880)) | _STROKES
_WITHOUT_TONE = str.maketrans(dict.fromkeys(_TONES, ""))
_LOOK_ALIKES = str.maketrans({"Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ", "`": "'", "’": "'", "‘": "'"})
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANKS = dict(zip(_ALPHABET, "123456789abcdefghijklmnopqrstuvwx", strict=True))
_NEAR = 2
"""Letters that two writings of a name may differ by, one in a short word."""
_SHORT_WORD = 4
REGIONAL_FAMILIES = {"huynh": "hoang", "vo": "vu"}
"""Family names that the South writes otherwise (folded): Huỳnh for Hoàng, Võ for Vũ."""
_PUNCTUATION = frozenset(" '-.")
# Text of the 8-bit encodings TCVN3 and VNI, read as if it were Latin-1.
_LEGACY = re.compile("[¢-¿×÷]|[a-zà-ỹ][ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ](?=[a-z]|$)|a[ùõâáàãêéèú]|e[ùõâáàã]|oâ")

NameAgreement = Literal["same", "tone", "plain", "near", "different"]


def fold(text: str) -> str:
    """Return the search key: no diacritics, đ as d, case folded, single spaces."""
    if not text.isascii():
        folded = unicodedata.normalize("NFD", text.casefold()).translate(_BARE)
        text = unicodedata.normalize("NFC", folded)
    return " ".join(text.casefold().split())


def tone_key(text: str) -> str:
    """Return a key that is equal for equal syllables wherever the tone mark is put (Hòa, Hoà).

    Diacritics count, case does not. For comparing only: it is not meant to be read.
    """
    return " ".join(_syllable_key(word) for word in text.translate(_LOOK_ALIKES).split())


def sort_key(full_name: str) -> str:
    """Return a key that sorts as Vietnamese lists do: given name, family name, middle names.

    Letters count before tones; a ă â and d đ are letters of their own; tones run ngang, huyền,
    hỏi, ngã, sắc, nặng. Holds digits and a-x only, so that every collation sorts it alike.
    """
    words = [_word_rank(word) for word in full_name.translate(_LOOK_ALIKES).split()]
    return "".join(words[-1:] + words[:-1])


def clean_name(text: str) -> str:
    """Return a person's name as it is stored: NFC, single spaces, Đ for its look-alikes.

    Raises:
        Invalid: it is empty or too long, or holds what no name holds: control or invisible
            characters, digits, or text of an old 8-bit encoding. ``facts["cause"]`` says which.
    """
    composed = unicodedata.normalize("NFC", text.translate(_LOOK_ALIKES).replace("\xa0", " "))
    name = " ".join(part for part in composed.split(" ") if part)
    if not name:
        raise Invalid("the name is empty", cause="NAME_EMPTY")
    if len(name) > LONGEST_NAME:
        raise Invalid("the name is too long", cause="NAME_TOO_LONG", longest=LONGEST_NAME)
    if any(unicodedata.category(letter)[0] == "C" for letter in name):
        raise Invalid("the name holds invisible characters", cause="NAME_INVISIBLE_CHARACTERS")
    if _LEGACY.search(name):
        raise Invalid("the name is in an old encoding (TCVN3 or VNI)", cause="NAME_LEGACY_ENCODING")
    if not all(_may_stand_in_name(letter) for letter in name):
        raise Invalid("the name holds other characters than letters", cause="NAME_CHARACTERS")
    return name


def display_name(name: str) -> str:
    """Return a name given all in capitals in Title Case, per syllable (H'HEN NIÊ: H'Hen Niê)."""
    if name.isupper() or name.islower():
        # Of composed letters only: after a combining mark ``title`` would begin a new word.
        return unicodedata.normalize("NFC", name).title()
    return name


def names_agree(one: str, other: str) -> NameAgreement:
    """Say how two writings of a name compare.

    ``same`` but for case and spaces; ``tone``: the tone mark is put elsewhere; ``plain``: equal
    only without diacritics; ``near``: one or two letters apart, a middle name dropped, or the
    family name as the South writes it.
    """
    if _cased(one) == _cased(other):
        return "same"
    if tone_key(one) == tone_key(other):
        return "tone"
    bare, other_bare = fold(one), fold(other)
    if bare == other_bare:
        return "plain"
    return "near" if _are_near(_northern(bare), _northern(other_bare)) else "different"


def _cased(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text.translate(_LOOK_ALIKES)).casefold().split())


@lru_cache(maxsize=65_536)
def _syllable_key(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    tones = "".join(str(_TONES.index(mark)) for mark in decomposed if mark in _TONES)
    return unicodedata.normalize("NFC", decomposed.translate(_WITHOUT_TONE)) + tones


@lru_cache(maxsize=65_536)
def _word_rank(word: str) -> str:
    key = unicodedata.normalize("NFD", word.casefold())
    tone = next((_TONES.index(mark) + 2 for mark in key if mark in _TONES), 1)
    letters = unicodedata.normalize("NFC", key.translate(_WITHOUT_TONE))
    ranks = (_RANKS.get(letter) or _RANKS.get(fold(letter), "") for letter in letters)
    return f"{''.join(ranks)}0{tone}"


def _may_stand_in_name(letter: str) -> bool:
    if letter in _PUNCTUATION:
        return True
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN ")


def _northern(folded: str) -> list[str]:
    """Return the words of a name, the family name as the North writes it."""
    family, *others = folded.split() or [""]
    return [REGIONAL_FAMILIES.get(family, family), *others]


def _are_near(one: list[str], other: list[str]) -> bool:
    if len(one) == len(other):
        apart = [
            (distance(a, b), max(len(a), len(b))) for a, b in zip(one, other, strict=True) if a != b
        ]
        total = sum(far for far, _ in apart)
        return total <= _NEAR and all(far == 1 or size > _SHORT_WORD for far, size in apart)
    short, long = sorted((one, other), key=len)
    ends_match = bool(short) and short[0] == long[0] and short[-1] == long[-1]
    return len(short) > 1 and ends_match and _is_subsequence(short, long)


def _is_subsequence(short: list[str], long: list[str]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


def distance(one: str, other: str) -> int:
    """Count the letters to insert, drop, change or swap with a neighbour to make one the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, last[j - 2] + 1)
            row.append(best)
    return row[-1]


def digits_apart(one: str, other: str) -> bool:
    """Say whether two numbers differ by one wrong digit or two swapped neighbours."""
    if len(one) != len(other):
        return False
    wrong = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    match wrong:
        case [_]:
            return True
        case [first, second]:
            swapped = one[first] == other[second] and one[second] == other[first]
            return second == first + 1 and swapped
        case _:
            return False
