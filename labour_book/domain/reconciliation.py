"""Comparing who somebody is said to be with what the population register says (đối soát).

The register has the say on identity: what differs is told by cause, never mended here.

Source: ND 70/2024, art. 6 and 11, as amended by ND 58/2026, art. 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from labour_book.domain.names import digits_apart, fold, names_agree
from labour_book.domain.partial_dates import PartialDate, births_agree

NumberLevel = Literal["same", "old", "cancelled", "one_digit", "other", "unsaid"]
NameLevel = Literal["same", "tone", "plain", "order", "short", "near", "different", "unsaid"]
BirthLevel = Literal["same", "month", "year_known", "swapped", "year", "different", "unsaid"]
SexLevel = Literal["same", "different", "unsaid"]
PlaceLevel = Literal["commune", "province", "different", "unsaid"]

CANCELLED_DIGITS = 12
"""A former number of so many digits is a personal ID that was cancelled; others are of cards."""
DECEASED = "DECEASED"
SOMEBODY_ELSES = "TWO_PEOPLE_ONE_NUMBER"

CAUSES: Mapping[tuple[str, str], str] = {
    ("number", "old"): "OLD_NUMBER",
    ("number", "cancelled"): "CANCELLED_NUMBER",
    ("number", "one_digit"): "ONE_DIGIT",
    ("number", "other"): "ONE_PERSON_TWO_NUMBERS",
    ("name", "tone"): "NAME_TONE_MARKS",
    ("name", "plain"): "NAME_TONE_MARKS",
    ("name", "order"): "NAME_WORD_ORDER",
    ("name", "short"): "NAME_SHORTENED",
    ("name", "near"): "NAME_SPELLING",
    ("name", "different"): "NAME_DIFFERS",
    ("birth", "month"): "BIRTH_DATE_PARTIAL",
    ("birth", "year_known"): "BIRTH_DATE_YEAR_ONLY",
    ("birth", "swapped"): "BIRTH_DATE_SWAPPED",
    ("birth", "year"): "BIRTH_DATE_YEAR_ONLY",
    ("birth", "different"): "BIRTH_DATE_DIFFERS",
    ("sex", "different"): "SEX_DIFFERS",
}
"""The cause of a mismatch by what was compared and how it came out. What is not here is none:
the place somebody lives is looked up, and does not make anybody somebody else."""

_OTHERS_NAME = frozenset({"different"})
_OTHERS_BIRTH = frozenset({"year", "different"})


@dataclass(frozen=True, slots=True)
class Stated:
    """Who somebody is said to be; None and no numbers where nothing is said."""

    numbers: tuple[str, ...] = field(default=(), repr=False)
    full_name: str | None = None
    birth_date: PartialDate | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """Who somebody is by the population register."""

    personal_id: str = field(repr=False)
    full_name: str
    birth_date: PartialDate
    sex: str | None = None
    old_numbers: tuple[str, ...] = field(default=(), repr=False)
    """Of old identity cards (CMND), and personal IDs that were cancelled."""
    is_deceased: bool = False


@dataclass(frozen=True, slots=True)
class Levels:
    """How two statements of one identity compare, field by field."""

    number: NumberLevel = "unsaid"
    name: NameLevel = "unsaid"
    birth: BirthLevel = "unsaid"
    sex: SexLevel = "unsaid"
    place: PlaceLevel = "unsaid"


def compare(stated: Stated, register: Registered) -> tuple[str, ...]:
    """Return why what is stated does not match a person of the register; nothing if it does."""
    found = causes_of(levels(stated, register))
    return (*found, DECEASED) if register.is_deceased else found


def levels(stated: Stated, register: Registered) -> Levels:
    """Compare field by field."""
    return Levels(
        number=number_level(stated.numbers, register),
        name=name_level(stated.full_name, register.full_name),
        birth=birth_level(stated.birth_date, register.birth_date),
        sex=sex_level(stated.sex, register.sex),
    )


def causes_of(found: Levels) -> tuple[str, ...]:
    """Return the causes of a comparison, of the number first.

    A number whose holder has another name and another birth date is somebody else's: that says
    it all.
    """
    if found.number == "same" and found.name in _OTHERS_NAME and found.birth in _OTHERS_BIRTH:
        return (SOMEBODY_ELSES,)
    pairs = (
        ("number", found.number),
        ("name", found.name),
        ("birth", found.birth),
        ("sex", found.sex),
    )
    return tuple(CAUSES[pair] for pair in pairs if pair in CAUSES)


def number_level(numbers: tuple[str, ...], register: Registered) -> NumberLevel:
    """Say how the numbers that are stated name a person of the register; the best of them."""
    if register.personal_id in numbers:
        return "same"
    if any(each in register.old_numbers for each in numbers if len(each) == CANCELLED_DIGITS):
        return "cancelled"
    if any(each in register.old_numbers for each in numbers):
        return "old"
    if any(digits_apart(each, register.personal_id) for each in numbers):
        return "one_digit"
    return "other" if any(len(each) == CANCELLED_DIGITS for each in numbers) else "unsaid"


def name_level(stated: str | None, registered: str) -> NameLevel:
    """Say how two writings of a name compare, as ``names_agree``, and beyond.

    ``order``: the same words in another order; ``short``: family and given name agree, and the
    names between are left out or given by their first letters.
    """
    if stated is None:
        return "unsaid"
    agreement = names_agree(stated, registered)
    if agreement in {"same", "tone", "plain"}:
        return agreement
    one, other = fold(stated).split(), fold(registered).split()
    if sorted(one) == sorted(other):
        return "order"
    if _is_short(one, other) or _is_short(other, one):
        return "short"
    return "near" if agreement == "near" else "different"


def birth_level(stated: PartialDate | None, registered: PartialDate) -> BirthLevel:
    """Say how two birth dates compare.

    ``month`` and ``year_known``: one knows no more than the month or the year, and nothing
    contradicts; ``swapped``: day and month are exchanged; ``year``: only the year is the same.
    """
    if stated is None:
        return "unsaid"
    agreement = births_agree(stated, registered)
    if agreement == "partial":
        return "year_known" if None in (stated.month, registered.month) else "month"
    return agreement


def sex_level(stated: str | None, registered: str | None) -> SexLevel:
    """Say how the sexes compare."""
    if stated is None or registered is None:
        return "unsaid"
    return "same" if stated == registered else "different"


def _is_short(one: list[str], whole: list[str]) -> bool:
    """Say whether one name is the other with the middle left out or the front as initials."""
    if len(one) < 2 or len(whole) < 2 or one[-1] != whole[-1]:  # noqa: PLR2004 - family and given
        return False
    if len(one) == len(whole):
        return all(
            a == b or a.rstrip(".") == b[0] for a, b in zip(one[:-1], whole[:-1], strict=True)
        )
    if len(one) > len(whole) or one[0].rstrip(".") not in (whole[0], whole[0][0]):
        return False
    rest = iter(whole)
    return all(any(_opens(word, each) for each in rest) for word in one)


def _opens(word: str, whole: str) -> bool:
    return word == whole or word.rstrip(".") == whole[0]
