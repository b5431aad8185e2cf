"""What a declaration does to the record: whom it means, whether it fits, and the fact it makes.

The employer's own former word is voided and replaced. What others state, such as an event of the
contract platform, is never touched.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from labour_book import data
from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.filings import (
    Declared,
    FilingKind,
    Job,
    KnownCodes,
    day_of,
    faults_of,
    is_too_long,
    job_of,
    out_of_order,
    relevant,
    standing,
)
from labour_book.domain.findings import Finding
from labour_book.domain.months import Month
from labour_book.domain.places import places
from labour_book.law.filing_deadlines import days_late, deadline_of
from labour_book.queries import facts, filings
from labour_book.queries.facts import FactKind
from labour_book.queries.filings import StoredFiling
from labour_book.queries.people import PersonOnFile
from labour_book.queries.vault import Vault
from labour_book.services import numbering, plausibility
from labour_book.services.filers import Filer, FilingFaulty, FilingRefused, KeyReused, NewFiling
from labour_book.services.fitting import Fitted, already, first_filed, fitted
from labour_book.services.installation import Installation
from labour_book.services.receipts import Outcome
from labour_book.services.recording import Run, fact_row, new_id, statement, voided


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a declaration did to the record."""

    outcome: Outcome
    filing_id: UUID | None
    """None when the record says so already."""
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """Under which name of the sender's own a declaration came, or in which row of a file."""

    idempotency_key: str | None = None
    request_hash: bytes | None = None
    row_ordinal: int | None = None


SENT_ALONE = Sent()


def declare(
    db: Db,
    inst: Installation,
    filer: Filer,
    new: NewFiling,
    *,
    person: PersonOnFile,
    sent: Sent = SENT_ALONE,
) -> Recorded:
    """Record a declaration about a person whose book is locked; nothing is issued yet.

    Raises:
        FilingFaulty: it cannot be right.
        FilingRefused: it contradicts what is on record.
        NotFound: what it corrects is not there.
    """
    new = replace(new, said=relevant(new.kind, new.said))
    about = filings.filings_about(db, filer.code, person.id)
    placed = fitted(db, filer, new, person.id, about)
    job = None if placed.job_id is None else job_of(placed.before)
    notes = _checked(filer, placed, job, person)
    filing_id = new_id(filer.now + timedelta(milliseconds=sent.row_ordinal or 0))
    made = Declared(filing_id, placed.kind, _day(placed, about), placed.said, placed.corrects)
    after = job_of([*placed.before, made])
    if after == job and placed.kind is not FilingKind.CANCEL:
        if new.restates:
            return Recorded(Outcome.UNCHANGED, None)
        raise already(about, placed.job_id)
    about_contract = _contract_notes(db, filer, placed, made, person.id)
    job_id = placed.job_id or filing_id
    first = first_filed(about, made.corrects)
    row = _row(inst, filer, made, new, filed_on=vietnam_day(first.filed_at if first else filer.now))
    row |= {"job_id": job_id, "person_id": person.id, **asdict(sent)}
    if not filings.add_filing(db, row):
        raise KeyReused
    _write_fact(db, inst.vault, filer, job_id, after, person_id=person.id, notes=notes)
    outcome = Outcome.CREATED if placed.job_id is None else Outcome.UPDATED
    return Recorded(outcome, filing_id, (*notes, *about_contract))


def _checked(filer: Filer, placed: Fitted, job: Job | None, person: PersonOnFile) -> list[Finding]:
    """Return what to note of a declaration that counts; refuse one that cannot be right."""
    said, kind = placed.said, placed.kind
    if kind is FilingKind.CANCEL:
        return []
    faults = faults_of(kind, said, today=filer.today, known=known_codes())
    first = said.first_day if job is None or kind is FilingKind.HIRE else job.first_day
    if first is not None:
        faults += out_of_order(kind, said, replace(job or Job(first, ""), first_day=first))
        month = Month.of_day(first.first_possible)
        if plausibility.begins_before_birth(month, person.birth_date):
            faults.append(Finding("FILING_BEFORE_BIRTH", "first_day"))
    if faults or first is None:
        raise FilingFaulty(faults)
    notes = list(plausibility.age_findings(month, person.birth_date, "first_day"))
    if is_too_long(first, said.contract_ends_on):
        notes.append(Finding("FIXED_TERM_OVER_36_MONTHS", "contract_ends_on"))
    return notes


