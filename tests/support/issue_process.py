"""A process that issues to everybody, to be killed or raced."""

from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from labour_book.database import connect
from labour_book.services.access import operator
from labour_book.services.issuing import Progress, issue_all
from tests.support.installations import opened

READY, GO = "ready", "go"


def work(url: str, folder: Path, now: datetime, batch: int, talk: Connection) -> None:
    """Say that it is ready, wait for a word, and issue; tell each batch, and last what it did."""

    def tell(progress: Progress) -> None:
        talk.send(("done", progress.done))

    inst = opened(connect(url), folder, now)
    talk.send(READY)
    talk.recv()
    summary = issue_all(inst, by=operator("test"), now=now, on_progress=tell, batch_size=batch)
    talk.send(("issued", summary.issued))
