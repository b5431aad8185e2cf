"""People who lose their work, put straight into the tables; what rounds leave, to be compared."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from labour_book.database import insert_rows, transaction
from labour_book.queries.rows import table_of
from labour_book.services import job_losses
from labour_book.services.installation import Installation
from labour_book.tables import (
    EmploymentFact,
    InsuranceFact,
    JobLoss,
    PaymentList,
    SupportProposal,
)
from tests.services import checks
from tests.services.people import COMMUNE, person_id, uid

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def loses_work(
    inst: Installation, number: int, *, last: str = "2026-09-20", clause: int | None = 11
) -> None:
    """Let the contract of somebody end, and the contributions with it."""
    checks.change(
        *(inst, EmploymentFact, number, 4),
        last_day=last,
        running=False,
        end_reason_clause=clause,
    )
    checks.change(inst, InsuranceFact, number, 5, last_month=last[:7])


def works_on(inst: Installation, number: int) -> None:
    """Take that back: it was reported wrongly."""
    at = {"recorded_at": NOW + DAY}
    checks.change(
        *(inst, EmploymentFact, number, 4),
        last_day=None,
        running=True,
        end_reason_clause=None,
        **at,
    )
    checks.change(inst, InsuranceFact, number, 5, last_month=None, **at)


def detect(
    inst: Installation, now: datetime = NOW, *, everybody: bool = True, batch: int = 500
) -> job_losses.Progress:
    rounds = job_losses.detect(inst, by=checks.OPERATOR, now=now, everybody=everybody, batch=batch)
    *_, last = rounds
    return last


def stop_after(inst: Installation, steps: int) -> None:
    """Begin a round of one person at a time, and walk away in the middle of it."""
    rounds = job_losses.detect(inst, by=checks.OPERATOR, now=NOW, everybody=True, batch=1)
    for _ in islice(rounds, steps):
        pass
    rounds.close()  # type: ignore[attr-defined]  # an iterator made by a generator


def losses(inst: Installation, number: int = 1) -> list[tuple[str, str]]:
    rows = checks.rows(inst, JobLoss, JobLoss.person_id == person_id(number))
    return [(row["month"], row["state"]) for row in rows]


def proposals(inst: Installation, number: int = 1) -> dict[str, Any]:
    """Return what is proposed to somebody: policy to state."""
    rows = checks.rows(inst, SupportProposal, SupportProposal.person_id == person_id(number))
    return {row["policy"]: row["state"] for row in rows}


def stored(inst: Installation) -> list[str]:
    """Return everything that rounds leave but ids and times."""
    left = {"id", "about", "job_loss_id", "found_at", "changed_at", "created_at", "confirmed_at"}
    found = [*checks.rows(inst, JobLoss), *checks.rows(inst, SupportProposal)]
    return sorted(
        str({name: value for name, value in row.items() if name not in left}) for row in found
    )


def proposed(inst: Installation, number: int = 1) -> UUID:
    """Put in a proposal that waits for somebody; it rests on no loss of work."""
    row = {
        "id": uid(70, number),
        "person_id": person_id(number),
        "policy": "voluntary-insurance-support",
        "about": "",
        "level": 3,
        "state": "proposed",
        "sum_value": "66000",
        "sum_unit": "VND per month",
        "findings": "[]",
        "overlap": "unasked",
        "commune_code": COMMUNE,
        "created_at": NOW,
        "changed_at": NOW,
    }
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(SupportProposal), [row])
    return uid(70, number)


def listed_to_pay(inst: Installation, number: int = 1) -> UUID:
    """Put in a list of payments of the commune's, with nobody on it."""
    row = {
        "id": uid(71, number),
        "number": f"DS-2026-11-{number}",
        "policy": "voluntary-insurance-support",
        "unit_code": f"UB-{COMMUNE}",
        "month": "2026-11",
        "state": "drafted",
        "people": 0,
        "total_vnd": 0,
        "content_hash": bytes(32),
        "drafted_by": "another",
        "drafted_at": NOW,
    }
    with transaction(inst.engine) as db:
        insert_rows(db, table_of(PaymentList), [row])
    return uid(71, number)
