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

from datetime import datetime
from hashlib import sha256
from typing import Any

from signing.answers import CLAIMS, FORM, KEY, SIGNATURE, Verdict, refused
from signing.encoding import parse_object
from signing.errors import Reason, VerificationError
from signing.jws import Unverified, open_form
from signing.keys import Use
from signing.sd_jwt import SD_ALG, reveal, split
from signing.standing import StatusSource, stands
from signing.status_list import is_time
from signing.trust import TrustBundle, TrustedKey, epoch

TYP = "dc+sd-jwt"
MAX_TOKEN = 512 * 1024

_Mark = tuple[tuple[str, ...], bytes, bytes]
"""A key's certificates, a signature, and the SHA-256 of the bytes it covers."""


class Proven:
    """Signatures that were found right, so that the same one is not computed again.

    Kept are hashes: of what was signed, never a claim. Whether the key is still believed, and
    whether the credential still stands, is asked each time.
    """

    def __init__(self, most: int = 4_096) -> None:
        """Keep between `most` and twice as many, the newest; with 0, none."""
        self._most = most
        self._newer: set[_Mark] = set()
        self._older: set[_Mark] = set()

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
    issuer's own. Without an answer the lists in the bundle are used. `proven` spares the curve for
    a signature that was found right before, and nothing else.

    Raises:
        SigningError: `now` has no time zone. What is wrong with the token is in the verdict.
    """
    epoch(now)
    try:
        claims, key = _check_integrity(token, trust, proven)
    except VerificationError as error:
        return refused(error, trust)
    return stands(claims, key, trust, now, status)


def _check_integrity(
    token: str, trust: TrustBundle, proven: Proven | None
) -> tuple[dict[str, Any], TrustedKey]:
    # (1) It has the form of our credential, and (2) its header stays within the profile.
    if len(token) > MAX_TOKEN:
        raise VerificationError(Reason.TOO_LARGE, FORM, f"longer than {MAX_TOKEN} characters")
    jwt, disclosures = split(token)
    jws = open_form(jwt, typ=TYP)
    # (3) The key it names is pinned for this use.
    key = trust.key_for(jws.header.kid, jws.header.x5c, use=Use.CREDENTIAL, step=KEY)
    # (4) The signature covers exactly these bytes. Only now are the claims worth reading.
    (proven or _NOTHING).check(key, jws)
    # (5) What is always visible is there.
    payload = parse_object(jws.payload, step=CLAIMS)
    _check_visible(payload)
    # (6) Every disclosure belongs, once, where its digest stands.
    return reveal(payload, disclosures), key


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
