"""How a report goes: made by one official, approved by another, then kept as it is."""

from enum import StrEnum


class ReportState(StrEnum):
    """Where a report stands; the word is permanent."""

    NOT_BEGUN = "not_begun"
    """Nobody has begun it: there is no row yet."""
    DRAFT = "draft"
    SENT = "sent"
    """To be approved."""
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    """Its files are being made."""
    ARCHIVED = "archived"


class ReportStep(StrEnum):
    """What can be done with a report."""

    WRITE = "write"
    """Say something of the numbers, or take newer numbers."""
    SEND = "send"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    ARCHIVE = "archive"


TRANSITIONS: dict[ReportStep, tuple[frozenset[ReportState], ReportState]] = {
    ReportStep.WRITE: (
        frozenset({ReportState.DRAFT, ReportState.SENT_BACK}),
        ReportState.DRAFT,
    ),
    ReportStep.SEND: (
        frozenset({ReportState.DRAFT, ReportState.SENT_BACK}),
        ReportState.SENT,
    ),
    ReportStep.APPROVE: (frozenset({ReportState.SENT}), ReportState.APPROVED),
    ReportStep.SEND_BACK: (frozenset({ReportState.SENT}), ReportState.SENT_BACK),
    ReportStep.ARCHIVE: (frozenset({ReportState.APPROVED}), ReportState.ARCHIVED),
}
"""From where each step can be taken, and where it leads."""
DONE = frozenset({ReportState.APPROVED, ReportState.ARCHIVED})
"""In time, if they were so by the last day."""
