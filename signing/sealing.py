"""Personal IDs at rest: sealed with AES-256-GCM, found again through a keyed blind index.

A sealed value opens only with the row it was sealed for, so swapping two ciphertexts in the
database is found. An unkeyed hash of a personal ID falls in seconds when place, year and sex are
known; hence the HMAC.
"""

import hmac
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from signing.errors import SigningError

KEY_BYTES = 32
NONCE_BYTES = 12  # NIST SP 800-38D section 8.2.2: 96 random bits, at most 2^32 seals per key
TAG_BYTES = 16
MAX_VERSION = 255


def derive_key(master: bytes, purpose: str) -> bytes:
    """Return a 32-byte key for one purpose from a 32-byte master key (HKDF-SHA-256, RFC 5869)."""
    _check_key(master)
    info = b"vn-labour-book/" + purpose.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(master)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals with the newest key and opens what any known key has sealed.

    Sealed form: version byte, 12-byte nonce, ciphertext, 16-byte tag. The version names the key.
    """

    key: bytes = field(repr=False)
    version: int = 1
    retired: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    nonce: Callable[[int], bytes] = os.urandom
    _ciphers: dict[int, AESGCM] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        keys = {**self.retired, self.version: self.key}
        if self.version in self.retired:
            raise SigningError(f"key version {self.version} is both current and retired")
        for version, key in keys.items():
            if not 1 <= version <= MAX_VERSION:
                raise SigningError("a key version is a number from 1 to 255")
            _check_key(key)
        ciphers = {version: AESGCM(key) for version, key in keys.items()}
        object.__setattr__(self, "_ciphers", ciphers)

    def seal(self, plaintext: bytes, *, bound_to: bytes) -> bytes:
        """Return the sealed form, which opens only with the same `bound_to`.

        `bound_to` names the place of the value, such as table, column and row id.
        """
        prefix = bytes([self.version])
        nonce = self.nonce(NONCE_BYTES)
        sealed = self._ciphers[self.version].encrypt(nonce, plaintext, prefix + bound_to)
        return prefix + nonce + sealed

    def open(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        """Return the plaintext.

        Raises:
            SigningError: truncated, altered, moved to another row, or sealed by an unknown key.
        """
        if len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
            raise SigningError("a sealed value is longer than this")
        cipher = self._ciphers.get(sealed[0])
        if cipher is None:
            raise SigningError(f"sealed with key version {sealed[0]}, which is not known here")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, sealed[:1] + bound_to)
        except InvalidTag:
            raise SigningError("altered, or sealed for another row") from None

    def is_current(self, sealed: bytes) -> bool:
        """Tell whether the newest key sealed it; if not, seal it again at the next chance."""
        return sealed[:1] == bytes([self.version])


@dataclass(frozen=True, slots=True)
class BlindIndex:
    """Finds equal texts without showing them: HMAC-SHA-256 under a key of its own."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_key(self.key)

    def of(self, text: str) -> bytes:
        """Return the 32-byte index of a text; the caller has normalised it."""
        return hmac.digest(self.key, text.encode(), "sha256")


def _check_key(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise SigningError("a key has 32 bytes")
