"""Token Status List: two bits per credential, packed, signed, read back within bounds.

Source: draft-ietf-oauth-status-list-21; bits are counted from the least significant one.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeGuard

from signing.encoding import b64url, b64url_decode
from signing.errors import Reason, SigningError, VerificationError
from signing.jws import CLAIMS, KEY, check_use, open_list, sign_list
from signing.keys import SigningKey, Use
from signing.trust import TrustBundle, epoch, instant

TYP = "statuslist+jwt"
VALID, REVOKED, SUSPENDED = 0, 1, 2
# The value that the draft leaves to applications (section 7.1): revoked because a newer version
# exists. A list that does not tell the two apart says REVOKED.
SUPERSEDED = 3
BITS = 2
LIFETIME = timedelta(hours=24)
TTL = timedelta(hours=1)

LEEWAY_SECONDS = 60
MAX_TOKEN = 8 * 1024 * 1024
MAX_PACKED = 4 * 1024 * 1024  # 16 million credentials; what a bomb can reach
MAX_TIME = 253_402_300_799  # the last second of the year 9999, where datetime ends
_LEVEL = 6
_WIDTHS = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class StatusList:
    """The statuses of all credentials of one list, `bits` for each."""

    packed: bytes = field(repr=False)
    bits: int = BITS

    def __post_init__(self) -> None:
        if self.bits not in _WIDTHS:
            raise SigningError("a status has 1, 2, 4 or 8 bits")

    @classmethod
    def of(cls, size: int, statuses: Mapping[int, int], *, bits: int = BITS) -> "StatusList":
        """Make a list for at least `size` credentials, all VALID but those given.

        Raises:
            SigningError: an index or a status that does not fit.
        """
        if bits not in _WIDTHS:
            raise SigningError("a status has 1, 2, 4 or 8 bits")
        return cls(bytes(-(-size * bits // 8)), bits).changed(statuses)

    @classmethod
    def inflate(cls, lst: str, bits: int) -> "StatusList":
        """Unpack the `lst` member of a token, stopping at the size limit.

        Raises:
            VerificationError: no zlib stream, truncated, with a tail, or too large inflated.
        """
        inflater = zlib.decompressobj()
        try:
            packed = inflater.decompress(b64url_decode(lst, step=CLAIMS), MAX_PACKED)
        except zlib.error:
            raise _malformed("the list is no zlib stream") from None
        if inflater.unconsumed_tail:
            raise VerificationError(Reason.TOO_LARGE, CLAIMS, "the list inflates too far")
        if not inflater.eof or inflater.unused_data:
            raise _malformed("the zlib stream does not end where the list ends")
        return cls(packed, bits)

    def deflate(self) -> str:
        """Return the `lst` member of a token."""
        return b64url(zlib.compress(self.packed, _LEVEL))

    @property
    def size(self) -> int:
        """The number of statuses the list has room for."""
        return len(self.packed) * 8 // self.bits

    def get(self, index: int) -> int:
        """Return the status at an index.

        Raises:
            SigningError: the index is outside the list.
        """
        if not 0 <= index < self.size:
            raise SigningError("the index is outside the status list")
        byte, place = divmod(index * self.bits, 8)
        return self.packed[byte] >> place & (1 << self.bits) - 1

    def changed(self, statuses: Mapping[int, int]) -> "StatusList":
        """Return the list with these statuses replaced.

        Raises:
            SigningError: an index or a status that does not fit.
        """
        packed = bytearray(self.packed)
        mask = (1 << self.bits) - 1
        for index, status in statuses.items():
            if not (0 <= index < self.size and 0 <= status <= mask):
                raise SigningError("an index or a status does not fit the status list")
            byte, place = divmod(index * self.bits, 8)
            packed[byte] = packed[byte] & ~(mask << place) | status << place
        return StatusList(bytes(packed), self.bits)


@dataclass(frozen=True, slots=True)
class StatusSnapshot:
    """A verified status list as of `issued_at`; past `expires_at` only revocations still hold."""

    uri: str
    issued_at: datetime
    expires_at: datetime
    ttl_seconds: int
    list: StatusList = field(repr=False)


def sign_status_list(
    statuses: StatusList,
    *,
    signer: SigningKey,
    uri: str,
    issued_at: datetime,
    expires_at: datetime | None = None,
    ttl: timedelta = TTL,
) -> str:
    """Return the signed list, to be served as `application/statuslist+jwt` at `uri`.

    Without `expires_at` it lives 24 hours.

    Raises:
        SigningError: a key of another use or time.
    """
    check_use(signer, Use.STATUS_LIST, at=issued_at)
    claims = {
        "sub": uri,
        "iat": epoch(issued_at),
        "exp": epoch(expires_at or issued_at + LIFETIME),
        "ttl": int(ttl.total_seconds()),
        "status_list": {"bits": statuses.bits, "lst": statuses.deflate()},
    }
    return sign_list(claims, signer=signer, typ=TYP)


def read_status_list(
    token: str, trust: TrustBundle, now: datetime, *, uri: str | None = None
) -> StatusSnapshot:
    """Verify a status list and unpack it.

    An expired list is read too: offline verifiers carry one, and `verify_credential` weighs its
    age. With `uri`, a list for another address is refused.

    Raises:
        VerificationError: the form, key, signature, claims or packing is not in order.
    """
    claims, key = open_list(token, trust, typ=TYP, use=Use.STATUS_LIST, limit=MAX_TOKEN)
    sub, iat, exp, ttl = (claims.get(name) for name in ("sub", "iat", "exp", "ttl"))
    if not isinstance(sub, str) or (uri is not None and sub != uri):
        raise VerificationError(Reason.STATUS_LIST_MISMATCH, CLAIMS, "a list for another address")
    if not (is_time(iat) and is_time(exp) and is_time(ttl) and ttl > 0):
        raise VerificationError(Reason.CLAIM_TYPE, CLAIMS, "iat, exp and ttl are whole seconds")
    if iat > epoch(now) + LEEWAY_SECONDS:
        raise VerificationError(Reason.NOT_YET_VALID, CLAIMS, "the list is from the future")
    refusal = key.refusal(signed_at=instant(iat), now=now)
    if refusal is not None:
        raise VerificationError(refusal, KEY, "the key cannot vouch for this list")
    return StatusSnapshot(sub, instant(iat), instant(exp), ttl, _unpack(claims.get("status_list")))


def is_time(value: object) -> TypeGuard[int]:
    """Tell whether a claim is a NumericDate in whole seconds that a calendar can show."""
    return type(value) is int and 0 <= value <= MAX_TIME


def _unpack(member: object) -> StatusList:
    match member:
        case {"bits": int(bits), "lst": str(lst)} if type(bits) is int and bits in _WIDTHS:
            return StatusList.inflate(lst, bits)
    raise _malformed("a status list has bits and lst")


def _malformed(message: str) -> VerificationError:
    return VerificationError(Reason.STATUS_LIST_MALFORMED, CLAIMS, message)
