"""The social-protection register (CSDL an sinh xã hội): yes or no about one person, and a day.

What support somebody gets, why, and how much are not asked; no form here could hold the answer.
"""

from labour_book.registers.envelope import Reply
from labour_book.registers.messages.forms import Answered, Asked, Code, Day, PersonalId, read_body

SERVICE = "social.receives"
LEGAL_BASIS = "ND 47/2020/ND-CP, art. 23"


class Question(Asked):
    """Whether somebody gets support already, as far as it excludes that of a policy."""

    personal_id: PersonalId
    policy: Code
    """The policy whose support would be paid twice."""
    si_numbers: tuple[Code, ...] = ()


class SocialAnswer(Answered):
    """Whether the person gets such support, and on which day that was so. Nothing else."""

    receives: bool
    as_of: Day


def read(reply: Reply) -> SocialAnswer:
    """Read yes or no.

    Raises:
        Unavailable: SCHEMA.
    """
    return read_body(SocialAnswer, reply.body)
