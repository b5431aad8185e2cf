"""Seal a PDF: PAdES B-B, B-T with a time-stamp authority, B-LT with validation data as well.

The seal is invisible: pyHanko's visible stamp uses a font that is not embedded, which breaks
PDF/A. Validation data goes into the same revision as the seal, which so covers it: the usual
update after the seal would leave room for somebody else's. Archive time-stamps (B-LTA) are not
made here.

Source: ETSI EN 319 142-1 section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import algos, crl
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation.dss import DocumentSecurityStore

from signing.errors import SigningError
from signing.jws import check_use
from signing.keys import SigningKey, Use
from signing.pyhanko_calls import asn1, finish
from signing.time_stamp import AskAndCheck, TimeStamper

FIELD = "Seal"
# Hex digits for the container: ours needs about 2,000, an authority's token up to 12,000
_RESERVED, _RESERVED_WITH_STAMP = 4096, 32768


@dataclass(frozen=True, slots=True)
class ValidationData:
    """What is kept inside a PDF so that it can be checked when nobody answers any more.

    `revocation_lists` are DER, of our own root and of the time-stamp authority's.
    """

    certificates: Sequence[x509.Certificate]
    revocation_lists: Sequence[bytes]


class _Es256(Signer):
    """Lets pyHanko sign with one of our keys, wherever its private part lives."""

    def __init__(self, key: SigningKey) -> None:
        (leaf, *_) = asn1(key.chain)
        super().__init__(
            signing_cert=leaf,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            embed_roots=False,
        )
        self._key = key

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002 - fixed by the mechanism
        dry_run: bool = False,  # noqa: FBT001, FBT002, ARG002 - pyHanko's signature; no estimate is asked for
    ) -> bytes:
        return self._key.sign_der(data)


class _PdfA3Signer(PdfSigner):
    """Leaves the file at PDF 1.7, on which PDF/A-3 rests.

    pyHanko would raise it to 2.0 to announce ISO/TS 32002 (ECDSA), which readers of 1.7 files
    check without any announcement.
    """

    def register_extensions(
        self,
        pdf_out: BasePdfFileWriter,
        *,
        md_algorithm: str,  # noqa: ARG002 - pyHanko's signature
    ) -> None:
        pdf_out.register_extension(ESIC_EXTENSION_1)


def seal_pdf(
    pdf: bytes,
    signer: SigningKey,
    *,
    reason: str,
    now: datetime,
    timestamper: TimeStamper | None = None,
    validation_data: ValidationData | None = None,
) -> bytes:
    """Return the PDF with an invisible seal that allows no further change.

    With a `timestamper` the seal is of level B-T, with `validation_data` also B-LT, else B-B.

    Raises:
        NoTimeStamp: the authority gave none; nothing was sealed, and the caller decides whether
            B-B will do.
        SigningError: a key of another use or time, a PDF that cannot be sealed, or validation
            data without an authority.
    """
    check_use(signer, Use.PDF, at=now)
    if validation_data is not None and timestamper is None:
        raise SigningError("validation data is of use only together with a time-stamp")
    stamping = AskAndCheck(timestamper) if timestamper else None
    sealer = _PdfA3Signer(_metadata(reason), _Es256(signer), timestamper=stamping)
    try:
        return _sealed(pdf, sealer, now, validation_data)
    except SigningError:
        raise
    except Exception as error:  # pyHanko has no common base for what a strange PDF makes it raise
        raise SigningError("this PDF cannot be sealed") from error


def _metadata(reason: str) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )


def _sealed(
    pdf: bytes, sealer: PdfSigner, now: datetime, validation_data: ValidationData | None
) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.document_meta.last_modified = now
    if validation_data is not None:
        _enclose(writer, validation_data)
    session = sealer.init_signing_session(writer)
    session.system_time = now
    reserved = _RESERVED if sealer.default_timestamper is None else _RESERVED_WITH_STAMP
    document = session.prepare_tbs_document(None, reserved)
    output = BytesIO()
    digest, _ = document.digest_tbs_document(output=output)
    attributes = PdfCMSSignedAttributes(signing_time=now)
    finish(document.perform_signature(digest.document_digest, attributes))
    return output.getvalue()


def _enclose(writer: IncrementalPdfFileWriter, enclosed: ValidationData) -> None:
    """Write the document security store, without an entry for a seal that is not there yet."""
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=asn1(enclosed.certificates),
        crls=[crl.CertificateList.load(each) for each in enclosed.revocation_lists],
    )
