"""What the app reads of the interface's answers: by name, and no more than it shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Worker:
    """Whose book it is."""

    full_name: str
    birth_date: str | None = None
    sex: str | None = None
    nationality: str | None = None
    residence: str | None = None
    personal_id: str | None = None
    population_check: str | None = None


@dataclass(frozen=True, slots=True)
class Employment:
    """One line of work; dates are as exact as the sources are, months are ``YYYY-MM``."""

    employer: str
    position: str
    assurance: str = "SELF_DECLARED"
    no: int = 0
    enterprise_code: str | None = None
    occupation_code: str | None = None
    contract_kind: str | None = None
    workplace: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    known_since: str | None = None
    known_until: str | None = None
    months_paid: int | None = None
    months_arrears: int | None = None
    months_unknown: int | None = None
    paid: tuple[str, ...] = ()
    arrears: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    wage_base_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class Insurance:
    """Months by fund, over all employers, each once."""

    SI: int | None = None
    UI: int | None = None
    HI: int | None = None
    VOL: int | None = None
    arrears_months: int = 0
    credited_months: int = 0
    first_month: str | None = None
    last_month: str | None = None
    as_of_month: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Months without a line of work; without an end it goes on."""

    first: str
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Qualification:
    """A diploma or certificate."""

    kind: str
    level: str
    field: str
    issuer: str
    issued_on: str
    number: str
    assurance: str = "SELF_DECLARED"


@dataclass(frozen=True, slots=True)
class Book:
    """What a book says; in a share, the part of it that is shown."""

    worker: Worker | None = None
    employments: tuple[Employment, ...] = ()
    insurance: Insurance | None = None
    gaps: tuple[Gap, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    book_no: str | None = None
    as_of: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class OwnBook:
    """The newest version of the own book."""

    version: int
    state: str
    issued_at: datetime
    expires_on: date
    book: Book


@dataclass(frozen=True, slots=True)
class Source:
    """Who vouches for a line, and when they last did."""

    source: str
    stated_on: date


@dataclass(frozen=True, slots=True)
class LineSources:
    """The sources of one line of work."""

    no: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where two sources do not fit together."""

    cause: str
    line: int | None
    text_vi: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind the book."""

    lines: tuple[LineSources, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made choice of what to share."""

    preset: str
    label_vi: str
    label_en: str
    shows_vi: str
    shows_en: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a recipient would see."""

    claims: Book


@dataclass(frozen=True, slots=True)
class Created:
    """A share that has just been made."""

    share_id: str


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a share."""

    number: int
    at: datetime
    viewer_kind: str
    viewer_name: str
    place: str
    means: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Copy:
    """What a recipient known by name holds, must delete, or has deleted."""

    recipient_kind: str
    enterprise_code: str | None
    state: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Share:
    """One of the own shares."""

    share_id: str
    state: str
    possible: tuple[str, ...]
    preset: str
    audience: str
    enterprise_name: str | None
    purpose: str
    created_at: datetime
    expires_at: datetime
    max_views: int
    views: int
    code: str
    url: str
    seen: tuple[Look, ...]
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """The own shares, newest first."""

    frozen_since: datetime | None
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class LiveCode:
    """A code to show now."""

    url: str
    seconds_left: int
    qr_svg: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the worker was told."""

    id: str
    kind: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Access:
    """One row of who looked at, or did something about, the own data."""

    number: int
    at: datetime
    who_kind: str
    who_name: str
    deed: str
    purpose: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to one question about a document."""

    answer: str
    reason: str
    text_vi: str
    text_en: str
    why_vi: str
    why_en: str
    next_vi: str
    next_en: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Three answers about a document."""

    genuine: Said
    current: Said
    issuer: Said
    good: bool
    status_as_of: datetime | None
    claims: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in, and how surely."""

    kind: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class OfflineCode:
    """A signed code that is checked without a network."""

    text: str
    svg: str
    expires_at: datetime
    lines: int
    left_out: int


@dataclass(frozen=True, slots=True)
class InPicture:
    """What a QR code in a picture says; ``kind`` is signed, link or other."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class WalletOffer:
    """An offer of the own book to a wallet, for a few minutes."""

    link: str
    qr_svg: str
    tx_code: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Wallet:
    """A wallet that took copies of the own book."""

    id: str
    client_id: str | None
    version: int
    copies: int
    taken_at: datetime
    forgotten_at: datetime | None
