"""Notices to an office or enterprise, as the pages tell them: in words, with where they lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from labour_book.domain.corrections import Owner
from labour_book.domain.notices import NoticeKind
from labour_book.services.notifying import StoredNotice

Place = Literal["desk", "employer"]
"""Whose pages."""

AT_ONCE = 50
"""Notices on a page."""
TO_OFFICES: frozenset[NoticeKind] = frozenset(
    {
        *(NoticeKind.CASE_ARRIVED, NoticeKind.CASE_ANSWERED, NoticeKind.CASE_MOVED),
        *(NoticeKind.CASE_OVERDUE, NoticeKind.REASON_ASKED, NoticeKind.DATA_REQUEST_ARRIVED),
        *(NoticeKind.DATA_REQUEST_LATE, NoticeKind.LINES_TO_LOOK_AT),
        NoticeKind.REPORT_LATE,
    }
)
TO_ENTERPRISES: frozenset[NoticeKind] = TO_OFFICES | {
    *(NoticeKind.SHARE_RECEIVED, NoticeKind.SHARE_ENDED, NoticeKind.NEWER_VERSION),
    *(NoticeKind.DELETION_DUE, NoticeKind.DELETION_OVERDUE),
    *(NoticeKind.CASE_SUBMITTED, NoticeKind.CASE_MORE_NEEDED, NoticeKind.CASE_DECIDED),
    *(NoticeKind.CASE_REVERSED, NoticeKind.CASE_HANDED_OVER, NoticeKind.CASE_RATE),
    *(NoticeKind.GAP_ASKED, NoticeKind.GAP_OVERDUE),
}
"""An enterprise is told of cases too that it has declared."""
ONLY_TO_WORKERS: frozenset[NoticeKind] = frozenset(
    {
        *(NoticeKind.SHARE_VIEWED, NoticeKind.YEARLY_CHECK, NoticeKind.PEOPLE_MERGED),
        *(NoticeKind.NUMBERS_JOINED, NoticeKind.NUMBERS_PARTED),
        *(NoticeKind.PEOPLE_UNMERGED, NoticeKind.DELETION_CONFIRMED, NoticeKind.FILING_MADE),
        *(NoticeKind.REASON_ANSWERED, NoticeKind.DATA_REQUEST_ACKNOWLEDGED),
        *(NoticeKind.SUPPORT_PROPOSED, NoticeKind.SUPPORT_DONE, NoticeKind.SUPPORT_REMINDED),
        *(NoticeKind.SUPPORT_PREPARED, NoticeKind.SUPPORT_ENDED),
        *(NoticeKind.DATA_REQUEST_ANSWERED, NoticeKind.DATA_REQUEST_REFUSED),
        *(NoticeKind.BOOK_UPDATED, NoticeKind.LINE_DOUBTFUL, NoticeKind.DOSSIER_ENDED),
        NoticeKind.GAP_ANSWERED,
    }
)

AT_THE_DESK: Mapping[str, str] = {
    NoticeKind.DATA_REQUEST_ARRIVED: "/desk/data-requests",
    NoticeKind.DATA_REQUEST_LATE: "/desk/data-requests",
    NoticeKind.REPORT_LATE: "/desk/statistics/reports",
    NoticeKind.LINES_TO_LOOK_AT: "/desk/alerts",
}
"""The page of the desk about notices that are about no single case."""

Facts = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Told:
    """A notice on a page."""

    id: UUID
    kind: str
    at: datetime
    is_read: bool
    place: str | None
    """The page about it; None where there is none, or it lies with another owner."""
    number: str
    """Of the case."""
    due_on: date | None


def told(notice: StoredNotice, desk: Place) -> Told:
    """Return a notice as a page of the desk tells it."""
    due_on = notice.facts.get("due_on")
    return Told(
        id=notice.id,
        kind=notice.kind,
        at=notice.created_at,
        is_read=notice.read_at is not None,
        place=_place(notice.kind, notice.facts, desk),
        number=str(notice.facts.get("number", "")),
        due_on=None if due_on is None else date.fromisoformat(str(due_on)),
    )


def _place(kind: str, facts: Facts, desk: Place) -> str | None:
    if kind == NoticeKind.REASON_ASKED:
        return f"/{desk}/questions"
    if kind in {NoticeKind.GAP_ASKED, NoticeKind.GAP_OVERDUE}:
        return "/employer/gaps"
    if desk == "desk" and kind in AT_THE_DESK:
        return AT_THE_DESK[kind]
    if "case" in facts:
        is_theirs = desk == "desk" or facts.get("owner_kind") == Owner.EMPLOYER
        return f"/{desk}/cases/{facts['case']}" if is_theirs else None
    if "share" in facts and desk == "employer":
        return f"/employer/shares/{facts['share']}"
    return None
