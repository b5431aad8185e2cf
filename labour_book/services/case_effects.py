"""What an accepted correction does to facts: which are voided, and what is stated instead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import EmploymentEntry
from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import facts
from labour_book.queries.corrections import StoredCase
from labour_book.queries.employers import employers_by_code
from labour_book.queries.facts import FactKind
from labour_book.services.books import book_as_of
from labour_book.services.case_lines import StaleLine, live_facts
from labour_book.services.case_months import months_stated_anew
from labour_book.services.installation import Installation
from labour_book.services.recipients import name_of

Row = dict[str, Any]
_EMPTY_JOB: Mapping[str, Any] = {
    "employer_id": None,
    "employer_code": None,
    "employer_name": "",
    "position": "",
    "occupation_code": None,
    "contract_kind": None,
    "contract_id": None,
    "event_sequence": None,
    "message_id": None,
    "first_day": "",
    "last_day": None,
    "running": False,
    "workplace_commune": None,
    "workplace_text": None,
    "end_reason_clause": None,
    "suspended": False,
    "employment_position": None,
}


@dataclass(slots=True)
class Effects:
    """What is to be done to facts: whole rows to void, values to state, by kind."""

    void: list[tuple[FactKind, Row]] = field(default_factory=list)
    state: list[tuple[FactKind, Row]] = field(default_factory=list)
    """Values of new facts; the columns of every fact are added when they are written."""


def effects_of(
    db: Db, inst: Installation, case: StoredCase, accepted: Mapping[str, str], *, now: datetime
) -> Effects:
    """Return what accepting these fields of a case does.

    Raises:
        StaleLine: nothing of the line stands any more.
    """
    rows = _line_rows(db, case)
    if case.ask is Ask.REMOVE:
        return Effects(void=list(rows))
    match case.kind:
        case CaseKind.EMPLOYMENT:
            return _job(db, inst, case, rows, accepted, now=now)
        case CaseKind.INSURANCE:
            insured = [row for kind, row in rows if kind is FactKind.INSURANCE]
            employer = _employer(db, case, accepted)
            void, state = months_stated_anew(insured, accepted, employer)
            return Effects(
                [(FactKind.INSURANCE, each) for each in void],
                [(FactKind.INSURANCE, each) for each in state],
            )
        case CaseKind.QUALIFICATION:
            return _qualification(rows, accepted)
        case CaseKind.IDENTITY:
            raise AssertionError("identity is never corrected here")


def _line_rows(db: Db, case: StoredCase) -> list[tuple[FactKind, Row]]:
    if case.ask is Ask.ADD and not case.line_facts:
        return []
    live = live_facts(db, case.line_facts)
    if not live:
        raise StaleLine
    found: list[tuple[FactKind, Row]] = []
    for kind in sorted({kind for kind, _ in live}):
        ids = [each for of_kind, each in live if of_kind == kind]
        whole = facts.fact_rows(db, FactKind(kind), ids)
        found += [(FactKind(kind), whole[each]) for each in sorted(whole)]
    return found


def _job(
    db: Db,
    inst: Installation,
    case: StoredCase,
    rows: Sequence[tuple[FactKind, Row]],
    accepted: Mapping[str, str],
    *,
    now: datetime,
) -> Effects:
    jobs = [row for kind, row in rows if kind is FactKind.EMPLOYMENT]
    insured = [row for kind, row in rows if kind is FactKind.INSURANCE]
    employer = _employer(db, case, accepted)
    if case.ask is Ask.ADD:
        values = {**_EMPTY_JOB, **employer, **_claimed(accepted)}
        values["running"] = not values["last_day"]
        return Effects(state=[(FactKind.EMPLOYMENT, values)])
    entry = _entry(db, inst, case.person_id, [row["id"] for _, row in rows], now)
    values = {**_EMPTY_JOB, **_as_it_is(entry, jobs, insured), **employer, **_claimed(accepted)}
    if "last_day" in accepted:
        values["running"] = not accepted["last_day"]
    effects = Effects(
        [(FactKind.EMPLOYMENT, each) for each in jobs], [(FactKind.EMPLOYMENT, values)]
    )
    if employer:  # the months were reported for the wrong employer as well
        effects.void += [(FactKind.INSURANCE, each) for each in insured]
        effects.state += [(FactKind.INSURANCE, {**each, **employer}) for each in insured]
    return effects


def _qualification(rows: Sequence[tuple[FactKind, Row]], accepted: Mapping[str, str]) -> Effects:
    names = ("kind", "level", "field", "issuer", "issued_on", "number")
    before = {name: rows[0][1][name] for name in names} if rows else dict.fromkeys(names, "")
    return Effects(list(rows), [(FactKind.QUALIFICATION, before | dict(accepted))])


def _entry(
    db: Db, inst: Installation, person_id: UUID, ids: Iterable[UUID], now: datetime
) -> EmploymentEntry:
    """Return the entry of today's book that is made of some of the facts."""
    book = book_as_of(
        db, inst.vault, person_id, as_of=vietnam_day(now), known_at=now, places=inst.places
    )
    wanted = {str(each) for each in ids}
    for entry in book.employments:
        if wanted & set(entry.fact_ids):
            return entry
    raise StaleLine


def _as_it_is(entry: EmploymentEntry, jobs: Sequence[Row], insured: Sequence[Row]) -> Row:
    """Return what the line says now, as one job that takes the place of all that make it."""
    newest = max(jobs, key=lambda each: (each["stated_at"], str(each["id"])), default=None)
    any_row = newest or insured[-1]
    places = [each for each in jobs if each["workplace_commune"] or each["workplace_text"]]
    planned_end = newest["last_day"] if newest is not None and entry.running else None
    ended = entry.last_day or (None if entry.running else str(entry.known_until or "") or None)
    return {
        "employer_id": any_row["employer_id"],
        "employer_code": entry.enterprise_code,
        "employer_name": entry.employer,
        "position": entry.position,
        "occupation_code": entry.occupation_code,
        "contract_kind": entry.contract_kind,
        "contract_id": entry.contract_id,
        "first_day": entry.first_day or str(entry.known_since or ""),
        "last_day": planned_end or ended,
        "running": entry.running,
        "workplace_commune": places[-1]["workplace_commune"] if places else None,
        "workplace_text": places[-1]["workplace_text"] if places else None,
        "end_reason_clause": entry.end_reason_clause,
        "suspended": newest["suspended"] if newest is not None else False,
        "employment_position": newest["employment_position"] if newest is not None else None,
    }


def _claimed(accepted: Mapping[str, str]) -> Row:
    """Return the accepted fields of a job as columns; those of the employer are apart."""
    columns: Row = {}
    for name in ("position", "occupation_code", "contract_kind", "first_day"):
        if name in accepted:
            columns[name] = accepted[name] or None
    if "last_day" in accepted:
        columns["last_day"] = accepted["last_day"] or None
    if "workplace" in accepted:
        columns["workplace_commune"] = accepted["workplace"] or None
        columns["workplace_text"] = None
    return columns


def _employer(db: Db, case: StoredCase, accepted: Mapping[str, str]) -> Row:
    """Return the columns of another employer, by its code where it has one; empty if it stays."""
    code, name = accepted.get("enterprise_code"), accepted.get("employer")
    if code is None and name is None and case.ask is not Ask.ADD:
        return {}
    known = employers_by_code(db, [code]).get(code) if code else None
    return {
        "employer_id": None if known is None else known.id,
        "employer_code": code or None,
        "employer_name": name_of(known) if known is not None and known.names else name or "",
    }
