"""What is sent in to be verified, in any of the forms that people and machines send it."""

from typing import Annotated

import orjson
from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from api.problems import MediaTypeUnknown
from api.routes.media import CREDENTIAL, JSON, PDF
from labour_book.errors import Invalid

MULTIPART = "multipart/form-data"
AS_IT_IS = frozenset({CREDENTIAL, PDF, "application/octet-stream"})
MOST_FIELDS = 4
"""Of a form, beside the file."""


async def submitted(request: Request) -> bytes:
    """Return the credential or PDF in the body.

    Raises:
        MediaTypeUnknown: it comes in a form we do not read.
        Invalid: there is nothing in it.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    match media_type:
        case "multipart/form-data":
            content = await _uploaded(request)
        case "application/json":
            content = _credential(await request.body())
        case _ if media_type in AS_IT_IS:
            content = await request.body()
        case _:
            raise MediaTypeUnknown(f"send {MULTIPART}, {JSON}, " + ", ".join(sorted(AS_IT_IS)))
    if not content:
        raise Invalid("there is nothing to verify")
    return content


Submitted = Annotated[bytes, Depends(submitted)]


async def _uploaded(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Invalid("the form has no file in a field named file")
        return await file.read()


def _credential(body: bytes) -> bytes:
    # orjson refuses what is no JSON but passes elsewhere: NaN, lone surrogates, bare controls.
    try:
        match orjson.loads(body):
            case {"credential": str(credential)}:
                return credential.encode()
    except orjson.JSONDecodeError:
        raise Invalid("the body is no JSON") from None
    raise Invalid("the body has no text named credential")
