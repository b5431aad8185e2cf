"""The keys that sign: made once, renewed, retired, withdrawn, published for ever."""

import fcntl
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import signing
from labour_book.database import Db, transaction
from labour_book.errors import Conflict, Invalid, NotFound, Unavailable
from labour_book.queries import keys as stored
from labour_book.queries.keys import PublishedKey
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, operator
from labour_book.services.installation import Installation, Issuer, KeyRing
from labour_book.services.key_folder import (
    check_certified,
    has_private_key,
    leaf_in_token,
    path_of,
    private_root,
    root_of,
    unpublished,
    write_leaf,
    write_new_root,
)
from labour_book.services.permission import check_role
from signing import SigningError, SigningKey, TrustBundle, TrustedKey, Use

if TYPE_CHECKING:  # loads what only installations with a token have
    from signing import HardwareToken

_OWNER_ONLY = 0o700
_FOR_EVERYBODY = (Use.CREDENTIAL, Use.STATUS_LIST, Use.QR)
"""Uses of keys in the JWKS: those that sign what others verify with their own software."""


def make_demo_keys(engine: sa.Engine, key_dir: Path, *, issuer: Issuer, now: datetime) -> None:
    """Make root and one key for each use where they are missing, and publish them.

    For demo mode only. Processes that start at once wait for one another and share one set.

    Raises:
        Conflict: the database has keys whose files are gone: restore them, or begin anew.
    """
    key_dir.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
    with _one_process(key_dir), transaction(engine) as db:
        known = stored.published_keys(db)
        if known and not root_of(key_dir).exists():
            raise Conflict("keys are published, but the folder with their files is gone")
        made = _complete(key_dir, known, issuer, now)
        if made:
            stored.publish(db, [_row(key, root_of(key_dir)) for key in made])
            caller = operator("demo-keys")
            trace(db, caller, Action.KEY_MAKE, at=now, purpose="keys", detail={"keys": len(made)})


def open_key_ring(
    db: Db,
    key_dir: Path,
    *,
    issuer: Issuer,
    now: datetime,
    token: "HardwareToken | None" = None,
    timestamp_roots: Iterable[Any] = (),
) -> KeyRing:
    """Return the keys in use, from their files or the hardware token. Nothing is ever made here.

    Raises:
        Unavailable: the root's certificate, or a key in use, is missing or broken, or the keys are
            certified for another address than this installation has.
    """
    try:
        (root, *_) = signing.read_certificates(root_of(key_dir))
        anchor = signing.trust_bundle(
            issuer=issuer.uri, root=root, keys=[], issued_at=now, timestamp_roots=timestamp_roots
        )
        published = stored.published_keys(db)
        _certified(anchor, published)
        in_use = [key for key in published if key.retired_at is None]
        signers = {Use(key.use): _private(key, key_dir, token) for key in in_use}
    except SigningError as error:
        raise Unavailable(f"the keys cannot be read: {error}") from error
    return KeyRing(signers, anchor, private_root(key_dir), token)


def renewed(db: Db, inst: Installation, *, now: datetime) -> Installation | None:
    """Return the installation with the keys in use now; None if it has them already.

    Raises:
        Unavailable: as ``open_key_ring``.
    """
    ring = inst.key_ring
    in_use = {key.kid for key in stored.published_keys(db) if key.retired_at is None}
    if in_use == {key.kid for key in ring.signers.values()}:
        return None
    opened = open_key_ring(
        db,
        inst.key_dir,
        issuer=inst.issuer,
        now=now,
        token=ring.token,
        timestamp_roots=ring.anchor.timestamp_roots,
    )
    return replace(inst, key_ring=opened)


