"""Numbers that say nothing: of books, of status-list entries, of printed addresses."""

import hmac
from base64 import b32encode
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from signing import derive_key

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read as a digit, or as another letter."""
_FROM_RFC_4648 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _DIGITS)
_GROUP = 4
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

BOOK_PREFIX = "SLD-"
BOOK_DIGITS = 12
"""60 random bits: no order, and far more numbers than books."""
RECEIPT_PREFIX = "KB-"
RECEIPT_DIGITS = 10
"""50 random bits, for what an employer has filed."""
APP_CODE_DIGITS = 12
"""60 random bits, for a code that lives for minutes and is of use to one app alone."""
CODE_DIGITS = 28
"""140 bits, so that no printed address is found by guessing."""
LIST_CAPACITY = 2**20
_ROUNDS = 4
"""Of a Feistel network: enough for a permutation that nobody can tell from a random one."""


def new_book_no(entropy: Callable[[int], bytes]) -> str:
    """Return a random book number, such as ``SLD-7K2M-Q9XD-04TB``."""
    return BOOK_PREFIX + grouped(_digits(entropy(10), BOOK_DIGITS))


def new_receipt_no(entropy: Callable[[int], bytes]) -> str:
    """Return a random number of a receipt, such as ``KB-7K2M-Q9XD-04``."""
    return RECEIPT_PREFIX + grouped(_digits(entropy(10), RECEIPT_DIGITS))


def new_app_code(entropy: Callable[[int], bytes]) -> str:
    """Return a random code to type into the app, such as ``7K2M-Q9XD-04TB``."""
    return grouped(_digits(entropy(10), APP_CODE_DIGITS))


def lookup_code(key: bytes, version_id: UUID) -> str:
    """Return the code in a version's printed address; without the key nobody can tell it."""
    return _digits(hmac.digest(key, b"lookup/" + version_id.bytes, "sha256"), CODE_DIGITS)


def lookup_hash(code: str) -> bytes:
    """Return what is stored of a code."""
    return sha256(code.encode("ascii")).digest()


def read_code(text: str, digits: int = CODE_DIGITS) -> str | None:
    """Return the code that somebody typed or scanned; None if it cannot be one.

    Groups, small letters, and O for 0 or I and L for 1 are read.
    """
    code = text.upper().translate(_READ_AS)
    well_formed = len(code) == digits and all(each in _DIGITS for each in code)
    return code if well_formed else None


def grouped(digits: str) -> str:
    """Return digits in groups of four, for reading."""
    return "-".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def status_index(key: bytes, list_id: int, ordinal: int, *, capacity: int) -> int:
    """Return the entry for the n-th credential of a list (n from 0).

    A keyed permutation: each entry is given once, in an order that nobody can tell, so that two
    entries side by side say nothing about when their credentials were issued.
    """
    assert 0 <= ordinal < capacity
    half = ((capacity - 1).bit_length() + 1) // 2
    round_key = _key_of_list(key, list_id)
    place = ordinal
    while True:  # walk on until within the capacity: still a permutation
        place = _feistel(round_key, place, half)
        if place < capacity:
            return place


@lru_cache(maxsize=64)
def _key_of_list(key: bytes, list_id: int) -> bytes:
    return derive_key(key, f"status-list/{list_id}")


def _feistel(key: bytes, value: int, half: int) -> int:
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for number in range(_ROUNDS):
        digest = hmac.digest(key, bytes([number]) + right.to_bytes(4, "big"), "sha256")
        left, right = right, left ^ int.from_bytes(digest[:4], "big") & mask
    return left << half | right


def _digits(raw: bytes, count: int) -> str:
    needed = -(-count * 5 // 8)  # five bits to a digit; to encode the others takes as long again
    return b32encode(raw[:needed]).decode("ascii").translate(_FROM_RFC_4648)[:count]
