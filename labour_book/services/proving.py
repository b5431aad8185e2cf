"""What an installation can prove of itself, each as one line with its goal.

Nothing stays behind: what has to be done for it is done on a copy that is thrown away, or in a
transaction that is rolled back. What takes a fault to prove is proven by ``make faults``.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from labour_book.database import Db, reading, transaction
from labour_book.errors import LabourBookError
from labour_book.queries import books, copies
from labour_book.queries.people import numbers_of
from labour_book.services import drills, keys
from labour_book.services.auditing import trace
from labour_book.services.backing_up import KEY_BYTES
from labour_book.services.callers import Action, Caller, operator
from labour_book.services.head_statements import verify_stated
from labour_book.services.installation import Installation

TRACE_MILLISECONDS = 1.0
TRACED = 100
"""Rows that the cost of one is measured over."""
DIGITS = 12
LONGEST = 64
"""Bytes that one piece of a file hands to the next, so that no number falls between them."""
_NUMBER = re.compile(rb"(?<!\d)\d{%d}(?!\d)" % DIGITS)


@dataclass(frozen=True, slots=True)
class Proof:
    """One figure: a row of ``data/proofs.csv``, what was found, and whether that is good."""

    what: str
    is_good: bool
    detail: str = ""


class _Undone(Exception):
    """Rolls a transaction back that only measured."""


def proofs(
    inst: Installation,
    *,
    sample: int,
    logs: Iterable[Path],
    now: datetime,
    timer: Callable[[], float],
) -> Iterator[Proof]:
    """Prove what can be seen from inside, without a copy.

    ``sample``: how many books and people are looked at; ``timer`` counts seconds of work.
    """
    with reading(inst.engine) as db:
        trust = keys.trust_bundle(db, inst, now)
        report = verify_stated(db, inst, trust, now)
        yield Proof("chain", report.is_whole, f"{report.rows:,}, {report.proven_to:,} signed")
        astray = copies.books_astray(db)
        yield Proof("versions", astray == 0, f"{astray:,}")
        numbers = _numbers(db, inst, sample)
    yield _signatures(inst, sample, now)
    yield _trace_cost(inst, now, timer)
    with reading(inst.engine) as db:
        yield _absent("plain-database", copies.raw_content(db), numbers)
    for path in logs:
        yield _absent("plain-logs", copies.pieces_of(path), numbers, path.name)


def drilled(inst: Installation, *, by: Caller, now: datetime) -> Iterator[Proof]:
    """Prove on copies what the worst day asks for; each part takes as long as a restore."""
    key = secrets.token_bytes(KEY_BYTES)
    yield _drill("restore", lambda: drills.drill_restore(inst, key, now=now))
    yield _drill("key-compromise", lambda: drills.drill_key_compromise(inst, key, by=by, now=now))
    yield _drill("freeze-log", lambda: drills.drill_freeze_log(inst, key, now=now))


def _drill(what: str, found: Callable[[], Iterable[drills.Finding]]) -> Proof:
    try:
        every = list(found())
    except LabourBookError as error:
        return Proof(what, is_good=False, detail=str(error))
    told = "; ".join(f"{each.what} {each.detail}".strip() for each in every)
    return Proof(what, all(each.is_good for each in every), told)


def _numbers(db: Db, inst: Installation, sample: int) -> frozenset[bytes]:
    """Return the numbers of some people, as they must stand nowhere."""
    people = books.person_ids_after(db, UUID(int=0), limit=sample)
    known = numbers_of(db, inst.vault, people)
    return frozenset(
        digits.encode() for of in known.values() for _, digits in of if len(digits) == DIGITS
    )


def _signatures(inst: Installation, sample: int, now: datetime) -> Proof:
    """Verify books that are drawn by lot, as a verifier does."""
    with reading(inst.engine) as db:
        found = copies.drawn_credentials(db, sample, secrets.randbelow)
    good, bad = drills.verified(inst, found, now)
    return Proof("signatures", bad == 0, f"{good:,} good, {bad:,} bad")


def _trace_cost(inst: Installation, now: datetime, timer: Callable[[], float]) -> Proof:
    """Append rows to the trace and take them back: what one costs without the commit."""
    measured: list[float] = []
    with suppress(_Undone), transaction(inst.engine) as db:
        began = timer()
        for _ in range(TRACED):
            trace(db, operator("prove"), Action.TRACE_READ, at=now, purpose="prove")
        measured.append((timer() - began) / TRACED * 1000)
        _undo()
    (milliseconds,) = measured
    return Proof("trace-cost", milliseconds <= TRACE_MILLISECONDS, f"{milliseconds:.2f} ms")


def _undo() -> None:
    raise _Undone


def _absent(what: str, pieces: Iterable[bytes], numbers: frozenset[bytes], name: str = "") -> Proof:
    """Look for any of the numbers, also where one piece ends and the next begins."""
    found = size = 0
    kept = b""
    for piece in pieces:
        size += len(piece)
        window = kept + piece
        found += sum(number in numbers for number in _NUMBER.findall(window))
        kept = window[-LONGEST:]
    told = f"{found:,} of {len(numbers):,} numbers in {size / 2**20:,.1f} MiB"
    return Proof(what, found == 0, f"{name} {told}".strip())
