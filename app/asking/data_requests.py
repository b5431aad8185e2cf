"""Requests about the own data: made, and read with their days and answers."""

from app.answers import DataRequest
from app.client import Client
from app.reading import read_all

DATA_REQUESTS = "/me/data-requests"


async def data_requests(client: Client) -> tuple[DataRequest, ...]:
    return read_all(DataRequest, await client.told("GET", DATA_REQUESTS))


async def make(client: Client, kind: str, words: str) -> None:
    await client.sent("POST", DATA_REQUESTS, json={"kind": kind, "words": words})
