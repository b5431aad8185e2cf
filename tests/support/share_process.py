"""A process that opens shares, to be raced: URL FOLDER NOW MEANS ADDRESS CODE..."""

import sys
from datetime import datetime
from pathlib import Path

from labour_book.database import connect
from labour_book.errors import LabourBookError
from labour_book.services import visits
from labour_book.services.callers import ANYBODY
from tests.support.installations import opened


def main(url: str, folder: str, now: str, means: str, address: str, *codes: str) -> None:
    at = datetime.fromisoformat(now)
    inst = opened(connect(url), Path(folder), at)
    opening = visits.open_live if means == "live" else visits.open_share
    tell("ready")
    sys.stdin.readline()
    for code in codes:
        try:
            opening(inst, code, visits.Visit(ANYBODY, address), now=at)
        except LabourBookError as error:
            tell(error.slug)
        else:
            tell("shown")


def tell(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
