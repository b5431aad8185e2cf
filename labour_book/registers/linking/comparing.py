"""How two rows compare, field by field: conditions that DuckDB and Spark both understand.

In each, ``x_l`` is what is stated and ``x_r`` what the register holds. The first level whose
condition holds is the one; nothing holds where one side says nothing.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from labour_book.domain.names import REGIONAL_FAMILIES
from labour_book.registers.linking.preparing import PREPARED

UNSAID = "unsaid"
OTHERWISE = "TRUE"

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_VOWELS = "aăâeêioôơuưy"
_TONED = "".join(unicodedata.normalize("NFC", vowel + tone) for tone in _TONES for vowel in _VOWELS)
_BARE = _VOWELS * len(_TONES)
_MARKS = "".join(str(place) for place in range(len(_TONES)) for _ in _VOWELS)
_LETTERS = "abcdefghijklmnopqrstuvwxyzăâđêôơư.-"


def _alike(left: str, right: str, shown: str) -> str:
    """Return that both sides are equal as ``shown``, in which ``{}`` stands for either."""
    return f"{shown.format(left)} = {shown.format(right)}"


_SAME_TONES = " AND ".join(
    (
        "folded_l = folded_r",
        _alike("cased_l", "cased_r", f"translate({{}}, '{_TONED}', '{_BARE}')"),
        _alike("cased_l", "cased_r", f"translate({{}}, '{_TONED}{_LETTERS}', '{_MARKS}')"),
    )
)
"""As ``tone_key``: the same letters and, syllable by syllable, the same tones wherever they are
put. Made of the pair and not of each name, as few pairs come so far."""
_SAME_DIGITS = " AND ".join(
    _alike("pin_l", "pin_r", f"length(replace({{}}, '{digit}', ''))") for digit in range(10)
)

_ONE_DIGIT = (
    "levenshtein(pin_l, pin_r) = 1 AND length(pin_l) = length(pin_r)"
    f" OR levenshtein(pin_l, pin_r) = 2 AND {_SAME_DIGITS}"
)
_SHORT = (
    "given_l = given_r AND (words_l <> words_r AND family_l = family_r"
    " AND (instr(concat(' ', middle_r, ' '), concat(' ', middle_l, ' ')) > 0"
    " OR instr(concat(' ', middle_l, ' '), concat(' ', middle_r, ' ')) > 0"
    " OR middle_l = '' OR middle_r = '')"
    " OR initials_l = initials_r AND (is_short_l OR is_short_r))"
)
"""Family and given name agree, and the middle is left out or given by its first letters."""
_REGIONAL = " OR ".join(
    f"family_{a} = '{south}' AND family_{b} = '{north}'"
    for south, north in REGIONAL_FAMILIES.items()
    for a, b in ("lr", "rl")
)
_NEAR = (
    "levenshtein(folded_l, folded_r) = 1"
    " OR words_l = words_r AND family_l = family_r AND levenshtein(folded_l, folded_r) = 2"
    f" OR given_l = given_r AND middle_l = middle_r AND ({_REGIONAL})"
)

LEVELS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "number": (
        (UNSAID, "coalesce(pin_l, card_l, si_l) IS NULL"),
        ("same", "pin_l = pin_r"),
        ("cancelled", "pin_l IS NOT NULL AND instr(olds_r, concat(';', pin_l, ';')) > 0"),
        ("old", "card_l IS NOT NULL AND instr(olds_r, concat(';', card_l, ';')) > 0"),
        ("insurance", "si_l IS NOT NULL AND instr(sis_r, concat(';', si_l, ';')) > 0"),
        (
            "one_digit",
            _ONE_DIGIT,
        ),
        ("other", "pin_l IS NOT NULL"),
        ("unknown", OTHERWISE),
    ),
    "name": (
        (UNSAID, "cased_l IS NULL OR cased_r IS NULL"),
        ("same", "cased_l = cased_r"),
        ("tone", _SAME_TONES),
        ("plain", "folded_l = folded_r"),
        ("order", "sorted_name_l = sorted_name_r"),
        (
            "short",
            _SHORT,
        ),
        (
            "near",
            _NEAR,
        ),
        ("different", OTHERWISE),
    ),
    "birth": (
        (UNSAID, "birth_l IS NULL OR birth_r IS NULL"),
        ("same", "birth_l = birth_r"),
        ("month", "y_l = y_r AND m_l = m_r AND (d_l IS NULL OR d_r IS NULL)"),
        ("year_known", "y_l = y_r AND (m_l IS NULL OR m_r IS NULL)"),
        ("swapped", "y_l = y_r AND m_l = d_r AND d_l = m_r"),
        ("year", "y_l = y_r"),
        ("day_month", "m_l = m_r AND d_l = d_r"),
        ("different", OTHERWISE),
    ),
    "sex": (
        (UNSAID, "sex_l IS NULL OR sex_r IS NULL"),
        ("same", "sex_l = sex_r"),
        ("different", OTHERWISE),
    ),
    "place": (
        (UNSAID, "province_l IS NULL OR province_r IS NULL"),
        ("commune", "commune_l = commune_r"),
        ("province", "province_l = province_r"),
        ("different", OTHERWISE),
    ),
}
FIELDS = tuple(LEVELS)
NUMBER_AGREES = frozenset({"same", "cancelled", "old", "insurance", "one_digit"})
"""Levels of the number with which a link may be automatic."""


def level_of(field: str) -> str:
    """Return the SQL that says at which level a pair stands in a field."""
    cases = " ".join(f"WHEN {condition} THEN '{level}'" for level, condition in LEVELS[field])
    return f"CASE {cases} END"


def sides(stated: str = "l", register: str = "r", *, but: Iterable[str] = ()) -> str:
    """Return the columns of a pair, each with the side it is of behind its name."""
    kept = [name for name in PREPARED if name not in set(but)]
    return ", ".join(
        f"{table}.{name} AS {name}_{side}"
        for table, side in ((stated, "l"), (register, "r"))
        for name in kept
    )
