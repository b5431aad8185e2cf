"""How satisfied people were with finished requests: numbers and words, never a name."""

from fastapi.responses import HTMLResponse

from api.pages.desk.frame import ASKED, Asking, desk_router
from labour_book.services import satisfaction

router = desk_router()


@router.get("/oversight/satisfaction", responses=ASKED)
def show_satisfaction(desk: Asking) -> HTMLResponse:
    """Show what people answered about the own unit and those below it, as bars and as numbers."""
    with desk.deed() as db:
        found = satisfaction.told(db, desk.inst, desk.caller, now=desk.now)
    return desk.page("satisfaction.html", told=found, fewest=found.fewest)
