"""What is shared: choices, codes, shares with who looked, and wallets."""

from dataclasses import dataclass
from datetime import date, datetime

from app.answers.book import Book


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
class OfflineCode:
    """A signed code that is checked without a network."""

    text: str
    svg: str
    expires_at: datetime
    lines: int
    left_out: int


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
