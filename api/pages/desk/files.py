"""The desk's style sheet and its script: files that name nobody, kept by the browser."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources

from fastapi import APIRouter, Response

from api.problems import problems
from labour_book.errors import NotFound

router = APIRouter(include_in_schema=False)

ADDRESS = "/desk/files"
FOREVER = "public, max-age=31536000, immutable"
"""The address of a file changes with what is in it."""
_MEDIA_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class File:
    """A file, and the address under which it is kept."""

    content: bytes
    address: str
    media_type: str


@router.get(ADDRESS + "/{name}", responses=problems(NotFound))
async def file(name: str) -> Response:
    """Return the style sheet or the script."""
    found = files().get(name)
    if found is None:
        raise NotFound("the desk has no such file")
    return Response(found.content, headers={"Cache-Control": FOREVER}, media_type=found.media_type)


@cache
def files() -> dict[str, File]:
    """Return the files by name."""
    folder = resources.files("api") / "static" / "desk"
    kept = [each for each in folder.iterdir() if each.name.rpartition(".")[2] in _MEDIA_TYPES]
    return {each.name: _file(each.name, each.read_bytes()) for each in kept}


def _file(name: str, content: bytes) -> File:
    tag = sha256(content).hexdigest()[:16]
    return File(content, f"{ADDRESS}/{name}?v={tag}", _MEDIA_TYPES[name.rpartition(".")[2]])
