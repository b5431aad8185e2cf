"""What verifiers carry with them: the status lists and the trust list, signed and kept fresh."""

from datetime import datetime, timedelta

import signing
from labour_book.database import Db
from labour_book.errors import NotFound
from labour_book.queries import versions
from labour_book.services.installation import Installation
from labour_book.services.keys import trust_bundle
from signing import REVOKED, SUPERSEDED, StatusList, Use

TRUST_LIST_LIFE = timedelta(days=7)
_STATUS = {versions.SUPERSEDED: SUPERSEDED, versions.REVOKED: REVOKED}


def status_list_token(db: Db, inst: Installation, list_id: int, now: datetime) -> str:
    """Return a signed status list of the versions that are superseded or revoked.

    *Superseded* is the value that the standard leaves to applications (Token Status List, 7.1):
    who knows no more than the standard takes it for not valid.

    Made at most every ``status_cache_seconds``; in between the same one is handed out.

    Raises:
        NotFound: there is no such list.
        Unavailable: there is no key to sign it with.
    """
    return inst.kept.fresh(
        ("status", list_id),
        seconds=inst.status_cache_seconds,
        now=now,
        make=lambda: _made(db, inst, list_id, now),
    )


def trust_list(db: Db, inst: Installation, now: datetime) -> str:
    """Return the signed list of all published keys, with the status lists as they stand.

    Raises:
        Unavailable: there is no key to sign it with, or the published keys do not fit the root.
    """
    return inst.kept.fresh(
        "trust",
        seconds=inst.status_cache_seconds,
        now=now,
        make=lambda: _trust_list(db, inst, now),
    )


def _made(db: Db, inst: Installation, list_id: int, now: datetime) -> str:
    capacity = versions.list_capacity(db, list_id)
    if capacity is None:
        raise NotFound("there is no such status list")
    ended = versions.entries_not_valid(db, list_id)
    return signing.sign_status_list(
        StatusList.of(capacity, {index: _STATUS[state] for index, state in ended.items()}),
        signer=inst.key_ring.signer(Use.STATUS_LIST),
        uri=inst.status_uri(list_id),
        issued_at=now,
    )


def _trust_list(db: Db, inst: Installation, now: datetime) -> str:
    lists = {
        inst.status_uri(each): status_list_token(db, inst, each, now)
        for each in versions.list_ids(db)
    }
    return signing.trust_list_sign(
        trust_bundle(db, inst, now),
        signer=inst.key_ring.signer(Use.TRUST),
        issued_at=now,
        expires_at=now + TRUST_LIST_LIFE,
        status_lists=lists,
    )
