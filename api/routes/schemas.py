"""The JSON Schemas of messages between us and registers, for whoever builds the other side."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel

from api.problems import problems
from labour_book.errors import Invalid, NotFound
from labour_book.registers import message_schemas

router = APIRouter(prefix="/schemas", tags=["integrators"])

MIME = "application/schema+json"


class Schemas(BaseModel):
    """The addresses of all schemas."""

    version: str
    schemas: list[str]


@router.get("")
def schemas() -> Schemas:
    """List the schemas of all messages."""
    folder = message_schemas.FOLDER
    found = [f"{router.prefix}/{folder}/{name}" for name in message_schemas.names()]
    return Schemas(version=folder, schemas=found)


@router.get(
    f"/{message_schemas.FOLDER}/{{name}}",
    response_class=Response,
    responses=problems(NotFound, Invalid)
    | {200: {"content": {MIME: {"example": {"type": "object"}}}}},
)
def schema(name: Annotated[str, Path(max_length=60)]) -> Response:
    """Return one schema (JSON Schema 2020-12); it never changes within its version."""
    content = message_schemas.schema_file(name)
    if content is None:
        raise NotFound("there is no such schema")
    return Response(content, media_type=MIME, headers={"Cache-Control": "max-age=86400"})
