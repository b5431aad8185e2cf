"""Registered machines: systems of other organisations that ask by themselves.

A machine proves itself by a key whose public half was registered (RFC 7523), gets a token for a
few minutes, and states for each query in words for whom and what it is.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from re import fullmatch
from typing import Any
from uuid import UUID

import orjson

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import accounts, holders, machines, sessions
from labour_book.queries.machines import Machine
from labour_book.services.accounts import TOKEN_PREFIX, NotSignedIn, caller_from, open_account
from labour_book.services.acting import end_access
from labour_book.services.auditing import trace
from labour_book.services.callers import FULL_LEVEL, PERMITTED, Action, Caller, Role
from labour_book.services.hashed_secrets import hashed
from labour_book.services.permission import check_administers, check_role
from signing import SigningError, canonical_json, read_public_jwk

__all__ = [
    "GRANTABLE",
    "Machine",
    "MachineToken",
    "NotThatMachine",
    "Registration",
    "close",
    "keys_of",
    "machines_of",
    "register",
    "replace_keys",
    "token_for",
]

PURPOSE = "machines"
TOKEN_LIFE = timedelta(minutes=10)
GRANTABLE = frozenset(
    each for each, roles in PERMITTED.items() if Role.READER in roles and each != "machine.token"
)
"""What a registration may allow."""
_CLIENT_ID = r"[a-z0-9](?:[a-z0-9.-]{1,38})[a-z0-9]"
_TEXT_LENGTH = 200
_MOST_KEYS = 5
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of a key that is not public (RFC 7518, section 6)."""
_SHAPE = {"kty": "EC", "crv": "P-256"}
"""Keys that fit ES256; nothing else is accepted."""


class NotThatMachine(NotSignedIn):
    """No such machine is registered, or what it shows does not prove it."""

    slug = "machine-unknown"
    title = "This system is not registered, or has not proven itself"
    title_vi = "Hệ thống này chưa đăng ký hoặc chưa chứng minh được danh tính"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, error="invalid_client")  # the word of RFC 6749, section 5.2


@dataclass(frozen=True, slots=True)
class Registration:
    """What an organisation registers; both days count."""

    client_id: str
    organisation: str
    purpose: str
    scope: Collection[str]
    """Words of ``Action``."""
    jwks: str
    """Public keys as a JSON text (RFC 7517)."""
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class MachineToken:
    """A bearer token of a machine."""

    token: str = field(repr=False)
    seconds: int
    scope: str


def register(db: Db, by: Caller, wish: Registration, *, now: datetime) -> UUID:
    """Register a machine and return its account.

    Raises:
        Invalid: something of it does not fit.
        Conflict: the client id is taken.
        DeniedToRole: the caller administers not the whole country.
    """
    check_administers(db, by, Action.MACHINE_REGISTER, None, now)
    _check(wish, vietnam_day(now))
    account_id = open_account(
        db,
        by,
        kind="machine",
        name=wish.organisation.strip()[:120],
        role=Role.READER,
        first_day=wish.first_day,
        last_day=wish.last_day,
        scope=" ".join(sorted(set(wish.scope))),
        now=now,
    )
    row = {
        "client_id": wish.client_id,
        "account_id": account_id,
        "organisation": wish.organisation.strip(),
        "purpose": wish.purpose.strip(),
        "jwks": public_keys(wish.jwks),
        "registered_at": now,
        "registered_by": by.id,
    }
    if not machines.add_machine(db, row):
        raise Conflict("this client id is taken")
    _trace(db, by, Action.MACHINE_REGISTER, wish.client_id, now)
    return account_id


def machines_of(db: Db, by: Caller, *, now: datetime) -> list[Machine]:
    """Return all registered machines, also past ones.

    Raises:
        DeniedToRole: the caller does not look after machines.
    """
    check_administers(db, by, Action.MACHINE_LIST, None, now)
    return machines.machines(db)


def replace_keys(db: Db, by: Caller, client_id: str, jwks: str, *, now: datetime) -> None:
    """Register other keys for a machine; tokens that it got by the old ones end.

    Raises:
        Invalid: these are no public keys.
        NotFound: there is no such machine.
        DeniedToRole: as ``register``.
    """
    check_administers(db, by, Action.MACHINE_CHANGE, None, now)
    found = machines.machine(db, client_id)
    if found is None or not machines.replace_keys(db, client_id, public_keys(jwks)):
        raise NotFound("there is no such machine")
    accounts.revoke_tokens(db, found.account_id, now)
    _trace(db, by, Action.MACHINE_CHANGE, client_id, now)


