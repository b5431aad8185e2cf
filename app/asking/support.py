"""The support that was proposed to the worker."""

from typing import Any

from app.answers.support import Support, SupportExplained
from app.client import Client
from app.reading import read, read_all

SUPPORT = "/me/support"


async def own_support(client: Client, language: str) -> tuple[Support, ...]:
    return read_all(Support, await client.told("GET", f"{SUPPORT}?language={language}"))


async def explained(client: Client, support_id: str, language: str) -> SupportExplained:
    """Return one with how it was come to; it counts as seen then."""
    address = f"{SUPPORT}/{support_id}?language={language}"
    return read(SupportExplained, await client.told("GET", address))


async def take_step(
    client: Client, support_id: str, step: str, said: dict[str, Any] | None = None
) -> None:
    """Start, decline, undo or reopen."""
    address = f"{SUPPORT}/{support_id}/{step}"
    if said is None:
        await client.sent("POST", address)
    else:
        await client.sent("POST", address, json=said)
