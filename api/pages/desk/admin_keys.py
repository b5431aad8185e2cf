"""The administrator's pages about machines, keys, and settings: for the whole country's alone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Form
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api import key_watch
from api.pages import texts
from api.pages.desk.admin import check_confirmed, day_in
from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from api.pages.desk.wording import coded
from labour_book.domain.evidence import VIETNAM
from labour_book.errors import Invalid
from labour_book.services import access, key_keeping, machines
from labour_book.services.machines import GRANTABLE, Registration
from labour_book.services.permission import check_administers
from signing import Use

router = desk_router()

MACHINES, KEYS = "/desk/admin/machines", "/desk/admin/keys"
Yes = Annotated[str, Form(max_length=3)]
Name = Annotated[str, Form(max_length=40)]
Text = Annotated[str, Form(max_length=200)]
Day = Annotated[str, Form(max_length=10)]
Jwks = Annotated[str, Form(max_length=8000)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A registration as it was entered."""

    client_id: str
    organisation: str
    purpose: str
    jwks: str
    first_day: str
    last_day: str


def _wanted(
    *,
    client_id: Name = "",
    organisation: Text = "",
    purpose: Text = "",
    jwks: Jwks = "",
    first_day: Day = "",
    last_day: Day = "",
) -> Wanted:
    return Wanted(client_id.strip(), organisation, purpose, jwks, first_day, last_day)


@router.get("/admin/machines", responses=ASKED)
def machine_list(desk: Asking) -> HTMLResponse:
    """List the registered machines, and offer to register one."""
    with desk.deed() as db:
        listed = machines.machines_of(db, desk.caller, now=desk.now)
    return desk.page(
        "admin_machines.html",
        listed=listed,
        actions=sorted(GRANTABLE),
        deed_named=lambda action: coded(desk.language, "desk.deed", action),
    )


@router.post("/admin/machines", responses=SENT)
def register_machine(
    desk: Sending,
    wanted: Annotated[Wanted, Depends(_wanted)],
    scope: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Register a machine: who, what for, what it may ask, and its public keys."""
    last_day = day_in(wanted.last_day)
    if last_day is None:
        raise Invalid("say on which day the registration ends")
    registration = Registration(
        client_id=wanted.client_id,
        organisation=wanted.organisation,
        purpose=wanted.purpose,
        scope=scope or (),
        jwks=wanted.jwks,
        first_day=day_in(wanted.first_day) or desk.today,
        last_day=last_day,
    )
    with desk.deed() as db:
        machines.register(db, desk.caller, registration, now=desk.now)
    return desk.go(MACHINES, done="machine_registered")


@router.post("/admin/machines/{client_id}/keys", responses=SENT)
def replace_machine_keys(desk: Sending, client_id: str, jwks: Jwks = "") -> Response:
    """Register other public keys for a machine."""
    with desk.deed() as db:
        machines.replace_keys(db, desk.caller, client_id, jwks, now=desk.now)
    return desk.go(MACHINES, done="machine_changed")


@router.post("/admin/machines/{client_id}/close", responses=SENT)
def close_machine(desk: Sending, client_id: str, confirmed: Yes = "") -> Response:
    """End a registration at once."""
    check_confirmed(confirmed)
    with desk.deed() as db:
        machines.close(db, desk.caller, client_id, now=desk.now)
    return desk.go(MACHINES, done="machine_closed")


@router.get("/admin/keys", responses=ASKED)
def keys(desk: Asking) -> HTMLResponse:
    """List every key ever published."""
    with desk.deed() as db:
        listed = key_keeping.keys_published(db, desk.caller, now=desk.now)
    can_make = desk.inst.key_ring.root is not None
    return desk.page("admin_keys.html", listed=listed, uses=tuple(Use), can_make=can_make)


@router.post("/admin/keys/rotate", responses=SENT)
def rotate_key(
    desk: Sending, use: Annotated[str, Form(max_length=20)], confirmed: Yes = ""
) -> Response:
    """Put a new key to use; what the one before has signed stays good."""
    check_confirmed(confirmed)
    if use not in tuple(Use):
        raise Invalid("there is no such key")
    with desk.deed() as db:
        key_keeping.rotate(db, desk.inst, Use(use), by=desk.caller, now=desk.now)
    key_watch.renew(desk.request.app)
    return desk.go(KEYS, done="key_rotated")


@router.post("/admin/keys/withdraw", responses=SENT)
def withdraw_key(
    desk: Sending,
    kid: Annotated[str, Form(max_length=64)],
    since: Annotated[str, Form(max_length=25)] = "",
    confirmed: Yes = "",
) -> Response:
    """Stop believing a key from an instant on."""
    check_confirmed(confirmed)
    with desk.deed() as db:
        key_keeping.withdraw(db, kid, revoked_from=_instant(since), by=desk.caller, now=desk.now)
    return desk.go(KEYS, done="key_withdrawn")


@router.get("/admin/settings", responses=ASKED)
def settings(desk: Asking) -> HTMLResponse:
    """Show the settings without secrets."""
    with desk.deed() as db:
        check_administers(db, desk.caller, access.Action.KEY_ROTATE, None, desk.now)
    shown = desk.request.app.state.settings_shown
    in_vietnamese = texts.vietnamese("settings") if desk.language == "vi" else {}
    return desk.page(
        "admin_settings.html",
        settings=shown,
        explained=lambda each: in_vietnamese.get(each.name, each.about),
    )


def _instant(text: str) -> datetime:
    """Return the instant that was entered: Vietnam's time where it names no other."""
    try:
        instant = datetime.fromisoformat(text)
        aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=VIETNAM)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("an instant is written like 2026-11-20T08:30") from None
