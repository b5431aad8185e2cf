"""Time-stamps and validation data: what a seal of each level proves, and what spoils it."""

import hashlib
import subprocess
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from asn1crypto import cms, tsp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

import signing
from signing import PdfLevel, Reason, State
from signing.pdf_container import open_container, ranges
from tests.signing import authority, samples
from tests.signing.test_pdf import CLAIMS, SIGNER, plain


def seal(**changes: Any) -> bytes:
    given = {"reason": "Sổ lao động", "now": samples.NOW} | changes
    return signing.seal_pdf(plain(), SIGNER, **given)


@cache
def stamped() -> bytes:
    return seal(timestamper=authority.direct())


@cache
def long_lived() -> bytes:
    return seal(timestamper=authority.direct(), validation_data=authority.validation_data())


def verify(pdf: bytes, **changes: Any) -> signing.PdfVerdict:
    given = {"trust": authority.trust(), "now": samples.NOW} | changes
    return signing.verify_pdf(pdf, **given)


def withdrawn_at(moment: Any) -> signing.TrustBundle:
    key = signing.trusted(SIGNER.chain, revoked_from=moment)
    return samples.bundle(keys=[key], timestamp_roots=[authority.root()])


class TestLevel:
    def test_is_b_b_without_an_authority_and_says_so(self) -> None:
        verdict = verify(seal())

        assert verdict.integrity.state is verdict.issuer.state is State.YES
        assert verdict.level is PdfLevel.B_B
        assert verdict.timestamp.reason is Reason.TIMESTAMP_MISSING
        assert verdict.signed_at == samples.NOW

    def test_is_b_t_with_the_time_stamp_of_a_server(self) -> None:
        with authority.listening(authority.authority().answer) as timestamper:
            sealed = seal(timestamper=timestamper)

        verdict = verify(sealed)

        assert verdict.integrity.state is verdict.issuer.state is State.YES
        assert verdict.level is PdfLevel.B_T
        assert verdict.timestamp.state is State.YES
        assert verdict.signed_at == authority.STAMPED_AT
        assert verdict.attachments == {"claims.json": CLAIMS}

    def test_is_b_lt_with_the_lists_of_both_roots_inside(self) -> None:
        verdict = verify(long_lived())

        assert verdict.integrity.state is verdict.issuer.state is State.YES
        assert verdict.level is PdfLevel.B_LT

    @pytest.mark.parametrize("kept", ["certificates only", "one list", "list of a stranger"])
    def test_is_only_b_t_when_the_data_inside_does_not_suffice(self, kept: str) -> None:
        whole = authority.validation_data()
        lists = {
            "certificates only": [],
            "one list": whole.revocation_lists[:1],
            "list of a stranger": [
                whole.revocation_lists[0],
                signing.revocation_list(
                    samples.root("Foreign root"),
                    {},
                    number=1,
                    issued_at=samples.BEGIN,
                    next_at=samples.FAR,
                ),
            ],
        }[kept]
        data = replace(whole, revocation_lists=lists)

        verdict = verify(seal(timestamper=authority.direct(), validation_data=data))

        assert verdict.integrity.state is State.YES
        assert verdict.level is PdfLevel.B_T

    def test_is_only_b_t_when_the_list_inside_names_the_key(self) -> None:
        before = samples.NOW - timedelta(days=1)
        mine = signing.revocation_list(
            samples.root(),
            {SIGNER.chain[0]: before},
            number=2,
            issued_at=before,
            next_at=samples.FAR,
        )
        whole = authority.validation_data()
        data = replace(whole, revocation_lists=[mine, whole.revocation_lists[1]])

        assert verify(seal(timestamper=authority.direct(), validation_data=data)).level is (
            PdfLevel.B_T
        )

    def test_keeps_the_whole_file_under_the_seal(self) -> None:
        covered, place = ranges(long_lived())

        assert b"/DSS" in covered
        assert len(covered) + len(place) == len(long_lived())


