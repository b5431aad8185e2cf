"""Sending notices by e-mail, beside the requests: any number of processes, each mail in one."""

import asyncio
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import aiosmtplib
from fastapi import FastAPI

from api.background import beside_requests
from labour_book.errors import LabourBookError
from labour_book.services import mailing
from labour_book.services.installation import Installation, MailServer
from labour_book.services.mailing import LEASE_SECONDS, Outgoing

SECONDS = 5
"""How often it is asked whether a mail waits: one small query."""
AT_WORK_SECONDS = LEASE_SECONDS / 2
"""After so long what was taken and not sent yet is left to whoever takes it next."""
_FINAL = range(500, 600)

logger = logging.getLogger("api.outbox")


@asynccontextmanager
async def sending(app: FastAPI) -> AsyncIterator[None]:
    """Send mails for as long as the application runs, if it has a server for them.

    What is under way when it ends is sent again by the next one, recognisable as the same.
    """
    if app.state.installation.mail is None:
        yield
        return
    async with beside_requests(_work(app)):
        yield


async def send_due(inst: Installation, clock: Callable[[], datetime]) -> int:
    """Send the mails that are due, some at most, and note what became of them.

    Returns how many were taken.
    """
    server = inst.mail
    assert server is not None
    taken = await asyncio.to_thread(mailing.take, inst, server, now=clock())
    if taken:
        await _send_all(inst, server, taken, clock)
    return len(taken)


async def _work(app: FastAPI) -> None:
    while True:
        taken = 0
        try:
            taken = await send_due(app.state.installation, app.state.clock)
        except LabourBookError as error:  # the database does not answer: it is asked again
            logger.warning("no mail can be sent: %s", error)
        except Exception:  # a bug, told in full; it must not end all mail until the next start
            logger.exception("sending mail has failed")
        if not taken:
            await asyncio.sleep(SECONDS)


async def _send_all(
    inst: Installation, server: MailServer, taken: list[Outgoing], clock: Callable[[], datetime]
) -> None:
    over_at = time.monotonic() + AT_WORK_SECONDS
    smtp = _smtp(server)
    try:
        for each in taken:
            if time.monotonic() > over_at:
                return
            await _send(inst, smtp, each, clock)
    finally:
        smtp.close()


async def _send(
    inst: Installation, smtp: aiosmtplib.SMTP, each: Outgoing, clock: Callable[[], datetime]
) -> None:
    try:
        if not smtp.is_connected:
            await smtp.connect()
        await smtp.send_message(each.message, recipients=[each.to])
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        reason, is_final = _why(error)
        logger.warning("a mail was not sent: %s", reason)
        await asyncio.to_thread(
            mailing.failed,
            inst,
            each.id,
            each.tries,
            reason=reason,
            is_final=is_final,
            now=clock(),
        )
    else:
        await asyncio.to_thread(mailing.sent, inst, each.id, each.tries, now=clock())


def _why(error: Exception) -> tuple[str, bool]:
    """Return the reason without any address, and whether trying again is of no use."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        codes = [each.code for each in error.recipients]
        return f"SMTP {codes[0]}", all(code in _FINAL for code in codes)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        refuses_this_mail = isinstance(error, aiosmtplib.SMTPDataError)
        return f"SMTP {error.code}", refuses_this_mail and error.code in _FINAL
    return type(error).__name__, False


def _smtp(server: MailServer) -> aiosmtplib.SMTP:
    context = None if server.security == "none" else ssl.create_default_context(cafile=server.roots)
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        timeout=server.timeout_seconds,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        tls_context=context,
        username=server.user or None,
        password=server.password or None,
    )
