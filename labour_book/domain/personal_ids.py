"""What the numbers of a person say by their structure. A mismatch is flagged, never refused.

Source: ND 137/2015, art. 13; TT 07/2016/TT-BCA, art. 7; Luật Căn cước 26/2023, art. 12.
"""

import re
from dataclasses import dataclass

from labour_book import data
from labour_book.domain.findings import Finding
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid

_PERSONAL_ID = re.compile(r"[0-9]{12}")
_KINDS = (
    ("PIN", _PERSONAL_ID),
    ("BHXH10", re.compile(r"[0-9]{10}")),
    ("CMND9", re.compile(r"[0-9]{9}")),
    ("PASSPORT", re.compile(r"[A-Z][0-9]{7,8}")),
)
_SHOWN = 4
_FIRST_COUNTRY_CODE = 100
_PROVINCES = {row["pin_province_code"]: row["old_name"] for row in data.legacy_provinces()}


@dataclass(frozen=True, slots=True)
class PersonalIdFacts:
    """What a personal ID (số định danh cá nhân) says. Nothing says that it was ever issued."""

    registration_code: str
    """Three digits: province of 63, or country, of the birth registration."""
    province_of_registration: str | None
    """Name of the province of 63; None for a country or an unknown code."""
    sex: str
    birth_year: int


def read_personal_id(text: str) -> PersonalIdFacts:
    """Read the structure of a 12-digit personal ID.

    Raises:
        Invalid: it has not exactly twelve digits.
    """
    if not _PERSONAL_ID.fullmatch(text):
        raise Invalid("a personal ID has 12 digits", cause="PERSONAL_ID_FORM")
    province = _PROVINCES.get(text[:3])
    century = int(text[3]) // 2
    return PersonalIdFacts(
        registration_code=text[:3],
        province_of_registration=province,
        sex="F" if int(text[3]) % 2 else "M",
        birth_year=(19 + century) * 100 + int(text[4:6]),
    )


def personal_id_findings(
    personal_id: str, *, sex: str | None, birth_date: PartialDate | None
) -> tuple[Finding, ...]:
    """Return where a personal ID says otherwise than the person's stated sex and birth year.

    Flags for an official: after a correction a new number is issued, and old ones stay about.
    """
    says = read_personal_id(personal_id)
    findings = []
    if says.province_of_registration is None and int(personal_id[:3]) < _FIRST_COUNTRY_CODE:
        findings.append(Finding("PERSONAL_ID_PROVINCE_UNKNOWN", "personal_id"))
    if sex is not None and sex != says.sex:
        findings.append(Finding("PERSONAL_ID_SEX_DIFFERS", "sex"))
    if birth_date is not None and birth_date.year != says.birth_year:
        findings.append(Finding("PERSONAL_ID_BIRTH_YEAR_DIFFERS", "birth_date"))
    return tuple(findings)


def identifier_kind(text: str) -> str | None:
    """Return ``PIN``, ``BHXH10``, ``CMND9`` or ``PASSPORT`` by form alone; None for none of them.

    Whether a PIN was cancelled, only the population register knows.
    """
    return next((kind for kind, form in _KINDS if form.fullmatch(text)), None)


def mask(personal_id: str) -> str:
    """Return the number with all but its last four characters hidden."""
    hidden = max(len(personal_id) - _SHOWN, 0)
    return "*" * hidden + personal_id[hidden:]
