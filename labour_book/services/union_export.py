"""The union's list as a file: streamed, with its hash at the end, traced before and after."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from io import StringIO

from labour_book.database import Db, reading
from labour_book.domain.cells import FORMULA_STARTS
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import union_list as stored
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role, deed
from labour_book.services.union_list import (
    PER_PAGE,
    Area,
    FirmTold,
    area_of,
    stated_purpose,
    told_firms,
)

COLUMNS = (
    *("code", "name", "status", "since", "reasons", "workers", "owed_months"),
    *("undeclared_months", "amount_vnd", "months_wage_unknown", "months_law_unknown"),
)
HASH = "# SHA-256"
"""How the last line begins: the hash of all bytes before it."""
MARK = "\ufeff".encode()


def exported(inst: Installation, caller: Caller, *, purpose: str, now: datetime) -> Iterator[bytes]:
    """Return the firms of the caller's area as CSV, piece by piece; no name of a worker.

    Asked and traced at once; the trace of its end holds the number of rows and the hash.

    Raises:
        Invalid: no purpose is stated.
        DeniedToRole, NotFoundForCaller: as ``union_list.firms``.
    """
    with deed(inst.engine) as db:
        check_role(caller, Action.UNION_EXPORT, now)
        stated = stated_purpose(purpose)
        area, _ = area_of(db, caller, Action.UNION_EXPORT, now)
        _trace(db, caller, stated, now, begun="yes")
    return _streamed(inst, caller, area, stated, now)


def _streamed(
    inst: Installation, caller: Caller, area: Area, purpose: str, now: datetime
) -> Iterator[bytes]:
    """Yield the lines; no transaction stays open while somebody takes them slowly."""
    with reading(inst.engine) as db:
        listed = stored.firms_at_stake(db, vietnam_day(now))
    own = [each for each in listed if area.place is None or area.holds(each)]
    first = MARK + _line(COLUMNS)
    hashed, rows = sha256(first), 0
    yield first
    for at in range(0, len(own), PER_PAGE):
        with reading(inst.engine) as db:
            told = told_firms(db, inst, area, listed, own[at : at + PER_PAGE], now=now)
        page = [each for each in told if each.workers != 0]
        piece = b"".join(_line(_cells(each)) for each in page)
        hashed.update(piece)
        rows += len(page)
        yield piece
    digest = hashed.hexdigest()
    with deed(inst.engine) as db:
        _trace(db, caller, purpose, now, rows=rows, sha256=digest)
    yield f"{HASH} {digest}\r\n".encode()


def _cells(firm: FirmTold) -> Sequence[str]:
    amount = firm.amount
    numbers = (
        *(firm.workers, firm.owed, firm.undeclared),
        *(
            (None, None, None)
            if amount is None
            else (amount.vnd, amount.wage_unknown, amount.law_unknown)
        ),
    )
    since = "" if firm.since is None else firm.since.isoformat()
    return [
        *(firm.code, firm.name, firm.status or "", since, " ".join(firm.reasons)),
        *("" if each is None else str(each) for each in numbers),
    ]


def _line(cells: Sequence[str]) -> bytes:
    """Return a row; what looks like a formula is text."""
    written = StringIO()
    guarded = [f"'{each}" if each.startswith(FORMULA_STARTS) else each for each in cells]
    csv.writer(written, lineterminator="\r\n").writerow(guarded)
    return written.getvalue().encode()


def _trace(db: Db, caller: Caller, purpose: str, now: datetime, **detail: str | int) -> None:
    trace(db, caller, Action.UNION_EXPORT, at=now, purpose=purpose, detail=detail)
