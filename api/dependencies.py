"""What routes ask for: the installation, the time, a transaction, and who calls."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from labour_book import database
from labour_book.errors import Denied
from labour_book.services import access
from labour_book.services.access import Caller
from labour_book.services.installation import Installation

Opening = Callable[[], AbstractContextManager[database.Db]]
Admission = Callable[[], AbstractContextManager[tuple[database.Db, Caller]]]

_bearer = HTTPBearer(auto_error=False, description="An access token granted to an account.")


async def installation(request: Request) -> Installation:
    """Return what the application was started with."""
    opened: Installation = request.app.state.installation
    return opened


async def current_time() -> datetime:
    """Read the clock: once for each request, and nowhere else."""
    return datetime.now(UTC)


Inst = Annotated[Installation, Depends(installation)]
Now = Annotated[datetime, Depends(current_time)]


def _transaction(inst: Inst) -> Iterator[database.Db]:
    with access.deed(inst.engine) as db:
        yield db


def _reading(inst: Inst) -> Iterator[database.Db]:
    with database.reading(inst.engine) as db:
        yield db


# "function": committed before the answer goes out, not after it.
Db = Annotated[database.Db, Depends(_transaction, scope="function")]
"""The one transaction of the request; a refusal in it is traced."""
ReadingDb = Annotated[database.Db, Depends(_reading, scope="function")]
"""A transaction that only reads: for what is public and about nobody."""


async def opening(inst: Inst) -> Opening:
    """Return what opens the one transaction, where nobody is asked who calls.

    For the public route that is called most: this way it needs one thread, not three.
    """
    return partial(access.deed, inst.engine)


Opened = Annotated[Opening, Depends(opening)]


async def _token(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> str:
    if credentials is None:
        raise access.NotSignedIn("this needs a bearer token")
    return credentials.credentials


Token = Annotated[str, Depends(_token)]


def caller(db: Db, token: Token, now: Now) -> Caller:
    """Return who calls.

    Raises:
        NotSignedIn: no token, or not a live one.
    """
    return access.caller_of(db, token, now)


Calling = Annotated[Caller, Depends(caller)]
"""Who calls. Every route has it (or ``Admitted``), or is on the list of public ones."""


async def admission(inst: Inst, token: Token, now: Now) -> Admission:
    """Return what opens the one transaction and says who calls.

    For a route that goes on working after its transaction, such as one that prints, so that nobody
    waits for that; and for the one that is called most, which this way needs one thread, not four.
    """

    @contextmanager
    def admitted() -> Iterator[tuple[database.Db, Caller]]:
        with access.deed(inst.engine) as db:
            yield db, access.caller_of(db, token, now)

    return admitted


Admitted = Annotated[Admission, Depends(admission)]


def own_person(calling: Calling) -> UUID:
    """Return the worker who calls.

    Raises:
        Denied: the caller is no worker.
    """
    if calling.person_id is None:
        raise Denied("only a worker has a book of their own")
    return calling.person_id


OwnPerson = Annotated[UUID, Depends(own_person)]

Purpose = Annotated[
    str,
    Query(
        description="What for, in words a person understands; the worker can read it.",
        min_length=1,
        max_length=200,
        examples=["Đối chiếu hồ sơ hưởng trợ cấp thất nghiệp 2026/1187"],
    ),
]
