"""The e-CV on paper: verified lines by their sign, self-declared lines by words."""

from collections.abc import Mapping
from datetime import date

from labour_book.documents import wording
from labour_book.documents.book_pdf import Values, enclosure
from labour_book.documents.paper import Sheet, print_pdf
from labour_book.documents.photo import printable_photo
from labour_book.documents.qr import qr_png
from labour_book.domain.assurance import Assurance
from labour_book.domain.cv import Cv, CvLine, Section
from labour_book.domain.people import show_date

SECTIONS: Mapping[Section, tuple[str, str]] = {
    Section.WORK: ("Kinh nghiệm làm việc", "Work experience"),
    Section.EDUCATION: ("Học vấn", "Education"),
    Section.CERTIFICATES: ("Chứng chỉ", "Certificates"),
    Section.LANGUAGES: ("Ngoại ngữ", "Languages"),
    Section.SKILLS: ("Kỹ năng", "Skills"),
    Section.PROJECTS: ("Dự án, hoạt động", "Projects"),
}
NO_ATTACHMENTS: Mapping[str, bytes] = {}


def render_cv_pdf(
    cv: Cv,
    *,
    issued_on: date,
    lookup_code: str = "",
    photo: bytes | None = None,
    attachments: Mapping[str, bytes] = NO_ATTACHMENTS,
) -> bytes:
    """Return the CV as PDF/A-3b on A4; the same input gives the same bytes.

    With ``cv.verify_at`` every page carries the QR code and the address; without it the page says
    so and nothing can be checked. A line of the book that only the worker has stated is marked as
    not verified, like the worker's own lines.

    Raises:
        Invalid: ``photo`` is no picture, or ``cv.verify_at`` does not fit into a QR code.
    """
    pictures = {}
    if cv.verify_at:
        pictures["qr"] = qr_png(cv.verify_at)
    if photo is not None:
        pictures["photo"] = printable_photo(photo)
    return print_pdf(
        Sheet(
            name="cv",
            title=f"Hồ sơ việc làm - {cv.full_name}",
            author=cv.full_name,
            issued_on=issued_on,
            pictures=pictures,
            enclosures={name: enclosure(name, content) for name, content in attachments.items()},
            values={
                "cv": cv,
                "as_of": show_date(cv.as_of),
                "has_photo": photo is not None,
                "contact": [
                    each for each in (cv.contact.phone, cv.contact.email, cv.contact.url) if each
                ],
                "sections": _sections(cv),
                "levels": _levels(cv),
                "foot": _foot(cv, issued_on, lookup_code),
            },
        )
    )


def _foot(cv: Cv, issued_on: date, lookup_code: str) -> Values:
    return {
        "what": "Quét mã hoặc mở địa chỉ để kiểm tra các dòng của sổ",
        "what_en": "Scan, or open the address, to verify",
        "address": cv.verify_at,
        "code": lookup_code,
        "facts": [
            ("Sổ lao động số", "Book no.", cv.book_no),
            ("In ngày", "Printed", show_date(issued_on)),
        ],
    }


def _sections(cv: Cv) -> list[Values]:
    return [
        {"vi": vi, "en": en, "lines": [_line(line) for line in cv.section(section)]}
        for section, (vi, en) in SECTIONS.items()
        if cv.section(section)
    ]


def _line(line: CvLine) -> Values:
    level = wording.LEVELS[_assurance(line)]
    return {
        "when": _when(line),
        "title": _title(line),
        "where": ", ".join(filter(None, (line.organisation, line.place))),
        "text": line.text,
        "sign": level.sign,
        "words": level.vi,
        "own": _assurance(line) is Assurance.SELF_DECLARED,
    }


def _assurance(line: CvLine) -> Assurance:
    if line.verified and line.assurance is not None:
        return Assurance[line.assurance]
    return Assurance.SELF_DECLARED


def _when(line: CvLine) -> str:
    """Return the period; from then on when no end is known, which need not mean until today."""
    last = "" if line.last_day is None else wording.shown(line.last_day)
    if line.first_day is None:
        return last
    first = wording.shown(line.first_day)
    return f"{first}\n–\N{NO-BREAK SPACE}{last}" if last else f"từ {first}"


def _title(line: CvLine) -> str:
    """Return what a line is about, with the name of the level of a diploma."""
    if line.verified and line.section is Section.EDUCATION:
        return f"{wording.qualification('DIPLOMA', line.level)}, {line.title}"
    if line.verified and line.section is Section.CERTIFICATES and line.level:
        return f"{line.title}, bậc {line.level}"
    return ", ".join(filter(None, (line.title, line.level)))


def _levels(cv: Cv) -> list[wording.Level]:
    return [wording.LEVELS[level] for level in sorted({_assurance(line) for line in cv.lines})]
