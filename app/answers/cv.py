"""The own CV, and whether employment services may see it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """How to be reached, as the worker says."""

    email: str = ""
    phone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class CvLine:
    """A line that can stand in the CV, and whether it does."""

    ref: str
    section: str
    title: str
    organisation: str
    level: str
    place: str
    first_day: str | None
    last_day: str | None
    text: str
    is_current: bool
    verified: bool
    assurance: str | None
    shown: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Cv:
    """Everything there is to choose from, in the order of the CV."""

    revision: int
    headline: str
    summary: str
    contact: Contact
    with_photo: bool
    has_photo: bool
    lines: tuple[CvLine, ...]


@dataclass(frozen=True, slots=True)
class Province:
    """A province whose employment service may be let in."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class JobSeeking:
    """Whether employment services may see the CV."""

    active: bool
    purpose: str
    wanted: str
    provinces: tuple[str, ...]
    shows: tuple[str, ...]
    given_at: datetime | None
    expires_at: datetime | None
    home: str | None
    offered: tuple[Province, ...]
