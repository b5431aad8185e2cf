"""Does somebody get support already? Yes or no from the social-protection register, and a day.

Asked before support is paid, so that nobody is paid twice for the same; nothing of the answer is
kept. Whatever else the register knows about the person is neither asked nor told.
"""

from dataclasses import dataclass
from datetime import date, datetime
from re import fullmatch
from uuid import UUID

from labour_book.errors import Invalid
from labour_book.law.programmes import programmes as _known
from labour_book.services.asking_registers import Register, SocialAnswer, ask_alone, is_connected
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation

_POLICY = r"[A-Z0-9][A-Z0-9-]{1,39}"


@dataclass(frozen=True, slots=True)
class Policy:
    """A support that somebody may get, with what it is called."""

    code: str
    title_vi: str
    title_en: str


@dataclass(frozen=True, slots=True)
class SupportAnswer:
    """Yes, no, or that nobody could be asked."""

    receives: bool | None
    """None: the register said neither."""
    as_of: date | None
    """The day of which that is so."""
    cause: str | None
    """Why nothing was said; None if something was."""

    @property
    def would_be_twice(self) -> bool:
        """Say whether to pay now would be to pay a second time."""
        return self.receives is True


def policies() -> list[Policy]:
    """Return the support that the law gives, by the codes the register knows it by."""
    return [Policy(code.upper(), each.title_vi, each.title_en) for code, each in _known().items()]


def may_be_asked(inst: Installation, caller: Caller) -> bool:
    """Say whether the register is connected and the caller may ask registers."""
    return is_connected(inst, Register.SOCIAL) and caller.may(Action.REGISTER_ASK)


def support_of(
    inst: Installation, caller: Caller, person_id: UUID, policy: str, *, purpose: str, now: datetime
) -> SupportAnswer:
    """Ask whether a person gets support that excludes that of a policy, named by its code.

    Raises:
        Invalid: this is no code of a policy, or no purpose is stated.
        DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    if not fullmatch(_POLICY, policy):
        raise Invalid("name the policy by its code", cause="POLICY")
    fetched = ask_alone(
        *(inst, caller, person_id, Register.SOCIAL),
        purpose=purpose,
        now=now,
        also={"policy": policy},
    )
    if isinstance(fetched.body, SocialAnswer):
        return SupportAnswer(fetched.body.receives, fetched.body.as_of, None)
    return SupportAnswer(None, None, fetched.cause or str(fetched.status))
