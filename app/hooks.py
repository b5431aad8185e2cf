"""State of a component, typed: something or nothing, on or off, and what does not redraw."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import flet as ft

T = TypeVar("T")


@dataclass(slots=True)
class Kept:
    """What a component remembers between drawings without being drawn again for it."""

    texts: dict[str, str] = field(default_factory=dict)
    """What is being typed: never bound to state, else letters are lost on a slow link."""
    busy: bool = False
    gone: bool = False
    """The component is not on screen any more."""


def use_maybe(_kind: type[T]) -> tuple[T | None, Callable[[T | None], None]]:
    """Return something that may not be there, and what sets it."""
    return cast("tuple[T | None, Callable[[T | None], None]]", ft.use_state(cast("object", None)))


def use_flag() -> tuple[bool, Callable[..., None]]:
    """Return whether something is on, and what turns it ``on=True`` or ``on=False``."""
    value, set_value = ft.use_state(0)

    def turn(*, on: bool) -> None:
        set_value(int(on))

    return bool(value), turn


def use_kept() -> Kept:
    """Return what this component remembers; the same from one drawing to the next."""
    kept = ft.use_ref(Kept()).current
    assert kept is not None
    return kept


def use_while_shown() -> Kept:
    """Return what this component remembers, marked as gone once it has left the screen."""
    kept = use_kept()

    async def begin() -> None:
        kept.gone = False

    async def end() -> None:
        kept.gone = True

    ft.use_effect(begin, [], end)
    return kept