class TestTimeStamp:
    def test_of_an_authority_we_do_not_know_proves_nothing(self) -> None:
        verdict = verify(stamped(), trust=samples.trust())

        assert verdict.integrity.state is verdict.issuer.state is State.YES
        assert (verdict.timestamp.state, verdict.timestamp.reason) == (
            State.UNKNOWN,
            Reason.TIMESTAMP_UNTRUSTED,
        )
        assert verdict.level is PdfLevel.B_B
        assert verdict.signed_at == samples.NOW

    def test_comes_with_the_trust_list(self) -> None:
        token = signing.trust_list_sign(
            authority.trust(),
            signer=samples.key(signing.Use.TRUST),
            issued_at=samples.NOW,
            expires_at=samples.NOW + timedelta(days=7),
        )

        read = signing.trust_list_read(token, root=samples.root().certificate, now=samples.NOW)

        assert verify(stamped(), trust=read).level is PdfLevel.B_T

    def test_proves_what_is_older_than_the_withdrawal_of_the_key(self) -> None:
        later = withdrawn_at(authority.STAMPED_AT + timedelta(seconds=1))
        tomorrow = samples.NOW + timedelta(days=1)

        assert verify(stamped(), trust=later, now=tomorrow).issuer.state is State.YES
        assert verify(seal(), trust=later, now=tomorrow).issuer.reason is Reason.KEY_WITHDRAWN

    def test_does_not_save_what_a_stolen_key_made_afterwards(self) -> None:
        earlier = withdrawn_at(authority.STAMPED_AT)

        verdict = verify(stamped(), trust=earlier, now=samples.NOW + timedelta(days=1))

        assert verdict.issuer.reason is Reason.KEY_WITHDRAWN
        assert verdict.attachments == {}

    def test_that_is_cut_off_leaves_a_seal_of_level_b_b(self) -> None:
        assert verify(without_stamp(stamped())).level is PdfLevel.B_B

    def test_of_another_seal_is_wrong(self) -> None:
        verdict = verify(with_stamp_of(seal(timestamper=authority.direct()), stamped()))

        assert (verdict.timestamp.state, verdict.timestamp.reason) == (
            State.NO,
            Reason.TIMESTAMP_WRONG,
        )
        assert verdict.level is PdfLevel.B_B

    @given(st.data())
    def test_changed_by_one_byte_is_never_believed_for_another_time(
        self, data: st.DataObject
    ) -> None:
        _, place = ranges(stamped())
        start = stamped().index(place)
        raw = bytearray(stamped())
        at = data.draw(st.integers(start + 1, start + place.index(b"0000000000000000") - 1))
        raw[at] = data.draw(st.sampled_from(b"0123456789ABCDEF"))

        verdict = verify(bytes(raw))

        if verdict.integrity.state is State.YES:
            assert verdict.signed_at in {authority.STAMPED_AT, samples.NOW}
            assert (verdict.level is PdfLevel.B_T) == (verdict.timestamp.state is State.YES)


class TestRefusals:
    def test_an_authority_that_cannot_be_reached_seals_nothing(self) -> None:
        def ask(_query: bytes) -> bytes:
            raise TimeoutError

        with pytest.raises(signing.NoTimeStamp):
            seal(timestamper=signing.TimeStamper(ask, (authority.root(),)))

    @pytest.mark.parametrize("answer", [b"", b"<html>", b"0\x03\x02\x01\x02", bytes(70_000)])
    def test_an_authority_that_answers_something_else_seals_nothing(self, answer: bytes) -> None:
        with (
            authority.listening(lambda _: answer) as timestamper,
            pytest.raises(signing.NoTimeStamp),
        ):
            seal(timestamper=timestamper)

    def test_an_authority_that_answers_for_another_query_seals_nothing(self) -> None:
        first: list[bytes] = []

        def replay(query: bytes) -> bytes:
            first.append(authority.authority().answer(query))
            return first[0]

        replaying = signing.TimeStamper(replay, (authority.root(),))
        seal(timestamper=replaying)

        with pytest.raises(signing.NoTimeStamp):
            seal(timestamper=replaying)

    def test_an_authority_under_another_root_than_expected_seals_nothing(self) -> None:
        stranger = authority.authority("Foreign time-stamp root")

        with pytest.raises(signing.NoTimeStamp):
            seal(timestamper=signing.TimeStamper(stranger.answer, (authority.root(),)))

    def test_validation_data_without_an_authority_is_refused(self) -> None:
        with pytest.raises(signing.SigningError):
            seal(validation_data=authority.validation_data())


