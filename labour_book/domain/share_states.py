"""The states of a share and of a recipient's copy of it, as tables; and how long they last."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from labour_book.errors import Invalid


class ShareState(StrEnum):
    """Whether a share can be opened now, and if not, why not."""

    LIVE = "live"
    PAUSED = "paused"
    """The worker froze all sharing."""
    USED_UP = "used_up"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ShareDeed(StrEnum):
    """What can be done with a share."""

    OPEN = "open"
    EXTEND = "extend"
    WITHDRAW = "withdraw"
    ASK_DELETION = "ask-deletion"


POSSIBLE: dict[ShareState, frozenset[ShareDeed]] = {
    ShareState.LIVE: frozenset(ShareDeed),
    ShareState.PAUSED: frozenset({ShareDeed.WITHDRAW, ShareDeed.ASK_DELETION}),
    ShareState.USED_UP: frozenset(ShareDeed) - {ShareDeed.OPEN},
    ShareState.EXPIRED: frozenset({ShareDeed.ASK_DELETION}),
    ShareState.WITHDRAWN: frozenset({ShareDeed.ASK_DELETION}),
}
"""What can be done in each state. ``OPEN`` is the recipient's, all else the worker's."""


@dataclass(frozen=True, slots=True)
class ShareTerms:
    """What the state of a share depends on."""

    expires_at: datetime
    max_views: int
    views: int
    withdrawn_at: datetime | None
    frozen_at: datetime | None


def state_of(terms: ShareTerms, now: datetime) -> ShareState:
    """Return the state of a share; of several ends the one that cannot be undone counts."""
    if terms.withdrawn_at is not None:
        return ShareState.WITHDRAWN
    if terms.expires_at <= now:
        return ShareState.EXPIRED
    if terms.frozen_at is not None:
        return ShareState.PAUSED
    if terms.views >= terms.max_views:
        return ShareState.USED_UP
    return ShareState.LIVE


class CopyState(StrEnum):
    """What becomes of a copy that a recipient holds."""

    HELD = "held"
    """Seen, and not decided yet. Owner: the recipient."""
    KEPT = "kept"
    """Hired: kept as the law on employment says. Owner: the recipient."""
    DUE = "due"
    """To be deleted by a day. Owner: the recipient; overdue, the inspector."""
    DELETED = "deleted"
    """Deleted, as the recipient has confirmed. Owner: nobody, it is over."""


COPY_TRANSITIONS: dict[CopyState, frozenset[CopyState]] = {
    CopyState.HELD: frozenset({CopyState.KEPT, CopyState.DUE, CopyState.DELETED}),
    CopyState.KEPT: frozenset({CopyState.DUE, CopyState.DELETED}),
    CopyState.DUE: frozenset({CopyState.DELETED}),
    CopyState.DELETED: frozenset(),
}


class DutyCause(StrEnum):
    """Why a copy is to be deleted."""

    NOT_HIRED = "not_hired"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    ASKED = "asked"


DUTY_BEGINS_IN: dict[DutyCause, frozenset[CopyState]] = {
    DutyCause.NOT_HIRED: frozenset({CopyState.HELD}),
    DutyCause.LAPSED: frozenset({CopyState.HELD}),
    DutyCause.WITHDRAWN: frozenset({CopyState.HELD}),
    DutyCause.ASKED: frozenset({CopyState.HELD, CopyState.KEPT}),
}
"""In which states a cause begins the duty; a copy that is due already keeps its earlier day."""


def sources_of(state: CopyState) -> frozenset[CopyState]:
    """Return the states from which a copy can come into a state."""
    return frozenset(each for each, after in COPY_TRANSITIONS.items() if state in after)


def is_overdue(due_on: date, today: date) -> bool:
    """Say whether the last day to delete is over."""
    return due_on < today


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a share lasts and how often it can be opened; settings of the installation."""

    default_days: int = 7
    most_days: int = 90
    default_views: int = 10
    most_views: int = 100


def check_until(until: datetime, now: datetime, bounds: Bounds) -> None:
    """Refuse an end that has passed or is too far away.

    Raises:
        Invalid: it is so.
    """
    if not now < until <= now + timedelta(days=bounds.most_days):
        raise Invalid(
            f"a share ends within {bounds.most_days} days", cause="SHARE_END", days=bounds.most_days
        )


def check_views(views: int, bounds: Bounds) -> None:
    """Refuse a number of openings that makes no sense; one makes the share a one-time share.

    Raises:
        Invalid: it is so.
    """
    if not 1 <= views <= bounds.most_views:
        raise Invalid(
            f"a share is opened from 1 to {bounds.most_views} times",
            cause="SHARE_VIEWS",
            views=bounds.most_views,
        )


MIN_PURPOSE_LETTERS = 4


def check_human(purpose: str) -> None:
    """Refuse a purpose that tells a person nothing.

    Raises:
        Invalid: it has hardly a letter.
    """
    if sum(each.isalpha() for each in purpose) < MIN_PURPOSE_LETTERS:
        raise Invalid("say in words what it is for", cause="PURPOSE_MISSING")
