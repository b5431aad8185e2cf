"""Codes and tokens as they are stored: by a hash, so that who reads the database has none."""

from hashlib import sha256


def hashed(text: str) -> bytes:
    """Return what is stored of a code or token of at least 128 random bits, and found by."""
    return sha256(text.encode("utf-8", "replace")).digest()
