"""What people ask about their own data: those due first, acknowledged, answered or refused."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse

from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.domain.data_requests import LONGEST_WORDS
from labour_book.services import answering_requests

router = desk_router()

ADDRESS = "/desk/data-requests"
Words = Annotated[str, Form(max_length=2 * LONGEST_WORDS)]
"""A browser sends two characters for each new line; how much is too much, the service says."""


@router.get("/data-requests", responses=ASKED)
def waiting(desk: Asking) -> HTMLResponse:
    """Show what people of the own area wait for."""
    with desk.deed() as db:
        found = answering_requests.waiting(db, desk.inst, desk.caller, now=desk.now)
    return desk.page(
        "data_requests.html",
        waiting=found,
        most=answering_requests.AT_ONCE,
        longest=LONGEST_WORDS,
        today=desk.today,
    )


@router.post("/data-requests/{request_id}/acknowledge", responses=SENT)
def acknowledge(
    desk: Sending, request_id: UUID, third_party: Annotated[str, Form(max_length=3)] = ""
) -> RedirectResponse:
    """Say that a request has arrived."""
    with desk.deed() as db:
        answering_requests.acknowledge(
            db, desk.caller, request_id, third_party=third_party == "yes", now=desk.now
        )
    return desk.go(ADDRESS, done="data-acknowledged")


@router.post("/data-requests/{request_id}/answer", responses=SENT)
def answer(desk: Sending, request_id: UUID, words: Words = "") -> RedirectResponse:
    """Say what was done about a request."""
    with desk.deed() as db:
        answering_requests.answer(db, desk.inst, desk.caller, request_id, words, now=desk.now)
    return desk.go(ADDRESS, done="data-answered")


@router.post("/data-requests/{request_id}/refuse", responses=SENT)
def refuse(desk: Sending, request_id: UUID, words: Words = "") -> RedirectResponse:
    """Say why nothing is done about a request."""
    with desk.deed() as db:
        answering_requests.refuse(db, desk.inst, desk.caller, request_id, words, now=desk.now)
    return desk.go(ADDRESS, done="data-refused")
