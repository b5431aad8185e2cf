"""What an administrator does with accounts, and how an official takes one by invitation.

An official is named by the personal ID, of which only the blind index is kept, or takes the
account by a link that is good once. Nobody gives an account to themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from labour_book.database import Db
from labour_book.domain.base64url import letters_of
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.personal_ids import read_personal_id
from labour_book.errors import Conflict, Denied, Invalid, NotFound
from labour_book.queries import accounts, holders, sessions, units
from labour_book.queries.accounts import AccountRow
from labour_book.queries.holders import HolderRow, Known
from labour_book.queries.vault import Vault
from labour_book.services.accounts import caller_from
from labour_book.services.auditing import trace
from labour_book.services.callers import ROLES_OF_KIND, Action, Caller, Role
from labour_book.services.hashed_secrets import hashed
from labour_book.services.installation import Installation
from labour_book.services.permission import check_administers, check_role

__all__ = [
    "AccountRow",
    "HolderRow",
    "Invitation",
    "InvitationOver",
    "account_of",
    "accounts_of",
    "add_holder",
    "change_seat",
    "close",
    "end_holder",
    "holders_of",
    "invite",
    "take",
]

PURPOSE = "accounts"
INVITATION_DAYS = 7
AT_ONCE = 50
"""Accounts on one page."""


class InvitationOver(Denied):
    """The invitation was used, is too old, or was taken back."""

    slug = "invitation-over"
    title = "This invitation is not good any more; ask for a new one"
    title_vi = "Lời mời này không còn hiệu lực; hãy đề nghị gửi lời mời mới"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an official is sent: the secret of a link, shown once."""

    secret: str = field(repr=False)
    expires_at: datetime


def accounts_of(
    db: Db, by: Caller, *, after: UUID | None = None, now: datetime, limit: int = AT_ONCE
) -> list[AccountRow]:
    """Return accounts of officials in the administrator's unit and under it, a page at a time.

    Raises:
        DeniedToRole: the caller administers nothing.
    """
    check_role(by, Action.ACCOUNT_LIST, now)
    found = accounts.officials(db, _administered(db, by, now), after=after, limit=limit)
    _trace(db, by, Action.ACCOUNT_LIST, {"listed": len(found)}, now)
    return found


def account_of(
    db: Db, by: Caller, account_id: UUID, action: Action = Action.ACCOUNT_LIST, *, now: datetime
) -> AccountRow:
    """Return an official's account that the caller administers.

    Raises:
        NotFound: there is no such account of an official.
        DeniedToRole: it is not one of the caller's.
    """
    check_role(by, action, now)
    found = accounts.account(db, account_id)
    if found is None or found.kind != "official":
        raise NotFound("there is no such account")
    check_administers(db, by, action, found.unit_code, now)
    return found


def holders_of(db: Db, by: Caller, account_id: UUID, *, now: datetime) -> list[HolderRow]:
    """Return the e-IDs that open an account: since when and until, nothing of the person.

    Raises:
        NotFound, DeniedToRole: as ``account_of``.
    """
    account_of(db, by, account_id, now=now)
    return holders.holders_of(db, account_id)


def change_seat(
    db: Db, by: Caller, account_id: UUID, *, role: Role, unit_code: str, now: datetime
) -> None:
    """Give an official another role or unit; who is signed in has to sign in again.

    Raises:
        Invalid: this is no role of an official.
        Conflict: there is no such unit, or the account is closed, or it is the caller's own.
        NotFound, DeniedToRole: as ``account_of``; also where the new unit is not the caller's.
    """
    account_of(db, by, account_id, Action.ACCOUNT_CHANGE, now=now)
    check_administers(db, by, Action.ACCOUNT_CHANGE, unit_code, now)
    if role not in ROLES_OF_KIND["official"]:
        raise Invalid("an official has no such role")
    _check_is_not_own(by, account_id)
    if not accounts.unit_exists(db, unit_code, vietnam_day(now)):
        raise Conflict("there is no such unit")
    if not accounts.change_seat(db, account_id, role=str(role), unit_code=unit_code):
        raise Conflict("the account is closed")
    end_access(db, account_id, now)
    facts = {"account": str(account_id), "role": str(role), "unit": unit_code}
    _trace(db, by, Action.ACCOUNT_CHANGE, facts, now)


def close(db: Db, by: Caller, account_id: UUID, *, now: datetime) -> None:
    """Close an official's account: sessions, tokens and invitations end at once.

    Raises:
        Conflict: it is closed already, or it is the caller's own.
        NotFound, DeniedToRole: as ``account_of``.
    """
    account_of(db, by, account_id, Action.ACCOUNT_CLOSE, now=now)
    _check_is_not_own(by, account_id)
    if not accounts.close_account(db, account_id, now):
        raise Conflict("the account is closed already")
    end_access(db, account_id, now)
    _trace(db, by, Action.ACCOUNT_CLOSE, {"account": str(account_id)}, now)


