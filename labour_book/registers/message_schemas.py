"""JSON Schemas of all messages between us and registers, made from their typed forms.

They are files of the package (``labour_book/data/schemas/v1``), so that a change of a form is read
as a change of what integrators rely on; ``written`` makes them, a test compares. A schema never
changes once its version is in use: another form is another version.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib import resources
from typing import Any

import orjson
from pydantic import BaseModel

from labour_book.registers.checking import KINDS
from labour_book.registers.envelope import LONGEST_TEXT, VERSION, Notification, Status, ValueState
from labour_book.registers.messages.forms import Answered
from labour_book.registers.messages.portal import RESULT, PortalResult
from labour_book.registers.notifications import (
    CHANGED,
    LONGEST_ID,
    LONGEST_ORG,
    LONGEST_VALUE,
    ORG,
    REGISTERS,
)
from labour_book.registers.online import MESSAGES
from labour_book.registers.online_answers import Body

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = f"v{VERSION}"
Json = dict[str, Any]

_OURS = ("states", "origins")
_UUID: Json = {"type": "string", "format": "uuid"}
_INSTANT: Json = {"type": "string", "format": "date-time"}
_ORG: Json = {"type": "string", "pattern": ORG, "maxLength": LONGEST_ORG}
_TEXT: Json = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
_HEAD: Json = {
    "message_id": _UUID,
    "correlation_id": _UUID,
    "sender_org": _ORG,
    "receiver_org": _ORG,
    "version": {"const": VERSION},
    "purpose": _TEXT,
    "legal_basis": _TEXT,
    "signature": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
_ANSWERED: Json = {
    "data_as_of": _INSTANT,
    "valid_until": _INSTANT,
    "status": {"enum": [str(each) for each in Status]},
}
_WRAPPED: Json = {
    "type": "object",
    "required": ["state"],
    "additionalProperties": False,
    "properties": {
        "value": {},
        "state": {"enum": [str(each) for each in ValueState]},
        "source": {"type": ["string", "null"]},
        "as_of": {"type": ["string", "null"]},
    },
}
_WITH_BODY = ("OK", "PARTIAL")
"""Statuses with which the body is all that the form asks for."""


def schemas() -> Iterator[tuple[str, Json]]:
    """Yield the name and the schema of every message."""
    for spoken in MESSAGES.values():
        yield f"{spoken.service}.question", _question(spoken.service, spoken.question)
        answer = spoken.read.__annotations__["return"]
        yield f"{spoken.service}.answer", _answer(spoken.service, answer)
    yield RESULT, _result(RESULT, PortalResult)
    yield "notification", _notification()


def written(schema: Mapping[str, Any]) -> bytes:
    """Return a schema as its file holds it."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(schema, option=options)


def names() -> list[str]:
    """Return the names of the schemas that the package holds."""
    folder = resources.files("labour_book.data") / "schemas" / FOLDER
    return sorted(each.name.removesuffix(".json") for each in folder.iterdir())


def schema_file(name: str) -> bytes | None:
    """Return the file of a schema; None if there is none of that name."""
    if name not in names():
        return None
    return (resources.files("labour_book.data") / "schemas" / FOLDER / f"{name}.json").read_bytes()


def _question(service: str, form: type[BaseModel]) -> Json:
    more = {"requested_at": _INSTANT, "consent_id": _UUID}
    optional = frozenset({"consent_id"})
    return _message(f"{service}, question", service, more, _form(form), optional)


def _answer(service: str, form: type[Body]) -> Json:
    more = _ANSWERED | {"requested_at": _INSTANT, "consent_id": _UUID}
    optional = frozenset({"consent_id", "requested_at", "legal_basis", "purpose"})
    whole = _message(f"{service}, answer", service, more, {"type": "object"}, optional)
    body = _form(form)
    whole["$defs"] = body.pop("$defs", {}) | {"Wrapped": _WRAPPED}
    whole["if"] = {"properties": {"status": {"enum": list(_WITH_BODY)}}}
    whole["then"] = {"properties": {"body": body}}
    return whole


def _result(service: str, form: type[Answered]) -> Json:
    known = {each.name for each in fields(Notification)}
    assert _ANSWERED.keys() <= known
    return _message(service, service, dict(_ANSWERED), _form(form), frozenset())


def _notification() -> Json:
    """Return the schema of what registers tell of changes: rows with the columns of their files."""
    more = _ANSWERED | {"status": {"const": str(Status.OK)}}
    whole = _message("notification", None, more, {"type": "object"}, frozenset())
    names = [register + CHANGED for register in REGISTERS]
    identifier = {"type": "string", "minLength": 1, "maxLength": LONGEST_ID}
    whole["properties"] |= {"message_id": identifier, "service": {"enum": names}}
    value = {"type": ["string", "integer", "null"], "maxLength": LONGEST_VALUE}
    whole["allOf"] = [
        {
            "if": {"properties": {"service": {"const": register + CHANGED}}},
            "then": {
                "properties": {
                    "body": {"properties": dict.fromkeys(KINDS[register].columns, value)}
                }
            },
        }
        for register in REGISTERS
    ]
    return whole


def _message(
    title: str, service: str | None, more: Json, body: Json, optional: frozenset[str]
) -> Json:
    named: Json = {"const": service} if service else _TEXT
    properties = _HEAD | more | {"service": named, "body": body}
    defs = body.pop("$defs", None)
    whole: Json = {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "required": sorted(properties.keys() - optional),
        "properties": properties,
    }
    return whole if defs is None else whole | {"$defs": defs}


def _form(form: type[BaseModel]) -> Json:
    """Return the schema of a body, every value of an answer also as a wrapped one."""
    schema = form.model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        part.pop("title", None)
        properties = part.get("properties", {})
        for name in _OURS:
            properties.pop(name, None)
        for each in properties.values():
            each.pop("title", None)
        if issubclass(form, Answered) and part.get("type") == "object":
            part["properties"] = {
                name: {"anyOf": [each, {"$ref": "#/$defs/Wrapped"}]}
                for name, each in properties.items()
            }
    defs = {
        name: each
        for name, each in schema.get("$defs", {}).items()
        if name not in {"Origin", "ValueState"}
    }
    if issubclass(form, Answered):
        defs["Wrapped"] = _WRAPPED
    return {name: each for name, each in schema.items() if name != "$defs"} | (
        {"$defs": defs} if defs else {}
    )
