"""Where notices go besides the inbox: an e-mail address that was confirmed, and which kinds.

Source: ND 224/2026, art. 15 (notices of every state, as it changes); Luật BVDLCN 91/2025 (nothing
of a book leaves in a mail, and an address is forgotten when nobody wants mail there).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Literal
from uuid import UUID, uuid4

from labour_book.database import Db
from labour_book.domain.limits import Limit
from labour_book.domain.notices import NoticeKind
from labour_book.errors import Conflict, Invalid, NotFound, Unavailable
from labour_book.queries import channels, outbox
from labour_book.queries.channels import StoredChannel
from labour_book.services import limiting
from labour_book.services.auditing import trace
from labour_book.services.callers import ANYBODY, Action, Caller
from labour_book.services.derived_keys import key_for
from labour_book.services.installation import Installation
from labour_book.services.notifying import inbox_of
from labour_book.services.permission import check_role
from signing import BlindIndex

Language = Literal["vi", "en"]
CODE_MINUTES = 30
CODE_DIGITS = 8
MOST_TRIES = 5
"""Wrong codes for one address that was asked for."""
ASKED = Limit("mail.asked", 5, 3600)
"""Codes that one recipient may have sent, to whatever address, in an hour."""
LONGEST_ADDRESS = 254
"""Characters. Source: RFC 5321, section 4.5.3.1.3."""
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_SHOWN = 1


class NoMail(Unavailable):
    """This installation sends no mail."""

    slug = "no-mail"
    title = "This service sends no e-mail"
    title_vi = "Hệ thống này không gửi thư điện tử"


class WrongCode(Invalid):
    """The code is not the one that was sent, too old, or was tried too often."""

    slug = "wrong-code"
    title = "The code is wrong or has expired; ask for a new one"
    title_vi = "Mã không đúng hoặc đã hết hạn; hãy yêu cầu mã mới"


@dataclass(frozen=True, slots=True)
class Channels:
    """What a recipient chose; addresses are shown masked."""

    email_available: bool
    """Whether this installation sends mail at all."""
    language: Language
    muted: tuple[NoticeKind, ...]
    email: str | None
    """As ``n***@example.vn``."""
    confirmed_at: datetime | None
    waiting_for: str | None
    """An address whose code has not been given yet."""
    code_until: datetime | None


def channels_of(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> Channels:
    """Return what the caller chose: the person, the enterprise or the unit.

    Raises:
        DeniedToRole, LevelTooLow: nobody writes to such a caller.
    """
    check_role(caller, Action.NOTICE_READ, now)
    return _shown(inst, channels.channel_of(db, inbox_of(caller)))


def choose(
    db: Db,
    inst: Installation,
    caller: Caller,
    *,
    language: Language,
    muted: frozenset[NoticeKind],
    now: datetime,
) -> Channels:
    """Write in which language mails come, and which kinds of notices come by inbox alone.

    Raises:
        DeniedToRole, LevelTooLow: the caller may not choose.
    """
    check_role(caller, Action.CHANNEL_SET, now)
    channel = channels.opened_channel(db, inbox_of(caller), now)
    words = " ".join(sorted(muted))
    channels.choose(db, channel.id, language=language, muted=f" {words} ", now=now)
    _trace(db, caller, "choose", now)
    return channels_of(db, inst, caller, now=now)


def ask_for_email(
    db: Db, inst: Installation, caller: Caller, address: str, *, now: datetime
) -> Channels:
    """Send a code to an address; mail goes there once the code was given. Replaces one asked for.

    Raises:
        Invalid: this is no e-mail address.
        NoMail: this installation sends no mail.
        TooMany: too many codes were asked for.
        DeniedToRole, LevelTooLow: the caller may not choose.
    """
    check_role(caller, Action.CHANNEL_SET, now)
    if inst.mail is None:
        raise NoMail
    given = address.strip()
    if len(given) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(given):
        raise Invalid("this is no e-mail address")
    channel = channels.opened_channel(db, inbox_of(caller), now)
    limiting.count_or_refuse(db, inst, ASKED, str(channel.id), now)
    sealed = inst.vault.sealer.seal(given.encode(), bound_to=_place_of(channel.id))
    channels.ask_for(db, channel.id, sealed, now)
    outbox.put_confirmation(db, uuid4(), channel.id, now)
    _trace(db, caller, "ask", now)
    return channels_of(db, inst, caller, now=now)


def try_code(db: Db, inst: Installation, caller: Caller, code: str, *, now: datetime) -> bool:
    """Count a try, and take the address into use if the code is right; say whether it was.

    Whoever asks raises ``WrongCode`` after the transaction: the count has to stay.

    Raises:
        Conflict: no address waits for a code.
        DeniedToRole, LevelTooLow: the caller may not choose.
    """
    check_role(caller, Action.CHANNEL_SET, now)
    channel = channels.channel_of(db, inbox_of(caller))
    if channel is None or channel.asked_at is None:
        raise Conflict("no address waits for a code")
    if not channels.count_try(db, channel.id, channel.asked_at, most=MOST_TRIES):
        return False
    digits = "".join(code.split())
    wanted = code_for(inst, channel.id, channel.asked_at)
    is_right = compare_digest(wanted.encode(), digits.encode()) and _is_fresh(channel, now)
    if is_right:
        channels.confirm(db, channel.id, channel.asked_at, now)
        _trace(db, caller, "confirm", now)
    return is_right


def forget_email(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> Channels:
    """Forget the address: from now on the inbox alone.

    Raises:
        DeniedToRole, LevelTooLow: the caller may not choose.
    """
    check_role(caller, Action.CHANNEL_SET, now)
    channel = channels.opened_channel(db, inbox_of(caller), now)
    channels.forget_address(db, channel.id, now)
    _trace(db, caller, "forget", now)
    return channels_of(db, inst, caller, now=now)


def confirm_by_link(db: Db, inst: Installation, token: str, *, now: datetime) -> None:
    """Take the address into use whose owner has followed the link in the mail with the code.

    Raises:
        NotFound: the link is not ours, was used, or is too old.
    """
    channel = _channel_of_link(db, token)
    if channel.asked_at is None or not _is_fresh(channel, now):
        raise NotFound("this link has been used, or is too old")
    if not compare_digest(
        token.encode(), confirm_token(inst, channel.id, channel.asked_at).encode()
    ):
        raise NotFound("this link is not a good one")
    if not channels.confirm(db, channel.id, channel.asked_at, now):
        raise NotFound("this link has been used, or is too old")
    _trace_link(db, channel, "confirm", now)


def stop_by_link(db: Db, inst: Installation, token: str, *, now: datetime) -> None:
    """Forget the address of a mail whose reader wants no more; the inbox goes on.

    Raises:
        NotFound: the link is not ours.
    """
    channel = _channel_of_link(db, token)
    if not compare_digest(token.encode(), stop_token(inst, channel.id).encode()):
        raise NotFound("this link is not a good one")
    channels.forget_address(db, channel.id, now)
    _trace_link(db, channel, "stop", now)


def code_for(inst: Installation, channel_id: UUID, asked_at: datetime) -> str:
    """Return the code that confirms an address; it derives from when it was asked for."""
    found = _keyed(inst, "code", channel_id, _instant(asked_at))
    return f"{int.from_bytes(found[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def confirm_token(inst: Installation, channel_id: UUID, asked_at: datetime) -> str:
    """Return what stands in the link that confirms an address."""
    tag = _keyed(inst, "confirm", channel_id, _instant(asked_at)).hex()[:32]
    return f"{channel_id.hex}.{tag}"


def stop_token(inst: Installation, channel_id: UUID) -> str:
    """Return what stands in the link that ends mail to an address."""
    return f"{channel_id.hex}.{_keyed(inst, 'stop', channel_id, '').hex()[:32]}"


def address_in(inst: Installation, channel_id: UUID, sealed: bytes) -> str:
    """Return the address that was sealed for a channel."""
    return inst.vault.sealer.open(sealed, bound_to=_place_of(channel_id)).decode()


def _channel_of_link(db: Db, token: str) -> StoredChannel:
    try:
        channel_id = UUID(token.partition(".")[0])
    except ValueError:
        raise NotFound("this link is not a good one") from None
    found = channels.channel_with_id(db, channel_id)
    if found is None:
        raise NotFound("this link is not a good one")
    return found


def _shown(inst: Installation, channel: StoredChannel | None) -> Channels:
    available = inst.mail is not None
    if channel is None:
        return Channels(available, "vi", (), None, None, None, None)
    kinds = {str(each): each for each in NoticeKind}
    return Channels(
        email_available=available,
        language="en" if channel.language == "en" else "vi",
        muted=tuple(kinds[word] for word in channel.muted.split() if word in kinds),
        email=_masked(inst, channel.id, channel.address),
        confirmed_at=channel.confirmed_at,
        waiting_for=_masked(inst, channel.id, channel.asked_address),
        code_until=None if channel.asked_at is None else _until(channel.asked_at),
    )


def _masked(inst: Installation, channel_id: UUID, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    local, _, domain = address_in(inst, channel_id, sealed).rpartition("@")
    return f"{local[:_SHOWN]}***@{domain}"


def _is_fresh(channel: StoredChannel, now: datetime) -> bool:
    return channel.asked_at is not None and now < _until(channel.asked_at)


def _until(asked_at: datetime) -> datetime:
    return asked_at + timedelta(minutes=CODE_MINUTES)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _keyed(inst: Installation, purpose: str, channel_id: UUID, about: str) -> bytes:
    key = BlindIndex(key_for(inst.lookup_key, f"mail-{purpose}"))
    return key.of(f"{channel_id}|{about}")


def _place_of(channel_id: UUID) -> bytes:
    return b"notice_channel.address:" + channel_id.bytes


def _trace(db: Db, caller: Caller, what: str, now: datetime) -> None:
    trace(
        db,
        caller,
        Action.CHANNEL_SET,
        at=now,
        purpose="channels",
        person_id=caller.person_id,
        detail={"what": what},
    )


def _trace_link(db: Db, channel: StoredChannel, what: str, now: datetime) -> None:
    """Trace what somebody did who has a mail of ours, and is not known but for that."""
    detail = {"what": what, "by": "link", "recipient_kind": channel.recipient_kind}
    person_id = None
    if channel.recipient_kind == "worker":
        person_id = UUID(channel.recipient)
    else:
        detail["recipient"] = channel.recipient
    trace(
        db,
        ANYBODY,
        Action.CHANNEL_SET,
        at=now,
        purpose="channels",
        person_id=person_id,
        detail=detail,
    )
