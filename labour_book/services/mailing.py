"""What goes out by e-mail: taken from the outbox, written, and what became of it.

At least once: a mail that was sent, but not noted as sent because the process died, is sent again
under the same Message-ID, so that mail programs show it once. No value of a book is in any mail.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID

from labour_book.database import Db, reading, transaction
from labour_book.documents import mail
from labour_book.errors import NotFound
from labour_book.queries import channels as channel_rows
from labour_book.queries import outbox
from labour_book.queries.outbox import DeadMail, WaitingMail
from labour_book.services import channels
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation, MailServer
from labour_book.services.permission import check_role
from signing import SigningError

__all__ = [
    "DeadMail",
    "Outgoing",
    "failed",
    "forget_old_mails",
    "retry",
    "sent",
    "take",
    "undelivered",
]

AT_ONCE = 20
"""Mails that one process takes at a time."""
LEASE_SECONDS = 300
"""So long a process has to send what it took; then another one may."""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))
"""Before each further try; after the last one the mail is given up."""
KEPT_SENT, KEPT_DEAD, KEPT_UNCONFIRMED = (timedelta(days=days) for days in (30, 90, 1))
SHOWN_AT_MOST = 200
READ_AT = {"employer": "/employer", "official": "/desk"}
"""Where notices are read, by who reads them; all others read them in the app."""
NOT_WANTED = "NOT_WANTED"
"""Meanwhile nobody wants it: the address was forgotten, or the kind muted."""

NOT_READABLE = "NOT_READABLE"
"""The address does not open: it was altered, or sealed with a key that is gone."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail that was taken, as it is sent."""

    id: UUID
    tries: int
    to: str = field(repr=False)
    message: EmailMessage = field(repr=False)


def take(inst: Installation, server: MailServer, *, now: datetime) -> list[Outgoing]:
    """Take the mails that are due, and write them. Nobody else sends them for a while."""
    until = now + timedelta(seconds=LEASE_SECONDS)
    with reading(inst.engine) as db:
        if not outbox.is_due(db, now):
            return []
    with transaction(inst.engine) as db:
        taken = outbox.take_due(db, now, until=until, limit=AT_ONCE)
        outgoing = []
        for each in taken:
            try:
                address = _address(inst, each)
            except SigningError:
                outbox.mark_dead(db, each.id, each.tries, now, reason=NOT_READABLE)
                continue
            if address is None:
                outbox.mark_dead(db, each.id, each.tries, now, reason=NOT_WANTED)
            else:
                message = _message(inst, server, each, address, now)
                outgoing.append(Outgoing(each.id, each.tries, address, message))
    return outgoing


def sent(inst: Installation, mail_id: UUID, tries: int, *, now: datetime) -> bool:
    """Note that a mail was sent; False if its lease was over and somebody else has taken it."""
    with transaction(inst.engine) as db:
        return outbox.mark_sent(db, mail_id, tries, now)


def failed(
    inst: Installation, mail_id: UUID, tries: int, *, reason: str, is_final: bool, now: datetime
) -> None:
    """Note that a mail was not sent: to be tried again later, or given up.

    ``reason`` never holds an address.
    """
    with transaction(inst.engine) as db:
        if is_final or tries > len(PAUSES):
            outbox.mark_dead(db, mail_id, tries, now, reason=reason)
        else:
            due_at = now + PAUSES[tries - 1]
            outbox.mark_failed(db, mail_id, tries, due_at=due_at, reason=reason)


def forget_old_mails(db: Db, now: datetime) -> int:
    """Forget mails that went out or were given up long ago, and addresses nobody confirmed."""
    forgotten = outbox.forget_mails(db, sent_before=now - KEPT_SENT, dead_before=now - KEPT_DEAD)
    return forgotten + channel_rows.forget_unconfirmed(db, now - KEPT_UNCONFIRMED)


def subject_of(kind: str, language: str) -> str:
    """Return what mails about a kind of notice are headed with."""
    return mail.catalogue()["kinds"][kind][f"subject_{language}"]


def undelivered(db: Db, caller: Caller, *, now: datetime) -> list[DeadMail]:
    """Return the mails that were given up, the latest first, and why.

    Raises:
        DeniedToRole, LevelTooLow: the caller is no administrator.
    """
    check_role(caller, Action.MAIL_OVERSEE, now)
    return outbox.dead_mails(db, limit=SHOWN_AT_MOST)


def retry(db: Db, caller: Caller, mail_id: UUID, *, now: datetime) -> None:
    """Let a mail that was given up be tried again.

    Raises:
        NotFound: no such mail was given up.
        DeniedToRole, LevelTooLow: the caller is no administrator.
    """
    check_role(caller, Action.MAIL_OVERSEE, now)
    if not outbox.revive(db, mail_id, now):
        raise NotFound("no such mail was given up")
    detail = {"mail": str(mail_id)}
    trace(db, caller, Action.MAIL_OVERSEE, at=now, purpose="mail", detail=detail)


def _address(inst: Installation, taken: WaitingMail) -> str | None:
    """Return where the mail goes, or None if it is wanted no more."""
    if taken.notice_kind is None:
        sealed = taken.asked_address
    else:
        sealed = None if f" {taken.notice_kind} " in taken.muted else taken.address
    return None if sealed is None else channels.address_in(inst, taken.channel_id, sealed)


def _message(
    inst: Installation, server: MailServer, taken: WaitingMail, address: str, now: datetime
) -> EmailMessage:
    host = urlsplit(inst.public_url).hostname or "localhost"
    words, stop = _words(inst, taken)
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = address
    message["Subject"] = words.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{taken.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    if stop is not None:
        message["List-Unsubscribe"] = f"<{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(words.plain)
    message.add_alternative(words.html, subtype="html")
    message["Content-Language"] = taken.language  # at last: setting the content clears it
    return message


def _words(inst: Installation, taken: WaitingMail) -> tuple[mail.Words, str | None]:
    channel, url = taken.channel_id, inst.public_url
    if taken.notice_kind is None:
        assert taken.asked_at is not None
        code = channels.code_for(inst, channel, taken.asked_at)
        token = channels.confirm_token(inst, channel, taken.asked_at)
        confirm = f"{url}/mail/confirm/{token}?lang={taken.language}"
        return mail.confirmation(taken.language, code=code, link=confirm, home=url), None
    stop = f"{url}/mail/stop/{channels.stop_token(inst, channel)}?lang={taken.language}"
    app = url + READ_AT.get(taken.recipient_kind, "/app")
    return mail.notice(taken.language, taken.notice_kind, app=app, stop=stop), stop
