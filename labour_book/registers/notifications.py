"""Notifications of changes, as registers send them: the neutral envelope, version 1, about a row.

Each is an envelope of its own, signed like an answer: ``service`` is the register's name with
``.changed``, ``message_id`` is the register's and never used twice, ``data_as_of`` is when the
register knew it, and ``body`` has the columns of the register's own file. What is in no column is
kept out, so that nothing comes in this way that a file could not bring. The published schema
``notification`` asks for the same (``message_schemas``): whole where it is sent signed; a line of
a file may lack the rest of the head.

Source: ND 47/2020/ND-CP, art. 23-24 (data-sharing services), 41 (how old data are).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from typing import Any
from uuid import UUID

from labour_book.errors import Invalid
from labour_book.registers.checking import KINDS
from labour_book.registers.envelope import (
    CLOCKS_DIFFER,
    LONGEST_TEXT,
    VERSION,
    Status,
    signature_of,
)
from signing import BlindIndex, SigningError

CHANGED = ".changed"
REGISTERS = ("enterprises", "population", "insurance", "contracts")
"""Those that notify, in the order in which their news are recorded: what others build on first."""
LONGEST_ID = 64
LONGEST_LINE = 64 * 1024
"""Bytes; a row has a few hundred."""
LONGEST_VALUE = 4_000
ORG = r"^[A-Z]\d\d(\.[0-9A-Z]+)*$"
LONGEST_ORG = 35


@dataclass(frozen=True, slots=True)
class Notification:
    """That a register's row is new or has changed."""

    register: str
    message_id: str
    data_as_of: datetime
    values: Mapping[str, str] = field(repr=False)
    """The row in the columns of the register's file."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What came instead of a notification; ``message_id`` as far as it can be told."""

    message_id: str
    cause: str


def read_notification(
    given: object, *, secret: BlindIndex | None, signed: bool, now: datetime
) -> Notification | Unreadable:
    """Read one notification; ``signed``: it is only believed with the register's signature.

    A signature that is there must be right even where none is asked for, if there is a ``secret``.
    """
    if not isinstance(given, dict):
        return Unreadable("", "SCHEMA")
    envelope = dict(given)
    message_id = _id(envelope.get("message_id"))
    signature = envelope.pop("signature", None)
    is_believed = secret is not None and _is_signed(envelope, signature, secret)
    if not is_believed and (signed or (signature is not None and secret is not None)):
        return Unreadable(message_id, "NOT_SIGNED")
    if not message_id:
        return Unreadable("", "SCHEMA")
    try:
        _check_head(envelope, whole=signed)
        return _notification(envelope, message_id, now)
    except Invalid as error:
        return Unreadable(message_id, str(error.facts["cause"]))


def read_lines(path: Path, *, skip: int = 0) -> Iterator[tuple[int, object]]:
    """Yield the objects of a file, one on a line, with the number of each line from 1.

    The first ``skip`` lines are passed over. A line that is no object comes as None.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            is_whole = len(line) <= LONGEST_LINE
            while not is_whole and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE) or b"\n"
            if number > skip and (line.strip() or not is_whole):
                yield number, _object(line) if is_whole else None


def read_notifications(content: bytes) -> list[object]:
    """Return the notifications of one call: one envelope, or a list of them.

    Raises:
        Invalid: it is no JSON, or neither.
    """
    found = _object(content)
    if isinstance(found, dict):
        return [found]
    if isinstance(found, list):
        return found
    raise Invalid("send one notification, or a list of them", cause="NOT_JSON")


def _check_head(envelope: Mapping[str, Any], *, whole: bool) -> None:
    """Check what is said of the message besides its row; ``whole``: all of it must be there."""
    for name, fits in _HEAD.items():
        if name not in envelope and not whole:
            continue
        if not fits(envelope.get(name)):
            raise Invalid(f"the message does not say its {name}", cause="SCHEMA")


def _notification(envelope: Mapping[str, Any], message_id: str, now: datetime) -> Notification:
    if envelope.get("version") != VERSION:
        raise Invalid("another version", cause="WRONG_VERSION")
    service = envelope.get("service")
    register = service.removesuffix(CHANGED) if isinstance(service, str) else ""
    if register not in REGISTERS or service != register + CHANGED:
        raise Invalid("nobody notifies of that", cause="UNKNOWN_SERVICE")
    as_of = _instant(envelope.get("data_as_of"))
    if as_of > now + CLOCKS_DIFFER:
        raise Invalid("it is not known yet", cause="FROM_THE_FUTURE")
    return Notification(register, message_id, as_of, _values(register, envelope.get("body")))


def _values(register: str, body: object) -> dict[str, str]:
    if not isinstance(body, dict):
        raise Invalid("there is no row", cause="SCHEMA")
    return {name: _text(body.get(name)) for name in KINDS[register].columns}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Invalid("a value is a text or a whole number", cause="SCHEMA")
    text = str(value)
    if len(text) > LONGEST_VALUE:
        raise Invalid("a value is too long", cause="FIELD_TOO_LONG")
    return text


def _instant(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid("it does not say when that was known", cause="SCHEMA")
    return found


def _is_instant(value: object) -> bool:
    try:
        _instant(value)
    except Invalid:
        return False
    return True


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(UUID(value))
    except ValueError:
        return False


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


def _is_org(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_ORG and bool(re.match(ORG, value))


_HEAD: Mapping[str, Callable[[object], bool]] = {
    "correlation_id": _is_uuid,
    "sender_org": _is_org,
    "receiver_org": _is_org,
    "purpose": _is_text,
    "legal_basis": _is_text,
    "valid_until": _is_instant,
    "status": lambda value: value == Status.OK,
}


def _id(value: object) -> str:
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_ID and value.isprintable()
    return str(value) if fits else ""


def _is_signed(envelope: Mapping[str, Any], given: object, secret: BlindIndex) -> bool:
    if not isinstance(given, str):
        return False
    try:
        wanted = signature_of(envelope, secret)
    except SigningError:  # numbers or characters that no canonical form has
        return False
    return compare_digest(wanted.encode(), given.encode("utf-8", "replace"))


def _object(content: bytes) -> object:
    try:
        found: object = json.loads(content, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return None
    return found


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found
