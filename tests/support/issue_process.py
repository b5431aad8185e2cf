"""A process that issues to everybody, to be killed or raced: URL FOLDER NOW BATCH PROCESSES."""

import sys
from datetime import datetime
from pathlib import Path

from labour_book.database import connect
from labour_book.services.access import operator
from labour_book.services.issuing import Progress, issue_all
from tests.support.installations import opened


def main(url: str, folder: str, now: str, batch: str, processes: str) -> None:
    at = datetime.fromisoformat(now)
    inst = opened(connect(url), Path(folder), at)
    _say("ready")
    sys.stdin.readline()
    summary = issue_all(
        inst,
        by=operator("test"),
        now=at,
        on_progress=_tell,
        processes=int(processes),
        batch_size=int(batch),
    )
    _say(f"issued {summary.issued} unchanged {summary.unchanged}")


def _tell(progress: Progress) -> None:
    _say(f"done {progress.done}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
