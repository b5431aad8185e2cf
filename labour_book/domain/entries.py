"""Makes one entry of the book out of one spell of work."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from labour_book import data
from labour_book.domain.assurance import Assurance, Source, assurance_of, assurance_of_insurance
from labour_book.domain.employers import is_mistyped, name_on, status_on
from labour_book.domain.evidence import Evidence, vietnam_day
from labour_book.domain.facts import EmployerRecord, EmploymentFact, InsuranceFact
from labour_book.domain.lines import EmploymentEntry, SourceRef
from labour_book.domain.months import Month, ordinal_set, ranges_of
from labour_book.domain.places import Places
from labour_book.domain.spells import Spell

START_UNKNOWN = "START_UNKNOWN"
"""The flag of a job that is only known to be held at its collection: its first day is that day."""
_OFFICIAL = (Source.CONTRACT_PLATFORM, Source.DECISION)
"""The sources whose word on why a job ended is kept."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every entry of one book is made with."""

    as_of: date
    reported: int
    """Ordinal of the last month the insurance register has reported."""
    employers: Mapping[str, EmployerRecord]
    places: Places | None


@dataclass(slots=True)
class _Told:
    """What the facts of a spell tell, heard from the weakest to the strongest and latest."""

    employer: str = ""
    enterprise_code: str | None = None
    position: str = ""
    occupation_code: str | None = None
    workplace_commune: str | None = None
    workplace_text: str | None = None
    end_reason_clause: int | None = None
    wage_base_vnd: int | None = None
    contract: EmploymentFact | None = None
    assurance: Assurance = Assurance.SELF_DECLARED
    stated: dict[Source, datetime] = field(default_factory=dict)


def entry_of(number: int, spell: Spell, setting: Setting) -> EmploymentEntry:
    """Return the entry that a spell makes. Nothing depends on the order of its facts."""
    evidence = spell.evidence
    if len(evidence) > 1:
        evidence = sorted(evidence, key=_by_weight)
    told = _told(evidence, paid=bool(spell.paid))
    months = ordinal_set(spell.first, min(spell.last, setting.reported))
    record = spell.record_in(setting.employers)
    first_day = _first_day(spell, evidence)
    last_day = None if spell.running else _last_day(spell, evidence)
    return EmploymentEntry(
        number=number,
        employer=_employer_name(spell, told.employer, record, setting.as_of),
        enterprise_code=told.enterprise_code,
        employer_status=None if record is None else status_on(record.statuses, setting.as_of),
        position=told.position,
        occupation_code=told.occupation_code,
        contract_kind=None if told.contract is None else told.contract.contract_kind,
        contract_id=None if told.contract is None else told.contract.contract_id,
        workplace=_workplace(told, setting),
        first_day=first_day,
        last_day=last_day,
        running=spell.running,
        months_paid=ranges_of(spell.paid),
        months_arrears=ranges_of(spell.arrears),
        months_unknown=ranges_of(months & ~spell.paid & ~spell.arrears),
        months_credited=ranges_of(spell.credited),
        assurance=told.assurance,
        sources=_sources(told.stated),
        wage_base_vnd=told.wage_base_vnd,
        end_reason_clause=None if spell.running else told.end_reason_clause,
        fact_ids=tuple(sorted([each.fact.fact_id for each in evidence])),
        known_since=Month(spell.first) if first_day is None else None,
        known_until=None if spell.running or last_day is not None else Month(spell.last),
    )


def _by_weight(each: Evidence) -> tuple[bool, int, int, int, str]:
    """Order facts by how much they say of the spell's latest state."""
    return each.dates, each.last, each.rank, each.first, each.fact.fact_id


