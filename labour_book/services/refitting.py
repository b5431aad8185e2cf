"""Saying anew of recorded lines what depends on more than them: who has died, which firm is gone.

What is flagged when a line comes in depends on what is known then of the person and the employer.
When that changes, the lines are flagged as they would be if they came now, so that the record is
the same in whatever order its parts came. Facts are never edited: they are voided and stated anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.employers import gone_since, name_on
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.queries import employers, facts
from labour_book.queries.employers import EmployerOnFile
from labour_book.queries.facts import FactKind
from labour_book.queries.people import PersonOnFile, people_by_ids
from labour_book.queries.register_lines import RegisterLine
from labour_book.services import plausibility
from labour_book.services.recording import Run, new_id, voided

_OF_PERIODS = frozenset({"CONTRIBUTIONS_AFTER_CLOSURE", "CONTRIBUTIONS_AFTER_DEATH"})
_OF_CONTRACTS = frozenset({"EMPLOYER_GONE", "WORK_AFTER_DEATH", "WORK_BEFORE_15"})
_REASON = "what is known of person or employer has changed"


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record of people and employers that lines depend on."""

    people: Mapping[UUID, PersonOnFile]
    employers: Mapping[str, EmployerOnFile]
    """By code."""


def known_of(db: Db, lines: Mapping[UUID, Iterable[RegisterLine]]) -> Known:
    """Return what the lines of some people depend on."""
    codes = {each.employer_code for some in lines.values() for each in some if each.employer_code}
    return Known(people_by_ids(db, lines.keys()), employers.employers_by_code(db, codes))


def refit(db: Db, run: Run, lines: Iterable[RegisterLine], known: Known) -> set[UUID]:
    """State anew the lines that would be flagged otherwise now; return whose they were."""
    changed: dict[FactKind, dict[UUID, dict[str, str]]] = {}
    whose = set()
    for each in lines:
        anew = _anew(each, known, run.on)
        if anew != {"flags": each.flags, "employer_name": each.employer_name}:
            changed.setdefault(each.kind, {})[each.id] = anew
            whose.add(each.person_id)
    for kind, by_id in changed.items():
        _restate(db, run, kind, by_id)
    return whose


def _anew(line: RegisterLine, known: Known, today: date) -> dict[str, str]:
    employer = known.employers.get(line.employer_code or "")
    person = known.people[line.person_id]
    is_contract = line.kind is FactKind.EMPLOYMENT
    fitting = (_contract_flags if is_contract else _period_flags)(line, person, employer, today)
    passing = _OF_CONTRACTS if is_contract else _OF_PERIODS
    flags = sorted((set(line.flags.split()) - passing) | fitting)
    name = line.employer_name
    if is_contract and employer is not None:
        name = _name_on(employer, date.fromisoformat(line.first)) or line.employer_name
    return {"flags": " ".join(flags), "employer_name": name}


def _period_flags(
    line: RegisterLine, person: PersonOnFile, employer: EmployerOnFile | None, today: date
) -> set[str]:
    told_on = min(vietnam_day(line.stated_at), today)
    last = Month.of_day(told_on).plus(-1) if line.last is None else Month.parse(line.last)
    found = list(plausibility.death_findings(last, person, "to_month"))
    if employer is not None:
        gone = gone_since(employer.statuses, today)
        found += plausibility.closure_findings(last, gone, "to_month")
    return {each.cause for each in found}


def _contract_flags(
    line: RegisterLine, person: PersonOnFile, employer: EmployerOnFile | None, today: date
) -> set[str]:
    last_day = min(today if line.last is None else date.fromisoformat(line.last), today)
    month = Month.of_day(last_day)
    found = list(plausibility.work_after_death(month, person, "last_day"))
    first = Month.of_day(date.fromisoformat(line.first))
    found += plausibility.age_findings(first, person.birth_date, "first_day")
    if employer is not None:
        gone = gone_since(employer.statuses, today)
        found += plausibility.employer_gone(last_day, gone, "last_day")
    return {each.cause for each in found}


def _name_on(employer: EmployerOnFile, day: date) -> str | None:
    names = [(each.name, each.valid_from, each.valid_to) for each in employer.names]
    return name_on(names, day) or (names[-1][0] if names else None)


def _restate(db: Db, run: Run, kind: FactKind, changed: Mapping[UUID, Mapping[str, str]]) -> None:
    rows = facts.fact_rows(db, kind, changed)
    void: list[dict[str, Any]] = []
    state: list[dict[str, Any]] = []
    for fact_id, anew in changed.items():
        ours: dict[str, Any] = {
            "id": new_id(run.at),
            "recorded_at": run.at,
            "recorded_by": run.by,
            "run_id": run.id,
        }
        if kind is FactKind.EMPLOYMENT:
            ours["message_id"] = None  # a message is recorded once
        state.append(rows[fact_id] | ours | dict(anew))
        void.append(voided(run, fact_id, ours["id"], _REASON))
    facts.void_facts(db, kind, void)
    facts.add_facts(db, kind, state)
