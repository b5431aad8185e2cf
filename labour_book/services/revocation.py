"""The root's list of withdrawn keys (CRL), for programs that ask for one."""

from datetime import datetime, timedelta

import signing
from labour_book.database import Db
from labour_book.errors import Unavailable
from labour_book.services.installation import Installation
from labour_book.services.keys import trust_bundle


def keys_withdrawn(db: Db, inst: Installation, *, days: int, now: datetime) -> bytes:
    """Return the list (DER) as of now; the next one is due after so many days.

    Raises:
        Unavailable: the root's private key is not here.
    """
    root = inst.key_ring.root
    if root is None:
        raise Unavailable("the root's private key is not here: make the list where it is")
    withdrawn = {
        key.chain[0]: key.revoked_from
        for key in trust_bundle(db, inst, now).keys.values()
        if key.revoked_from is not None
    }
    return signing.revocation_list(
        root,
        withdrawn,
        number=int(now.timestamp()),
        issued_at=now,
        next_at=now + timedelta(days=days),
    )
