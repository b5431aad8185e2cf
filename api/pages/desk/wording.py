"""From the values of a book and of a case to what pages of the desk say of them. Pure."""

from api.pages.texts import Language, catalogue, say
from labour_book.domain.book import EmploymentEntry, QualificationLine
from labour_book.domain.display import show_date, show_month
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.services.explaining import framework_level

CODED = frozenset({"contract_kind", "sex", "status", "kind"})
"""Fields whose values are codes with words of their own."""
DAYS = frozenset({"first_day", "last_day", "issued_on", "birth_date"})
MONTHS = frozenset({"first_month", "last_month"})
_FRAMEWORK = frozenset({"DIPLOMA", "VOCATIONAL_CERTIFICATE"})


def coded(language: Language, prefix: str, code: str) -> str:
    """Return the words for a code, or the code where there are none."""
    key = f"{prefix}.{code}"
    return say(language, key) if key in catalogue() else code


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
