"""How a rule of the law came to its result: every number it took, and every result on the way.

Nobody writes the steps down. While somebody watches, the rules themselves tell: ``amount`` each
number of the law it gives out, ``computed`` each result. Otherwise nothing is kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Step:
    """A number of the law, or a result with the steps that led to it."""

    name: str
    """Of the parameter in ``parameters.yaml``, of the rule, or of the condition."""
    value: object
    unit: str
    """As in ``parameters.yaml``; of a condition empty."""
    source: str = ""
    """The article."""
    since: date | None = None
    """First day the number holds."""
    provenance: str = ""
    """``seen``, ``secondary`` or ``unverified``; empty for results."""
    parts: list["Step"] = field(default_factory=list)


_watched: ContextVar[list[Step] | None] = ContextVar("watched", default=None)


@contextmanager
def watching() -> Iterator[list[Step]]:
    """Collect the steps of what is computed meanwhile, in order."""
    steps: list[Step] = []
    before = _watched.set(steps)
    try:
        yield steps
    finally:
        _watched.reset(before)


def is_watched() -> bool:
    """Say whether anybody watches: a step that nobody is told of need not be made."""
    return _watched.get() is not None


def note(step: Step) -> None:
    """Tell of a step, if anybody watches. One that was told at this place before is not again."""
    steps = _watched.get()
    if steps is not None and step not in steps:
        steps.append(step)


@contextmanager
def unwatched() -> Iterator[None]:
    """Try something out that is no step of its own."""
    before = _watched.set(None)
    try:
        yield
    finally:
        _watched.reset(before)


def with_parts(call: Callable[[], R], step: Callable[[R, list[Step]], Step]) -> R:
    """Return what a call returns, and tell of it as a step with those inside it as parts."""
    if _watched.get() is None:
        return call()
    with watching() as parts:
        result = call()
    note(step(result, parts))
    return result


def computed(unit: str, article: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a rule whose result is a step; ``unit`` as in ``parameters.yaml``."""

    def mark(rule: Callable[P, R]) -> Callable[P, R]:
        @wraps(rule)
        def told(*args: P.args, **kwargs: P.kwargs) -> R:
            return with_parts(
                lambda: rule(*args, **kwargs),
                lambda result, parts: Step(rule.__name__, result, unit, article, parts=parts),
            )

        return told

    return mark
