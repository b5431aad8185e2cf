"""A process of its own that imports a file, to be killed or to race another one.

Writes the number of rows done to standard output after every batch.
"""

import sys
from pathlib import Path

from labour_book.database import connect
from labour_book.errors import Conflict
from labour_book.services.collection import Progress, import_file
from tests.services.collecting import NOW, VAULT


def tell(at: Progress) -> None:
    print(at.rows_done, flush=True)  # noqa: T201 - the test listens


if __name__ == "__main__":
    url, kind, path, batch = sys.argv[1:]
    try:
        import_file(
            connect(url),
            VAULT,
            kind,
            Path(path),
            by="other process",
            now=NOW,
            batch=int(batch),
            on_progress=tell,
        )
    except Conflict:
        sys.exit(3)
