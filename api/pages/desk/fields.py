"""What the fields of rows are called where a finding names one."""

from collections.abc import Callable

from api.pages import texts
from api.pages.desk.frame import Desk

_NAMES = "desk.field03."


def field_names(desk: Desk) -> Callable[[str], str]:
    """Return what tells the name of a field; those of registers keep the register's own."""

    def name(field: str) -> str:
        key = f"{_NAMES}{field}"
        return desk.say(key) if key in texts.catalogue() else field

    return name
