"""Three questions, answered apart: what every verification hands back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Any

from signing.errors import Reason, VerificationError
from signing.trust import TrustBundle

# The steps that all verifications share, numbered as in `signing.verification`
FORM, HEADER, KEY, SIGNATURE, CLAIMS, DISCLOSURES, ISSUER, PERIOD, STATUS = range(1, 10)


@unique
class State(StrEnum):
    """An answer: yes, no, or it could not be found out."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, with its permanent reason code."""

    state: State
    reason: Reason


YES = Answer(State.YES, Reason.OK)
NOT_CHECKED = Answer(State.UNKNOWN, Reason.NOT_CHECKED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found out.

    `claims` are there only if integrity and issuer are both "yes". `step` is the last step that
    was reached, `kid` the pinned key. The two times say how old the evidence is.
    """

    integrity: Answer
    status: Answer
    issuer: Answer
    claims: Mapping[str, Any] | None
    step: int
    message: str = ""
    kid: str | None = None
    trust_as_of: datetime | None = None
    status_as_of: datetime | None = None

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All answers, each of which must be yes."""
        return (self.integrity, self.status, self.issuer)

    @property
    def is_good(self) -> bool:
        """Whether all answers are yes."""
        return all(each == YES for each in self.answers)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The reason codes of the answers that are not yes."""
        return tuple(dict.fromkeys(each.reason for each in self.answers if each != YES))


def refused(error: VerificationError, trust: TrustBundle) -> Verdict:
    """Say no - or, without a trusted key, that integrity could not be checked."""
    no = Answer(State.NO, error.reason)
    without_key = error.step == KEY
    return Verdict(
        integrity=Answer(State.UNKNOWN, error.reason) if without_key else no,
        status=NOT_CHECKED,
        issuer=no if without_key else NOT_CHECKED,
        claims=None,
        step=error.step,
        message=error.message,
        trust_as_of=trust.issued_at,
    )