def _contract_notes(
    db: Db, filer: Filer, placed: Fitted, made: Declared, person_id: UUID
) -> list[Finding]:
    """Refuse another contract ID than the one of the work, or one of other parties.

    Source: ND 337/2025 and TT 08/2026/TT-BNV: the ID is given once and never changes.
    """
    given = placed.said.contract_id
    if given is None:
        return []
    for each in standing([*placed.before, made]):
        if each.said.contract_id not in {None, given}:
            raise FilingRefused(Finding("FILING_CONTRACT_ID", "contract_id"))
    events = facts.events_of(db, [given]).get(given, [])
    for event in events:
        if (event.person_id, event.employer_code) != (person_id, filer.code):
            raise FilingRefused(Finding("CONTRACT_OTHER_PARTY", "contract_id"))
    return [] if events else [Finding("CONTRACT_NOT_SEEN", "contract_id")]


def _row(
    inst: Installation, filer: Filer, made: Declared, new: NewFiling, *, filed_on: date
) -> dict[str, Any]:
    """Return what is stored of a declaration, without of whom, and how it was sent.

    To correct is not to be late: ``filed_on`` is when it was first declared.
    """
    deadline = deadline_of(made.kind, made.effective_on)
    due_on = None if deadline is None else deadline.due_on
    return {
        "id": made.id,
        "receipt_no": numbering.new_receipt_no(inst.entropy),
        "enterprise_code": filer.code,
        "kind": made.kind.value,
        "corrects_id": made.corrects,
        "effective_on": made.effective_on,
        "body": json.dumps(made.said.as_body(), ensure_ascii=False, sort_keys=True),
        "filed_at": filer.now,
        "filed_by": filer.caller.id,
        "filed_by_name": filer.caller.name,
        "due_on": due_on,
        "days_late": None if due_on is None else days_late(due_on, filed_on),
        "share_id": new.share_id,
        "run_id": filer.run_id,
    }


def _write_fact(
    db: Db,
    vault: Vault,
    filer: Filer,
    job_id: UUID,
    job: Job | None,
    *,
    person_id: UUID,
    notes: Sequence[Finding],
) -> None:
    """Void the employer's former word on a stretch of work, and record the present one."""
    run = Run(job_id, "employer_filings", filer.caller.id, filer.now, filer.now, filer.today)
    content = (None,) if job is None else tuple(values_of(filer, job).values())
    said = statement(vault, f"filing|{job_id}", content, filer.now)
    live = facts.live_facts(db, FactKind.EMPLOYMENT, Source.EMPLOYER, [said.reference])
    before = live.get(said.reference)
    row = None
    if job is not None:
        whom = person_id if before is None else before.person_id
        row = fact_row(run, Source.EMPLOYER, said, whom, notes) | values_of(filer, job)
        row["run_id"] = filer.run_id
    if before is not None:
        ended = voided(run, before.id, None if row is None else row["id"])
        reason = "filed anew" if row is not None else "filing cancelled"
        facts.void_facts(db, FactKind.EMPLOYMENT, [ended | {"reason": reason}])
    if row is not None:
        facts.add_facts(db, FactKind.EMPLOYMENT, [row])


def values_of(filer: Filer, job: Job) -> dict[str, Any]:
    """Return the columns of the fact that the employer's declarations make."""
    last = job.ended_on or job.contract_ends_on
    return {
        "employer_id": filer.employer_id,
        "employer_code": filer.code,
        "employer_name": filer.name,
        "position": job.position,
        "occupation_code": job.occupation_code,
        "contract_kind": job.contract_kind,
        "contract_id": job.contract_id,
        "event_sequence": None,
        "message_id": None,
        "first_day": str(job.first_day),
        "last_day": None if last is None else last.isoformat(),
        "running": job.runs,
        "workplace_commune": job.workplace_commune,
        "workplace_text": job.workplace_text,
        "end_reason_clause": job.end_reason_clause,
        "suspended": False,
        "employment_position": None,
    }


@cache
def known_codes() -> KnownCodes:
    """Return the codes that a declaration may use."""
    return KnownCodes(
        frozenset(data.occupations()),
        frozenset(places().communes),
        frozenset(data.termination_reasons()),
    )


def _day(placed: Fitted, about: Sequence[StoredFiling]) -> date:
    """Return the day from which a declaration counts; of one taken back, that one's."""
    day = day_of(placed.kind, placed.said)
    if day is not None:
        return day
    return next(each.effective_on for each in about if each.id == placed.corrects)
