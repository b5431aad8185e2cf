"""The line of a book that a correction is about: which facts make it, and what it says now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Assurance
from labour_book.domain.book import EmploymentEntry, LabourBook, QualificationLine
from labour_book.domain.correction_fields import FIELDS, CaseKind
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.facts import InsuranceFact
from labour_book.domain.months import Month
from labour_book.errors import Conflict, Invalid
from labour_book.queries import books, fact_chains, versions
from labour_book.queries.books import PersonFacts
from labour_book.queries.corrections import Fact
from labour_book.queries.facts import FactKind
from labour_book.services.books import book_as_of
from labour_book.services.installation import Installation

T = TypeVar("T")


class StaleLine(Conflict):
    """The line is not one of the newest version, or has changed since: look at the book again."""

    slug = "stale-line"
    title = "The book has changed since; look at the line again"
    title_vi = "Sổ đã thay đổi; hãy xem lại dòng này"


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands in the book."""

    facts: tuple[Fact, ...]
    fields: Mapping[str, str]
    """What it says, by the names of ``correction_fields.FIELDS``."""
    assurance: Assurance
    employer_code: str | None
    employer_name: str
    insured: tuple[Month, Month | None] | None = None
    """First and last month of insurance at this job; no last one while it runs."""


def line_of(
    db: Db,
    inst: Installation,
    person_id: UUID,
    kind: CaseKind,
    *,
    version: int | None,
    number: int | None,
    now: datetime,
) -> Line:
    """Return a line by its number in the newest version; without a version, in the book as of now.

    Raises:
        Invalid: there is no such line.
        StaleLine: the version is not the newest, or the facts of the line have gone since.
    """
    book, known_at = _book(db, inst, person_id, version, now)
    if kind is CaseKind.QUALIFICATION:
        line = _qualification(_numbered(book.qualifications, number))
    else:
        known = books.facts_of(db, inst.vault, [person_id], known_at).people[person_id]
        line = _employment(_numbered(book.employments, number), known)
    if set(live_facts(db, line.facts)) != set(line.facts):
        raise StaleLine
    return line


def live_facts(db: Db, facts: Collection[Fact]) -> tuple[Fact, ...]:
    """Return what stands today for facts: themselves, or what their sources stated instead.

    What was voided and not replaced is left out.
    """
    found: list[Fact] = []
    for kind in sorted({kind for kind, _ in facts}):
        ids = [each for of_kind, each in facts if of_kind == kind]
        found += [(kind, each) for each in fact_chains.live_successors(db, FactKind(kind), ids)]
    return tuple(found)


def _book(
    db: Db, inst: Installation, person_id: UUID, version: int | None, now: datetime
) -> tuple[LabourBook, datetime]:
    as_of, known_at = vietnam_day(now), now
    if version is not None:
        signed = versions.signed_version(db, person_id, None)
        if signed is None or signed.version != version:
            raise StaleLine
        as_of, known_at = signed.as_of, signed.known_at
    book = book_as_of(db, inst.vault, person_id, as_of=as_of, known_at=known_at, places=inst.places)
    return book, known_at


def _numbered(lines: Sequence[T], number: int | None) -> T:
    if number is None or not 1 <= number <= len(lines):
        raise Invalid("there is no such line in the book", cause="LINE_UNKNOWN")
    return lines[number - 1]


def _employment(entry: EmploymentEntry, known: PersonFacts) -> Line:
    ids = set(entry.fact_ids)
    jobs = [each for each in known.employments if each.fact_id in ids]
    insured = [each for each in known.insurance if each.fact_id in ids]
    communes = [each.workplace_commune for each in jobs if each.workplace_commune]
    fields = {
        "enterprise_code": entry.enterprise_code or "",
        "employer": entry.employer,
        "position": entry.position,
        "occupation_code": entry.occupation_code or "",
        "contract_kind": entry.contract_kind or "",
        "workplace": communes[-1] if communes else "",
        "first_day": entry.first_day or str(entry.known_since or ""),
        "last_day": entry.last_day or str(entry.known_until or ""),
    }
    facts = [(str(FactKind.EMPLOYMENT), UUID(each.fact_id)) for each in jobs]
    facts += [(str(FactKind.INSURANCE), UUID(each.fact_id)) for each in insured]
    return Line(
        tuple(sorted(facts)),
        fields,
        entry.assurance,
        entry.enterprise_code,
        entry.employer,
        _insured(insured),
    )


def _insured(facts: Sequence[InsuranceFact]) -> tuple[Month, Month | None] | None:
    if not facts:
        return None
    ends = [each.last_month for each in facts]
    known = [each for each in ends if each is not None]
    return min(each.first_month for each in facts), None if None in ends else max(known)


def _qualification(line: QualificationLine) -> Line:
    fields = {name: str(getattr(line, name)) for name in FIELDS[CaseKind.QUALIFICATION]}
    facts = tuple((str(FactKind.QUALIFICATION), UUID(each)) for each in line.fact_ids)
    return Line(tuple(sorted(facts)), fields, line.assurance, None, "")