def import_keys(
    db: Db,
    key_dir: Path,
    *,
    issuer: Issuer,
    by: Caller,
    now: datetime,
    token: "HardwareToken | None" = None,
) -> list[str]:
    """Publish the keys whose files were put into the folder; return their ids.

    The file of a key in the hardware token holds its certificate alone.

    Raises:
        Conflict: a use already has another key in use: rotate instead.
        Unavailable: a file cannot be read, or the root has not certified a key for this issuer.
        DeniedToRole: the caller may not.
    """
    check_role(by, Action.KEY_MAKE, now)
    known = {key.kid: key for key in stored.published_keys(db)}
    try:
        found = list(unpublished(key_dir, known, token))
        check_certified(found, key_dir, issuer, now)
        rows = [_row(key, root_of(key_dir)) for key in found]
    except SigningError as error:
        raise Unavailable(f"the keys cannot be read: {error}") from error
    taken = {key.use for key in known.values() if key.retired_at is None}
    if any(row["use"] in taken for row in rows):
        raise Conflict("there is a key in use for that already: rotate instead")
    if len({row["use"] for row in rows}) != len(rows):
        raise Conflict("there are files of two new keys for one use: leave one of them")
    stored.publish(db, rows)
    trace(db, by, Action.KEY_MAKE, at=now, purpose="keys", detail={"keys": len(rows)})
    return [key.kid for key in found]


def rotate(db: Db, inst: Installation, use: Use, *, by: Caller, now: datetime) -> str:
    """Put a new key to use, retire the one before, and return the new id.

    It is made now where the root's private key is; elsewhere it is the one that was certified away
    from here and whose file was put into the folder. The retired key stays published: what it
    signed stays good. Other processes sign with the new one after they have opened the key ring
    again.

    Raises:
        Unavailable: neither the root's private key nor a file of the next key is here.
        Conflict: somebody else rotated it at the same moment.
        DeniedToRole: the caller may not.
    """
    check_role(by, Action.KEY_ROTATE, now)
    before = inst.key_ring.signers.get(use)
    # Who waited for a key that was retired meanwhile gets none, and the one after it then.
    in_use = stored.lock_key_in_use(db, use) or stored.lock_key_in_use(db, use)
    if in_use is not None and before is not None and in_use != before.kid:
        raise Conflict("the key was rotated since; open the key ring again")
    root = inst.key_ring.root
    key = _waiting(db, inst, use, now) if root is None else _new_leaf(inst, root, use, now)
    if in_use is not None:
        stored.retire(db, in_use, now)
    stored.publish(db, [_row(key, root_of(inst.key_dir))])
    if stored.lock_key_in_use(db, use) != key.kid:
        raise Conflict("another key was put to use at the same moment")
    trace(db, by, Action.KEY_ROTATE, at=now, purpose="keys", detail={"use": use, "kid": key.kid})
    return key.kid


def withdraw(db: Db, kid: str, *, revoked_from: datetime, by: Caller, now: datetime) -> None:
    """Stop believing a key from an instant on, because somebody else may have it.

    Then rotate its use, and issue again: books it signed are issued anew even if unchanged.

    Raises:
        NotFound: there is no such key.
        Invalid: the instant is still to come.
        DeniedToRole: the caller may not.
    """
    check_role(by, Action.KEY_WITHDRAW, now)
    if revoked_from > now:
        raise Invalid("a key is withdrawn from now or an earlier instant on")
    if not stored.withdraw(db, kid, revoked_from, now):
        raise NotFound("there is no such key")
    detail: dict[str, str | int] = {"kid": kid, "from": revoked_from.isoformat()}
    trace(db, by, Action.KEY_WITHDRAW, at=now, purpose="keys", detail=detail)


def trust_bundle(db: Db, inst: Installation, now: datetime) -> TrustBundle:
    """Return whom to trust, as of now: every key ever published, below the pinned root.

    Raises:
        Unavailable: a published key is not certified by the root of this installation.
    """
    try:
        bundle = _certified(inst.key_ring.anchor, stored.published_keys(db))
    except SigningError as error:
        raise Unavailable(f"the published keys do not fit the root: {error}") from error
    return replace(bundle, issued_at=now)


