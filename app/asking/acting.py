"""Mandates: whom the worker lets act for them."""

from dataclasses import asdict, dataclass, field
from datetime import date

from app.answers import Mandate
from app.client import Client
from app.reading import read_all

MANDATES = "/me/mandates"


@dataclass(frozen=True, slots=True)
class NewMandate:
    """Whom to let act, for what, and until when."""

    personal_id: str = field(repr=False)
    name: str
    scope: tuple[str, ...]
    first_day: date
    last_day: date


async def mandates(client: Client) -> tuple[Mandate, ...]:
    return read_all(Mandate, await client.told("GET", MANDATES))


async def give(client: Client, wanted: NewMandate) -> None:
    body = asdict(wanted) | {
        "first_day": wanted.first_day.isoformat(),
        "last_day": wanted.last_day.isoformat(),
    }
    await client.sent("POST", MANDATES, json=body)


async def revoke(client: Client, mandate: Mandate) -> None:
    await client.sent("POST", f"{MANDATES}/{mandate.id}/revoke")
