"""Sealed PDFs: accepted as sealed, refused after any change, checked without pyHanko too."""

import asyncio
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Any

import pikepdf
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

import signing
from signing import Reason, State
from signing.pdf_container import ranges
from tests.signing import samples

CLAIMS = b'{"book_no":"VN-0000123"}'
SIGNER = samples.key(signing.Use.PDF)


@cache
def plain() -> bytes:
    """Return a PDF/A-3b with an attachment, without drawing a page."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.attachments["claims.json"] = pikepdf.AttachedFileSpec(
        pdf, CLAIMS, filename="claims.json", mime_type="application/json"
    )
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        xmp["pdfaid:part"], xmp["pdfaid:conformance"] = "3", "B"
    output = BytesIO()
    pdf.save(output, static_id=True, force_version="1.7")
    return output.getvalue()


@cache
def sealed() -> bytes:
    return seal()


def seal(pdf: bytes | None = None, signer: signing.SigningKey = SIGNER) -> bytes:
    return signing.seal_pdf(pdf or plain(), signer, reason="Sổ lao động", now=samples.NOW)


def verify(pdf: bytes, **changes: Any) -> signing.PdfVerdict:
    given = {"trust": samples.trust(), "now": samples.NOW} | changes
    return signing.verify_pdf(pdf, **given)


def assert_refused(pdf: bytes, *reasons: Reason) -> None:
    verdict = verify(pdf)
    assert verdict.integrity.state is State.NO
    assert verdict.integrity.reason in reasons
    assert verdict.attachments == {}


class TestSealPdf:
    def test_is_accepted_with_its_attachments(self) -> None:
        verdict = verify(sealed())

        assert verdict.integrity.state is verdict.issuer.state is State.YES
        assert verdict.attachments == {"claims.json": CLAIMS}
        assert verdict.signed_at == samples.NOW
        assert verdict.kid == SIGNER.kid

    def test_leaves_the_bytes_of_the_document_as_they_were(self) -> None:
        assert sealed().startswith(plain())

    def test_stays_pdf_1_7_with_its_archive_mark(self) -> None:
        with pikepdf.open(BytesIO(sealed())) as pdf:
            assert pdf.pdf_version == "1.7"
            assert "/Version" not in pdf.Root
            assert pdf.open_metadata()["pdfaid:part"] == "3"

    def test_is_invisible_printable_and_uses_no_font(self) -> None:
        with pikepdf.open(BytesIO(sealed())) as pdf:
            (field,) = pdf.Root.AcroForm.Fields
            rect = [float(each) for each in field.Rect]
            assert (rect[2] - rect[0], rect[3] - rect[1]) == (0, 0)
            assert int(field.F) & 4  # PDF/A: the print flag
            assert b"/Font" not in sealed()[len(plain()) :]

    def test_is_a_pades_signature_that_certifies_against_any_change(self) -> None:
        with pikepdf.open(BytesIO(sealed())) as pdf:
            seal_object = pdf.Root.AcroForm.Fields[0].V
            assert seal_object.SubFilter == "/ETSI.CAdES.detached"
            assert pdf.Root.Perms.DocMDP == seal_object
            assert seal_object.Reference[0].TransformParams.P == 1
            assert str(seal_object.Reason) == "Sổ lao động"
            assert str(seal_object.M) == "D:20261001080000Z"

    def test_works_inside_an_event_loop(self) -> None:
        async def inside() -> signing.PdfVerdict:
            return verify(seal())

        assert asyncio.run(inside()).integrity.state is State.YES

    @pytest.mark.parametrize(
        "signer",
        [
            samples.key(),
            samples.key(signing.Use.PDF, not_before=samples.NOW + timedelta(seconds=1)),
            samples.key(signing.Use.PDF, not_after=samples.NOW),
        ],
    )
    def test_refuses_a_key_of_another_use_or_time(self, signer: signing.SigningKey) -> None:
        with pytest.raises(signing.SigningError):
            seal(signer=signer)

    @pytest.mark.parametrize("pdf", [b"", b"hello", b"%PDF-1.7\n%%EOF"])
    def test_refuses_what_is_no_pdf(self, pdf: bytes) -> None:
        with pytest.raises(signing.SigningError):
            signing.seal_pdf(pdf, SIGNER, reason="x", now=samples.NOW)

    def test_refuses_to_seal_twice(self) -> None:
        with pytest.raises(signing.SigningError):
            seal(sealed())


class TestIndependently:
    def test_cryptography_verifies_the_signature_over_the_covered_bytes(self) -> None:
        covered, place = ranges(sealed())
        data = cms.ContentInfo.load(bytes.fromhex(place[1:-1].decode()))["content"]
        (info,) = data["signer_infos"]
        attributes = {each["type"].native: each["values"][0] for each in info["signed_attrs"]}

        SIGNER.public_key.verify(
            info["signature"].native,
            info["signed_attrs"].untag().dump(),
            ec.ECDSA(SHA256()),
        )

        digest = cms.OctetString  # asn1crypto's own type, for the comparison below
        assert isinstance(attributes["message_digest"], digest)
        assert attributes["message_digest"].native == sha256_of(covered)
        assert attributes.keys() == {"content_type", "message_digest", "signing_certificate_v2"}
        assert len(data["certificates"]) == 1
        assert data["encap_content_info"]["content"].native is None

    def test_openssl_verifies_the_container_against_the_root(self, tmp_path: Path) -> None:
        if which("openssl") is None:  # the path by hand then; the signature is checked above
            SIGNER.chain[0].verify_directly_issued_by(samples.root().certificate)
            return
        covered, place = ranges(sealed())
        der = cms.ContentInfo.load(bytes.fromhex(place[1:-1].decode())).dump()
        (tmp_path / "seal.der").write_bytes(der)
        (tmp_path / "covered.bin").write_bytes(covered)
        signing.write_certificates(tmp_path / "root.pem", [samples.root().certificate])
        command = "openssl cms -verify -inform DER -in seal.der -content covered.bin -binary"
        options = f"-CAfile root.pem -purpose any -attime {int(samples.NOW.timestamp())}"

        ran = subprocess.run(
            [*command.split(), *options.split(), "-out", "out"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            text=True,
        )

        assert ran.returncode == 0, ran.stderr
        assert (tmp_path / "out").read_bytes() == covered


def sha256_of(data: bytes) -> bytes:
    from hashlib import sha256  # noqa: PLC0415 - only here

    return sha256(data).digest()


class TestVerifyPdf:
    @given(st.data())
    def test_refuses_any_one_changed_byte(self, data: st.DataObject) -> None:
        raw = bytearray(sealed())
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at] ^= data.draw(st.integers(1, 255))

        assert verify(bytes(raw)).integrity.state is not State.YES

    @given(st.data())
    def test_refuses_any_one_changed_byte_in_the_place_of_the_seal(
        self, data: st.DataObject
    ) -> None:
        _, place = ranges(sealed())
        start = sealed().index(place)
        raw = bytearray(sealed())
        at = data.draw(st.integers(start, start + len(place) - 1))
        raw[at] ^= data.draw(st.sampled_from([0x20, *range(1, 256)]))

        assert verify(bytes(raw)).integrity.state is not State.YES

    def test_refuses_an_update_after_the_seal(self) -> None:
        writer = IncrementalPdfFileWriter(BytesIO(sealed()))
        writer.root["/Lang"] = pikepdf_string("vi")
        writer.update_root()
        output = BytesIO()
        writer.write(output)

        assert output.getvalue().startswith(sealed())
        assert_refused(output.getvalue(), Reason.PDF_NOT_COVERED)

    @pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF\n", b"\0" * 100])
    def test_refuses_bytes_after_the_end(self, tail: bytes) -> None:
        assert_refused(sealed() + tail, Reason.PDF_NOT_COVERED)

    def test_refuses_a_second_signature(self) -> None:
        fake = b"/ByteRange [0 10 20 30]"

        assert_refused(sealed() + fake, Reason.PDF_NOT_COVERED)

    def test_refuses_a_swapped_attachment(self) -> None:
        start = plain().index(b"stream", plain().index(b"/EmbeddedFile"))
        raw = bytearray(sealed())
        raw[start + 12] ^= 1

        assert_refused(bytes(raw), Reason.PDF_CHANGED)

    def test_refuses_a_rewritten_file_with_another_attachment(self) -> None:
        with pikepdf.open(BytesIO(sealed())) as pdf:
            pdf.attachments["claims.json"] = pikepdf.AttachedFileSpec(pdf, b"{}")
            output = BytesIO()
            pdf.save(output)

        assert verify(output.getvalue()).integrity.state is State.NO

    def test_refuses_the_seal_of_another_document(self) -> None:
        _, place = ranges(sealed())
        other = seal()
        _, own = ranges(other)

        assert_refused(other.replace(own, place), Reason.PDF_CHANGED)

    def test_refuses_a_file_without_a_seal(self) -> None:
        assert_refused(plain(), Reason.PDF_NOT_SEALED)
        assert_refused(b"", Reason.PDF_NOT_SEALED)
        assert_refused(b"hello", Reason.PDF_NOT_SEALED)

    @pytest.mark.parametrize(
        "numbers",
        [b"0 5 5 5", b"1 5 9 9", b"0 9 5 9", b"0 1 2 " + b"9" * 4000, b"0 0 0 0"],
    )
    def test_refuses_a_byte_range_that_makes_no_sense(self, numbers: bytes) -> None:
        pdf = b"%PDF-1.7\n/ByteRange [" + numbers + b"]"

        assert_refused(pdf, Reason.PDF_NOT_COVERED, Reason.PDF_SEAL_MALFORMED)

    @pytest.mark.parametrize("place", [b"", b"<>", b"<00>", b"<zz>", b"<3080>", b"x" * 50])
    def test_refuses_a_container_that_cannot_be_read(self, place: bytes) -> None:
        before = b"%PDF-1.7\n"
        after = b"/ByteRange [0 %d %d 00]" % (len(before), len(before) + len(place))
        after = after.replace(b" 00]", b" %2d]" % len(after))

        assert_refused(before + place + after, Reason.PDF_SEAL_MALFORMED, Reason.PDF_NOT_COVERED)

    def test_refuses_what_is_too_large(self) -> None:
        assert_refused(b"%PDF-" + bytes(33 * 1024 * 1024), Reason.TOO_LARGE)

    @pytest.mark.parametrize(
        "signer",
        [
            samples.key(signing.Use.PDF, root_name="Foreign root"),
            samples.key(signing.Use.PDF, issuer="https://other.example"),
        ],
    )
    def test_says_no_to_an_issuer_it_does_not_know(self, signer: signing.SigningKey) -> None:
        verdict = verify(seal(signer=signer))

        assert verdict.integrity.state is State.UNKNOWN
        assert (verdict.issuer.state, verdict.issuer.reason) == (State.NO, Reason.KEY_UNKNOWN)
        assert verdict.attachments == {}

    def test_says_no_to_a_withdrawn_key(self) -> None:
        withdrawn = samples.bundle(keys=[signing.trusted(SIGNER.chain, revoked_from=samples.NOW)])

        verdict = verify(sealed(), trust=withdrawn)

        assert verdict.integrity.state is State.YES
        assert (verdict.issuer.state, verdict.issuer.reason) == (State.NO, Reason.KEY_WITHDRAWN)
        assert verdict.attachments == {}

    def test_believes_a_retired_key(self) -> None:
        verdict = verify(sealed(), now=samples.END + timedelta(days=365))

        assert verdict.issuer.state is State.YES

    def test_says_no_to_a_seal_outside_the_period_of_its_key(self) -> None:
        late = signing.seal_pdf(
            plain(),
            replace(SIGNER, not_after=samples.FAR),
            reason="x",
            now=datetime(2030, 1, 1, tzinfo=UTC),
        )

        verdict = verify(late, now=datetime(2030, 1, 2, tzinfo=UTC))

        assert verdict.integrity.state is State.YES
        assert verdict.issuer.reason is Reason.KEY_OUT_OF_PERIOD
        assert verdict.attachments == {}


def pikepdf_string(text: str) -> Any:
    from pyhanko.pdf_utils.generic import pdf_string  # noqa: PLC0415 - only here

    return pdf_string(text)
