"""The administrator's pages: what there is to look after, and the accounts of officials."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from labour_book.errors import Invalid
from labour_book.services import access, acting
from labour_book.services.access import Role
from labour_book.services.callers import ROLES_OF_KIND
from labour_book.services.permission import check_role

router = desk_router()

ADDRESS = "/desk/admin/accounts"
TOPICS = (
    *("units", "accounts", "mandates", "machines", "registers", "events"),
    *("jobs", "lists", "keys", "mail", "settings"),
)
ROLES = tuple(sorted(ROLES_OF_KIND["official"]))
Yes = Annotated[str, Form(max_length=3)]


@dataclass(frozen=True, slots=True)
class Seat:
    """What an administrator enters for an account."""

    name: str = ""
    role: str = ""
    unit: str = ""
    number: str = field(default="", repr=False)

    @property
    def chosen_role(self) -> Role:
        if self.role not in ROLES:
            raise Invalid("an official has no such role")
        return Role(self.role)


def _seat(
    name: Annotated[str, Form(max_length=120)] = "",
    role: Annotated[str, Form(max_length=24)] = "",
    unit: Annotated[str, Form(max_length=24)] = "",
    number: Annotated[str, Form(max_length=20)] = "",
) -> Seat:
    return Seat(name.strip(), role, unit.strip().upper(), number.strip())


Entered = Annotated[Seat, Depends(_seat)]


def check_confirmed(confirmed: str) -> None:
    """Refuse what cannot be taken back and was not confirmed.

    Raises:
        Invalid: it was not.
    """
    if confirmed != "yes":
        raise Invalid("tick the box to confirm")


@router.get("/admin", responses=ASKED)
def overview(desk: Asking) -> HTMLResponse:
    """Show what an administrator looks after."""
    check_role(desk.caller, access.Action.ACCOUNT_LIST, desk.now)
    return desk.page("admin.html", topics=TOPICS)


@router.get("/admin/accounts", responses=ASKED)
def accounts(desk: Asking, after: Annotated[UUID | None, Query()] = None) -> HTMLResponse:
    """List the officials of the own unit and those under it, and offer to open an account."""
    with desk.deed() as db:
        listed = acting.accounts_of(db, desk.caller, after=after, now=desk.now)
    more = listed[-1].id if len(listed) == acting.AT_ONCE else None
    return desk.page("admin_accounts.html", listed=listed, more=more, roles=ROLES)


@router.post("/admin/accounts", responses=SENT)
def open_account(desk: Sending, entered: Entered) -> Response:
    """Open an official's account; with a personal ID it is opened to that e-ID at once."""
    if not entered.name:
        raise Invalid("say who it is for")
    with desk.deed() as db:
        account = access.open_account(
            db,
            desk.caller,
            kind="official",
            name=entered.name,
            role=entered.chosen_role,
            unit_code=entered.unit,
            now=desk.now,
        )
        if entered.number:
            acting.add_holder(
                db, desk.inst.vault, desk.caller, account, entered.number, now=desk.now
            )
    return desk.go(f"{ADDRESS}/{account}", done="account_opened")


@router.get("/admin/accounts/{account_id}", responses=ASKED)
def account(desk: Asking, account_id: UUID) -> HTMLResponse:
    """Show an account, the e-IDs that open it, and what may be done with it."""
    return _account_page(desk, account_id)


@router.post("/admin/accounts/{account_id}/seat", responses=SENT)
def change_seat(desk: Sending, account_id: UUID, entered: Entered) -> Response:
    """Give the official another role or unit."""
    with desk.deed() as db:
        acting.change_seat(
            *(db, desk.caller, account_id),
            role=entered.chosen_role,
            unit_code=entered.unit,
            now=desk.now,
        )
    return desk.go(f"{ADDRESS}/{account_id}", done="seat_changed")


@router.post("/admin/accounts/{account_id}/close", responses=SENT)
def close_account(desk: Sending, account_id: UUID, confirmed: Yes = "") -> Response:
    """Close the account; whoever is signed in to it is not any more."""
    check_confirmed(confirmed)
    with desk.deed() as db:
        acting.close(db, desk.caller, account_id, now=desk.now)
    return desk.go(f"{ADDRESS}/{account_id}", done="account_closed")


@router.post("/admin/accounts/{account_id}/holders", responses=SENT)
def add_holder(
    desk: Sending,
    account_id: UUID,
    entered: Entered,
    last_day: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Let the e-ID with a personal ID open the account; the number is not kept."""
    until = day_in(last_day)
    with desk.deed() as db:
        acting.add_holder(
            *(db, desk.inst.vault, desk.caller, account_id, entered.number),
            last_day=until,
            now=desk.now,
        )
    return desk.go(f"{ADDRESS}/{account_id}", done="holder_added")


@router.post("/admin/accounts/{account_id}/holders/{holder_id}/end", responses=SENT)
def end_holder(desk: Sending, account_id: UUID, holder_id: UUID) -> Response:
    """End that an e-ID opens the account."""
    with desk.deed() as db:
        acting.end_holder(db, desk.caller, account_id, holder_id, now=desk.now)
    return desk.go(f"{ADDRESS}/{account_id}", done="holder_ended")


@router.post("/admin/accounts/{account_id}/invitation", responses=SENT)
def invite(desk: Sending, account_id: UUID) -> HTMLResponse:
    """Make a link by which an e-ID takes the account, and show it this once."""
    with desk.deed() as db:
        invitation = acting.invite(db, desk.inst, desk.caller, account_id, now=desk.now)
    return _account_page(desk, account_id, invitation)


def day_in(text: str) -> date | None:
    """Return the day that was entered; None where none was.

    Raises:
        Invalid: it is no day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("a day is written like 2026-11-20") from None


def _account_page(
    desk: Desk, account_id: UUID, invitation: acting.Invitation | None = None
) -> HTMLResponse:
    with desk.deed() as db:
        found = acting.account_of(db, desk.caller, account_id, now=desk.now)
        holders = acting.holders_of(db, desk.caller, account_id, now=desk.now)
    return desk.page(
        "admin_account.html",
        headers=None if invitation is None else {"Cache-Control": "no-store"},
        account=found,
        holders=holders,
        roles=ROLES,
        invitation=invitation,
        address=f"{desk.request.app.state.public_url}/sign-in/invitation",
        is_own=desk.caller.id == str(account_id),
    )
