"""The e-CV (hồ sơ việc làm): verified lines of the book beside what the worker says of themself.

It holds no personal ID, no wage and no reason for leaving: there is no field for them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from labour_book.domain.assurance import Assurance
from labour_book.domain.display import show_unknown_end, show_unknown_start
from labour_book.domain.lines import EmploymentEntry, LabourBook, QualificationLine

NOT_VERIFIED_VI = "tự khai, chưa xác thực"
NOT_VERIFIED_EN = "self-declared, not verified"

Json = dict[str, Any]
_REF_BYTES = 8


class Section(StrEnum):
    """The parts of a CV."""

    WORK = "work"
    EDUCATION = "education"
    CERTIFICATES = "certificates"
    LANGUAGES = "languages"
    SKILLS = "skills"
    PROJECTS = "projects"


_SECTION_OF_KIND = {
    "DIPLOMA": Section.EDUCATION,
    "VOCATIONAL_CERTIFICATE": Section.CERTIFICATES,
    "NATIONAL_SKILL_CERTIFICATE": Section.CERTIFICATES,
    "LANGUAGE": Section.LANGUAGES,
}


@dataclass(frozen=True, slots=True)
class CvLine:
    """One line of a CV, from the book or self-declared."""

    section: Section
    title: str
    """Position, field of study, certificate, language or skill."""
    organisation: str = ""
    level: str = ""
    place: str = ""
    first_day: str | None = None
    """Partial date on the wire; for diplomas and certificates None."""
    last_day: str | None = None
    """Partial date on the wire: the last day of work, or the day of issue."""
    text: str = ""
    verified: bool = False
    assurance: str | None = None
    """Name of the ``Assurance`` level; None for self-declared lines."""
    is_current: bool = True
    """Of work without a last day: whether it goes on, as far as is known."""
    ref: str = ""
    """By which a choice names it: stays the same when a line of the book gets an end, or months."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How the worker wishes to be reached; self-declared."""

    email: str = ""
    phone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cv:
    """A CV as of a day."""

    full_name: str
    book_no: str
    as_of: date
    contact: Contact
    headline: str
    summary: str
    lines: tuple[CvLine, ...]
    verify_at: str | None
    """Address where anybody can check the verified lines."""

    def section(self, section: Section) -> tuple[CvLine, ...]:
        """Return the lines of one section."""
        return tuple(line for line in self.lines if line.section is section)


def cv_of(
    book: LabourBook,
    own_lines: Sequence[CvLine] = (),
    *,
    contact: Contact | None = None,
    headline: str = "",
    summary: str = "",
    keep: Callable[[EmploymentEntry | QualificationLine], bool] = lambda _: True,
    hidden: Iterable[str] = (),
    order: Sequence[str] = (),
    verify_at: str | None = None,
) -> Cv:
    """Return the CV: the lines of the book to keep, newest first, then the worker's own.

    Own lines are marked as not verified whatever they say of themselves. ``hidden`` and ``order``
    name lines by their ``ref``: what to leave out, and what comes first in its section. Verified
    lines stand above all others of their section whatever the order says.
    """
    work = [_work(entry) for entry in reversed(book.employments) if keep(entry)]
    learnt = [_learnt(line) for line in reversed(book.qualifications) if keep(line)]
    own = [_own(line) for line in own_lines]
    left_out = frozenset(hidden)
    chosen = [line for line in _told_apart([*work, *learnt, *own]) if line.ref not in left_out]
    return Cv(
        full_name=book.identity.full_name,
        book_no=book.book_no,
        as_of=book.as_of,
        contact=contact or Contact(),
        headline=headline,
        summary=summary,
        lines=tuple(in_order(chosen, order)),
        verify_at=verify_at,
    )


def in_order(lines: Iterable[CvLine], order: Sequence[str]) -> list[CvLine]:
    """Return lines by section, the verified ones first, then as the order says, then as given."""
    sections = list(Section)
    places = {ref: place for place, ref in enumerate(order)}

    def place(line: CvLine) -> tuple[int, bool, int]:
        return (
            sections.index(line.section),
            not line.verified,
            places.get(line.ref, len(places)),
        )

    return sorted(lines, key=place)


def _told_apart(lines: Iterable[CvLine]) -> Iterator[CvLine]:
    """Number the lines of the book that have one ref: two certificates of one day, say."""
    seen: Counter[str] = Counter()
    for line in lines:
        seen[line.ref] += 1
        again = line.ref and seen[line.ref] > 1
        yield replace(line, ref=f"{line.ref}-{seen[line.ref]}") if again else line


def _ref(*anchors: str | None) -> str:
    words = "\n".join(each or "" for each in anchors)
    return blake2b(words.encode(), digest_size=_REF_BYTES).hexdigest()


def _work(entry: EmploymentEntry) -> CvLine:
    known_since = None if entry.known_since is None else str(entry.known_since)
    return CvLine(
        section=Section.WORK,
        title=entry.position,
        organisation=entry.employer,
        place=entry.workplace or "",
        first_day=entry.first_day,
        last_day=entry.last_day,
        text=_reservations(entry),
        is_current=entry.running,
        verified=entry.assurance > Assurance.SELF_DECLARED,
        assurance=entry.assurance.name,
        ref=_ref(
            "work",
            entry.enterprise_code or entry.employer,
            (entry.first_day or known_since or "")[:7],
        ),
    )


def _reservations(entry: EmploymentEntry) -> str:
    start = "" if entry.known_since is None else show_unknown_start(entry.known_since)
    end = "" if entry.known_until is None else show_unknown_end(entry.known_until)
    return "; ".join(filter(None, (start, end)))


def _learnt(line: QualificationLine) -> CvLine:
    return CvLine(
        section=_SECTION_OF_KIND.get(line.kind, Section.CERTIFICATES),
        title=line.field,
        organisation=line.issuer,
        level=line.level,
        last_day=line.issued_on,
        verified=line.assurance > Assurance.SELF_DECLARED,
        assurance=line.assurance.name,
        ref=_ref("learnt", line.kind, line.issuer, line.number, line.field, line.issued_on),
    )


def _own(line: CvLine) -> CvLine:
    return CvLine(
        section=line.section,
        title=line.title,
        organisation=line.organisation,
        level=line.level,
        place=line.place,
        first_day=line.first_day,
        last_day=line.last_day,
        text=line.text,
        is_current=line.is_current,
        ref=line.ref,
    )


def in_words(line: CvLine) -> str:
    """Return a line in words, marked if nobody has verified it."""
    words = ", ".join(filter(None, (line.title, line.level, line.organisation, line.last_day)))
    return words if line.verified else f"{words} ({NOT_VERIFIED_VI})"


def summary_of(line: CvLine) -> str:
    """Return the free text of a line, marked if nobody has verified it."""
    if line.verified:
        return line.text
    return f"({NOT_VERIFIED_VI}) {line.text}".rstrip()


def marks_of(cv: Cv) -> Json:
    """Return per section, line by line, whether it is verified and by what."""
    return {
        section.value: [
            known(
                {
                    "verified": line.verified,
                    "assurance": line.assurance,
                    "mark": None if line.verified else NOT_VERIFIED_VI,
                }
            )
            for line in cv.section(section)
        ]
        for section in Section
    }


def known(values: Json) -> Json:
    """Leave out what says nothing."""
    return {name: value for name, value in values.items() if value not in (None, "")}
