"""The enterprise register (CSDL quốc gia về đăng ký doanh nghiệp): an enterprise by its code."""

from labour_book.registers.envelope import Reply
from labour_book.registers.messages.forms import Answered, Asked, Code, Day, Text, read_body

SERVICE = "enterprises.by-code"
LEGAL_BASIS = "ND 01/2021/ND-CP, art. 36"


class Question(Asked):
    """Which enterprise is asked for."""

    enterprise_code: Code


class EnterpriseAnswer(Answered):
    """What the enterprise register makes public of an enterprise (ND 01/2021, art. 36)."""

    enterprise_code: Code
    name: Text
    legal_form: Code
    status: Code
    status_since: Day | None = None
    commune_code: Code | None = None
    registered_on: Day
    name_before: Text | None = None
    renamed_on: Day | None = None


def read(reply: Reply) -> EnterpriseAnswer:
    """Read what is public of an enterprise.

    Raises:
        Unavailable: SCHEMA.
    """
    return read_body(EnterpriseAnswer, reply.body)
