"""The bytes of a seal: the range it covers, and a CMS container in the one form that we write.

Source: RFC 5652; ETSI EN 319 142-1 (PAdES baseline); RFC 3161 appendix A for the time-stamp.
"""

import re
from binascii import Error as HexError
from binascii import hexlify, unhexlify
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509

from signing.errors import Reason, VerificationError

MAX_PDF = 32 * 1024 * 1024
FORM, CONTAINER = 1, 2
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_MAX_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Container:
    """What stands in the place of a seal: DER of each part, and signed attributes as asn1crypto's.

    `token` is the time-stamp token, which the signature does not cover: it covers the signature.
    """

    certificate: bytes
    attributes: Any
    signature: bytes
    token: bytes | None

    @property
    def digest(self) -> bytes | None:
        """The digest of the covered bytes that the signature vouches for."""
        for attribute in self.attributes:
            if attribute["type"].native == "message_digest":
                (digest,) = attribute["values"].native
                return bytes(digest)
        return None


def ranges(pdf: bytes) -> tuple[bytes, bytes]:
    """Return the covered bytes and what stands in the gap.

    Raises:
        VerificationError: no seal, more than one, or one that does not cover the file.
    """
    if len(pdf) > MAX_PDF:
        raise VerificationError(Reason.TOO_LARGE, FORM, f"larger than {MAX_PDF} bytes")
    found = _BYTE_RANGE.findall(pdf)
    if not pdf.startswith(b"%PDF-") or not found:
        raise VerificationError(Reason.PDF_NOT_SEALED, FORM, "a PDF without a seal")
    if len(found) > 1:
        raise VerificationError(Reason.PDF_NOT_COVERED, FORM, "more than one signature")
    if any(len(each) > _MAX_DIGITS for each in found[0]):
        raise VerificationError(Reason.PDF_SEAL_MALFORMED, FORM, "no sensible byte range")
    start, before, after, length = map(int, found[0])
    if start != 0 or not before < after or after + length != len(pdf):
        raise VerificationError(Reason.PDF_NOT_COVERED, FORM, "the seal does not cover the file")
    return pdf[:before] + pdf[after:], pdf[before:after]


def open_container(place: bytes) -> Container:
    """Return the parts of a container in our exact form.

    Raises:
        VerificationError: any other spelling, or no container at all.
    """
    try:
        padded = unhexlify(place[1:-1])
        data = cms.ContentInfo.load(padded)["content"]
        (choice,), (info,) = data["certificates"], data["signer_infos"]
        opened = Container(
            choice.chosen.dump(), info["signed_attrs"], info["signature"].native, _token(info)
        )
        rebuilt = _dump(opened)
        expected = b"<" + hexlify(rebuilt.ljust(len(padded), b"\0")).upper() + b">"
    except (HexError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise VerificationError(
            Reason.PDF_SEAL_MALFORMED, CONTAINER, "the seal cannot be read"
        ) from error
    if place != expected:
        raise VerificationError(Reason.PDF_SEAL_MALFORMED, CONTAINER, "not the form that we write")
    return opened


def _token(info: Any) -> bytes | None:  # noqa: ANN401 - asn1crypto has no types
    """Return the one time-stamp token; whatever else is unsigned spoils the exact form."""
    for attribute in info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            (token,) = attribute["values"]
            return bytes(token.dump())
    return None


def _dump(container: Container) -> bytes:
    """Return the CMS container as pyHanko writes it for our keys (RFC 5652, detached)."""
    leaf = asn1_x509.Certificate.load(container.certificate)
    digest = {"algorithm": "sha256"}
    signer = {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
    info: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": signer}),
        "digest_algorithm": digest,
        "signed_attrs": container.attributes,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": container.signature,
    }
    if container.token is not None:
        stamp = {"type": "signature_time_stamp_token", "values": [_load(container.token)]}
        info["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute(stamp)])
    signed_data = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": [leaf],
        "signer_infos": [info],
    }
    content = cms.ContentInfo({"content_type": "signed_data", "content": signed_data})
    return bytes(content.dump())


def _load(token: bytes) -> Any:  # noqa: ANN401 - asn1crypto has no types
    return cms.ContentInfo.load(token)
