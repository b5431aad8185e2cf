"""How it was: what is asked about, and what is said."""

from app.answers.satisfaction import FinishedRequest
from app.client import Client
from app.reading import read_all

SATISFACTION = "/me/satisfaction"


async def finished(client: Client) -> tuple[FinishedRequest, ...]:
    return read_all(FinishedRequest, await client.told("GET", SATISFACTION))


async def say(client: Client, about_id: str, score: int, words: str) -> None:
    body = {"score": score, "words": words}
    await client.sent("PUT", f"{SATISFACTION}/{about_id}", json=body)
