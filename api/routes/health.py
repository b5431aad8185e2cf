"""Is it alive, and can it work?"""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.dependencies import Now, ReadingDb
from api.problems import problems
from labour_book.errors import Unavailable
from labour_book.services import keys

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """That it works."""

    status: str = "ok"


@router.get("/healthz")
async def alive() -> Health:
    """Say that the process answers; asks nothing else."""
    return Health()


@router.get("/readyz", responses=problems(Unavailable))
def ready(request: Request, db: ReadingDb, now: Now) -> Health:
    """Say that requests can be served: the database answers and keys are published.

    A process that was told to stop is not ready: others are to be asked.
    """
    if request.app.state.leaving.begun:
        raise Unavailable("this process is about to stop")
    keys.jwks(db, now)
    return Health()
