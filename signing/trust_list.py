"""The trust list: the issuer's keys in one signed file that a verifier can carry offline.

It is a JWS of type `vn-trustlist+jwt`, signed by a TRUST leaf of a root that the verifier has
pinned beforehand. It may carry the newest status lists.
"""

from binascii import a2b_base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography import x509

from signing.encoding import parse_object
from signing.errors import Reason, SigningError, VerificationError
from signing.jws import CLAIMS, FORM, KEY, check_use, open_form, sign_list, verify_with_pyjwt
from signing.keys import SigningKey, Use, published_jwk, x5c
from signing.status_list import LEEWAY_SECONDS, is_time, read_status_list
from signing.trust import (
    TrustBundle,
    TrustedKey,
    check_certified,
    epoch,
    instant,
    trust_bundle,
    trusted,
)

TYP = "vn-trustlist+jwt"
MAX_TOKEN = 32 * 1024 * 1024
# What members of the wrong type or range make the readers below raise
_WRONG_CONTENTS = (
    SigningError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OverflowError,
    OSError,
)


def trust_list_sign(
    bundle: TrustBundle,
    *,
    signer: SigningKey,
    issued_at: datetime,
    expires_at: datetime,
    status_lists: Mapping[str, str] | None = None,
) -> str:
    """Return the bundle as a signed trust list, with signed status lists by address if given.

    Raises:
        SigningError: a key of another use or time, or one that the bundle's root has not certified.
    """
    check_use(signer, Use.TRUST, at=issued_at)
    check_certified(trusted(signer.chain), bundle.root, bundle.issuer)
    claims: dict[str, Any] = {
        "iss": bundle.issuer,
        "iat": epoch(issued_at),
        "exp": epoch(expires_at),
        "root": x5c([bundle.root])[0],
        "keys": [_entry(bundle.keys[kid]) for kid in sorted(bundle.keys)],
        "status_lists": dict(status_lists or {}),
    }
    if bundle.timestamp_roots:
        claims["timestamp_roots"] = x5c(bundle.timestamp_roots)
    return sign_list(claims, signer=signer, typ=TYP)


def trust_list_read(
    token: str,
    *,
    root: x509.Certificate,
    now: datetime,
    newer_than: datetime | None = None,
) -> TrustBundle:
    """Verify a trust list against a pinned root and return what it says.

    With `newer_than`, a list issued before that instant is refused: an old list could hide that
    a key has been withdrawn since.

    Raises:
        VerificationError: form, certificate, signature, claims or a status list is not in order,
            or the list has expired.
    """
    if len(token) > MAX_TOKEN:
        raise VerificationError(Reason.TOO_LARGE, FORM, f"longer than {MAX_TOKEN} characters")
    jws = open_form(token, typ=TYP)
    signer = _certified_signer(jws.header.kid, jws.header.x5c, root)
    verify_with_pyjwt(token, jws, signer)
    claims = parse_object(jws.payload, step=CLAIMS)
    issued_at, expires_at = _period(claims, signer, now, newer_than)
    try:
        bundle = _bundle(claims, root, issued_at, expires_at)
        check_certified(signer, root, bundle.issuer)
    except _WRONG_CONTENTS as error:
        raise VerificationError(Reason.TRUST_LIST_MALFORMED, CLAIMS, "not a trust list") from error
    return replace(bundle, status=_status(claims, bundle, now))


def _certified_signer(
    kid: str, chain: tuple[str, ...] | None, root: x509.Certificate
) -> TrustedKey:
    """Return the TRUST leaf in the header, which counts only because our root certified it."""
    try:
        (encoded,) = chain or ()
        leaf = x509.load_der_x509_certificate(a2b_base64(encoded, strict_mode=True))
        leaf.verify_directly_issued_by(root)
        key = trusted([leaf])
    except Exception as error:  # a certificate parser fails in many ways; all mean the same here
        raise VerificationError(
            Reason.CERTIFICATE_REFUSED, KEY, "not certified by the pinned root"
        ) from error
    if key.kid != kid:
        raise VerificationError(Reason.KEY_UNKNOWN, KEY, "the key id is not the certificate's")
    if key.use is not Use.TRUST:
        raise VerificationError(Reason.KEY_WRONG_USE, KEY, f"a {key.use} key signs no trust list")
    return key


def _period(
    claims: dict[str, Any], signer: TrustedKey, now: datetime, newer_than: datetime | None
) -> tuple[datetime, datetime]:
    iat, exp = claims.get("iat"), claims.get("exp")
    if not (is_time(iat) and is_time(exp)):
        raise VerificationError(Reason.CLAIM_TYPE, CLAIMS, "iat and exp are whole seconds")
    issued_at, expires_at = instant(iat), instant(exp)
    if iat > epoch(now) + LEEWAY_SECONDS:
        raise VerificationError(Reason.NOT_YET_VALID, CLAIMS, "the list is from the future")
    if now >= expires_at:
        raise VerificationError(Reason.TRUST_LIST_EXPIRED, CLAIMS, f"expired at {expires_at}")
    if newer_than is not None and issued_at < newer_than:
        raise VerificationError(Reason.TRUST_LIST_OLDER, CLAIMS, "older than the list at hand")
    refusal = signer.refusal(signed_at=issued_at, now=now)
    if refusal is not None:
        raise VerificationError(refusal, KEY, "the key cannot vouch for this list")
    return issued_at, expires_at


_USES = frozenset(each.value for each in Use)


def _bundle(
    claims: dict[str, Any], root: x509.Certificate, issued_at: datetime, expires_at: datetime
) -> TrustBundle:
    if claims["root"] != x5c([root])[0]:
        raise SigningError("the list is for another root")
    return trust_bundle(
        issuer=claims["iss"],
        root=root,
        # A newer release may publish keys for uses that are not known here: they sign nothing here.
        keys=[_read_entry(each) for each in claims["keys"] if each["vn_use"] in _USES],
        issued_at=issued_at,
        expires_at=expires_at,
        timestamp_roots=[_certificate(each) for each in claims.get("timestamp_roots", [])],
    )


def _certificate(encoded: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(a2b_base64(encoded))


def _entry(key: TrustedKey) -> dict[str, Any]:
    """Return a key as a JWK, with our use and period as private members."""
    entry = published_jwk(key)
    entry["vn_use"] = key.use.value
    entry["vn_not_before"] = epoch(key.not_before)
    entry["vn_not_after"] = epoch(key.not_after)
    if key.revoked_from is not None:
        entry["vn_revoked_from"] = epoch(key.revoked_from)
    return entry


def _read_entry(entry: dict[str, Any]) -> TrustedKey:
    revoked_from = entry.get("vn_revoked_from")
    key = trusted(
        [_certificate(each) for each in entry["x5c"]],
        revoked_from=None if revoked_from is None else instant(revoked_from),
    )
    if _entry(key) != entry:
        raise SigningError("a key and its certificate disagree")
    return key


def _status(claims: dict[str, Any], bundle: TrustBundle, now: datetime) -> dict[str, Any]:
    tokens = claims.get("status_lists")
    if not isinstance(tokens, dict) or not all(isinstance(each, str) for each in tokens.values()):
        raise VerificationError(Reason.TRUST_LIST_MALFORMED, CLAIMS, "status lists by address")
    return {uri: read_status_list(token, bundle, now, uri=uri) for uri, token in tokens.items()}
