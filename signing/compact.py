"""The offline QR code: a few facts of a book, signed, small enough to be photographed.

`VNL1:` + base45 + zlib + COSE_Sign1 + CWT. It lives one to seven days and can be copied, so the
checker holds name and last four digits against the card. The steps of a check are those of
`signing.verification`; there are no disclosures, so step 6 is empty.

Source: RFC 8392 (CWT), RFC 9052, RFC 9285, draft-ietf-oauth-status-list-21 section 6.3.
"""

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import cbor2

from signing.answers import CLAIMS, FORM, KEY, SIGNATURE, Verdict, refused
from signing.base45 import base45, base45_decode
from signing.certificates import check_issuer
from signing.compact_book import CompactBook, from_wire, named_facts, to_wire
from signing.cose import Sign1, read_sign1, to_be_signed, write_sign1
from signing.errors import Reason, SigningError, VerificationError
from signing.jws import check_use
from signing.keys import SigningKey, Use, short_kid
from signing.standing import StatusSource, stands
from signing.status_list import is_time
from signing.trust import TrustBundle, TrustedKey, epoch

PREFIX = "VNL1:"
MAX_LIFE = timedelta(days=7)
MAX_LETTERS = 4_296  # what the largest QR code holds
MAX_INFLATED = 16 * 1024
_MAX_DEPTH = 6
_LEVEL = 9

# Claims in the order in which they are written: RFC 8392 section 4, the status draft's section
# 14, and one of private use for the book
ISS, EXP, IAT, STATUS_CLAIM, BOOK = 1, 4, 6, 65535, -65537
_REQUIRED = {ISS, EXP, IAT, BOOK}


def compact_sign(
    book: CompactBook,
    *,
    signer: SigningKey,
    issuer: str,
    issued_at: datetime,
    expires_at: datetime,
    status_uri: str,
    status_index: int,
) -> str:
    """Return the text of an offline QR code.

    Raises:
        SigningError: a life of more than seven days, a key of another use, issuer or time, or a
            value in the book that may not stand there.
    """
    check_use(signer, Use.QR, at=issued_at)
    check_issuer(signer, issuer)
    if not timedelta() < expires_at - issued_at <= MAX_LIFE:
        raise SigningError(f"an offline QR code lives at most {MAX_LIFE.days} days")
    if status_index < 0:
        raise SigningError("a status index is not negative")
    claims = {
        ISS: issuer,
        EXP: epoch(expires_at),
        IAT: epoch(issued_at),
        STATUS_CLAIM: {"status_list": {"idx": status_index, "uri": status_uri}},
        BOOK: to_wire(book),
    }
    payload, kid = cbor2.dumps(claims), short_kid(signer.kid)
    signature = signer.sign(to_be_signed(kid, payload))
    text = wrap(write_sign1(kid, payload, signature))
    if len(text) > MAX_LETTERS:
        raise SigningError("too much for a QR code: tell fewer jobs")
    return text


def compact_verify(
    text: str, trust: TrustBundle, now: datetime, status: StatusSource | None = None
) -> Verdict:
    """Answer the three questions about the text of an offline QR code.

    `status` is as for `verify_credential`; offline, the lists in the bundle are used. The claims
    have the names of the book credential, with `worker.id_tail` for the last four digits.

    Raises:
        SigningError: `now` has no time zone. What is wrong with the text is in the verdict.
    """
    epoch(now)
    try:
        claims, key = _check_integrity(text, trust)
    except VerificationError as error:
        return refused(error, trust)
    return stands(claims, key, trust, now, status)


def compact_read(text: str) -> CompactBook:
    """Return what a QR code says, unverified: for a preview, never for a check.

    Raises:
        VerificationError: the form is not in order.
    """
    return _book(_claims(unwrap(text).payload))


def wrap(envelope: bytes) -> str:
    """Return the text that carries an envelope."""
    return PREFIX + base45(zlib.compress(envelope, _LEVEL))


def unwrap(text: str) -> Sign1:
    """Return the envelope in a text (steps 1 and 2).

    Raises:
        VerificationError: another prefix, too long, no base45, no zlib, or another envelope.
    """
    if not text.startswith(PREFIX):
        raise VerificationError(Reason.PREFIX_UNKNOWN, FORM, f"it does not begin with {PREFIX}")
    if len(text) > MAX_LETTERS:
        raise VerificationError(Reason.TOO_LARGE, FORM, "longer than a QR code can be")
    return read_sign1(_inflate(base45_decode(text[len(PREFIX) :], step=FORM)))


def _check_integrity(text: str, trust: TrustBundle) -> tuple[Mapping[str, Any], TrustedKey]:
    # (1) It has the form of our QR code, and (2) its header stays within the profile.
    envelope = unwrap(text)
    # (3) The key it names is pinned for this use.
    key = trust.key_for_short(envelope.kid, use=Use.QR, step=KEY)
    # (4) The signature covers exactly these bytes. Only now are the claims worth reading.
    key.check(envelope.signature, envelope.signed, step=SIGNATURE)
    # (5) The claims are there, have their types, and nothing else is there.
    claims = _claims(envelope.payload)
    named = {"iss": claims[ISS], "exp": claims[EXP], "iat": claims[IAT]}
    return {**named, "status": claims.get(STATUS_CLAIM), **named_facts(_book(claims))}, key


def _inflate(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        raw = inflater.decompress(packed, MAX_INFLATED)
    except zlib.error:
        raise VerificationError(Reason.ZLIB_INVALID, FORM, "no zlib stream") from None
    if inflater.unconsumed_tail:
        raise VerificationError(Reason.TOO_LARGE, FORM, "it inflates too far")
    if not inflater.eof or inflater.unused_data:
        raise VerificationError(Reason.ZLIB_INVALID, FORM, "cut off, or with a tail")
    return raw


def _claims(payload: bytes) -> dict[int, Any]:
    try:
        claims = cbor2.loads(
            payload, max_depth=_MAX_DEPTH, allow_duplicate_keys=False, allow_indefinite=False
        )
        if cbor2.dumps(claims) != payload:
            raise VerificationError(Reason.CBOR_INVALID, CLAIMS, "not the shortest CBOR")
    except (cbor2.CBORError, ValueError, TypeError, OverflowError):
        raise VerificationError(Reason.CBOR_INVALID, CLAIMS, "this is no CBOR") from None
    if type(claims) is not dict or not claims.keys() >= _REQUIRED:
        raise VerificationError(Reason.CLAIM_MISSING, CLAIMS, "iss, exp, iat or book is missing")
    if not claims.keys() <= _REQUIRED | {STATUS_CLAIM}:
        raise VerificationError(Reason.CLAIM_TYPE, CLAIMS, "a claim outside the profile")
    if type(claims[ISS]) is not str or not (is_time(claims[EXP]) and is_time(claims[IAT])):
        raise VerificationError(Reason.CLAIM_TYPE, CLAIMS, "iss is a text, exp and iat are seconds")
    return claims


def _book(claims: dict[int, Any]) -> CompactBook:
    try:
        return from_wire(claims[BOOK])
    except SigningError as error:
        raise VerificationError(Reason.CLAIM_TYPE, CLAIMS, str(error)) from error
