"""Tell whether a sealed PDF is still as it was sealed, by whom, and since when that is certain.

Verification looks at bytes first. One byte range must cover the file from end to end, so neither
an update after the seal nor a second signature passes, and the CMS container must be, byte for
byte, the one we would write. Only a file that one of our keys has signed reaches a PDF parser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from hashlib import sha256
from io import BytesIO

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from signing.answers import NOT_CHECKED, YES, Answer, State
from signing.errors import Reason, VerificationError
from signing.keys import Use, check_der_signature
from signing.pdf_container import Container, open_container, ranges
from signing.pyhanko_calls import asn1, finish
from signing.time_stamp import MISSING, authority_certificate, check_token
from signing.trust import TrustBundle, TrustedKey

FORM, CONTAINER, KEY, SIGNATURE, STRUCTURE, ISSUER = 1, 2, 3, 4, 5, 6


@unique
class PdfLevel(StrEnum):
    """How much a seal can prove by itself (ETSI EN 319 142-1)."""

    B_B = "B-B"  # the time is what the sealer said
    B_T = "B-T"  # a trusted authority has confirmed the time
    B_LT = "B-LT"  # and all that is needed to check it later is inside


@dataclass(frozen=True, slots=True)
class PdfVerdict:
    """What became of a sealed PDF; attachments are there only if both answers are yes.

    `signed_at` is the time-stamp's time if that is trusted, otherwise what the sealer stated.
    """

    integrity: Answer
    issuer: Answer
    attachments: Mapping[str, bytes]
    signed_at: datetime | None = None
    kid: str | None = None
    step: int = ISSUER
    message: str = ""
    timestamp: Answer = NOT_CHECKED
    level: PdfLevel | None = None


def verify_pdf(pdf: bytes, trust: TrustBundle, now: datetime) -> PdfVerdict:
    """Tell whether a PDF is as it was sealed, and whether we trust who sealed it."""
    try:
        key, container, stated_at = _check_integrity(pdf, trust)
        timestamp, stamped_at = _stamped(container, trust)
        # (6) The key may vouch for what it sealed at that time.
        refusal = key.refusal(signed_at=stamped_at or stated_at, now=now, proven_at=stamped_at)
        issuer = YES if refusal is None else Answer(State.NO, refusal)
        attachments = _attachments(pdf) if issuer == YES else {}
    except VerificationError as error:
        return _refused(error)
    return PdfVerdict(
        integrity=YES,
        issuer=issuer,
        attachments=attachments,
        signed_at=stamped_at or stated_at,
        kid=key.kid,
        timestamp=timestamp,
        level=_level(pdf, key, container, trust, stamped_at),
    )


def _check_integrity(pdf: bytes, trust: TrustBundle) -> tuple[TrustedKey, Container, datetime]:
    # (1) One byte range covers the whole file but the place of the seal itself.
    covered, place = ranges(pdf)
    # (2) In that place stands a container of the one form that we write.
    container = open_container(place)
    # (3) Its certificate is one we have pinned for PDF.
    key = _pinned(container.certificate, trust)
    # (4) The signature covers the attributes, and these the bytes.
    signed = container.attributes.untag().dump()
    check_der_signature(key.public_key, container.signature, signed, step=SIGNATURE)
    if container.digest != sha256(covered).digest():
        raise VerificationError(Reason.PDF_CHANGED, SIGNATURE, "the file has been altered")
    # (5) pyHanko finds the same: PAdES attributes, coverage, no later change.
    return key, container, _validated(pdf, trust)


def _stamped(container: Container, trust: TrustBundle) -> tuple[Answer, datetime | None]:
    if container.token is None:
        return MISSING, None
    return check_token(container.token, container.signature, trust.timestamp_roots)


def _level(
    pdf: bytes,
    key: TrustedKey,
    container: Container,
    trust: TrustBundle,
    stamped_at: datetime | None,
) -> PdfLevel:
    if stamped_at is None or container.token is None:
        return PdfLevel.B_B
    roots = (trust.root, *trust.timestamp_roots)
    enclosed = _certain_for_long(pdf, key.chain[0], container.token, roots, at=stamped_at)
    return PdfLevel.B_LT if enclosed else PdfLevel.B_T


def _certain_for_long(
    pdf: bytes,
    leaf: x509.Certificate,
    token: bytes,
    roots: tuple[x509.Certificate, ...],
    *,
    at: datetime,
) -> bool:
    """Tell whether the data inside proves that no certificate was revoked at that time."""
    try:
        store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(pdf)))
        given = store.as_validation_context(
            {
                "trust_roots": asn1(roots),
                "moment": at,
                "allow_fetching": False,
                "revocation_mode": "require",
            }
        )
        for each in asn1([leaf, authority_certificate(token)]):
            validator = CertificateValidator(each, validation_context=given)
            finish(validator.async_validate_path())
    except Exception:  # noqa: BLE001 - no store, or one that proves nothing: the same here
        return False
    return True


def _pinned(certificate: bytes, trust: TrustBundle) -> TrustedKey:
    for key in trust.keys.values():
        if key.use is Use.PDF and key.chain[0].public_bytes(Encoding.DER) == certificate:
            return key
    raise VerificationError(Reason.KEY_UNKNOWN, KEY, "sealed with a certificate we do not trust")


def _validated(pdf: bytes, trust: TrustBundle) -> datetime:
    """Let pyHanko validate the seal, and return the time that is sealed with it."""
    try:
        (seal,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
        signed_at = seal.self_reported_timestamp
        own, authority = (
            ValidationContext(trust_roots=asn1(roots), moment=signed_at, allow_fetching=False)
            for roots in ([trust.root], trust.timestamp_roots)
        )
        status = finish(async_validate_pdf_signature(seal, own, authority))
    except Exception as error:  # as in sealing: no common base, and all mean the same here
        raise VerificationError(
            Reason.PDF_SEAL_MALFORMED, STRUCTURE, "pyHanko cannot read the seal"
        ) from error
    covered = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (covered and status.intact and status.valid and status.docmdp_ok):
        raise VerificationError(Reason.PDF_CHANGED, STRUCTURE, "pyHanko refuses the seal")
    return signed_at  # type: ignore[no-any-return]  # pyHanko has no types


def _attachments(pdf: bytes) -> dict[str, bytes]:
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            files = opened.attachments
            return {name: bytes(files[name].get_file().read_bytes()) for name in files}
    except (pikepdf.PdfError, KeyError, ValueError) as error:
        raise VerificationError(
            Reason.PDF_SEAL_MALFORMED, STRUCTURE, "the attachments cannot be read"
        ) from error


def _refused(error: VerificationError) -> PdfVerdict:
    no = Answer(State.NO, error.reason)
    if error.step == KEY:
        unknown = Answer(State.UNKNOWN, error.reason)
        return PdfVerdict(unknown, no, {}, step=error.step, message=error.message)
    return PdfVerdict(no, NOT_CHECKED, {}, step=error.step, message=error.message)
