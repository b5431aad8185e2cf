"""What can go wrong, as HTTP tells it: RFC 9457 problem details. Nobody else knows a status."""

import logging
import traceback
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.pages import error_page
from labour_book.domain.own_cv import TooManyLines
from labour_book.errors import (
    Conflict,
    Denied,
    Gone,
    Invalid,
    LabourBookError,
    NotFound,
    Unavailable,
)
from labour_book.services.access import NotSignedIn
from labour_book.services.case_problems import CASE_PROBLEMS
from labour_book.services.confirming import LineChanged
from labour_book.services.deletion_duties import CopyDecided
from labour_book.services.disclosing import NoCurrentVersion
from labour_book.services.filers import FilingFaulty, FilingRefused, KeyReused
from labour_book.services.limiting import TooMany
from labour_book.services.live_codes import LiveCodeOver
from labour_book.services.machines import NotThatMachine
from labour_book.services.own_cv import CvChanged
from labour_book.services.receiving_events import NotThatRegister
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.sharing import ShareOver, SharingFrozen
from labour_book.services.showing import ShareEnded

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 5
"""Seconds that a client should wait when something is not available."""

logger = logging.getLogger("labour_book.problems")


class Malformed(LabourBookError):
    """The request is no request that HTTP or this interface knows how to read."""

    slug = "malformed-request"
    title = "The request cannot be read"
    title_vi = "Không đọc được yêu cầu"


class MethodUnknown(LabourBookError):
    """The address exists, but not for this method."""

    slug = "method-not-allowed"
    title = "This address does not take this method"
    title_vi = "Địa chỉ này không nhận phương thức này"


class BodyTooLarge(LabourBookError):
    """The body is larger than this address takes."""

    slug = "body-too-large"
    title = "The body is too large"
    title_vi = "Nội dung gửi lên quá lớn"


class AddressTooLong(LabourBookError):
    """Path and query together are longer than any of ours."""

    slug = "address-too-long"
    title = "The address is too long"
    title_vi = "Địa chỉ quá dài"


class MediaTypeUnknown(LabourBookError):
    """The body has a media type that this address does not read."""

    slug = "unsupported-media-type"
    title = "This media type is not read here"
    title_vi = "Không đọc được loại nội dung này"


class HeadersTooLarge(LabourBookError):
    """The header fields are larger than any of ours."""

    slug = "headers-too-large"
    title = "The header fields are too large"
    title_vi = "Phần tiêu đề của yêu cầu quá lớn"


class Broken(LabourBookError):
    """A bug. The answer says no more than that."""

    slug = "internal-error"
    title = "Something went wrong on our side"
    title_vi = "Đã xảy ra lỗi ở phía hệ thống"


STATUSES: Mapping[type[LabourBookError], int] = {
    Malformed: 400,
    NotSignedIn: 401,
    Denied: 403,
    NotFound: 404,
    MethodUnknown: 405,
    Conflict: 409,
    Gone: 410,
    BodyTooLarge: 413,
    AddressTooLong: 414,
    MediaTypeUnknown: 415,
    Invalid: 422,
    TooMany: 429,
    HeadersTooLarge: 431,
    Broken: 500,
    Unavailable: 503,
}
_OF_STATUS = {status: kind for kind, status in STATUSES.items() if kind is not TooMany}
SPECIAL: tuple[type[LabourBookError], ...] = (
    *CASE_PROBLEMS,
    CopyDecided,
    CvChanged,
    EnterpriseRefused,
    FilingFaulty,
    FilingRefused,
    KeyReused,
    LineChanged,
    LiveCodeOver,
    NoCurrentVersion,
    NotThatMachine,
    NotThatRegister,
    ShareEnded,
    ShareOver,
    SharingFrozen,
    TooManyLines,
)
"""Kinds with a meaning of their own, below a general one that says the status."""


