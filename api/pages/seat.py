"""What every desk knows of a request: the officials' and the enterprise's build on it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request

from api.login_session import Browser
from api.pages import texts
from api.pages.notices import AT_ONCE, Place, told
from labour_book.database import Db
from labour_book.services import access, asking_reasons, notifying
from labour_book.services.access import Action, Caller
from labour_book.services.installation import Installation


@dataclass(frozen=True, slots=True)
class Seat:
    """One request of somebody who sits at a desk."""

    request: Request
    inst: Installation
    now: datetime
    browser: Browser

    @property
    def caller(self) -> Caller:
        return self.browser.caller

    @property
    def language(self) -> texts.Language:
        return texts.language_of(self.request)

    def deed(self) -> AbstractContextManager[Db]:
        """Open the one transaction of the request; a refusal in it is traced."""
        return access.deed(self.inst.engine)


def inbox(seat: Seat, place: Place, before: UUID | None) -> dict[str, Any]:
    """Return what the page of notices shows: a page of them, and how many are unread."""
    with seat.deed() as db:
        found = notifying.inbox(db, seat.caller, now=seat.now, limit=AT_ONCE, before=before)
        unread = notifying.count_unread(db, seat.caller, now=seat.now)
    return {
        "notices": [told(each, place) for each in found],
        "unread": unread,
        "more": found[-1].id if len(found) == AT_ONCE else None,
        "may_answer": seat.caller.may(Action.REASON_ANSWER),
    }


def questions(seat: Seat, wrong: int | None, words: str) -> dict[str, Any]:
    """Return what the page of workers' questions shows; what waits stands first."""
    with seat.deed() as db:
        found = asking_reasons.questions(db, seat.caller, now=seat.now)
    return {
        "questions": found,
        "wrong": wrong,
        "words": words,
        "may_open": seat.caller.may(Action.BOOK_OPEN),
        "deed_named": lambda action: texts.coded(seat.language, "desk.deed", action),
    }
