"""Key files: PEM on disk, readable by their owner only and never overwritten."""

import os
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from signing.certificates import Root, signing_key
from signing.errors import SigningError
from signing.keys import SigningKey

_ONLY_OWNER = 0o600


def write_key(path: Path, key: SigningKey, *, password: bytes | None = None) -> None:
    """Write a key (PKCS#8) and its chain to a new PEM file that only its owner can read.

    Raises:
        SigningError: the file exists already; a key is never overwritten.
    """
    _write_new(path, _private_pem(key.private, password) + _certificates_pem(key.chain))


def read_key(path: Path, *, password: bytes | None = None) -> SigningKey:
    """Read what `write_key` wrote.

    Raises:
        SigningError: no such file, wrong password, not P-256, or key and certificate differ.
    """
    return signing_key(*_read_pair(path, password))


def write_root(path: Path, root: Root, *, password: bytes | None = None) -> None:
    """Write a root's key and certificate to a new PEM file that only its owner can read.

    Raises:
        SigningError: the file exists already.
    """
    _write_new(path, _private_pem(root.private, password) + _certificates_pem([root.certificate]))


def read_root(path: Path, *, password: bytes | None = None) -> Root:
    """Read what `write_root` wrote.

    Raises:
        SigningError: as `read_key`.
    """
    private, (certificate, *_) = _read_pair(path, password)
    return Root(private, certificate)


def write_certificates(path: Path, certificates: Iterable[x509.Certificate]) -> None:
    """Write certificates to a new PEM file: all that is kept of a retired key.

    Raises:
        SigningError: the file exists already.
    """
    _write_new(path, _certificates_pem(certificates))


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """Read the certificates in a PEM file; keys in it are not looked at.

    Raises:
        SigningError: no such file, or no certificate in it.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise SigningError(f"no certificate can be read from {path.name}") from error


def _read_pair(
    path: Path, password: bytes | None
) -> tuple[ec.EllipticCurvePrivateKey, tuple[x509.Certificate, ...]]:
    chain = read_certificates(path)
    try:
        private = load_pem_private_key(path.read_bytes(), password)
    except (ValueError, TypeError) as error:
        raise SigningError(f"no private key can be read from {path.name}") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise SigningError("only P-256 keys are used")
    if chain[0].public_key() != private.public_key():
        raise SigningError("the certificate is not this key's")
    return private, chain


def _private_pem(private: ec.EllipticCurvePrivateKey, password: bytes | None) -> bytes:
    encryption: KeySerializationEncryption = NoEncryption()
    if password is not None:
        encryption = BestAvailableEncryption(password)
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def _certificates_pem(certificates: Iterable[x509.Certificate]) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def _write_new(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: whoever looks, or is killed, never sees half a key."""
    draft = path.with_suffix(f".{os.getpid()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _ONLY_OWNER)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _name_new(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _name_new(draft: Path, path: Path) -> None:
    taken = SigningError(f"{path.name} exists already")
    try:
        os.link(draft, path)
    except FileExistsError:
        raise taken from None
    except OSError:  # the file systems of most sticks know one name for a file
        if path.exists():
            raise taken from None
        draft.rename(path)
