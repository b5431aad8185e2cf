"""Accounts and their bearer tokens: open, grant, take back, and who holds one."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Conflict, Denied, Invalid, NotFound
from labour_book.queries import accounts, books, employers
from labour_book.queries.accounts import Holder
from labour_book.services.auditing import trace
from labour_book.services.callers import ROLES_OF_KIND, Action, Caller, Role
from labour_book.services.hashed_secrets import hashed
from labour_book.services.permission import check_administers, check_role
from labour_book.services.scopes import allowed_by

TOKEN_PREFIX = "lb_"  # noqa: S105 - so that a leaked token is recognised as ours
MAX_TOKEN_HOURS = 24 * 366
_KINDS = ("worker", "proxy", "employer", "official", "machine")


class NotSignedIn(Denied):
    """The token is unknown, over, or taken back."""

    slug = "not-signed-in"
    title = "Sign in first"
    title_vi = "Cần đăng nhập"


def caller_of(db: Db, token: str, now: datetime) -> Caller:
    """Return who holds a bearer token. It is found by its hash, so timing tells nothing of it.

    Raises:
        NotSignedIn: no live token of an open account.
    """
    holder = accounts.account_by_token(db, hashed(token), now)
    if holder is None:
        raise NotSignedIn
    return caller_from(holder)


def caller_from(holder: Holder) -> Caller:
    """Return the caller that an account is."""
    return Caller(
        kind=holder.kind,
        id=str(holder.id),
        name=holder.name,
        role=Role(holder.role),
        unit_code=holder.unit_code,
        person_id=holder.person_id,
        enterprise_code=holder.enterprise_code,
        level=holder.level,
        scope=allowed_by(holder.kind, holder.scope),
    )


def open_account(
    db: Db,
    by: Caller,
    *,
    kind: str,
    name: str,
    role: Role,
    unit_code: str | None = None,
    person_id: UUID | None = None,
    enterprise_code: str | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    scope: str | None = None,
    now: datetime,
) -> UUID:
    """Open an account and return its id.

    Raises:
        Invalid: the role is not one of that kind, or unit, person or enterprise do not fit it.
        Conflict: there is no such unit, person or enterprise.
        DeniedToRole: the caller may open no accounts, or none in that unit.
    """
    check_administers(db, by, Action.ACCOUNT_OPEN, unit_code, now)
    _check_fits(kind, role, unit_code, person_id)
    if (kind == "employer") != (enterprise_code is not None):
        raise Invalid("an employer's agent acts for an enterprise, and nobody else does")
    if enterprise_code is not None and not employers.employers_by_code(db, [enterprise_code]):
        raise Conflict("there is no such enterprise")
    if unit_code is not None and not accounts.unit_exists(db, unit_code, vietnam_day(now)):
        raise Conflict("there is no such unit")
    if person_id is not None and books.subject(db, person_id) is None:
        raise Conflict("there is no such person")
    account_id = uuid4()
    accounts.add_account(
        db,
        {
            "id": account_id,
            "kind": kind,
            "name": name,
            "role": str(role),
            "unit_code": unit_code,
            "person_id": person_id,
            "enterprise_code": enterprise_code,
            "created_at": now,
            "first_day": first_day,
            "last_day": last_day,
            "scope": scope,
        },
    )
    detail = {"account": str(account_id), "role": str(role)}
    trace(
        db,
        by,
        Action.ACCOUNT_OPEN,
        at=now,
        purpose="accounts",
        person_id=person_id,
        detail=detail,
    )
    return account_id


def grant_token(db: Db, by: Caller, account_id: UUID, *, hours: int, now: datetime) -> str:
    """Make a bearer token for an account and return it: this once, it is stored by its hash.

    Raises:
        Invalid: it is to live for less than an hour or more than a year.
        NotFound: there is no such open account.
        DeniedToRole: the caller may grant no tokens.
    """
    check_role(by, Action.TOKEN_GRANT, now)
    if not 0 < hours <= MAX_TOKEN_HOURS:
        raise Invalid(f"a token lives from 1 to {MAX_TOKEN_HOURS} hours")
    if not accounts.account_is_open(db, account_id, vietnam_day(now)):
        raise NotFound("there is no such open account")
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    accounts.add_token(
        db,
        {
            "token_hash": hashed(token),
            "account_id": account_id,
            "created_at": now,
            "expires_at": now + timedelta(hours=hours),
        },
    )
    detail: dict[str, str | int] = {"account": str(account_id), "hours": hours}
    trace(db, by, Action.TOKEN_GRANT, at=now, purpose="accounts", detail=detail)
    return token


def revoke_tokens(db: Db, by: Caller, account_id: UUID, *, now: datetime) -> int:
    """End all tokens of an account and return how many were live.

    Raises:
        DeniedToRole: the caller may not.
    """
    check_role(by, Action.TOKEN_REVOKE, now)
    ended = accounts.revoke_tokens(db, account_id, now)
    detail: dict[str, str | int] = {"account": str(account_id), "tokens": ended}
    trace(db, by, Action.TOKEN_REVOKE, at=now, purpose="accounts", detail=detail)
    return ended


def _check_fits(kind: str, role: Role, unit_code: str | None, person_id: UUID | None) -> None:
    if kind not in _KINDS or role not in ROLES_OF_KIND[kind]:
        raise Invalid("an account of this kind has no such role")
    if (kind == "official") != (unit_code is not None):
        raise Invalid("an official belongs to a unit, and nobody else does")
    if (kind in ("worker", "proxy")) != (person_id is not None):
        raise Invalid("a worker's account names the person, and no other does")
