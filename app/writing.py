"""A correction while it is being written: typed beside the state, and kept on the device."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import flet as ft

from app import guide, keeping
from app.guide import Draft
from app.parts.basic import Tapped

PAUSE = 0.4
"""Seconds without a key after which what was typed is kept."""
WORDS = "words"


@dataclass(frozen=True, slots=True)
class Writing:
    """What one form holds: the draft, what is typed into it, and whose book it is about."""

    draft: Draft
    set_draft: Callable[[Draft], None]
    typed: dict[str, str]
    """By field; never bound to state, else letters are lost on a slow link."""
    book_no: str
    clock: Callable[[], datetime]

    def whole(self) -> Draft:
        """Return the draft with everything typed so far."""
        values = {name: text for name, text in self.typed.items() if name != WORDS}
        return replace(self.draft, values=values, words=self.typed.get(WORDS, ""))

    async def keep(self) -> None:
        await keeping.keep(self.book_no, guide.kept(self.whole(), self.clock()))

    async def resume(self) -> None:
        """Go on with what was left on the device, if it is about the same line."""
        left = await keeping.kept(self.book_no)
        here = (self.draft.subject, self.draft.number)
        if left is not None and (left.subject, left.number) == here:
            self.typed.update(left.values)
            self.typed[WORDS] = left.words
            self.set_draft(replace(left, version=self.draft.version))

    async def begin(self, given: Mapping[str, str]) -> None:
        """Begin with what another screen hands over; with nothing given, as ``resume``."""
        if not given:
            await self.resume()
            return
        self.typed.update(given)
        self.set_draft(self.whole())

    def pick(self, code: str, current: Mapping[str, str]) -> None:
        """Choose what is wrong; where many fields are asked for, begin with what the book says."""
        chosen = replace(self.draft, code=code)
        if chosen.wrong is not None and code == guide.SEVERAL:
            names = chosen.wrong.fields
            self.typed.update({each: guide.typed_of(each, current.get(each, "")) for each in names})
        self.set_draft(chosen)

    async def pick_code(self, name: str, code: str, called: str) -> None:
        """Choose a value of a list, with what it is called; an empty one: none."""
        self.typed.update({name: code, guide.NAME_OF[name]: called})
        self.set_draft(self.whole())
        await self.keep()

    def typing(self, name: str) -> Callable[[ft.Event[ft.TextField]], object]:
        async def on_change(event: ft.Event[ft.TextField]) -> None:
            text = self.typed[name] = event.control.value
            await asyncio.sleep(PAUSE)
            if self.typed.get(name) == text:
                await self.keep()

        return on_change

    def choosing(self, name: str) -> Mapping[str, Tapped]:
        def one(value: str) -> Tapped:
            async def on_select() -> None:
                self.typed[name] = value
                self.set_draft(self.whole())
                await self.keep()

            return on_select

        return {value: one(value) for value in guide.CHOSEN[name]}
