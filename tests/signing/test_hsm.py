"""Keys in a token (SoftHSM2): they sign whatever a key in a file signs, and do not leave."""

import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import signing
from signing.keys import SIGNATURE_BYTES
from tests.signing import samples
from tests.signing.test_pdf import plain

LIBRARIES = [
    *map(Path, filter(None, [os.environ.get("TEST_PKCS11_LIBRARY")])),
    *Path("/usr/lib").glob("*/softhsm/libsofthsm2.so"),
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
]
LIBRARY = next((each for each in LIBRARIES if each.exists()), None)
LABEL, PIN = "labour-book", "1234"

pytestmark = pytest.mark.skipif(
    LIBRARY is None or which("softhsm2-util") is None, reason="SoftHSM2 is not installed"
)


@dataclass(frozen=True)
class Opened:
    library: Path
    token: signing.HardwareToken

    def key(self, use: signing.Use) -> signing.SigningKey:
        public = self.token.new_key(use.value)
        leaf = signing.certify(
            samples.root(),
            public,
            use=use,
            issuer_uri=samples.ISSUER,
            common_name=f"Token {use}",
            not_before=samples.BEGIN,
            not_after=samples.END,
        )
        return self.token.signing_key(use.value, (leaf,))


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A new token of its own: the library reads its configuration once a process."""
    assert LIBRARY is not None
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        command = f"softhsm2-util --init-token --free --label {LABEL} --pin {PIN} --so-pin {PIN}"
        subprocess.run(command.split(), check=True, capture_output=True)
        with signing.open_token(LIBRARY, token=LABEL, pin=PIN) as token:
            yield Opened(LIBRARY, token)


@pytest.fixture(scope="session")
def keys(opened: Opened) -> dict[signing.Use, signing.SigningKey]:
    return {use: opened.key(use) for use in signing.Use}


Keys = dict[signing.Use, signing.SigningKey]


class TestSigningKey:
    def test_signs_raw_and_verifies_with_its_public_key(self, keys: Keys) -> None:
        key = keys[signing.Use.CREDENTIAL]

        signatures = {key.sign(b"data") for _ in range(20)}

        assert {len(each) for each in signatures} == {SIGNATURE_BYTES}
        for each in signatures:
            signing.trusted(key.chain).check(each, b"data", step=0)

    def test_issues_credentials_lists_and_qr_codes(self, keys: Keys) -> None:
        trust = samples.bundle(keys=keys.values())
        listed = signing.sign_status_list(
            signing.StatusList.of(100, {}),
            signer=keys[signing.Use.STATUS_LIST],
            uri=samples.STATUS_URI,
            issued_at=samples.NOW,
        )
        status = {samples.STATUS_URI: signing.read_status_list(listed, trust, samples.NOW)}
        offline = samples.bundle(keys=keys.values(), status=status)

        token = samples.issue(signer=keys[signing.Use.CREDENTIAL])
        text = samples.compact(signer=keys[signing.Use.QR])

        assert signing.verify_credential(token, offline, samples.NOW).is_good
        assert signing.compact_verify(text, offline, samples.NOW).is_good

    def test_seals_a_pdf(self, keys: Keys) -> None:
        key = keys[signing.Use.PDF]

        sealed = signing.seal_pdf(plain(), key, reason="x", now=samples.NOW)

        verdict = signing.verify_pdf(sealed, samples.bundle(keys=keys.values()), samples.NOW)
        assert verdict.integrity.state is verdict.issuer.state is signing.State.YES
        assert verdict.kid == key.kid

    def test_signs_for_several_threads_at_once(self, keys: Keys) -> None:
        key, made = keys[signing.Use.LOG], []

        def work() -> None:
            made.extend(key.sign(b"data") for _ in range(50))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

        assert len(made) == 200
        for each in made:
            signing.trusted(key.chain).check(each, b"data", step=0)

    def test_does_not_leave_the_token(self, keys: Keys, tmp_path: Path) -> None:
        private = keys[signing.Use.CREDENTIAL].private

        for attempt in (
            private.private_numbers,
            lambda: private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            lambda: private.exchange(ec.ECDH(), private.public_key()),
            lambda: signing.write_key(tmp_path / "key.pem", keys[signing.Use.CREDENTIAL]),
            lambda: private.sign(b"data", ec.ECDSA(SHA384())),
        ):
            with pytest.raises(signing.SigningError):
                attempt()
        assert not (tmp_path / "key.pem").exists()


class TestHardwareToken:
    def test_refuses_a_label_twice_and_one_that_is_not_there(
        self, opened: Opened, keys: Keys
    ) -> None:
        chain = keys[signing.Use.QR].chain

        with pytest.raises(signing.SigningError):
            opened.token.new_key(signing.Use.QR.value)
        with pytest.raises(signing.SigningError):
            opened.token.signing_key("nothing", chain)

    def test_refuses_the_certificate_of_another_key(self, opened: Opened, keys: Keys) -> None:
        with pytest.raises(signing.SigningError):
            opened.token.signing_key(signing.Use.QR.value, keys[signing.Use.LOG].chain)


class TestOpenToken:
    @pytest.mark.parametrize(("token", "pin"), [("another", PIN), (LABEL, "wrong")])
    def test_refuses_a_token_that_is_not_there_and_a_wrong_pin(
        self, opened: Opened, token: str, pin: str
    ) -> None:
        with (
            pytest.raises(signing.SigningError),
            signing.open_token(opened.library, token=token, pin=pin),
        ):
            pass

    def test_refuses_what_is_no_library(self, tmp_path: Path) -> None:
        with (
            pytest.raises(signing.SigningError),
            signing.open_token(tmp_path / "none.so", token=LABEL, pin=PIN),
        ):
            pass

    def test_keeps_the_session_open(self, keys: Keys) -> None:
        # 4,400 signatures a second with one session, 136 with a session each
        from time import process_time  # noqa: PLC0415 - only here

        started = process_time()
        for _ in range(200):
            keys[signing.Use.QR].sign(b"data")

        assert process_time() - started < 1
