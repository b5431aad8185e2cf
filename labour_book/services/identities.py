"""Whom an e-ID provider names, and the account in which they act for themselves.

The provider's answer has been verified before anything here sees it. The personal ID in it is
looked up by its blind index and kept nowhere.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from labour_book.database import Db
from labour_book.domain.people import display_name
from labour_book.domain.personal_ids import read_personal_id
from labour_book.errors import Denied
from labour_book.queries import sessions
from labour_book.queries.holders import Known
from labour_book.services.accounts import caller_from
from labour_book.services.callers import FULL_LEVEL, Caller, Role
from labour_book.services.installation import Installation
from labour_book.services.recipients import check_enterprise

NAME_LENGTH = 120
CAN_BE_SOMEBODY_ELSE = frozenset({"PERSON_UNKNOWN", "PERSONAL_ID_MISSING", "ACCOUNT_CLOSED"})
"""Causes that leave whoever signs in the accounts that they hold for others."""


class SignInRefused(Denied):
    """The provider knows the person, and there is no way in here; ``cause`` says why."""

    slug = "sign-in-refused"
    title = "You cannot sign in here"
    title_vi = "Chưa đăng nhập được"

    def __init__(self, cause: str, person_id: UUID | None = None) -> None:
        super().__init__("the e-ID is in order, but it opens no account here", cause=cause)
        self.cause = cause
        self.person_id = person_id


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider names, as its verified answer says."""

    issuer: str
    subject: str
    level: int
    """Assurance of a person's e-ID; an organisation's has no levels."""
    personal_id: str | None = field(default=None, repr=False)
    organisation: str | None = None
    """Enterprise code of the organisation that was signed in with."""
    name: str = ""
    sid: str | None = None
    """The provider's session, by which it can tell that it has ended."""


def known_by(inst: Installation, identity: Identity) -> Known:
    """Return how an e-ID is known here.

    Raises:
        Invalid: what the provider gives for a personal ID is none.
    """
    if identity.personal_id is None or identity.organisation is not None:
        return Known(None, identity.issuer, identity.subject)
    read_personal_id(identity.personal_id)
    return Known(inst.vault.index.of(identity.personal_id), identity.issuer, identity.subject)


def person_of(db: Db, identity: Identity, known: Known, now: datetime) -> Caller:
    """Return the worker who signs in; their account is opened the first time.

    Raises:
        SignInRefused: nobody here has that personal ID, or the account is closed.
    """
    if known.blind_index is None:
        raise SignInRefused("PERSONAL_ID_MISSING")
    person = sessions.person_named(db, known.blind_index)
    if person is None:
        raise SignInRefused("PERSON_UNKNOWN")
    if person.life_status == "DECEASED":
        raise SignInRefused("DECEASED", person.id)
    name = display_name(person.full_name)[:NAME_LENGTH]
    wanted = {"kind": "worker", "role": Role.WORKER, "name": name, "person_id": person.id}
    return _entered(db, identity, "", wanted, level=identity.level, now=now)


def agent_of(db: Db, identity: Identity, code: str, now: datetime) -> Caller:
    """Return the agent of the enterprise that was signed in with.

    Raises:
        SignInRefused: the account is closed.
        EnterpriseRefused: the enterprise is gone, or not at its address.
    """
    firm = check_enterprise(db, code, now)
    name = (identity.name or firm)[:NAME_LENGTH]
    wanted = {"kind": "employer", "role": Role.EMPLOYER, "name": name, "enterprise_code": code}
    return _entered(db, identity, code, wanted, level=FULL_LEVEL, now=now)


def _entered(
    db: Db,
    identity: Identity,
    acts_for: str,
    wanted: dict[str, Any],
    *,
    level: int,
    now: datetime,
) -> Caller:
    account_id = sessions.identity_account(db, identity.issuer, identity.subject, acts_for)
    if account_id is None:
        account_id = _account_opened(db, identity, acts_for, wanted, now)
    holder = sessions.open_holder(db, account_id, level, now)
    person_id = wanted.get("person_id")
    if holder is None:
        raise SignInRefused("ACCOUNT_CLOSED", person_id)
    if holder.person_id != person_id:
        raise SignInRefused("IDENTITY_CHANGED", person_id)
    return caller_from(holder)


def _account_opened(
    db: Db, identity: Identity, acts_for: str, wanted: dict[str, Any], now: datetime
) -> UUID:
    """Open the account of a first sign-in; two at one moment open one."""
    account_id = uuid5(NAMESPACE_URL, f"{identity.issuer}\n{identity.subject}\n{acts_for}")
    sessions.add_account_once(db, wanted | {"id": account_id, "created_at": now})
    sessions.add_identity_once(
        db,
        {
            "issuer": identity.issuer,
            "subject": identity.subject,
            "acts_for": acts_for,
            "account_id": account_id,
            "first_at": now,
        },
    )
    return account_id
