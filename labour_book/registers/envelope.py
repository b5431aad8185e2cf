"""The neutral envelope in which registers are asked, answer and tell of changes, version 1.

A ministry's own message format is mapped to this one, in a file for each register; nothing else
knows it. Both sides sign with a secret they share (HMAC-SHA-256 over the canonical JSON of all
but the signature), so that neither a proxy nor a mix-up can put words into a register's mouth.
What such messages look like is published as JSON Schema (``message_schemas``).

Source: ND 47/2020, art. 41 (how long an answer holds), 45 (what is noted of each query); TT
13/2017/TT-BTTTT, art. 8(2) (value, no data, unknown, incomplete, withheld); QD 20/2020/QD-TTg
(names of organisations).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Any
from uuid import UUID

from labour_book.errors import Unavailable
from signing import BlindIndex, SigningError, canonical_json

VERSION = "1"
MIME = "application/json"
CLOCKS_DIFFER = timedelta(minutes=5)
"""By so much a register's clock may be ahead of ours."""
LONGEST_TEXT = 200
"""Characters of a service, a purpose or a legal basis."""
NOBODY_SAYS = "the register gave no answer that can be used"


class Status(StrEnum):
    """How a register answers as a whole. Another word than these is an error, never a guess."""

    OK = "OK"
    PARTIAL = "PARTIAL"
    """What is there is right, but it is not all."""
    NOT_FOUND = "NOT_FOUND"
    MISMATCH = "MISMATCH"
    FORBIDDEN = "FORBIDDEN"
    INVALID = "INVALID"
    UNAVAILABLE = "UNAVAILABLE"


class ValueState(StrEnum):
    """What is known of one value; only the first has nothing to be said about it."""

    PRESENT = "PRESENT"
    ABSENT = "ABSENT"
    """There is no such thing, and the register knows it."""
    UNKNOWN = "UNKNOWN"
    PARTIAL = "PARTIAL"
    WITHHELD = "WITHHELD"
    """It is there, but not for who asks."""


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One question. ``body`` may hold a personal ID; no address and no log ever does."""

    message_id: UUID
    """Asking again under the same id is the same question."""
    correlation_id: UUID
    """The deed that it is asked for; an answer's own correlation id is our message id."""
    sender_org: str
    receiver_org: str
    service: str
    purpose: str
    legal_basis: str
    requested_at: datetime
    body: Mapping[str, Any] = field(repr=False)
    consent_id: UUID | None = None
    """The person's consent that it rests on, where a law does not do."""

    def written(self, secret: BlindIndex) -> bytes:
        """Return the question as it is sent, signed."""
        envelope: dict[str, Any] = {
            **_head(self),
            "requested_at": self.requested_at.isoformat(timespec="seconds"),
            "body": dict(self.body),
        }
        if self.consent_id is not None:
            envelope["consent_id"] = str(self.consent_id)
        return signed(envelope, secret)


@dataclass(frozen=True, slots=True)
class Reply:
    """A register's answer to one question, with how old it is and until when it holds."""

    status: Status
    data_as_of: datetime
    valid_until: datetime
    body: Mapping[str, Any] = field(repr=False)
    message_id: UUID | None = None
    """Of the answer itself."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A change that one side tells the other of without being asked; ``body`` is one typed row.

    It carries no ``requested_at``: nobody did. The same id is the same notification, however often
    it comes.
    """

    message_id: UUID
    correlation_id: UUID
    """What it belongs to on the sender's side; its own message id where it stands alone."""
    sender_org: str
    receiver_org: str
    service: str
    """Such as ``population.changed``."""
    purpose: str
    legal_basis: str
    data_as_of: datetime
    valid_until: datetime
    status: Status
    body: Mapping[str, Any] = field(repr=False)

    def written(self, secret: BlindIndex) -> bytes:
        """Return the notification as it is sent, signed."""
        envelope: dict[str, Any] = {
            **_head(self),
            "data_as_of": self.data_as_of.isoformat(timespec="seconds"),
            "valid_until": self.valid_until.isoformat(timespec="seconds"),
            "status": str(self.status),
            "body": dict(self.body),
        }
        return signed(envelope, secret)


def _head(message: Enquiry | Notification) -> dict[str, Any]:
    """Return what every message begins with: from whom to whom, about what, by which right."""
    return {
        "message_id": str(message.message_id),
        "correlation_id": str(message.correlation_id),
        "sender_org": message.sender_org,
        "receiver_org": message.receiver_org,
        "service": message.service,
        "version": VERSION,
        "purpose": message.purpose,
        "legal_basis": message.legal_basis,
    }


def unusable(cause: str) -> Unavailable:
    """Return the error for an answer that is none."""
    return Unavailable(NOBODY_SAYS, cause=cause)


