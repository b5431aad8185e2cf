"""Hiding claims behind digests, in one go and past counting (RFC 9901, sections 4.2 and 4.2.5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import orjson

from signing.encoding import b64url, b64url_each, encode_all
from signing.sd_jwt import ELEMENT, digests_of

SALT_BYTES = 18  # RFC 9901 section 9.3: at least 128 bits; a multiple of three encodes in one go
_SALT = SALT_BYTES // 3 * 4  # letters
_DIGEST_BYTES = 32
_LOT_BYTES = 4
_DECOYS_AHEAD = 8
_BLOCK = 1_408  # random bytes drawn at once: enough for two jobs, with one call to the system

_dumps = orjson.dumps


@dataclass(slots=True)
class Concealer:
    """Collects the disclosures of one credential while it is being made.

    Decoys (RFC 9901 section 4.2.5) fill lists of digests up, so that nobody can count what is
    hidden. A decoy is 32 random bytes: a digest over a salt cannot be told from it.
    """

    salt: Callable[[int], bytes]
    disclosures: list[str] = field(default_factory=list)
    """In runs that are joined by `~` already."""
    _random: bytes = b""
    _used: int = 0
    _decoys: list[str] = field(default_factory=list)

    def hide(
        self, names: Sequence[str], values: Sequence[Any], elements: Sequence[Any] = ()
    ) -> tuple[list[str], list[str]]:
        """Return the digests of members of objects, and of elements of arrays, made in one go."""
        count = len(names)
        if not count and not elements:
            return [], []
        salts = self._salts(count + len(elements))
        texts = chain(
            map(_dumps, zip(salts[:count], names, values, strict=True)),
            map(_dumps, zip(salts[count:], elements, strict=True)),
        )
        encoded = encode_all(texts)
        self.disclosures.append(encoded.decode("ascii"))
        digests = digests_of(encoded.split(b"~"))
        return digests[:count], digests[count:]

    def members(self, digests: list[str], *, slots: int) -> list[str]:
        """Return the digests of an object, at least so many; sorted, they tell no order."""
        return sorted(digests + self._taken(slots - len(digests)))

    def elements(self, digests: list[str], *, slots: int) -> list[dict[str, str]]:
        """Return an array of so many digests, these in their order, the decoys anywhere.

        Their places are drawn, so the place of an element does not tell how many stand before it.
        """
        decoys = self._taken(slots - len(digests))
        if decoys:
            lots = self._pieces(_LOT_BYTES, slots)
            drawn = sorted(range(slots), key=lots.__getitem__)
            for place, decoy in sorted(zip(drawn, decoys, strict=False)):
                digests.insert(place, decoy)
        return [{ELEMENT: digest} for digest in digests]

    def _taken(self, count: int) -> list[str]:
        """Return as many decoys; some are always made ahead, in one go."""
        if count <= 0:
            return []
        if len(self._decoys) < count:
            self._decoys += b64url_each(self._pieces(_DIGEST_BYTES, count + _DECOYS_AHEAD))
        taken = self._decoys[:count]
        del self._decoys[:count]
        return taken

    def _salts(self, count: int) -> list[str]:
        letters = b64url(self._drawn(SALT_BYTES * count))
        return [letters[at : at + _SALT] for at in range(0, len(letters), _SALT)]

    def _pieces(self, size: int, count: int) -> list[bytes]:
        drawn = self._drawn(size * count)
        return [drawn[at : at + size] for at in range(0, len(drawn), size)]

    def _drawn(self, count: int) -> bytes:
        """Return random bytes; they are drawn from the system by the block."""
        start, end = self._used, self._used + count
        if end > len(self._random):
            self._random = self.salt(max(_BLOCK, count))
            start, end = 0, count
        self._used = end
        return self._random[start:end]
