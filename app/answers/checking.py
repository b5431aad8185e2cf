"""What checking another document gives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


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
class InPicture:
    """What a QR code in a picture says; ``kind`` is signed, link or other."""

    kind: str
    text: str
