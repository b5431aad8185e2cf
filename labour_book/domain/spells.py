"""Groups what the facts say into spells: unbroken stretches of work at one employer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from labour_book.domain.assurance import Source
from labour_book.domain.employers import is_mistyped, name_key, root_of
from labour_book.domain.evidence import Evidence
from labour_book.domain.facts import EmployerRecord, EmploymentFact, InsuranceFact
from labour_book.domain.months import MonthSet, last_of

_LARGEST_JOINED_STEP = 1
"""Months from the last one of a stretch to the first of the next that still count as unbroken."""


@dataclass(slots=True)
class Spell:
    """What the facts say of one stretch of work at one employer."""

    employer_key: str
    evidence: list[Evidence] = field(default_factory=list)
    first: int = 0
    last: int = 0
    """Ordinals of the first and last month, inclusive."""
    running: bool = False
    paid: MonthSet = 0
    arrears: MonthSet = 0
    credited: MonthSet = 0
    """Reported months; owed ones nobody paid; of the others those that count without payment."""

    def reaches(self, each: Evidence) -> bool:
        """Say whether a fact overlaps or adjoins the spell."""
        return (
            each.first <= self.last + _LARGEST_JOINED_STEP
            and self.first <= each.last + _LARGEST_JOINED_STEP
        )

    def record_in(self, employers: Mapping[str, EmployerRecord]) -> EmployerRecord | None:
        """Return what the enterprise register knows of the employer, by a sound code if any is."""
        by_mistyped = None
        for each in self.evidence:
            record = record_of(each.fact, employers)
            if record is not None and not is_mistyped(record.code):
                return record
            by_mistyped = by_mistyped or record
        return by_mistyped

    def settle(self) -> "Spell":
        """Fix the months of the spell by the sources that may say, and which of them are paid.

        A decision sets aside what contracts and employers state; months that were reported to
        the insurance always belong to the spell; the weaker sources speak only among themselves.
        What a register has only not closed yet ends with the end that the employer has declared.
        """
        if len(self.evidence) > 1:
            self._end_as_declared()
            dating = self._dating()
            self.first = min([each.first for each in dating])
            self.last = max([each.last for each in dating])
            self.running = True in [each.running for each in dating]
        else:
            self.running = self.evidence[0].running
        for each in self.evidence:
            if each.reported:
                self._count(each.fact, each.reported)
        self.arrears &= ~self.paid
        self.credited &= ~(self.paid | self.arrears)
        return self

    def _end_as_declared(self) -> None:
        end = declared_end(self.evidence)
        if end is not None:
            self.evidence = [
                each._replace(last=end.last, running=False, ended=True)
                if _is_ended_by(each, end)
                else each
                for each in self.evidence
            ]

    def _dating(self) -> list[Evidence]:
        dating = [each for each in self.evidence if each.dates] or self.evidence
        if Source.DECISION in [each.source for each in dating]:
            heard = (Source.DECISION, Source.INSURANCE)
            return [each for each in dating if each.source in heard]
        return dating

    def _count(self, fact: EmploymentFact | InsuranceFact, months: MonthSet) -> None:
        status = fact.status if isinstance(fact, InsuranceFact) else ""
        if status == "contributed":
            self.paid |= months
        elif status == "arrears":
            self.arrears |= months
        else:
            self.credited |= months


def declared_end(evidence: Iterable[Evidence]) -> Evidence | None:
    """Return what the employer declared of the end of a spell; None where it says that it runs."""
    declared = [each for each in evidence if each.source is Source.EMPLOYER]
    if not declared:
        return None
    latest = max(declared, key=lambda each: (each.last, *_by_time(each)))
    is_declared = not latest.running and _says_ended(latest.fact)
    return latest if is_declared else None


def _says_ended(fact: EmploymentFact | InsuranceFact) -> bool:
    """Say whether a job was said to have ended; that a term has run out is only planned."""
    return isinstance(fact, EmploymentFact) and not fact.running


def _is_ended_by(each: Evidence, end: Evidence) -> bool:
    """Say whether something is open only because its source has not heard of the end yet.

    Not so where the register has reported a month after the end, or has stated the work since.
    """
    if not each.running or not each.dates or each.first > end.last:
        return False
    if isinstance(each.fact, InsuranceFact):
        paid_to = last_of(each.reported)
        return paid_to is None or paid_to.ordinal <= end.last
    return each.fact.stated_at <= end.fact.stated_at


def spells_of(evidence: Sequence[Evidence], employers: Mapping[str, EmployerRecord]) -> list[Spell]:
    """Group what the facts say by employer and unbroken time; every fact is in one spell."""
    by_employer: defaultdict[str, list[Evidence]] = defaultdict(list)
    for each, key in zip(evidence, _employer_keys(evidence, employers), strict=True):
        by_employer[key].append(each)
    found: list[Spell] = []
    for key, of_employer in by_employer.items():
        if len(of_employer) > 1:
            of_employer.sort(key=_by_time)
        found += _spells_at(key, of_employer)
    return [spell.settle() for spell in found]


def _spells_at(key: str, evidence: list[Evidence]) -> list[Spell]:
    strong = _joined(key, [each for each in evidence if each.dates])
    alone = []
    for each in evidence:
        if each.dates:
            continue
        # What somebody remembers does not say how a job was interrupted: the latest it fits.
        spell = next((spell for spell in reversed(strong) if spell.reaches(each)), None)
        if spell is None:
            alone.append(each)
        else:
            spell.evidence.append(each)
    return strong + _joined(key, alone) if alone else strong


def record_of(
    fact: EmploymentFact | InsuranceFact, employers: Mapping[str, EmployerRecord]
) -> EmployerRecord | None:
    """Return what the enterprise register knows of a fact's employer, by its id or code."""
    return employers.get(fact.employer_id or "") or employers.get(fact.employer_code or "")


