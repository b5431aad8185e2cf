"""A body that a route takes, made up from what its model says of itself."""

from collections.abc import Mapping
from typing import Any

NOT_THERE = "00000000-0000-4000-8000-000000000000"
"""An id that nothing has."""
_FORMATS = {"uuid": NOT_THERE, "date": "2026-11-20", "date-time": "2026-11-20T08:30:00Z"}


def example(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """Return a value that fits a JSON schema; ``known`` are the schemas that it refers to."""
    if "$ref" in schema:
        return example(known[schema["$ref"].rpartition("/")[2]], known)
    if schema.get("examples"):
        return schema["examples"][0]
    for said in ("const", "default"):
        if said in schema:
            return schema[said]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return example(schema[several][0], known)
    return _of_kind(schema, known)


def _of_kind(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    match schema.get("type"):
        case "object":
            needed = schema.get("required", [])
            return {name: example(schema["properties"][name], known) for name in needed}
        case "array":
            return [example(schema["items"], known)] * max(1, schema.get("minItems", 1))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case _:
            fitting = "x" * max(1, schema.get("minLength", 1))
            return _FORMATS.get(schema.get("format", ""), fitting)
