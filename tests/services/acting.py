"""Officials, mandates and e-IDs for tests."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from labour_book.database import reading
from labour_book.domain.evidence import vietnam_day
from labour_book.services import access, acting, mandates, signing_in
from labour_book.services.access import Caller, Role, deed
from labour_book.services.installation import Installation
from labour_book.services.mandates import Wish
from labour_book.services.signing_in import Begun, Identity
from tests.services import people

PROVIDER = "https://id.example.vn"
OPERATOR = access.operator("test")
WORKER_ID = people.personal_id(1)
STRANGER_ID = "000000000042"
"""Of somebody who is no worker."""
WORKER = Identity(PROVIDER, "pairwise-1", 2, WORKER_ID, name="Nguyễn Thị Số 1")
STRANGER = Identity(PROVIDER, "pairwise-42", 2, STRANGER_ID, name="Trần Văn Lạ")
AGENT = Identity(PROVIDER, "pairwise-9", 2, organisation=people.EMPLOYER_CODE, name="Phòng NS")


def official(
    inst: Installation,
    now: datetime,
    role: Role = Role.APPROVER,
    unit: str = "UB-00070",
    *,
    e_id: str | None = None,
) -> UUID:
    """Open an official's account, and let an e-ID open it."""
    with deed(inst.engine) as db:
        account = access.open_account(
            db, OPERATOR, kind="official", name="Cán bộ", role=role, unit_code=unit, now=now
        )
        if e_id is not None:
            acting.add_holder(db, inst.vault, OPERATOR, account, e_id, now=now)
    return account


def admin(unit: str = "BNV") -> Caller:
    return Caller("official", str(people.uid(77, 1)), "QT", Role.ADMIN, unit_code=unit)


def wish(now: datetime, *scope: str, days: int = 30, first: int = 0) -> Wish:
    today = vietnam_day(now)
    first_day = today + timedelta(days=first)
    return Wish("Lê Thị Kế Toán", scope or ("view",), first_day, first_day + timedelta(days=days))


def given(inst: Installation, caller: Caller, to: str, asked: Wish, now: datetime) -> UUID:
    with deed(inst.engine) as db:
        return mandates.give(db, inst.vault, caller, to, asked, now=now)


def begun(inst: Installation, who: Identity, now: datetime, to: str = "/") -> Begun:
    began = signing_in.Began(to)
    return signing_in.sign_in(inst, who, replaces=None, now=now, began=began)


def caller_of(inst: Installation, secret: str, now: datetime) -> Caller:
    with deed(inst.engine) as db:
        return signing_in.signed_in(db, inst, secret, now=now).caller


def token_of(inst: Installation, secret: str, now: datetime) -> str:
    with deed(inst.engine) as db:
        session = signing_in.signed_in(db, inst, secret, now=now)
        return signing_in.token_for(db, inst, session, now=now).token


def caller_by(inst: Installation, token: str, now: datetime) -> Caller:
    with reading(inst.engine) as db:
        return access.caller_of(db, token, now)


def at_level_1(who: Identity) -> Identity:
    return replace(who, level=1)
