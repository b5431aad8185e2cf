"""What other registers say of the worker: dân cư, VssID, and the service portal."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class MonthBeside:
    """One month at one employer, as the book and as VssID show it."""

    month: str
    employer_code: str
    employer: str
    book: str
    vssid: str
    same: bool


@dataclass(frozen=True, slots=True)
class Vssid:
    """The book and VssID side by side; ``cause`` is why VssID did not answer."""

    through: str | None
    differences: int
    months: tuple[MonthBeside, ...]
    cause: str | None
    data_as_of: datetime | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier that goes on at the National Public Service Portal."""

    code: str
    procedure: str
    state: str
    created_at: datetime
    address: str | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class CauseTold:
    """A cause in words, and what to do about it."""

    cause: str
    message_vi: str
    message_en: str
    what_to_do_vi: str
    what_to_do_en: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """Why something does not match, and who puts it right."""

    told: CauseTold
    owner: str


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """How the worker compares with the population register."""

    state: str
    ways_out: tuple[WayOut, ...]
    checked_at: datetime | None
    tried_at: datetime | None
    is_answered: bool
