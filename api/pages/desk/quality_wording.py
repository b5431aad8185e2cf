"""From what a check found to the sentence that tells it, without any code on the screen. Pure."""

from api.pages.desk.wording import coded
from api.pages.texts import Language, say
from labour_book import data
from labour_book.domain.check_rules import Detail, rules
from labour_book.domain.display import show_month
from labour_book.domain.months import Month
from labour_book.errors import Invalid
from labour_book.services.settling_findings import FindingOnFile


def sentence_of(finding: FindingOnFile, language: Language) -> str:
    """Return what was found, with its numbers, as people write them."""
    return rules()[finding.rule].told(worded(finding.detail, language), language)


def advice_of(finding: FindingOnFile, language: Language) -> str:
    """Return what can be done about it, where there are words for that."""
    return rules()[finding.rule].advice(worded(finding.detail, language), language)


def field_named(field: str, language: Language) -> str:
    """Return what a field that the law asks for is called."""
    found = {each["field"]: each[f"label_{language}"] for each in data.required_fields()}
    return found[field]


def status_named(status: str | None, language: Language) -> str:
    """Return what the legal status of an enterprise is called; nothing where none is known."""
    row = data.enterprise_statuses().get(status or "", {})
    return row.get(f"label_{language}", "")


def worded(detail: Detail, language: Language) -> Detail:
    """Return the values that a sentence fills in, codes and months as people write them."""
    return {name: _value(name, value, language) for name, value in detail.items()}


def _value(name: str, value: str | int, language: Language) -> str | int:
    if isinstance(value, int):
        return value
    match name:
        case "source":
            return coded(language, "desk.source", value)
        case "side":
            return say(language, f"desk.quality.side.{value}")
        case "occupation":
            row = data.occupations().get(value)
            return value if row is None else row["name_vi"]
        case "province":
            names = {each["code"]: each for each in data.provinces()}
            full = "full_name" if language == "vi" else "name_en"
            return names[value][full] if value in names else value
        case _:
            return _month(value, language)


def _month(value: str, language: Language) -> str:
    """Return a month as people write it, and a decimal with the sign of the language."""
    try:
        return show_month(Month.parse(value))
    except Invalid:
        return value if language == "vi" else value.replace(",", ".")
