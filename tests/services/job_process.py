"""A process that does background jobs, to be killed or to race with another."""

from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from labour_book.database import connect
from labour_book.services import job_works
from labour_book.services.doing_jobs import do_next
from tests.support.installations import opened


def work(url: str, folder: str, now: str, batch: int, told: Connection) -> None:
    """Do jobs until none is open; tell after every step, and go on when told so."""
    at = datetime.fromisoformat(now)
    inst = opened(connect(url), Path(folder), at)
    job_works.BATCH = batch

    def step() -> bool:
        told.send("step")
        told.recv()
        return False

    given = {"holder": "process", "clock": lambda: at, "is_stopping": step}
    while do_next(inst, job_works.WORKS, **given):  # type: ignore[arg-type]  # by name
        pass
    told.send("over")