def _by_time(each: Evidence) -> tuple[int, int, int, str]:
    return each.first, each.last, -each.rank, each.fact.fact_id


def _joined(key: str, evidence: Iterable[Evidence]) -> list[Spell]:
    spells: list[Spell] = []
    for each in evidence:
        if spells and spells[-1].reaches(each):
            spells[-1].evidence.append(each)
            spells[-1].last = max(spells[-1].last, each.last)
        else:
            spells.append(Spell(key, [each], each.first, each.last))
    return spells


def _employer_keys(
    evidence: Sequence[Evidence], employers: Mapping[str, EmployerRecord]
) -> list[str]:
    """Return one key per fact: the ten-digit code, or the bare name where no code is known.

    A code whose check digit is wrong names nobody: the months of one mistyped digit belong to the
    employer of the same name.
    """
    codes = [_sound_code(each, employers) for each in evidence]
    if None not in codes:
        return [root_of(code) for code in codes if code is not None]
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for each, code in zip(evidence, codes, strict=True):
        if code is not None:
            for name in _names_of(each.fact, employers):
                by_name[name_key(name)].add(root_of(code))
    keys = []
    for each, code in zip(evidence, codes, strict=True):
        name = name_key(each.fact.employer_name)
        candidates = by_name.get(name, set())
        # A name two enterprises share decides nothing.
        by_code = min(candidates) if len(candidates) == 1 else f"name:{name}"
        keys.append(by_code if code is None else root_of(code))
    return keys


def _sound_code(each: Evidence, employers: Mapping[str, EmployerRecord]) -> str | None:
    code = each.fact.employer_code
    if code is None:
        record = record_of(each.fact, employers)
        code = None if record is None else record.code
    return None if code is None or is_mistyped(code) else code


def _names_of(
    fact: EmploymentFact | InsuranceFact, employers: Mapping[str, EmployerRecord]
) -> list[str]:
    record = record_of(fact, employers)
    known = [] if record is None else [name for name, _, _ in record.names]
    return [*known, fact.employer_name] if fact.employer_name else known
