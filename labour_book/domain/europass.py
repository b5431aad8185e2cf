"""Writes an e-CV in the manner of Europass (SkillsPassport, ECV)."""

from labour_book.domain.cv_lines import (
    NOT_VERIFIED_VI,
    Contact,
    Cv,
    CvLine,
    Json,
    Section,
    in_words,
    known,
    marks_of,
    summary_of,
)


def to_europass(cv: Cv) -> Json:
    """Return the CV in the manner of Europass (SkillsPassport, ECV)."""
    family, _, given = cv.full_name.partition(" ")
    achievements = [
        {"Title": {"Label": section.value}, "Description": in_words(line)}
        for section in (Section.CERTIFICATES, Section.SKILLS, Section.PROJECTS)
        for line in cv.section(section)
    ]
    learner = {
        "Identification": known(
            {
                "PersonName": {"Surname": family, "FirstName": given},
                "ContactInfo": _europass_contact(cv.contact),
            }
        ),
        "Headline": known({"Description": {"Label": cv.headline} if cv.headline else None}),
        "WorkExperience": [_europass_work(line) for line in cv.section(Section.WORK)],
        "Education": [_europass_education(line) for line in cv.section(Section.EDUCATION)],
        "Skills": {
            "Linguistic": {
                "ForeignLanguage": [
                    {
                        "Description": {"Label": line.title},
                        "Certificate": [{"Title": in_words(line)}],
                    }
                    for line in cv.section(Section.LANGUAGES)
                ]
            }
        },
        "Achievement": achievements,
    }
    document = {
        "DocumentType": "ECV",
        "CreationDate": cv.as_of.isoformat(),
        "Generator": "labour-book",
    }
    return {
        "SkillsPassport": {
            "Locale": "vi",
            "DocumentInfo": document,
            "LearnerInfo": known(learner),
            "LabourBook": known(
                {"BookNo": cv.book_no, "VerifyAt": cv.verify_at, "Lines": marks_of(cv)}
            ),
        }
    }


def _europass_contact(contact: Contact) -> Json:
    return known(
        {
            "Email": {"Contact": contact.email} if contact.email else None,
            "Telephone": [{"Contact": contact.phone}] if contact.phone else None,
            "Website": [{"Contact": contact.url}] if contact.url else None,
        }
    )


def _europass_work(line: CvLine) -> Json:
    return known(
        {
            "Period": _period(line),
            "Position": {"Label": line.title},
            "Activities": summary_of(line),
            "Employer": {"Name": line.organisation},
        }
    )


def _europass_education(line: CvLine) -> Json:
    title = line.title if line.verified else f"{line.title} ({NOT_VERIFIED_VI})"
    level = {"Label": line.level} if line.level else None
    organisation = {"Name": line.organisation}
    return known(
        {"Period": _period(line), "Title": title, "Organisation": organisation, "Level": level}
    )


def _period(line: CvLine) -> Json:
    start = None if line.first_day is None else _calendar(line.first_day)
    end = None if line.last_day is None else _calendar(line.last_day)
    goes_on = end is None and line.section is Section.WORK and line.is_current
    current = True if goes_on else None
    return known({"From": start, "To": end, "Current": current})


def _calendar(partial: str) -> Json:
    return dict(zip(("Year", "Month", "Day"), map(int, partial.split("-")), strict=False))
