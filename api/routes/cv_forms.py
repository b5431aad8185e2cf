"""What a worker sends about the own CV, and what is told of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from api.dependencies import MOST
from api.routes.share_forms import Form
from labour_book import data
from labour_book.domain.cv_lines import NOT_VERIFIED_EN, NOT_VERIFIED_VI, Contact, CvLine, Section
from labour_book.domain.own_cv import LONGEST, MOST_REFS, Choices, OwnLine
from labour_book.errors import Invalid
from labour_book.services.job_seeking import (
    LONGEST_WISH,
    MOST_PROVINCES,
    PURPOSE,
    Page,
    Part,
    SeekerCv,
    Seeking,
    Wish,
)
from labour_book.services.own_cv import CvPage, Shown

Ref = Annotated[str, Field(max_length=40)]
PartialDay = Annotated[
    str, Field(max_length=10, description="YYYY, YYYY-MM or YYYY-MM-DD.", examples=["2012-09"])
]
SectionName = Literal["work", "education", "certificates", "languages", "skills", "projects"]


class ContactForm(Form):
    """How to reach the worker; as the worker says."""

    email: str = Field(default="", max_length=LONGEST["email"])
    phone: str = Field(default="", max_length=LONGEST["phone"])
    url: str = Field(default="", max_length=LONGEST["url"])


class ChoicesForm(Form):
    """How the CV is to be, made out of the page with this revision."""

    revision: int = Field(ge=0, le=MOST, description="Of the page that was read.")
    headline: str = Field("", max_length=LONGEST["headline"])
    summary: str = Field("", max_length=LONGEST["summary"])
    contact: ContactForm = ContactForm()
    hidden: list[Ref] = Field([], max_length=MOST_REFS, description="Lines to leave out, by ref.")
    order: list[Ref] = Field(
        [], max_length=MOST_REFS, description="Refs; verified lines still stand above all others."
    )
    with_photo: bool = True

    def to_choices(self) -> Choices:
        return Choices(
            headline=self.headline,
            summary=self.summary,
            contact=Contact(**self.contact.model_dump()),
            hidden=tuple(self.hidden),
            order=tuple(self.order),
            with_photo=self.with_photo,
        )


class LineForm(Form):
    """A line of the worker's own. It has no source and cannot be marked as verified."""

    section: SectionName
    title: str = Field(min_length=1, max_length=LONGEST["title"], examples=["Lái xe nâng"])
    organisation: str = Field("", max_length=LONGEST["organisation"])
    level: str = Field("", max_length=LONGEST["level"])
    place: str = Field("", max_length=LONGEST["place"])
    first_day: PartialDay | None = None
    last_day: PartialDay | None = None
    text: str = Field("", max_length=LONGEST["text"])

    def to_line(self, line_id: str = "") -> OwnLine:
        return OwnLine(line_id, Section(self.section), **self.model_dump(exclude={"section"}))


class CvLineOut(BaseModel):
    """A line that can stand in the CV."""

    ref: str = Field(description="Names the line in choices.", examples=["9f86d081884c7d65"])
    section: SectionName
    title: str
    organisation: str
    level: str
    place: str
    first_day: str | None
    last_day: str | None
    text: str
    is_current: bool
    verified: bool = Field(description="By a source of the book; never a line of one's own.")
    assurance: str | None = Field(description="None for a line of one's own.")
    mark_vi: str = Field(description="What stands beside it if it is not verified.")
    mark_en: str


class ChosenLine(CvLineOut):
    """A line that can stand in the worker's CV, and whether it does."""

    shown: bool
    own: bool = Field(description="The worker wrote it, and can change and delete it.")


class CvOut(BaseModel):
    """Everything there is to choose from, in the order of the CV."""

    revision: int
    headline: str
    summary: str
    contact: ContactForm
    with_photo: bool
    has_photo: bool
    lines: list[ChosenLine]