def signature_of(envelope: Mapping[str, Any], secret: BlindIndex) -> str:
    """Return the signature of an envelope that has none yet."""
    return secret.of(canonical_json(dict(envelope)).decode()).hex()


def signed(envelope: Mapping[str, Any], secret: BlindIndex) -> bytes:
    """Return an envelope as it is sent: with its signature, in canonical form."""
    return canonical_json({**envelope, "signature": signature_of(envelope, secret)})


def read_signed(content: bytes, secret: BlindIndex) -> dict[str, Any]:
    """Return an envelope of this version that was signed with the secret, without the signature.

    Raises:
        Unavailable: ``cause`` is NOT_JSON, SCHEMA, WRONG_VERSION or NOT_SIGNED.
    """
    envelope = _object(content)
    given = envelope.pop("signature", None)
    if envelope.get("version") != VERSION:
        raise unusable("WRONG_VERSION")
    if not isinstance(given, str) or not _is_signed(envelope, given, secret):
        raise unusable("NOT_SIGNED")
    return envelope


def read_reply(content: bytes, enquiry: Enquiry, secret: BlindIndex) -> Reply:
    """Read the answer to a question; keys nobody knows are kept out.

    Raises:
        Unavailable: ``cause`` says why it is none: NOT_JSON, SCHEMA, NOT_SIGNED, WRONG_VERSION,
            ANOTHER_MESSAGE (it answers something else), FROM_THE_FUTURE, or STALE (it did not
            hold any more as it was given).
    """
    envelope = read_signed(content, secret)
    asked = (str(enquiry.message_id), enquiry.receiver_org, enquiry.sender_org, enquiry.service)
    parts = ("correlation_id", "sender_org", "receiver_org", "service")
    if tuple(envelope.get(part) for part in parts) != asked:
        raise unusable("ANOTHER_MESSAGE")
    reply = _reply(envelope)
    _check_holds(reply, enquiry.requested_at)
    return reply


def read_notification(
    content: bytes, secret: BlindIndex, *, sender_org: str, receiver_org: str, now: datetime
) -> Notification:
    """Read what a register tells of a change.

    Raises:
        Unavailable: ``cause`` says why it is none: as ``read_reply``; ANOTHER_MESSAGE is one from
            or for somebody else. One that holds no more (STALE) is not put into the book.
    """
    envelope = read_signed(content, secret)
    if (envelope.get("sender_org"), envelope.get("receiver_org")) != (sender_org, receiver_org):
        raise unusable("ANOTHER_MESSAGE")
    reply = _reply(envelope)
    _check_holds(reply, now)
    assert reply.message_id is not None
    texts = [envelope.get(name) for name in ("service", "purpose", "legal_basis")]
    if not all(isinstance(each, str) and 0 < len(each) <= LONGEST_TEXT for each in texts):
        raise unusable("SCHEMA")
    return Notification(
        message_id=reply.message_id,
        correlation_id=_uuid(envelope.get("correlation_id")),
        sender_org=sender_org,
        receiver_org=receiver_org,
        service=str(texts[0]),
        purpose=str(texts[1]),
        legal_basis=str(texts[2]),
        data_as_of=reply.data_as_of,
        valid_until=reply.valid_until,
        status=reply.status,
        body=reply.body,
    )


def _check_holds(reply: Reply, now: datetime) -> None:
    """Refuse what says that it is of tomorrow, or did not hold any more (ND 47/2020, art. 41)."""
    if reply.data_as_of > now + CLOCKS_DIFFER:
        raise unusable("FROM_THE_FUTURE")
    if reply.valid_until < now:
        raise unusable("STALE")


def _reply(envelope: Mapping[str, Any]) -> Reply:
    body = envelope.get("body")
    try:
        status = Status(envelope.get("status", ""))
        as_of, until = (
            datetime.fromisoformat(envelope.get(name, "")) for name in ("data_as_of", "valid_until")
        )
    except (TypeError, ValueError) as error:
        raise unusable("SCHEMA") from error
    if not isinstance(body, dict) or as_of.tzinfo is None or until.tzinfo is None:
        raise unusable("SCHEMA")
    return Reply(status, as_of, until, body, _uuid(envelope.get("message_id")))


def _uuid(given: object) -> UUID:
    try:
        return UUID(str(given))
    except ValueError as error:
        raise unusable("SCHEMA") from error


def _is_signed(envelope: Mapping[str, Any], given: str, secret: BlindIndex) -> bool:
    try:
        wanted = signature_of(envelope, secret)
    except SigningError as error:  # numbers or characters that no canonical form has
        raise unusable("SCHEMA") from error
    return compare_digest(wanted.encode(), given.encode("utf-8", "replace"))


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise unusable("NOT_JSON") from error
    if not isinstance(found, dict):
        raise unusable("SCHEMA")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found
