"""Visits of a collection round: how each can stand, and which deed leads from where to where."""

from collections.abc import Mapping
from enum import StrEnum


class VisitState(StrEnum):
    """How a visit stands; the word is stored and never renamed."""

    NOT_VISITED = "not_visited"
    """Chưa đến."""
    VISITED = "visited"
    """Đã đến, chưa gặp hoặc chưa xong."""
    REFUSED = "refused"
    """Từ chối cung cấp thông tin."""
    MOVED = "moved"
    """Đã chuyển đi."""
    DONE = "done"
    """Đã có phiếu."""


TRANSITIONS: Mapping[VisitState, frozenset[VisitState]] = {
    VisitState.NOT_VISITED: frozenset(
        {VisitState.VISITED, VisitState.REFUSED, VisitState.MOVED, VisitState.DONE}
    ),
    VisitState.VISITED: frozenset({VisitState.REFUSED, VisitState.MOVED, VisitState.DONE}),
    VisitState.REFUSED: frozenset({VisitState.VISITED, VisitState.MOVED, VisitState.DONE}),
    VisitState.MOVED: frozenset({VisitState.VISITED, VisitState.DONE}),
    VisitState.DONE: frozenset(),
}
"""Where a visit can go from each state. A form that was entered stays entered."""
BY_HAND = (VisitState.VISITED, VisitState.REFUSED, VisitState.MOVED)
"""What a collector notes; that it is done, the form itself says."""
ENDED = frozenset({VisitState.REFUSED, VisitState.MOVED, VisitState.DONE})
"""Nothing is left to be done at the door."""
