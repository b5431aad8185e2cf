"""What routes ask for: the installation, the time, a transaction, and who calls."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Path, Query, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from pydantic import AfterValidator, AwareDatetime

from labour_book import database
from labour_book.errors import Denied
from labour_book.services import access
from labour_book.services.access import Caller
from labour_book.services.installation import Installation

T = TypeVar("T")

MOST = 2**31 - 1
"""The largest number of a row, line or version: what a column of whole numbers holds."""
MOST_OF_TRACE = 2**63 - 1
"""The same of the trace, which is longer."""


async def aside(work: Callable[[], T]) -> T:
    """Do what waits for the database, or computes for long, in one thread beside the event loop.

    A plain ``def`` route would be run in a thread as well, but so would each of its dependencies
    that waits, and every such hop costs as much as two statements.
    """
    waiting = copy_context()  # in which it stands for how long the database may be waited for
    return await asyncio.get_running_loop().run_in_executor(None, waiting.run, work)


async def installation(request: Request) -> Installation:
    """Return what the application was started with."""
    opened: Installation = request.app.state.installation
    return opened


async def current_time(request: Request) -> datetime:
    """Read the application's clock: once for each request, and nowhere else."""
    now: datetime = request.app.state.clock()
    return now


Inst = Annotated[Installation, Depends(installation)]
Now = Annotated[datetime, Depends(current_time)]


def _transaction(inst: Inst) -> Iterator[database.Db]:
    with access.deed(inst.engine) as db:
        yield db


def _reading(inst: Inst) -> Iterator[database.Db]:
    with database.reading(inst.engine) as db:
        yield db


def _reading_replica(inst: Inst) -> Iterator[database.Db]:
    with database.reading_replica(inst.replica, inst.engine) as db:
        yield db


# "function": committed before the answer goes out, not after it.
Db = Annotated[database.Db, Depends(_transaction, scope="function")]
"""The one transaction of the request; a refusal in it is traced."""
ReadingDb = Annotated[database.Db, Depends(_reading, scope="function")]
"""A transaction that only reads: for what is public and about nobody."""
ReplicaDb = Annotated[database.Db, Depends(_reading_replica, scope="function")]
"""The same from a replica, if there is one: for what may be some seconds old."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens the one transaction, where nobody is asked who calls.

    For public routes that need one thread, not three, or no transaction for most of their work.
    """

    inst: Installation
    now: datetime

    def __call__(self) -> AbstractContextManager[database.Db]:
        """Open the transaction; a refusal in it is traced."""
        return access.deed(self.inst.engine)

    def replica(self) -> AbstractContextManager[database.Db]:
        """Open one that only reads, from a replica if there is one."""
        return database.reading_replica(self.inst.replica, self.inst.engine)


async def opening(request: Request) -> Opening:
    """Return what opens it."""
    state = request.app.state
    return Opening(state.installation, state.clock())


Opened = Annotated[Opening, Depends(opening)]


class _Bearer(SecurityBase):
    """Bearer tokens, for the OpenAPI document. Who asks for one reads it from the request itself.

    Dependencies of dependencies cost more than a look at a stored book.
    """

    def __init__(self) -> None:
        self.model = HTTPBearer(description="An access token granted to an account.")
        self.scheme_name = "HTTPBearer"


class _Token(_Bearer):
    async def __call__(self, request: Request) -> str:
        return _token_in(request)


def _token_in(request: Request) -> str:
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "bearer" or not token:
        raise access.NotSignedIn("this needs a bearer token")
    return token


Token = Annotated[str, Depends(_Token())]


def caller(db: Db, token: Token, now: Now) -> Caller:
    """Return who calls.

    Raises:
        NotSignedIn: no token, or not a live one.
    """
    return access.caller_of(db, token, now)


Calling = Annotated[Caller, Depends(caller)]
"""Who calls. Every route has it (or ``Admitted``), or is on the list of public ones."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What opens the one transaction and says who calls.

    For routes that need one thread, not four, or that go on working after their transaction, such
    as those that print, so that nobody waits for that.
    """

    inst: Installation
    now: datetime
    _token: str = field(repr=False)

    @contextmanager
    def __call__(self) -> Iterator[tuple[database.Db, Caller]]:
        """Open the transaction; a refusal in it is traced.

        Raises:
            NotSignedIn: not a live token.
        """
        with access.deed(self.inst.engine) as db:
            yield db, self.caller_in(db)

    def caller_in(self, db: database.Db) -> Caller:
        """Return who calls, in a transaction that is open already.

        Raises:
            NotSignedIn: not a live token.
        """
        return access.caller_of(db, self._token, self.now)


class _Admission(_Bearer):
    async def __call__(self, request: Request) -> Admission:
        state = request.app.state
        return Admission(state.installation, state.clock(), _token_in(request))


admission = _Admission()
Admitted = Annotated[Admission, Depends(admission)]


def own_person(calling: Calling) -> UUID:
    """Return the worker who calls.

    Raises:
        Denied: the caller is no worker.
    """
    if calling.person_id is None or calling.kind not in ("worker", "proxy"):
        raise Denied("only a worker has a book of their own")
    return calling.person_id


OwnPerson = Annotated[UUID, Depends(own_person)]


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("no clock counts so far back or ahead") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An instant in a request; it names its time zone."""

Number = Annotated[int, Path(ge=0, le=MOST_OF_TRACE)]
"""Which row of the trace."""

Purpose = Annotated[
    str,
    Query(
        description="What for, in words a person understands; the worker can read it.",
        min_length=1,
        max_length=200,
        examples=["Đối chiếu hồ sơ hưởng trợ cấp thất nghiệp 2026/1187"],
    ),
]
