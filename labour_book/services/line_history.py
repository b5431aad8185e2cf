"""Where a line of the book comes from: as it stands, what was ever stated of it, what ended that.

For whoever has a case before them: permission is that of ``deciding.case``, whose answer is asked
for here, and the look was traced there.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import EmploymentEntry, QualificationLine
from labour_book.domain.correction_fields import FIELDS, CaseKind
from labour_book.domain.names import fold
from labour_book.queries import actors, finding, imports, line_history, versions
from labour_book.queries.finding import PersonFound
from labour_book.queries.imports import RunOnFile
from labour_book.queries.line_history import RecordedFact
from labour_book.services.books import book_as_of
from labour_book.services.case_views import CaseFile
from labour_book.services.installation import Installation

__all__ = ["LineFact", "PersonFound", "RecordedFact", "history_of", "line_of", "person_of"]

_KINDS = {
    CaseKind.EMPLOYMENT: ("employment", "insurance"),
    CaseKind.INSURANCE: ("insurance", "employment"),
    CaseKind.QUALIFICATION: ("qualification",),
    CaseKind.IDENTITY: ("identity",),
}
_OF_EMPLOYER = frozenset({"employer", "enterprise_code"})


@dataclass(frozen=True, slots=True)
class LineFact:
    """A fact about the line of a case, or about the same employer."""

    fact: RecordedFact
    is_of_line: bool
    """The line was made of it when the case began, or of what came before or after it."""
    recorded_by: str
    """Who, and of which office; empty where no account stands behind it, but the system itself."""
    delivery: RunOnFile | None
    """The file that it came in with, where nobody stated it by hand."""
    voided_by: str


def person_of(db: Db, file: CaseFile) -> PersonFound:
    """Return whom a case is about."""
    return finding.people_by_id(db, [file.person_id])[file.person_id]


def line_of(db: Db, inst: Installation, file: CaseFile) -> dict[str, str]:
    """Return the whole line of a case, field by field, as the version says it that is named.

    Empty where the case names none: a line that is missing, or identity.
    """
    if file.version is None or file.line_number is None:
        return {}
    signed = versions.signed_version(db, file.person_id, file.version)
    if signed is None:
        return {}
    book = book_as_of(
        db,
        inst.vault,
        file.person_id,
        as_of=signed.as_of,
        known_at=signed.known_at,
        places=inst.places,
    )
    lines: Sequence[EmploymentEntry | QualificationLine] = book.employments
    if file.line.kind is CaseKind.QUALIFICATION:
        lines = book.qualifications
    if not 0 < file.line_number <= len(lines):
        return {}
    line = lines[file.line_number - 1]
    shown = FIELDS[CaseKind.EMPLOYMENT]
    if file.line.kind is CaseKind.QUALIFICATION:
        shown = FIELDS[CaseKind.QUALIFICATION]
    return {name: str(getattr(line, name) or "") for name in shown}


def history_of(db: Db, file: CaseFile) -> list[LineFact]:
    """Return what was ever stated of the line of a case, as it came in; also what was voided."""
    stated = [
        fact
        for kind in _KINDS[file.line.kind]
        for fact in line_history.recorded_facts(db, file.person_id, kind)
    ]
    stated.sort(key=lambda fact: (fact.recorded_at, str(fact.id)))
    of_line = _connected(stated, line_history.line_facts_of(db, file.line.case_id))
    shown = [fact for fact in stated if fact.id in of_line or _is_about(file, fact)]
    names = _names(db, shown)
    runs = {each: imports.run_by_id(db, each) for each in {fact.run_id for fact in shown} if each}
    return [
        LineFact(
            fact,
            fact.id in of_line,
            names.get(fact.recorded_by, ""),
            runs.get(fact.run_id) if fact.run_id else None,
            names.get(fact.voided_by or "", ""),
        )
        for fact in shown
    ]


def _connected(facts: Iterable[RecordedFact], begun: Collection[UUID]) -> frozenset[UUID]:
    """Return these facts, with what they replaced and what has replaced them."""
    found = set(begun)
    replacing = [(fact.id, fact.replaced_by) for fact in facts if fact.replaced_by is not None]
    size = -1
    while size != len(found):
        size = len(found)
        found |= {each for pair in replacing if found & set(pair) for each in pair}
    return frozenset(found)


def _is_about(file: CaseFile, fact: RecordedFact) -> bool:
    """Say whether a fact is about the employer of the case, or there is none to compare with."""
    if fact.kind not in {"employment", "insurance"}:
        return True
    said = {
        value
        for change in file.changes
        if change.field in _OF_EMPLOYER
        for value in (change.before, change.after)
    } | {file.line.employer_name}
    meant = {fold(each) for each in said if each}
    named = {fact.values.get("employer_code", ""), fact.values.get("employer_name", "")}
    return bool(meant & {fold(each) for each in named})


def _names(db: Db, facts: Iterable[RecordedFact]) -> dict[str, str]:
    """Return what to call those of the writers who have an account.

    Whoever ran the command line is known by the login of a machine, which is on no page.
    """
    writers = {each for fact in facts for each in (fact.recorded_by, fact.voided_by) if each}
    ids = {UUID(each) for each in writers if _is_uuid(each)}
    known = actors.actors_by_id(db, ids)
    return {str(each): f"{actor.name} ({actor.unit_name})" for each, actor in known.items()}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
