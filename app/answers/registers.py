"""What other registers say of the worker: VssID, and the service portal."""

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
