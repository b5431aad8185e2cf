"""Proposals of support (đề xuất hỗ trợ): their states, and whose step leads from one to another.

Source: ND 224/2026/ND-CP, art. 16: proactive service reminds (1), prepares (2), recommends (3), or
does and can undo (4).
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Level(IntEnum):
    """Of proactive service, ND 224/2026, art. 16."""

    REMIND = 1
    PREPARE = 2
    RECOMMEND = 3
    DO = 4


class State(StrEnum):
    """Where a proposal stands; the word is permanent."""

    PROPOSED = "proposed"
    SEEN = "seen"
    STARTED = "started"
    """The dossier is begun, and the portal has not taken it yet."""
    HANDED_OVER = "handed-over"
    GRANTED = "granted"
    REFUSED = "refused"
    DONE = "done"
    """Without a dossier: done by itself (level 4), or said to be done by an official."""
    UNDONE = "undone"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    """What it rested on is no longer so."""


class Step(StrEnum):
    """What moves a proposal; the word is permanent."""

    SEE = "see"
    START = "start"
    HAND_OVER = "hand-over"
    GRANT = "grant"
    REFUSE = "refuse"
    DO = "do"
    UNDO = "undo"
    DECLINE = "decline"
    REOPEN = "reopen"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    PROPOSE_AGAIN = "propose-again"


OPEN = frozenset({State.PROPOSED, State.SEEN, State.STARTED, State.HANDED_OVER})
"""Somebody has something to do yet; of one policy nobody has two of these."""
_WAITING = frozenset({State.PROPOSED, State.SEEN})
_ENDED_WITHOUT = frozenset({State.DECLINED, State.EXPIRED, State.WITHDRAWN})

TRANSITIONS: Mapping[Step, tuple[frozenset[State], State]] = MappingProxyType(
    {
        Step.SEE: (frozenset({State.PROPOSED}), State.SEEN),
        Step.START: (_WAITING, State.STARTED),
        Step.HAND_OVER: (frozenset({State.STARTED}), State.HANDED_OVER),
        Step.GRANT: (frozenset({State.STARTED, State.HANDED_OVER}), State.GRANTED),
        Step.REFUSE: (frozenset({State.STARTED, State.HANDED_OVER}), State.REFUSED),
        Step.DO: (_WAITING, State.DONE),
        Step.UNDO: (frozenset({State.DONE}), State.UNDONE),
        Step.DECLINE: (_WAITING, State.DECLINED),
        Step.REOPEN: (frozenset({State.DECLINED, State.UNDONE}), State.SEEN),
        Step.EXPIRE: (_WAITING, State.EXPIRED),
        Step.WITHDRAW: (_WAITING, State.WITHDRAWN),
        Step.PROPOSE_AGAIN: (_ENDED_WITHOUT, State.PROPOSED),
    }
)
"""From which states a step leads where. What was started stays: its dossier is already away."""


_FURTHER_ON = (
    frozenset({State.EXPIRED, State.WITHDRAWN}),
    frozenset({State.DECLINED, State.UNDONE}),
    frozenset({State.PROPOSED, State.SEEN}),
    frozenset({State.REFUSED}),
    frozenset({State.STARTED, State.HANDED_OVER}),
    frozenset({State.GRANTED, State.DONE}),
)


def further_on(one: State, other: State) -> bool:
    """Say whether a proposal has come further than another of the same support."""
    rank = {state: number for number, some in enumerate(_FURTHER_ON) for state in some}
    return rank[one] > rank[other]


class Decline(StrEnum):
    """Why somebody does not want a support; the word is permanent."""

    NOT_NEEDED = "not-needed"
    WORKING_AGAIN = "working-again"
    NOT_TRUE = "not-true"
    """The work did not end: the registers are wrong."""
    OTHER = "other"


class Overlap(StrEnum):
    """What the social-protection register says of support that excludes another."""

    UNASKED = "unasked"
    NONE = "none"
    RECEIVES = "receives"
    UNKNOWN = "unknown"
    """It did not answer, or says neither."""
