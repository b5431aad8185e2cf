"""What people, enterprises and units are told; never with a value of a book."""

from enum import StrEnum
from typing import NamedTuple


class NoticeKind(StrEnum):
    """What a notice says; the word is permanent."""

    SHARE_RECEIVED = "share.received"
    SHARE_VIEWED = "share.viewed"
    SHARE_ENDED = "share.ended"
    NEWER_VERSION = "book.newer-version"
    """A newer version of a book exists that the recipient has looked at. Nothing of it."""
    DELETION_DUE = "copy.deletion-due"
    DELETION_OVERDUE = "copy.deletion-overdue"
    DELETION_CONFIRMED = "copy.deletion-confirmed"


class Recipient(NamedTuple):
    """Whose inbox: a worker (person id), an employer (enterprise code), a unit, an account."""

    kind: str
    id: str
