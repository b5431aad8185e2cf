"""What a person may ask about the own data, and how a request stands.

Source: Law 91/2025/QH15 (rights of the data subject), clocks of ND 356/2025/ND-CP.
"""

from datetime import date
from enum import StrEnum


class DataRequestKind(StrEnum):
    """What is asked for; the word is permanent."""

    ACCESS = "access"
    """To see what is kept (xem)."""
    CORRECT = "correct"
    PROVIDE = "provide"
    """To get a copy (cung cấp)."""
    WITHDRAW = "withdraw"
    """To take a consent back (rút lại sự đồng ý)."""
    RESTRICT = "restrict"
    OBJECT = "object"
    DELETE = "delete"


class DataRequestState(StrEnum):
    """How a request stands; the word is permanent."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    """An office has said that it has it, and by when it answers."""
    ANSWERED = "answered"
    REFUSED = "refused"
    """With the reason."""


OPEN = frozenset({DataRequestState.RECEIVED, DataRequestState.ACKNOWLEDGED})
"""Somebody waits for an answer."""
LONGEST_WORDS = 2000
"""Characters, of either side."""


def is_late(state: DataRequestState, *, acknowledge_by: date, due_on: date, today: date) -> bool:
    """Say whether the next thing to do with a request should have been done by now."""
    if state not in OPEN:
        return False
    return today > (acknowledge_by if state is DataRequestState.RECEIVED else due_on)
