"""Whom we trust: the pinned keys of an issuer, handed to every verification.

A verifier looks keys up here by key id. Nothing in a token can add a key, a certificate or an
address to this set.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from signing.certificates import issuer_of, use_of
from signing.errors import Reason, SigningError, VerificationError
from signing.keys import SigningKey, Use, check_signature, public_jwk, short_kid, thumbprint, x5c

if TYPE_CHECKING:  # the status list needs this module to be read
    from signing.status_list import StatusSnapshot

VIET_NAM = timezone(timedelta(hours=7))  # one legal time, no summer time


@dataclass(frozen=True, slots=True, eq=False)
class TrustedKey:
    """A public key we believe for one use, over the period of its certificate.

    A *retired* key is past `not_after`: what it signed in its period stays good. A *withdrawn*
    key has `revoked_from`: from that instant nothing it signed is believed, whatever date the
    signature claims, because whoever holds a stolen key writes the date as well.
    """

    kid: str
    use: Use
    public_key: ec.EllipticCurvePublicKey = field(repr=False)
    not_before: datetime
    not_after: datetime
    revoked_from: datetime | None
    chain: tuple[x509.Certificate, ...] = field(repr=False)
    x5c: tuple[str, ...] = field(init=False, repr=False)
    short_kid: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "x5c", tuple(x5c(self.chain)))
        object.__setattr__(self, "short_kid", short_kid(self.kid))

    def check(self, signature: bytes, data: bytes, *, step: int) -> None:
        """Refuse a raw ES256 signature that this key did not make over these bytes.

        Raises:
            VerificationError: the signature is malformed or wrong.
        """
        check_signature(self.public_key, signature, data, step=step)

    def refusal(
        self, *, signed_at: datetime, now: datetime, proven_at: datetime | None = None
    ) -> Reason | None:
        """Return why the key cannot vouch for what it signed at that time, or None.

        `proven_at` is a time that somebody else has confirmed, such as a time-stamp authority:
        what is proved to be older than the withdrawal is not touched by it.

        Dates in credentials are rounded down to the day in Việt Nam, so the key's first day
        counts from its midnight.
        """
        proven = proven_at or now
        if self.revoked_from is not None and min(proven, now) >= self.revoked_from:
            return Reason.KEY_WITHDRAWN
        if not first_moment(self.not_before) <= signed_at < self.not_after:
            return Reason.KEY_OUT_OF_PERIOD
        return None


@dataclass(frozen=True, slots=True, eq=False)
class TrustBundle:
    """All a verifier needs, online or not: an issuer's keys, root and known status lists."""

    issuer: str
    keys: Mapping[str, TrustedKey]
    root: x509.Certificate = field(repr=False)
    issued_at: datetime
    status: "Mapping[str, StatusSnapshot]" = field(default_factory=dict, repr=False)
    expires_at: datetime | None = None
    timestamp_roots: tuple[x509.Certificate, ...] = field(default=(), repr=False)

    def key_for(
        self, kid: str, token_x5c: tuple[str, ...] | None, *, use: Use, step: int
    ) -> TrustedKey:
        """Return the pinned key of that id.

        The certificates in a token choose nothing: they must be the pinned ones.

        Raises:
            VerificationError: no such key, another use, or other certificates.
        """
        key = _for_use(self.keys.get(kid), use, step)
        if token_x5c is not None and token_x5c != key.x5c:
            raise VerificationError(Reason.X5C_MISMATCH, step, "x5c is not the pinned chain")
        return key

    def key_for_short(self, kid: bytes, *, use: Use, step: int) -> TrustedKey:
        """Return the pinned key whose id begins with these eight bytes.

        Raises:
            VerificationError: no such key, or another use.
        """
        found = (each for each in self.keys.values() if each.short_kid == kid)
        return _for_use(next(found, None), use, step)

    def may_ask(self, uri: str) -> bool:
        """Tell whether a status list may live at this address: the issuer's own, or pinned."""
        return uri in self.status or uri.startswith(self.issuer.rstrip("/") + "/")


def _for_use(key: TrustedKey | None, use: Use, step: int) -> TrustedKey:
    if key is None:
        raise VerificationError(Reason.KEY_UNKNOWN, step, "no trusted key has this id")
    if key.use is not use:
        raise VerificationError(Reason.KEY_WRONG_USE, step, f"a {key.use} key, not {use}")
    return key


def trusted(
    chain: Iterable[x509.Certificate], *, revoked_from: datetime | None = None
) -> TrustedKey:
    """Make a trusted key from certificates alone, as is kept of retired keys.

    Raises:
        SigningError: no certificate, not P-256, or no use named.
    """
    certificates = tuple(chain)
    if not certificates:
        raise SigningError("a trusted key has a certificate")
    leaf = certificates[0]
    public_key = leaf.public_key()
    if not isinstance(public_key, ec.EllipticCurvePublicKey):
        raise SigningError("only P-256 keys are used")
    return TrustedKey(
        kid=thumbprint(public_jwk(public_key)),
        use=use_of(leaf),
        public_key=public_key,
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        revoked_from=revoked_from,
        chain=certificates,
    )


def trust_bundle(
    *,
    issuer: str,
    root: x509.Certificate,
    keys: Iterable[SigningKey | TrustedKey],
    issued_at: datetime,
    expires_at: datetime | None = None,
    status: "Mapping[str, StatusSnapshot] | None" = None,
    timestamp_roots: Iterable[x509.Certificate] = (),
) -> TrustBundle:
    """Make a bundle of keys, each of which the root has certified for this issuer.

    Raises:
        SigningError: a key twice, or one that root or issuer do not cover.
    """
    known: dict[str, TrustedKey] = {}
    for each in keys:
        key = each if isinstance(each, TrustedKey) else trusted(each.chain)
        if key.kid in known:
            raise SigningError("a key is in the bundle twice")
        check_certified(key, root, issuer)
        known[key.kid] = key
    return TrustBundle(
        issuer, known, root, issued_at, status or {}, expires_at, tuple(timestamp_roots)
    )


def check_certified(key: TrustedKey, root: x509.Certificate, issuer: str) -> None:
    """Refuse a key whose one certificate is not the root's work for this issuer.

    Raises:
        SigningError: a longer chain, another root, another issuer, a period outside the root's.
    """
    if len(key.chain) != 1 or key.chain[0] == root:
        raise SigningError("a chain is one leaf below the root, and never the root")
    leaf = key.chain[0]
    try:
        leaf.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        raise SigningError("the root has not certified this key") from None
    if issuer_of(leaf) != issuer:
        raise SigningError("the certificate is for another issuer")
    if not root.not_valid_before_utc <= key.not_before <= key.not_after <= root.not_valid_after_utc:
        raise SigningError("the key's period is not within the root's")


def midnight(day: date) -> datetime:
    """Return the first instant of a day in Việt Nam; dates in tokens are rounded to it."""
    return datetime.combine(day, time(), VIET_NAM)


def first_moment(begins: datetime) -> datetime:
    """Return the midnight from which a key counts that begins in the course of a day."""
    return midnight(begins.astimezone(VIET_NAM).date())


def epoch(instant: datetime) -> int:
    """Return whole seconds since 1970 (NumericDate).

    Raises:
        SigningError: the instant has no time zone.
    """
    if instant.tzinfo is None:
        raise SigningError("an instant needs a time zone")
    return int(instant.timestamp())


def instant(seconds: int) -> datetime:
    """Return the instant of a NumericDate, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
