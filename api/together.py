"""Looks of several callers at once share one transaction, and so one wait for the disk.

While the traces of some are made durable, those who come wait and go together next. Whoever comes
alone waits for nobody. An answer leaves only when its own trace is durable. So do credentials that
are sent in to be verified.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.services.installation import Installation
from labour_book.services.permission import Looked, looks
from labour_book.services.verifying import Checked
from labour_book.services.verifying_sent import Sent, verify_several

T = TypeVar("T")

MOST = 32
"""Looks in one transaction: the end of the trace's chain is locked while they are written."""


_Asked = tuple[Any, asyncio.Future[Any], Context]
_Do = Callable[[Sequence[Any]], list[Any]]


@dataclass(slots=True)
class _Waiting:
    """Those who wait for the same on one event loop, and what does it for several of them."""

    of: object
    do: _Do
    forget: Callable[[], object]
    """Is called when nobody waits any more, so that what is not in use any more is not kept."""
    queue: deque[_Asked] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Serve all who wait, and who comes meanwhile."""
        while self.queue:
            some = [self.queue.popleft() for _ in range(min(MOST, len(self.queue)))]
            for (_, answer, _), outcome in zip(some, await self._outcomes(some), strict=True):
                _tell(answer, outcome)
        self.task = None
        self.forget()

    async def _outcomes(self, some: list[_Asked]) -> list[Any]:
        loop = asyncio.get_running_loop()
        work = partial(self.do, [each for each, _, _ in some])
        try:
            # In the context of the first: it has waited longest and has the least time left.
            return await loop.run_in_executor(None, some[0][2].run, work)
        except Exception as error:  # noqa: BLE001 - it is each caller's, who gets it
            return [error] * len(some)


_waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Hashable, _Waiting]] = (
    WeakKeyDictionary()
)


async def together(engine: sa.Engine, look: Callable[[Db], Looked[T]]) -> T:
    """Return what a caller may look at, once the trace of it is durable.

    Raises:
        Unavailable: the database does not answer, or takes no trace.
    """
    seen: T = await _shared(engine, looks, look)
    return seen


async def verified_together(inst: Installation, sent: Sent) -> Checked:
    """Return what is to be said of a credential, once the trace of it is durable.

    Raises:
        Unavailable: the database does not answer, or takes no trace.
    """
    checked: Checked = await _shared(inst, verify_several, sent)
    return checked


async def _shared(of: object, do: Callable[[Any, Sequence[Any]], list[Any]], asked: object) -> Any:  # noqa: ANN401 - whatever it returns
    """Return what ``do(of, several)`` returns for this one of them."""
    loop = asyncio.get_running_loop()
    of_loop = _waiting.setdefault(loop, {})
    key = id(of), do
    waiting = of_loop.get(key)
    if waiting is None:
        waiting = of_loop[key] = _Waiting(of, partial(do, of), partial(of_loop.pop, key))
    answer: asyncio.Future[Any] = loop.create_future()
    waiting.queue.append((asked, answer, copy_context()))
    if waiting.task is None:
        waiting.task = loop.create_task(waiting.serve())
    return await answer


def _tell(answer: asyncio.Future[Any], outcome: object) -> None:
    if answer.done():
        return  # whoever asked has gone
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
