"""The address where the monitoring reads the figures, by its token."""

from secrets import compare_digest
from typing import Annotated

from fastapi import APIRouter, FastAPI, Header, Request, Response

from api.dependencies import Inst, Now, ReadingDb
from api.figures import FIGURES
from api.problems import problems
from labour_book.errors import NotFound, Unavailable
from labour_book.services.standing import standing
from labour_book.settings import Settings

TEXT = "text/plain; version=0.0.4; charset=utf-8"

router = APIRouter(include_in_schema=False)


def install(app: FastAPI, settings: Settings) -> None:
    """Offer the figures to whoever has the token; without one there is no such address."""
    given = settings.metrics_token
    app.state.metrics_token = "" if given is None else given.get_secret_value()
    app.include_router(router)


def _is_monitoring(expected: str, given: str) -> bool:
    said = given.removeprefix("Bearer ")
    return bool(expected) and compare_digest(said.encode(), expected.encode())


@router.get("/metrics", responses=problems(NotFound, Unavailable))
def metrics(
    request: Request,
    db: ReadingDb,
    inst: Inst,
    now: Now,
    authorization: Annotated[str, Header(max_length=300)] = "",
) -> Response:
    """Return the figures of this process and of the installation."""
    if not _is_monitoring(request.app.state.metrics_token, authorization):
        raise NotFound("there is no such address")
    return Response(FIGURES.written(standing(db, inst, now)), media_type=TEXT)
