"""A process of its own that imports a file, to be killed or to race another one."""

import sys
from multiprocessing.connection import Connection
from pathlib import Path

from labour_book.database import connect
from labour_book.errors import Conflict
from labour_book.services.collection import Progress, import_file
from tests.services.collecting import NOW, VAULT

RAN_ALREADY = 3
"""How it ends where another process imports the same."""


def work(url: str, path: Path, batch: int, told: Connection) -> None:
    """Import a file of the insurance register; tell the number of rows done after every batch."""

    def tell(at: Progress) -> None:
        told.send(at.rows_done)

    try:
        import_file(
            connect(url),
            VAULT,
            "insurance",
            path,
            by="other process",
            now=NOW,
            batch=batch,
            on_progress=tell,
        )
    except Conflict:
        sys.exit(RAN_ALREADY)
