"""What other registers say of the worker, asked while the worker waits."""

from collections.abc import Mapping

from app.answers import Dossier, IdentityCheck, Vssid
from app.client import Client
from app.reading import read, read_all

VSSID = "/me/vssid"
DOSSIERS = "/me/dossiers"
IDENTITY_CHECK = "/me/identity-check"


async def vssid(client: Client) -> Vssid:
    return read(Vssid, await client.told("GET", VSSID))


async def identity_check(client: Client) -> IdentityCheck:
    return read(IdentityCheck, await client.told("GET", IDENTITY_CHECK))


async def dossiers(client: Client) -> tuple[Dossier, ...]:
    return read_all(Dossier, await client.told("GET", DOSSIERS))


async def begin(client: Client, procedure: str, said: Mapping[str, str]) -> Dossier:
    """Hand a dossier over to the service portal."""
    body = {"procedure": procedure, "said": dict(said)}
    return read(Dossier, await client.told("POST", DOSSIERS, json=body))


async def hand_over_again(client: Client, code: str) -> Dossier:
    """Hand over a dossier that the portal did not take before."""
    return read(Dossier, await client.told("POST", f"{DOSSIERS}/{code}/again"))
