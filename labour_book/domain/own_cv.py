"""What the worker puts into the own CV: which lines, in what order, and lines of their own.

An own line (tự khai) has no field for a source or a level: nothing can mark it as verified.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from labour_book.domain.cv_lines import Contact, CvLine, Section
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Conflict, Invalid, NotFound

MOST_LINES = 60
MOST_REFS = 1_000
LONGEST = {
    "title": 200,
    "organisation": 200,
    "level": 60,
    "place": 120,
    "text": 1_000,
    "headline": 120,
    "summary": 1_500,
    "email": 254,
    "phone": 20,
    "url": 200,
}
"""Characters of each text."""
_SEVERAL_LINES = frozenset({"text", "summary"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9][0-9 .-]{6,18}[0-9]")
_URL = re.compile(r"https?://[^\s<>\"]+")


class TooManyLines(Conflict):
    """A CV of so many lines is read by nobody."""

    slug = "too-many-cv-lines"
    title = "The CV has as many own lines as it may have"
    title_vi = "Hồ sơ việc làm đã có đủ số dòng tự khai tối đa"


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line the worker declares: work, education, a certificate, language, skill or project."""

    line_id: str
    section: Section
    title: str
    organisation: str = ""
    level: str = ""
    place: str = ""
    first_day: str | None = None
    """Partial date on the wire."""
    last_day: str | None = None
    text: str = ""

    def as_cv_line(self) -> CvLine:
        """Return it as it stands in a CV: never verified."""
        values = asdict(self)
        ref = values.pop("line_id")
        return CvLine(**values, ref=ref)


@dataclass(frozen=True, slots=True)
class Choices:
    """How the worker wants the CV to be. Lines are named by their ``ref``."""

    headline: str = ""
    summary: str = ""
    contact: Contact = field(default_factory=Contact)
    hidden: tuple[str, ...] = ()
    """What is left out; a line that comes new into the book stands in the CV at first."""
    order: tuple[str, ...] = ()
    with_photo: bool = True
    """Whether the photo is printed, where there is one."""


@dataclass(frozen=True, slots=True)
class OwnCv:
    """Everything of a CV that does not come from the book."""

    choices: Choices = field(default_factory=Choices)
    lines: tuple[OwnLine, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "OwnCv":
        """Return what ``as_json`` gave."""
        choices = dict(told["choices"])
        contact = Contact(**choices.pop("contact"))
        hidden, order = (tuple(choices.pop(name)) for name in ("hidden", "order"))
        lines = tuple(
            OwnLine(**{**each, "section": Section(each["section"])}) for each in told["lines"]
        )
        return cls(Choices(**choices, contact=contact, hidden=hidden, order=order), lines)

    def with_line(self, line: OwnLine) -> "OwnCv":
        """Return the same with one more line, the last of its section.

        Raises:
            Invalid: the line is not as a line has to be; ``field`` names the part.
            TooManyLines: there are as many as there may be.
        """
        check_line(line)
        if len(self.lines) >= MOST_LINES:
            raise TooManyLines(most=MOST_LINES)
        return replace(self, lines=(*self.lines, line))

    def with_changed(self, line: OwnLine) -> "OwnCv":
        """Return the same with a line in place of the one with its id.

        Raises:
            Invalid: as ``with_line``.
            NotFound: there is no such line.
        """
        check_line(line)
        self._check_has(line.line_id)
        lines = tuple(line if each.line_id == line.line_id else each for each in self.lines)
        return replace(self, lines=lines)

    def without_line(self, line_id: str) -> "OwnCv":
        """Return the same without a line.

        Raises:
            NotFound: there is no such line.
        """
        self._check_has(line_id)
        choices = replace(
            self.choices,
            hidden=tuple(each for each in self.choices.hidden if each != line_id),
            order=tuple(each for each in self.choices.order if each != line_id),
        )
        return OwnCv(choices, tuple(each for each in self.lines if each.line_id != line_id))

    def _check_has(self, line_id: str) -> None:
        if all(each.line_id != line_id for each in self.lines):
            raise NotFound("there is no such line in the CV")


def check_line(line: OwnLine) -> None:
    """Refuse a line that says nothing, says too much, or whose dates cannot be.

    Raises:
        Invalid: what is wrong with it; ``field`` names the part.
    """
    for name in ("title", "organisation", "level", "place", "text"):
        _check_text(name, getattr(line, name))
    if not line.title.strip():
        raise Invalid("a line needs a title", field="title", cause="MISSING")
    first, last = (_date(name, getattr(line, name)) for name in ("first_day", "last_day"))
    if first is not None and last is not None and last.last_possible < first.first_possible:
        raise Invalid("it ends before it begins", field="last_day", cause="ENDS_BEFORE_IT_BEGINS")


def check_choices(choices: Choices) -> None:
    """Refuse texts that are too long or hold what no text holds, and contacts that cannot be.

    Raises:
        Invalid: what is wrong; ``field`` names the part.
    """
    texts = {"headline": choices.headline, "summary": choices.summary, **asdict(choices.contact)}
    for name, text in texts.items():
        _check_text(name, text)
    for name, form in (("email", _EMAIL), ("phone", _PHONE), ("url", _URL)):
        if texts[name] and form.fullmatch(texts[name]) is None:
            raise Invalid("this is no address to be reached at", field=name, cause="FORM")
    if max(len(choices.hidden), len(choices.order)) > MOST_REFS:
        raise Invalid("there are not so many lines", field="order", cause="TOO_MANY")


def _check_text(name: str, text: str) -> None:
    if len(text) > LONGEST[name]:
        raise Invalid("the text is too long", field=name, cause="TOO_LONG", most=LONGEST[name])
    line = text.replace("\n", " ") if name in _SEVERAL_LINES else text
    if not line.isprintable():
        raise Invalid("the text holds what cannot be printed", field=name, cause="NOT_PRINTABLE")


def _date(name: str, text: str | None) -> PartialDate | None:
    if text is None:
        return None
    try:
        return PartialDate.parse(text)
    except Invalid as error:
        raise Invalid(str(error), field=name, cause="NO_DATE") from None