class Problem(BaseModel):
    """Why there is no result (RFC 9457). ``type`` is permanent: programs may decide by it."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/not-found"])
    title: str = Field(examples=["Not found"])
    title_vi: str = Field(examples=["Không tìm thấy"])
    status: int = Field(examples=[404])
    detail: str
    instance: str = Field(description="The path of the request.")
    errors: list[dict[str, str]] | None = Field(
        None,
        description="Which parts of the request are missing or not as they should be, and why.",
        examples=[[{"field": "body.purpose", "cause": "missing"}]],
    )


def status_of(kind: type[LabourBookError]) -> int:
    """Return the status of the nearest kind of error that has one."""
    return next(STATUSES[each] for each in kind.__mro__ if each in STATUSES)


def problems(*kinds: type[LabourBookError]) -> dict[int | str, dict[str, Any]]:
    """Declare on a route what can go wrong there."""
    declared: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        status = status_of(kind)
        answer = declared.setdefault(
            status,
            {
                "description": HTTPStatus(status).phrase,
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
        examples = answer["content"][MEDIA_TYPE].setdefault("examples", {})
        examples[kind.slug] = {"value": _about(kind, "", "/...", kind.title)}
    return declared


def listed() -> list[tuple[str, int, str, str]]:
    """Return slug, status and title (vi, en) of every kind of problem, by status."""
    kinds = sorted((*STATUSES, *SPECIAL), key=status_of)
    return [(kind.slug, status_of(kind), kind.title_vi, kind.title) for kind in kinds]


def answer(
    request: Request, error: LabourBookError, places: Sequence[Mapping[str, str]] = ()
) -> Response:
    """Tell a browser by a page, and everybody else by problem details.

    ``places``: which parts of the request are not as they should be, and why.
    """
    status = status_of(type(error))
    headers = _headers(error)
    if "text/html" in request.headers.get("accept", ""):
        return error_page(request, status, error, headers)
    base = request.app.state.problem_base
    about = _about(type(error), base, request.url.path, str(error))
    body = about | error.facts | about  # no fact takes the place of a member that RFC 9457 names
    if places:
        body["errors"] = list(places)
    return Response(orjson.dumps(body), status, headers, media_type=MEDIA_TYPE)


def _about(kind: type[LabourBookError], base: str, path: str, detail: str) -> dict[str, Any]:
    return {
        "type": f"{base}/problems/{kind.slug}",
        "title": kind.title,
        "title_vi": kind.title_vi,
        "status": status_of(kind),
        "detail": detail,
        "instance": path,
    }


def _headers(error: LabourBookError) -> dict[str, str]:
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": 'Bearer realm="labour-book"'}
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.facts["retry_after_seconds"])}
    if isinstance(error, Unavailable):
        return {"Retry-After": str(RETRY_AFTER)}
    return {}


async def _anticipated(request: Request, error: Exception) -> Response:
    assert isinstance(error, LabourBookError)
    return answer(request, error)


async def _not_valid(request: Request, error: Exception) -> Response:
    # Never echoes the input: it may hold a personal ID, or what no JSON can carry.
    assert isinstance(error, RequestValidationError)
    found = [(_place(each["loc"], each["type"]), str(each["type"])) for each in error.errors()]
    told = Invalid("missing or not valid: " + ", ".join(dict.fromkeys(place for place, _ in found)))
    return answer(request, told, [{"field": place, "cause": cause} for place, cause in found])


def _place(location: tuple[int | str, ...], cause: str) -> str:
    # Only the names of our own parameters: further in stand keys that the client chose, and so
    # does the name of a field that there is not.
    own = location[:-1] if cause == "extra_forbidden" else location
    return ".".join(str(each) for each in own[:2] if str(each).isidentifier()) or "body"


async def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = _OF_STATUS.get(error.status_code, Malformed)()
    told = answer(request, problem)
    if isinstance(problem, MethodUnknown) and error.headers:
        told.headers.update(error.headers)
    return told


class LastResort:
    """ASGI: answer 500 without detail for what nobody anticipated, and log where it happened.

    The log gets the kind of error and the lines of code, never the message: it may hold values.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            places = traceback.format_list(traceback.extract_tb(error.__traceback__))
            logger.error("%s\n%s", type(error).__name__, "".join(places))  # noqa: TRY400 - the message may hold values
            if started or scope["type"] != "http":
                raise
            await answer(Request(scope), Broken())(scope, receive, send)


def install(app: FastAPI) -> None:
    """Make the application answer with problems."""
    app.add_exception_handler(LabourBookError, _anticipated)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _of_framework)
