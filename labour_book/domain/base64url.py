"""Bytes as letters that stand in any address: base64url without padding (RFC 4648, section 5)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

_GROUP = 4


def letters_of(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def bytes_of(letters: str) -> bytes:
    """Return the bytes of letters.

    Raises:
        ValueError: they are not of that form.
    """
    return urlsafe_b64decode(letters + "=" * (-len(letters) % _GROUP))
