"""Is it alive, and can it work?"""

from fastapi import APIRouter
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
def ready(db: ReadingDb, now: Now) -> Health:
    """Say that requests can be served: the database answers and keys are published."""
    keys.jwks(db, now)
    return Health()