def jwks(db: Db, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Return the key set for other software: retired keys stay in it, withdrawn ones do not."""
    return _key_set(db, _FOR_EVERYBODY, now)


def answer_jwks(db: Db, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Return the same of the keys that answers to other systems are signed with."""
    return _key_set(db, (Use.REQUEST,), now)


def _key_set(db: Db, uses: Collection[Use], now: datetime) -> dict[str, list[dict[str, Any]]]:
    keys = map(_trusted, stored.published_keys(db))
    return signing.jwks(
        key
        for key in keys
        if key.use in uses and (key.revoked_from is None or now < key.revoked_from)
    )


def _complete(
    key_dir: Path, known: Iterable[PublishedKey], issuer: Issuer, now: datetime
) -> list[SigningKey]:
    """Return the keys to publish: those found unpublished, and new ones for uses without any."""
    published = {key.kid: key for key in known}
    served = {key.use for key in published.values() if key.retired_at is None}
    if not root_of(key_dir).exists():
        write_new_root(root_of(key_dir), issuer, _start(now))
    found = {key.use: key for key in unpublished(key_dir, published) if key.use not in served}
    root = signing.read_root(root_of(key_dir))
    missing = [use for use in Use if use not in served and use not in found]
    made = [write_leaf(key_dir, root, use, issuer, _start(now)) for use in missing]
    return [*found.values(), *made]


def _waiting(db: Db, inst: Installation, use: Use, now: datetime) -> SigningKey:
    """Return the newest key for a use whose file is there and that has never been published."""
    known = {key.kid for key in stored.published_keys(db)}
    try:
        found = [
            key
            for key in unpublished(inst.key_dir, known, inst.key_ring.token)
            if key.use is use and key.not_before <= now < key.not_after
        ]
        check_certified(found, inst.key_dir, inst.issuer, now)
    except SigningError as error:
        raise Unavailable(f"the keys cannot be read: {error}") from error
    if not found:
        raise Unavailable(
            "the root's private key is not here: put a certified key of this use, whose period has"
            " begun, into the folder"
        )
    return max(found, key=lambda key: key.not_before)


def _new_leaf(inst: Installation, root: signing.Root, use: Use, now: datetime) -> SigningKey:
    starts = now.replace(microsecond=0)
    if inst.key_ring.token is not None:
        return leaf_in_token(inst.key_ring.token, root, use, inst.issuer, starts)
    return write_leaf(inst.key_dir, root, use, inst.issuer, starts)


def _start(now: datetime) -> datetime:
    """Return the start of the year: a key is made for a year, and no clock is ever exact."""
    return now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _private(key: PublishedKey, key_dir: Path, token: "HardwareToken | None") -> SigningKey:
    """Return a key in use: from its file if there is one, else out of the token."""
    path = path_of(key_dir, key.kid)
    if token is None or has_private_key(path):
        return signing.read_key(path)
    return token.key_of(_trusted(key).chain)


@contextmanager
def _one_process(key_dir: Path) -> Iterator[None]:
    # Taken before the database's lock, never after it: else two processes could block each other.
    with (key_dir / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _row(key: SigningKey, root_file: Path) -> Mapping[str, Any]:
    return {
        "kid": key.kid,
        "use": str(key.use),
        "chain_pem": _pem([*key.chain, *signing.read_certificates(root_file)]),
        "not_before": key.not_before,
        "not_after": key.not_after,
        "retired_at": None,
        "revoked_from": None,
    }


def _pem(certificates: Iterable[Any]) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "chain.pem"
        signing.write_certificates(path, certificates)
        return path.read_text(encoding="ascii")


@lru_cache(maxsize=8)
def _certified(anchor: TrustBundle, keys: tuple[PublishedKey, ...]) -> TrustBundle:
    """Join the keys with the root; remembered, because checking the certificates takes long."""
    return signing.trust_bundle(
        issuer=anchor.issuer,
        root=anchor.root,
        keys=map(_trusted, keys),
        issued_at=anchor.issued_at,
        timestamp_roots=anchor.timestamp_roots,
    )


@lru_cache(maxsize=256)
def _trusted(key: PublishedKey) -> TrustedKey:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "chain.pem"
        path.write_text(key.chain_pem, encoding="ascii")
        leaf, *_ = signing.read_certificates(path)
    return signing.trusted([leaf], revoked_from=key.revoked_from)
