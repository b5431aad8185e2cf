"""What was found wrong or remarkable, by cause code; the words for it are in ``causes.csv``."""

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from labour_book import data

Language = Literal["vi", "en"]
NOTHING: Mapping[str, str | int] = {}


class Severity(StrEnum):
    """What a cause does to the row or line it is found in."""

    REFUSE = "refuse"
    REVIEW = "review"
    FLAG = "flag"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: its cause code, the field it is about, and the values to tell it with.

    ``detail`` never holds a name, a personal ID or an amount of pay.
    """

    cause: str
    field: str | None = None
    detail: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


class _Blanks(dict[str, str | int]):
    """Fills a placeholder nobody gave a value for with an ellipsis, so that telling never fails."""

    def __missing__(self, key: str) -> str:
        return "…"


def severity_of(cause: str) -> Severity:
    """Return what a cause does.

    Raises:
        KeyError: the cause is not in ``causes.csv``; that is a bug.
    """
    return Severity(data.causes()[cause]["severity"])


def message(
    cause: str, detail: Mapping[str, str | int] = NOTHING, language: Language = "vi"
) -> str:
    """Tell a person what was found."""
    return data.causes()[cause][f"message_{language}"].format_map(_Blanks(detail))


def what_to_do(
    cause: str, detail: Mapping[str, str | int] = NOTHING, language: Language = "vi"
) -> str:
    """Tell a person what can be done about it."""
    return data.causes()[cause][f"what_to_do_{language}"].format_map(_Blanks(detail))
