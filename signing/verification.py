"""May this credential be trusted? Three questions, answered apart, in numbered steps.

1. It has the form of our credential, within our limits.
2. Its header stays within the profile: ES256, our type, our four parameters.
3. The key it names is one we have pinned for this use; its certificates are the pinned ones.
4. The signature covers exactly these bytes.
5. The claims that are always visible are there and have their types.
6. Every disclosure belongs, once, where its digest stands.
   - Steps 1 to 6 answer *integrity*: has it been altered?
7. The issuer is ours, and the key may vouch for that day: *issuer*.
8. It is within its period.
9. Its status list says so: *status*. A list that cannot be had is "unknown", never "no".

Whether it is shown by the person it was issued to is a question of its own:
`signing.presentation`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from signing.answers import CLAIMS, FORM, KEY, SIGNATURE, Verdict, refused
from signing.encoding import parse_object
from signing.errors import Reason, VerificationError
from signing.jws import Header, Unverified, open_form
from signing.keys import Use
from signing.sd_jwt import SD_ALG, reveal, split
from signing.standing import StatusSource, stands
from signing.status_list import is_time
from signing.trust import TrustBundle, TrustedKey, epoch

TYP = "dc+sd-jwt"
MAX_TOKEN = 512 * 1024

RECENT_SECONDS = 60
"""For how long it is remembered what a token says that was found unaltered."""

_Mark = tuple[tuple[str, ...], bytes, bytes]
"""A key's certificates, a signature, and the SHA-256 of the bytes it covers."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a whole token was found to say, at an instant, by a header that names its key."""

    at: datetime
    header: Header
    x5c: tuple[str, ...]
    claims: dict[str, Any]


class Proven:
    """What was found unaltered, so that the same is not computed again when it is shown again.

    Of a signature hashes are kept: of what was signed, never a claim. What a whole token says is
    kept for a minute, in this process, by the hash of the token: only who has it finds it again.
    Whether the key is still believed, and whether the credential still stands, is asked each time.
    """

    def __init__(self, most: int = 4_096, *, tokens: int = 512) -> None:
        """Keep between `most` signatures and twice as many, the newest, so too `tokens`; 0: none.

        With no signatures there are no tokens either.
        """
        self._most = most
        self._newer: set[_Mark] = set()
        self._older: set[_Mark] = set()
        self._tokens = min(tokens, most)
        self._read: dict[bytes, _Read] = {}
        self._read_before: dict[bytes, _Read] = {}

    def check(self, key: TrustedKey, jws: Unverified) -> None:
        """Refuse a signature that this key did not make over these bytes.

        Raises:
            VerificationError: the signature is malformed or wrong.
        """
        mark = (key.x5c, jws.signature, sha256(jws.signed).digest()) if self._most else None
        if mark is not None and (mark in self._newer or mark in self._older):
            return
        key.check(jws.signature, jws.signed, step=SIGNATURE)
        if mark is not None:
            if len(self._newer) >= self._most:
                self._older, self._newer = self._newer, set()
            self._newer.add(mark)

    def recall(
        self, token: str, trust: TrustBundle, now: datetime
    ) -> tuple[dict[str, Any], TrustedKey] | None:
        """Return what a token says, and its key, if it was read a moment ago.

        Raises:
            VerificationError: the key it names is not pinned any more.
        """
        if not self._tokens:
            return None
        name = _name_of(token)
        found = self._read.get(name) or self._read_before.get(name)
        if found is None or not timedelta(0) <= now - found.at < timedelta(seconds=RECENT_SECONDS):
            return None
        header = found.header
        key = trust.key_for(header.kid, header.x5c, use=Use.CREDENTIAL, step=KEY)
        return (found.claims, key) if key.x5c == found.x5c else None

    def remember(
        self, token: str, header: Header, key: TrustedKey, claims: dict[str, Any], now: datetime
    ) -> None:
        """Keep what a token says that was found unaltered."""
        if not self._tokens:
            return
        if len(self._read) >= self._tokens:
            self._read_before, self._read = self._read, {}
        self._read[_name_of(token)] = _Read(now, header, key.x5c, claims)


def _name_of(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


_NOTHING = Proven(0)


def verify_credential(
    token: str,
    trust: TrustBundle,
    now: datetime,
    status: StatusSource | None = None,
    *,
    proven: Proven | None = None,
) -> Verdict:
    """Answer the three questions about a credential.

    `status(uri)` returns a verified status list, or None if it cannot be had; what
    `read_status_list` raises may pass through it. It is asked only for addresses below the
    issuer's own. Without an answer the lists in the bundle are used. `proven` spares computing
    again what was found unaltered before, and nothing else: do not change the claims returned.

    Raises:
        SigningError: `now` has no time zone. What is wrong with the token is in the verdict.
    """
    epoch(now)
    try:
        claims, key = _check_integrity(token, trust, now, proven or _NOTHING)
    except VerificationError as error:
        return refused(error, trust)
    return stands(claims, key, trust, now, status)


def _check_integrity(
    token: str, trust: TrustBundle, now: datetime, proven: Proven
) -> tuple[dict[str, Any], TrustedKey]:
    # (1) It has the form of our credential, and (2) its header stays within the profile.
    if len(token) > MAX_TOKEN:
        raise VerificationError(Reason.TOO_LARGE, FORM, f"longer than {MAX_TOKEN} characters")
    known = proven.recall(token, trust, now)
    if known is not None:
        return known
    jwt, disclosures = split(token)
    jws = open_form(jwt, typ=TYP)
    # (3) The key it names is pinned for this use.
    key = trust.key_for(jws.header.kid, jws.header.x5c, use=Use.CREDENTIAL, step=KEY)
    # (4) The signature covers exactly these bytes. Only now are the claims worth reading.
    proven.check(key, jws)
    # (5) What is always visible is there.
    payload = parse_object(jws.payload, step=CLAIMS)
    _check_visible(payload)
    # (6) Every disclosure belongs, once, where its digest stands.
    claims = reveal(payload, disclosures)
    proven.remember(token, jws.header, key, claims, now)
    return claims, key


def _check_visible(payload: dict[str, Any]) -> None:
    for name in ("iss", "vct", "iat", "exp"):
        if name not in payload:
            raise VerificationError(Reason.CLAIM_MISSING, CLAIMS, f"{name} is missing")
    if type(payload["iss"]) is not str or type(payload["vct"]) is not str:
        raise VerificationError(Reason.CLAIM_TYPE, CLAIMS, "iss and vct are strings")
    times = (payload["iat"], payload["exp"], payload.get("nbf", 0))
    if not all(map(is_time, times)):
        raise VerificationError(Reason.CLAIM_TYPE, CLAIMS, "iat, exp and nbf are whole seconds")
    if payload.get("_sd_alg") != SD_ALG:
        raise VerificationError(Reason.SD_ALG_REFUSED, CLAIMS, f"only {SD_ALG} is accepted")
