"""Workbooks sent on the web: what was sent, how far it is, and what became of each row."""

from typing import Annotated
from uuid import UUID

from fastapi import File, Form, Query, UploadFile
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.dependencies import MOST
from api.pages.desk.fields import field_names
from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.services import uploading
from labour_book.services.callers import Action
from labour_book.services.full_files import FULL_KINDS
from labour_book.services.receipts import ACCEPTED, Outcome

router = desk_router()

ADDRESS = "/desk/uploads"
REFRESH_SECONDS = 3
OUTCOMES = tuple(Outcome)
_MEDIA_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".jsonl": "application/x-ndjson",
}
Word = Annotated[str, Query(max_length=40)]


@router.get("/uploads", responses=ASKED)
def uploads(desk: Asking) -> HTMLResponse:
    """Ask for a file, and show what was sent."""
    with desk.deed() as db:
        sent = uploading.deliveries(db, desk.caller, now=desk.now)
        kinds = uploading.kinds_for(db, desk.caller)
    return desk.page(
        "uploads.html",
        sent=sent,
        kinds=kinds,
        full_kinds=[each for each in kinds if each in FULL_KINDS],
        most_mib=desk.request.app.state.max_upload_mib,
    )


@router.post("/uploads", responses=SENT)
def send(
    desk: Sending,
    file: Annotated[UploadFile, File()],
    *,
    kind: Annotated[str, Form(max_length=16)] = "form03",
    commune_code: Annotated[str, Form(max_length=5)] = "",
    collected_on: Annotated[str, Form(max_length=10)] = "",
    full: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Take in a file; it is imported soon, beside the request."""
    with desk.deed() as db:
        file_id = uploading.receive(
            db,
            desk.inst,
            desk.caller,
            kind=kind,
            file_name=file.filename or "",
            content=file.file.read(),
            commune_code=commune_code.strip(),
            collected_on=collected_on.strip(),
            is_full=full,
            now=desk.now,
        )
    return desk.go(f"{ADDRESS}/{file_id}", done="sent")


@router.get("/uploads/{file_id}", responses=ASKED)
def upload(
    desk: Asking,
    file_id: UUID,
    outcome: Word = "",
    cause: Word = "",
    after: Annotated[int, Query(ge=0, le=MOST)] = 0,
) -> HTMLResponse:
    """Show how far a file is, and then its rows; the page comes again by itself until it is."""
    chosen = [each for each in OUTCOMES if each.value == outcome] or list(OUTCOMES)
    with desk.deed() as db:
        delivery = uploading.delivery(db, desk.caller, file_id, now=desk.now)
        rows = uploading.rows_of(
            db,
            desk.inst,
            desk.caller,
            file_id,
            chosen,
            cause=cause or None,
            after=after,
            now=desk.now,
        )
    return desk.page(
        "upload.html",
        delivery=delivery,
        field_name=field_names(desk),
        rows=rows,
        outcomes=OUTCOMES,
        outcome=outcome,
        cause=cause,
        causes=_causes(delivery),
        is_first=not after,
        more=rows[-1].ordinal if len(rows) == uploading.PAGE else None,
        is_open=delivery.state in {"waiting", "running"},
        refresh=REFRESH_SECONDS,
        mendable=_mendable(delivery) if desk.caller.may(Action.IMPORT_ROWS) else 0,
    )


@router.get("/uploads/{file_id}/refused", responses=ASKED)
def refused(desk: Asking, file_id: UUID) -> Response:
    """Return the rows that were not recorded, as a file to mend and send again."""
    with desk.deed() as db:
        content, suffix = uploading.refused_file(db, desk.inst, desk.caller, file_id, now=desk.now)
    name = f"dong-can-sua-{str(file_id)[:8]}{suffix}"
    return Response(
        content,
        media_type=_MEDIA_TYPES[suffix],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _causes(delivery: uploading.Delivery) -> list[tuple[str, int]]:
    """Return the causes of rows that were not recorded, the most frequent first."""
    if delivery.run is None:
        return []
    found: dict[str, int] = {}
    for outcome, causes in delivery.run.causes.items():
        if outcome not in {each.value for each in ACCEPTED}:
            for cause, rows in causes.items():
                found[cause] = found.get(cause, 0) + rows
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def _mendable(delivery: uploading.Delivery) -> int:
    if delivery.run is None:
        return 0
    rows = delivery.run.rows
    return rows.get(Outcome.REFUSED, 0) + rows.get(Outcome.NEEDS_REVIEW, 0)