def _told(evidence: Iterable[Evidence], *, paid: bool) -> _Told:
    told = _Told()
    for each in evidence:
        fact = each.fact
        told.employer = _employer_stated(fact) or told.employer
        if told.enterprise_code is None or not is_mistyped(fact.employer_code):
            told.enterprise_code = fact.employer_code or told.enterprise_code
        told.position = fact.position or told.position
        before = told.stated.get(fact.source)
        if before is None or before < fact.stated_at:
            told.stated[fact.source] = fact.stated_at
        if isinstance(fact, InsuranceFact):
            _hear_insurance(told, fact, paid=paid)
        else:
            _hear_job(told, fact)
    return told


def _employer_stated(fact: EmploymentFact | InsuranceFact) -> str:
    """Return the name of the employer; of a form that names none, how the person works instead."""
    position = None if isinstance(fact, InsuranceFact) else fact.employment_position
    if position is None:
        return fact.employer_name
    words = data.form03_label("employment_position", position)
    if words is None or words != fact.employer_name:
        return fact.employer_name
    return f"(không ghi nơi làm việc; {words.lower()})"


def _hear_insurance(told: _Told, fact: InsuranceFact, *, paid: bool) -> None:
    if fact.status == "contributed":
        told.wage_base_vnd = fact.wage_base_vnd or told.wage_base_vnd
    credited = fact.status == "credited_duration_only"
    level = assurance_of_insurance(paid=paid, credited_only=credited)
    if fact.source is Source.DECISION:
        level = assurance_of(fact.source)
    told.assurance = max(told.assurance, level)


def _hear_job(told: _Told, fact: EmploymentFact) -> None:
    told.occupation_code = fact.occupation_code or told.occupation_code
    if fact.workplace_commune or fact.workplace_text:
        told.workplace_commune = fact.workplace_commune
        told.workplace_text = fact.workplace_text
    if fact.source in _OFFICIAL:
        told.end_reason_clause = fact.end_reason_clause or told.end_reason_clause
    if told.contract is None or _by_contract(fact) > _by_contract(told.contract):
        told.contract = fact
    told.assurance = max(told.assurance, assurance_of(fact.source))


def _by_contract(job: EmploymentFact) -> tuple[bool, bool, date, str]:
    known = job.contract_id is not None, job.contract_kind is not None
    return *known, job.first_day.first_possible, job.fact_id


def _employer_name(spell: Spell, stated: str, record: EmployerRecord | None, as_of: date) -> str:
    if record is None or not record.names:
        return stated
    if record.names[0][1:] == (None, None):
        return record.names[0][0]
    end = min(as_of, Month(spell.last).last_day)
    return name_on(record.names, end) or stated or record.names[-1][0]


def _workplace(told: _Told, setting: Setting) -> str | None:
    commune = told.workplace_commune
    if commune is None or setting.places is None:
        return told.workplace_text
    return setting.places.commune_name(commune, setting.as_of) or told.workplace_text


def _first_day(spell: Spell, evidence: Sequence[Evidence]) -> str | None:
    """Return the day the strongest source gives for the spell's first month; None if none does.

    So a contract's day wins over the insurance's month, but no reported month falls outside.
    """
    at_edge = [
        each
        for each in evidence
        if each.first == spell.first and START_UNKNOWN not in each.fact.flags
    ]
    if not at_edge:
        return None
    fact = at_edge[0].fact if len(at_edge) == 1 else max(at_edge, key=_by_rank).fact
    return str(fact.first_month if isinstance(fact, InsuranceFact) else fact.first_day)


def _last_day(spell: Spell, evidence: Sequence[Evidence]) -> str | None:
    """Return the day the strongest source gives for the spell's last month; None if none does."""
    at_edge = [each for each in evidence if each.last == spell.last and not each.ended]
    for each in sorted(at_edge, key=_by_rank, reverse=True):
        fact = each.fact
        last = fact.last_month if isinstance(fact, InsuranceFact) else fact.last_day
        if last is not None:
            return str(last)
    return None


def _by_rank(each: Evidence) -> tuple[int, str]:
    return each.rank, each.fact.fact_id


def _sources(stated: Mapping[Source, datetime]) -> tuple[SourceRef, ...]:
    return tuple([SourceRef(source, vietnam_day(stated[source])) for source in sorted(stated)])
