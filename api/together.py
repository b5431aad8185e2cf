"""Looks of several callers at once share one transaction, and so one wait for the disk.

While the traces of some are made durable, those who come wait and go together next. Whoever comes
alone waits for nobody. An answer leaves only when its own trace is durable.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.services.permission import Looked, looks

T = TypeVar("T")

MOST = 32
"""Looks in one transaction: the end of the trace's chain is locked while they are written."""


_Asked = tuple[Callable[[Db], Looked[Any]], asyncio.Future[Any], Context]


@dataclass(slots=True)
class _Waiting:
    """Those who wait for one database, on one event loop."""

    engine: sa.Engine
    queue: deque[_Asked] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Serve all who wait, and who comes meanwhile."""
        while self.queue:
            some = [self.queue.popleft() for _ in range(min(MOST, len(self.queue)))]
            for (_, answer, _), outcome in zip(some, await self._outcomes(some), strict=True):
                _tell(answer, outcome)
        self.task = None

    async def _outcomes(self, some: list[_Asked]) -> list[Any]:
        loop = asyncio.get_running_loop()
        work = partial(looks, self.engine, [look for look, _, _ in some])
        try:
            # In the context of the first: it has waited longest and has the least time left.
            return await loop.run_in_executor(None, some[0][2].run, work)
        except Exception as error:  # noqa: BLE001 - it is each caller's, who gets it
            return [error] * len(some)


_waiting: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, _Waiting]] = WeakKeyDictionary()


async def together(engine: sa.Engine, look: Callable[[Db], Looked[T]]) -> T:
    """Return what a caller may look at, once the trace of it is durable.

    Raises:
        Unavailable: the database does not answer, or takes no trace.
    """
    loop = asyncio.get_running_loop()
    of_loop = _waiting.setdefault(loop, {})
    waiting = of_loop.get(id(engine))
    if waiting is None or waiting.engine is not engine:
        waiting = of_loop[id(engine)] = _Waiting(engine)
    answer: asyncio.Future[T] = loop.create_future()
    waiting.queue.append((look, answer, copy_context()))
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
