"""What the law may give the worker."""

from app.answers import Rights
from app.client import Client
from app.reading import read

RIGHTS = "/me/rights"


async def rights(client: Client) -> Rights:
    return read(Rights, await client.told("GET", RIGHTS))
