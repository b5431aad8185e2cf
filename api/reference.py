"""What the interface says about itself: the OpenAPI document, and a page to read it on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import (
    AddressTooLong,
    BodyTooLarge,
    HeadersTooLarge,
    Malformed,
    Problem,
    problems,
    status_of,
)

ABOUT = """\
The electronic labour book (sổ lao động điện tử): signed records of employment and insurance.

Anyone can verify a book without an account. Reading a book needs an access token
(`Authorization: Bearer ...`), officials and machines state their purpose, and every look is
recorded where the worker can see it. What goes wrong is told as problem details (RFC 9457).
"""
METHODS = ("get", "post", "put", "patch", "delete")
ANYWHERE = (Malformed, BodyTooLarge, AddressTooLong, HeadersTooLarge)
"""What any address may answer before a route is asked: see ``api.limits``."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, as the page shows it."""

    method: str
    path: str
    tag: str
    spec: Mapping[str, Any]

    @property
    def anchor(self) -> str:
        return str(self.spec["operationId"])

    @property
    def needs_token(self) -> bool:
        return bool(self.spec.get("security"))

    def examples(self) -> Iterator[tuple[str, str]]:
        """Yield the media types of the request with an example each."""
        for media_type, content in self.spec.get("requestBody", {}).get("content", {}).items():
            yield media_type, _shown(content.get("example"))


@dataclass(frozen=True, slots=True)
class Group:
    """What the interface offers about one subject: one page."""

    tag: str
    operations: tuple[Operation, ...]

    @property
    def slug(self) -> str:
        return self.tag.replace(" ", "-")


def openapi_of(app: FastAPI) -> Json:
    """Return the OpenAPI 3.1 document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = Problem.model_json_schema()
        _declare_anywhere(document)
        app.openapi_schema = document
    return app.openapi_schema


def _declare_anywhere(document: Json) -> None:
    """Name on every operation what any may answer; each is written out once."""
    document["components"]["responses"] = {
        kind.__name__: problems(kind)[status_of(kind)] for kind in ANYWHERE
    }
    for operation in operations(document):
        for kind in ANYWHERE:
            said = {"$ref": f"#/components/responses/{kind.__name__}"}
            operation.spec["responses"].setdefault(str(status_of(kind)), said)


def operations(document: Json) -> Iterator[Operation]:
    """Yield every operation in the order of the document."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                spec = methods[method]
                yield Operation(method.upper(), path, spec["tags"][0], spec)


def groups(document: Json) -> list[Group]:
    """Return the operations by what they are about, in the order of the document."""
    found: dict[str, list[Operation]] = {}
    for each in operations(document):
        found.setdefault(each.tag, []).append(each)
    return [Group(tag, tuple(its)) for tag, its in found.items()]


def _shown(example: object) -> str:
    if example is None or isinstance(example, str):
        return example or ""
    return orjson.dumps(example, option=orjson.OPT_INDENT_2).decode()