class SeekingForm(Form):
    """Consent that public employment services of some provinces see the CV."""

    wanted: str = Field("", max_length=LONGEST_WISH, examples=["Thợ hàn, ca ngày"])
    provinces: list[Annotated[str, Field(max_length=2)]] = Field(
        min_length=1, max_length=MOST_PROVINCES, examples=[["01"]]
    )
    shows: list[Part] = Field(min_length=1, description="Beside the name and what is wanted.")

    def to_wish(self) -> Wish:
        return Wish(self.wanted, tuple(self.provinces), frozenset(self.shows))


class ProvinceOut(BaseModel):
    """A province or city whose employment service may be let in."""

    code: str = Field(examples=["01"])
    name: str = Field(examples=["Hà Nội"])


class SeekingOut(BaseModel):
    """Whether employment services may see the CV: since when, until when, what of it."""

    active: bool
    purpose: str = Field(description="What is, or would be, agreed to.", examples=[PURPOSE])
    wanted: str
    provinces: list[str]
    shows: list[Part]
    given_at: datetime | None
    expires_at: datetime | None
    home: str | None = Field(description="The province the worker lives in.", examples=["01"])
    offered: list[ProvinceOut] = Field(description="All provinces there are.")


class SeekerOut(BaseModel):
    """Somebody who looks for work, and what they opted to show."""

    id: UUID = Field(description="Of the consent; not of the person.")
    full_name: str
    wanted: str
    provinces: list[str]
    given_at: datetime
    expires_at: datetime
    contact: ContactForm | None
    headline: str
    summary: str
    lines: list[CvLineOut]


class SeekersOut(BaseModel):
    """Some of those who look for work; ask again with ``after`` for the next ones."""

    seekers: list[SeekerOut]
    after: UUID | None


def told_page(page: CvPage) -> CvOut:
    choices = page.choices
    return CvOut(
        revision=page.revision,
        headline=choices.headline,
        summary=choices.summary,
        contact=ContactForm(**asdict(choices.contact)),
        with_photo=choices.with_photo,
        has_photo=page.has_photo,
        lines=[_chosen(each) for each in page.lines],
    )


def told_seeking(found: Seeking | None, home: str | None) -> SeekingOut:
    offered = [ProvinceOut(code=row["code"], name=row["name"]) for row in data.provinces()]
    return SeekingOut(
        active=found is not None,
        purpose=PURPOSE if found is None else found.purpose,
        wanted="" if found is None else found.wanted,
        provinces=[] if found is None else list(found.provinces),
        shows=[] if found is None else sorted(Part(each) for each in found.shows),
        given_at=None if found is None else found.given_at,
        expires_at=None if found is None else found.expires_at,
        home=home,
        offered=offered,
    )


def told_seekers(page: Page) -> SeekersOut:
    return SeekersOut(seekers=[_seeker(each) for each in page.seekers], after=page.after)


def _seeker(each: SeekerCv) -> SeekerOut:
    told = {name: getattr(each, name) for name in SeekerOut.model_fields}
    contact = None if each.contact is None else ContactForm(**asdict(each.contact))
    return SeekerOut(
        **told
        | {
            "provinces": list(each.provinces),
            "contact": contact,
            "lines": [CvLineOut(**_line(line)) for line in each.lines],
        }
    )


def _chosen(each: Shown) -> ChosenLine:
    return ChosenLine(**_line(each.line), shown=each.shown, own=each.own)


def _line(line: CvLine) -> dict[str, Any]:
    marks = ("", "") if line.verified else (NOT_VERIFIED_VI, NOT_VERIFIED_EN)
    return asdict(line) | {"section": line.section.value, "mark_vi": marks[0], "mark_en": marks[1]}


@contextmanager
def naming_parts() -> Iterator[None]:
    """Say of a refusal which field of the body it is about."""
    try:
        yield
    except Invalid as error:
        if "field" in error.facts:
            error.facts["field"] = f"body.{error.facts['field']}"
        raise
