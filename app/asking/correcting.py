"""Corrections of the own book, and lines called right."""

from typing import Any

from app.answers import CaseEvidence, CaseFile, CaseLine, Confirmation, Foreseen
from app.client import OCTETS, Client
from app.reading import read, read_all

CASES = "/me/corrections"
CONFIRMATIONS = "/me/book/confirmations"


async def confirmations(client: Client) -> tuple[Confirmation, ...]:
    return read_all(Confirmation, await client.told("GET", CONFIRMATIONS))


async def confirm(client: Client, key: str, *, right: bool) -> None:
    """Call the line with this key right, or take that back."""
    await client.sent("POST", CONFIRMATIONS, json={"key": key, "right": right})


async def own_cases(client: Client) -> tuple[CaseLine, ...]:
    return read_all(CaseLine, await client.told("GET", CASES))


async def own_case(client: Client, case_id: str) -> CaseFile:
    return read(CaseFile, await client.told("GET", f"{CASES}/{case_id}"))


async def draft(client: Client, body: dict[str, Any]) -> CaseFile:
    """Lay a draft down at the service; nobody but its owner sees it."""
    return read(CaseFile, await client.told("POST", CASES, json=body))


async def foreseen(client: Client, case_id: str) -> Foreseen:
    """Tell who would have a draft on the desk, and until when."""
    return read(Foreseen, await client.told("GET", f"{CASES}/{case_id}/foreseen"))


async def submit(client: Client, case_id: str, key: str) -> None:
    """Hand a draft in; ``key`` makes sure that it is done once, however often it is tried."""
    headers = {"idempotency-key": key}
    await client.sent("POST", f"{CASES}/{case_id}/submission", more_headers=headers)


async def answer(client: Client, case_id: str, words: str) -> None:
    await client.sent("POST", f"{CASES}/{case_id}/answer", json={"words": words})


async def appeal(client: Client, case_id: str, words: str) -> None:
    await client.sent("POST", f"{CASES}/{case_id}/appeal", json={"words": words})


async def withdraw(client: Client, case_id: str) -> None:
    await client.sent("POST", f"{CASES}/{case_id}/withdrawal")


async def rate(client: Client, case_id: str, stars: int) -> None:
    await client.sent("POST", f"{CASES}/{case_id}/rating", json={"stars": stars})


async def attach(client: Client, case_id: str, content: bytes, kind: str) -> CaseEvidence:
    """Add a photo or PDF of a kind of paper."""
    told = await client.told(
        "POST",
        f"{CASES}/{case_id}/files",
        files={"file": ("file", content, OCTETS)},
        data={"evidence_class": kind},
    )
    return read(CaseEvidence, told)


async def detach(client: Client, case_id: str, evidence_id: str) -> None:
    await client.sent("DELETE", f"{CASES}/{case_id}/files/{evidence_id}")
