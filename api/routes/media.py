"""Media types of what goes out, and how a route declares its answer."""

from typing import Any

JSON = "application/json"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG = "image/png"
JPEG = "image/jpeg"
SVG = "image/svg+xml"
CREDENTIAL = "application/dc+sd-jwt"
STATUS_LIST = "application/statuslist+jwt"
TRUST_LIST = "application/vn-trustlist+jwt"
NOTE = "text/plain"
"""A signed note (C2SP)."""

_SCHEMAS: dict[str, dict[str, str]] = {
    JSON: {"type": "object"},
    PDF: {"type": "string", "format": "binary"},
    XLSX: {"type": "string", "format": "binary"},
    PNG: {"type": "string", "format": "binary"},
    JPEG: {"type": "string", "format": "binary"},
}


def answers(media_type: str, example: object = None) -> dict[int | str, dict[str, Any]]:
    """Declare what a route answers that writes its bytes itself."""
    content: dict[str, Any] = {"schema": _SCHEMAS.get(media_type, {"type": "string"})}
    if example is not None:
        content["example"] = example
    return {200: {"content": {media_type: content}}}
