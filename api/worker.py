"""A process that does the background work alone, so that others only answer requests."""

import asyncio
import logging.config
import signal
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI

from api import key_watch
from api.access_log import written_to
from api.main import BACKGROUND_WORK
from labour_book.log_lines import LOGGING
from labour_book.settings import Settings, open_installation, read_settings


def main() -> None:
    """Work until told to stop by SIGTERM or SIGINT; what is under way is laid back for others.

    Raises:
        Invalid: the settings are incomplete.
        Unavailable: the installation does not open.
    """
    settings = read_settings()
    if not settings.demo:
        logging.config.dictConfig(LOGGING)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, told.set)
    app = FastAPI(openapi_url=None)  # it answers nothing: what works beside requests looks into it
    app.state.clock = partial(datetime.now, UTC)
    app.state.installation = open_installation(settings, now=app.state.clock())
    with written_to():
        async with AsyncExitStack() as beside:
            for work in (key_watch.watching, *BACKGROUND_WORK):
                await beside.enter_async_context(work(app))
            await told.wait()
    app.state.installation.close()
