"""The union's list: firms that are bankrupt, gone or in arrears, and their workers."""

from typing import Annotated

from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import StreamingResponse

from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.domain.display import show_months
from labour_book.domain.employers import enterprise_code_is_valid
from labour_book.errors import Invalid
from labour_book.services import union_export, union_list

router = desk_router()

CODE = 10
Purpose = Annotated[str, Form(max_length=200)]


@router.get("/union", responses=ASKED)
def union(desk: Asking, after: Annotated[str, Query(max_length=CODE)] = "") -> HTMLResponse:
    """Show the firms with how many workers, months and what amount are at stake."""
    with desk.deed() as db:
        found = union_list.firms(db, desk.inst, desk.caller, after=after, now=desk.now)
    return desk.page("union.html", page=found, articles=union_list.ARTICLES)


@router.post("/union/firm", responses=SENT)
def union_firm(
    desk: Sending, code: Annotated[str, Form(max_length=CODE)] = "", purpose: Purpose = ""
) -> HTMLResponse:
    """Show the workers of one firm by name, to the unit in charge, for a purpose."""
    if not enterprise_code_is_valid(code):
        raise Invalid("say which firm", cause="FIRM")
    with desk.deed() as db:
        name, found = union_list.workers(db, desk.caller, code, purpose=purpose, now=desk.now)
    return desk.page(
        "union_firm.html", firm=name, code=code, workers=found, purpose=purpose, spans=show_months
    )


@router.post("/union/export", responses=SENT)
def union_export_file(desk: Sending, purpose: Purpose = "") -> StreamingResponse:
    """Send the list as CSV, line by line, with its hash as the last line."""
    content = union_export.exported(desk.inst, desk.caller, purpose=purpose, now=desk.now)
    headers = {
        "Content-Disposition": f'attachment; filename="union-{desk.today.isoformat()}.csv"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(content, media_type="text/csv; charset=utf-8", headers=headers)