class TestIndependently:
    def test_cryptography_verifies_the_time_stamp(self) -> None:
        _, place = ranges(stamped())
        container = open_container(place)
        data = cms.ContentInfo.load(container.token)["content"]
        (info,) = data["signer_infos"]
        stamp = tsp.TSTInfo.load(data["encap_content_info"]["content"].contents)
        attributes = {each["type"].native: each["values"][0] for each in info["signed_attrs"]}

        authority.authority().certificate.public_key().verify(
            info["signature"].native,
            info["signed_attrs"].untag().dump(force=True),
            ec.ECDSA(SHA256()),
        )

        digest = hashlib.sha256(data["encap_content_info"]["content"].contents).digest()
        assert attributes["message_digest"].native == digest
        imprint = stamp["message_imprint"]["hashed_message"].native
        assert imprint == hashlib.sha256(container.signature).digest()
        assert stamp["gen_time"].native == authority.STAMPED_AT

    def test_openssl_verifies_seal_and_time_stamp(self, tmp_path: Path) -> None:
        if which("openssl") is None:  # the test above has done it by hand
            return
        covered, place = ranges(long_lived())
        container = open_container(place)
        der = cms.ContentInfo.load(bytes.fromhex(place[1:-1].decode())).dump()
        for name, content in {
            "seal.der": der,
            "covered.bin": covered,
            "token.der": container.token,
            "signature.bin": container.signature,
        }.items():
            (tmp_path / name).write_bytes(content)
        signing.write_certificates(tmp_path / "root.pem", [samples.root().certificate])
        signing.write_certificates(tmp_path / "authority.pem", [authority.root()])
        at = int(authority.STAMPED_AT.timestamp())

        seal_file = "-inform DER -in seal.der -content covered.bin -binary -out out"
        stamp_file = "-in token.der -token_in -data signature.bin"
        for command in (
            f"cms -verify {seal_file} -CAfile root.pem -purpose any -attime {at}",
            f"ts -verify {stamp_file} -CAfile authority.pem -attime {at}",
        ):
            ran = subprocess.run(
                ["openssl", *command.split()],
                cwd=tmp_path,
                capture_output=True,
                check=False,
                text=True,
            )
            assert ran.returncode == 0, ran.stderr


def without_stamp(pdf: bytes) -> bytes:
    return _with_unsigned(pdf, None)


def with_stamp_of(pdf: bytes, other: bytes) -> bytes:
    _, place = ranges(other)
    data = cms.ContentInfo.load(bytes.fromhex(place[1:-1].decode()))["content"]
    return _with_unsigned(pdf, data["signer_infos"][0]["unsigned_attrs"])


def _with_unsigned(pdf: bytes, unsigned: Any) -> bytes:
    """Return a sealed PDF with other unsigned attributes, as anybody can make it."""
    _, place = ranges(pdf)
    content = cms.ContentInfo.load(bytes.fromhex(place[1:-1].decode()))
    info = content["content"]["signer_infos"][0]
    parts = {name: info[name] for name in info if name != "unsigned_attrs"}
    if unsigned is not None:
        parts["unsigned_attrs"] = unsigned
    content["content"]["signer_infos"] = [cms.SignerInfo(parts)]
    der = content.dump(force=True)
    size = (len(place) - 2) // 2
    return pdf.replace(place, b"<" + der.ljust(size, b"\0").hex().upper().encode() + b">")
