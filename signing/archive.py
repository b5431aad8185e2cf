"""Files at rest outside this installation: sealed in chunks, so that they may be of any size.

AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the nonce of each
chunk holds its number and whether it is the last, so that chunks cannot be reordered, repeated,
left out or cut off. Every file has a key of its own, derived from the given one and a random salt.
"""

import os
from collections.abc import Callable
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing.errors import SigningError
from signing.sealing import TAG_BYTES, derive_key

MAGIC = b"VNLB-ARCHIVE-1\n"
SALT_BYTES = 32
CHUNK = 1024 * 1024
"""Bytes of plain text in each chunk but the last."""
_COUNTER_BYTES = 11
_MOST_CHUNKS = 1 << 40


def seal_file(
    source: IO[bytes], target: IO[bytes], key: bytes, *, salt: Callable[[int], bytes] = os.urandom
) -> None:
    """Write what is read, sealed with a 32-byte key."""
    own = salt(SALT_BYTES)
    cipher = _cipher(key, own)
    target.write(MAGIC + own)
    number, chunk = 0, source.read(CHUNK)
    while True:
        after = source.read(CHUNK)
        target.write(cipher.encrypt(_nonce(number, last=not after), chunk, MAGIC))
        if not after:
            return
        number, chunk = number + 1, after


def open_file(source: IO[bytes], target: IO[bytes], key: bytes) -> None:
    """Write what was sealed. What was written before an error is not to be used.

    Raises:
        SigningError: no such file, another key, altered, or cut off.
    """
    head = source.read(len(MAGIC) + SALT_BYTES)
    if not head.startswith(MAGIC) or len(head) != len(MAGIC) + SALT_BYTES:
        raise SigningError("this is no sealed archive")
    cipher = _cipher(key, head[len(MAGIC) :])
    number, chunk = 0, source.read(CHUNK + TAG_BYTES)
    while True:
        after = source.read(CHUNK + TAG_BYTES)
        try:
            target.write(cipher.decrypt(_nonce(number, last=not after), chunk, MAGIC))
        except (InvalidTag, ValueError):
            raise SigningError("the archive was altered or cut off, or has another key") from None
        if not after:
            return
        number, chunk = number + 1, after


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(derive_key(key, f"archive/{salt.hex()}"))


def _nonce(number: int, *, last: bool) -> bytes:
    if number >= _MOST_CHUNKS:
        raise SigningError("the archive is too long")
    return number.to_bytes(_COUNTER_BYTES, "big") + bytes([last])
