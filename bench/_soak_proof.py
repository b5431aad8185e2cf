"""After the soak: is all there that was acknowledged, once, and does everything still prove?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from _soak_site import Site
from _soak_traffic import Ledger

from labour_book.database import reading
from labour_book.errors import NotFound
from labour_book.services import drills, head_statements, keys
from labour_book.services.checkpoint_files import notes_in
from labour_book.services.installation import Installation

BACKUP_KEY = b"b" * 32
VERSIONS_WRONG = """
SELECT count(*) FROM (
    SELECT person_id, count(*) AS made, max(version) AS last,
        count(*) FILTER (WHERE state = 'current') AS current
    FROM book_version GROUP BY person_id
) AS each WHERE made <> last OR current <> 1
"""
VIEWS_WRONG = """
SELECT count(*) FROM share
WHERE views <> (SELECT count(*) FROM share_view WHERE share_id = share.id)
"""
DECIDED_TWICE = """
SELECT count(*) FROM (SELECT case_id FROM correction_decision GROUP BY case_id HAVING count(*) > 1)
AS twice
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that was looked at."""

    what: str
    is_good: bool
    detail: str


def proofs(site: Site, ledger: Ledger, *, minutes: float) -> list[Proof]:
    """Look at everything, with the servers stopped."""
    now = datetime.now(UTC)
    with reading(site.inst.engine) as db:

        def value(sql: str, **given: list[str]) -> int:
            return int(db.execute(sa.text(sql), given).scalar_one())

        found = [*_acknowledged(ledger, value), *_consistent(value)]
    found += _trace(site.inst, now, minutes=minutes)
    restored = drills.drill_restore(site.inst, BACKUP_KEY, now=now)
    found += [Proof(f"restored copy: {each.what}", each.is_good, each.detail) for each in restored]
    return found


def _acknowledged(ledger: Ledger, value: Callable[..., int]) -> Iterator[Proof]:
    """Compare what was acknowledged with what there is: nothing lost, nothing twice."""
    unsure = ledger.unsure
    yield _between("shares", value("SELECT count(*) FROM share"), ledger.shares, unsure["share"])
    views = list(ledger.views.elements())
    there = value("SELECT coalesce(sum(views), 0) FROM share")
    yield _between("looks at shares", there, views, unsure["share opened"])
    cases = value("SELECT count(*) FROM correction_case")
    yield _between("corrections begun", cases, ledger.cases, unsure["correction begun"])
    handed = value(
        "SELECT count(*) FROM correction_case WHERE id = ANY(CAST(:ids AS uuid[]))"
        " AND submitted_at IS NOT NULL",
        ids=ledger.submitted,
    )
    yield _same("corrections handed in", handed, len(ledger.submitted))
    decided = value(
        "SELECT count(*) FROM correction_decision WHERE case_id = ANY(CAST(:ids AS uuid[]))",
        ids=ledger.decided,
    )
    yield _same("corrections decided", decided, len(ledger.decided))
    filed = value(
        "SELECT count(*) FROM filing WHERE idempotency_key = ANY(:keys)", keys=list(ledger.filed)
    )
    yield _same("declarations filed", filed, len(ledger.filed))


def _consistent(value: Callable[..., int]) -> Iterator[Proof]:
    yield _same("cases decided twice", value(DECIDED_TWICE), 0)
    yield _same("shares whose looks are miscounted", value(VIEWS_WRONG), 0)
    yield _same("books whose versions are not 1, 2, ..., one current", value(VERSIONS_WRONG), 0)
    made = value("SELECT count(*) FROM book_version") - value("SELECT count(*) FROM book")
    changed = value("SELECT count(*) FROM correction_decision WHERE version_after IS NOT NULL")
    yield _same("further versions", made, changed + value("SELECT count(*) FROM filing"))


def _trace(inst: Installation, now: datetime, *, minutes: float) -> Iterator[Proof]:
    with reading(inst.engine) as db:
        trust = keys.trust_bundle(db, inst, now)
        head_statements.state_head(db, inst, trust, now)
        report = head_statements.verify_stated(db, inst, trust, now)
    signed = len(notes_in(inst.checkpoints))
    whole = f"{report.rows:,} rows, signed to {report.proven_to:,}"
    yield Proof("the chain", report.is_whole and report.proven_to > 0, whole)
    yield Proof("signed ends of it", signed >= int(minutes / 2), f"{signed}")
    try:
        said = head_statements.latest_statement(inst).splitlines()[1]
    except NotFound:
        said = ""
    yield Proof("a head stated in public", bool(said), f"at row {said}")


def _between(what: str, there: int, acknowledged: list[str], unsure: int) -> Proof:
    most = len(acknowledged) + unsure
    good = len(acknowledged) <= there <= most
    return Proof(what, good, f"{there:,}; acknowledged {len(acknowledged):,}, cut {unsure:,}")


def _same(what: str, there: int, expected: int) -> Proof:
    return Proof(what, there == expected, f"{there:,}; expected {expected:,}")
