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
    YEARLY_CHECK = "book.yearly-check"
    """Look through the book: once a year, so that errors are found in time."""
    PEOPLE_MERGED = "person.merged"
    """Two records of the recipient became one; facts: which merge."""
    PEOPLE_UNMERGED = "person.unmerged"
    DELETION_DUE = "copy.deletion-due"
    DELETION_OVERDUE = "copy.deletion-overdue"
    DELETION_CONFIRMED = "copy.deletion-confirmed"
    FILING_MADE = "filing.made"
    """An employer has declared something of the worker: is it right? Facts: which, whose, what."""
    REASON_ASKED = "access.reason-asked"
    """A worker asks the office or enterprise why it looked; facts: which row of the trace."""
    REASON_ANSWERED = "access.reason-answered"
    CASE_SUBMITTED = "case.submitted"
    """A correction is handed in; facts: its number, who has it, by when."""
    CASE_ARRIVED = "case.arrived"
    """To the owner: a correction lies in the queue."""
    CASE_MORE_NEEDED = "case.more-needed"
    CASE_ANSWERED = "case.answered"
    CASE_MOVED = "case.moved"
    """It lies with another owner now: sent on, or because the time was over."""
    CASE_DECIDED = "case.decided"
    CASE_REVERSED = "case.reversed"
    CASE_HANDED_OVER = "case.handed-over"
    """Identity: the population register's procedure is the place."""
    CASE_OVERDUE = "case.overdue"
    """To the unit whose time was over, and to the one that has it now."""
    CASE_RATE = "case.rate"
    """Over: how satisfied is the asking side?"""
    BOOK_UPDATED = "book.updated"
    """A register told of a change; the book has a new version. Facts: which register."""
    LINE_DOUBTFUL = "line.doubtful"
    """What a register told makes a line of the book doubtful; facts: the cause."""
    LINES_TO_LOOK_AT = "line.to-look-at"
    """To the unit: lines of books have become doubtful; facts: since which day."""

    DATA_REQUEST_ARRIVED = "data-request.arrived"
    """To the office: somebody asks something about the own data; facts: what, by when."""
    DATA_REQUEST_LATE = "data-request.late"
    """To the office and the one above it: the time to deal with such a request is over."""
    DATA_REQUEST_ACKNOWLEDGED = "data-request.acknowledged"
    DATA_REQUEST_ANSWERED = "data-request.answered"
    DATA_REQUEST_REFUSED = "data-request.refused"
    DOSSIER_ENDED = "dossier.ended"
    """The service portal has decided a dossier of the worker; facts: which, and how."""


class Recipient(NamedTuple):
    """Whose inbox: a worker (person id), an employer (enterprise code), a unit, an account."""

    kind: str
    id: str
