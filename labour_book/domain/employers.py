"""Employers: the enterprise code, the legal status, and the name on a given day.

Source: ND 168/2025, art. 35 (statuses); ND 01/2021, art. 8 (code).
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import lru_cache

from labour_book.domain.names import fold

_CODE = re.compile(r"([0-9]{10})(?:-(?!000)([0-9]{3}))?")
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_MODULUS = 11
_NOT_ISSUED = 10
_ROOT_LENGTH = 10
_LEGAL_FORM_WORDS = (
    "cong ty", "c ty", "cty", "ct", "chi nhanh", "cn", "doanh nghiep tu nhan", "dntn", "dn",
    "nong truong quoc doanh", "nong truong", "ntqd", "lam truong quoc doanh", "lam truong", "ltqd",
    "trach nhiem huu han", "tnhh", "co phan", "cp", "ctcp", "mot thanh vien", "1 thanh vien",
    "1 tv", "1tv", "mtv", "hai thanh vien tro len", "2tv", "xi nghiep", "xn", "hop tac xa", "htx",
    "nha may", "nm", "ho kinh doanh", "hkd",
)  # fmt: skip
_ABBREVIATIONS = {
    "qd": "quoc doanh", "sx": "san xuat", "tm": "thuong mai", "dv": "dich vu", "xd": "xay dung",
    "xnk": "xuat nhap khau", "xk": "xuat khau", "va": "",
}  # fmt: skip
"""Of words that tell employers apart; the ``&`` of a name is no word, so its *và* is none."""
_LEGAL_FORMS = re.compile(rf"\b(?:{'|'.join(_LEGAL_FORM_WORDS)})\b")
_ABBREVIATION_DOTS = re.compile(r"(?<=\b[a-z])\.(?=[a-z]\b)")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")


class EmployerStatus(StrEnum):
    """The legal statuses of an enterprise (tình trạng pháp lý), ND 168/2025, art. 35."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    NOT_AT_ADDRESS = "NOT_AT_ADDRESS"
    REVOKED_TAX = "REVOKED_TAX"
    DISSOLVING_OR_SPLIT = "DISSOLVING_OR_SPLIT"
    BANKRUPTCY = "BANKRUPTCY"
    CLOSED = "CLOSED"


_GONE = frozenset({EmployerStatus.CLOSED, EmployerStatus.REVOKED_TAX})
_CANNOT_CONFIRM = _GONE | {EmployerStatus.NOT_AT_ADDRESS}


def is_gone(status: str | None) -> bool:
    """Say whether the employer no longer exists or may no longer do business."""
    return status in _GONE


def can_confirm(status: str | None) -> bool:
    """Say whether the employer can still be asked to confirm a job (else: Sở Nội vụ)."""
    return status not in _CANNOT_CONFIRM


def enterprise_code_is_valid(code: str) -> bool:
    """Say whether a code has ten digits, the right check digit, and a branch 001-999 or none."""
    match = _CODE.fullmatch(code)
    if match is None:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, match[1][:9], strict=True))
    check = _NOT_ISSUED - total % _MODULUS
    return check != _NOT_ISSUED and check == int(match[1][9])


@lru_cache(maxsize=65_536)
def is_mistyped(code: str | None) -> bool:
    """Say whether this looks like an enterprise code and its check digit is wrong."""
    looks_like_one = code is not None and _CODE.fullmatch(code) is not None
    return looks_like_one and not enterprise_code_is_valid(code or "")


def branch_of(code: str) -> str | None:
    """Return the three digits of the dependent unit; None for the enterprise itself."""
    return (
        code[_ROOT_LENGTH + 1 :] or None if code[_ROOT_LENGTH : _ROOT_LENGTH + 1] == "-" else None
    )


def root_of(code: str) -> str:
    """Return the code without its branch; a 12-digit household code is its own root."""
    return code.partition("-")[0]


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """Return what is left to compare of an employer's name: folded, without legal-form words.

    A name that consists of nothing else keeps them.
    """
    plain = _NOT_WORDS.sub(" ", _ABBREVIATION_DOTS.sub("", fold(name)))
    words = " ".join([_ABBREVIATIONS.get(word, word) for word in plain.split()])
    return " ".join(_LEGAL_FORMS.sub(" ", words).split()) or words


def name_on(names: Iterable[tuple[str, date | None, date | None]], day: date) -> str | None:
    """Return the name that was valid on a day; None if none was."""
    for name, valid_from, valid_to in names:
        if (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to):
            return name
    return None


def status_on(statuses: Iterable[tuple[str, date | None]], day: date) -> str | None:
    """Return the status that had begun last by a day; None if none had."""
    known = [
        (since or date.min, status) for status, since in statuses if since is None or since <= day
    ]
    return max(known)[1] if known else None


def gone_since(statuses: Iterable[tuple[str, date | None]], day: date) -> date | None:
    """Return since when the employer is gone on a day; None if it is not, or nobody knows."""
    known = list(statuses)
    status = status_on(known, day)
    if not is_gone(status):
        return None
    begun = [since for each, since in known if each == status and since and since <= day]
    return max(begun, default=None)
