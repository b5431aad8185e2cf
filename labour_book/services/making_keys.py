"""The keys of an installation that is no demo, made on a machine without a network.

Two folders come of it: ``root`` holds the key that certifies the others, goes into a safe and never
to the server; ``keys`` is what the server gets.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import signing
from labour_book.errors import Invalid, Unavailable
from labour_book.services.installation import Issuer
from labour_book.services.key_folder import ROOT_FILE, ROOT_YEARS, YEAR, write_leaf
from signing import Root, SigningError, SigningKey, Use

SAFE, SERVER = "root", "keys"
SHORTEST_PASSPHRASE = 12
"""Characters."""
_ONLY_OWNER = 0o700


@dataclass(frozen=True, slots=True)
class MadeKeys:
    """What was made."""

    root_is_new: bool
    keys: tuple[SigningKey, ...]


def make_keys(
    folder: Path, *, issuer: Issuer, uses: Collection[Use], passphrase: str, now: datetime
) -> MadeKeys:
    """Make a key for each of the uses, and the root that certifies them where there is none yet.

    Keys count from the beginning of the day (UTC), because no two clocks are alike.

    Raises:
        Invalid: the passphrase is too short, or the address is none that a book can be issued from.
        Unavailable: the folder cannot be written, the passphrase is not the root's, or its period
            ends before that of a key would.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Invalid(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters")
    if not issuer.uri.startswith("https://") or issuer.uri.endswith("/"):
        raise Invalid("the address is that of LABOUR_BOOK_PUBLIC_URL, https:// and no / at its end")
    starts = now.replace(hour=0, minute=0, second=0, microsecond=0)
    safe, server = folder / SAFE, folder / SERVER
    try:
        for each in (safe, server):
            each.mkdir(parents=True, exist_ok=True, mode=_ONLY_OWNER)
        is_new = not (safe / ROOT_FILE).exists()
        root = _root(safe / ROOT_FILE, issuer, passphrase.encode(), starts)
        if not (server / ROOT_FILE).exists():
            signing.write_certificates(server / ROOT_FILE, [root.certificate])
        made = tuple(write_leaf(server, root, use, issuer, starts) for use in uses)
    except (OSError, SigningError) as error:
        raise Unavailable(f"the keys cannot be made: {error}") from error
    return MadeKeys(is_new, made)


def _root(path: Path, issuer: Issuer, passphrase: bytes, starts: datetime) -> Root:
    if not path.exists():
        root = signing.new_root(
            common_name=f"{issuer.name_en} root",
            not_before=starts,
            not_after=starts + ROOT_YEARS * YEAR,
        )
        signing.write_root(path, root, password=passphrase)
    return signing.read_root(path, password=passphrase)
