"""Keys, certificates and key files."""

import errno
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey, KeySet

import signing
from signing.certificates import issuer_of, signing_key
from signing.keys import SIGNATURE_BYTES
from tests.signing import samples


class TestThumbprint:
    def test_is_the_one_joserfc_computes(self) -> None:
        jwk = signing.public_jwk(samples.key().public_key)

        assert signing.thumbprint(jwk) == ECKey.import_key(jwk).thumbprint()

    def test_leaves_out_all_but_the_required_members(self) -> None:
        jwk = signing.public_jwk(samples.key().public_key)

        assert signing.thumbprint({**jwk, "kid": "x", "use": "sig"}) == signing.thumbprint(jwk)

    @pytest.mark.parametrize("changes", [{"x": None}, {"y": 1}])
    def test_refuses_an_incomplete_key(self, changes: dict[str, Any]) -> None:
        with pytest.raises(signing.SigningError):
            signing.thumbprint(signing.public_jwk(samples.key().public_key) | changes)


class TestPublicJwk:
    def test_refuses_another_curve(self) -> None:
        with pytest.raises(signing.SigningError):
            signing.public_jwk(ec.generate_private_key(ec.SECP384R1()).public_key())


class TestJwks:
    def test_publishes_current_and_retired_keys_without_private_parts(self) -> None:
        retired = signing.trusted(samples.key(not_after=datetime(2026, 6, 1, tzinfo=UTC)).chain)

        published = signing.jwks([samples.key(), retired])["keys"]

        assert {each["kid"] for each in published} == {samples.key().kid, retired.kid}
        assert all("d" not in each for each in published)
        assert len(KeySet.import_key_set({"keys": published}).keys) == 2

    def test_never_publishes_the_root(self) -> None:
        root = signing.keys.x5c([samples.root().certificate])[0]

        assert all(root not in each["x5c"] for each in signing.jwks([samples.key()])["keys"])


class TestSign:
    def test_gives_64_bytes(self) -> None:
        assert {len(samples.key().sign(bytes([n]))) for n in range(50)} == {SIGNATURE_BYTES}


class TestNewLeaf:
    def test_names_its_issuer_use_and_period(self) -> None:
        leaf = samples.key(signing.Use.QR).chain[0]

        assert issuer_of(leaf) == samples.ISSUER
        assert leaf.not_valid_before_utc == samples.BEGIN
        assert leaf.not_valid_after_utc == samples.END
        assert samples.key(signing.Use.QR).use is signing.Use.QR
        leaf.verify_directly_issued_by(samples.root().certificate)

    def test_has_only_its_leaf_in_the_chain(self) -> None:
        assert len(samples.key().chain) == 1

    def test_may_not_certify_others(self) -> None:
        constraints = (
            samples.key().chain[0].extensions.get_extension_for_class(x509.BasicConstraints)
        )

        assert not constraints.value.ca
        assert constraints.critical

    @pytest.mark.parametrize(
        ("not_before", "not_after"),
        [
            (samples.BEGIN - timedelta(days=1), samples.END),
            (samples.BEGIN, samples.FAR + timedelta(days=1)),
            (samples.END, samples.BEGIN),
        ],
    )
    def test_stays_within_the_period_of_its_root(
        self, not_before: datetime, not_after: datetime
    ) -> None:
        with pytest.raises(signing.SigningError):
            samples.key(not_before=not_before, not_after=not_after)


class TestKeyFiles:
    @pytest.mark.parametrize("password", [None, b"secret"])
    def test_keep_a_key_with_its_chain(self, tmp_path: Path, password: bytes | None) -> None:
        path = tmp_path / "credential-2026.pem"

        signing.write_key(path, samples.key(), password=password)
        read = signing.read_key(path, password=password)

        assert (read.kid, read.use, read.chain) == (
            samples.key().kid,
            signing.Use.CREDENTIAL,
            samples.key().chain,
        )
        assert (read.not_before, read.not_after) == (samples.BEGIN, samples.END)
        assert samples.verify(samples.issue(signer=read)).is_good

    def test_are_for_their_owner_only_and_in_pkcs8(self, tmp_path: Path) -> None:
        path = tmp_path / "key.pem"

        signing.write_key(path, samples.key())

        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text().startswith("-----BEGIN PRIVATE KEY-----")

    @pytest.mark.parametrize("links", [True, False], ids=["a disk", "a stick without links"])
    def test_are_never_overwritten(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
    ) -> None:
        if not links:
            monkeypatch.setattr(os, "link", partial(_refused, errno.EPERM))
        path = tmp_path / "key.pem"
        signing.write_key(path, samples.key())
        before = path.read_bytes()

        for write in (
            lambda: signing.write_key(path, samples.key()),
            lambda: signing.write_root(path, samples.root()),
            lambda: signing.write_certificates(path, samples.key().chain),
        ):
            with pytest.raises(signing.SigningError):
                write()

        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]

    def test_are_whole_or_not_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "fsync", partial(_refused, errno.ENOSPC))

        with pytest.raises(OSError, match="No space"):
            signing.write_key(tmp_path / "key.pem", samples.key())

        assert list(tmp_path.iterdir()) == []

    def test_keep_the_root(self, tmp_path: Path) -> None:
        path = tmp_path / "root.pem"

        signing.write_root(path, samples.root(), password=b"secret")
        read = signing.read_root(path, password=b"secret")

        assert read.certificate == samples.root().certificate
        assert signing.read_certificates(path) == (samples.root().certificate,)

    def test_keep_of_a_retired_key_its_certificate(self, tmp_path: Path) -> None:
        path = tmp_path / "retired.pem"
        signing.write_certificates(path, samples.key().chain)

        retired = signing.trusted(signing.read_certificates(path))

        assert samples.verify(samples.issue(), trust=samples.bundle(keys=[retired])).is_good

    def test_are_refused_when_wrong(self, tmp_path: Path) -> None:
        files = {name: tmp_path / name for name in ("locked", "mixed", "text", "curve", "bare")}
        signing.write_key(files["locked"], samples.key(), password=b"secret")
        signing.write_key(
            files["mixed"], replace(samples.key(), chain=samples.key(signing.Use.LOG).chain)
        )
        files["text"].write_text("hello")
        signing.write_certificates(files["bare"], samples.key().chain)
        other = ec.generate_private_key(ec.SECP384R1())
        files["curve"].write_bytes(
            other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            + files["bare"].read_bytes()
        )

        for path in (*files.values(), tmp_path / "missing"):
            with pytest.raises(signing.SigningError):
                signing.read_key(path)
        with pytest.raises(signing.SigningError):
            signing.read_key(files["locked"], password=b"guess")


class TestSigningKey:
    def test_shows_no_private_part(self) -> None:
        assert "private" not in repr(samples.key())
        assert "private" not in repr(samples.root())

    def test_refuses_the_certificate_of_another_key(self) -> None:
        with pytest.raises(signing.SigningError):
            signing_key(samples.key().private, samples.key(signing.Use.LOG).chain)
        with pytest.raises(signing.SigningError):
            signing_key(samples.key().private, ())


def _refused(number: int, *_: object) -> None:
    raise OSError(number, os.strerror(number))
