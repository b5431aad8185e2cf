"""From the values of a book and of a case to what pages of the desk say of them. Pure."""

from functools import partial

from api.pages.texts import Language, catalogue, coded, say, vietnamese
from labour_book.domain.book import EmploymentEntry, QualificationLine
from labour_book.domain.display import show_date, show_month
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.services.explaining import framework_level

__all__ = [
    "cited",
    "coded",
    "day_of",
    "diploma_of",
    "ended_because",
    "period_of",
    "purpose_in_words",
    "told_of",
    "value_of",
    "wire_value",
]

CODED = frozenset({"contract_kind", "sex", "status", "kind"})
"""Fields whose values are codes with words of their own."""
DAYS = frozenset({"first_day", "last_day", "issued_on", "birth_date"})
MONTHS = frozenset({"first_month", "last_month", "reported_through"})
_FRAMEWORK = frozenset({"DIPLOMA", "VOCATIONAL_CERTIFICATE"})
ENDED = {
    "decision on": "decision",
    "decision taken back": "taken_back",
    "superseded by": "superseded",
    "came after": "came_late",
    "stated anew": "anew",
    "earlier events have come": "anew",
    "what is known of person or employer": "refitted",
    "no longer stated": "dropped",
    "filed anew": "filed_anew",
    "filing cancelled": "cancelled",
    "merge": "merge",
}
"""How the system itself begins the reason for which a fact holds no more."""


def purpose_in_words(language: Language, purpose: str) -> str:
    """Return a purpose as somebody stated it, or in words where the system itself wrote it."""
    return vietnamese("purposes").get(purpose, purpose) if language == "vi" else purpose


def period_of(entry: EmploymentEntry, language: Language) -> str:
    """Return from when to when somebody worked somewhere, as exactly as anybody knows."""
    if entry.known_since is not None:
        said = say(language, "entry.known_since", month=show_month(entry.known_since))
    elif entry.first_day and entry.last_day:
        said = f"{day_of(entry.first_day)} – {day_of(entry.last_day)}"
    elif entry.first_day:
        said = say(language, "entry.since", first=day_of(entry.first_day))
    else:
        said = ""
    if entry.known_until is None:
        return said
    until = say(language, "entry.known_until", month=show_month(entry.known_until))
    return f"{said}; {until}" if said else until


def diploma_of(line: QualificationLine, language: Language) -> str:
    """Return what a diploma or certificate is called."""
    named = framework_level(line.level, language) if line.kind in _FRAMEWORK else None
    key = f"qualification.{line.kind}"
    known = say(language, key, level=line.level) if key in catalogue() else None
    return f"{named or known or f'{line.kind} {line.level}'}: {line.field}"


def day_of(text: str) -> str:
    """Return a partial date as people write it."""
    return show_date(PartialDate.parse(text))


def value_of(field: str, value: str, language: Language) -> str:
    """Return the value of a field of a line as people write it; ``–`` where there is none."""
    if not value:
        return "–"
    try:
        if field in DAYS:
            return day_of(value)
        if field in MONTHS:
            return show_month(Month.parse(value))
    except Invalid:
        return value
    return coded(language, f"desk.value.{field}", value) if field in CODED else value


def told_of(field: str, value: str, language: Language) -> str:
    """Return what a register answers of a field; several values stay apart by semicolons."""
    say_one = _stretch_of if field == "months" else partial(value_of, field)
    return "; ".join(say_one(each, language) for each in value.split("; "))


def _stretch_of(written: str, language: Language) -> str:
    """Return ``2021-01..2021-12 contributed`` as people write it."""
    span, _, status = written.partition(" ")
    if not status:
        return written or "–"
    first, _, last = span.partition("..")
    whole = f"{value_of('first_month', first, language)} – {value_of('last_month', last, language)}"
    said = whole if last else say(language, "entry.since", first=show_month(Month.parse(first)))
    return f"{said} ({coded(language, 'desk.value.status', status)})"


def ended_because(reason: str | None, language: Language) -> str:
    """Return why a fact holds no more; what an official wrote stays as written."""
    for beginning, name in ENDED.items():
        if reason is not None and reason.startswith(beginning):
            return say(language, f"desk.ended.{name}")
    return reason or "–"


def cited(source: str, language: Language) -> str:
    """Return act and article as they are cited in the language."""
    if language != "vi":
        return source
    return source.replace("art. ", "Điều ").replace("ND ", "NĐ ").replace("ND-CP", "NĐ-CP")


def wire_value(field: str, written: str) -> str:
    """Return a value as the interface writes it: days and months as ``YYYY-MM-DD`` and shorter.

    A dash says that there is nothing, as of the last day of a job that goes on.
    """
    text = " ".join(written.split())
    if text in {"-", "–"}:
        return ""
    if field in DAYS | MONTHS and "/" in text:
        return "-".join(part.zfill(2) for part in reversed(text.split("/")))
    return text
