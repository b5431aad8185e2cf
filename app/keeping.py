"""What is written but not sent yet, kept on the device: for its owner alone, gone at sign-out."""

from hashlib import sha256

import flet as ft

from app.guide import Draft, draft_of

KEY = "labour-book.correction"
_OWNER_CHARACTERS = 16


def _owned(book_no: str, text: str) -> str:
    """Return a text with whose it is; nobody else on this device gets to see it."""
    return sha256(book_no.encode()).hexdigest()[:_OWNER_CHARACTERS] + text


async def keep(book_no: str, draft: Draft) -> None:
    """Keep a draft; the one before is replaced."""
    await ft.SharedPreferences().set(KEY, _owned(book_no, draft.text()))


async def kept(book_no: str) -> Draft | None:
    """Return the draft that the owner of this book left on the device."""
    text = str(await ft.SharedPreferences().get(KEY) or "")
    if not text.startswith(_owned(book_no, "")):
        return None
    return draft_of(text[_OWNER_CHARACTERS:])


async def drop() -> None:
    """Forget the draft."""
    await ft.SharedPreferences().remove(KEY)
