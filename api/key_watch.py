"""Signing with the keys in use now: a rotation elsewhere reaches a running service by itself."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI

from api.background import beside_requests
from labour_book.database import reading
from labour_book.errors import LabourBookError
from labour_book.services import keys
from labour_book.services.installation import Installation

SECONDS = 5
"""How often it is asked which keys are in use: one small query."""

logger = logging.getLogger("api.keys")


def watching(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """Look after the keys for as long as the application runs."""
    return beside_requests(_watch(app))


def renew(app: FastAPI) -> bool:
    """Open the keys in use anew if they are others than before; tell whether they were.

    Requests that have begun end with the keys they began with. Where the new keys cannot be
    opened the old ones go on, and the log says so: a key that was withdrawn signs nothing anyway.
    """
    inst: Installation = app.state.installation
    try:
        with reading(inst.engine) as db:
            renewed = keys.renewed(db, inst, now=app.state.clock())
    except LabourBookError as error:
        logger.warning("the keys now in use cannot be opened: %s", error)
        return False
    if renewed is None:
        return False
    app.state.installation = renewed
    logger.info("the keys now in use have been opened")
    return True


async def _watch(app: FastAPI) -> None:
    while True:
        await asyncio.sleep(SECONDS)
        await asyncio.to_thread(renew, app)
