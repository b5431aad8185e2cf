"""Who opens something shared, and from where: for routes that need no account but know one."""

from typing import Annotated

from fastapi import Depends, Request

from api.dependencies import admission, aside
from labour_book.services.access import ANYBODY, Caller


async def visitor(request: Request) -> Caller:
    """Return who calls; anybody, where no token is given.

    Its transaction is over before the share is opened, which has its own.

    Raises:
        NotSignedIn: there is a token, but not a live one.
    """
    if "authorization" not in request.headers:
        return ANYBODY
    admitted = await admission(request)

    def caller() -> Caller:
        with admitted() as (_, calling):
            return calling

    return await aside(caller)


Visiting = Annotated[Caller, Depends(visitor)]
"""Who opens something shared, signed in or not."""


async def address_of(request: Request) -> str | None:
    """Return the address of whoever calls; the server has seen to the proxies it trusts."""
    return None if request.client is None else request.client.host


Address = Annotated[str | None, Depends(address_of)]
"""From where somebody calls."""
