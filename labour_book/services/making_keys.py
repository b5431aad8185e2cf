"""The keys of an installation that is no demo, made on a machine without a network.

Two folders come of it: ``root`` holds the key that certifies the others, goes into a safe and never
to the server; ``keys`` is what the server gets.
"""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from unicodedata import normalize

import signing
from labour_book.errors import Invalid, Unavailable
from labour_book.services.installation import Issuer
from labour_book.services.key_folder import ROOT_FILE, write_leaf, write_new_root
from signing import SigningError, SigningKey, Use

SAFE, SERVER = "root", "keys"
SHORTEST_PASSPHRASE = 12
"""Characters."""
LONGEST_NAME = 64 - len(f" {max(Use, key=len)} 2026")
"""Bytes in UTF-8: a certificate's name, which says use and year too, holds 64 (X.520)."""
_ONLY_OWNER = 0o700


def has_root(folder: Path) -> bool:
    """Say whether the root is in its place below a folder."""
    return (folder / SAFE / ROOT_FILE).exists()


def make_keys(
    folder: Path,
    *,
    issuer: Issuer,
    uses: Collection[Use] = (),
    passphrase: str,
    now: datetime,
) -> tuple[SigningKey, ...]:
    """Make the root and a key for every use; with ``uses``, those alone, by the root that is there.

    Keys count from the beginning of the day (UTC), because no two clocks are alike. A passphrase
    is the same however its marks were typed (NFC).

    Raises:
        Invalid: passphrase, address or name are none that would serve, or there is no root for
            further keys, or one already where all are to be made.
        Unavailable: the folder cannot be written, the passphrase is not the root's, or its period
            ends before that of a key would.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Invalid(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters")
    if not issuer.uri.startswith("https://") or issuer.uri.endswith("/"):
        raise Invalid("the address is that of LABOUR_BOOK_PUBLIC_URL, https:// and no / at its end")
    if not 0 < len(issuer.name_en.encode()) <= LONGEST_NAME:
        raise Invalid(f"the name takes at most {LONGEST_NAME} bytes; a letter with marks takes 2-3")
    if uses and not has_root(folder):
        raise Invalid(f"there is no root in {folder / SAFE}: bring the one that the server knows")
    if not uses and has_root(folder):
        raise Invalid("there is a root already: say for which use another key is to be made")
    starts = now.replace(hour=0, minute=0, second=0, microsecond=0)
    safe, server = folder / SAFE, folder / SERVER
    password = normalize("NFC", passphrase).encode()
    try:
        for each in (safe, server):
            each.mkdir(parents=True, exist_ok=True, mode=_ONLY_OWNER)
        if not uses:
            write_new_root(safe / ROOT_FILE, issuer, starts, passphrase=password)
            certificates = signing.read_certificates(safe / ROOT_FILE)
            signing.write_certificates(server / ROOT_FILE, certificates)
        root = signing.read_root(safe / ROOT_FILE, password=password)
        made = tuple(write_leaf(server, root, use, issuer, starts) for use in uses or Use)
    except (OSError, SigningError) as error:
        raise Unavailable(f"the keys cannot be made: {error}") from error
    return made
