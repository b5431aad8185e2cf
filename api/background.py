"""Work that goes on beside the requests for as long as the application runs."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any


@asynccontextmanager
async def beside_requests(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do work that does not end by itself; it is cancelled when the application ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
