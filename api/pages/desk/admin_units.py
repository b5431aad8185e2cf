"""The administrator's pages about units, mandates, and code lists."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.desk.admin import check_confirmed, day_in
from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from api.pages.desk.wording import coded
from labour_book.errors import Invalid
from labour_book.services import access, code_lists, mandates, unit_keeping
from labour_book.services.permission import check_role
from labour_book.services.unit_keeping import NewUnit

router = desk_router()

UNITS = "/desk/admin/units"
Code = Annotated[str, Form(max_length=24)]
Day = Annotated[str, Form(max_length=10)]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A unit as it was entered."""

    code: str
    name: str
    kind: str
    parent: str
    place: str
    first_day: str


def _wanted(
    *,
    code: Code = "",
    name: Annotated[str, Form(max_length=200)] = "",
    kind: Annotated[str, Form(max_length=16)] = "",
    parent: Code = "",
    place: Annotated[str, Form(max_length=5)] = "",
    first_day: Day = "",
) -> Wanted:
    return Wanted(code.strip().upper(), name, kind, parent, place.strip(), first_day)


@router.get("/admin/units", responses=ASKED)
def units(desk: Asking, under: Annotated[str | None, Query(max_length=24)] = None) -> HTMLResponse:
    """Show a unit and those right under it, with their days."""
    with desk.deed() as db:
        found = unit_keeping.units_under(db, desk.caller, under, now=desk.now)
    kinds = () if found.unit is None else unit_keeping.BELOW[found.unit.kind]
    return desk.page("admin_units.html", found=found, kinds=kinds)


@router.post("/admin/units", responses=SENT)
def open_unit(desk: Sending, wanted: Annotated[Wanted, Depends(_wanted)]) -> Response:
    """Let a unit begin under another one."""
    new = NewUnit(
        code=wanted.code,
        name=wanted.name,
        kind=wanted.kind,
        parent_code=wanted.parent,
        place_code=wanted.place or None,
        first_day=day_in(wanted.first_day) or desk.today,
    )
    with desk.deed() as db:
        unit_keeping.open_unit(db, desk.caller, new, now=desk.now)
    return desk.go(UNITS, done="unit_opened", under=new.parent_code)


@router.post("/admin/units/end", responses=SENT)
def end_unit(
    desk: Sending,
    code: Code,
    last_day: Day = "",
    confirmed: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Let a unit end with a day."""
    check_confirmed(confirmed)
    last = day_in(last_day)
    if last is None:
        raise Invalid("say on which day it ends")
    with desk.deed() as db:
        unit_keeping.end_unit(db, desk.caller, code, last, now=desk.now)
    return desk.go(UNITS, done="unit_ended", under=code)


@router.get("/admin/mandates", responses=ASKED)
def mandates_given(desk: Asking) -> HTMLResponse:
    """List the newest mandates."""
    with desk.deed() as db:
        listed = mandates.newest(db, desk.caller, now=desk.now)
    return desk.page("admin_mandates.html", listed=listed)


@router.post("/admin/mandates/{mandate_id}/revoke", responses=SENT)
def revoke_mandate(
    desk: Sending, mandate_id: UUID, confirmed: Annotated[str, Form(max_length=3)] = ""
) -> Response:
    """Revoke a mandate, because whoever gave it cannot."""
    check_confirmed(confirmed)
    with desk.deed() as db:
        mandates.revoke(db, desk.caller, mandate_id, now=desk.now)
    return desk.go("/desk/admin/mandates", done="mandate_revoked")


@router.get("/admin/lists", responses=ASKED)
def lists(desk: Asking) -> HTMLResponse:
    """List the code lists with their validity."""
    check_role(desk.caller, access.Action.ACCOUNT_LIST, desk.now)
    return desk.page("admin_lists.html", lists=code_lists.code_lists())


@router.get("/admin/lists/{name}", responses=ASKED)
def one_list(
    desk: Asking, name: str, page: Annotated[int, Query(ge=1, le=1000)] = 1
) -> HTMLResponse:
    """Show a part of one code list."""
    check_role(desk.caller, access.Action.ACCOUNT_LIST, desk.now)
    found, rows = code_lists.code_list(name, page)
    pages = -(-found.size // code_lists.ROWS_AT_ONCE)
    return desk.page(
        "admin_list.html",
        found=found,
        rows=rows,
        at=page,
        pages=pages,
        column_named=lambda column: coded(desk.language, "desk.column", column),
    )
