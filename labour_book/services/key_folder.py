"""The folder of keys: the root's certificate, and a file for each key that is not in a token."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import signing
from labour_book.errors import Unavailable
from labour_book.services.installation import Issuer
from signing import SigningError, SigningKey, Use

if TYPE_CHECKING:  # loads what only installations with a token have
    from signing import HardwareToken

ROOT_FILE = "root.pem"
LEAF_YEARS = 3
ROOT_YEARS = 20
YEAR = timedelta(days=365)
_PRIVATE = b" PRIVATE KEY-----"


def root_of(key_dir: Path) -> Path:
    """Return the file of the root: its certificate, and in a demo its key."""
    return key_dir / ROOT_FILE


def unpublished(
    key_dir: Path, known: Collection[str], token: "HardwareToken | None" = None
) -> Iterator[SigningKey]:
    """Yield the keys of the folder that are not known yet, from files or out of the token.

    The files of keys that are known are not opened: those of retired keys may be gone or broken.

    Raises:
        SigningError: one cannot be read, or its file has not the name it will be looked for under.
    """
    for path in sorted(key_dir.glob("*.pem")):
        if path.name == ROOT_FILE or path.stem in known:
            continue
        if token is None or has_private_key(path):
            key = signing.read_key(path)
            if path != path_of(key_dir, key.kid):
                raise SigningError(f"{path.name} is to be named {key.kid}.pem, by its key's id")
        else:
            key = token.key_of(signing.read_certificates(path))
        if key.kid not in known:
            yield key


def private_root(key_dir: Path) -> signing.Root | None:
    """Return the root with its private key, which production keeps elsewhere."""
    try:
        return signing.read_root(root_of(key_dir))
    except SigningError:
        return None


def write_new_root(
    path: Path, issuer: Issuer, starts: datetime, *, passphrase: bytes | None = None
) -> None:
    """Make the key that certifies the others, and write its file, locked by the passphrase."""
    root = signing.new_root(
        common_name=f"{issuer.name_en} root",
        not_before=starts,
        not_after=starts + ROOT_YEARS * YEAR,
    )
    signing.write_root(path, root, password=passphrase)


def write_leaf(
    key_dir: Path, root: signing.Root, use: Use, issuer: Issuer, starts: datetime
) -> SigningKey:
    """Make a key, certify it and write its file."""
    key = signing.new_leaf(
        root,
        use=use,
        issuer_uri=issuer.uri,
        common_name=f"{issuer.name_en} {use} {starts.year}",
        not_before=starts,
        not_after=starts + LEAF_YEARS * YEAR,
    )
    signing.write_key(path_of(key_dir, key.kid), key)
    return key


def leaf_in_token(
    token: "HardwareToken", root: signing.Root, use: Use, issuer: Issuer, starts: datetime
) -> SigningKey:
    """Make a key in the token and certify it.

    Raises:
        Unavailable: the token makes none.
    """
    label = f"{use}-{starts:%Y%m%dT%H%M%SZ}"
    try:
        leaf = signing.certify(
            root,
            token.new_key(label),
            use=use,
            issuer_uri=issuer.uri,
            common_name=f"{issuer.name_en} {use} {starts.year}",
            not_before=starts,
            not_after=starts + LEAF_YEARS * YEAR,
        )
        return token.signing_key(label, (leaf,))
    except SigningError as error:
        raise Unavailable(f"no key can be made in the hardware token: {error}") from error


def check_certified(
    found: Iterable[SigningKey], key_dir: Path, issuer: Issuer, now: datetime
) -> None:
    """Refuse to publish what nobody could believe; it would spoil the bundle for all the others.

    Raises:
        SigningError: the root has not certified a key for this issuer.
    """
    root, *_ = signing.read_certificates(root_of(key_dir))
    signing.trust_bundle(issuer=issuer.uri, root=root, keys=found, issued_at=now)


def has_private_key(path: Path) -> bool:
    """Say whether a file holds more than a certificate."""
    return path.exists() and _PRIVATE in path.read_bytes()


def path_of(key_dir: Path, kid: str) -> Path:
    """Return the file of a key."""
    return key_dir / f"{kid}.pem"