def add_holder(
    db: Db,
    vault: Vault,
    by: Caller,
    account_id: UUID,
    personal_id: str,
    *,
    last_day: date | None = None,
    now: datetime,
) -> None:
    """Let the e-ID with a personal ID open an account, up to a day; the number is not kept.

    Raises:
        Invalid: this is no personal ID, or the last day is over.
        Conflict: it opens the account already, or is the caller's own.
        NotFound, DeniedToRole: as ``account_of``.
    """
    account_of(db, by, account_id, Action.ACCOUNT_MAP, now=now)
    read_personal_id(personal_id)
    today = vietnam_day(now)
    if last_day is not None and last_day < today:
        raise Invalid("the last day is over")
    blind_index = vault.index.of(personal_id)
    if by.kind == "official" and holders.is_held_by(db, UUID(by.id), blind_index):
        raise Conflict("nobody gives an account to themselves")
    row = {
        "id": uuid4(),
        "account_id": account_id,
        "blind_index": blind_index,
        "first_day": today,
        "last_day": last_day,
        "added_at": now,
        "added_by": by.id,
    }
    if not holders.add_holder(db, row):
        raise Conflict("this e-ID opens the account already")
    _trace(db, by, Action.ACCOUNT_MAP, {"account": str(account_id), "deed": "add"}, now)


def end_holder(db: Db, by: Caller, account_id: UUID, holder_id: UUID, *, now: datetime) -> None:
    """End that an e-ID opens an account; whoever is signed in to it has to sign in again.

    Raises:
        NotFound: it does not open it.
        DeniedToRole: as ``account_of``.
    """
    account_of(db, by, account_id, Action.ACCOUNT_MAP, now=now)
    if holder_id not in {each.id for each in holders.holders_of(db, account_id)}:
        raise NotFound("there is no such e-ID of this account")
    if holders.end_holder(db, holder_id, at=now, by=by.id) is None:
        raise NotFound("it opens the account no more")
    sessions.end_sessions_of(db, account_id, now)
    _trace(db, by, Action.ACCOUNT_MAP, {"account": str(account_id), "deed": "end"}, now)


def invite(
    db: Db, inst: Installation, by: Caller, account_id: UUID, *, now: datetime
) -> Invitation:
    """Make the secret of a link by which an e-ID takes the account, once; an older one ends.

    Raises:
        NotFound, DeniedToRole: as ``account_of``.
    """
    found = account_of(db, by, account_id, Action.ACCOUNT_INVITE, now=now)
    if found.closed_at is not None:
        raise Conflict("the account is closed")
    holders.forget_invitations(db, account_id)
    secret = letters_of(inst.entropy(32))
    expires_at = now + timedelta(days=INVITATION_DAYS)
    row = {
        "secret_hash": hashed(secret),
        "account_id": account_id,
        "made_at": now,
        "made_by": by.id,
        "expires_at": expires_at,
    }
    holders.add_invitation(db, row)
    _trace(db, by, Action.ACCOUNT_INVITE, {"account": str(account_id)}, now)
    return Invitation(secret, expires_at)


def take(db: Db, known: Known, secret_hash: bytes, level: int, *, now: datetime) -> UUID:
    """Let the e-ID that signed in open the account of an invitation; return the account.

    Raises:
        InvitationOver: it is not good any more, or one's own.
        DeniedToRole, LevelTooLow: the e-ID is not sure enough.
    """
    invited = holders.invited_to(db, secret_hash, now)
    holder = None if invited is None else sessions.open_holder(db, invited[0], level, now)
    if invited is None or holder is None:
        raise InvitationOver
    account_id, made_by = invited
    caller = caller_from(holder)
    check_role(caller, Action.ACCOUNT_TAKE, now)
    own = holders.accounts_held(db, known, level, vietnam_day(now))
    if made_by in {str(each.holder.id) for each in own}:
        raise InvitationOver  # nobody gives an account to themselves
    if not holders.use_invitation(db, secret_hash, now):
        raise InvitationOver
    by_number = known.blind_index is not None
    row = {
        "id": uuid4(),
        "account_id": account_id,
        "blind_index": known.blind_index,
        "issuer": None if by_number else known.issuer,
        "subject": None if by_number else known.subject,
        "first_day": vietnam_day(now),
        "added_at": now,
        "added_by": caller.id,
    }
    holders.add_holder(db, row)
    _trace(db, caller, Action.ACCOUNT_TAKE, {"account": str(account_id)}, now)
    return account_id


def end_access(db: Db, account_id: UUID, now: datetime) -> None:
    """End the sessions, tokens and open invitations of an account at once."""
    sessions.end_sessions_of(db, account_id, now)
    accounts.revoke_tokens(db, account_id, now)
    holders.forget_invitations(db, account_id)


def is_whole_country(db: Db, by: Caller, now: datetime) -> bool:
    """Say whether the caller administers everything, not one unit and what is under it."""
    if by.kind != "official":
        return True
    return accounts.unit_serves(db, by.unit_code or "", None, vietnam_day(now))


def _administered(db: Db, by: Caller, now: datetime) -> frozenset[str] | None:
    if is_whole_country(db, by, now):
        return None
    return units.codes_below(db, by.unit_code or "", vietnam_day(now))


def _check_is_not_own(by: Caller, account_id: UUID) -> None:
    if by.id == str(account_id):
        raise Conflict("nobody changes or closes their own account")


def _trace(
    db: Db, by: Caller, action: Action, facts: Mapping[str, str | int], now: datetime
) -> None:
    trace(db, by, action, at=now, purpose=PURPOSE, detail=dict(facts))
