"""The administrator's page about the connections to registers: which answer, which are paused."""

from fastapi.responses import HTMLResponse

from api.pages.desk.frame import ASKED, Asking, desk_router
from api.pages.desk.register_causes import cause_key
from labour_book.services import register_standings

router = desk_router()


@router.get("/admin/registers", responses=ASKED)
def registers(desk: Asking) -> HTMLResponse:
    """Show how each register has answered this process."""
    with desk.deed() as db:
        known = register_standings.standings(db, desk.inst, desk.caller, now=desk.now)
    return desk.page("admin_registers.html", known=known, cause_key=cause_key)
