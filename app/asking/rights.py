"""What the law may give the worker, and what is done about missing months."""

from app.answers import Rights
from app.client import Client
from app.reading import read

RIGHTS = "/me/rights"


async def rights(client: Client) -> Rights:
    return read(Rights, await client.told("GET", RIGHTS))


async def ask_employer(client: Client, entry: int, words: str) -> None:
    await client.sent("POST", f"/me/gaps/{entry}/question", json={"words": words})


async def complain(client: Client, entry: int, request: str) -> None:
    await client.sent("POST", f"/me/gaps/{entry}/complaint", json={"request": request})


async def bridge(client: Client, entry: int, group: str) -> None:
    await client.sent("POST", f"/me/gaps/{entry}/bridge", json={"group": group})