def close(db: Db, by: Caller, client_id: str, *, now: datetime) -> None:
    """End a registration, with its tokens, at once.

    Raises:
        NotFound: there is no such machine.
        Conflict: it has ended before.
        DeniedToRole: as ``register``.
    """
    check_administers(db, by, Action.MACHINE_CHANGE, None, now)
    found = machines.machine(db, client_id)
    if found is None:
        raise NotFound("there is no such machine")
    if not accounts.close_account(db, found.account_id, now):
        raise Conflict("it has ended before")
    end_access(db, found.account_id, now)
    _trace(db, by, Action.MACHINE_CHANGE, client_id, now)


def keys_of(db: Db, client_id: str, *, now: datetime) -> Any:  # noqa: ANN401 - a JWKS
    """Return the registered public keys of a machine that may ask today.

    Raises:
        NotThatMachine: there is none.
    """
    found = machines.open_machine(db, client_id, vietnam_day(now))
    if found is None:
        raise NotThatMachine
    return orjson.loads(found.jwks)


def token_for(
    db: Db, client_id: str, jti: str, *, expires_at: datetime, now: datetime
) -> MachineToken:
    """Give a token to a machine whose signed statement was verified; that is good once.

    Raises:
        NotThatMachine: it is not registered any more, or the statement was used.
    """
    found = machines.open_machine(db, client_id, vietnam_day(now))
    if found is None:
        raise NotThatMachine
    holder = sessions.open_holder(db, found.account_id, FULL_LEVEL, now)
    assert holder is not None
    caller = caller_from(holder)
    check_role(_unbound(caller), Action.MACHINE_TOKEN, now)
    holders.forget_used_tokens(db, now)
    if not holders.use_token(db, used_hash(client_id, jti), expires_at):
        raise NotThatMachine("this statement was used before")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    accounts.add_token(
        db,
        {
            "token_hash": hashed(token),
            "account_id": found.account_id,
            "created_at": now,
            "expires_at": now + TOKEN_LIFE,
        },
    )
    _trace(db, caller, Action.MACHINE_TOKEN, client_id, now)
    return MachineToken(token, int(TOKEN_LIFE.total_seconds()), found.scope)


def used_hash(issuer: str, jti: str) -> bytes:
    """Return by what a statement that is good once is remembered."""
    return sha256(canonical_json([issuer, jti])).digest()


def public_keys(text: str) -> str:
    """Return a set of public keys as it is stored.

    Raises:
        Invalid: it is none, or holds a private key, or one for another algorithm.
    """
    try:
        keys = orjson.loads(text)["keys"]
        fit = all(_is_public(each) for each in keys)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, SigningError):
        fit, keys = False, []
    if not fit or not 0 < len(keys) <= _MOST_KEYS:
        raise Invalid("register public keys for ES256, each with its kid", cause="MACHINE_KEYS")
    return canonical_json({"keys": keys}).decode()


def _is_public(key: dict[str, Any]) -> bool:
    fits = _SHAPE.items() <= key.items() and isinstance(key.get("kid"), str)
    read_public_jwk(key)  # a point of the curve, or this refuses
    return fits and not _PRIVATE & key.keys()


def _check(wish: Registration, today: date) -> None:
    if not fullmatch(_CLIENT_ID, wish.client_id):
        raise Invalid("a client id has 3 to 40 small letters, digits, dots or hyphens")
    for text in (wish.organisation, wish.purpose):
        if not 0 < len(text.strip()) <= _TEXT_LENGTH:
            raise Invalid("say which organisation it is, and what it asks for")
    if not wish.scope or not set(wish.scope) <= GRANTABLE:
        raise Invalid("say what of it a machine may do", cause="MACHINE_SCOPE")
    if wish.last_day < max(wish.first_day, today):
        raise Invalid("the last day comes after the first, and is not over")


def _unbound(caller: Caller) -> Caller:
    """Return the machine without the limits of its registration: to ask for a token is none."""
    return Caller(caller.kind, caller.id, caller.name, caller.role)


def _trace(db: Db, by: Caller, action: Action, client_id: str, now: datetime) -> None:
    trace(db, by, action, at=now, purpose=PURPOSE, detail={"client": client_id})
