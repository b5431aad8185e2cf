"""What for an official looks at a person: said before anything is shown, and read by the person."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form

from api.pages import texts
from labour_book.services.auditing import MAX_PURPOSE

COMMON = ("present", "correction", "benefit", "inspection", "complaint")
"""The usual ones; anything else is said in words."""
_TRACED_IN: texts.Language = "vi"


@dataclass(frozen=True, slots=True)
class Purpose:
    """What was chosen and written on a form that asks for the purpose."""

    chosen: str
    written: str

    @property
    def stated(self) -> str:
        """Return what is traced, in Vietnamese; empty if nothing was said."""
        said = texts.say(_TRACED_IN, f"desk.purpose.{self.chosen}") if self.chosen in COMMON else ""
        return ": ".join(each for each in (said, self.written) if each)[:MAX_PURPOSE]


NOTHING_SAID = Purpose("", "")


def _purpose(
    purpose: Annotated[str, Form(max_length=20)] = "",
    purpose_words: Annotated[str, Form(max_length=MAX_PURPOSE)] = "",
) -> Purpose:
    return Purpose(purpose, " ".join(purpose_words.split()))


AskedPurpose = Annotated[Purpose, Depends(_purpose)]
StatedPurpose = Annotated[str, Form(max_length=MAX_PURPOSE)]
"""What a page carries on that was shown for a purpose."""
