"""What the screens of one tab share: who is signed in, the choices made, and what was loaded."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from traceback import extract_tb
from typing import Any, Generic, TypeVar

import flet as ft

from app.answers import Identity
from app.client import Client, Problem
from app.doors import SignedOut
from app.entry import Entry
from app.hooks import use_flag, use_kept, use_maybe
from app.texts import Say

T = TypeVar("T")
LOG = logging.getLogger("app")


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """An answer, and how things stand with getting a newer one."""

    value: T | None = None
    at: datetime | None = None
    problem: Problem | None = None
    waiting: bool = True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What does not change while a tab is open."""

    client: Client
    clock: Callable[[], datetime]
    public_url: str
    root: Any = None
    """The certificate that is pinned for checks without the server; None: there are none."""
    kept: dict[str, Loaded[Any]] = field(default_factory=dict)
    """The last answer to each question: shown at once, then renewed."""
    trust: dict[str, str] = field(default_factory=dict)
    """The trust list that was loaded last; about nobody, so it outlives a sign-in."""
    entry: Entry | None = None
    """The way in through the system's browser; None where the app itself is in a browser."""


@ft.observable
@dataclass
class Session:
    """Who is signed in, and how they want the app to be."""

    around: Surroundings
    identity: Identity | None = None
    is_over: bool = False
    """Signed in before, and not any more."""
    language: str = "vi"
    theme: str = "system"
    contrast: str = "normal"
    text_size: str = "1.0"
    unknown: Problem | None = None
    """Why it could not be found out who is signed in; None: it was."""
    refused: Problem | None = None
    """Why the code that the browser brought did not lead in."""
    broken: bool = False
    """Drawing failed: nothing is shown but that, until it is tried again."""
    revision: int = 0
    """Goes up whenever something was changed: what is on screen is loaded again."""

    @property
    def say(self) -> Say:
        return Say(self.language)

    @property
    def client(self) -> Client:
        return self.around.client

    async def look_who(self) -> None:
        """Find out who is signed in; where that cannot be found out, that is not nobody."""
        identity: Identity | None = None
        unknown: Problem | None = None
        try:
            identity = await self.client.identity()
        except SignedOut:
            pass
        except Problem as problem:
            unknown = problem
        self.unknown, self.identity = unknown, identity

    def changed(self) -> None:
        """Have everything on screen loaded again."""
        self.revision += 1

    def close(self, *, is_over: bool) -> None:
        """Forget who was signed in, and everything they saw."""
        self.around.kept.clear()
        self.refused = None
        self.is_over = is_over
        self.identity = None


@dataclass(frozen=True, slots=True)
class _Shown(Generic[T]):
    """An answer with the question it is the answer to: an address may change below a screen."""

    name: str
    loaded: Loaded[T]


_NOBODY: Session | None = None
SessionContext = ft.create_context(_NOBODY)


def unforeseen(error: Exception) -> Problem:
    """Return what is said of a fault of ours; the log tells its kind, and nothing about anybody."""
    last = extract_tb(error.__traceback__)[-1]
    LOG.error("%s at %s:%d", type(error).__name__, last.filename, last.lineno or 0)
    return Problem("failed", {})


def use_session() -> Session:
    """Return the session of this tab; the component is drawn again when it changes."""
    session = ft.use_context(SessionContext)
    assert isinstance(session, Session)
    return session


def use_answer(
    name: str, ask: Callable[[], Awaitable[T]], *, once: bool = False
) -> tuple[Loaded[T], Callable[[], Awaitable[None]]]:
    """Ask the interface; return what is known at the moment, and what asks again.

    ``once``: not again once there is an answer, for what no deed changes.
    """
    session = use_session()
    around = session.around
    begun: _Shown[T] = _Shown(name, around.kept.get(name) or Loaded())
    shown, set_shown = ft.use_state(begun)
    same = shown.name == name
    loaded: Loaded[T] = shown.loaded if same else around.kept.get(name) or Loaded()

    async def load() -> None:
        before: Loaded[T] = around.kept.get(name) or Loaded()
        try:
            after = Loaded(await ask(), around.clock(), None, waiting=False)
        except SignedOut:
            session.close(is_over=True)
            return
        except Problem as problem:
            after = replace(before, problem=problem, waiting=False)
        except Exception as error:  # noqa: BLE001 - else the screen would wait for ever
            after = replace(before, problem=unforeseen(error), waiting=False)
        if session.identity is not None:
            around.kept[name] = after
            set_shown(_Shown(name, after))

    async def begin() -> None:
        known: Loaded[T] = around.kept.get(name) or Loaded()
        if not once or known.value is None:
            await load()

    ft.use_effect(begin, [name, session.revision])
    return loaded, load


def use_deed() -> tuple[
    Problem | None, bool, Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]
]:
    """Return the problem of the last deed, whether one is being done, and what does one.

    A second tap while one is being done does nothing.
    """
    session = use_session()
    problem, set_problem = use_maybe(Problem)
    busy, set_busy = use_flag()
    kept = use_kept()

    async def do(deed: Callable[[], Awaitable[None]]) -> None:
        if kept.busy:
            return
        kept.busy = True
        set_busy(on=True)
        set_problem(None)
        try:
            await deed()
        except SignedOut:
            session.close(is_over=True)
        except Problem as refused:
            set_problem(refused)
        except Exception as error:  # noqa: BLE001 - else nothing would be said about it
            set_problem(unforeseen(error))
        finally:
            kept.busy = False
            set_busy(on=False)

    return problem, busy, do
