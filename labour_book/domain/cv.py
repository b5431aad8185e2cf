"""The e-CV under one name: its value, and its export as JSON Resume and as Europass-style JSON."""

from collections.abc import Callable

from labour_book.domain.cv_lines import (
    NOT_VERIFIED_EN,
    NOT_VERIFIED_VI,
    Contact,
    Cv,
    CvLine,
    Json,
    Section,
    cv_of,
    known,
    marks_of,
    summary_of,
)
from labour_book.domain.europass import to_europass

__all__ = [
    "JSON_RESUME_SCHEMA",
    "NOT_VERIFIED_EN",
    "NOT_VERIFIED_VI",
    "Contact",
    "Cv",
    "CvLine",
    "Section",
    "cv_of",
    "to_europass",
    "to_json_resume",
]

JSON_RESUME_SCHEMA = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"


def to_json_resume(cv: Cv) -> Json:
    """Return the CV as JSON Resume 1.0.0; what that has no field for stands under ``meta``.

    The lists under ``meta.labourBook.lines`` run parallel to those of the same name.
    """
    resume: Json = {
        "$schema": JSON_RESUME_SCHEMA,
        "basics": known(
            {
                "name": cv.full_name,
                "label": cv.headline,
                "email": cv.contact.email,
                "phone": cv.contact.phone,
                "url": cv.contact.url,
                "summary": cv.summary,
                "location": {"countryCode": "VN"},
            }
        ),
    }
    for section, shape in _JSON_RESUME_SHAPES.items():
        resume[section.value] = [known(shape(line)) for line in cv.section(section)]
    book = {"bookNo": cv.book_no, "asOf": cv.as_of.isoformat(), "lines": marks_of(cv)}
    meta = {"canonical": cv.verify_at, "version": "v1.0.0", "labourBook": book}
    return resume | {"meta": known(meta)}


def _json_work(line: CvLine) -> Json:
    return {
        "name": line.organisation,
        "position": line.title,
        "location": line.place,
        "startDate": line.first_day,
        "endDate": line.last_day,
        "summary": summary_of(line),
    }


def _json_education(line: CvLine) -> Json:
    return {
        "institution": line.organisation,
        "area": line.title if line.verified else f"{line.title} ({NOT_VERIFIED_VI})",
        "studyType": line.level,
        "startDate": line.first_day,
        "endDate": line.last_day,
    }


def _json_certificate(line: CvLine) -> Json:
    name = line.title if line.verified else f"{line.title} ({NOT_VERIFIED_VI})"
    return {"name": name, "issuer": line.organisation, "date": line.last_day}


def _json_language(line: CvLine) -> Json:
    fluency = line.level if line.verified else f"{line.level} ({NOT_VERIFIED_VI})".strip()
    return {"language": line.title, "fluency": fluency}


def _json_skill(line: CvLine) -> Json:
    level = line.level if line.verified else f"{line.level} ({NOT_VERIFIED_VI})".strip()
    return {"name": line.title, "level": level}


def _json_project(line: CvLine) -> Json:
    return {
        "name": line.title,
        "entity": line.organisation,
        "startDate": line.first_day,
        "endDate": line.last_day,
        "description": summary_of(line),
    }


_JSON_RESUME_SHAPES: dict[Section, Callable[[CvLine], Json]] = {
    Section.WORK: _json_work,
    Section.EDUCATION: _json_education,
    Section.CERTIFICATES: _json_certificate,
    Section.LANGUAGES: _json_language,
    Section.SKILLS: _json_skill,
    Section.PROJECTS: _json_project,
}
