"""Officials and agents who are signed in: an account, and a session of a browser for it."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from labour_book.queries import sessions
from labour_book.services import access
from labour_book.services.access import Caller, Role
from tests.api.conftest import OPERATOR, Office

SESSION_HOURS = 12


def official(office: Office, role: Role, unit: str, name: str = "Trần Văn Cán") -> Caller:
    """Open an official's account, and return who calls with it."""
    return _opened(office, Caller("official", "", name, role, unit))


def agent(office: Office, enterprise: str, name: str = "Phòng nhân sự") -> Caller:
    """Open an account of an enterprise, and return who calls with it."""
    return _opened(office, Caller("employer", "", name, Role.EMPLOYER, enterprise_code=enterprise))


def _opened(office: Office, who: Caller) -> Caller:
    with access.deed(office.inst.engine) as db:
        account = access.open_account(
            db,
            OPERATOR,
            kind=who.kind,
            name=who.name,
            role=who.role,
            unit_code=who.unit_code,
            enterprise_code=who.enterprise_code,
            now=office.clock.now,
        )
    return replace(who, id=str(account))


def session_of(office: Office, caller: Caller) -> str:
    """Begin a session, and return what the browser's cookie holds."""
    secret = urlsafe_b64encode(sha256(uuid4().bytes).digest()).decode().rstrip("=")
    now = office.clock.now
    with access.deed(office.inst.engine) as db:
        sessions.add_session(
            db,
            {
                "id": uuid4(),
                "secret_hash": sha256(secret.encode()).digest(),
                "account_id": UUID(caller.id),
                "level": caller.level,
                "started_at": now,
                "seen_at": now,
                "expires_at": now + timedelta(hours=SESSION_HOURS),
            },
        )
    return secret
