"""What can go wrong and is anticipated: six kinds of errors, each with a permanent slug.

Everything else is a bug. How an error meets HTTP is known to ``api.problems`` alone.
"""

from typing import ClassVar


class LabourBookError(Exception):
    """An anticipated failure, told to the person who can do something about it.

    ``str(error)`` never holds a name, a personal ID, a token or SQL. ``facts`` are typed extras
    for machines, under the same rule.
    """

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "The request could not be carried out"
    title_vi: ClassVar[str] = "Không thực hiện được yêu cầu"

    def __init__(self, detail: str = "", **facts: str | int) -> None:
        super().__init__(detail or self.title)
        self.facts = facts


class Invalid(LabourBookError):
    """The input can never be right."""

    slug = "invalid"
    title = "The input is not valid"
    title_vi = "Dữ liệu đưa vào không hợp lệ"


class NotFound(LabourBookError):
    """There is no such thing, or the caller may not know that there is."""

    slug = "not-found"
    title = "Not found"
    title_vi = "Không tìm thấy"


class Denied(LabourBookError):
    """The caller may not do this."""

    slug = "denied"
    title = "Not permitted"
    title_vi = "Không được phép"


class Conflict(LabourBookError):
    """The input contradicts what is on record."""

    slug = "conflict"
    title = "This contradicts the record"
    title_vi = "Mâu thuẫn với dữ liệu đã ghi"


class Gone(LabourBookError):
    """It existed, and has ended."""

    slug = "gone"
    title = "No longer available"
    title_vi = "Không còn nữa"


class Unavailable(LabourBookError):
    """A part that is needed does not answer now; trying again later may help."""

    slug = "unavailable"
    title = "Not available at the moment"
    title_vi = "Hiện chưa dùng được"
